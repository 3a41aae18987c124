# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Listeners to events (vdhcpctl monitor -j); the file NAME.events has a line for each.

declare -A WATCH=()
MISSED=0

# start_monitor NAME WORD...: start a monitor, which listens when this returns.
start_monitor() {
	local name=$1
	shift
	vdhcpctl -s "$@" >"$W/$name.events" 2>"$W/$name.said" &
	# shellcheck disable=SC2034 # for stories
	WATCH[$name]=$!
	wait_until 20 "monitor $name" grep -q listening "$W/$name.said"
}

has_events() {
	[[ $(grep -c -- "$3" "$W/$1.events") -ge $2 ]]
}

# expect_events NAME N TEXT: the monitor prints exactly N lines with TEXT.
expect_events() {
	wait_until 20 "$2 lines of monitor $1 with $3" has_events "$@"
	expect_equal "lines of monitor $1 with $3" "$(grep -c -- "$3" "$W/$1.events")" "$2"
}

# expect_no_gap NAME: the monitor received every event, each once and in order.
expect_no_gap() {
	grep -o '"number":[0-9]*' "$W/$1.events" | cut -d: -f2 |
		awk 'NR > 1 && $1 != last + 1 { exit 1 } { last = $1 }' ||
		fail "numbers of the events: $(grep -o '"number":[0-9]*' "$W/$1.events" | tr '\n' ' ')"
}

has_missed_count() {
	local name=$1
	shift
	"$@"
	grep -q '"event":"overrun","missed":' "$W/$name.events"
}

# wait_missed_count NAME COMMAND...: run COMMAND until the monitor prints how many events it
# missed. It knows that number from the first event after the gap, which COMMAND causes.
wait_missed_count() {
	wait_until 20 "the count of missed events" has_missed_count "$@"
}

# expect_seen_or_missed NAME TEXT: each event, from the first to the one with TEXT, was either
# printed or counted as missed; MISSED says how many were missed.
expect_seen_or_missed() {
	local events first last file=$W/$1.events
	MISSED=$(sed -n 's/.*"event":"overrun","missed":\([0-9]*\).*/\1/p' "$file" | awk '{ n += $1 } END { print n + 0 }')
	events=$(grep -c '"number":' "$file")
	first=$(sed -n '0,/"number":/s/.*"number":\([0-9]*\).*/\1/p' "$file")
	last=$(sed -n "s/.*\"number\":\([0-9]*\).*$2.*/\1/p" "$file")
	say "  $events events seen, $MISSED missed, numbers $first to $last"
	((MISSED > 0)) || fail "nothing missed"
	expect_equal "events seen and missed" "$((events + MISSED))" "$((last - first + 1))"
}
