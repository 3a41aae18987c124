#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"
. "$E2E/lib-victim.sh"

say "real clients, and frames of another guest that some of them read as a DHCP server's"
make_attacker

say "a VLAN that has no port: the client's kernel removes the tag, and hands the frame over all the same"
attacks udhcpc rogue-server vlan=200 -t 1000 -T 1
attacks udhcpc rogue-server vlan=0,ad/200 -t 1000 -T 1
attacks dhcpcd rogue-server vlan=4095 --noarp
attacks networkd rogue-server vlan=200
say "an IPv4 header that no host accepts"
attacks dhclient rogue-server ipver=5
attacks networkd rogue-server "ihl=6 iplen=4 trail=00000000"

say "802.2 SNAP, which no client here takes: nothing arrives"
make_vm vm2 tap-vm2
vdhcpctl port add tap-vm2 mode pass
start_capture victim eth0 vm2
vdhcpctl port set tap-vm1 guard on
mark_counters tap-vm1
ask vm1 ack yiaddr=192.0.2.66 "${ROGUE[@]}" snap=336
expect_no_reply
ask vm1 ack yiaddr=192.0.2.66 "${ROGUE[@]}" snap=1535 vlan=0
expect_no_reply
ask vm1 discover snap=336
expect_no_reply
expect_counters tap-vm1 rogue-server 2 snap 1
read_captures vm1 victim
expect_no_text "card of vm2" "$CAUGHT" 192.0.2.66
expect_no_text "card of vm2" "$CAUGHT" "LLC, dsap SNAP"
restart_balance "tapvm reads headers as RFC 791 says, and without guard vdhcp does not count"
