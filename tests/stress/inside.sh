#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Runs in the VM: the parts of the stress test, one after the other. run.sh starts this;
# the arguments are the parts. Each prints results for ktap_number in tests/lib/ktap.sh.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
bin=$top/build/stress
ko=$top/build/ko/${VDHCP_KVER:?"this runs in the VM"}/vdhcp.ko
seconds=${STRESS_SECONDS:-60}
seed=${SEED:?}
slow=${STRESS_SLOW:-3}
# Taps of the traffic.
taps=${STRESS_TAPS:?}
work=/run/stress
mkdir -p "$work"
cd "$work" || exit 1
modprobe -a tun 8021q nf_tables || exit 1

say() {
	echo "# $*"
	echo "stress: $*" >/dev/kmsg
}

# result STATUS NAME [FILE]: print the result of a test; FILE says why it failed
result() {
	if [[ $1 -eq 0 ]]; then
		echo "ok - $2"
	else
		echo "not ok - $2"
		[[ -z ${3-} || ! -s $3 ]] || head -n 200 "$3" | sed 's/^/    /'
	fi
}

skip() {
	echo "ok - $1 # SKIP $2"
}

# netns NAME: a network namespace in which the kernel itself sends nothing.
netns() {
	ip netns add "$1"
	ip netns exec "$1" sysctl -qw net.ipv6.conf.default.disable_ipv6=1
}

# until_true SECONDS COMMAND...: poll COMMAND, which prints nothing, until it succeeds
until_true() {
	local left=$(($1 * slow * 10))
	shift
	until "$@"; do
		((left-- > 0)) || return 1
		sleep 0.1
	done
}

# start NAME COMMAND...: run COMMAND in the background. Its standard input is the pipe NAME.in,
# which tell NAME LINE writes to and stop NAME closes; its output goes to NAME.out, a file
# unless there is a pipe of that name.
declare -A pid=() in=()
start() {
	local name=$1 fd
	shift
	rm -f "$name.in"
	mkfifo "$name.in"
	[[ -p $name.out ]] || : >"$name.out"
	# Opened for reading and writing, because that does not wait for the other end.
	exec {fd}<>"$name.in"
	in[$name]=$fd
	# A child must not hold the pipes of others open, or they never see the end.
	(
		for fd in "${in[@]}"; do
			exec {fd}>&-
		done
		exec "$@"
	) <"$name.in" >"$name.out" 2>"$name.err" &
	pid[$name]=$!
}

tell() {
	echo "$2" >&"${in[$1]}"
}

stop() {
	local fd=${in[$1]} status=0
	exec {fd}>&-
	unset "in[$1]"
	wait "${pid[$1]}" || status=$?
	return "$status"
}

has() { # FILE REGEX
	grep -q -- "$2" "$1"
}

# said NAME REGEX SECONDS: wait until its output matches; fails if it ends before
said() {
	local name=$1 regex=$2
	# shellcheck disable=SC2317 # until_true calls it
	has_or_ended() {
		has "$name.out" "$regex" || ! kill -0 "${pid[$name]}" 2>/dev/null
	}
	until_true "$3" has_or_ended
	has "$name.out" "$regex"
}

# ---- in the background ---------------------------------------------------------

declare -A reconfigs=()

# start_reconfig NAME NETNS WORD...: run a batch of random changes, see reconfig.py
start_reconfig() {
	local name=$1 netns=$2
	shift 2
	/usr/bin/python3 -S -E -s "$here/reconfig.py" "$@" |
		vdhcpctl -n "$netns" -force -batch - >/dev/null 2>"$name.err" &
	reconfigs[$name]=$!
}

# Wait for all of them. Status 1 and 2 mean that commands were refused, which is expected.
end_reconfig() {
	local name status bad=0
	for name in "${!reconfigs[@]}"; do
		status=0
		wait "${reconfigs[$name]}" || status=$?
		if [[ $status -gt 2 ]]; then
			echo "vdhcpctl of \"$name\" ended with status $status"
			tail -n 5 "$name.err"
			bad=1
		fi
	done
	reconfigs=()
	return "$bad"
}

