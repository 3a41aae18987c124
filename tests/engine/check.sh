#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# check.sh OUT VECTORS: runs the unit tests and the vectors, and prints the results of both.
set -u
out=$1
vectors=$2
# shellcheck source=tests/lib/ktap.sh
. "$(dirname "$0")/../lib/ktap.sh"

run_program() { # NAME ARGUMENT...
	local program=$1 log=$out/$1.log status=0
	shift
	"$out/$program" "$@" >"$log" 2>&1 || status=$?
	cat "$log"
	# A program that breaks off prints no closing line.
	if ! tail -n 1 "$log" | grep -qE '^[0-9]+ passed, [0-9]+ failed, '; then
		echo "not ok - $program # it broke off with status $status"
	elif [[ $status -ne 0 ]] && ! grep -q '^not ok' "$log"; then
		echo "not ok - $program # status $status"
	fi
}

ktap_collect
run_program unit
run_program replay "$vectors"
ktap_collected
