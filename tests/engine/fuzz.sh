#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# fuzz.sh run OUT TESTS SECONDS [SOURCE...]: run the inputs of TESTS/corpus once, then
# both fuzzers on all processors, for two thirds and one third of the time. With
# sources, print which of their lines the inputs found so far reach.
# fuzz.sh keep OUT TESTS: add the inputs to TESTS/corpus that reach more than those in it.
#
# OUT/corpus-NAME grows from run to run; inputs that end a fuzzer are in OUT/found.
set -uo pipefail
verb=$1
out=$2
tests=$3
here=$(dirname "$0")
jobs=$(nproc)
flags=(-max_len=2048 -timeout=10 -rss_limit_mb=2048)
# shellcheck source=tests/lib/ktap.sh
. "$here/../lib/ktap.sh"

# The inputs that a fuzzer begins with: the vectors' frames (the configurations have none), and
# the inputs in tests/corpus.
seeds()
{
	local name=$1
	rm -rf "$out/seeds-$name"
	mkdir -p "$out/seeds-$name" "$out/corpus-$name" "$out/found"
	[ "$name" != fuzz-frame ] || "$out/replay" --emit-corpus "$out/seeds-$name" "$tests/vectors" || exit 1
	/usr/bin/python3 "$here/corpus.py" unpack "$out/seeds-$name" "$tests/corpus/$name.hex" || exit 1
}

# fuzzer NAME LOG ARGUMENTS...: one process.
fuzzer()
{
	local name=$1 log=$2
	shift 2
	"$out/$name" "${flags[@]}" -artifact_prefix="$out/found/$name-" "$@" >"$log" 2>&1
}

# judge NAME STATUS WHAT LOG...: one test of many processes. Who is ended by an input shows it.
judge()
{
	local name=$1 status=$2 what=$3 log
	shift 3
	if [ "$status" -eq 0 ]; then
		echo "ok - $name, $what"
		return
	fi
	for log; do
		grep -q -e 'SUMMARY: ' -e 'ERROR: ' "$log" || continue
		grep -v '^#' "$log" | tail -n 60
	done
	echo "not ok - $name, $what # see $* and $out/found"
}

replay()
{
	local name=$1 log=$out/$1-replay.log
	fuzzer "$name" "$log" -runs=0 "$out/seeds-$name"
	judge "$name" $? "inputs that are kept" "$log"
	awk -v name="$name" '/^#[0-9]+[ \t]+INITED/ { n = substr($1, 2); edges = $4 }
		END { printf "%s: %d inputs are kept or from vectors, %d edges\n", name, n, edges }' "$log"
}

# All processes work on one corpus, and take over what the others find.
together()
{
	local name=$1 seconds=$2 job pids=() status=0
	for ((job = 1; job <= jobs; job++)); do
		fuzzer "$name" "$out/$name-$job.log" -max_total_time="$seconds" -print_final_stats=1 \
			"$out/corpus-$name" "$out/seeds-$name" &
		pids+=($!)
	done
	for job in "${pids[@]}"; do
		wait "$job" || status=1
	done
	return "$status"
}

fuzz()
{
	local name=$1 seconds=$2 status job logs=() TIMEFORMAT='%U %S'
	for ((job = 1; job <= jobs; job++)); do
		logs+=("$out/$name-$job.log")
	done
	{ time together "$name" "$seconds" 2>&3; } 3>&2 2>"$out/$name.time"
	status=$?
	judge "$name" "$status" fuzzing "${logs[@]}"
	awk -v name="$name" -v jobs="$jobs" -v wall="$seconds" '
		FILENAME ~ /\.time$/ { cpu = $1 + $2; next }
		/ cov: / {
			for (i = 1; i < NF; i++)
				if ($i == "cov:" && $(i + 1) > edges)
					edges = $(i + 1)
		}
		/number_of_executed_units/ { units += $2 }
		END {
			printf "%s: %d processes, %d s, %d s of processor time, %d executions, %d a second of it, %d edges\n",
			       name, jobs, wall, cpu, units, cpu ? units / cpu : 0, edges
		}' "$out/$name.time" "${logs[@]}"
}

# lines NAME SOURCE...: those that all inputs together reach.
lines()
{
	local name=$1
	shift
	rm -f "$out"/gcov/*.gcda
	"$out/$name-gcov" "$out/corpus-$name" "$out/seeds-$name" >"$out/$name-lines.log" 2>&1
	judge "$name" $? "inputs without sanitizers" "$out/$name-lines.log"
	"$here/coverage.sh" "$out/gcov" 0 "$@" >"$out/$name-lines.log"
	sed -n "s/^# total/$name: lines of the engine:/p" "$out/$name-lines.log"
}

# Adds only inputs that reach more than the vectors and the file, so that the file changes
# little. To start with an empty file, remove it.
keep()
{
	local name=$1 known=$out/known-$1
	rm -rf "$known"
	mkdir -p "$known"
	cp -r "$out/seeds-$name/." "$known"
	fuzzer "$name" "$out/$name-keep.log" -set_cover_merge=1 "$known" "$out/corpus-$name"
	judge "$name" $? minimising "$out/$name-keep.log"
	(cd "$out/seeds-$name" && ls) | grep -v '^kept-' | (cd "$known" && xargs rm -f)
	/usr/bin/python3 "$here/corpus.py" pack "$known" "$tests/corpus/$name.hex" || exit 1
}

ktap_collect
seeds fuzz-frame
seeds fuzz-conf
case $verb in
run)
	seconds=$4
	shift 4
	replay fuzz-frame
	replay fuzz-conf
	fuzz fuzz-frame $((seconds * 2 / 3))
	[ $# -eq 0 ] || lines fuzz-frame "$@"
	fuzz fuzz-conf $((seconds / 3))
	[ $# -eq 0 ] || lines fuzz-conf "$@"
	;;
keep)
	keep fuzz-frame
	keep fuzz-conf
	;;
esac
ktap_collected