# Is this process a member of a multicast group of generic netlink?
listens() {
	awk -v pid="$1" '$2 == 16 && $3 == pid && $4 !~ /^0*$/ { found = 1 } END { exit !found }' \
		"/proc/$1/net/netlink"
}

# listen NETNS: start two monitors and stop one of them, so that it never reads.
listen() {
	vdhcpctl -n "$1" -j monitor >events 2>events.err &
	reader=$!
	vdhcpctl -n "$1" monitor >/dev/null 2>&1 &
	sleeper=$!
	until_true 30 listens "$reader" && until_true 30 listens "$sleeper" || return 1
	kill -STOP "$sleeper"
}

listen_no_more() {
	local status=0
	kill -KILL "$sleeper"
	wait "$sleeper" 2>/dev/null
	kill -TERM "$reader"
	wait "$reader" || status=$?
	[[ $status -eq 0 ]] || echo "monitor ended with $status: $(tail -n 3 events.err)"
	has events '"event":"config"' || echo "monitor saw no change of the configuration"
}

# ---- part: traffic and configuration --------------------------------------------

has_ports() { # NETNS
	vdhcpctl -n "$1" -j port show | grep -q dev
}

# count_around NETNS PREFIX COUNT: count packets before and after vdhcp, whose priority is -300.
count_around() { # NETNS PREFIX COUNT
	local list
	list=$(seq -f "$2%.0f" -s ', ' 0 $(($3 - 1)))
	ip netns exec "$1" nft "table netdev around {
		chain before { type filter hook ingress devices = { $list } priority -301; counter; };
		chain after { type filter hook ingress devices = { $list } priority -299; counter; }; }"
}

measure() { # NETNS
	cp traffic.out traffic
	vdhcpctl -n "$1" -j stats >stats.json &&
		ip netns exec "$1" nft -j list table netdev around >nft.json &&
		ip -n "$1" -s -j link >links.json &&
		tc -n "$1" -s -j qdisc >qdiscs.json
}

traffic() { # TITLE WORD...
	local title=$1 status=0
	shift
	say "$title"
	netns A
	start traffic "$bin/traffic" -s "$seed" -t "$seconds" -c "$taps" "$@" A tap
	said traffic '^ready' 30 && count_around A tap "$taps" && listen A || status=1
	start_reconfig one A write "$seed" "$seconds" tap "$taps"
	start_reconfig two A write "$seed-2" "$seconds" tap "$taps"
	start_reconfig all A whole "$seed" "$seconds" "$bin/docs" 24
	until_true 60 has_ports A || status=1
	tell traffic go
	said traffic '^written' $((seconds + 60)) || status=1
	end_reconfig >broken || status=1
	listen_no_more >>broken
	measure A || status=1
	/usr/bin/python3 -E -s "$here/equations.py" "$work" "$bin/kinds.json" >equations || status=1
	grep '^#' equations
	grep -v '^#' equations >>broken
	cat traffic.err >>broken
	stop traffic || status=1
	ip netns del A
	[[ ! -s broken ]] || status=1
	result "$status" "$title" broken
}

part_traffic() {
	traffic "traffic while the configuration changes: all equations hold"
}

# All processors share one port, to find races on its counters.
part_crowd() {
	local taps=1
	traffic "all processors write into one tap meanwhile: all equations hold" -d
}

# ---- part: devices ---------------------------------------------------------------

# probe p|-: count the runs of the hook by a kprobe. Only some kernels can list hooks.
probe() { # p|-
	local tracing=/sys/kernel/tracing
	[[ $1 != - ]] || echo 0 >$tracing/events/kprobes/stress_hook/enable
	case $1 in
	p) echo 'p:stress_hook vdhcp:vdhcp_hook' >>$tracing/kprobe_events ;;
	-) echo '-:stress_hook' >>$tracing/kprobe_events ;;
	esac || return
	[[ $1 != p ]] || echo 1 >$tracing/events/kprobes/stress_hook/enable
}

