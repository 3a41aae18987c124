#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

BURST=500

# socket_of NAME: set BYTES to what waits in the monitor's socket, and MISSED_BY_CORE to the
# events that the kernel dropped because the socket was full.
socket_of() {
	read -r BYTES MISSED_BY_CORE < <(awk -v pid="${WATCH[$1]}" \
		'$2 == 16 && $3 == pid { print $5, $9 }' /proc/net/netlink)
}

# refusals COUNT: cause COUNT events.
refusals() {
	send_flood vm1 request "$1" rx
	total=$((total + $1))
}

say "a guest causes events at will: a stopped monitor affects neither another monitor nor the guests"
make_flooder_and_neighbour 0
start_monitor all -j monitor
start_monitor slow -j monitor
vdhcpctl port add settle-slow mode deny
expect_events slow 1 settle-slow
kill -STOP "${WATCH[slow]}"
mark_counters tap-vm1
total=0 bursts=0 most=0
# Each burst ends when the running monitor has printed it.
while socket_of slow && [[ $MISSED_BY_CORE -eq 0 ]]; do
	((bursts++ < 100)) || fail "the socket took $total events and is not full"
	refusals "$BURST"
	expect_events all "$total" '"event":"nak"'
done
say "  the socket was full after $total events, with $BYTES bytes"
for _ in 1 2; do
	refusals "$BURST"
	expect_events all "$total" '"event":"nak"'
	socket_of slow
	((BYTES <= most || most == 0)) || fail "the socket grew from $most to $BYTES bytes"
	most=$BYTES
done
say "  after $total events it held $BYTES bytes, $MISSED_BY_CORE events were missed"
expect_counters tap-vm1 nak-no-address "$total"
ask vm2 discover
expect_reply offer yiaddr=192.0.2.12
ask vm2 request addr=192.0.2.12 server="$GW"
expect_reply ack
expect_no_gap all

say "when the stopped monitor continues, it learns exactly how many events it missed"
kill -CONT "${WATCH[slow]}"
wait_missed_count slow vdhcpctl port set settle-slow rate 7
vdhcpctl port add settle-end mode deny
expect_events slow 1 settle-end
expect_seen_or_missed slow settle-end
