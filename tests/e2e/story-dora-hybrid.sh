#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "hybrid plug: a bridge per tap, connected to Open vSwitch by a veth pair"
start_ovs
make_uplink -
vdhcpctl subnet add s1 "${SUBNET[@]}"
ovs-vsctl add-br ovs0 -- add-port ovs0 wire0
ip addr add "$GW/24" dev ovs0
ip link set ovs0 up
for n in 1 2; do
	ip -batch - <<-E
		link add qbr-vm$n type bridge stp_state 0 forward_delay 0 mcast_snooping 0
		link set qbr-vm$n up
		link add qvb-vm$n type veth peer name qvo-vm$n
		link set qvb-vm$n master qbr-vm$n up
		link set qvo-vm$n up
	E
	ovs-vsctl add-port ovs0 "qvo-vm$n"
	make_vm "vm$n" "tap-vm$n" "qbr-vm$n"
	add_port "vm$n" "192.0.2.1$n"
done
start_capture bridge qbr-vm1
start_capture switch ovs0
start_capture world net0 net

expect_two_leases

say "bridge and switch carry other traffic and no DHCP"
expect_no_dhcp vm1 bridge switch world
in_guest vm1 busybox ping -c 1 -W 20 192.0.2.12 >/dev/null || fail "no ping between guests"
