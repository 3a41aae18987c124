# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# To be sourced: reads what the kernel's kunit.py printed.

# kunit_results FILE: one line for each test without subtests, as ktap_collect in
# tests/lib/ktap.sh reads them; if a test failed, the other lines as well. Returns 1 if no test
# ran, or if kunit.py's own sum has more failures than there are lines.
kunit_results() {
	sed 's/\x1b\[[0-9;]*m//g; s/^\[[0-9:]\{8\}\] //' "$1" | awk '
		# "==== suite (N subtests) ====" and, before its parameters, "==== test  ===="
		/^=+ .* =+$/ && !/\[(PASSED|FAILED|SKIPPED|CRASHED)\]/ {
			header = $0
			gsub(/^=+ +| +=+$| \([0-9]+ subtests?\)/, "", header)
			if (/subtests?\) =+$/) suite = header
			next
		}
		/^=+ \[[A-Z]+\] .* =+$/ { header = suite; next }
		/^\[PASSED\] / { passed++; print "ok - " header ": " substr($0, 10); next }
		/^\[SKIPPED\] / { print "ok - " header ": " substr($0, 11) " # SKIP by the test"; next }
		/^\[(FAILED|CRASHED)\] / {
			failed++
			sub(/^\[[A-Z]+\] /, "")
			print "not ok - " header ": " $0
			next
		}
		/^=+/ || /^$/ { next }
		/^Testing complete/ {
			sum = $0
			bad = total("failed") + total("crashed") + total("errors")
		}
		{ others = others $0 "\n" }
		function total(word,	at) {
			return match(sum, word ": [0-9]+") ? substr(sum, RSTART + length(word) + 2) + 0 : 0
		}
		END {
			if (failed || bad || !sum) printf "%s", others
			exit !passed || bad > failed
		}'
}
