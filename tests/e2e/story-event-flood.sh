#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

BURST=500

# Bytes that wait for listener NAME in its socket, and events that it missed, by the
# core's own books.
socket_of() {
	read -r BYTES MISSED_BY_CORE < <(awk -v pid="${WATCH[$1]}" \
		'$2 == 16 && $3 == pid { print $5, $9 }' /proc/net/netlink)
}

refusals() {
	send_flood vm1 request "$1" rx
	total=$((total + $1))
}

say "a guest makes events at will: one listener does not read, another does, and the guests are answered"
make_flooder_and_neighbour 0
start_monitor all -j monitor
start_monitor slow -j monitor
vdhcpctl port add settle-slow mode deny
expect_events slow 1 settle-slow
kill -STOP "${WATCH[slow]}"
mark_counters tap-vm1
total=0 bursts=0 most=0
# Each burst ends when the one who reads has read it.
while socket_of slow && [[ $MISSED_BY_CORE -eq 0 ]]; do
	((bursts++ < 100)) || fail "no end of its socket's room after $total events"
	refusals "$BURST"
	expect_events all "$total" '"event":"nak"'
done
say "  its socket was full after $total events, with $BYTES bytes"
for _ in 1 2; do
	refusals "$BURST"
	expect_events all "$total" '"event":"nak"'
	socket_of slow
	((BYTES <= most || most == 0)) || fail "its socket has grown from $most to $BYTES bytes"
	most=$BYTES
done
say "  and after $total events with $BYTES bytes, $MISSED_BY_CORE missed"
expect_counters tap-vm1 nak-no-address "$total"
ask vm2 discover
expect_reply offer yiaddr=192.0.2.12
ask vm2 request addr=192.0.2.12 server="$GW"
expect_reply ack
expect_no_gap all

say "when it reads again, it is told how many it missed, to the last one"
kill -CONT "${WATCH[slow]}"
wait_missed_count slow vdhcpctl port set settle-slow rate 7
vdhcpctl port add settle-end mode deny
expect_events slow 1 settle-end
expect_seen_or_missed slow settle-end
