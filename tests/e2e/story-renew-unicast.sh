#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "RENEWING: bound clients renew by unicast to the server identifier, repeatedly"
make_bridge
make_uplink br0
vdhcpctl subnet add s1 "${SUBNET[@]}" lease 600 t1 "$SLOW" t2 300
for n in 1 2; do
	make_vm "vm$n" "tap-vm$n"
	add_port "vm$n" "192.0.2.1$n"
done
start_capture bridge br0
start_capture world net0 net
run_dhclient vm1
run_udhcpc vm2
wait_client_event vm1 '^BOUND 192.0.2.11$'
wait_client_event vm2 '^bound 192.0.2.12$'

say "dhclient renews at T1, every $SLOW seconds"
wait_client_event vm1 '^RENEW 192.0.2.11$'
expect_text "lease" "$LEASE" "new_dhcp_renewal_time='$SLOW'"
wait_client_event vm1 '^RENEW 192.0.2.11$'
mark_zero
expect_counters tap-vm1 offer 1+ ack-selecting 1+ ack-renewing 2+

say "udhcpc renews on a signal"
mark_counters tap-vm2
renew_udhcpc vm2
expect_counters tap-vm2 ack-renewing 1+ ack-rebinding 0+

stop_client vm1
stop_client vm2
expect_no_dhcp vm1 bridge world
expect_all_counted vm1
expect_all_counted vm2
