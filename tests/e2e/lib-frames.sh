# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Frames of any kind from a guest's card (ask.py), and captures on the host (tcpdump).

MARKER=0 CAUGHT=''
declare -A CAPTURE_AT=()
# Address whose ARP reply is the barrier of ask; "-" if no host on the link replies.
BARRIER=$GW

# ask_line LINE: send a line to ask.py, which starts at first use; its answer is in ASK.
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

# ask GUEST[/DEV] WORD [KEY=VALUE]...: send a frame and collect replies; see ask.py.
ask() {
	local where=$1
	shift
	[[ $where == */* ]] || where+=/eth0
	if [[ " $*" != *" wait="* && $BARRIER != - ]]; then
		set -- "$@" "barrier=$BARRIER"
	fi
	ask_line "/run/netns/$where $*"
}

# ask_begin GUEST loop|flood|rogue [KEY=VALUE]...: send frames until ask_end, which sets ASK.
ask_begin() {
	local guest=$1
	shift
	ask_line "/run/netns/$guest/eth0 forget"
	rm -f "$W/ask.stop"
	echo "/run/netns/$guest/eth0 $* wait=600 stop=$W/ask.stop" >&"$ASK_IN"
}

ask_end() {
	: >"$W/ask.stop"
	read -r -t $((60 * SLOW)) -u "$ASK_OUT" ASK || fail "ask.py does not answer"
	[[ $ASK != '{"error":'* ]] || fail "$ASK"
}

# expect_reply TYPE [KEY=VALUE]...: the last question got one reply, which has these values.
expect_reply() {
	local type=$1 pair value
	expect_text "replies" "$ASK" '"n":1,"first":{'
	expect_text "reply" "$ASK" "\"type\":\"$type\""
	shift
	for pair in "$@"; do
		value=${pair#*=}
		[[ $value =~ ^[0-9]+$ && ${pair%%=*} != [0-9]* ]] || value="\"$value\""
		expect_text "reply" "$ASK" "\"${pair%%=*}\":$value"
	done
}

expect_no_reply() {
	expect_text "replies" "$ASK" '"n":0,'
}

# start_capture NAME DEV [NETNS]: capture into NAME.pcap and, with tcpdump's CAPTURE_OPTIONS, as
# text into NAME.txt.
start_capture() {
	local name=$1 dev=$2 enter=()
	[[ -z ${3-} ]] || enter=(nsenter "--net=/run/netns/$3" --)
	# shellcheck disable=SC2086 # words
	"${enter[@]}" tcpdump -i "$dev" -Z root -nn -e -l -U ${CAPTURE_OPTIONS-} --immediate-mode --print \
		-w "$W/$name.pcap" >"$W/$name.txt" 2>"$W/$name.log" &
	# shellcheck disable=SC2034 # lib.sh has it
	CAPTURE_PID["$name"]=$!
	CAPTURE_AT["$name"]=0
	wait_until 20 "tcpdump on $dev" is_capturing "$name"
}

is_capturing() {
	[[ -s $W/$1.log && $(<"$W/$1.log") == *"listening on"* ]]
}

has_marker() {
	[[ -s $W/$1.txt && $(<"$W/$1.txt") == *".$((40000 + MARKER)): "* ]]
}

# read_captures GUEST NAME...: set CAUGHT to what the captures saw between the last call and a
# marker that the guest sends now.
read_captures() {
	local guest=$1 name all lines
	shift
	MARKER=$((MARKER + 1))
	ask "$guest" marker "number=$MARKER" wait=0
	CAUGHT=
	for name in "$@"; do
		wait_until 20 "the marker in capture $name" has_marker "$name"
		mapfile -t lines <"$W/$name.txt"
		all=$(printf '%s\n' "${lines[@]:${CAPTURE_AT[$name]}}")
		CAUGHT+=$all$'\n'
		CAPTURE_AT["$name"]=${#lines[@]}
	done
}

# expect_no_dhcp GUEST NAME...: read_captures, and no DHCP message is in CAUGHT.
expect_no_dhcp() {
	read_captures "$@"
	expect_no_text "on $*" "$CAUGHT" BOOTP
}

# wait_captured NAME N WORDS: wait until capture NAME has N lines with WORDS after those that
# read_captures has shown. Open vSwitch asks its daemon about the first frame of a flow, so a
# marker of another flow can overtake it.
wait_captured() {
	wait_until 20 "$2 times '$3' in capture $1" has_captured "$@"
}

has_captured() {
	local seen
	seen=$(tail -n "+$((${CAPTURE_AT[$1]} + 1))" "$W/$1.txt" | grep -cF -e "$3") || :
	((seen >= $2))
}

# print_captured_dhcp: print the DHCP lines of CAUGHT.
print_captured_dhcp() {
	local line
	while read -r line; do
		[[ $line != *BOOTP* ]] || echo "$line"
	done <<<"$CAUGHT"
}
