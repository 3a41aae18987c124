#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

# plays_server DEV: vm1 sends messages that a client in vm2 could take for replies: broadcast,
# unicast, from another port, and with the address and the MAC of the true server.
plays_server() {
	local rogue=(yiaddr=192.0.2.66 server=192.0.2.11 src=192.0.2.11 chaddr="${GUEST_MAC[vm2]}")
	for kind in offer ack nak; do
		ask vm1 "$kind" "${rogue[@]}"
		expect_no_reply
		ask vm1 "$kind" "${rogue[@]}" dst=192.0.2.12 ethdst="${GUEST_MAC[vm2]}"
		expect_no_reply
	done
	ask vm1 offer "${rogue[@]}" sport=1067
	expect_no_reply
	ask vm1 ack "${rogue[@]}" src="$GW" server="$GW" ethsrc="$(<"/sys/class/net/$1/address")"
	expect_no_reply
	SENT=8
}

# nothing_arrives: no DHCP message has reached vm2's card.
nothing_arrives() {
	read_captures vm1 victim
	expect_no_text "card of vm2" "$CAUGHT" BOOTP
}

# rogue_story DEV: on a switch whose own device is DEV.
rogue_story() {
	local switch=$1
	vdhcpctl port set tap-vm1 guard on
	mark_counters tap-vm1
	plays_server "$switch"
	expect_counters tap-vm1 rogue-server "$SENT"
	nothing_arrives

	say "a flood of OFFERs: nothing arrives, and the guest's own DHCP is answered"
	send_flood vm1 offer 20000
	expect_counters tap-vm1 rogue-server 20000
	nothing_arrives
	ask vm1 discover
	expect_reply offer yiaddr=192.0.2.11
	expect_counters tap-vm1 offer 1

	say "guard off: everything arrives, so the guard is what stopped it"
	vdhcpctl port set tap-vm1 guard off
	plays_server "$switch"
	wait_captured victim "$SENT" BOOTP
	read_captures vm1 victim
	seen=$(print_captured_dhcp | grep -c .) || :
	expect_equal "frames that vm2 received" "$seen" "$SENT"
	expect_counters tap-vm1
	expect_uncounted "$SENT" "$SENT" "without guard, server messages pass and reach vm2"
}

say "a guest plays DHCP server for another guest on a Linux bridge"
make_flooder_and_neighbour 100
start_capture victim eth0 vm2
rogue_story br0

say "priority tags (VID 0) hide nothing, although receivers remove any number of them"
# behind_tags TAGS...: send an ACK in a frame with these VLAN tags.
behind_tags() {
	local tags
	for tags; do
		ask vm1 ack yiaddr=192.0.2.66 server=192.0.2.11 src=192.0.2.11 chaddr="${GUEST_MAC[vm2]}" vlan="$tags"
		expect_no_reply
	done
}
behind_priority_tags() {
	behind_tags 0 ad/0 0,0 ad/0,0 0,ad/0,0xe000
}
behind_tags_of_vlan() {
	behind_tags 100,0 100,ad/0,0 0,100,0
}
vdhcpctl port set tap-vm1 guard on
mark_counters tap-vm1
behind_priority_tags
expect_counters tap-vm1 rogue-server 5
behind_tags 0,0,0,0,0,0,0,0,0
expect_counters tap-vm1 too-many-tags 1
nothing_arrives
vdhcpctl port set tap-vm1 guard off
behind_priority_tags
wait_captured victim 5 BOOTP
read_captures vm1 victim
expect_counters tap-vm1
expect_uncounted 5 5 "without guard, server messages pass with any tags"
say "a client that sends priority tags is served, and mode deny drops its messages"
ask vm1 discover vlan=ad/0
expect_reply offer yiaddr=192.0.2.11
ask vm1 discover vlan=0,0xe000
expect_reply offer yiaddr=192.0.2.11 vlan=0
expect_counters tap-vm1 offer 2
vdhcpctl port set tap-vm1 mode deny
ask vm1 discover vlan=0,ad/0
expect_no_reply
expect_counters tap-vm1 denied 1
nothing_arrives
vdhcpctl port set tap-vm1 mode serve

say "priority tags inside a VLAN tag hide nothing either; the bridge removes the VLAN tag for vm2"
vdhcpctl port set tap-vm1 guard on
vdhcpctl port add tap-vm1 vlan 100 mode pass
ip link set br0 type bridge vlan_filtering 1
bridge vlan add dev tap-vm1 vid 100
bridge vlan add dev tap-vm2 vid 100 pvid untagged
mark_counters tap-vm1@100
behind_tags_of_vlan
expect_counters tap-vm1@100 rogue-server 3
behind_tags 100,0,0,0,0,0,0,0,0
expect_counters tap-vm1@100 too-many-tags 1
nothing_arrives
vdhcpctl port set tap-vm1 vlan 100 guard off
behind_tags_of_vlan
wait_captured victim 3 BOOTP
read_captures vm1 victim
expect_counters tap-vm1@100
expect_uncounted 3 3 "without guard, server messages pass with any tags"

say "VLANs without a port: a bridge removes the tag of the guest's own VLAN, receivers remove any other"
behind_foreign_tags() {
	behind_tags 1 200 4095 ad/1 ad/200 0,1 1,1 1,ad/200
}
vdhcpctl port del tap-vm1 vlan 100
vdhcpctl port set tap-vm1 guard on
mark_counters tap-vm1
behind_foreign_tags
expect_counters tap-vm1 rogue-server 8
nothing_arrives
ip link set br0 type bridge vlan_filtering 0
behind_foreign_tags
expect_counters tap-vm1 rogue-server 8
nothing_arrives
vdhcpctl port set tap-vm1 guard off
behind_foreign_tags
wait_captured victim 8 BOOTP
read_captures vm1 victim
expect_counters tap-vm1
expect_uncounted 8 8 "without guard, server messages pass with any tags"

say "a guest plays DHCP server for another guest in Open vSwitch"
start_ovs
ip link set tap-vm1 nomaster
ip link set tap-vm2 nomaster
ip addr flush dev br0
ovs-vsctl add-br ovs0 -- add-port ovs0 tap-vm1 -- add-port ovs0 tap-vm2
ip addr add "$GW/24" dev ovs0
ip link set ovs0 up
rogue_story ovs0

say "the guard does not filter forged ARP; the host's port security has to"
mark_counters tap-vm1
ask vm1 arp target=192.0.2.12 sender="$GW"
wait_captured victim 1 "who-has 192.0.2.12 tell $GW"
expect_counters tap-vm1

say "Open vSwitch, the guest in a VLAN whose tag the switch removes"
ovs-vsctl set port ovs0 tag=1 -- set port tap-vm1 tag=1 vlan_mode=native-untagged -- set port tap-vm2 tag=1
vdhcpctl port set tap-vm1 guard on
mark_counters tap-vm1
behind_foreign_tags
expect_counters tap-vm1 rogue-server 8
nothing_arrives
