# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Guests that flood: their tapvm generates the frames itself (flood.c).

declare -A COMMAND_FD=() RESULT_FD=()
RESULT=''

# make_flooder GUEST TAP [OPTIONS OF TAPVM]: a guest whose tapvm takes commands.
make_flooder() {
	local name=$1 do=$W/$1/do in out
	make_guest "$name"
	mkfifo "$do.in" "$do.out"
	# Opened for reading and writing, because that does not wait for the other end.
	exec {in}<>"$do.in" {out}<>"$do.out"
	COMMAND_FD[$name]=$in RESULT_FD[$name]=$out
	power_on "$@" -c "$do"
}

# make_flooder_and_neighbour RATE: vm1 can flood and has this rate; vm2 is in the same bridge.
make_flooder_and_neighbour() {
	make_bridge
	vdhcpctl subnet add s1 "${SUBNET[@]}"
	make_flooder vm1 tap-vm1
	join_bridge tap-vm1
	make_vm vm2 tap-vm2
	add_port vm1 192.0.2.11 rate "$1"
	add_port vm2 192.0.2.12
}

# begin_command GUEST WORD...: send a command to its tapvm; see flood.c.
begin_command() {
	local name=$1
	shift
	echo "$*" >&"${COMMAND_FD[$name]}"
}

# end_command GUEST: wait for the result of the command, in RESULT.
end_command() {
	read -r -t $((100 * SLOW)) -u "${RESULT_FD[$1]}" RESULT || fail "tapvm of $1 does not answer"
	[[ $RESULT != error* ]] || fail "tapvm of $1: $RESULT"
}

# command_tapvm GUEST WORD...: send a command and wait for its result.
command_tapvm() {
	begin_command "$@"
	end_command "$1"
}

# read_result KEY: set REPLY to a value of RESULT.
read_result() {
	[[ " $RESULT" =~ \ $1=([0-9]+) ]] || fail "no $1 in: $RESULT"
	REPLY=${BASH_REMATCH[1]}
}

# send_flood GUEST KIND COUNT [rx]: the tap takes every frame.
send_flood() {
	command_tapvm "$1" flood "${@:2}"
	say "  $1 sends $2: $RESULT"
	read_result sent
	expect_equal "frames that the tap took" "$REPLY" "$3"
}

# read_kernel_memory: set REPLY to the KiB that the kernel cannot reclaim: slabs, vmalloc and
# per-CPU memory.
read_kernel_memory() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	REPLY=$(awk '/^(SUnreclaim|VmallocUsed|Percpu):/ { sum += $2 } END { print sum }' /proc/meminfo)
}

# expect_memory_growth BEFORE KIB: the kernel's memory grew from BEFORE by at most KIB.
expect_memory_growth() {
	# A few pages of slabs come and go at any time.
	local grown slack=512
	# KASAN delays freeing, for up to a 32nd of all memory. Kernels with KASAN have kmemleak,
	# which finds leaks better.
	! grep -q ' kasan_report$' /proc/kallsyms || slack=32768
	read_kernel_memory
	grown=$((REPLY - $1))
	say "  memory of the kernel grew by $grown KiB"
	((grown <= $2 + slack)) || fail "memory grew by $grown KiB, more than $2 + $slack"
}

# ---- latency of a neighbour during a flood -----------------------------------
#
# One guest floods while another one sends DISCOVERs, each on a processor of its own. The
# flooder's tap is in no bridge: frames that vdhcp passes end in the host's stack and do not
# reach the neighbour's tap, because that would measure the bridge.
#
# Loads, measured in turns:
#	idle	no flood
#	busy	the flooder builds frames and sends none; differs from idle only on an
#		emulator whose processors take turns on one thread
#	none	DISCOVERs into a tap without a port: the cost of the flood itself
#	other	frames that vdhcp passes, on a port
#	limited	DISCOVERs on a port of rate 100
#	all	DISCOVERs on a port of rate 0: vdhcp answers each

LOADS=(idle busy none other limited all)
declare -A P50=() P99=() FRAME=() SHARE=()

make_load_topology() {
	make_bridge
	vdhcpctl subnet add s1 "${SUBNET[@]}"
	make_flooder vm1 tap-vm1
	make_flooder vm2 tap-vm2
	join_bridge tap-vm2
	add_port vm2 192.0.2.12 rate 0
	if [[ $(nproc) -ge 2 ]]; then
		taskset -pc 1 "${TAPVM_PID[vm1]}" >/dev/null
		taskset -pc 0 "${TAPVM_PID[vm2]}" >/dev/null
	fi
}

# read_processor_time: set SYSTEM, SOFTIRQ and ALL to jiffies.
read_processor_time() {
	local user nice idle wait irq rest
	read -r _ user nice SYSTEM idle wait irq SOFTIRQ rest </proc/stat
	ALL=$((user + nice + SYSTEM + idle + wait + irq + SOFTIRQ))
}

