#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Stress of the module, in one VM. See --help.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
bin=$top/build/stress
export KVER=${KVER-} VMDIR=${VMDIR:-$top/build/vm-stress} VMSMP=${VMSMP:-2} VMMEM=${VMMEM:-1G}
seconds=${STRESS_SECONDS:-60}
# Taps of the traffic; all threads write into all of them.
taps=64

usage() {
	cat <<'E2'
usage: tests/stress/run.sh [--all-parts] [PART]...

Boots a VM and runs the parts, all of them without arguments:
  traffic        frames of all kinds during changes of the configuration; then vdhcp's
                 counters must agree with those of the kernel and of the program
  crowd          "traffic" with DISCOVERs only, into one tap
  devices        taps are created, removed, moved and renamed, while ports change, too
  reload         the module is unloaded and loaded during traffic and requests
  faults         every command, with its n-th allocation failing
  fault-traffic  "traffic", with failing allocations

The last two need a kernel with fault injection. Without one they are skipped; with
--all-parts that is a failure.

  SEED            seed of all random numbers; it is printed, for another run
  STRESS_SECONDS  seconds of each part (60)
  STRESS_SLOW     factor for all limits, for kernels with sanitizers (3)
  KVER, VMKERNEL, VMSMP, VMMEM, VMDIR ...   see tests/vm/run.sh --help

Exit status: 0 if all went well.
E2
}

all_parts=
case ${1-} in
--all-parts)
	all_parts=1
	shift
	;;
-h | --help)
	usage
	exit
	;;
esac
[[ $# -gt 0 ]] || set -- traffic crowd devices reload faults fault-traffic
for part in "$@"; do
	case $part in
	traffic | crowd | devices | reload | faults | fault-traffic) ;;
	*)
		usage >&2
		exit 2
		;;
	esac
done

flags=(-std=gnu11 -O2 -g -D_GNU_SOURCE -pthread -Wall -Wextra -Werror -Wshadow
	-Wmissing-prototypes -Wstrict-prototypes -I "$top/tests")
mkdir -p "$bin"
for name in traffic devices; do
	${CC:-cc} "${flags[@]}" -o "$bin/$name" "$here"/{"$name",frames,generate,message,packet,deliver,oracle}.c \
		"$top"/tests/frame/*.c
done
${CC:-cc} "${flags[@]}" -shared -fPIC -o "$bin/failnth.so" "$here/failnth.c"

SEED=${SEED:-$((RANDOM << 15 | RANDOM))}
# shellcheck source=tests/lib/ktap.sh
. "$top/tests/lib/ktap.sh"
ktap_collect
echo "# SEED=$SEED STRESS_SECONDS=$seconds"
mkdir -p "$VMDIR" "$bin/docs" "$bin/docs-d"
# Outside of the VM, because Python starts slowly in it.
/usr/bin/python3 "$here/reconfig.py" documents "$SEED" 24 "$bin/docs" tap "$taps"
/usr/bin/python3 "$here/reconfig.py" documents "$SEED" 24 "$bin/docs-d" d 16
/usr/bin/python3 "$here/equations.py" kinds >"$bin/kinds.json"
status=0
slow=${STRESS_SLOW:-3}
VDHCP_CMD="SEED=$SEED STRESS_SECONDS=$seconds STRESS_SLOW=$slow STRESS_TAPS=$taps \
	tests/stress/inside.sh $*" \
	VMTIMEOUT=${VMTIMEOUT:-$(((600 + 4 * seconds * $#) * slow))} "$top/tests/vm/run.sh" |
	tee "$VMDIR/said" || status=$?

# inside.sh prints this line last; without it, some parts did not run.
if [[ $status -eq 125 ]]; then
	echo "not ok - kernel log # see $VMDIR/console.log"
elif [[ $status -ne 0 ]] || ! grep -q '^# all parts were done$' "$VMDIR/said"; then
	echo "not ok - the VM ran all parts # status $status"
else
	echo "ok - kernel log"
fi
[[ -z $all_parts ]] || ! grep -q '^ok - .*# SKIP' "$VMDIR/said" ||
	echo "not ok - no part is skipped # --all-parts was given"
[[ $status -eq 0 ]] && ! grep -q '^not ok' "$VMDIR/said" ||
	echo "# to repeat: SEED=$SEED STRESS_SECONDS=$seconds tests/stress/run.sh $*"
ktap_collected
