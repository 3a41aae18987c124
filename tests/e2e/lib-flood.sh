# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Guests that do their worst: their pump makes the frames itself (flood.c).

declare -A TELL=() HEAR=()
DID=''

# wild GUEST TAP [PUMP'S OPTIONS]: power_on, with a pump that takes commands.
wild() {
	local name=$1 do=$W/$1/do in out
	guest "$name"
	mkfifo "$do.in" "$do.out"
	# Read and write, so that opening does not wait.
	exec {in}<>"$do.in" {out}<>"$do.out"
	TELL[$name]=$in HEAR[$name]=$out
	power_on "$@" -c "$do"
}

# wild_world RATE: vm1 does its worst, at that rate; vm2 is its neighbour on a bridge.
wild_world() {
	bridge
	vdhcpctl subnet add s1 "${SUBNET[@]}"
	wild vm1 tap-vm1
	attach tap-vm1
	vm vm2 tap-vm2
	serve vm1 192.0.2.11 rate "$1"
	serve vm2 192.0.2.12
}

# tell_begin GUEST WORD...: see flood.c.
tell_begin() {
	local name=$1
	shift
	echo "$*" >&"${TELL[$name]}"
}

# tell_end GUEST: it is done with that; what it says is in DID.
tell_end() {
	read -r -t $((100 * SLOW)) -u "${HEAR[$1]}" DID || fail "the pump of $1 does not answer"
	[[ $DID != error* ]] || fail "pump of $1: $DID"
}

# tell GUEST WORD...: both.
tell() {
	tell_begin "$@"
	tell_end "$1"
}

# did KEY: of what the pump said.
did() {
	[[ " $DID" =~ \ $1=([0-9]+) ]] || fail "no $1 in: $DID"
	REPLY=${BASH_REMATCH[1]}
}

# flooded GUEST KIND COUNT [hear]: all of it was taken.
flooded() {
	tell "$1" flood "${@:2}"
	say "  $1 sends $2: $DID"
	did sent
	equals "frames that the tap took" "$REPLY" "$3"
}

# Memory that the kernel has taken for good, in KiB: slabs that cannot be
# reclaimed, vmalloc, per CPU.
kernel_memory() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	REPLY=$(awk '/^(SUnreclaim|VmallocUsed|Percpu):/ { sum += $2 } END { print sum }' /proc/meminfo)
}

# memory_within BEFORE KIB: since it was BEFORE it has grown by no more.
memory_within() {
	# What a few pages of a slab, in use or not, may make of it.
	local grown slack=512
	# KASAN keeps what was freed for a while, up to a 32nd of all memory; kmemleak, which
	# is there too, is the better judge then.
	! grep -q ' kasan_report$' /proc/kallsyms || slack=32768
	kernel_memory
	grown=$((REPLY - $1))
	say "  memory of the kernel grew by $grown KiB"
	((grown <= $2 + slack)) || fail "memory grew by $grown KiB, beyond $2 and $slack"
}

# ---- how long a neighbour waits ----------------------------------------------
#
# One guest floods and another one asks, each with a processor of its own (the
# pumps carry no frames while they do so, nothing else runs). The flooder's tap is
# in no bridge: what passes vdhcp ends in the host's stack, and does not reach
# the neighbour's tap, which would measure the bridge.
#
# In these ways, in turns:
#	idle	nobody floods
#	busy	the flooder makes its frames, and sends none: as idle, but for an
#		emulator whose processors take turns on one thread
#	none	DISCOVERs into a tap without port: what the flood costs by itself
#	other	frames that vdhcp lets pass, on a port
#	limited	DISCOVERs on a port of rate 100
#	all	DISCOVERs on a port of rate 0: each is answered

WAYS=(idle busy none other limited all)
declare -A P50=() P99=() FRAME=() SHARE=()

flood_world() {
	bridge
	vdhcpctl subnet add s1 "${SUBNET[@]}"
	wild vm1 tap-vm1
	wild vm2 tap-vm2
	attach tap-vm2
	serve vm2 192.0.2.12 rate 0
	if [[ $(nproc) -ge 2 ]]; then
		taskset -pc 1 "${PUMP_PID[vm1]}" >/dev/null
		taskset -pc 0 "${PUMP_PID[vm2]}" >/dev/null
	fi
}

