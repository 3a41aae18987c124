# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Stories look at vdhcp's counters: what moved, and that nothing else did. A port
# is named DEV, or DEV@VLAN.

declare -A COUNT=() MARK=()

# Load the counters of a port: COUNT[VERDICT], COUNT[message:NAME], COUNT[note:NAME].
load_counters() {
	local json group text name args=("${1%@*}")
	[[ $1 != *@* ]] || args+=(vlan "${1#*@}")
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

# adds_up GUEST [PORT...]: every DHCP frame that the guest sent, as the pump
# counted them, is counted under exactly one verdict of its ports. Call it when
# nothing is under way.
adds_up() {
	local guest=$1 port sum=0 messages=0 key sent rogue=0
	shift
	pumped "$guest" client
	sent=$REPLY
	pumped "$guest" server
	for port in "${@:-${GUEST_TAP[$guest]}}"; do
		load_counters "$port"
		rogue=$((rogue + ${COUNT["rogue-server"]}))
		for key in "${!COUNT[@]}"; do
			case $key in
			arp-reply | note:*) ;;
			message:*) messages=$((messages + ${COUNT[$key]})) ;;
			*) sum=$((sum + ${COUNT[$key]})) ;;
			esac
		done
	done
	# Without guard, what a server would send passes uncounted.
	[[ $rogue -eq 0 ]] || sent=$((sent + REPLY))
	equals "sum of the verdicts, against DHCP frames sent by $guest" "$sum" "$sent"
	((messages <= sum)) || fail "$messages messages but only $sum packets"
}
