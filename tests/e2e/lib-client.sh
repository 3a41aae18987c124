# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Real DHCP clients in a guest, each with its distribution's own configuration and script.
# A hook in that script (guest.sh) writes a line to run/events at each change of state, and
# the client's variables to run/lease.

# shellcheck disable=SC2034 # for stories
VIEW='' LEASE='' EVENT=''
declare -A CURSOR=()

start_client() {
	local name=$1 log=$W/$1/${2##*/}.log
	shift
	exec_in_guest "$name" "$@" >>"$log" 2>&1 &
	CLIENT_PID["$name"]=$!
}

run_dhclient() {
	local name=$1
	shift
	start_client "$name" dhclient -4 -d -v "$@" eth0
}

run_udhcpc() {
	local name=$1
	shift
	start_client "$name" udhcpc -f -i eth0 -s /etc/udhcpc/e2e.script "$@"
}

run_dhcpcd() {
	local name=$1
	shift
	start_client "$name" dhcpcd -4 -B -d "$@" eth0
}

# run_networkd GUEST: systemd-networkd, without systemd and udev; a read-only /sys tells it so.
run_networkd() {
	local name=$1 unit
	unit="[Match]\nName=eth0\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n"
	# shellcheck disable=SC2016 # for the guest's shell
	in_guest "$name" busybox sh -c 'mount -t sysfs -o ro sysfs /sys &&
		mkdir -p /etc/systemd/network /run/systemd/netif/links /run/systemd/netif/leases &&
		chown -R systemd-network /run/systemd/netif && printf "$1" >/etc/systemd/network/eth0.network' \
		- "$unit"
	start_client "$name" /lib/systemd/systemd-networkd
}

# renew_udhcpc GUEST: make udhcpc renew now. It sends from a connected UDP socket, closes that
# and listens on another one. An ACK that arrives before the close, as vdhcp's often does (over
# veth always), is lost, and udhcpc asks again by broadcast. So expect
# "ack-renewing 1+ ack-rebinding 0+".
renew_udhcpc() {
	kill -USR1 "${CLIENT_PID[$1]}"
	wait_client_event "$1" '^renew '
}

stop_client() {
	stop_process "${CLIENT_PID[$1]}"
	unset "CLIENT_PID[$1]"
}

has_client_event() {
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

# wait_client_event GUEST REGEX [SECONDS]: wait for the client's next event that matches; sets
# EVENT to that line and LEASE to the client's variables.
wait_client_event() {
	wait_until "${3:-60}" "event $2 of the client in $1" has_client_event "$1" "$2"
	# shellcheck disable=SC2034 # for stories
	LEASE=$(<"$W/$1/run/lease")
}

# read_guest_view GUEST: set VIEW to the guest's address, MTU, routes, resolv.conf and host name.
read_guest_view() {
	# shellcheck disable=SC2016 # for the guest's shell
	VIEW=$(in_guest "$1" busybox sh -c 'ip -4 -o addr show dev eth0; ip link show dev eth0
		/sbin/ip -4 route; cat /etc/resolv.conf; echo "hostname $(hostname)"')
}

# expect_lease_in_guest GUEST ADDRESS: the guest has configured everything that SUBNET says.
expect_lease_in_guest() {
	local what
	read_guest_view "$1"
	for what in "inet $2/24 " "mtu 1450" "default via $GW " "169.254.169.254 via $META " \
		$'\n'"nameserver 192.0.2.53"$'\n' $'\n'"nameserver 198.51.100.53"$'\n'; do
		expect_text "what $1 sees" "$VIEW"$'\n' "$what"
	done
	expect_match "what $1 sees" "$VIEW" 'search example\.org\.? lab\.example\.org'
	expect_match "what $1 sees" "$VIEW" "hostname $1(\.example\.org)?\$"
}

# show_guest_view GUEST: print VIEW.
show_guest_view() {
	# shellcheck disable=SC2016 # for the guest's shell
	local line
	while read -r line; do
		[[ $line != *link/ether* && $line != *qdisc* ]] || continue
		say "  $1: ${line%% valid_lft*}"
	done <<<"$VIEW"
}

# expect_two_leases: dhclient in vm1 and udhcpc in vm2 get their whole configuration.
expect_two_leases() {
	local n
	run_dhclient vm1
	run_udhcpc vm2 -O staticroutes -O mtu -O search
	wait_client_event vm1 '^BOUND 192.0.2.11$'
	wait_client_event vm2 '^bound 192.0.2.12$'
	for n in 1 2; do
		expect_lease_in_guest "vm$n" "192.0.2.1$n"
		show_guest_view "vm$n"
		mark_zero
		expect_counters "tap-vm$n" offer 1+ ack-selecting 1+
		expect_all_counted "vm$n"
	done
}
