#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "DECLINE: udhcpc finds its address in use by another host and declines it"
make_bridge
make_uplink br0
vdhcpctl subnet add s1 "${SUBNET[@]}"
make_vm vm1 tap-vm1
add_port vm1 192.0.2.11
start_capture bridge br0
ip -n net addr add 192.0.2.11/24 dev net0
mark_counters tap-vm1
run_udhcpc vm1 -a -A 2 -T 2
wait_counter tap-vm1 decline 1
say "the other host gives the address up, and the guest gets it"
ip -n net addr flush dev net0
wait_client_event vm1 '^bound 192.0.2.11$' 90
expect_counters tap-vm1 decline 1+ offer 2+ ack-selecting 2+

say "DECLINEs of the port's address and of other addresses are counted separately"
ask vm1 decline addr=192.0.2.11 server="$GW"
expect_no_reply
ask vm1 decline addr=192.0.2.66 server="$GW"
expect_no_reply
ask vm1 discover
expect_reply offer yiaddr=192.0.2.11
expect_counters tap-vm1 decline 1 decline-foreign 1 offer 1
expect_no_dhcp vm1 bridge
expect_all_counted vm1
