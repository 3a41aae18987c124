#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "Linux bridge: dhclient, udhcpc and dhcpcd get all of their configuration from the host's kernel"
bridge
wire br0
vdhcpctl subnet add s1 "${SUBNET[@]}"
for n in 1 2 3; do
	vm "vm$n" "tap-vm$n"
	serve "vm$n" "192.0.2.1$n"
done
capture bridge br0
capture world net0 net

run_dhclient vm1
run_udhcpc vm2 -O staticroutes -O mtu -O search -x hostname:whatever
run_dhcpcd vm3
event vm1 '^BOUND 192.0.2.11$'
event vm2 '^bound 192.0.2.12$'
event vm3 '^BOUND 192.0.2.13$' 90

for n in 1 2 3; do
	sees_its_lease "vm$n" "192.0.2.1$n"
	show_view "vm$n"
	fresh
	if [[ $n -eq 3 ]]; then
		# dhcpcd asks for rapid commit.
		moved "tap-vm$n" ack-rapid-commit 1+
	else
		moved "tap-vm$n" offer 1+ ack-selecting 1+
	fi
done

say "what the clients keep of it"
contains "dhclient's lease file" "$(<"$W/vm1/lib/dhclient.leases")" 'fixed-address 192.0.2.11;'
contains "dhclient's environment" "$(<"$W/vm1/run/lease")" "new_dhcp_server_identifier='$GW'"
contains "udhcpc's environment" "$(<"$W/vm2/run/lease")" "staticroutes='0.0.0.0/0 $GW 169.254.169.254/32 $META'"
contains "dhcpcd's environment" "$(<"$W/vm3/run/lease")" "new_dhcp_lease_time='86400'"

say "no DHCP has left the host, nor even reached the bridge"
no_dhcp vm1 bridge world
for n in 1 2 3; do
	adds_up "vm$n"
done
