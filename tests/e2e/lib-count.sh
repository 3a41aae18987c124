# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Stories look at vdhcp's counters: what moved, and that nothing else did. A port
# is named DEV, or DEV@VLAN.

declare -A COUNT=() MARK=()

# Load the counters of a port: COUNT[VERDICT], COUNT[message:NAME], COUNT[note:NAME].
# Of none: the totals of the namespace.
load_counters() {
	local json group text name args=(${1+"${1%@*}"})
	[[ ${1-} != *@* ]] || args+=(vlan "${1#*@}")
	json=$(vdhcpctl -j stats "${args[@]}") || return
	COUNT=()
	for group in messages verdicts notes; do
		text=${json#*"\"$group\":"}
		[[ $text != "$json" ]] || fail "no $group in: $json"
		text=${text#*\{}
		text=${text%%\}*}
		while [[ $text =~ ^[[:space:],]*\"([a-z0-9-]+)\":[[:space:]]*([0-9]+) ]]; do
			name=${BASH_REMATCH[1]}
			[[ $group == verdicts ]] || name=${group%s}:$name
			COUNT[$name]=${BASH_REMATCH[2]}
			text=${text#"${BASH_REMATCH[0]}"}
		done
	done
	[[ ${#COUNT[@]} -gt 40 ]] || fail "only ${#COUNT[@]} counters in: $json"
}

keep_mark() {
	local name
	MARK=()
	for name in "${!COUNT[@]}"; do
		MARK[$name]=${COUNT[$name]}
	done
}

# Remember where the counters of a port stand.
mark() {
	load_counters "$1"
	keep_mark
}

# As if marked when the port was new.
fresh() {
	MARK=()
}

# moved PORT NAME N...: since mark, these counters went up by so much (N+: or
# more), and no other verdict did. Marks again.
moved() {
	local port=$1 name n delta got='' want=''
	local -A expect=()
	shift
	load_counters "$port"
	while [[ $# -gt 0 ]]; do
		[[ -v COUNT[$1] ]] || fail "there is no counter $1"
		expect[$1]=$2
		shift 2
	done
	for name in "${!COUNT[@]}"; do
		[[ $name != *:* || -v expect[$name] ]] || continue
		delta=$((${COUNT[$name]} - ${MARK[$name]:-0}))
		n=${expect[$name]:-0}
		[[ $n != *+ ]] || ((delta < ${n%+})) || continue
		if [[ $delta != "$n" ]]; then
			got+=" $name $delta"
			want+=" $name $n"
		fi
	done
	[[ -z $got ]] || fail "counters of $port went up:$got; should have:$want"
	keep_mark
}

reached() {
	load_counters "$1"
	[[ ${COUNT[$2]} -ge $3 ]]
}

# wait_counter PORT NAME N [SECONDS]
wait_counter() {
	until_true "${4:-30}" "$2 of $1 to reach $3" reached "$1" "$2" "$3"
}

# Sum of the verdicts that are loaded, in REPLY, and of those that are replies, in
# REPLIES. ARP is no DHCP.
sum_verdicts() {
	local key
	REPLY=0 REPLIES=0
	for key in "${!COUNT[@]}"; do
		case $key in
		arp-reply | *:*) continue ;;
		offer | ack-* | nak-*) REPLIES=$((REPLIES + ${COUNT[$key]})) ;;
		esac
		REPLY=$((REPLY + ${COUNT[$key]}))
	done
}

# adds_up GUEST [PORT...]: every DHCP frame that the guest sent, as the pump
# counted them, is counted under exactly one verdict of its ports. Call it when
# nothing is under way.
adds_up() {
	local guest=$1 port sum=0 messages=0 key sent server rogue=0
	shift
	pumped "$guest" client
	sent=$REPLY
	pumped "$guest" server
	server=$REPLY
	for port in "${@:-${GUEST_TAP[$guest]}}"; do
		load_counters "$port"
		rogue=$((rogue + ${COUNT["rogue-server"]}))
		sum_verdicts
		sum=$((sum + REPLY))
		for key in "${!COUNT[@]}"; do
			[[ $key != message:* ]] || messages=$((messages + ${COUNT[$key]}))
		done
	done
	# Without guard, what a server would send passes uncounted.
	[[ $rogue -eq 0 ]] || sent=$((sent + server))
	equals "sum of the verdicts, against DHCP frames sent by $guest" "$sum" "$sent"
	((messages <= sum)) || fail "$messages messages but only $sum packets"
}

# ---- the account -------------------------------------------------------------
#
# When a story ends well, the two sides of it must be the same:
#
#	DHCP frames that its guests sent, as their pumps counted them
#		= packets counted in its namespace: replies, quiet ends, drops, passed
#	frames for DHCP clients that the guests got
#		= packets counted as replies
#
# The totals of the namespace outlive the ports, and the sums of the pumps here
# outlive the taps. What is on one side only a story has to name, with the reason.

ENTERED=0 ENTERED_REPLIES=0 ACCOUNTED=''

# enter_pumped GUEST [-]: what its pump has counted so far.
enter_pumped() {
	pumped "$1" client
	ENTERED=$((ENTERED + ${2-}1 * REPLY))
	pumped "$1" server
	ENTERED=$((ENTERED + ${2-}1 * REPLY))
	pumped "$1" reply
	ENTERED_REPLIES=$((ENTERED_REPLIES + ${2-}1 * REPLY))
}

# overlooked SENT REPLIES WHY: so many were not for vdhcp to count.
overlooked() {
	ENTERED=$((ENTERED - $1))
	ENTERED_REPLIES=$((ENTERED_REPLIES - $2))
	say "not in the account: $1 sent, $2 replies: $3"
}

# carry_over: the module is about to go, and its counters with it. Call it when nothing
# is under way.
carry_over() {
	load_counters || fail "no counters"
	sum_verdicts
	ENTERED=$((ENTERED - REPLY))
	ENTERED_REPLIES=$((ENTERED_REPLIES - REPLIES))
}

# account_from_here WHY: what there was before is on neither side. Call it when nothing
# is under way.
account_from_here() {
	local name
	load_counters || fail "no counters"
	sum_verdicts
	ENTERED=$REPLY ENTERED_REPLIES=$REPLIES
	for name in "${!PUMP_PID[@]}"; do
		enter_pumped "$name" -
	done
	say "the account begins here: $1"
}

# account: once, with all pumps ended.
account() {
	local name packets veth=
	[[ -z $ACCOUNTED ]] || return 0
	ACCOUNTED=1
	# What a pump has counted when it ends, vdhcp has counted.
	for name in "${!PUMP_PID[@]}"; do
		finish "${PUMP_PID[$name]}"
		enter_pumped "$name"
	done
	load_counters || fail "no counters"
	sum_verdicts
	for packets in $(nft list table netdev e2e 2>/dev/null | sed -n 's/.* packets \([0-9]*\) .*/\1/p'); do
		ENTERED=$((ENTERED + packets))
		veth=1
	done
	say "account: $ENTERED sent, $REPLY counted; $REPLIES replies counted, $ENTERED_REPLIES received"
	equals "DHCP frames sent, against packets counted" "$ENTERED" "$REPLY"
	# What comes out of a veth pair is not counted.
	[[ -n $veth ]] || equals "frames for DHCP clients received, against replies counted" "$ENTERED_REPLIES" "$REPLIES"
}
