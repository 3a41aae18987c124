#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "guard: a DHCP server in a guest reaches no other host, in any mode"
make_bridge
make_uplink br0
vdhcpctl subnet add s1 "${SUBNET[@]}"
make_vm vm1 tap-vm1
add_port vm1 192.0.2.11
start_capture world net0 net
rogue=(yiaddr=192.0.2.66 server=192.0.2.11 src=192.0.2.11 chaddr=00:00:5e:00:53:77)
for mode in serve pass deny; do
	vdhcpctl port set tap-vm1 mode "$mode"
	mark_counters tap-vm1
	ask vm1 offer "${rogue[@]}"
	expect_no_reply
	ask vm1 ack "${rogue[@]}" dst=192.0.2.66 ethdst=00:00:5e:00:53:77
	expect_no_reply
	ask vm1 nak "${rogue[@]}" sport=1067
	expect_no_reply
	expect_counters tap-vm1 rogue-server 3
	expect_no_dhcp vm1 world
done
expect_all_counted vm1

say "guard off: the guest's server messages pass"
vdhcpctl port set tap-vm1 mode serve guard off
mark_counters tap-vm1
ask vm1 offer "${rogue[@]}"
expect_no_reply
read_captures vm1 world
expect_text "network" "$CAUGHT" "BOOTP/DHCP, Reply"
expect_counters tap-vm1
expect_uncounted 1 0 "without guard, server messages pass uncounted"
say "the guest itself is served"
ask vm1 discover
expect_reply offer yiaddr=192.0.2.11
expect_counters tap-vm1 offer 1
expect_no_dhcp vm1 world
