#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

COUNT=${MUTATE_COUNT:-3000}
AS=()
seed=${SEED:-$RANDOM}

# mutate SEED [UID]: in SAID, and of that OK, those that were obeyed, and COMMITTED, the
# batches, each of which has changed something.
mutate() {
	SAID=$("${AS[@]}" /usr/bin/python3 -B "$E2E/mutate_netlink.py" "$TOP/uapi/vdhcp.yaml" \
		"$COUNT" "$@" 2>&1) || fail "$SAID"
	say "  $SAID"
	OK=$(sed -n 's/.*"OK": \([0-9]*\).*/\1/p' <<<"$SAID")
	COMMITTED=$(sed -n 's/.*"COMMITTED": \([0-9]*\).*/\1/p' <<<"$SAID")
}

# The configuration is one that could have been given, whole.
consistent() {
	vdhcpctl dump | vdhcpctl sync - >"$W/said"
	expect_match "sync of the dump" "$(<"$W/said")" 'added 0, changed 0, unchanged [0-9]+, removed 0.*added 0, changed 0, unchanged [0-9]+, removed 0'
}

make_bridge
make_vm vm1 tap-vm1
ip link add tap1 type dummy
say "$COUNT requests, most of them spoilt (SEED=$seed), by one who may do all of it"
before=$(read_generation)
mutate "$seed"
for word in EINVAL ERANGE ENOENT EEXIST ENOTSUP; do
	expect_text "what the kernel said" "$SAID" "\"$word\""
done
((OK > COUNT / 10)) || fail "only $OK of $COUNT were obeyed"
((COMMITTED > 0)) || fail "no batch was committed"
# Each change is another generation, and what is read is none.
changes=$(($(read_generation) - before))
say "  $changes changes"
# A batch that was begun and never committed swallows most of them.
((changes > COUNT / 300)) || fail "only $changes changes in $COUNT requests"
consistent
vdhcpctl port show | sed -n '1,4s/^/# /p'

say "as many by one who may not: nothing changes"
vdhcpctl dump >"$W/before"
before=$(read_generation)
mutate "$((seed + 1))" 65534
expect_text "what the kernel said" "$SAID" '"EPERM"'
expect_equal "generation" "$(read_generation)" "$before"
vdhcpctl dump | cmp - "$W/before" || fail "another configuration"

say "as many by root of a user namespace, to its own network namespace: nothing changes here"
AS=(setpriv --reuid=65534 --regid=65534 --clear-groups unshare --user --map-root-user --net)
mutate "$((seed + 2))"
((OK > COUNT / 10)) || fail "only $OK of $COUNT were obeyed"
((COMMITTED > 0)) || fail "no batch was committed"
expect_equal "generation" "$(read_generation)" "$before"
vdhcpctl dump | cmp - "$W/before" || fail "another configuration"

say "and a guest is served as ever"
vdhcpctl flush
vdhcpctl subnet add s1 "${SUBNET[@]}"
add_port vm1 192.0.2.11
ask vm1 discover
expect_reply offer yiaddr=192.0.2.11
