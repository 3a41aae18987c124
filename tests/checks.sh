# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For scripts of checks: each is one test, which passes when it prints nothing.
# Sourced in the top directory with $out set, and $only to words in the names of
# those that are wanted.

passed=0 failed=0
mkdir -p "${out:?}"

check() { # NAME FUNCTION [ARGUMENTS...]
	local name=$1 log=$out/$2.log
	shift
	[[ $name == *"${only-}"* ]] || return 0
	if "$@" >"$log" 2>&1 && [ ! -s "$log" ]; then
		echo "ok - $name"
		passed=$((passed + 1))
	else
		echo "not ok - $name"
		sed 's/^/    /' "$log" | head -n 60
		failed=$((failed + 1))
	fi
}

summary() {
	echo "$passed passed, $failed failed, 0 skipped"
	[ "$failed" -eq 0 ]
}

sources() { git ls-files --cached --others --exclude-standard -- "$@"; }

# Only diagnostics: what kbuild says about its own progress is no finding. A
# kernel from the archive was built by another compiler version than this one.
kbuild() { # DIRECTORY ARGUMENTS...
	local dir=$out/$1
	shift
	rm -rf "$dir"
	mkdir -p "$dir"
	sources Kbuild kmod uapi | grep -v '\.py$' | xargs cp -p --parents -t "$dir"
	make -s -C "$KDIR" M="$PWD/$dir" "$@" modules 2>&1 |
		grep -v -e '^warning: the compiler differs' -e '^  The kernel was built by' \
			-e '^  You are using:' -e 'Skipping BTF generation'
	[ -f "$dir/vdhcp.ko" ]
}
