#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

COUNT=${MUTATE_COUNT:-3000}
AS=()
seed=${SEED:-$RANDOM}

# mutate SEED [UID]: send mutated requests. Sets SAID to the program's output, OK to the
# requests that succeeded, and COMMITTED to the batches that were committed.
mutate() {
	SAID=$("${AS[@]}" /usr/bin/python3 -B "$E2E/mutate_netlink.py" "$TOP/uapi/vdhcp.yaml" \
		"$COUNT" "$@" 2>&1) || fail "$SAID"
	say "  $SAID"
	OK=$(sed -n 's/.*"OK": \([0-9]*\).*/\1/p' <<<"$SAID")
	COMMITTED=$(sed -n 's/.*"COMMITTED": \([0-9]*\).*/\1/p' <<<"$SAID")
}

# consistent: the kernel accepts a dump of its configuration as a document.
consistent() {
	vdhcpctl dump | vdhcpctl sync - >"$W/said"
	expect_match "sync of the dump" "$(<"$W/said")" 'added 0, changed 0, unchanged [0-9]+, removed 0.*added 0, changed 0, unchanged [0-9]+, removed 0'
}

make_bridge
make_vm vm1 tap-vm1
ip link add tap1 type dummy
say "$COUNT requests, most of them mutated (SEED=$seed), from root"
before=$(read_generation)
mutate "$seed"
for word in EINVAL ERANGE ENOENT EEXIST ENOTSUP; do
	expect_text "errors from the kernel" "$SAID" "\"$word\""
done
((OK > COUNT / 10)) || fail "only $OK of $COUNT requests succeeded"
((COMMITTED > 0)) || fail "no batch was committed"
# Each change increments the generation; reads do not.
changes=$(($(read_generation) - before))
say "  $changes changes"
# Most requests end up in a batch that is never committed.
((changes > COUNT / 300)) || fail "only $changes changes in $COUNT requests"
consistent
vdhcpctl port show | sed -n '1,4s/^/# /p'

say "as many without privilege: nothing changes"
vdhcpctl dump >"$W/before"
before=$(read_generation)
mutate "$((seed + 1))" 65534
expect_text "errors from the kernel" "$SAID" '"EPERM"'
expect_equal "generation" "$(read_generation)" "$before"
vdhcpctl dump | cmp - "$W/before" || fail "the configuration changed"

say "as many from root of a user namespace to its own network namespace: nothing changes here"
AS=(setpriv --reuid=65534 --regid=65534 --clear-groups unshare --user --map-root-user --net)
mutate "$((seed + 2))"
((OK > COUNT / 10)) || fail "only $OK of $COUNT requests succeeded"
((COMMITTED > 0)) || fail "no batch was committed"
expect_equal "generation" "$(read_generation)" "$before"
vdhcpctl dump | cmp - "$W/before" || fail "the configuration changed"

say "a guest is still served"
vdhcpctl flush
vdhcpctl subnet add s1 "${SUBNET[@]}"
add_port vm1 192.0.2.11
ask vm1 discover
expect_reply offer yiaddr=192.0.2.11