# hooks WORD: print devices as "NETNS NAME", once for each hook of vdhcp on it.
hooks() { # WORD
	tell devices "hooks $1"
	said devices "^done hooks $1" 60 || return
	awk -v word="$1" '$1 == word { for (n = 0; n < $2; n++) print $4, $5 }' devices.out | sort
}

# with_ports: print the devices that must have one hook, because a port has their name.
with_ports() {
	local netns
	for netns in B C; do
		awk -v netns="$netns" '$1 == "tap" && $3 == netns { print $4 }' devices.out | sort >devs
		vdhcpctl -n "$netns" -j port show >ports.json || return
		sed 's/"dev": *"/\n&/g' ports.json | sed -n 's/^"dev": *"\([^"]*\)".*/\1/p' | sort -u |
			comm -12 - devs | sed "s/^/$netns /"
	done
}

hooks_are_right() { # WORD
	hooks "$1" >hooks.have && with_ports >hooks.want || return
	diff -u --label "ports $1" --label "hooks $1" hooks.want hooks.have
}

# port_for_each NETNS...: configure a port for each tap, in a subnet of its own.
port_for_each() { # NETNS...
	local netns
	for netns in "$@"; do
		awk -v netns="$netns" '
			BEGIN { print "subnet add final cidr 198.51.100.0/24" }
			$1 == "tap" && $3 == netns {
				printf "port replace %s mac 00:00:5e:00:53:%02x ", $4, $2
				printf "addr 198.51.100.%d rate 0 subnet final\n", 10 + $2
			}' devices.out | vdhcpctl -n "$netns" -batch - 2>&1
	done
}

# all_are_answered: print an error unless each tap is answered.
all_are_answered() {
	local n
	tell devices "ask end"
	said devices '^done ask' 120 || echo "devices did not finish"
	grep '^end SILENT' devices.out
	n=$(grep -c '^end answered' devices.out)
	[[ $n -eq 16 ]] || echo "$n of 16 taps were answered"
}

part_devices() {
	local title="devices come, go, move and change names: all are answered, each has one hook"
	local status=0 netns
	say "$title"
	: >broken
	netns B
	netns C
	start devices "$bin/devices" -s "$seed" -t "$seconds" B C d
	said devices '^ready' 30 || status=1
	for netns in B C; do
		start_reconfig "$netns" "$netns" write "$seed-$netns" "$seconds" d 16
		start_reconfig "all-$netns" "$netns" whole "$seed-$netns" "$seconds" "$bin/docs-d" 24
	done
	tell devices go
	said devices '^quiet' $((seconds + 300)) || status=1
	end_reconfig >>broken
	probe p || status=1
	say "$(grep ' of ' devices.out | paste -sd,)"
	hooks_are_right found >>broken || status=1
	say "$(wc -l <hooks.have) hooks on 16 devices at the end"
	port_for_each B C >>broken
	all_are_answered >>broken
	hooks_are_right configured >>broken || status=1
	for netns in B C; do
		vdhcpctl -n "$netns" flush || status=1
	done
	hooks_are_right flushed >>broken || status=1
	probe - || status=1
	cat devices.err >>broken
	[[ ! -s broken ]] || { ip -n B link && ip -n C link; } >>broken
	stop devices || status=1
	ip netns del B
	ip netns del C
	[[ ! -s broken ]] || status=1
	result "$status" "$title" broken
}

# ---- part: load and unload ---------------------------------------------------------

# again NETNS WORD...: run vdhcpctl as long as the file "reloading" exists. It may fail because
# the module is not loaded; a monitor is ended by a timeout.
again() { # NETNS WORD...
	local status limit=60 log=again.$BASHPID
	[[ $2 != monitor ]] || limit=2
	while [[ -e reloading ]]; do
		status=0
		nice timeout "$limit" vdhcpctl -n "$@" >/dev/null 2>"$log" || status=$?
		[[ $status -le 3 || $status -eq 124 && $2 == monitor ]] ||
			echo "vdhcpctl -n $*: status $status: $(tail -n 2 "$log")" >>broken
	done
}

no_module() {
	[[ ! -e /sys/module/vdhcp ]]
}

unload() {
	rmmod vdhcp 2>rmmod.err
}

