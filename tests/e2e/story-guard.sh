#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "guard: a guest that plays DHCP server is not heard by anybody, in any mode"
bridge
wire br0
vdhcpctl subnet add s1 "${SUBNET[@]}"
vm vm1 tap-vm1
serve vm1 192.0.2.11
capture world net0 net
rogue=(yiaddr=192.0.2.66 server=192.0.2.11 src=192.0.2.11 chaddr=00:00:5e:00:53:77)
for mode in serve pass deny; do
	vdhcpctl port set tap-vm1 mode "$mode"
	mark tap-vm1
	ask vm1 offer "${rogue[@]}"
	silence
	ask vm1 ack "${rogue[@]}" dst=192.0.2.66 ethdst=00:00:5e:00:53:77
	silence
	ask vm1 nak "${rogue[@]}" sport=1067
	silence
	moved tap-vm1 rogue-server 3
	no_dhcp vm1 world
done
adds_up vm1

say "guard off: it is allowed to"
vdhcpctl port set tap-vm1 mode serve guard off
mark tap-vm1
ask vm1 offer "${rogue[@]}"
silence
caught vm1 world
contains "network" "$CAUGHT" "BOOTP/DHCP, Reply"
moved tap-vm1
overlooked 1 0 "without guard, what a server sends passes uncounted"
say "and is served itself"
ask vm1 discover
replied offer yiaddr=192.0.2.11
moved tap-vm1 offer 1
no_dhcp vm1 world
