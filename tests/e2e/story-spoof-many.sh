#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# alone: it measures the kernel's memory
. "$(dirname "$0")/lib.sh"

FRAMES=100000

# sum_events: set TOLD to the events that the monitor printed, SUPPRESSED to those that were
# only counted.
sum_events() {
	TOLD=$(grep -c '"event":"spoofed-mac"' "$W/all.events") || :
	SUPPRESSED=$(grep -o '"suppressed":[0-9]*' "$W/all.events" | awk -F: '{ n += $2 } END { print n + 0 }')
}

last_is_printed() {
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
	# The first frames of a kind allocate memory that later ones do not.
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
	expect_equal "addresses that the bridge learnt" "$(bridge fdb show br br0 | wc -l)" "$stations"
done

say "one event a second is reported, with a count of the others; none is lost"
# The first event after a second has the count of the suppressed ones.
sleep_briefly 1.1
send_flood vm1 both 1
total=$((total + 1))
took=$((SECONDS - began + 1))
wait_until 20 "the last event" last_is_printed "$total"
say "  $TOLD events in $took s, and $SUPPRESSED suppressed"
expect_equal "events and those suppressed" "$((TOLD + SUPPRESSED))" "$total"
((TOLD <= took + 1)) || fail "$TOLD events in $took s"
expect_no_gap all

say "with the default rate most frames are dropped unread, and a neighbour is served meanwhile"
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
say "  $REPLY frames in $took s, $looked read"
((looked >= 100 && looked <= 100 * (took + 1))) || fail "$looked read in $took s at a rate of 100"
