#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "INFORM: parameters for a guest that has its address from elsewhere"
bridge
wire br0
vdhcpctl subnet add s1 "${SUBNET[@]}"
vm vm1 tap-vm1
serve vm1 192.0.2.11
capture bridge br0
mark tap-vm1
run_dhcpcd vm1 --inform=192.0.2.11/24
event vm1 '^INFORM'
moved tap-vm1 ack-inform 1+
contains "dhcpcd's environment" "$LEASE" "new_domain_name_servers='192.0.2.53 198.51.100.53'"
contains "resolv.conf" "$(in_guest vm1 cat /etc/resolv.conf)" "nameserver 192.0.2.53"

say "no lease and no address in it, and straight to who asked"
ask vm1 inform ciaddr=192.0.2.11 src=192.0.2.11 prl=1,3,6,51
replied ack yiaddr=0.0.0.0 ciaddr=192.0.2.11 dst=192.0.2.11 ethdst="${GUEST_MAC[vm1]}" 54=c0000201
lacks "reply" "$ASK" '"51":'
lacks "reply" "$ASK" '"58":'
say "an address that is not the port's is not ours to judge"
ask vm1 inform ciaddr=192.0.2.77 src=192.0.2.77
replied ack ciaddr=192.0.2.77 dst=192.0.2.77
ask vm1 inform src=192.0.2.11
replied ack ciaddr=0.0.0.0 dst=192.0.2.11
say "without any address there is nowhere to answer to"
ask vm1 inform
silence
moved tap-vm1 ack-inform 3 inform-no-address 1
no_dhcp vm1 bridge
adds_up vm1
