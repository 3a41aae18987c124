#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "a port is configured before its device exists: the guest's first DISCOVER is answered"
make_bridge
make_uplink -
vdhcpctl subnet add s1 "${SUBNET[@]}"
make_guest vm1
GUEST_TAP[vm1]="tap-vm1"
add_port vm1 192.0.2.11
expect_no_text "port without device" "$(vdhcpctl -j -s port show tap-vm1)" '"ifindex"'
power_on vm1 tap-vm1
expect_text "port with device" "$(vdhcpctl -j -s port show tap-vm1)" '"ifindex":'
join_bridge tap-vm1
ask vm1 discover
expect_reply offer yiaddr=192.0.2.11
expect_all_counted vm1

say "the device is removed and created again five times: no new configuration is needed"
for _ in 1 2 3 4 5; do
	mark_counters tap-vm1
	power_off vm1
	[[ ! -e /sys/class/net/tap-vm1 ]] || fail "the tap still exists"
	expect_no_text "port without device" "$(vdhcpctl -j -s port show tap-vm1)" '"ifindex"'
	power_on vm1 tap-vm1
	join_bridge tap-vm1
	ask vm1 discover
	expect_reply offer yiaddr=192.0.2.11
	expect_counters tap-vm1 offer 1
done

say "the device gets another name: its DHCP passes to the bridge; it gets its name back: it is served"
ip link set wire0 master br0
start_capture world net0 net
rename_device tap-vm1 tap-other
mark_counters tap-vm1
ask vm1 discover
expect_no_reply
expect_counters tap-vm1
read_captures vm1 world
expect_text "the bridge" "$CAUGHT" "BOOTP/DHCP, Request from ${GUEST_MAC[vm1]}"
rename_device tap-other tap-vm1
ask vm1 discover
expect_reply offer yiaddr=192.0.2.11
expect_counters tap-vm1 offer 1
expect_no_dhcp vm1 world
expect_uncounted 1 0 "while the tap had another name"

say "another device gets the name: it is served from then on"
make_guest vm2
rename_device tap-vm1 tap-other
power_on vm2 tap-vm1
join_bridge tap-vm1
ask vm1 discover
expect_no_reply
ask vm2 discover chaddr="${GUEST_MAC[vm1]}" ethsrc="${GUEST_MAC[vm1]}"
expect_reply offer yiaddr=192.0.2.11
expect_counters tap-vm1 offer 1
expect_uncounted 1 0 "from the tap that has another name"
