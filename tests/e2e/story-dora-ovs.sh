#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "Open vSwitch: clients get their whole configuration, and the switch sees no DHCP"
start_ovs
make_uplink -
vdhcpctl subnet add s1 "${SUBNET[@]}"
for n in 1 2; do
	make_guest "vm$n"
	power_on "vm$n" "tap-vm$n"
	add_port "vm$n" "192.0.2.1$n"
done
ovs-vsctl add-br ovs0 -- add-port ovs0 wire0 -- add-port ovs0 tap-vm1 -- add-port ovs0 tap-vm2
ip addr add "$GW/24" dev ovs0
ip link set ovs0 up
say "flows: $(ovs-ofctl dump-flows ovs0 | sed -n 's/.*\(actions=.*\)/\1/p')"
start_capture switch ovs0
start_capture world net0 net

expect_two_leases

say "the switch carries other traffic and no DHCP"
expect_no_dhcp vm1 switch world
in_guest vm1 busybox ping -c 1 -W 20 192.0.2.12 >/dev/null || fail "no ping between guests"

say "when the port is removed, the guest's DHCP passes through the switch"
vdhcpctl port del tap-vm1
ask vm1 discover
expect_no_reply
wait_captured world 1 "BOOTP/DHCP, Request from ${GUEST_MAC[vm1]}"
expect_uncounted 1 0 "when the tap had no port"