no_leak() {
	local leaks=/sys/kernel/debug/kmemleak
	[[ -e $leaks ]] || return 0
	# kmemleak does not report memory that is younger than five seconds.
	sleep 6
	echo scan >$leaks
	echo scan >$leaks
	# shellcheck disable=SC2094 # not the same file
	cat $leaks >leaks
	[[ ! -s leaks ]]
}

part_reload() {
	local title="the module is reloaded under load: all are answered afterwards, and it unloads"
	local status=0 ends loads=0 busy=0 netns tasks=()
	say "$title"
	: >broken
	for netns in A B C; do
		netns "$netns"
	done
	for netns in A B C; do
		/usr/bin/python3 -S -E -s "$here/reconfig.py" write "$seed-$netns" 1000 \
			"$([[ $netns == A ]] && echo tap || echo d)" 16 2>/dev/null | head -n 200 >"batch$netns"
	done
	start traffic nice -n 19 "$bin/traffic" -c 16 -j 1 -s "$seed" -t 1000000 A tap
	start devices "$bin/devices" -s "$seed" -t "$seconds" B C d
	said traffic '^ready' 30 && said devices '^ready' 30 || status=1
	tell traffic go
	tell devices go
	: >reloading
	for netns in A B C; do
		again "$netns" -force -batch "batch$netns" &
		tasks+=($!)
	done
	again A sync "$bin/docs/1.json" --max-remove 100% &
	tasks+=($!)
	again B sync "$bin/docs-d/1.json" --max-remove 100% &
	tasks+=($!)
	again C -j stats all &
	tasks+=($!)
	again A monitor &
	tasks+=($!)
	# Even on a slow machine, because fewer reloads prove little.
	ends=$((SECONDS + seconds))
	while [[ $SECONDS -lt $ends || $loads -lt 8 && $busy -lt 200 ]]; do
		if unload; then
			insmod "$ko" 2>>broken || break
			loads=$((loads + 1))
		else
			# A dump or a request uses the module.
			has rmmod.err 'in use\|temporarily unavailable' || cat rmmod.err >>broken
			busy=$((busy + 1))
		fi
	done
	said devices '^quiet' $((seconds + 300)) || echo "devices did not finish" >>broken
	rm reloading
	wait "${tasks[@]}"
	say "$loads times loaded, $busy times in use"
	[[ $loads -ge 8 ]] || echo "it was loaded only $loads times" >>broken
	# The module has part of the configuration, from the last commands it received.
	for netns in B C; do
		vdhcpctl -n "$netns" flush || status=1
	done
	port_for_each B C >>broken
	all_are_answered >>broken
	# Traffic goes on: a hook that is still registered would crash.
	unload || cat rmmod.err >>broken
	no_module || echo "the module is still loaded" >>broken
	sleep 1
	tell traffic enough
	said traffic '^written' 60 || status=1
	stop traffic || status=1
	cat traffic.err devices.err >>broken
	stop devices || status=1
	for netns in A B C; do
		ip netns del "$netns"
	done
	no_leak || {
		echo "kmemleak:"
		cat leaks
	} >>broken
	insmod "$ko" 2>>broken
	[[ ! -s broken ]] || status=1
	result "$status" "$title" broken
}

# ---- parts: failing allocations ----------------------------------------------------

faults=/sys/kernel/debug

can_fail() {
	[[ -e $faults/failslab && -e /proc/self/fail-nth ]]
}

# Only fail-nth decides what fails.
prepare_faults() {
	local dir
	for dir in failslab fail_page_alloc fail_usercopy; do
		[[ -e $faults/$dir ]] || continue
		echo 0 >$faults/$dir/probability
		echo 0 >$faults/$dir/verbose
	done
	echo N >$faults/failslab/ignore-gfp-wait
	if [[ -e $faults/fail_page_alloc ]]; then
		echo N >$faults/fail_page_alloc/ignore-gfp-wait
		echo N >$faults/fail_page_alloc/ignore-gfp-highmem
		echo 0 >$faults/fail_page_alloc/min-order
	fi
}

