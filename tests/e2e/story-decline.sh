#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "DECLINE: udhcpc finds that somebody else uses its address, and says so"
bridge
wire br0
vdhcpctl subnet add s1 "${SUBNET[@]}"
vm vm1 tap-vm1
serve vm1 192.0.2.11
capture bridge br0
ip -n net addr add 192.0.2.11/24 dev net0
mark tap-vm1
run_udhcpc vm1 -a -A 2 -T 2
wait_counter tap-vm1 decline 1
say "the other one goes away, and the guest is served"
ip -n net addr flush dev net0
event vm1 '^bound 192.0.2.11$' 90
moved tap-vm1 decline 1+ offer 2+ ack-selecting 2+

say "the counters tell a DECLINE of the port's address from others"
ask vm1 decline addr=192.0.2.11 server="$GW"
silence
ask vm1 decline addr=192.0.2.66 server="$GW"
silence
ask vm1 discover
replied offer yiaddr=192.0.2.11
moved tap-vm1 decline 1 decline-foreign 1 offer 1
no_dhcp vm1 bridge
adds_up vm1
