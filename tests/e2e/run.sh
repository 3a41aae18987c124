#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The stories, in a VM: real clients behind real taps. See --help.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
export VMDIR=${VMDIR:-$top/build/vm-e2e}
out=$VMDIR/out

usage() {
	cat <<'E'
usage: tests/e2e/run.sh [-l] [PATTERN]...

Boots a VM and runs the stories whose names match one of the shell PATTERNs (all
of them without), each in namespaces of its own. Prints a line for each story,
what a failed one had to say, and how many there were. -l only lists them.

  E2E_JOBS    stories that run at the same time (2)
  E2E_LIMIT   seconds that one may take, times E2E_SLOW (120)
  E2E_SLOW    factor for all limits, for kernels with sanitizers (3)
  KVER, VMKERNEL, VMBUILD, VMDIR ...   see tests/vm/run.sh --help

What the stories said is in VMDIR/out/NAME.txt; of those that failed, captures
and logs are in VMDIR/out/NAME/. Exit status: 0 if all went well.
E
}

list=
case ${1-} in
-l)
	list=1
	shift
	;;
-h | --help)
	usage
	exit
	;;
-*)
	usage >&2
	exit 2
	;;
esac

stories=()
for path in "$here"/story-*.sh; do
	name=${path##*/story-}
	name=${name%.sh}
	for pattern in "${@:-*}"; do
		# shellcheck disable=SC2053 # a pattern
		if [[ $name == $pattern ]]; then
			stories+=("$name")
			break
		fi
	done
done
[[ ${#stories[@]} -gt 0 ]] || {
	echo "no story matches: $*" >&2
	exit 2
}
if [[ -n $list ]]; then
	printf '%s\n' "${stories[@]}"
	exit
fi

# Stories that the results file has a line of this kind for.
results() {
	sed -n "s/^$1 \([a-z0-9-]*\).*/\1/p" "$out/results"
}

# The last VM ended before all were done: which of them does that concern?
after_the_vm() {
	local name rest=() ended begun
	ended=$(results ok && results 'not ok' && results skip)
	begun=$(results begin)
	for name in "${todo[@]}"; do
		if grep -qx -- "$name" <<<"$ended"; then
			continue
		elif grep -qx -- "$name" <<<"$begun"; then
			echo "not ok - $name (the VM ended meanwhile)"
			[[ ! -s $out/$name.txt ]] || sed 's/^/    /' "$out/$name.txt"
			echo "not ok $name 0" >>"$out/results"
		else
			rest+=("$name")
		fi
	done
	if [[ ${#rest[@]} -eq ${#todo[@]} ]]; then
		echo "not ok - no VM for: ${rest[*]}"
		printf 'not ok %s 0\n' "${rest[@]}" >>"$out/results"
		rest=()
	fi
	todo=("${rest[@]}")
}

"$here/build.sh"
mkdir -p "$out"
: >"$out/results"
kernel_log=ok
todo=("${stories[@]}")
# One VM runs them all; if a story takes it down, another one runs the rest.
while [[ ${#todo[@]} -gt 0 ]]; do
	status=0
	VDHCP_CMD="E2E_JOBS=${E2E_JOBS:-2} E2E_LIMIT=${E2E_LIMIT:-120} E2E_SLOW=${E2E_SLOW:-3} \
		tests/e2e/inside.sh ${todo[*]@Q}" \
		VMTIMEOUT=${VMTIMEOUT:-3600} "$top/tests/vm/run.sh" || status=$?
	case $status in
	0) ;;
	125) kernel_log='not ok' ;;
	129 | 130 | 143) exit "$status" ;;
	*) echo "# the VM ended with status $status" ;;
	esac
	after_the_vm
done

if [[ $kernel_log == ok ]]; then
	echo "ok - kernel log"
else
	echo "not ok - kernel log, see $VMDIR/console.log"
fi
echo "$kernel_log kernel-log 0" >>"$out/results"
count() {
	grep -c "^$1 " "$out/results" || :
}
failed=$(count 'not ok')
echo "$(count ok) passed, $failed failed, $(count skip) skipped"
[[ $failed -eq 0 ]]
