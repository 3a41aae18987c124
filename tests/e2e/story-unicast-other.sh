#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "DHCP to another server's unicast address passes; to vdhcp's address and to broadcast it does not"
make_bridge
make_uplink br0
vdhcpctl subnet add s1 "${SUBNET[@]}"
make_vm vm1 tap-vm1
add_port vm1 192.0.2.11
start_capture world net0 net
mark_counters tap-vm1
ask vm1 request ciaddr=192.0.2.11 src=192.0.2.11 dst=192.0.2.3 ethdst=00:00:5e:00:53:33
expect_no_reply
read_captures vm1 world
expect_match "network" "$CAUGHT" "192.0.2.11.68 > 192.0.2.3.67: BOOTP/DHCP, Request from ${GUEST_MAC[vm1]}"
expect_counters tap-vm1 pass-unicast 1

ask vm1 request ciaddr=192.0.2.11 src=192.0.2.11 dst="$GW"
expect_reply ack yiaddr=192.0.2.11 ciaddr=192.0.2.11 dst=192.0.2.11 src="$GW"
ask vm1 request ciaddr=192.0.2.11 src=192.0.2.11 dst=192.0.2.255 ethdst=ff:ff:ff:ff:ff:ff
expect_reply ack yiaddr=192.0.2.11
ask vm1 request ciaddr=192.0.2.11 src=192.0.2.11
expect_reply ack yiaddr=192.0.2.11
say "unicast in IPv4 but broadcast in Ethernet counts as broadcast"
ask vm1 request ciaddr=192.0.2.11 src=192.0.2.11 dst=192.0.2.3 ethdst=ff:ff:ff:ff:ff:ff
expect_reply ack yiaddr=192.0.2.11
expect_counters tap-vm1 ack-renewing 1 ack-rebinding 3
say "a broadcast REQUEST that names another server is not answered and does not leave"
ask vm1 request addr=192.0.2.66 server=192.0.2.3
expect_no_reply
expect_counters tap-vm1 other-server 1
expect_no_dhcp vm1 world
expect_all_counted vm1
