# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# To be sourced by test scripts: prints results as KTAP (Documentation/dev-tools/ktap.rst of
# the kernel), and a line "N passed, N failed, N skipped" at the end, which tests/lib/count.sh
# adds up. A script calls, in this order:
#
#	ktap_begin
#	ktap_plan N			if the number of tests is known by then
#	ktap_pass NAME [DIAGNOSTIC]	one of these three for each test
#	ktap_fail NAME [DIAGNOSTIC]
#	ktap_skip NAME REASON
#	ktap_end			fails if a test failed, or none passed
#
# ktap_result NAME passes or fails by the exit status of the command before it.

ktap_passed=0 ktap_failed=0 ktap_skipped=0 ktap_planned=

ktap_begin() {
	echo "KTAP version 1"
}

ktap_plan() {
	ktap_planned=$1
	echo "1..$1"
}

# A "#" begins a diagnostic, so a name must not have one.
ktap_line() { # RESULT NAME [DIAGNOSTIC]
	echo "$1 $((ktap_passed + ktap_failed + ktap_skipped)) - ${2//#/}${3:+ # $3}"
}

ktap_pass() {
	ktap_passed=$((ktap_passed + 1))
	ktap_line ok "$@"
}

ktap_fail() {
	ktap_failed=$((ktap_failed + 1))
	ktap_line "not ok" "$@"
}

ktap_skip() {
	ktap_skipped=$((ktap_skipped + 1))
	ktap_line ok "$1" "SKIP $2"
}

ktap_result() {
	# shellcheck disable=SC2181 # the command is the caller's
	if [[ $? -eq 0 ]]; then
		ktap_pass "$@"
	else
		ktap_fail "$@"
		return 1
	fi
}

ktap_end() {
	local total=$((ktap_passed + ktap_failed + ktap_skipped))
	if [[ -z $ktap_planned ]]; then
		echo "1..$total"
	elif [[ $total -ne $ktap_planned ]]; then
		echo "# $total tests ran, $ktap_planned were planned"
		ktap_failed=$((ktap_failed + 1))
	fi
	echo "$ktap_passed passed, $ktap_failed failed, $ktap_skipped skipped"
	[[ $ktap_failed -eq 0 && $ktap_passed -gt 0 ]]
}
