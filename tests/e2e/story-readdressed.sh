#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "the address of a port changes while its guest is bound: the renewal gets a NAK, then the guest gets the new address"
make_bridge
# A dhclient whose script takes longer than T1 does not end on a signal.
vdhcpctl subnet add s1 "${SUBNET[@]}" lease 600 t1 "$((2 * SLOW))" t2 300
for n in 1 2; do
	make_vm "vm$n" "tap-vm$n"
	add_port "vm$n" "192.0.2.1$n"
done
run_dhclient vm1
run_udhcpc vm2
wait_client_event vm1 '^BOUND 192.0.2.11$'
wait_client_event vm2 '^bound 192.0.2.12$'

vdhcpctl port set tap-vm1 addr 192.0.2.81
vdhcpctl port set tap-vm2 addr 192.0.2.82
kill -USR1 "${CLIENT_PID[vm2]}"
wait_client_event vm1 '^BOUND 192.0.2.81$' 90
wait_client_event vm2 '^bound 192.0.2.82$' 90
for n in 1 2; do
	stop_client "vm$n"
	load_counters "tap-vm$n"
	expect_equal "NAKs to vm$n" "${COUNT["nak-renewing"]}" 1
	read_guest_view "vm$n"
	expect_text "vm$n" "$VIEW" "inet 192.0.2.8$n/24"
	expect_no_text "vm$n" "$VIEW" "inet 192.0.2.1$n/"
	show_guest_view "vm$n"
	expect_all_counted "vm$n"
done