part_fault_traffic() {
	local title="allocations for frames and replies fail: all equations hold"
	can_fail || {
		skip "$title" "this kernel has no failslab"
		return
	}
	prepare_faults
	traffic "$title" -f
	has stats.json '"no-memory": *[1-9]' || result 1 "some replies fail for lack of memory"
}

# Starting a program takes longer than its work. So one vdhcpctl stays, and the shell itself
# reads files into variables.
slurp() { # VARIABLE FILE
	IFS= read -r -d '' "$1" <"$2" || :
}

# ends_document LINE: is this the last line of a dump?
ends_document() {
	[[ $1 == ']}' || $1 == *'],"ports":[]}' ]]
}

# configuration VARIABLE [COMMAND...]: run the commands, then read what they print and a dump
configuration() {
	local var=$1 line='' text=''
	shift
	for line in "$@" dump; do
		tell keeper "$line"
	done
	until ends_document "$line"; do
		IFS= read -r -t "$((30 * slow))" line <&"$answers" || return
		text+=$line$'\n'
	done
	printf -v "$var" %s "$text"
}

base() {
	local back
	configuration back "sync base.json --max-remove 100%" && [[ $back == *"$base" ]]
}

# each_fault NAME WORD...: run the command with its first, second, ... allocation failing
each_fault() {
	local name=$1 n=0 status when old=0 new=0 lost=0 want said changed now
	shift
	if ! { base && vdhcpctl -n F "$@" >out 2>err && slurp want out && configuration changed; }; then
		echo "$name fails without any fault: $(<err)"
		return
	fi
	base || echo "$name: cannot go back"
	while :; do
		n=$((n + 1))
		status=0
		when=none
		: >report
		FAIL_AT=$n FAIL_WITHIN=$((30 * slow)) FAIL_REPORT=$work/report LD_PRELOAD=$bin/failnth.so \
			vdhcpctl -n F "$@" >out 2>err || status=$?
		[[ ! -s report ]] || read -r when <report
		configuration now || {
			echo "$name, $n: no dump"
			break
		}
		if [[ $now == "$changed" ]]; then
			new=$((new + 1))
			# A command that shows something prints all of it or fails.
			slurp said out
			[[ $status -ne 0 || $name != show* || $said == "$want" ]] ||
				echo "$name, $n: success, but it printed something else"
		elif [[ $now == "$base" ]]; then
			old=$((old + 1))
			[[ $status -ne 0 ]] || echo "$name, $n ($when): success, but nothing changed"
		else
			echo "$name, $n ($when): neither the old nor the new configuration"
		fi
		# vdhcpctl may not learn that a change took effect, but must not say it was refused.
		if [[ $status -ne 0 && $now != "$base" ]]; then
			lost=$((lost + 1))
			[[ $(<err) =~ cannot\ (receive\ from|send\ to)\ the\ kernel ]] ||
				echo "$name, $n ($when): it took effect, but said: $(<err)"
		fi
		[[ $status -lt 99 ]] || echo "$name, $n ($when): status $status"
		[[ $when != none ]] || echo "$name, $n: no report"
		[[ $now == "$base" ]] || base || echo "$name, $n: cannot go back"
		[[ $when == send || $when == receive ]] || break
	done
	say "$name: $n faults, $old without and $new with effect, $lost of those unknown to vdhcpctl"
	[[ $n -gt 3 ]] || echo "$name: only $n calls could fail"
}

