#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "REBINDING: a client that cannot renew by unicast broadcasts, and vdhcp answers"
make_bridge
make_uplink br0
# T1 must not expire before the client has configured its lease.
vdhcpctl subnet add s1 "${SUBNET[@]}" lease 120 t1 $((4 * SLOW)) t2 $((4 * SLOW + 4))
make_vm vm1 tap-vm1
add_port vm1 192.0.2.11
start_capture bridge br0
start_capture world net0 net
in_guest vm1 nft 'table ip lossy { chain out {
	type filter hook output priority 0;
	udp dport 67 counter drop;
}
}'
run_dhclient vm1
wait_client_event vm1 '^BOUND 192.0.2.11$'
wait_counter tap-vm1 ack-rebinding 1 90
wait_client_event vm1 '^(RENEW|REBIND) 192.0.2.11$'
stop_client vm1
mark_zero
expect_counters tap-vm1 offer 1+ ack-selecting 1+ ack-rebinding 1+
expect_no_text "unicast renewals that the guest lost" "$(in_guest vm1 nft list ruleset)" "packets 0 "
expect_no_dhcp vm1 bridge world
expect_all_counted vm1
