#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "a port is configured before its device exists: the guest's very first DISCOVER is answered"
bridge
wire -
vdhcpctl subnet add s1 "${SUBNET[@]}"
guest vm1
GUEST_TAP[vm1]="tap-vm1"
serve vm1 192.0.2.11
lacks "port without device" "$(vdhcpctl -j -s port show tap-vm1)" '"ifindex"'
power_on vm1 tap-vm1
contains "port with device" "$(vdhcpctl -j -s port show tap-vm1)" '"ifindex":'
attach tap-vm1
ask vm1 discover
replied offer yiaddr=192.0.2.11
adds_up vm1

say "the device goes and comes again, nobody configures anything: the same, five times"
for _ in 1 2 3 4 5; do
	mark tap-vm1
	power_off vm1
	[[ ! -e /sys/class/net/tap-vm1 ]] || fail "the tap is still there"
	lacks "port without device" "$(vdhcpctl -j -s port show tap-vm1)" '"ifindex"'
	power_on vm1 tap-vm1
	attach tap-vm1
	ask vm1 discover
	replied offer yiaddr=192.0.2.11
	moved tap-vm1 offer 1
done

say "renamed away: no longer served, and its DHCP goes to the bridge; renamed back: served"
ip link set wire0 master br0
capture world net0 net
rename tap-vm1 tap-other
mark tap-vm1
ask vm1 discover
silence
moved tap-vm1
caught vm1 world
contains "the bridge" "$CAUGHT" "BOOTP/DHCP, Request from ${GUEST_MAC[vm1]}"
rename tap-other tap-vm1
ask vm1 discover
replied offer yiaddr=192.0.2.11
moved tap-vm1 offer 1
no_dhcp vm1 world
overlooked 1 0 "while the tap had another name"

say "another device takes the name: it is that port's from then on"
guest vm2
rename tap-vm1 tap-other
power_on vm2 tap-vm1
attach tap-vm1
ask vm1 discover
silence
ask vm2 discover chaddr="${GUEST_MAC[vm1]}" ethsrc="${GUEST_MAC[vm1]}"
replied offer yiaddr=192.0.2.11
moved tap-vm1 offer 1
overlooked 1 0 "from the tap that has another name"
