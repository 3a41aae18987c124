#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# alone: it unloads the module
. "$(dirname "$0")/lib.sh"

configure() {
	local n
	{
		echo "subnet add s1 ${SUBNET[*]}"
		for n in 1 2 3; do
			echo "port add tap-vm$n mac ${GUEST_MAC[vm$n]} addr 192.0.2.1$n subnet s1 rate 0"
		done
	} | vdhcpctl -batch -
}

all_served() {
	local n
	for n in 1 2 3; do
		has_reached "tap-vm$n" offer 5 || return
	done
}

say "the module is unloaded and loaded ten times while three guests flood"
make_bridge
make_uplink br0
for n in 1 2 3; do
	make_vm "vm$n" "tap-vm$n"
done
configure
for n in 1 2 3; do
	/usr/bin/python3 -S -E -s "$E2E/ask.py" "/run/netns/vm$n/eth0" flood "stop=$W/stop" wait=600 \
		>"$W/flood$n.txt" 2>&1 &
	flood[n]=$!
done
for round in {1..10}; do
	wait_counter "tap-vm$((round % 3 + 1))" offer 5 60
	rmmod vdhcp
	[[ ! -e /sys/module/vdhcp ]] || fail "the module is still loaded"
	# A hook that was left registered would crash, because the guests send all the time.
	insmod "$TOP/build/ko/$VDHCP_KVER/vdhcp.ko"
	# The new module has no configuration.
	[[ $round -ne 1 ]] || expect_equal "ports" "$(vdhcpctl -j port show)" '[]'
	configure
done
wait_until 60 "replies to all guests" all_served
: >"$W/stop"
wait "${flood[@]}"
say "$(cat "$W"/flood?.txt)"
for n in 1 2 3; do
	ask "vm$n" discover
	expect_reply offer "yiaddr=192.0.2.1$n"
done
restart_balance "the module's counters were lost while guests were sending"

say "the module is unloaded while devices, ports and namespaces exist, and loaded again"
ip netns add there
vdhcpctl -n there subnet add s1 "${SUBNET[@]}"
vdhcpctl -n there port add tap-later mac 00:00:5e:00:53:55 addr 192.0.2.55 subnet s1
start_capture world net0 net
carry_balance_over
rmmod vdhcp
ip netns del there
ask vm1 discover
expect_no_reply
expect_uncounted 1 0 "without the module"
read_captures vm1 world
expect_text "network without the module" "$CAUGHT" "BOOTP/DHCP, Request from ${GUEST_MAC[vm1]}"
insmod "$TOP/build/ko/$VDHCP_KVER/vdhcp.ko"
configure
for n in 1 2 3; do
	ask "vm$n" discover
	expect_reply offer "yiaddr=192.0.2.1$n"
	mark_zero
	expect_counters "tap-vm$n" offer 1
done

say "a monitor goes on when the module is unloaded and loaded again"
start_monitor all -j monitor
start_monitor one -j monitor port tap-vm9
expect_events one 1 '"event":"not-configured","dev":"tap-vm9"'
carry_balance_over
rmmod vdhcp
expect_events all 1 '"event":"unloaded"'
insmod "$TOP/build/ko/$VDHCP_KVER/vdhcp.ko"
expect_events all 1 '"event":"loaded"'
expect_events one 2 '"event":"not-configured","dev":"tap-vm9"'
configure
expect_events all 4 '"change":"added"'
ask vm1 discover
expect_reply offer "yiaddr=192.0.2.11"
