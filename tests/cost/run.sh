#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Instructions that the host executes for frames written into a tap. See --help.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
out=$top/build/cost
figures=$here/figures
KVER=$("$top/tests/vm/kernel.sh" --kver "${KVER:-6.1}")
export KVER
# A dearest request may take the host this many times the instructions of a plain one, both
# counted with ERMS.
RATIO_MAX=4
# A figure may grow by this much of the whole write() before its test fails.
PERCENT_MAX=1
# QEMU's processor model for each row of figures. It counts every byte of "rep movsb" and
# "rep stosb" as an instruction, so without ERMS the figures are nearer to a real processor's.
declare -A models=([erms]="max,-la57,-cx16" [no-erms]="max,-la57,-cx16,-erms")

usage() {
	cat <<'E'
usage: tests/cost/run.sh [--record]

Counts the instructions that the host executes for a frame written into a tap, from the
beginning of write() to its end. It does so in VMs whose clock counts instructions, one for
each processor model, so that the speed and the load of this machine do not matter.

  requests    each vector in tests/vectors/work has a plain DISCOVER and the dearest
              request known for one configuration
  bystanders  the frames in tests/cost/bystanders, which vdhcp does not handle; once on
              a device without a port and once on a device with one

A test fails if a request takes more instructions than tests/cost/figures says, or if a port
adds more to a bystander than it says there: more by over 1 % of the whole write(). A request
must not take more than four times a plain one, with ERMS.

  --record    write the figures of this run to tests/cost/figures
  CC          compiler of the program that writes into the tap (cc)
  KVER        kernel (6.1, the figures are for this one)
  VMDIR       directory for the files of the VMs (build/vm-cost)

Exit status: 0 if no test failed.
E
}

record=
[[ ${1-} != --record ]] || {
	record=y
	shift
}
# shellcheck source=tests/lib/usage.sh
. "$top/tests/lib/usage.sh"
no_words "$@"
# shellcheck source=tests/lib/ktap.sh
. "$top/tests/lib/ktap.sh"
dir=${VMDIR:-$top/build/vm-cost}

mkdir -p "$out"
${CC:-cc} -std=gnu11 -O2 -D_GNU_SOURCE -Wall -Wextra -Werror -o "$out/tap" "$here/tap.c" \
	"$top/tests/frame/tap.c"
make -s -C "$top/tests/engine" O="$top/build/engine" "$top/build/engine/work" >&2
"$top/build/engine/work" -f "$top/tests/vectors/work" |
	sed 's,^[^ ]*/\([^/ ]*/[01]\) ,\1 ,; s,/0 ,/plain ,; s,/1 ,/dearest ,' >"$out/requests"
awk '/^[^#]/ {
	name = $1; $1 = ""; gsub(/ /, "")
	while (length < 2 * 342) $0 = $0 "0"
	print name, $0
}' "$here/bystanders" >"$out/bystanders"

count() { # MODEL
	VMICOUNT=0 VMSMP=1 VMCPU=${models[$1]} VMDIR=$dir/$1 \
		VDHCP_CMD="tests/cost/inside.sh build/cost tests/vectors/work/*.vec" \
		"$top/tests/vm/run.sh" >"$out/counts.$1" || {
		sed "s/^/# $1: /" "$out/counts.$1"
		return 1
	}
}

pids=()
for model in "${!models[@]}"; do
	count "$model" &
	pids+=($!)
done
status=0
for pid in "${pids[@]}"; do
	wait "$pid" || status=1
done
for model in erms no-erms; do
	sed "s/^/$model /" "$out/counts.$model"
done >"$out/counts"

if [[ -n $record ]]; then
	[[ $status -eq 0 ]] || exit 1
	{
		cat <<E
# SPDX-License-Identifier: GPL-2.0
#
# Instructions of a whole write() into a tap, by processor model and frame: "request" is
# answered, "bystander" is not for vdhcp and met no port, "port" is the same frame with a port.
# Written by: tests/cost/run.sh --record
kernel $KVER
E
		cat "$out/counts"
	} >"$figures"
	echo "recorded $(wc -l <"$out/counts") figures in tests/cost/figures" >&2
fi

recorded=$(sed -n 's/^kernel //p' "$figures")
ktap_begin
[[ $recorded == "$KVER" ]] || echo "# the figures are from $recorded, this is $KVER"
if [[ $status -eq 0 ]]; then
	ktap_pass "all frames counted"
else
	ktap_fail "all frames counted" "a VM failed"
fi
# Prints RESULT|NAME|DIAGNOSTIC for each test.
while IFS='|' read -r result name diagnostic; do
	"ktap_$result" "$name" "$diagnostic"
done < <(awk -v percent="$PERCENT_MAX" -v ratio="$RATIO_MAX" '
	function verdict(good, name, text) {
		printf "%s|%s|%s\n", good ? "pass" : "fail", name, text
	}
	function judge(name, is, was, whole, text,	most) {
		most = was + int(whole * percent / 100)
		if (was == "") verdict(0, name, is " " text ", not in tests/cost/figures")
		else if (is == "") verdict(0, name, "not counted; recorded " was)
		else verdict(is <= most, name, is " " text ", recorded " was ", at most " most)
	}
	/^(#|kernel)/ { next }
	FNR == NR { was[$1, $2, $3] = $4; names[$1 " " $3] = $2 == "request"; next }
	{ now[$1, $2, $3] = $4; names[$1 " " $3] = $2 == "request" }
	END {
		n = asorti_names()
		for (i = 1; i <= n; i++) {
			split(sorted[i], at, " "); m = at[1]; f = at[2]
			if (names[sorted[i]]) {
				judge(sorted[i], now[m, "request", f], was[m, "request", f],
				      was[m, "request", f], "instructions")
				if (m != "erms" || f !~ /\/dearest$/) continue
				plain = f; sub(/dearest$/, "plain", plain)
				verdict(now[m, "request", f] <= ratio * now[m, "request", plain],
					sorted[i] " against plain", sprintf("%.2f times, at most %d",
					now[m, "request", f] / (now[m, "request", plain] + !now[m, "request", plain]), ratio))
				continue
			}
			is = now[m, "port", f] == "" ? "" : now[m, "port", f] - now[m, "bystander", f]
			before = was[m, "port", f] == "" ? "" : was[m, "port", f] - was[m, "bystander", f]
			judge(sorted[i], is, before, was[m, "port", f],
			      "added to " now[m, "bystander", f])
			# Less than any netfilter hook costs: then the hook was not there.
			if (is != "") verdict(is >= 50, sorted[i] " met the hook", is " added, at least 50")
		}
	}
	# Insertion sort: mawk has no asorti().
	function asorti_names(	n, i, k) {
		for (k in names) {
			for (i = n++; i > 0 && sorted[i] > k; i--) sorted[i + 1] = sorted[i]
			sorted[i + 1] = k
		}
		return n
	}' "$figures" "$out/counts")
ktap_end
