#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# One source, every kernel: build without a warning, boot, and run the stories on
# each; KUnit on the oldest and the newest source that has it, out of tree and in
# tree. Closes with a table and one line.
#
#   tests/matrix.sh [VERSION[=SUITE]]...
#
# VERSION is as for tests/vm/kernel.sh. A kernel of another Debian release is built
# in a minimal system of that release (SUITE), with its own compiler, which is kept
# outside of the checkout. kunit=VERSION and in-tree=VERSION are rows for KUnit, see
# tests/kunit/run.sh and check-tree.sh. Without arguments: 5.10=bullseye 6.1 6.12
# 7=sid kunit=6.1 kunit=7 in-tree=6.1 in-tree=7.
#
#   STORIES   patterns of stories, see tests/e2e/run.sh (all)
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${VDHCP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vdhcp}
read -ra stories <<<"${STORIES:-}"
[[ $# -gt 0 ]] || set -- 5.10=bullseye 6.1 6.12 7=sid kunit=6.1 kunit=7 in-tree=6.1 in-tree=7
# shellcheck source=tests/lib/count.sh
. "$top/tests/lib/count.sh"
mkdir -p "$top/build/matrix"

# in_suite SUITE COMMAND...: in a minimal system of that release.
in_suite() {
	local root=$cache/suites/$1
	shift
	# objtool asks /proc how large its stack may be.
	# shellcheck disable=SC2016 # for the inner shell
	unshare --mount -- sh -c 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"' "$root" \
		/usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
		DEBIAN_FRONTEND=noninteractive "$@"
}

# Makes it, with the headers of one kernel; says nothing unless it fails.
prepare_suite() { # SUITE VERSION
	local suite=$1 root=$cache/suites/$1
	if [[ ! -e $root/.made ]]; then
		rm -rf "$root"
		mkdir -p "$root"
		debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" \
			http://deb.debian.org/debian || return
		[[ $suite == sid ]] || echo "deb http://deb.debian.org/debian-security $suite-security main" \
			>>"$root/etc/apt/sources.list"
		touch "$root/.made"
	fi
	in_suite "$suite" test -e "/lib/modules/$2/build/Makefile" && return
	# A mirror may be behind; what it has is signed all the same.
	in_suite "$suite" apt-get -qq -o Acquire::Check-Valid-Until=false update &&
		in_suite "$suite" apt-get -qq install -y --no-install-recommends make gcc libc6-dev \
			libelf1 "linux-headers-$2"
}

# build VERSION SUITE: build/ko/VERSION/vdhcp.ko, with all warnings as errors.
build() {
	local ver=$1 suite=$2 root ko=$top/build/ko/$1
	if [[ -z $suite ]]; then
		rm -f "$ko/vdhcp.ko"
		make -C "$top" "KVER=$ver" W=1 KCFLAGS=-Werror module
		return
	fi
	prepare_suite "$suite" "$ver" || return
	root=$cache/suites/$suite
	rm -rf "$root/build"
	mkdir -p "$root/build" "$ko"
	(cd "$top" && cp -p --parents Kbuild kmod/*.[ch] kmod/engine/*.[ch] kmod/compat/*/*.h uapi/*.h \
		uapi/linux/*.h "$root/build") || return
	in_suite "$suite" make -C "/lib/modules/$ver/build" M=/build W=1 KCFLAGS=-Werror \
		"VDHCP_VERSION=$(sed -n 's/^VDHCP_VERSION ?= //p' "$top/Kbuild")" modules || return
	cp "$root/build/vdhcp.ko" "$ko/"
}

kunit_row() { # kunit|in-tree VERSION
	local log=$top/build/matrix/$1-$2 status line began=$SECONDS source
	if [[ $1 == kunit ]]; then
		counted "$log" "$top/tests/kunit/run.sh" --source "$2"
	else
		counted "$log" "$top/tests/kunit/check-tree.sh" "$2"
	fi
	source=$(sed -n 's/^linux \([^ ]*\).*, [0-9]* s; .*/\1/p' "$log" | tail -n 1)
	table+=("$(printf '%-26s %-10s %s, %d s' "KUnit ${source:-$2}" "$1" "$line" $((SECONDS - began)))")
}

row() { # VERSION[=SUITE]
	local want=${1%%=*} suite='' append='' ver log line status=0 began=$SECONDS
	[[ $1 != *=* ]] || suite=${1#*=}
	ver=$("$top/tests/vm/kernel.sh" --kver "$want") || status=$?
	if [[ $status -ne 0 ]]; then
		table+=("$(printf '%-26s %-10s %s' "$want" "-" "no such kernel")")
		failed=$((failed + 1))
		return
	fi
	log=$top/build/matrix/$ver
	echo "=== $ver${suite:+, built in $suite}"
	if ! build "$ver" "$suite" >"$log.build" 2>&1; then
		tail -n 20 "$log.build"
		table+=("$(printf '%-26s %-10s %s' "$ver" "no" "")")
		failed=$((failed + 1))
		return
	fi
	passed=$((passed + 1))
	echo "ok - builds with W=1 -Werror"
	make -s -C "$top" tools
	# The TSC of an emulated machine makes the clock of 5.10 run several times too fast.
	[[ $ver != 5.* ]] || append=clocksource=hpet
	KVER=$ver VMBUILD=0 VMAPPEND=$append VMDIR=$top/build/vm-matrix/$ver \
		counted "$log.e2e" "$top/tests/e2e/run.sh" "${stories[@]}"
	table+=("$(printf '%-26s %-10s %s, %d s' "$ver" "no warning" "$line" $((SECONDS - began)))")
}

for word in "$@"; do
	case $word in
	kunit=* | in-tree=*) kunit_row "${word%%=*}" "${word#*=}" ;;
	*) row "$word" ;;
	esac
done
printf '\n%-26s %-10s %s\n' kernel build stories
printf '%s\n' "${table[@]}"
total
