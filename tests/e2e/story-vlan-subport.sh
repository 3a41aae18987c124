#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "a trunk: the guest's VLAN 100 is a port beside the untagged one, with its own address"
bridge
wire br0
vdhcpctl subnet add s1 "${SUBNET[@]}"
vdhcpctl subnet add s2 cidr 198.51.100.0/24 gateway 198.51.100.1 mtu 1400
vm vm1 tap-vm1
serve vm1 192.0.2.11
vdhcpctl port add tap-vm1 vlan 100 mac "${GUEST_MAC[vm1]}" addr 198.51.100.11 subnet s2 hostname sub100
capture tap tap-vm1
capture world net0 net

ip -n vm1 link add link eth0 name eth0.100 up type vlan id 100
run_udhcpc vm1 -i eth0.100
event vm1 '^bound 198.51.100.11$'
stop_client vm1
run_udhcpc vm1
event vm1 '^bound 192.0.2.11$'
stop_client vm1
addrs=$(ip -n vm1 -4 -o addr show)
contains "vm1" "$addrs" "eth0    inet 192.0.2.11/24"
contains "vm1" "$addrs" "eth0.100    inet 198.51.100.11/24"
fresh
moved tap-vm1 offer 1+ ack-selecting 1+
fresh
moved tap-vm1@100 offer 1+ ack-selecting 1+
caught vm1 tap
matches "request" "$CAUGHT" "vlan 100, .*0.0.0.0.68 > 255.255.255.255.67: BOOTP/DHCP, Request"
matches "reply" "$CAUGHT" "vlan 100, .*198.51.100.1.67 > .*: BOOTP/DHCP, Reply"
no_dhcp vm1 world

say "a priority tag (VID 0) belongs to the untagged port, and so is the reply tagged"
mark tap-vm1
ask vm1 discover vlan=0xe000
replied offer yiaddr=192.0.2.11 vlan=0
moved tap-vm1 offer 1
say "the tag's priority and DEI bits do not matter"
mark tap-vm1@100
ask vm1 discover vlan=0xb064
replied offer yiaddr=198.51.100.11 vlan=100
moved tap-vm1@100 offer 1
no_dhcp vm1 world

say "a VLAN without a port, or a tag within a tag, is none of our business"
mark tap-vm1
ask vm1 discover vlan=200
silence
caught vm1 world
matches "the bridge" "$CAUGHT" "vlan 200, .*BOOTP/DHCP, Request"
overlooked 1 0 "in a VLAN without a port"
ask vm1 discover vlan=100,100
silence
caught vm1 world
matches "the bridge" "$CAUGHT" "vlan 100, .*vlan 100, .*BOOTP/DHCP, Request"
moved tap-vm1

say "a priority tag within is no tag of a VLAN"
mark tap-vm1@100
ask vm1 discover vlan=100,0xe000
replied offer yiaddr=198.51.100.11 vlan=100
moved tap-vm1@100 offer 1

say "each of them can be removed alone"
vdhcpctl port del tap-vm1
ask vm1 discover vlan=100
replied offer yiaddr=198.51.100.11
ask vm1 discover
silence
vdhcpctl port del tap-vm1 vlan 100
ask vm1 discover vlan=100
silence
overlooked 2 0 "when there was no port any more"