# Jiffies of system, softirq, and all together.
processor_time() {
	local user nice idle wait irq rest
	read -r _ user nice SYSTEM idle wait irq SOFTIRQ rest </proc/stat
	ALL=$((user + nice + SYSTEM + idle + wait + irq + SOFTIRQ))
}

# begin_way WAY: KIND is what to flood with.
begin_way() {
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

# flooded_way WAY SENT NS: what became of it.
flooded_way() {
	local offers
	case $1 in
	none) overlooked "$2" 0 "DISCOVERs when the tap had no port" ;;
	other) moved tap-vm1 ;;
	all) moved tap-vm1 offer "$2" ;;
	limited)
		load_counters tap-vm1
		offers=${COUNT[offer]}
		offers=$((offers - ${MARK[offer]:-0}))
		moved tap-vm1 offer "$offers" rate-limited "$(($2 - offers))"
		# All that was saved up, and what came meanwhile.
		((offers <= 100 + $3 / 10000000 + 1)) || fail "$offers offers in $3 ns at a rate of 100"
		say "  limited: $2 DISCOVERs in $(($3 / 1000000)) ms, $offers answered"
		;;
	esac
}

# window WAY PROBES: the neighbour asks so often meanwhile.
window() {
	local way=$1 system softirq all sent
	begin_way "$way"
	[[ $way == none || $way == idle || $way == busy ]] || mark tap-vm1
	processor_time
	system=$SYSTEM softirq=$SOFTIRQ all=$ALL
	[[ $way == idle ]] || tell_begin vm1 flood "$KIND" 0 hear
	tell vm2 probe "$2"
	did asked
	equals "probes" "$REPLY" "$2"
	did answered
	equals "probes that were answered" "$REPLY" "$2"
	did p50
	P50[$way]+="$REPLY "
	did p99
	P99[$way]+="$REPLY "
	if [[ $way != idle ]]; then
		tell_begin vm1 stop
		tell_end vm1
	fi
	processor_time
	SHARE[$way]+="$((1000 * (SYSTEM - system) / (ALL - all + 1))) $((1000 * (SOFTIRQ - softirq) / (ALL - all + 1)))"$'\n'
	[[ $way != idle && $way != busy ]] || return 0
	did sent
	sent=$REPLY
	did ns
	flooded_way "$way" "$sent" "$REPLY"
}

# alone WAY FRAMES: what a frame takes when nobody else wants the processor.
alone() {
	local sent
	begin_way "$1"
	[[ $1 == none ]] || mark tap-vm1
	tell vm1 flood "$KIND" "$2" hear
	did sent
	sent=$REPLY
	did ns
	FRAME[$1]+="$((REPLY / sent)) "
	flooded_way "$1" "$sent" "$REPLY"
}

# median NUMBER...
median() {
	REPLY=$(printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p")
}

# measure ROUNDS PROBES FRAMES, and the table of it.
measure() {
	local round way line
	for ((round = 0; round < $1; round++)); do
		for way in "${WAYS[@]}"; do
			window "$way" "$2"
			[[ $way == idle || $way == busy ]] || alone "$way" "$3"
		done
	done
	say "medians of $1 rounds; in each, $2 DISCOVERs of the neighbour, in us"
	say "  flood     median      p99   us/frame  system  softirq"
	for way in "${WAYS[@]}"; do
		# shellcheck disable=SC2086 # numbers
		median ${P50[$way]} && P50[$way]=$REPLY
		# shellcheck disable=SC2086 # numbers
		median ${P99[$way]} && P99[$way]=$REPLY
		if [[ -n ${FRAME[$way]-} ]]; then
			# shellcheck disable=SC2086 # numbers
			median ${FRAME[$way]} && FRAME[$way]=$REPLY
		fi
		printf -v line '  %-8s %7d.%d %6d.%d %8d.%d  %s' "$way" $((P50[$way] / 1000)) \
			$((P50[$way] / 100 % 10)) $((P99[$way] / 1000)) $((P99[$way] / 100 % 10)) \
			$((${FRAME[$way]:-0} / 1000)) $((${FRAME[$way]:-0} / 100 % 10)) \
			"$(awk '{ s += $1; q += $2 } END { printf "%5.1f %%  %5.1f %%", s / NR / 10, q / NR / 10 }' <<<"${SHARE[$way]%$'\n'}")"
		say "$line"
	done
}
