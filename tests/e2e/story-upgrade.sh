#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# alone: it unloads the module
. "$(dirname "$0")/lib.sh"

PORTS=1000
# udhcpc asks again after 3 seconds, times the factor for slow machines.
PAUSE=$((3 * SLOW))

now_ms() {
	REPLY=$((${EPOCHREALTIME/./} / 1000))
}

# load: the second half of an upgrade, as documented with modprobe.
load() {
	insmod "$TOP/build/ko/$VDHCP_KVER/vdhcp.ko"
	vdhcpctl sync "$W/kept.json" >"$W/said"
	expect_equal "ports that sync added" "$(sed -n 's/^ports: \(added [0-9]*\),.*/\1/p' "$W/said")" \
		"added $((PORTS + 3))"
}

# same WHEN: the configuration is the kept one.
same() {
	vdhcpctl dump | cmp - "$W/kept.json" || fail "the configuration changed: $1"
}

asked() {
	read_tapvm_count "$1" client
	[[ $REPLY -ge 1 ]]
}

# ask_in_the_gap GUEST ADDRESS [drop]: its client starts while the module is not loaded; with
# "drop", nftables keeps its messages from the network.
ask_in_the_gap() {
	local from answered
	vdhcpctl dump >"$W/kept.json"
	start_capture "world-$1" net0 net
	carry_balance_over
	rmmod vdhcp
	expect_uncounted 1 0 "a DISCOVER in the gap"
	[[ ${3-} != drop ]] || nft "table netdev vdhcp-gap { chain gap {
		type filter hook ingress devices = { tap-$1 } priority 500; udp dport 67 drop; }; }"
	run_udhcpc "$1" -t 5 -T "$PAUSE" -A "$PAUSE"
	wait_until 20 "the first DISCOVER of $1" asked "$1"
	now_ms
	from=$REPLY
	load
	[[ ${3-} != drop ]] || nft delete table netdev vdhcp-gap
	now_ms
	say "  $((REPLY - from)) ms after the first DISCOVER of $1 its port exists again"
	wait_client_event "$1" '^bound '
	now_ms
	answered=$REPLY
	expect_equal "address of $1" "$EVENT" "bound $2"
	say "  $1 has its lease $((answered - from)) ms after its first DISCOVER; it retransmits after $PAUSE s"
	# A DISCOVER without an answer, DISCOVER, REQUEST.
	read_tapvm_count "$1" client
	expect_equal "DHCP messages of $1" "$REPLY" 3
	mark_zero
	expect_counters "tap-$1" offer 1 ack-selecting 1 message:discover 1 message:request 1
	# Up to the marker, this has what the guest sent before its lease.
	read_captures "$1" "world-$1"
	same "after $1"
}

make_bridge
make_uplink br0
for n in 1 2 3; do
	make_vm "vm$n" "tap-vm$n"
done
{
	echo "subnet add s1 ${SUBNET[*]}"
	for n in 1 2 3; do
		echo "port add tap-vm$n mac ${GUEST_MAC[vm$n]} addr 192.0.2.1$n subnet s1"
	done
} >"$W/mine"
/usr/bin/python3 -S -E "$E2E/document.py" "$PORTS" | vdhcpctl sync - >/dev/null
vdhcpctl -batch "$W/mine"

say "vm1 has a lease; then the module is reloaded three times with $PORTS ports"
run_udhcpc vm1
wait_client_event vm1 '^bound 192\.0\.2\.11$'
mark_counters tap-vm1
[[ ${COUNT[ack-selecting]} -ge 1 ]] || fail "vm1 had no ACK"
vdhcpctl dump >"$W/kept.json"
for round in 1 2 3; do
	carry_balance_over
	now_ms
	from=$REPLY
	rmmod vdhcp
	load
	now_ms
	gap=$((REPLY - from))
	say "  round $round: from rmmod to the end of sync $gap ms"
	# A shorter gap delays no client by more than one retransmission.
	((gap < 1000 * PAUSE)) || fail "the gap is longer than it takes a client to ask again"
	same "round $round"
done

say "the counters start from 0; vm1 keeps its lease and renews it"
load_counters tap-vm1
expect_equal "ack-selecting of tap-vm1" "${COUNT[ack-selecting]}" 0
read_guest_view vm1
expect_text "view of vm1" "$VIEW" "inet 192.0.2.11/24 "
mark_zero
renew_udhcpc vm1
expect_counters tap-vm1 ack-renewing 1+ ack-rebinding 0+

say "a guest that asks in the gap reaches the network, and gets its lease at its first retransmission"
ask_in_the_gap vm2 192.0.2.12
expect_text "what vm2 sent in the gap" "$CAUGHT" "BOOTP/DHCP, Request from ${GUEST_MAC[vm2]}"

say "the same with nftables: nothing reaches the network"
ask_in_the_gap vm3 192.0.2.13 drop
expect_no_text "what vm3 sent in the gap" "$CAUGHT" "BOOTP/DHCP"
