# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What stories have in common. A story is a bash script that sources this file,
# says what it shows, and ends with status 0 if it saw it. inside.sh runs each in
# namespaces of its own, so that everything it leaves behind goes with them:
#
#	host		the network namespace that the story runs in
#	guest NAME	namespaces of a "VM" (network, mounts, hostname), in which real
#			DHCP clients run; its card eth0 leads to a tap on the host
#	net		the rest of the world, behind another port of the bridge
#
# Nothing waits for time to pass where it can wait for an event. That something
# does not come is known from something sent after it which did come: ask's
# barrier for replies, seen's marker for what must not leave the host.
#
# A story that saw what it wanted ends with the account of all packets, see
# lib-count.sh.
set -euo pipefail

E2E=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(cd "$E2E/../.." && pwd)
PUMP=$TOP/build/e2e/pump
W=${E2E_WORK:?"run this by tests/e2e/run.sh"}
# How much longer than elsewhere things take (software emulation).
SLOW=${E2E_SLOW:-3}

# Addresses of the subnet that most stories use (RFC 5737, RFC 7042).
GW=192.0.2.1
META=192.0.2.2
# shellcheck disable=SC2034 # for stories
SUBNET=(cidr 192.0.2.0/24 gateway "$GW" dns "192.0.2.53,198.51.100.53" mtu 1450
	route 169.254.169.254/32 via "$META" domain example.org
	search "example.org,lab.example.org")

declare -A GUEST_PID=() GUEST_MAC=() GUEST_TAP=() PUMP_PID=() CLIENT_PID=() CAPTURE_PID=()
ASK='' ASK_PID=''

# ---- saying and failing --------------------------------------------------------

say() {
	printf '# %s\n' "$*"
}

# Everything that helps to understand, where it can be found.
postmortem() {
	local f
	trap - ERR
	set +e
	exec 2>&1
	echo "--- vdhcpctl port show; stats"
	vdhcpctl port show
	vdhcpctl stats all
	echo "--- devices and bridge ports"
	ip -s -brief link
	bridge -d link
	if [[ -d $W/ovs ]]; then
		echo "--- Open vSwitch"
		ovs-vsctl show
		ovs-appctl dpctl/show -s
		ovs-appctl dpctl/dump-flows -m
		ovs-appctl fdb/show ovs0
		ovs-appctl coverage/show | grep -i 'drop\|lost\|upcall'
	fi
	for f in "$W"/*.log "$W"/*/*.log "$W"/*.txt; do
		[[ -s $f ]] || continue
		echo "--- ${f#"$W"/}"
		tail -n 25 "$f"
	done
	[[ -z $ASK ]] || printf '%s\n' "--- last answer" "$ASK"
}

fail() {
	local i where=
	for ((i = 1; i < ${#FUNCNAME[@]}; i++)); do
		[[ ${BASH_SOURCE[i]} == */story-* ]] || continue
		where=${BASH_SOURCE[i]##*/}:${BASH_LINENO[i - 1]}
		break
	done
	printf 'FAIL %s: %s\n' "$where" "$*"
	postmortem
	exit 1
}

# Exit status 77: this machine cannot show it.
skip() {
	printf 'SKIP %s\n' "$*"
	exit 77
}

on_error() {
	# In a subshell; the shell itself will come here too.
	[[ $BASH_SUBSHELL -eq 0 ]] || exit "$1"
	printf 'FAIL %s:%s: status %s of: %s\n' "${BASH_SOURCE[1]##*/}" "$2" "$1" "$3"
	postmortem
	exit 1
}
trap 'on_error $? $LINENO "$BASH_COMMAND"' ERR
set -o errtrace

# Processes that would keep the namespaces; the namespaces keep all the rest.
cleanup() {
	local pid
	for pid in ${ASK_PID:+"$ASK_PID"} "${CLIENT_PID[@]}" "${CAPTURE_PID[@]}" "${PUMP_PID[@]}" \
		"${GUEST_PID[@]}"; do
		kill "$pid" 2>/dev/null || :
	done
}

