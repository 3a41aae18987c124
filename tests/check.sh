#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# All tests, one stage after the other, each timed; a stage that fails does not
# keep the others from running. Every stage closes with `N passed, N failed, N
# skipped`; the last line is the sum.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

# Debian 12's own kernel, whatever else has headers here.
export KVER=${KVER:-6.1}

passed=0 failed=0 skipped=0
table=()

stage() { # NAME COMMAND...
	local name=$1 start=$SECONDS status line
	shift
	mkdir -p build/check
	echo "=== $name: $*"
	"$@" 2>&1 | tee "build/check/$name.log"
	status=${PIPESTATUS[0]}
	line=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "build/check/$name.log" |
		tail -n 1)
	# A stage that cannot say what it did has failed, and so has one that failed.
	if [[ ! $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
		line="no count" passed_here=0 failed_here=1 skipped_here=0
	else
		passed_here=${BASH_REMATCH[1]} failed_here=${BASH_REMATCH[2]}
		skipped_here=${BASH_REMATCH[3]}
		[ "$status" -eq 0 ] || [ "$failed_here" -gt 0 ] || failed_here=1
		[ "$passed_here" -gt 0 ] || [ "$failed_here" -gt 0 ] || failed_here=1
	fi
	passed=$((passed + passed_here))
	failed=$((failed + failed_here))
	skipped=$((skipped + skipped_here))
	table+=("$(printf '%-10s %5d s  status %d  %s' "$name" $((SECONDS - start)) "$status" "$line")")
}

stage lint tests/lint.sh
stage static make check-static
stage tools tests/tools/run.sh
stage packages tests/packages/run.sh
stage engine make check-engine
stage coverage make -C tests/engine O="$PWD/build/engine" coverage
stage fuzz make check-fuzz
stage vm tests/vm/selftest.sh
stage work tests/work/run.sh
stage kunit tests/kunit/run.sh
stage systemd tests/systemd/run.sh
stage e2e tests/e2e/run.sh
stage e2e-6.12 tests/matrix.sh 6.12

echo "=== stages"
printf '%s\n' "${table[@]}"
echo "total $SECONDS s"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
