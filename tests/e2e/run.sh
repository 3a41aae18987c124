#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Runs the stories in VMs, with real DHCP clients on real taps. See --help.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
dir=${VMDIR:-$top/build/vm-e2e}
vms=${E2E_VMS:-$(nproc)}

usage() {
	cat <<'E'
usage: tests/e2e/run.sh [-l] [PATTERN]...

Boots VMs and runs the stories whose names match one of the shell PATTERNs, without
PATTERNs all of them, each in namespaces of its own. Prints a line for each story, the
output of those that fail, and the totals. -l lists the names.

  E2E_VMS     VMs at the same time (one per processor, because each keeps one busy)
  E2E_JOBS    stories at the same time in one VM (2)
  E2E_LIMIT   seconds for one story, times E2E_SLOW (120)
  E2E_SLOW    factor for all limits, for kernels with sanitizers (3)
  KVER, VMKERNEL, VMBUILD, VMDIR ...   see tests/vm/run.sh --help

VM number N has its files in VMDIR/N (build/vm-e2e/N): the kernel log, the output of
the stories (out/NAME.txt), and the captures and logs of those that failed (out/NAME/).
Exit status: 0 if no story failed.
E
}

# shellcheck source=tests/lib/usage.sh
. "$top/tests/lib/usage.sh"
list=
if [[ ${1-} == -l ]]; then
	list=1
	shift
else
	only_words "$@"
fi

stories=() alone=()
for path in "$here"/story-*.sh; do
	name=${path##*/story-}
	name=${name%.sh}
	for pattern in "${@:-*}"; do
		# shellcheck disable=SC2053 # a pattern
		if [[ $name == $pattern ]]; then
			if grep -q '^# alone' "$path"; then
				alone+=("$name")
			else
				stories+=("$name")
			fi
			break
		fi
	done
done
total=$((${#stories[@]} + ${#alone[@]}))
[[ $total -gt 0 ]] || {
	echo "no story matches: $*" >&2
	exit 2
}
if [[ -n $list ]]; then
	printf '%s\n' "${alone[@]}" "${stories[@]}" | sort
	exit
fi

# results KIND: names of stories with a line of this kind in the results.
results() {
	sed -n "s/^$1 \([a-z0-9-]*\).*/\1/p" "$out/results"
}

# after_the_vm: a VM ended. Fail the stories that were running, keep in todo those not started.
after_the_vm() {
	local name rest=() ended begun
	ended=$(results ok && results 'not ok' && results skip)
	begun=$(results begin)
	for name in "${todo[@]}"; do
		if grep -qx -- "$name" <<<"$ended"; then
			continue
		elif grep -qx -- "$name" <<<"$begun"; then
			echo "not ok - $name # the VM ended before the story did"
			[[ ! -s $out/$name.txt ]] || sed 's/^/    /' "$out/$name.txt"
			echo "not ok $name 0" >>"$out/results"
		else
			rest+=("$name")
		fi
	done
	if [[ ${#rest[@]} -eq ${#todo[@]} ]]; then
		printf 'not ok - %s # no VM ran it\n' "${rest[@]}"
		printf 'not ok %s 0\n' "${rest[@]}" >>"$out/results"
		rest=()
	fi
	todo=("${rest[@]}")
}

# work N STORY...: run stories in a VM; if the VM ends early, run the rest in another one.
work() {
	local number=$1 kernel_log=ok status todo vm=
	shift
	todo=("$@")
	export VMDIR=$dir/$number
	out=$VMDIR/out
	mkdir -p "$out"
	: >"$out/results"
	trap '[[ -z $vm ]] || kill "$vm" && wait "$vm"; exit 143' TERM
	while [[ ${#todo[@]} -gt 0 ]]; do
		status=0
		VDHCP_CMD="E2E_JOBS=${E2E_JOBS:-2} E2E_LIMIT=${E2E_LIMIT:-120} E2E_SLOW=${E2E_SLOW:-3} \
			tests/e2e/inside.sh ${todo[*]@Q}" \
			VMTIMEOUT=${VMTIMEOUT:-3600} "$top/tests/vm/run.sh" &
		vm=$!
		wait "$vm" || status=$?
		vm=
		case $status in
		0) ;;
		125) kernel_log='not ok' ;;
		129 | 130 | 143) exit "$status" ;;
		*) echo "# VM $number ended with status $status" ;;
		esac
		after_the_vm
	done
	echo "$kernel_log - kernel log of VM $number # $VMDIR/console.log"
}

# shellcheck source=tests/lib/ktap.sh
. "$top/tests/lib/ktap.sh"
"$here/build.sh"
ktap_collect
((vms >= 1)) || vms=1
((vms <= total)) || vms=$total
# Give each VM about the same work; stories that run alone take long.
share=() load=()
for ((n = 0; n < vms; n++)); do
	share[n]='' load[n]=0
done
give() {
	local n least=0
	for ((n = 1; n < vms; n++)); do
		((load[n] >= load[least])) || least=$n
	done
	share[least]+=" $1"
	load[least]=$((load[least] + $2))
}
for name in "${alone[@]}"; do
	give "$name" 6
done
for name in "${stories[@]}"; do
	give "$name" 1
done

rm -rf "${dir:?}"/[0-9]*
workers=()
trap '[[ ${#workers[@]} -eq 0 ]] || kill "${workers[@]}" 2>/dev/null || :' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
for ((n = 0; n < vms; n++)); do
	# shellcheck disable=SC2086 # words
	work "$n" ${share[n]} &
	workers+=($!)
done
for pid in "${workers[@]}"; do
	wait "$pid" || exit
done
workers=()

ktap_collected
