#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "a guest with a macvlan: the port lists the second MAC, which gets an address of its own"
vip=00:00:5e:00:53:77
make_bridge
make_uplink br0
vdhcpctl subnet add s1 "${SUBNET[@]}"
make_vm vm1 tap-vm1
vdhcpctl port add tap-vm1 mac "${GUEST_MAC[vm1]}" hostname vm1 addr 192.0.2.11 subnet s1 \
	addr 192.0.2.77 subnet s1 for "$vip"
expect_text "port" "$(vdhcpctl port show tap-vm1)" "addr 192.0.2.77 subnet s1 for $vip"
expect_text "document" "$(vdhcpctl dump)" "\"mac\":\"$vip\""
start_capture world net0 net
run_udhcpc vm1
own=${CLIENT_PID[vm1]}
wait_client_event vm1 '^bound 192.0.2.11$'
in_guest vm1 ip link add link eth0 name vip0 address "$vip" type macvlan mode bridge
in_guest vm1 ip link set vip0 up
start_client vm1 udhcpc -f -i vip0 -s /etc/udhcpc/e2e.script
wait_client_event vm1 '^bound 192.0.2.77$'
in_guest vm1 ip -4 -o addr show dev vip0
stop_client vm1
CLIENT_PID[vm1]=$own

say "a renewal of the second MAC that leaves by the first interface is answered there"
ask vm1 request ciaddr=192.0.2.77 src=192.0.2.77 dst="$GW" chaddr="$vip"
expect_reply ack yiaddr=192.0.2.77

say "a MAC that is not listed gets no answer"
mark_counters tap-vm1
ask vm1 discover ethsrc=00:00:5e:00:53:78 chaddr=00:00:5e:00:53:78
expect_no_reply
expect_counters tap-vm1 spoofed-source 1
expect_no_dhcp vm1 world

say "with other-mac pass, the network gets what a MAC asks that is not listed, and nothing else"
vdhcpctl port set tap-vm1 other-mac pass
mark_counters tap-vm1
ask vm1 discover ethsrc=00:00:5e:00:53:78 chaddr=00:00:5e:00:53:78
expect_no_reply
ask vm1 discover ethsrc="$vip" chaddr="$vip"
expect_reply offer yiaddr=192.0.2.77
expect_counters tap-vm1 pass-other-mac 1 offer 1
stop_client vm1
expect_all_counted vm1
