# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The library of the stories. A story is a bash script that sources this file, prints in one
# sentence what it shows, and exits with 0 if it saw that. inside.sh runs each story in
# network and mount namespaces of its own, which remove everything that the story created.
#
#	 guest vm1                     host: the namespace of the story
#	.------------------.          .----------------------------------.
#	| DHCP client      |          |                                  |
#	|   eth0 --- tapvm +----------+ tap-vm1 (*) --.                  |
#	'------------------'          |               |                  |
#	 guest vm2                    |          bridge br0 ---- wire0 --+-- net0 in namespace "net",
#	.------------------.          |          192.0.2.1               |   the rest of the network
#	| DHCP client      |          |               |                  |
#	|   eth0 --- tapvm +----------+ tap-vm2 (*) --'                  |
#	'------------------'          '----------------------------------'
#
#	(*) vdhcp's hook is at the ingress of the tap, before the bridge
#
# Glossary:
#	story		an end-to-end test of one promise, tests/e2e/story-NAME.sh
#	host		the namespace that the story runs in; vdhcp answers here
#	guest		the namespaces of a VM (network, mounts, host name), without a VM:
#			a real DHCP client runs in it and uses the card eth0
#	tapvm		the program (tapvm.c) that connects a guest's eth0 with a tap on the
#			host, as QEMU does; it counts the frames in both directions, and
#			floods on command (flood.c)
#	uplink, net	a veth pair from the bridge to the rest of the network, where other
#			DHCP servers can be, and where nothing of vdhcp's traffic may arrive
#	mark		the counters of a port as they were; expect_counters compares with it
#	marker		a frame that a guest sends and that reaches every capture; what was
#			sent before it has arrived when the marker has
#	barrier		an ARP exchange after a question: a reply that is not there when the
#			ARP reply is will not come
#	packet balance	the check that ends every story that passes: each DHCP frame that a
#			tapvm carried was counted by vdhcp, and the other way round; see
#			lib-count.sh
#
# Stories wait for events, not for time to pass.
set -euo pipefail

E2E=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(cd "$E2E/../.." && pwd)
TAPVM=$TOP/build/e2e/tapvm
W=${E2E_WORK:?"run this by tests/e2e/run.sh"}
# Factor for all time limits, because the VM may be emulated.
SLOW=${E2E_SLOW:-3}

# Addresses of the subnet that most stories use (RFC 5737, RFC 7042).
GW=192.0.2.1
META=192.0.2.2
# shellcheck disable=SC2034 # for stories
SUBNET=(cidr 192.0.2.0/24 gateway "$GW" dns "192.0.2.53,198.51.100.53" mtu 1450
	route 169.254.169.254/32 via "$META" domain example.org
	search "example.org,lab.example.org")

declare -A GUEST_PID=() GUEST_MAC=() GUEST_TAP=() TAPVM_PID=() CLIENT_PID=() CAPTURE_PID=()
ASK='' ASK_PID=''

# ---- reports and failures --------------------------------------------------------

say() {
	printf '# %s\n' "$*"
}

# Prints what helps to find out why a story failed.
print_state() {
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
	print_state
	exit 1
}

# Exit status 77 means that this machine cannot run the story.
skip() {
	printf 'SKIP %s\n' "$*"
	exit 77
}

fail_on_error() {
	# Leave the report to the main shell, which gets here as well.
	[[ $BASH_SUBSHELL -eq 0 ]] || exit "$1"
	printf 'FAIL %s:%s: status %s of: %s\n' "${BASH_SOURCE[1]##*/}" "$2" "$1" "$3"
	print_state
	exit 1
}
trap 'fail_on_error $? $LINENO "$BASH_COMMAND"' ERR
set -o errtrace

# End the processes that keep the namespaces alive; everything else goes with those.
cleanup() {
	local pid
	for pid in ${ASK_PID:+"$ASK_PID"} "${CLIENT_PID[@]}" "${CAPTURE_PID[@]}" "${TAPVM_PID[@]}" \
		"${GUEST_PID[@]}"; do
		kill "$pid" 2>/dev/null || :
	done
}

end_story() {
	local status=$?
	trap - ERR
	if [[ $status -eq 0 ]]; then
		(check_packet_balance) || status=1
	fi
	cleanup
	exit "$status"
}
trap end_story EXIT

expect_equal() {
	[[ $2 == "$3" ]] || fail "$1: expected '$3', got '$2'"
}

expect_text() {
	[[ $2 == *"$3"* ]] || fail "$1: expected '$3' in: $2"
}

expect_no_text() {
	[[ $2 != *"$3"* ]] || fail "$1: unexpected '$3' in: $2"
}

expect_match() {
	[[ $2 =~ $3 ]] || fail "$1: expected a match of '$3' in: $2"
}

# expect_refused TEXT COMMAND...: COMMAND fails with status 2 and prints TEXT.
expect_refused() {
	local text=$1 said status=0
	shift
	said=$("$@" 2>&1) || status=$?
	expect_equal "status of: $*" "$status" 2
	expect_text "$*" "$said" "$text"
	say "  ${*##*/}: ${said%%$'\n'*}"
}

# read_generation: print the generation of the configuration.
read_generation() {
	/usr/bin/python3 -B "$TOP/tests/cli/genl.py"
}

# Kernels before 6.1 cannot restrict who joins a multicast group.
events_are_private() {
	[[ $(uname -r) != 5.* ]]
}

# Before 6.2 error messages cannot hold formatted text.
errors_are_private() {
	[[ $(printf '%s\n' 6.2 "$(uname -r)" | sort -V | head -n 1) == 6.2 ]]
}

# ---- waiting -----------------------------------------------------------------

