# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# To be sourced by scripts that run other test scripts: runs each of them as a stage, prints
# the results as KTAP with the stage's own KTAP indented, and adds up the results. Every test
# script ends with a line "N passed, N failed, N skipped"; so does the script that sources
# this file. It sets $logs, the directory for the stages' output, and calls
#
#	stages_begin N			N is the number of stages
#	stage NAME COMMAND...		one of these two for each stage
#	stage_skip NAME REASON
#	total				prints the sum; fails if a stage failed

passed=0 failed=0 skipped=0 number=0
table=() logs=build
# shellcheck source=tests/lib/alive.sh
. "$(dirname "${BASH_SOURCE[0]}")/alive.sh"
trap alive_stop EXIT

stages_begin() {
	echo "KTAP version 1"
	echo "1..$1"
}

# ktap_leaves LOG: "PASSED FAILED SKIPPED" of the KTAP in it. Only tests without subtests are
# counted: a result line after deeper result lines is the sum of those.
ktap_leaves() {
	awk '
		match($0, /^ *(not )?ok [0-9]+/) {
			match($0, /^ */)
			indent = RLENGTH
			parent = deepest > indent
			deepest = indent
			if (parent) next
			if ($1 == "not") failed++
			else if ($0 ~ /# SKIP/) skipped++
			else passed++
		}
		END { print passed + 0, failed + 0, skipped + 0 }' "$1"
}

# counted NAME LOG COMMAND...: run COMMAND, print and log its output, and add its closing line
# to our numbers. Sets $status to its exit status, and $line to the closing line and what is
# wrong with it. A command without a closing line has failed, and so has one whose closing line
# disagrees with its exit status or with its KTAP.
counted() {
	local name=$1 log=$2 leaves
	shift 2
	mkdir -p "${log%/*}"
	: >"$log"
	alive_start "$name" "$log"
	# In an "if", because the script may have -e and pipefail.
	if "$@" 2>&1 | tee "$log" | sed -u 's/^/  /'; then
		status=0
	else
		status=${PIPESTATUS[0]}
	fi
	alive_stop
	line=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -n 1) || :
	if [[ ! $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
		line="no closing line, status $status"
		failed=$((failed + 1))
		return
	fi
	passed=$((passed + BASH_REMATCH[1]))
	failed=$((failed + BASH_REMATCH[2]))
	skipped=$((skipped + BASH_REMATCH[3]))
	[[ ${BASH_REMATCH[2]} -eq 0 ]] || return 0
	leaves=$(ktap_leaves "$log")
	if [[ $status -ne 0 || ${BASH_REMATCH[1]} -eq 0 ]]; then
		line+=", status $status"
	elif grep -q '^KTAP version 1$' "$log" &&
		[[ $leaves != "${BASH_REMATCH[1]} ${BASH_REMATCH[2]} ${BASH_REMATCH[3]}" ]]; then
		line+=", but its KTAP has (passed, failed, skipped) $leaves"
	else
		return 0
	fi
	failed=$((failed + 1))
}

stage() {
	local name=$1 began=$SECONDS status line before=$failed result=ok
	shift
	number=$((number + 1))
	echo "  # Subtest: $name"
	counted "$name" "$logs/$name.log" "$@"
	[[ $failed -eq $before ]] || result="not ok"
	echo "$result $number - $name # $((SECONDS - began)) s: $line"
	table+=("$(printf '%-12s %5d s  %s' "$name" $((SECONDS - began)) "$line")")
}

stage_skip() {
	number=$((number + 1))
	skipped=$((skipped + 1))
	echo "ok $number - $1 # SKIP $2"
	table+=("$(printf '%-12s       -  skipped: %s' "$1" "$2")")
}

total() {
	[[ ${#table[@]} -eq 0 ]] || printf '# %s\n' "${table[@]}"
	echo "$passed passed, $failed failed, $skipped skipped"
	[[ $failed -eq 0 ]]
}
