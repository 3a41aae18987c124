#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

# Moved, it is down and without addresses, which answer ask's barrier.
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

say "each network namespace has a configuration of its own, by the same names"
ip netns add there
vdhcpctl subnet add s1 "${SUBNET[@]}"
vdhcpctl -n there subnet add s1 cidr 198.51.100.0/24 gateway 198.51.100.1
guest vm1
power_on vm1 tap-vm1
ip addr add "$GW/24" dev tap-vm1
serve vm1 192.0.2.11
vdhcpctl -n there port add tap-vm1 mac "${GUEST_MAC[vm1]}" addr 198.51.100.11 subnet s1
contains "here" "$(vdhcpctl -j port show)" 192.0.2.11
lacks "here" "$(vdhcpctl -j port show)" 198.51.100.11
contains "there" "$(vdhcpctl -n there -j port show)" 198.51.100.11

say "a device that moves is served by the namespace that it is in"
mark tap-vm1
ask vm1 discover
replied offer yiaddr=192.0.2.11
for _ in 1 2; do
	move_to there
	ask vm1 discover
	replied offer yiaddr=198.51.100.11
	move_to here
	ask vm1 discover
	replied offer yiaddr=192.0.2.11
done
moved tap-vm1 offer 3
contains "there" "$(vdhcpctl -n there -j stats tap-vm1)" '"offer":2'

say "a namespace goes with its ports and subnets, and with a device that is served in it"
vdhcpctl -n there port add tap-later mac 00:00:5e:00:53:55 addr 198.51.100.55 subnet s1
move_to there
ask vm1 discover
replied offer yiaddr=198.51.100.11
ip netns del there
until_true 30 "the device to go" gone "${PUMP_PID[vm1]}"
overlooked 3 3 "counted by another namespace, which has taken its counters with it"

say "one of the same name has nothing of it, and here all is as it was"
ip netns add there
equals "ports there" "$(vdhcpctl -n there -j port show)" '[]'
equals "subnets there" "$(vdhcpctl -n there -j subnet show)" '[]'
power_off vm1
power_on vm1 tap-vm1
ip addr add "$GW/24" dev tap-vm1
BARRIER=$GW
ask vm1 discover
replied offer yiaddr=192.0.2.11
moved tap-vm1 offer 1
