# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Real DHCP clients in a guest, each with its distribution's own configuration
# and script. A hook (guest.sh) tells what the client has come to: a line in
# run/events, and all that the client knows in run/lease.

# shellcheck disable=SC2034 # for stories
VIEW='' LEASE='' EVENT=''
declare -A CURSOR=()

client() {
	local name=$1 log=$W/$1/$2.log
	shift
	exec_in_guest "$name" "$@" >>"$log" 2>&1 &
	CLIENT_PID["$name"]=$!
}

run_dhclient() {
	local name=$1
	shift
	client "$name" dhclient -4 -d -v "$@" eth0
}

run_udhcpc() {
	local name=$1
	shift
	client "$name" udhcpc -f -i eth0 -s /etc/udhcpc/e2e.script "$@"
}

run_dhcpcd() {
	local name=$1
	shift
	client "$name" dhcpcd -4 -B -d "$@" eth0
}

# renew_udhcpc GUEST: have it renew now. It writes from a connected UDP socket that
# it closes at once, and listens on another one; an ACK that is there before the
# close, as ours may be, is lost on it (over veth, always). It asks again by
# broadcast then, so count with "ack-renewing 1+ ack-rebinding 0+".
renew_udhcpc() {
	kill -USR1 "${CLIENT_PID[$1]}"
	event "$1" '^renew '
}

stop_client() {
	finish "${CLIENT_PID[$1]}"
	unset "CLIENT_PID[$1]"
}

has_event() {
	local lines
	[[ -s $W/$1/run/events ]] || return
	mapfile -t lines <"$W/$1/run/events"
	while [[ ${CURSOR[$1]:-0} -lt ${#lines[@]} ]]; do
		EVENT=${lines[${CURSOR[$1]:-0}]}
		CURSOR[$1]=$((${CURSOR[$1]:-0} + 1))
		[[ ! $EVENT =~ $2 ]] || return 0
	done
	return 1
}

# event GUEST REGEX [SECONDS]: wait for the next event like that, in EVENT; then
# LEASE is what the client knows.
event() {
	until_true "${3:-60}" "event $2 of the client in $1" has_event "$1" "$2"
	# shellcheck disable=SC2034 # for stories
	LEASE=$(<"$W/$1/run/lease")
}

# What the guest itself sees: address, MTU, routes, resolv.conf, host name.
view() {
	# shellcheck disable=SC2016 # for the guest's shell
	VIEW=$(in_guest "$1" busybox sh -c 'ip -4 -o addr show dev eth0; ip link show dev eth0
		/sbin/ip -4 route; cat /etc/resolv.conf; echo "hostname $(hostname)"')
}

# sees_its_lease GUEST ADDRESS: all of what SUBNET says has arrived in the guest's
# own configuration.
sees_its_lease() {
	local what
	view "$1"
	for what in "inet $2/24 " "mtu 1450" "default via $GW " "169.254.169.254 via $META " \
		$'\n'"nameserver 192.0.2.53"$'\n' $'\n'"nameserver 198.51.100.53"$'\n'; do
		contains "what $1 sees" "$VIEW"$'\n' "$what"
	done
	matches "what $1 sees" "$VIEW" 'search example\.org\.? lab\.example\.org'
	matches "what $1 sees" "$VIEW" "hostname $1(\.example\.org)?\$"
}

# show_view GUEST: the same for people to read.
show_view() {
	# shellcheck disable=SC2016 # for the guest's shell
	local line
	while read -r line; do
		[[ $line != *link/ether* && $line != *qdisc* ]] || continue
		say "  $1: ${line%% valid_lft*}"
	done <<<"$VIEW"
}

# two_leases: dhclient in vm1 and udhcpc in vm2 get all of their configuration.
two_leases() {
	local n
	run_dhclient vm1
	run_udhcpc vm2 -O staticroutes -O mtu -O search
	event vm1 '^BOUND 192.0.2.11$'
	event vm2 '^bound 192.0.2.12$'
	for n in 1 2; do
		sees_its_lease "vm$n" "192.0.2.1$n"
		show_view "vm$n"
		fresh
		moved "tap-vm$n" offer 1+ ack-selecting 1+
		adds_up "vm$n"
	done
}
