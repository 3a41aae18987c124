# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# To be sourced: the lines that test runs close with, added up. Where stage() leaves
# its logs, $logs, is the sourcing script's to say.

passed=0 failed=0 skipped=0
table=() logs=build

# counted LOG COMMAND...: run it, and add the numbers of the last line that counts to
# ours. That line is left in $line, with what is wrong with it; the exit status in
# $status. Who cannot say what it did has failed, and so has one that failed.
counted() {
	local log=$1
	shift
	mkdir -p "${log%/*}"
	# Whether the script has -e and pipefail or not.
	{
		"$@" 2>&1 | tee "$log"
		status=${PIPESTATUS[0]}
	} || :
	line=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -n 1) || :
	if [[ ! $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
		line="no count, status $status"
		failed=$((failed + 1))
		return
	fi
	passed=$((passed + BASH_REMATCH[1]))
	failed=$((failed + BASH_REMATCH[2]))
	skipped=$((skipped + BASH_REMATCH[3]))
	[[ ${BASH_REMATCH[2]} -eq 0 ]] || return 0
	if [[ $status -ne 0 || ${BASH_REMATCH[1]} -eq 0 ]]; then
		line+=", status $status"
		failed=$((failed + 1))
	fi
}

# stage NAME COMMAND...: the same, timed and with a line in $table; the log is $logs/NAME.log.
stage() {
	local name=$1 began=$SECONDS status line
	shift
	echo "=== $name: $*"
	counted "$logs/$name.log" "$@"
	table+=("$(printf '%-14s %5d s  status %d  %s' "$name" $((SECONDS - began)) "$status" "$line")")
}

# total: the sum; fails if anything did.
total() {
	echo "$passed passed, $failed failed, $skipped skipped"
	[[ $failed -eq 0 ]]
}
