#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

# remember GUEST ADDRESS SERVER: give dhclient a lease from before a reboot.
remember() {
	cat >"$W/$1/lib/dhclient.leases" <<-E
		lease {
		  interface "eth0";
		  fixed-address $2;
		  option subnet-mask 255.255.255.0;
		  option dhcp-lease-time 86400;
		  option dhcp-message-type 5;
		  option dhcp-server-identifier $3;
		  renew 3 2036/01/02 00:00:00;
		  rebind 3 2036/01/02 00:00:00;
		  expire 3 2036/01/02 00:00:00;
		}
	E
}

make_bridge
vdhcpctl subnet add s1 "${SUBNET[@]}"
for n in 1 2 3; do
	make_vm "vm$n" "tap-vm$n"
	add_port "vm$n" "192.0.2.1$n"
done

say "INIT-REBOOT with the right address: granted without a DISCOVER"
remember vm1 192.0.2.11 "$GW"
run_dhclient vm1
wait_client_event vm1 '^REBOOT 192.0.2.11$'
expect_lease_in_guest vm1 192.0.2.11
mark_zero
expect_counters tap-vm1 ack-init-reboot 1+ message:discover 0

say "INIT-REBOOT with an address of another network: refused, and the client starts over"
remember vm2 198.51.100.77 198.51.100.1
run_dhclient vm2
wait_client_event vm2 '^BOUND 192.0.2.12$'
expect_lease_in_guest vm2 192.0.2.12
mark_zero
expect_counters tap-vm2 nak-init-reboot 1+ offer 1+ ack-selecting 1+

say "INIT-REBOOT with another address of the same network: refused as well"
remember vm3 192.0.2.99 "$GW"
run_dhclient vm3
wait_client_event vm3 '^BOUND 192.0.2.13$'
mark_zero
expect_counters tap-vm3 nak-init-reboot 1+ offer 1+ ack-selecting 1+
for n in 1 2 3; do
	expect_all_counted "vm$n"
done
