# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Listeners to events: vdhcpctl monitor -j, each line of whose is in NAME.events.

declare -A WATCH=()
MISSED=0

# watch NAME WORD...: a monitor, listening when this returns; its lines are in NAME.events.
watch() {
	local name=$1
	shift
	vdhcpctl -s "$@" >"$W/$name.events" 2>"$W/$name.said" &
	# shellcheck disable=SC2034 # for stories
	WATCH[$name]=$!
	until_true 20 "monitor $name" grep -q listening "$W/$name.said"
}

count_told() {
	[[ $(grep -c -- "$3" "$W/$1.events") -ge $2 ]]
}

# told NAME N TEXT: it comes to N lines with TEXT, and no more.
told() {
	until_true 20 "$2 lines of monitor $1 with $3" count_told "$@"
	equals "lines of monitor $1 with $3" "$(grep -c -- "$3" "$W/$1.events")" "$2"
}

# without_gap NAME: it was told of every event, each once and in order.
without_gap() {
	grep -o '"number":[0-9]*' "$W/$1.events" | cut -d: -f2 |
		awk 'NR > 1 && $1 != last + 1 { exit 1 } { last = $1 }' ||
		fail "numbers of the events: $(grep -o '"number":[0-9]*' "$W/$1.events" | tr '\n' ' ')"
}

has_counted() {
	local name=$1
	shift
	"$@"
	grep -q '"event":"overrun","missed":' "$W/$name.events"
}

# counts_missed NAME COMMAND...: it says how many it missed. That comes with the
# first event after the gap, which COMMAND makes.
counts_missed() {
	until_true 20 "the count of missed events" has_counted "$@"
}

# seen_and_missed NAME TEXT: from its first event to the one with TEXT, each was
# either told or counted as missed; in MISSED.
seen_and_missed() {
	local events first last file=$W/$1.events
	MISSED=$(sed -n 's/.*"event":"overrun","missed":\([0-9]*\).*/\1/p' "$file" | awk '{ n += $1 } END { print n + 0 }')
	events=$(grep -c '"number":' "$file")
	first=$(sed -n '0,/"number":/s/.*"number":\([0-9]*\).*/\1/p' "$file")
	last=$(sed -n "s/.*\"number\":\([0-9]*\).*$2.*/\1/p" "$file")
	say "  $events events seen, $MISSED missed, numbers $first to $last"
	((MISSED > 0)) || fail "nothing missed"
	equals "events seen and missed" "$((events + MISSED))" "$((last - first + 1))"
}
