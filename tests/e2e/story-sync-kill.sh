#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

KILLS=50 PORTS=1000
seed=${SEED:-$RANDOM}
RANDOM=$seed
say "$KILLS syncs are killed at random moments (SEED=$seed): the configuration is the old or the new one"
for salt in 0 1; do
	/usr/bin/python3 -S -E "$E2E/document.py" "$PORTS" "$salt" >"$W/$salt.json"
	vdhcpctl sync "$W/$salt.json" >/dev/null
	vdhcpctl dump >"$W/$salt.dump"
done
cmp -s "$W/0.dump" "$W/1.dump" && fail "both documents are the same"

# Time of a sync that is not killed, in ms.
from=${EPOCHREALTIME/./}
vdhcpctl sync "$W/0.json" >/dev/null
took=$(((${EPOCHREALTIME/./} - from) / 1000))
now=0 old=0 new=0
for ((i = 0; i < KILLS; i++)); do
	want=$((1 - now))
	vdhcpctl sync "$W/$want.json" >/dev/null 2>&1 &
	pid=$!
	printf -v moment '%d.%03d' $((RANDOM % took / 1000)) $((RANDOM % took % 1000))
	sleep_briefly "$moment"
	kill -9 "$pid" 2>/dev/null || :
	wait "$pid" 2>/dev/null || :
	vdhcpctl dump >"$W/after"
	if cmp -s "$W/after" "$W/$want.dump"; then
		now=$want
		new=$((new + 1))
	elif cmp -s "$W/after" "$W/$now.dump"; then
		old=$((old + 1))
	else
		fail "kill number $i after $moment s left a mix: $(diff "$W/after" "$W/$now.dump" | head -n 4)"
	fi
done
say "  not killed, sync takes $took ms; killed, it left $old times the old and $new times the new configuration"
((old > 0)) || fail "no kill came before the commit"

say "what killed syncs had staged is gone"
vdhcpctl sync "$W/0.json" >/dev/null
vdhcpctl dump | cmp - "$W/0.dump" || fail "sync after the kills"