exec {NAP}<> <(:)

# sleep_briefly SECONDS: sleep without starting a process.
sleep_briefly() {
	read -r -t "$1" -u "$NAP" _ || :
}

# wait_until SECONDS WHAT COMMAND...: poll COMMAND until it succeeds.
wait_until() {
	local end=$((SECONDS + $1 * SLOW)) what=$2
	shift 2
	until "$@"; do
		((SECONDS < end)) || fail "timed out waiting for: $what"
		sleep_briefly 0.1
	done
}

is_gone() {
	! kill -0 "$1" 2>/dev/null
}

stop_process() {
	kill "$1" 2>/dev/null || return 0
	wait_until 20 "end of process $1" is_gone "$1"
}

# ---- host --------------------------------------------------------------------

# make_bridge: br0, which has the gateway's address.
make_bridge() {
	ip -batch - <<-E
		link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0
		addr add $GW/24 dev br0
		link set br0 up
	E
}

# make_uplink BRIDGE: connect BRIDGE with namespace "net", the rest of the network; "-" for
# no bridge yet.
make_uplink() {
	ip netns add net
	ip link add wire0 type veth peer name net0 netns net
	[[ $1 == - ]] || ip link set wire0 master "$1"
	ip link set wire0 up
	ip -n net link set net0 up
}

join_bridge() {
	ip link set "$1" master "${2:-br0}"
}

is_up_for() {
	local up
	read -r up _ </proc/uptime
	((${up%.*} >= $1))
}

start_ovs() {
	local dir=$W/ovs
	modprobe openvswitch || skip "no openvswitch module"
	mkdir -p "$dir"
	export OVS_RUNDIR=$dir OVS_DBDIR=$dir OVS_LOGDIR=$dir
	ovsdb-tool create "$dir/conf.db" /usr/share/openvswitch/vswitch.ovsschema
	ovsdb-server "$dir/conf.db" --remote="punix:$dir/db.sock" --pidfile --log-file --detach \
		--no-chdir >"$W/ovs.log" 2>&1
	ovs-vsctl --no-wait init
	# Open vSwitch 3.1 counts processors every ten seconds, first when the machine has been
	# up for ten. Until then it has no thread that handles packets.
	wait_until 20 "the tenth second after boot" is_up_for 10
	ovs-vswitchd "unix:$dir/db.sock" --pidfile --log-file --detach --no-chdir >>"$W/ovs.log" 2>&1
}

# rename_device DEV NAME: with the device down meanwhile, as older kernels require.
rename_device() {
	ip -batch - <<-E
		link set $1 down
		link set $1 name $2
		link set $2 up
	E
}

# ---- guests ------------------------------------------------------------------

# make_guest NAME [MAC]: the namespaces of a VM, without a card yet.
make_guest() {
	local name=$1 dir=$W/$1 mac=${2:-} pid
	printf -v mac '%s' "${mac:-00:00:5e:00:53:0$((${#GUEST_MAC[@]} + 1))}"
	mkdir -p "$dir"
	unshare --net --uts --mount --propagation private -- \
		busybox sh "$E2E/guest.sh" "$dir" "$E2E" >"$dir/guest.log" 2>&1 &
	pid=$!
	wait_until 20 "namespaces of $name" test -e "$dir/run/ready"
	ip netns attach "$name" "$pid"
	GUEST_PID[$name]=$pid
	GUEST_MAC[$name]=$mac
}

# power_on NAME TAP [OPTIONS OF TAPVM]: create the guest's card, and TAP if it does not
# exist. As with QEMU, a tap that is created here goes away with the VM.
power_on() {
	local name=$1 tap=$2 pidfile=$W/$1/tapvm.pid
	shift 2
	"$TAPVM" -m "${GUEST_MAC[$name]}" -n "/run/netns/$name" -s "$W/$name/counts" -p "$pidfile" "$@" \
		"$tap" eth0 2>"$W/$name/tapvm.log" || fail "tapvm: $(<"$W/$name/tapvm.log")"
	GUEST_TAP[$name]=$tap
	TAPVM_PID[$name]=$(<"$pidfile")
}

power_off() {
	stop_process "${TAPVM_PID[$1]}"
	unset "TAPVM_PID[$1]"
	add_to_balance "$1"
	[[ -z $ASK_PID ]] || ask_line "/run/netns/$1/eth0 forget"
}

# plug_veth NAME DEV: make the guest's card one end of a veth pair, as containers have it.
plug_veth() {
	ip link add "$2" type veth peer name eth0 address "${GUEST_MAC[$1]}" netns "$1"
	ip -n "$1" link set eth0 up
	ip link set "$2" up
	GUEST_TAP[$1]=$2
	# No tapvm counts here, so nftables does, in a hook before vdhcp's.
	nft "table netdev e2e { chain $1 {
		type filter hook ingress device $2 priority -500; udp dport { 67, 68 } counter; }; }"
}

# make_vm NAME TAP [BRIDGE]: a guest with a card, whose tap is in BRIDGE (br0).
make_vm() {
	make_guest "$1"
	power_on "$1" "$2"
	join_bridge "$2" "${3:-br0}"
}

# add_port NAME ADDR [WORD VALUE]...: configure the port of the guest's tap, in subnet s1.
add_port() {
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

# exec_in_guest NAME COMMAND...: for the background, so that $! is COMMAND itself.
exec_in_guest() {
	local name=$1
	shift
	exec nsenter --target "${GUEST_PID[$name]}" --net --uts --mount -- "$@"
}

# read_tapvm_count NAME COUNTER: in REPLY; see struct counts in tapvm.c.
read_tapvm_count() {
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
