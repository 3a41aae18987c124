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
# Of the traffic; all threads write into all of them.
taps=64

usage() {
	cat <<'E2'
usage: tests/stress/run.sh [--all-parts] [PART]...

Boots a VM and runs the parts, all of them without arguments:
  traffic        frames of all kinds, while the configuration changes; then what
                 vdhcp counted must be what others counted
  crowd          "traffic", DISCOVERs alone into one tap
  devices        taps come, go, move and change names, while their ports do
  reload         the module comes and goes, with all of that under way
  faults         every command with its n-th allocation failing
  fault-traffic  "traffic", with allocations failing

The last two need a kernel with fault injection and are skipped without;
--all-parts makes a failure of that.

  SEED            of all random numbers; printed, to be given back
  STRESS_SECONDS  how long each part goes on (60)
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
	-Wmissing-prototypes -Wstrict-prototypes -I "$top/tests/frame")
mkdir -p "$bin"
for name in traffic devices; do
	${CC:-cc} "${flags[@]}" -o "$bin/$name" "$here"/{"$name",frames,random,message,packet,deliver,judge}.c \
		"$top"/tests/frame/*.c
done
${CC:-cc} "${flags[@]}" -shared -fPIC -o "$bin/failnth.so" "$here/failnth.c"

SEED=${SEED:-$((RANDOM << 15 | RANDOM))}
# shellcheck source=tests/lib/ktap.sh
. "$top/tests/lib/ktap.sh"
ktap_collect
echo "# SEED=$SEED STRESS_SECONDS=$seconds"
mkdir -p "$VMDIR" "$bin/docs" "$bin/docs-d"
# Here, because Python takes its time to begin in the VM.
/usr/bin/python3 "$here/churn.py" documents "$SEED" 24 "$bin/docs" tap "$taps"
/usr/bin/python3 "$here/churn.py" documents "$SEED" 24 "$bin/docs-d" d 16
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
