#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "the port is the identity: a guest with another MAC gets no reply, and its messages reach no other host"
make_bridge
make_uplink br0
vdhcpctl subnet add s1 "${SUBNET[@]}"
for n in 1 2; do
	make_vm "vm$n" "tap-vm$n"
	add_port "vm$n" "192.0.2.1$n"
done
start_capture world net0 net
mark_counters tap-vm1
ask vm1 discover chaddr="${GUEST_MAC[vm2]}"
expect_no_reply
ask vm1 discover ethsrc="${GUEST_MAC[vm2]}"
expect_no_reply
ask vm1 discover ethsrc="${GUEST_MAC[vm2]}" chaddr="${GUEST_MAC[vm2]}"
expect_no_reply
ask vm1 release ciaddr=192.0.2.12 server="$GW" chaddr="${GUEST_MAC[vm2]}"
expect_no_reply
expect_counters tap-vm1 spoofed-chaddr 2 spoofed-source 2
expect_no_dhcp vm1 world

say "client identifier, host name and requested address do not select an address"
ask vm1 discover opt=61:0100005e005302 opt=12:766d32 addr=192.0.2.12
expect_reply offer yiaddr=192.0.2.11 61=0100005e005302 12=766d31
ask vm1 request opt=61:0100005e005302 addr=192.0.2.12 server="$GW"
expect_reply nak
say "a guest is no relay: option 82 is ignored, giaddr is not served"
ask vm1 discover opt=82:0104deadbeef
expect_reply offer yiaddr=192.0.2.11
expect_no_text "reply" "$ASK" '"82":'
ask vm1 discover giaddr=192.0.2.12
expect_no_reply
expect_counters tap-vm1 offer 2 nak-selecting 1 relayed 1 note:relay-agent-ignored 1
ask vm2 discover
expect_reply offer yiaddr=192.0.2.12
expect_no_dhcp vm1 world
expect_all_counted vm1
expect_all_counted vm2
