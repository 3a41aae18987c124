#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# fuzz-smoke.sh OUT VECTORS SECONDS: a short run of both fuzzers, for two
# thirds and one third of the time. What they find stays in OUT/found.
set -u
out=$1
vectors=$2
seconds=$3
passed=0
failed=0

run()
{
	name=$1
	time=$2
	shift 2
	log=$out/$name.log
	mkdir -p "$out/corpus-$name" "$out/found"
	if "$out/$name" -max_total_time="$time" -max_len=2048 -timeout=10 \
		-rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="$out/found/$name-" "$out/corpus-$name" "$@" \
		> "$log" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		grep -v '^#' "$log" | tail -n 60
		echo "FAIL $name: see $log and $out/found"
	fi
	awk -v name="$name" '
		/ cov: / {
			for (i = 1; i < NF; i++)
				if ($i == "cov:")
					edges = $(i + 1)
		}
		/number_of_executed_units/ { units = $2 }
		/average_exec_per_sec/ { rate = $2 }
		END {
			printf "%s: %d executions, %d executions/s, %d edges\n",
			       name, units, rate, edges
		}' "$log"
}

rm -rf "$out/seeds"
mkdir -p "$out/seeds"
"$out/replay" --emit-corpus "$out/seeds" "$vectors" || exit 1
run fuzz-frame $((seconds * 2 / 3)) "$out/seeds"
run fuzz-conf $((seconds / 3))
echo "$passed passed, $failed failed, 0 skipped"
test "$failed" -eq 0
