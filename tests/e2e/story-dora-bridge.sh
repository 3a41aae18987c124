#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "Linux bridge: dhclient, udhcpc and dhcpcd get their whole configuration from the host's kernel"
make_bridge
make_uplink br0
vdhcpctl subnet add s1 "${SUBNET[@]}"
for n in 1 2 3; do
	make_vm "vm$n" "tap-vm$n"
	add_port "vm$n" "192.0.2.1$n"
done
start_capture bridge br0
start_capture world net0 net

run_dhclient vm1
run_udhcpc vm2 -O staticroutes -O mtu -O search -x hostname:whatever
run_dhcpcd vm3
wait_client_event vm1 '^BOUND 192.0.2.11$'
wait_client_event vm2 '^bound 192.0.2.12$'
wait_client_event vm3 '^BOUND 192.0.2.13$' 90

for n in 1 2 3; do
	expect_lease_in_guest "vm$n" "192.0.2.1$n"
	show_guest_view "vm$n"
	mark_zero
	if [[ $n -eq 3 ]]; then
		# dhcpcd requests rapid commit.
		expect_counters "tap-vm$n" ack-rapid-commit 1+
	else
		expect_counters "tap-vm$n" offer 1+ ack-selecting 1+
	fi
done

say "what the clients store"
expect_text "dhclient's lease file" "$(<"$W/vm1/lib/dhclient.leases")" 'fixed-address 192.0.2.11;'
expect_text "dhclient's environment" "$(<"$W/vm1/run/lease")" "new_dhcp_server_identifier='$GW'"
expect_text "udhcpc's environment" "$(<"$W/vm2/run/lease")" "staticroutes='0.0.0.0/0 $GW 169.254.169.254/32 $META'"
expect_text "dhcpcd's environment" "$(<"$W/vm3/run/lease")" "new_dhcp_lease_time='86400'"

say "no DHCP message has left the host or reached the bridge"
expect_no_dhcp vm1 bridge world
for n in 1 2 3; do
	expect_all_counted "vm$n"
done
