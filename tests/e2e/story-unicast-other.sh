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

say "key unicast: by default (own) the guest asks other servers only for itself"
other=(dst=192.0.2.3 ethdst=00:00:5e:00:53:33)
mark_counters tap-vm1
ask vm1 discover "${other[@]}" chaddr=00:00:5e:00:53:77
expect_no_reply
ask vm1 discover "${other[@]}" ethsrc=00:00:5e:00:53:77
expect_no_reply
ask vm1 discover "${other[@]}" chaddr=00:00:5e:00:53:77 giaddr=192.0.2.11
expect_no_reply
ask vm1 release "${other[@]}" ciaddr=192.0.2.12 src=192.0.2.12 server=192.0.2.3
expect_no_reply
ask vm1 discover "${other[@]}" op=2
expect_no_reply
expect_counters tap-vm1 spoofed-chaddr 1 spoofed-source 1 relayed 1 spoofed-ciaddr 1 bad-op 1
expect_no_dhcp vm1 world
ask vm1 release "${other[@]}" ciaddr=192.0.2.11 src=192.0.2.11 server=192.0.2.3
expect_no_reply
expect_counters tap-vm1 pass-unicast 1
read_captures vm1 world
expect_match "network" "$CAUGHT" "192.0.2.11.68 > 192.0.2.3.67: BOOTP/DHCP, Request"
vdhcpctl port set tap-vm1 unicast drop
ask vm1 request "${other[@]}" ciaddr=192.0.2.11 src=192.0.2.11
expect_no_reply
expect_counters tap-vm1 drop-unicast 1
expect_no_dhcp vm1 world
say "with unicast pass a relay in the guest can ask for others"
vdhcpctl port set tap-vm1 unicast pass
ask vm1 discover "${other[@]}" chaddr=00:00:5e:00:53:77 giaddr=192.0.2.11 src=192.0.2.11
expect_no_reply
ask vm1 discover "${other[@]}" ethsrc=00:00:5e:00:53:77
expect_no_reply
expect_counters tap-vm1 pass-unicast 1 spoofed-source 1
read_captures vm1 world
expect_match "network" "$CAUGHT" "BOOTP/DHCP, Request from 00:00:5e:00:53:77"
vdhcpctl port set tap-vm1 unicast none

say "a guest that was moved to another subnet renews at its old server: NAK in that server's name"
run_udhcpc vm1
wait_client_event vm1 '^bound 192.0.2.11$'
vdhcpctl subnet add s2 cidr 198.51.100.0/24 gateway 198.51.100.1
vdhcpctl port set tap-vm1 addr 198.51.100.11 subnet s2
start_capture tap tap-vm1
mark_counters tap-vm1
kill -USR1 "${CLIENT_PID[vm1]}"
wait_client_event vm1 '^nak '
wait_client_event vm1 '^bound 198.51.100.11$'
expect_counters tap-vm1 nak-moved 1+ offer 1+ ack-selecting 1
read_captures vm1 tap
expect_match "NAK" "$CAUGHT" "$GW.67 > 255.255.255.255.68: BOOTP/DHCP, Reply"
expect_no_dhcp vm1 world
