#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "a trunk: VLAN 100 is a port with an address of its own, in addition to the untagged port"
make_bridge
make_uplink br0
vdhcpctl subnet add s1 "${SUBNET[@]}"
vdhcpctl subnet add s2 cidr 198.51.100.0/24 gateway 198.51.100.1 mtu 1400
make_vm vm1 tap-vm1
add_port vm1 192.0.2.11
vdhcpctl port add tap-vm1 vlan 100 mac "${GUEST_MAC[vm1]}" addr 198.51.100.11 subnet s2 hostname sub100
start_capture tap tap-vm1
start_capture world net0 net

ip -n vm1 link add link eth0 name eth0.100 up type vlan id 100
run_udhcpc vm1 -i eth0.100
wait_client_event vm1 '^bound 198.51.100.11$'
stop_client vm1
run_udhcpc vm1
wait_client_event vm1 '^bound 192.0.2.11$'
stop_client vm1
addrs=$(ip -n vm1 -4 -o addr show)
expect_text "vm1" "$addrs" "eth0    inet 192.0.2.11/24"
expect_text "vm1" "$addrs" "eth0.100    inet 198.51.100.11/24"
mark_zero
expect_counters tap-vm1 offer 1+ ack-selecting 1+
mark_zero
expect_counters tap-vm1@100 offer 1+ ack-selecting 1+
read_captures vm1 tap
expect_match "request" "$CAUGHT" "vlan 100, .*0.0.0.0.68 > 255.255.255.255.67: BOOTP/DHCP, Request"
expect_match "reply" "$CAUGHT" "vlan 100, .*198.51.100.1.67 > .*: BOOTP/DHCP, Reply"
expect_no_dhcp vm1 world

say "a frame with a priority tag (VID 0) belongs to the untagged port, and the reply has the tag"
mark_counters tap-vm1
ask vm1 discover vlan=0xe000
expect_reply offer yiaddr=192.0.2.11 vlan=0
expect_counters tap-vm1 offer 1
say "the tag's priority and DEI bits do not matter"
mark_counters tap-vm1@100
ask vm1 discover vlan=0xb064
expect_reply offer yiaddr=198.51.100.11 vlan=100
expect_counters tap-vm1@100 offer 1
expect_no_dhcp vm1 world

say "a VLAN without a port, and a VLAN within a VLAN, are not answered, and DHCP in them does not leave"
mark_counters tap-vm1
ask vm1 discover vlan=200
expect_no_reply
ask vm1 discover vlan=ad/200
expect_no_reply
ask vm1 discover vlan=4095
expect_no_reply
expect_counters tap-vm1 unknown-vlan 3
mark_counters tap-vm1@100
ask vm1 discover vlan=100,100
expect_no_reply
ask vm1 discover vlan=ad/100
expect_no_reply
expect_counters tap-vm1@100 unknown-vlan 2
expect_no_dhcp vm1 world
say "a trunk on which the guest may do more is configured as such"
vdhcpctl port add tap-vm1 vlan 200 mode pass guard off
ask vm1 discover vlan=200
expect_no_reply
read_captures vm1 world
expect_match "the bridge" "$CAUGHT" "vlan 200, .*BOOTP/DHCP, Request"
mark_zero
expect_counters tap-vm1@200 pass-mode 1
ask vm1 offer vlan=200
expect_no_reply
read_captures vm1 world
expect_match "the bridge" "$CAUGHT" "vlan 200, .*BOOTP/DHCP, Reply"
expect_uncounted 1 0 "without guard, server messages pass uncounted"
vdhcpctl port del tap-vm1 vlan 200

say "a priority tag within a VLAN tag is skipped"
mark_counters tap-vm1@100
ask vm1 discover vlan=100,0xe000
expect_reply offer yiaddr=198.51.100.11 vlan=100
expect_counters tap-vm1@100 offer 1

say "each of the two ports can be removed alone; the other one judges the frames of both"
vdhcpctl port del tap-vm1
ask vm1 discover vlan=100
expect_reply offer yiaddr=198.51.100.11
ask vm1 discover
expect_no_reply
expect_counters tap-vm1@100 offer 1 unknown-vlan 1
vdhcpctl port del tap-vm1 vlan 100
ask vm1 discover vlan=100
expect_no_reply
expect_uncounted 1 0 "after the ports were removed"
