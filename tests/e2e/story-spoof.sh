#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "identity is the port: who claims another MAC gets no answer, and nobody else sees the attempt"
bridge
wire br0
vdhcpctl subnet add s1 "${SUBNET[@]}"
for n in 1 2; do
	vm "vm$n" "tap-vm$n"
	serve "vm$n" "192.0.2.1$n"
done
capture world net0 net
mark tap-vm1
ask vm1 discover chaddr="${GUEST_MAC[vm2]}"
silence
ask vm1 discover ethsrc="${GUEST_MAC[vm2]}"
silence
ask vm1 discover ethsrc="${GUEST_MAC[vm2]}" chaddr="${GUEST_MAC[vm2]}"
silence
ask vm1 release ciaddr=192.0.2.12 server="$GW" chaddr="${GUEST_MAC[vm2]}"
silence
moved tap-vm1 spoofed-chaddr 2 spoofed-source 2
no_dhcp vm1 world

say "what a client says of itself does not select an address: client id, host name, requested address"
ask vm1 discover opt=61:0100005e005302 opt=12:766d32 addr=192.0.2.12
replied offer yiaddr=192.0.2.11 61=0100005e005302 12=766d31
ask vm1 request opt=61:0100005e005302 addr=192.0.2.12 server="$GW"
replied nak
say "a guest is no relay: option 82 is not looked at, giaddr not served"
ask vm1 discover opt=82:0104deadbeef
replied offer yiaddr=192.0.2.11
lacks "reply" "$ASK" '"82":'
ask vm1 discover giaddr=192.0.2.12
silence
moved tap-vm1 offer 2 nak-selecting 1 relayed 1 note:relay-agent-ignored 1
ask vm2 discover
replied offer yiaddr=192.0.2.12
no_dhcp vm1 world
adds_up vm1
adds_up vm2