the_end() {
	local status=$?
	trap - ERR
	if [[ $status -eq 0 ]]; then
		(account) || status=1
	fi
	cleanup
	exit "$status"
}
trap the_end EXIT

equals() {
	[[ $2 == "$3" ]] || fail "$1: is '$2' and should be '$3'"
}

contains() {
	[[ $2 == *"$3"* ]] || fail "$1: no '$3' in: $2"
}

lacks() {
	[[ $2 != *"$3"* ]] || fail "$1: there is '$3' in: $2"
}

matches() {
	[[ $2 =~ $3 ]] || fail "$1: no match for '$3' in: $2"
}

# refused TEXT COMMAND...: it ends with status 2, and says TEXT.
refused() {
	local text=$1 said status=0
	shift
	said=$("$@" 2>&1) || status=$?
	equals "status of: $*" "$status" 2
	contains "$*" "$said" "$text"
	say "  ${*##*/}: ${said%%$'\n'*}"
}

# generation: of the configuration.
generation() {
	/usr/bin/python3 -B "$TOP/tests/cli/genl.py"
}

# Kernels before 6.1 cannot keep anybody from listening to a group.
events_are_private() {
	[[ $(uname -r) != 5.* ]]
}

# Before 6.2 an error has no room for a text of its own.
errors_are_private() {
	[[ $(printf '%s\n' 6.2 "$(uname -r)" | sort -V | head -n 1) == 6.2 ]]
}

# ---- waiting -----------------------------------------------------------------

exec {NAP}<> <(:)

# Sleep without a process; a fraction of a second.
nap() {
	read -r -t "$1" -u "$NAP" _ || :
}

# until_true SECONDS WHAT COMMAND...: poll COMMAND until it succeeds.
until_true() {
	local end=$((SECONDS + $1 * SLOW)) what=$2
	shift 2
	until "$@"; do
		((SECONDS < end)) || fail "waited in vain for: $what"
		nap 0.1
	done
}

gone() {
	! kill -0 "$1" 2>/dev/null
}

finish() {
	kill "$1" 2>/dev/null || return 0
	until_true 20 "end of process $1" gone "$1"
}

# ---- host --------------------------------------------------------------------

# A bridge br0 with the gateway's address.
bridge() {
	ip -batch - <<-E
		link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0
		addr add $GW/24 dev br0
		link set br0 up
	E
}

# wire BRIDGE: another port of it, with the rest of the world behind it in namespace "net".
# BRIDGE may be "-".
wire() {
	ip netns add net
	ip link add wire0 type veth peer name net0 netns net
	[[ $1 == - ]] || ip link set wire0 master "$1"
	ip link set wire0 up
	ip -n net link set net0 up
}

attach() {
	ip link set "$1" master "${2:-br0}"
}

up_for() {
	local up
	read -r up _ </proc/uptime
	((${up%.*} >= $1))
}

ovs_start() {
	local dir=$W/ovs
	modprobe openvswitch || skip "no openvswitch module"
	mkdir -p "$dir"
	export OVS_RUNDIR=$dir OVS_DBDIR=$dir OVS_LOGDIR=$dir
	ovsdb-tool create "$dir/conf.db" /usr/share/openvswitch/vswitch.ovsschema
	ovsdb-server "$dir/conf.db" --remote="punix:$dir/db.sock" --pidfile --log-file --detach \
		--no-chdir >"$W/ovs.log" 2>&1
	ovs-vsctl --no-wait init
	# Open vSwitch 3.1 counts the processors once in ten seconds, and not before the machine
	# has been up for as long: with none of them nobody takes packets from its datapath.
	until_true 20 "the tenth second after boot" up_for 10
	ovs-vswitchd "unix:$dir/db.sock" --pidfile --log-file --detach --no-chdir >>"$W/ovs.log" 2>&1
}

