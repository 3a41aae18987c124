# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# check prints one line for each test, and the output of a failed one.

log=$(mktemp)
trap 'rm -f "$log"' EXIT

check() { # NAME COMMAND...
	local name=$1
	shift
	if "$@" >"$log" 2>&1; then
		echo "ok - $name"
	else
		echo "not ok - $name"
		sed 's/^/    /' "$log" | tail -n 40
	fi
}

# Compare stdin with WANTED; print the difference.
same() { # WANTED
	local got
	got=$(cat)
	[ "$got" = "$1" ] || {
		diff <(echo "$1") <(echo "$got")
		return 1
	}
}
