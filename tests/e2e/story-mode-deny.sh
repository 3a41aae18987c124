#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "mode deny: DHCP from the guest is dropped and counted; its other traffic passes"
make_bridge
make_uplink br0
make_vm vm1 tap-vm1
vdhcpctl port add tap-vm1 mode deny
start_capture world net0 net
mark_counters tap-vm1
for kind in discover request inform release; do
	ask vm1 "$kind" addr=192.0.2.11
	expect_no_reply
done
say "unicast DHCP is dropped as well"
ask vm1 request ciaddr=192.0.2.11 src=192.0.2.11 dst=192.0.2.3 ethdst=00:00:5e:00:53:33
expect_no_reply
expect_counters tap-vm1 denied 5
expect_no_dhcp vm1 world
expect_all_counted vm1
