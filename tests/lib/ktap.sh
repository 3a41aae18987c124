# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# To be sourced by test scripts: prints results as KTAP (Documentation/dev-tools/ktap.rst of
# the kernel), and as the last line "N passed, N failed, N skipped", which tests/lib/count.sh
# adds up.
#
# A script whose tests all run in its own process calls, in this order:
#
#	ktap_begin
#	ktap_plan N			if the number of tests is known by then
#	ktap_pass NAME [DIAGNOSTIC]	one of these three for each test
#	ktap_fail NAME [DIAGNOSTIC]
#	ktap_skip NAME REASON
#	ktap_end			fails if a test failed, or none passed
#
# ktap_result NAME [DIAGNOSTIC] passes or fails by the exit status of the command before it.
#
# If results come from several processes or from a VM, these print "ok - NAME",
# "not ok - NAME" or "ok - NAME # SKIP REASON", and the script that starts them calls
#
#	ktap_collect			from now on stdout is numbered and counted
#	ktap_collected			prints the plan and the last line; fails as ktap_end does

ktap_passed=0 ktap_failed=0 ktap_skipped=0 ktap_planned=
# The last word of a script to its collector: without it the script broke off.
ktap_last="# all results are in"

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
		ktap_pass "$1"
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

# Numbers the results on stdin; every other line becomes a diagnostic.
ktap_number() {
	perl -we '
		my ($last, $n, %count, $ended) = (shift, 0, pass => 0, fail => 0, skip => 0);
		sub result {
			my ($word, $name) = @_;
			$count{$word eq "not ok" ? "fail" : $name =~ /# SKIP/ ? "skip" : "pass"}++;
			print "$word ", ++$n, " - $name\n";
		}
		$| = 1;
		print "KTAP version 1\n";
		while (defined(my $line = <STDIN>)) {
			chomp $line;
			if ($line eq $last) { $ended = 1 }
			elsif ($line =~ /^(ok|not ok)(?: \d+)? - (.*)/) { result($1, $2) }
			elsif ($line =~ /^(?:\d+ passed, \d+ failed, \d+ skipped|KTAP version 1|1\.\.\d+)$/) { }
			else { print $line =~ /^#/ ? "" : "# ", "$line\n" }
		}
		result("not ok", "all tests were run # the script ended early") if !$ended;
		print "1..$n\n$count{pass} passed, $count{fail} failed, $count{skip} skipped\n";
		exit($count{fail} || !$count{pass} ? 1 : 0)' "$ktap_last"
}

ktap_collect() {
	exec > >(ktap_number)
	ktap_collector=$!
}

ktap_collected() {
	echo "$ktap_last"
	exec >&-
	wait "$ktap_collector"
}