# begin_load LOAD: configure the port, and set KIND to the frames to flood with.
begin_load() {
	local rate=0
	KIND=discover
	case $1 in
	idle | busy | none)
		[[ $1 != busy ]] || KIND=nothing
		vdhcpctl port del tap-vm1 2>/dev/null || :
		return
		;;
	other) KIND=other ;;
	limited) rate=100 ;;
	esac
	vdhcpctl port replace tap-vm1 mac "${GUEST_MAC[vm1]}" addr 192.0.2.11 subnet s1 rate "$rate"
}

# check_load LOAD SENT NS: vdhcp counted SENT frames as this load requires.
check_load() {
	local offers
	case $1 in
	none) expect_uncounted "$2" 0 "DISCOVERs when the tap had no port" ;;
	other) expect_counters tap-vm1 ;;
	all) expect_counters tap-vm1 offer "$2" ;;
	limited)
		load_counters tap-vm1
		offers=${COUNT[offer]}
		offers=$((offers - ${MARK[offer]:-0}))
		expect_counters tap-vm1 offer "$offers" rate-limited "$(($2 - offers))"
		# The bucket's burst and what it gained meanwhile.
		((offers <= 100 + $3 / 10000000 + 1)) || fail "$offers offers in $3 ns at a rate of 100"
		say "  limited: $2 DISCOVERs in $(($3 / 1000000)) ms, $offers answered"
		;;
	esac
}

# measure_neighbour LOAD PROBES: let the neighbour send PROBES DISCOVERs under this load.
measure_neighbour() {
	local load=$1 system softirq all sent
	begin_load "$load"
	[[ $load == none || $load == idle || $load == busy ]] || mark_counters tap-vm1
	read_processor_time
	system=$SYSTEM softirq=$SOFTIRQ all=$ALL
	[[ $load == idle ]] || begin_command vm1 flood "$KIND" 0 rx
	command_tapvm vm2 probe "$2"
	read_result asked
	expect_equal "probes" "$REPLY" "$2"
	read_result answered
	expect_equal "probes that were answered" "$REPLY" "$2"
	read_result p50
	P50[$load]+="$REPLY "
	read_result p99
	P99[$load]+="$REPLY "
	if [[ $load != idle ]]; then
		begin_command vm1 stop
		end_command vm1
	fi
	read_processor_time
	SHARE[$load]+="$((1000 * (SYSTEM - system) / (ALL - all + 1))) $((1000 * (SOFTIRQ - softirq) / (ALL - all + 1)))"$'\n'
	[[ $load != idle && $load != busy ]] || return 0
	read_result sent
	sent=$REPLY
	read_result ns
	check_load "$load" "$sent" "$REPLY"
}

# measure_frame_cost LOAD FRAMES: measure the time per frame on an otherwise idle machine.
measure_frame_cost() {
	local sent
	begin_load "$1"
	[[ $1 == none ]] || mark_counters tap-vm1
	command_tapvm vm1 flood "$KIND" "$2" rx
	read_result sent
	sent=$REPLY
	read_result ns
	FRAME[$1]+="$((REPLY / sent)) "
	check_load "$1" "$sent" "$REPLY"
}

# find_median NUMBER...: in REPLY
find_median() {
	REPLY=$(printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p")
}

# measure_loads ROUNDS PROBES FRAMES: measure all loads and print a table.
measure_loads() {
	local round load line
	for ((round = 0; round < $1; round++)); do
		for load in "${LOADS[@]}"; do
			measure_neighbour "$load" "$2"
			[[ $load == idle || $load == busy ]] || measure_frame_cost "$load" "$3"
		done
	done
	say "medians of $1 rounds; in each, $2 DISCOVERs of the neighbour, in us"
	say "  flood     median      p99   us/frame  system  softirq"
	for load in "${LOADS[@]}"; do
		# shellcheck disable=SC2086 # numbers
		find_median ${P50[$load]} && P50[$load]=$REPLY
		# shellcheck disable=SC2086 # numbers
		find_median ${P99[$load]} && P99[$load]=$REPLY
		if [[ -n ${FRAME[$load]-} ]]; then
			# shellcheck disable=SC2086 # numbers
			find_median ${FRAME[$load]} && FRAME[$load]=$REPLY
		fi
		printf -v line '  %-8s %7d.%d %6d.%d %8d.%d  %s' "$load" $((P50[$load] / 1000)) \
			$((P50[$load] / 100 % 10)) $((P99[$load] / 1000)) $((P99[$load] / 100 % 10)) \
			$((${FRAME[$load]:-0} / 1000)) $((${FRAME[$load]:-0} / 100 % 10)) \
			"$(awk '{ s += $1; q += $2 } END { printf "%5.1f %%  %5.1f %%", s / NR / 10, q / NR / 10 }' <<<"${SHARE[$load]%$'\n'}")"
		say "$line"
	done
}
