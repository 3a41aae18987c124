#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Runs stories and stress on kernels that report memory errors and races. See --help.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)

usage() {
	cat <<'E2'
usage: tests/debug/run.sh [KERNEL]...

Builds the debug kernels, kasan and kcsan without arguments, once (see kernel.sh),
and runs the stories and the stress on each, in VMs with two processors that stop
at the first warning. A kernel that cannot make allocations fail, such as kcsan, skips
the parts that need it. At its end each VM unloads the module and looks for leaked
memory. The last line is "N passed, N failed, N skipped".

  STORIES         patterns of stories, see tests/e2e/run.sh (all), or none
  PARTS           of the stress, see tests/stress/run.sh (all), or none
  STRESS_SECONDS  how long each part goes on (60)
  SEED            of the stress
E2
}

case ${1-} in
-h | --help)
	usage
	exit
	;;
esac
[[ $# -gt 0 ]] || set -- kasan kcsan
read -ra stories <<<"${STORIES:-}"
read -ra parts <<<"${PARTS:-}"

# shellcheck source=tests/lib/count.sh
. "$top/tests/lib/count.sh"
# shellcheck source=tests/lib/ktap.sh
. "$top/tests/lib/ktap.sh"
logs=$top/build/debug

# finders_are_on KERNEL: check that each boot log names every error detector of the kernel,
# because a detector that is built in but off finds nothing.
finders_are_on() {
	local log words
	ktap_begin
	for log in "$logs/$1"/*/console.log "$logs/$1-stress/console.log"; do
		[[ -e $log ]] || continue
		for words in "${on[@]}"; do
			grep -qF -- "$words" "$log"
			ktap_result "${log#"$logs"/} has \"$words\""
		done
	done
	ktap_end
}

for kernel in "$@"; do
	began=$SECONDS
	if ! words=$("$here/kernel.sh" "$kernel"); then
		stage "$kernel" false
		continue
	fi
	eval "$words"
	rm -rf "${logs:?}/$kernel" "$logs/$kernel-stress"
	# Slab debugging for ports and skbs only, because for all objects of the kernel it takes
	# more time than everything else. Without rep_good memory is copied by loops, which
	# QEMU runs faster.
	export VMKERNEL VMSMP=2 VMMEM=1G E2E_SLOW=12 STRESS_SLOW=12 \
		VMAPPEND="panic_on_warn=1 clearcpuid=rep_good slub_debug=FZP,vdhcp_*,skbuff_head_cache"
	unset VMTCG E2E_VMS E2E_JOBS
	all_parts=
	case $kernel in
	kasan)
		# Nothing may be skipped here, because this kernel has fault injection (kcsan lacks it).
		all_parts=1
		on=("KernelAddressSanitizer initialized" "Lock dependency validator"
			"Kernel memory leak detector initialized")
		;;
	kcsan)
		# A race shows if the processors run at the same time. QEMU would then miss changes of
		# jump labels, so these kernels have none. A frame makes some hundred accesses,
		# few of them to shared memory. So KCSAN watches more of them than it does by
		# default, and each for as long as a frame takes.
		export VMTCG=multi E2E_VMS=1 E2E_JOBS=3
		VMAPPEND+=" kcsan.early_enable=1 kcsan.skip_watch=500"
		VMAPPEND+=" kcsan.udelay_task=300 kcsan.udelay_interrupt=300"
		on=("kcsan: enabled early") ;;
	*) on=("Linux version") ;;
	esac
	table+=("$(printf '%-12s %5d s  built, or found in the cache' "$kernel" $((SECONDS - began)))")
	[[ ${stories[*]} == none ]] ||
		stage "$kernel-e2e" env VMDIR="$top/build/debug/$kernel" "$top/tests/e2e/run.sh" "${stories[@]}"
	[[ ${parts[*]} == none ]] ||
		stage "$kernel-stress" env VMDIR="$top/build/debug/$kernel-stress" \
			"$top/tests/stress/run.sh" ${all_parts:+--all-parts} "${parts[@]}"
	stage "$kernel-on" finders_are_on "$kernel"
done
total
