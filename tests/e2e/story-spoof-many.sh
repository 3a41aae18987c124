#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# measure_frame_cost: it looks at the kernel's memory
. "$(dirname "$0")/lib.sh"

FRAMES=100000

# Of the monitor's events, how many there are, and how many were not told one by one.
sum_events() {
	TOLD=$(grep -c '"event":"spoofed-mac"' "$W/all.events") || :
	SUPPRESSED=$(grep -o '"suppressed":[0-9]*' "$W/all.events" | awk -F: '{ n += $2 } END { print n + 0 }')
}

last_is_told() {
	sum_events
	[[ $((TOLD + SUPPRESSED)) -ge $1 ]]
}

say "a guest invents $FRAMES MAC addresses, as chaddr and as Ethernet source"
make_flooder_and_neighbour 0
ask vm2 discover
expect_reply offer yiaddr=192.0.2.12
start_monitor all -j monitor
began=$SECONDS total=0
for kind in chaddr source; do
	# What the first of its kind takes is none of the others'.
	send_flood vm1 "$kind" 1000
	total=$((total + 1000))
	mark_counters tap-vm1
	read_kernel_memory
	before=$REPLY
	stations=$(bridge fdb show br br0 | wc -l)
	send_flood vm1 "$kind" "$FRAMES"
	total=$((total + FRAMES))
	expect_counters tap-vm1 "spoofed-$kind" "$FRAMES"
	expect_memory_growth "$before" 0
	expect_equal "addresses that the bridge has learnt" "$(bridge fdb show br br0 | wc -l)" "$stations"
done

say "listeners are told once a second, with a count of the rest; not one is left out of that"
# The next one after a second says how many there were.
sleep_briefly 1.1
send_flood vm1 both 1
total=$((total + 1))
took=$((SECONDS - began + 1))
wait_until 20 "the last event" last_is_told "$total"
say "  $TOLD events in $took s, and $SUPPRESSED suppressed"
expect_equal "events and those suppressed" "$((TOLD + SUPPRESSED))" "$total"
((TOLD <= took + 1)) || fail "$TOLD events in $took s"
expect_no_gap all

say "with the default rate most of them are not even looked at, and a neighbour is served meanwhile"
vdhcpctl port set tap-vm1 rate none
mark_counters tap-vm1
began=$SECONDS
begin_command vm1 flood both 0
for _ in 1 2 3 4 5; do
	ask vm2 discover
	expect_reply offer yiaddr=192.0.2.12
done
begin_command vm1 stop
end_command vm1
read_result sent
took=$((SECONDS - began + 1))
load_counters tap-vm1
looked=$((COUNT["spoofed-source"] - ${MARK["spoofed-source"]}))
expect_counters tap-vm1 spoofed-source "$looked" rate-limited "$((REPLY - looked))"
say "  $REPLY frames in $took s, $looked looked at"
((looked >= 100 && looked <= 100 * (took + 1))) || fail "$looked looked at in $took s at a rate of 100"