part_faults() {
	local title="the n-th allocation of each command fails: it takes effect completely or not at all" n base answers
	can_fail || {
		skip "$title" "this kernel has no failslab"
		return
	}
	say "$title"
	prepare_faults
	netns F
	start traffic "$bin/traffic" -c 4 -t 2 F tap
	said traffic '^ready' 30
	vdhcpctl -n F -batch - <<-'B'
		subnet add s1 cidr 198.18.1.0/24 gateway 198.18.1.1 dns 192.0.2.1 route 203.0.113.0/24 via 198.18.1.9
		subnet add s2 cidr 198.18.2.0/24
		port add tap0 mac 00:00:5e:00:53:00 addr 198.18.1.10 subnet s1 option 224 hex 0102
		port add tap1 mac 00:00:5e:00:53:01 addr 198.18.1.11 subnet s1
		port add tap1 vlan 7 mac 00:00:5e:00:53:01 addr 198.18.1.12 subnet s1
		port add none0 mac 00:00:5e:00:53:02 addr 198.18.1.13 subnet s1
	B
	vdhcpctl -n F dump >base.json
	slurp base base.json
	mkfifo keeper.out
	exec {answers}<>keeper.out
	start keeper vdhcpctl -n F -force -batch -
	cat >other.json <<-'B'
		{"subnets": [{"name": "s1", "cidr": "198.18.0.0/16", "mtu": 1400}, {"name": "s3", "cidr": "198.18.3.0/24"}],
		 "ports": [{"dev": "tap0", "mac": "00:00:5e:00:53:00", "addr": "198.18.1.10", "subnet": "s1"},
		  {"dev": "tap2", "mac": "00:00:5e:00:53:02", "addr": "198.18.3.12", "subnet": "s3"},
		  {"dev": "none0", "mode": "deny"}, {"dev": "none1", "mode": "deny"}]}
	B
	echo "subnet set s2 mtu 1400" >chain
	local port=(mac 00:00:5e:00:53:03 addr 198.18.1.14 subnet s1 hostname vm3)
	{
		each_fault "subnet add" subnet add s3 cidr 198.18.3.0/24 domain example.org
		each_fault "subnet replace" subnet replace s1 cidr 198.18.0.0/16
		each_fault "subnet set" subnet set s1 mtu 1400 dns 192.0.2.2,192.0.2.3
		each_fault "subnet del" subnet del s2
		each_fault "port add, device there" port add tap2 "${port[@]}"
		each_fault "port add, no device" port add none1 "${port[@]}"
		each_fault "port add, VLAN" port add tap0 vlan 9 "${port[@]}"
		each_fault "port replace" port replace tap0 "${port[@]}"
		each_fault "port set" port set tap0 addr 198.18.1.99 option 224 none
		each_fault "port del, VLAN" port del tap1 vlan 7
		each_fault "port del, the last" port del tap0
		each_fault flush flush
		each_fault sync sync other.json --max-remove 100%
		each_fault "show ports" -j port show
		each_fault "show subnets" -j subnet show
		each_fault "show totals" -j stats
		each_fault "show counters" -j stats all
		each_fault "show one" -j stats tap0
		each_fault "show a subnet" -j subnet show s1
		each_fault "show a port" -j port show tap0
		each_fault "a chain" -batch chain
	} | tee said
	grep -v '^#' said >broken
	stop keeper || echo "the vdhcpctl that stays failed" >>broken
	exec {answers}<&-
	cat keeper.err >>broken
	vdhcpctl -n F flush || echo "flush failed" >>broken
	# A hook that is still registered would crash.
	unload || cat rmmod.err >>broken
	tell traffic go
	said traffic '^written' 30 || echo "no traffic without the module" >>broken
	stop traffic
	ip netns del F
	insmod "$ko" 2>>broken
	n=$(grep -c '^#.*faults' said)
	[[ $n -eq 21 ]] || echo "$n of 21 commands were tried" >>broken
	[[ ! -s broken ]]
	result $? "$title" broken
}

# ---- after each part ----------------------------------------------------------------

# unloads PART: the module can be unloaded and leaves no memory.
unloads() {
	local status=0
	: >broken
	unload || {
		cat rmmod.err >>broken
		status=1
	}
	no_leak || {
		cat leaks >>broken
		status=1
	}
	insmod "$ko" 2>>broken || status=1
	result "$status" "unloads after part \"$1\", and leaves nothing" broken
}

# Vary the length of grace periods.
((seed % 2 == 0)) || echo 1 >/sys/kernel/rcu_expedited
[[ ! -e /sys/kernel/debug/kmemleak ]] || echo clear >/sys/kernel/debug/kmemleak
for part in "$@"; do
	began=$SECONDS
	"part_${part//-/_}"
	unloads "$part"
	say "part $part took $((SECONDS - began)) s"
done
echo "# all parts were done"
