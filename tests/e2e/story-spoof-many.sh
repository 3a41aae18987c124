#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# alone: it looks at the kernel's memory
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
wild_world 0
ask vm2 discover
replied offer yiaddr=192.0.2.12
watch all -j monitor
began=$SECONDS total=0
for kind in chaddr source; do
	# What the first of its kind takes is none of the others'.
	flooded vm1 "$kind" 1000
	total=$((total + 1000))
	mark tap-vm1
	kernel_memory
	before=$REPLY
	stations=$(command bridge fdb show br br0 | wc -l)
	flooded vm1 "$kind" "$FRAMES"
	total=$((total + FRAMES))
	moved tap-vm1 "spoofed-$kind" "$FRAMES"
	memory_within "$before" 0
	equals "addresses that the bridge has learnt" "$(command bridge fdb show br br0 | wc -l)" "$stations"
done

say "listeners are told once a second, with a count of the rest; not one is left out of that"
# The next one after a second says how many there were.
nap 1.1
flooded vm1 both 1
total=$((total + 1))
took=$((SECONDS - began + 1))
until_true 20 "the last event" last_is_told "$total"
say "  $TOLD events in $took s, and $SUPPRESSED suppressed"
equals "events and those suppressed" "$((TOLD + SUPPRESSED))" "$total"
((TOLD <= took + 1)) || fail "$TOLD events in $took s"
without_gap all

say "with the default rate most of them are not even looked at, and a neighbour is served meanwhile"
vdhcpctl port set tap-vm1 rate none
mark tap-vm1
began=$SECONDS
tell_begin vm1 flood both 0
for _ in 1 2 3 4 5; do
	ask vm2 discover
	replied offer yiaddr=192.0.2.12
done
tell_begin vm1 stop
tell_end vm1
did sent
took=$((SECONDS - began + 1))
load_counters tap-vm1
looked=$((COUNT["spoofed-source"] - ${MARK["spoofed-source"]}))
moved tap-vm1 spoofed-source "$looked" rate-limited "$((REPLY - looked))"
say "  $REPLY frames in $took s, $looked looked at"
((looked >= 100 && looked <= 100 * (took + 1))) || fail "$looked looked at in $took s at a rate of 100"
