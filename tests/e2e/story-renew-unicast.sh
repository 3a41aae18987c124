#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "RENEWING: bound clients renew by unicast to the server identifier, again and again"
bridge
wire br0
vdhcpctl subnet add s1 "${SUBNET[@]}" lease 120 t1 2 t2 60
for n in 1 2; do
	vm "vm$n" "tap-vm$n"
	serve "vm$n" "192.0.2.1$n"
done
capture bridge br0
capture world net0 net
run_dhclient vm1
run_udhcpc vm2
event vm1 '^BOUND 192.0.2.11$'
event vm2 '^bound 192.0.2.12$'

say "dhclient, by the T1 of 2 seconds"
event vm1 '^RENEW 192.0.2.11$'
contains "lease" "$LEASE" "new_dhcp_renewal_time='2'"
event vm1 '^RENEW 192.0.2.11$'
fresh
moved tap-vm1 offer 1+ ack-selecting 1+ ack-renewing 2+

say "udhcpc, when told to"
mark tap-vm2
renew_udhcpc vm2
moved tap-vm2 ack-renewing 1+ ack-rebinding 0+

stop_client vm1
stop_client vm2
no_dhcp vm1 bridge world
adds_up vm1
adds_up vm2
