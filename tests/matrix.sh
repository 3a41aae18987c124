#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The module on one kernel after the other. See --help.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() {
	cat <<'E'
usage: tests/matrix.sh [--build-only] [VERSION[=SUITE] | kunit=VERSION | in-tree=VERSION]...

VERSION[=SUITE]   builds the module for that kernel (see tests/vm/kernel.sh --help) without a
                  warning, boots the kernel and runs the stories. With SUITE, it builds in a
                  minimal system of that Debian release, with that release's compiler; the
                  system is kept outside of the checkout.
kunit=VERSION     runs KUnit out of tree, see tests/kunit/run.sh --help
in-tree=VERSION   runs KUnit in tree, see tests/kunit/check-tree.sh --help

Without arguments: 5.10=bullseye 6.1 6.12 7=sid kunit=6.1 kunit=7 in-tree=6.1 in-tree=7.

  --build-only  builds, and boots nothing
  STORIES       patterns of stories, see tests/e2e/run.sh (all)

Exit status: 0 if no test failed.
E
}

stories_too=1
case ${1-} in
--build-only)
	stories_too=
	shift
	;;
-h | --help)
	usage
	exit
	;;
-*)
	usage >&2
	exit 2
	;;
esac
die() {
	echo "matrix.sh: $*" >&2
	exit 1
}
read -ra stories <<<"${STORIES:-}"
[[ $# -gt 0 ]] || set -- 5.10=bullseye 6.1 6.12 7=sid kunit=6.1 kunit=7 in-tree=6.1 in-tree=7
# shellcheck source=tests/lib/apt.sh
. "$top/tests/lib/apt.sh"
# shellcheck source=tests/lib/count.sh
. "$top/tests/lib/count.sh"
# shellcheck source=tests/lib/ktap.sh
. "$top/tests/lib/ktap.sh"
logs=$top/build/matrix
mkdir -p "$logs"

# in_suite SUITE COMMAND...: in a minimal system of that release.
in_suite() {
	local root=$cache/suites/$1
	shift
	# objtool reads the limit of its stack from /proc.
	# shellcheck disable=SC2016 # for the inner shell
	unshare --mount -- sh -c 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"' "$root" \
		/usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
		DEBIAN_FRONTEND=noninteractive "$@"
}

# Makes the system of a release, once, and installs the headers of one kernel in it.
prepare_suite() { # SUITE VERSION
	local suite=$1 root=$cache/suites/$1
	if [[ ! -e $root/.made ]]; then
		rm -rf "$root"
		mkdir -p "$root"
		debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" \
			"$(debian_mirror)" || return
		# The release has its own keyring, which its apt finds by itself.
		debian_sources "$suite" | sed 's/\[.*\] //' >"$root/etc/apt/sources.list"
		touch "$root/.made"
	fi
	in_suite "$suite" test -e "/lib/modules/$2/build/Makefile" && return
	# The lists of a mirror may be past their date; their signature is checked nevertheless.
	in_suite "$suite" apt-get -qq -o Acquire::Check-Valid-Until=false update &&
		in_suite "$suite" apt-get -qq install -y --no-install-recommends make gcc libc6-dev \
			libelf1 "linux-headers-$2"
}

# Makes build/ko/VERSION/vdhcp.ko, with warnings as errors.
build_module() { # VERSION SUITE
	local ver=$1 suite=$2 root ko=$top/build/ko/$1
	if [[ -z $suite ]]; then
		rm -f "$ko/vdhcp.ko"
		make -C "$top" "KVER=$ver" W=1 KCFLAGS=-Werror module && [ -f "$ko/vdhcp.ko" ]
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

test_build() { # VERSION SUITE
	local log=$logs/$1.build
	ktap_begin
	ktap_plan 1
	if build_module "$@" >"$log" 2>&1; then
		ktap_pass "builds with W=1 -Werror"
	else
		tail -n 20 "$log" | sed 's/^/# /'
		ktap_fail "builds with W=1 -Werror" "see $log"
	fi
	ktap_end
}

test_kernel() { # VERSION[=SUITE]
	local want=${1%%=*} suite='' append='' ver before=$failed
	[[ $1 != *=* ]] || suite=${1#*=}
	# An unknown version fails as a build that cannot be.
	ver=$("$top/tests/vm/kernel.sh" --kver "$want") || ver=$want
	stage "build-$ver" test_build "$ver" "$suite"
	[[ -n $stories_too ]] || return 0
	if [[ $failed -ne $before ]]; then
		stage_skip "stories-$ver" "the module does not build"
		return
	fi
	make -s -C "$top" tools
	# The TSC of an emulated machine makes the clock of 5.10 run several times too fast.
	[[ $ver != 5.* ]] || append=clocksource=hpet
	stage "stories-$ver" env KVER="$ver" VMBUILD=0 VMAPPEND="$append" \
		VMDIR="$top/build/vm-matrix/$ver" "$top/tests/e2e/run.sh" "${stories[@]}"
}

planned=0
for word; do
	case $word in
	kunit=* | in-tree=*) planned=$((planned + 1)) ;;
	*) planned=$((planned + ${stories_too:-0} + 1)) ;;
	esac
done
stages_begin "$planned"
for word; do
	case $word in
	kunit=*) stage "kunit-${word#*=}" "$top/tests/kunit/run.sh" --source "${word#*=}" ;;
	in-tree=*) stage "in-tree-${word#*=}" "$top/tests/kunit/check-tree.sh" "${word#*=}" ;;
	*) test_kernel "$word" ;;
	esac
done
total
