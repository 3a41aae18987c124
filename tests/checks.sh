# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# To be sourced by scripts of checks, in the top directory. A check is one test, which passes
# if it prints nothing. The sourcing script sets $out, a directory for the checks' files, and
# $only, words that the name of a check must have to run.

# shellcheck source=tests/lib/ktap.sh
. tests/lib/ktap.sh
mkdir -p "${out:?}"
ktap_begin

check() { # NAME FUNCTION [ARGUMENTS...]
	local name=$1 log=$out/$2.log
	shift
	[[ $name == *"${only-}"* ]] || return 0
	if "$@" >"$log" 2>&1 && [ ! -s "$log" ]; then
		ktap_pass "$name"
	else
		sed 's/^/#   /' "$log" | head -n 60
		ktap_fail "$name"
	fi
}

sources() { git ls-files --cached --others --exclude-standard -- "$@"; }

# Prints warnings and errors alone, not the progress of kbuild. kbuild also remarks that the
# kernel was built by another version of the compiler, which holds for every Debian kernel.
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
