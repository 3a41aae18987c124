#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "INFORM: a guest with a static address gets its parameters"
make_bridge
make_uplink br0
vdhcpctl subnet add s1 "${SUBNET[@]}"
make_vm vm1 tap-vm1
add_port vm1 192.0.2.11
start_capture bridge br0
mark_counters tap-vm1
run_dhcpcd vm1 --inform=192.0.2.11/24
wait_client_event vm1 '^INFORM'
expect_counters tap-vm1 ack-inform 1+
expect_text "dhcpcd's environment" "$LEASE" "new_domain_name_servers='192.0.2.53 198.51.100.53'"
expect_text "resolv.conf" "$(in_guest vm1 cat /etc/resolv.conf)" "nameserver 192.0.2.53"

say "the reply has no lease and no address, and is unicast to the guest"
ask vm1 inform ciaddr=192.0.2.11 src=192.0.2.11 prl=1,3,6,51
expect_reply ack yiaddr=0.0.0.0 ciaddr=192.0.2.11 dst=192.0.2.11 ethdst="${GUEST_MAC[vm1]}" 54=c0000201
expect_no_text "reply" "$ASK" '"51":'
expect_no_text "reply" "$ASK" '"58":'
say "INFORM from an address other than the port's is answered"
ask vm1 inform ciaddr=192.0.2.77 src=192.0.2.77
expect_reply ack ciaddr=192.0.2.77 dst=192.0.2.77
ask vm1 inform src=192.0.2.11
expect_reply ack ciaddr=0.0.0.0 dst=192.0.2.11
say "INFORM without any address is not answered"
ask vm1 inform
expect_no_reply
expect_counters tap-vm1 ack-inform 3 inform-no-address 1
expect_no_dhcp vm1 bridge
expect_all_counted vm1
