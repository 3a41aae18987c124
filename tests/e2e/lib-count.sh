# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Checks of vdhcp's counters: which ones changed, and that no others did. A port is named
# DEV or DEV@VLAN.

declare -A COUNT=() MARK=()

# load_counters [PORT]: read COUNT[VERDICT], COUNT[message:NAME] and COUNT[note:NAME] of a
# port, or the totals of the namespace.
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

save_mark() {
	local name
	MARK=()
	for name in "${!COUNT[@]}"; do
		MARK[$name]=${COUNT[$name]}
	done
}

# mark_counters PORT: remember its counters for expect_counters.
mark_counters() {
	load_counters "$1"
	save_mark
}

# mark_zero: as mark_counters when the port was new.
mark_zero() {
	MARK=()
}

# expect_counters PORT NAME N...: since the mark these counters rose by N (N+: by N or more)
# and no other verdict's counter changed. Sets the mark again.
expect_counters() {
	local port=$1 name n delta got='' want=''
	local -A expect=()
	shift
	load_counters "$port"
	while [[ $# -gt 0 ]]; do
		[[ -v COUNT[$1] ]] || fail "no counter is named $1"
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
	[[ -z $got ]] || fail "counters of $port rose by:$got; expected:$want"
	save_mark
}

has_reached() {
	load_counters "$1"
	[[ ${COUNT[$2]} -ge $3 ]]
}

# wait_counter PORT NAME N [SECONDS]
wait_counter() {
	wait_until "${4:-30}" "$2 of $1 to reach $3" has_reached "$1" "$2" "$3"
}

# sum_verdicts: add up the loaded counters of DHCP verdicts: all of them in REPLY, replies
# alone in REPLIES.
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

# expect_all_counted GUEST [PORT...]: every DHCP frame that the guest sent, as tapvm counted
# them, is counted under exactly one verdict of its ports. Call it when no frame is in flight.
expect_all_counted() {
	local guest=$1 port sum=0 messages=0 key sent server rogue=0
	shift
	read_tapvm_count "$guest" client
	sent=$REPLY
	read_tapvm_count "$guest" server
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
	# Without guard, messages of a DHCP server pass uncounted.
	[[ $rogue -eq 0 ]] || sent=$((sent + server))
	expect_equal "sum of the verdicts, against DHCP frames sent by $guest" "$sum" "$sent"
	((messages <= sum)) || fail "$messages messages but only $sum packets"
}

# ---- packet balance ----------------------------------------------------------
#
# When a story passes, both equations must hold:
#
#	DHCP frames that guests sent, as tapvm counted them
#		= packets that vdhcp counted in the namespace: replied, consumed, dropped, passed
#	frames for DHCP clients that guests received, as tapvm counted them
#		= packets that vdhcp counted as replies
#
# The totals of the namespace outlive the ports, and the sums here outlive the taps. A
# story names the frames that only one side can count, with the reason (expect_uncounted).

BALANCE_SENT=0 BALANCE_REPLIES=0 BALANCE_CHECKED=''

# add_to_balance GUEST [-]: add (or subtract) what its tapvm has counted so far.
add_to_balance() {
	read_tapvm_count "$1" client
	BALANCE_SENT=$((BALANCE_SENT + ${2-}1 * REPLY))
	read_tapvm_count "$1" server
	BALANCE_SENT=$((BALANCE_SENT + ${2-}1 * REPLY))
	read_tapvm_count "$1" reply
	BALANCE_REPLIES=$((BALANCE_REPLIES + ${2-}1 * REPLY))
}

# expect_uncounted SENT REPLIES WHY: vdhcp could not count so many frames, because of WHY.
expect_uncounted() {
	BALANCE_SENT=$((BALANCE_SENT - $1))
	BALANCE_REPLIES=$((BALANCE_REPLIES - $2))
	say "not in the packet balance: $1 sent, $2 replies: $3"
}

# carry_balance_over: call before the module is unloaded, because its counters go with it, and
# when no frame is in flight.
carry_balance_over() {
	load_counters || fail "no counters"
	sum_verdicts
	BALANCE_SENT=$((BALANCE_SENT - REPLY))
	BALANCE_REPLIES=$((BALANCE_REPLIES - REPLIES))
}

# restart_balance WHY: leave all frames so far out of the balance. Call it when no frame is in
# flight.
restart_balance() {
	local name
	load_counters || fail "no counters"
	sum_verdicts
	BALANCE_SENT=$REPLY BALANCE_REPLIES=$REPLIES
	for name in "${!TAPVM_PID[@]}"; do
		add_to_balance "$name" -
	done
	say "the packet balance starts here: $1"
}

# check_packet_balance: end every tapvm and check both equations, once.
check_packet_balance() {
	local name packets veth=
	[[ -z $BALANCE_CHECKED ]] || return 0
	BALANCE_CHECKED=1
	# A frame that a tapvm has counted, vdhcp has counted, because write() returns after it.
	for name in "${!TAPVM_PID[@]}"; do
		stop_process "${TAPVM_PID[$name]}"
		add_to_balance "$name"
	done
	load_counters || fail "no counters"
	sum_verdicts
	for packets in $(nft list table netdev e2e 2>/dev/null | sed -n 's/.* packets \([0-9]*\) .*/\1/p'); do
		BALANCE_SENT=$((BALANCE_SENT + packets))
		veth=1
	done
	say "packet balance: $BALANCE_SENT sent, $REPLY counted; $REPLIES replies counted, $BALANCE_REPLIES received"
	expect_equal "DHCP frames sent, against packets counted" "$BALANCE_SENT" "$REPLY"
	# Frames to a veth pair are not counted.
	[[ -n $veth ]] || expect_equal "frames for DHCP clients received, against replies counted" "$BALANCE_REPLIES" "$REPLIES"
}
