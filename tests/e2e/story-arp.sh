#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "vdhcp answers ARP for a server identifier that no host has, so clients can renew"
make_bridge
make_uplink br0
vdhcpctl subnet add s1 "${SUBNET[@]}" server-id 192.0.2.250
vdhcpctl subnet add s2 cidr 198.51.100.0/24
make_vm vm1 tap-vm1
make_vm vm2 tap-vm2
add_port vm1 192.0.2.11
vdhcpctl port add tap-vm2 mac "${GUEST_MAC[vm2]}" addr 198.51.100.12 subnet s2
start_capture world net0 net

run_udhcpc vm1
wait_client_event vm1 '^bound 192.0.2.11$'
expect_text "server" "$LEASE" "serverid='192.0.2.250'"
mark_counters tap-vm1
renew_udhcpc vm1
expect_counters tap-vm1 arp-reply 1 ack-renewing 1+ ack-rebinding 0+
expect_match "neighbours" "$(ip -n vm1 neigh show)" '192.0.2.250 dev eth0 lladdr 02:00:c0:00:02:fa'
stop_client vm1
in_guest vm1 busybox arping -q -c 1 -I eth0 192.0.2.250 || fail "no answer to arping"
expect_counters tap-vm1 arp-reply 1+
read_captures vm1 world
expect_no_text "network" "$CAUGHT" "who-has 192.0.2.250"

say "without a gateway the server identifier is 169.254.169.254"
mark_counters tap-vm2
ask vm2 arp target=169.254.169.254 wait=20 want=1
expect_reply arp-reply spa=169.254.169.254 sha=02:00:a9:fe:a9:fe
expect_counters tap-vm2 arp-reply 1
BARRIER=169.254.169.254
ask vm2 discover
expect_reply offer yiaddr=198.51.100.12 src=169.254.169.254 54=a9fea9fe
BARRIER=$GW
read_captures vm1 world
expect_no_text "network" "$CAUGHT" "who-has 169.254.169.254"

say "ARP for the gateway and for other addresses passes"
mark_counters tap-vm1
ask vm1 arp target="$GW" wait=20 want=1
expect_reply arp-reply spa="$GW" sha="$(</sys/class/net/br0/address)"
ask vm1 arp target=192.0.2.77 wait=0.2
read_captures vm1 world
expect_text "network" "$CAUGHT" "who-has $GW tell"
expect_text "network" "$CAUGHT" "who-has 192.0.2.77 tell"
expect_counters tap-vm1

say "an ARP request with a forged sender gets no reply"
ask vm1 arp target=192.0.2.250 sha=00:00:5e:00:53:77
expect_no_reply
ask vm1 arp target=192.0.2.250 ethsrc=00:00:5e:00:53:77
expect_no_reply
expect_counters tap-vm1

say "when the server identifier is the gateway's address, the gateway answers ARP for it"
vdhcpctl subnet set s1 server-id none
ask vm1 arp target="$GW" wait=20 want=1
expect_reply arp-reply sha="$(</sys/class/net/br0/address)"
expect_counters tap-vm1
