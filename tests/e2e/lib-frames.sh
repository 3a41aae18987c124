# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Frames of any kind from a guest's card (ask.py), and captures of what comes by
# on the host (tcpdump).

MARKER=0 CAUGHT=''
declare -A CAPTURE_AT=()
# What answers ARP on the link, for ask's barrier; "-" if nothing does.
BARRIER=$GW

# One line to ask.py, one line back in ASK. It is started when first needed.
ask_line() {
	if [[ -z $ASK_PID ]]; then
		mkfifo "$W/ask.in" "$W/ask.out"
		/usr/bin/python3 -S -E -s "$E2E/ask.py" <"$W/ask.in" >"$W/ask.out" 2>"$W/ask.log" &
		ASK_PID=$!
		exec {ASK_IN}>"$W/ask.in" {ASK_OUT}<"$W/ask.out"
	fi
	echo "$1" >&"$ASK_IN"
	read -r -t $((60 * SLOW)) -u "$ASK_OUT" ASK || fail "ask.py does not answer"
	[[ $ASK != '{"error":'* ]] || fail "$ASK"
}

# ask GUEST[/DEV] WORD [KEY=VALUE]...: see ask.py.
ask() {
	local where=$1
	shift
	[[ $where == */* ]] || where+=/eth0
	if [[ " $*" != *" wait="* && $BARRIER != - ]]; then
		set -- "$@" "barrier=$BARRIER"
	fi
	ask_line "/run/netns/$where $*"
}

# ask_begin GUEST loop|flood: it goes on until ask_end, with the answer in ASK.
ask_begin() {
	ask_line "/run/netns/$1/eth0 forget"
	rm -f "$W/ask.stop"
	echo "/run/netns/$1/eth0 $2 wait=600 stop=$W/ask.stop" >&"$ASK_IN"
}

ask_end() {
	: >"$W/ask.stop"
	read -r -t $((60 * SLOW)) -u "$ASK_OUT" ASK || fail "ask.py does not answer"
	[[ $ASK != '{"error":'* ]] || fail "$ASK"
}

# replied TYPE [KEY=VALUE]...: there was one reply, and it said so.
replied() {
	local type=$1 pair value
	contains "replies" "$ASK" '"n":1,"first":{'
	contains "reply" "$ASK" "\"type\":\"$type\""
	shift
	for pair in "$@"; do
		value=${pair#*=}
		[[ $value =~ ^[0-9]+$ && ${pair%%=*} != [0-9]* ]] || value="\"$value\""
		contains "reply" "$ASK" "\"${pair%%=*}\":$value"
	done
}

silence() {
	contains "replies" "$ASK" '"n":0,'
}

# capture NAME DEV [NETNS]: from now on, into NAME.pcap and, as CAPTURE_OPTIONS
# have it, as text.
capture() {
	local name=$1 dev=$2 enter=()
	[[ -z ${3-} ]] || enter=(nsenter "--net=/run/netns/$3" --)
	# shellcheck disable=SC2086 # words
	"${enter[@]}" tcpdump -i "$dev" -Z root -nn -e -l -U ${CAPTURE_OPTIONS-} --immediate-mode --print \
		-w "$W/$name.pcap" >"$W/$name.txt" 2>"$W/$name.log" &
	# shellcheck disable=SC2034 # lib.sh has it
	CAPTURE_PID["$name"]=$!
	CAPTURE_AT["$name"]=0
	until_true 20 "tcpdump on $dev" listening "$name"
}

listening() {
	[[ -s $W/$1.log && $(<"$W/$1.log") == *"listening on"* ]]
}

has_marker() {
	[[ -s $W/$1.txt && $(<"$W/$1.txt") == *".$((40000 + MARKER)): "* ]]
}

# caught GUEST NAME...: what the captures saw since the last time, up to now;
# "now" is a frame that the guest sends and that gets everywhere. In CAUGHT.
caught() {
	local guest=$1 name all lines
	shift
	MARKER=$((MARKER + 1))
	ask "$guest" marker "number=$MARKER" wait=0
	CAUGHT=
	for name in "$@"; do
		until_true 20 "the marker in capture $name" has_marker "$name"
		mapfile -t lines <"$W/$name.txt"
		all=$(printf '%s\n' "${lines[@]:${CAPTURE_AT[$name]}}")
		CAUGHT+=$all$'\n'
		CAPTURE_AT["$name"]=${#lines[@]}
	done
}

# no_dhcp GUEST NAME...: and there was no DHCP among it.
no_dhcp() {
	caught "$@"
	lacks "on $*" "$CAUGHT" BOOTP
}

# arrives NAME N WORDS: waits for N lines with WORDS that capture NAME has and caught
# has not shown. Open vSwitch asks its daemon about the first frame of a flow, and a
# marker of another flow overtakes it.
arrives() {
	until_true 20 "$2 times '$3' in capture $1" has_lines "$@"
}

has_lines() {
	local seen
	seen=$(tail -n "+$((${CAPTURE_AT[$1]} + 1))" "$W/$1.txt" | grep -cF -e "$3") || :
	((seen >= $2))
}

# Text of the DHCP lines of CAUGHT.
caught_dhcp() {
	local line
	while read -r line; do
		[[ $line != *BOOTP* ]] || echo "$line"
	done <<<"$CAUGHT"
}