# A device that is up is not renamed.
rename() {
	ip -batch - <<-E
		link set $1 down
		link set $1 name $2
		link set $2 up
	E
}

# ---- guests ------------------------------------------------------------------

# guest NAME [MAC]: namespaces for a VM; no card yet.
guest() {
	local name=$1 dir=$W/$1 mac=${2:-} pid
	printf -v mac '%s' "${mac:-00:00:5e:00:53:0$((${#GUEST_MAC[@]} + 1))}"
	mkdir -p "$dir"
	unshare --net --uts --mount --propagation private -- \
		busybox sh "$E2E/guest.sh" "$dir" "$E2E" >"$dir/guest.log" 2>&1 &
	pid=$!
	until_true 20 "namespaces of $name" test -e "$dir/run/ready"
	ip netns attach "$name" "$pid"
	GUEST_PID[$name]=$pid
	GUEST_MAC[$name]=$mac
}

# power_on NAME TAP [PUMP'S OPTIONS]: its card appears, and its tap if it is not
# there. As with QEMU, a tap made here goes away with the VM.
power_on() {
	local name=$1 tap=$2 pidfile=$W/$1/pump.pid
	shift 2
	"$PUMP" -m "${GUEST_MAC[$name]}" -n "/run/netns/$name" -s "$W/$name/counts" -p "$pidfile" "$@" \
		"$tap" eth0 2>"$W/$name/pump.log" || fail "pump: $(<"$W/$name/pump.log")"
	GUEST_TAP[$name]=$tap
	PUMP_PID[$name]=$(<"$pidfile")
}

power_off() {
	finish "${PUMP_PID[$1]}"
	unset "PUMP_PID[$1]"
	enter_pumped "$1"
	[[ -z $ASK_PID ]] || ask_line "/run/netns/$1/eth0 forget"
}

# A card that is one end of a veth pair, as containers have it.
plug_veth() {
	ip link add "$2" type veth peer name eth0 address "${GUEST_MAC[$1]}" netns "$1"
	ip -n "$1" link set eth0 up
	ip link set "$2" up
	GUEST_TAP[$1]=$2
	# There is no pump that would count. This hook comes before vdhcp's.
	nft "table netdev e2e { chain $1 {
		type filter hook ingress device $2 priority -500; udp dport { 67, 68 } counter; }; }"
}

# vm NAME TAP [BRIDGE]: all of it.
vm() {
	guest "$1"
	power_on "$1" "$2"
	attach "$2" "${3:-br0}"
}

# serve NAME ADDR [WORD VALUE]...: the port of its tap, in subnet s1.
serve() {
	local name=$1 addr=$2
	shift 2
	vdhcpctl port add "${GUEST_TAP[$name]}" mac "${GUEST_MAC[$name]}" addr "$addr" subnet s1 \
		hostname "$name" "$@"
}

in_guest() {
	local name=$1
	shift
	nsenter --target "${GUEST_PID[$name]}" --net --uts --mount -- "$@"
}

# The same in the background, so that $! is the program itself.
exec_in_guest() {
	local name=$1
	shift
	exec nsenter --target "${GUEST_PID[$name]}" --net --uts --mount -- "$@"
}

# What the pump saw go by, by name (see pump.c).
pumped() {
	local line
	read -r line <"$W/$1/counts"
	line=${line#*"$2="}
	line=${line%% *}
	REPLY=$((10#$line))
}

# shellcheck source=tests/e2e/lib-count.sh
. "$E2E/lib-count.sh"
# shellcheck source=tests/e2e/lib-frames.sh
. "$E2E/lib-frames.sh"
# shellcheck source=tests/e2e/lib-client.sh
. "$E2E/lib-client.sh"
# shellcheck source=tests/e2e/lib-event.sh
. "$E2E/lib-event.sh"
# shellcheck source=tests/e2e/lib-flood.sh
. "$E2E/lib-flood.sh"
