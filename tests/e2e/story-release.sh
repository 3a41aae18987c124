#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "RELEASE is counted and not answered; the guest gets the same address again"
make_bridge
make_uplink br0
vdhcpctl subnet add s1 "${SUBNET[@]}"
for n in 1 2; do
	make_vm "vm$n" "tap-vm$n"
	add_port "vm$n" "192.0.2.1$n"
done
start_capture bridge br0
run_dhclient vm1
run_udhcpc vm2
wait_client_event vm1 '^BOUND 192.0.2.11$'
wait_client_event vm2 '^bound 192.0.2.12$'

mark_counters tap-vm1
in_guest vm1 dhclient -4 -r -v eth0 >>"$W/vm1/dhclient.log" 2>&1
expect_counters tap-vm1 release 1
mark_counters tap-vm2
kill -USR2 "${CLIENT_PID[vm2]}"
wait_client_event vm2 '^deconfig '
wait_counter tap-vm2 release 1
expect_counters tap-vm2 release 1

run_dhclient vm1
kill -USR1 "${CLIENT_PID[vm2]}"
wait_client_event vm1 '^BOUND 192.0.2.11$'
wait_client_event vm2 '^bound 192.0.2.12$'

say "a broadcast RELEASE for another server is dropped"
mark_counters tap-vm1
ask vm1 release ciaddr=192.0.2.11 server=192.0.2.66
expect_no_reply
ask vm1 release ciaddr=192.0.2.11
expect_no_reply
expect_counters tap-vm1 release-foreign 2
expect_no_dhcp vm1 bridge
expect_all_counted vm1
expect_all_counted vm2
