#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"
. "$E2E/lib-victim.sh"

say "real clients, and a UDP port that the host writes as a checksum, after vdhcp has seen the frame"
make_attacker
attacks udhcpc bad-partial-checksum hide=1 -t 1000 -T 1
attacks dhclient bad-partial-checksum hide=1
attacks dhcpcd bad-partial-checksum hide=1 --noarp
attacks networkd bad-partial-checksum hide=1

make_vm vm2 tap-vm2
vdhcpctl port add tap-vm2 mode pass
start_capture victim eth0 vm2
vdhcpctl port set tap-vm1 guard on
mark_counters tap-vm1
say "the guest's own DISCOVER does not leave either, in modes serve and deny"
for mode in serve deny; do
	vdhcpctl port set tap-vm1 mode "$mode"
	ask vm1 discover hide=1
	expect_no_reply
	expect_counters tap-vm1 bad-partial-checksum 1
	expect_no_dhcp vm1 victim
done
vdhcpctl port set tap-vm1 mode pass guard off
ask vm1 discover hide=1
expect_no_reply
wait_captured victim 1 "0.0.0.0.68 > 255.255.255.255.67: BOOTP/DHCP, Request"
restart_balance "tapvm does not know the hidden ports, and without guard vdhcp does not count"
