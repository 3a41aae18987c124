#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

# move_to there|here: move the tap. A moved device is down and without addresses, which the
# barrier needs.
move_to() {
	case $1 in
	there)
		ip link set tap-vm1 netns there
		ip -n there addr add 198.51.100.1/24 dev tap-vm1
		ip -n there link set tap-vm1 up
		BARRIER=198.51.100.1
		;;
	here)
		ip -n there link set tap-vm1 netns $$
		ip addr add "$GW/24" dev tap-vm1
		ip link set tap-vm1 up
		BARRIER=$GW
		;;
	esac
}

say "each network namespace has its own configuration, with the same names"
ip netns add there
vdhcpctl subnet add s1 "${SUBNET[@]}"
vdhcpctl -n there subnet add s1 cidr 198.51.100.0/24 gateway 198.51.100.1
make_guest vm1
power_on vm1 tap-vm1
ip addr add "$GW/24" dev tap-vm1
add_port vm1 192.0.2.11
vdhcpctl -n there port add tap-vm1 mac "${GUEST_MAC[vm1]}" addr 198.51.100.11 subnet s1
expect_text "here" "$(vdhcpctl -j port show)" 192.0.2.11
expect_no_text "here" "$(vdhcpctl -j port show)" 198.51.100.11
expect_text "there" "$(vdhcpctl -n there -j port show)" 198.51.100.11

say "a device that moves is served by the namespace it is in"
mark_counters tap-vm1
ask vm1 discover
expect_reply offer yiaddr=192.0.2.11
for _ in 1 2; do
	move_to there
	ask vm1 discover
	expect_reply offer yiaddr=198.51.100.11
	move_to here
	ask vm1 discover
	expect_reply offer yiaddr=192.0.2.11
done
expect_counters tap-vm1 offer 3
expect_text "there" "$(vdhcpctl -n there -j stats tap-vm1)" '"offer":2'

say "a namespace is deleted with its ports, its subnets and a device that is served in it"
vdhcpctl -n there port add tap-later mac 00:00:5e:00:53:55 addr 198.51.100.55 subnet s1
move_to there
ask vm1 discover
expect_reply offer yiaddr=198.51.100.11
ip netns del there
wait_until 30 "the device to go" is_gone "${TAPVM_PID[vm1]}"
expect_uncounted 3 3 "counted in a namespace that is gone"

say "a new namespace of that name is empty, and the story's own is unchanged"
ip netns add there
expect_equal "ports there" "$(vdhcpctl -n there -j port show)" '[]'
expect_equal "subnets there" "$(vdhcpctl -n there -j subnet show)" '[]'
power_off vm1
power_on vm1 tap-vm1
ip addr add "$GW/24" dev tap-vm1
BARRIER=$GW
ask vm1 discover
expect_reply offer yiaddr=192.0.2.11
expect_counters tap-vm1 offer 1
