#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Measure the cost of a guest that floods its tap, for its neighbour and for the host:
# the story "flood", with more rounds, in a VM of its own. The last line is
# "N passed, N failed, N skipped".
#
#   ROUNDS   number of rounds, whose median is printed (15)
#   PROBES   packets of the neighbour in each round (1000)
#   FRAMES   frames of the flooder in each round, while it is alone (10000)
#
# Flooder and neighbour each have a processor of the VM. Both run at the same time if
# this machine has two idle processors. This requires a kernel without jump labels (see
# tests/vm/run.sh), which is built once (tests/debug/kernel.sh plain). The measurements
# alternate, because other load on this machine should affect all of them alike.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
words=$("$top/tests/debug/kernel.sh" plain)
eval "$words"
export VMKERNEL VMSMP=2 VMTCG=multi VMTIMEOUT=${VMTIMEOUT:-3600}
export VMDIR=$top/build/vm-bench/abuse

# shellcheck source=tests/lib/ktap.sh
. "$top/tests/lib/ktap.sh"
ktap_begin
verdict() { # TEXT COMMAND...
	local text=$1
	shift
	if "$@"; then
		ktap_pass "$text"
	else
		ktap_fail "$text"
	fi
}

"$top/tests/e2e/build.sh"
mkdir -p "$VMDIR/out"
rm -f "$VMDIR/out/flood.txt"
status=0
VDHCP_CMD="ROUNDS=${ROUNDS:-15} PROBES=${PROBES:-1000} FRAMES=${FRAMES:-10000} E2E_LIMIT=1000 \
	tests/e2e/inside.sh flood" "$top/tests/vm/run.sh" >"$VMDIR/said.txt" || status=$?
[[ -s $VMDIR/out/flood.txt ]] || cat "$VMDIR/said.txt"
table=$(cat "$VMDIR/out/flood.txt")
grep -v 'limited: \|not in the account' <<<"$table"

# figure WAY COLUMN: print a number of the table; column 3 is the median, 4 the p99.
figure() {
	awk -v way="$1" -v column="$2" '$1 == "#" && $2 == way { print $column; exit }' <<<"$table"
}

at_most_twice() { # WAY THAN COLUMN
	awk -v a="$(figure "$1" "$3")" -v b="$(figure "$2" "$3")" 'BEGIN { exit !(a > 0 && a <= 2 * b) }'
}

verdict "all of the neighbour's questions are answered, the flooder's as its rate has it" \
	test "$status" -eq 0
verdict "the neighbour's p99 under a flood that is answered is at most twice the idle one" \
	at_most_twice all idle 4
verdict "and so it is under a flood that is limited" at_most_twice limited idle 4
verdict "its median is at most twice the idle one, under a flood that is answered" \
	at_most_twice all idle 3
verdict "and under one that is limited" at_most_twice limited idle 3
ktap_end
