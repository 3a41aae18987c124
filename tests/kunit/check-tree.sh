#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Copy vdhcp into a kernel source, and do there what a kernel CI does.
#
#   check-tree.sh [VERSION]
#
# VERSION is that of a linux-source-<version> of Debian (6.1); 7 is the newest 7.x,
# see source.sh.  The source is unpacked into a directory that is removed at the
# end.  The script checks that
#
#   - vdhcp goes in, and going in again changes nothing;
#   - kunit.py, run as it is on its .kunitconfig, passes: each test counts;
#   - built in and as a module, with the tests and without, it compiles without
#     a warning (W=1), and exactly the tests are what makes the difference.
#
# Leaves build/kunit-tree/<version>/: what kunit.py and the compiler said.  The
# last line of the output is "N passed, N failed, N skipped".

set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)

die() {
	echo "check-tree.sh: $*" >&2
	exit 1
}

case ${1-} in
-h|--help)	sed -n '4,/^$/s/^# \{0,1\}//p' "$0"; exit ;;
-*)		die "unknown argument '$1'" ;;
esac
[ $# -le 1 ] || die "wants one version"

# A calling make must not lend its variables to the kernel's makefiles.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL ARCH SUBARCH CROSS_COMPILE \
	KBUILD_OUTPUT KCFLAGS KCPPFLAGS KAFLAGS CFLAGS LDFLAGS LLVM O M V W C

variables=$("$here/source.sh" "${1:-6.1}")
eval "$variables"
version=${SOURCE_PACKAGE#linux-source-}
out=$top/build/kunit-tree/$version
rm -rf "$out"
mkdir -p "$out"

# Kbuild takes no colon in a path, and a kernel does not fit into every tmpfs.
cache=${VDHCP_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/vdhcp}
work=$(mktemp -d "$cache/in-tree.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
tree=$work/linux
mkdir "$tree"
tar -xf "$SOURCE_TARBALL" -C "$tree" --strip-components=1

check() { # NAME FUNCTION
	if "$2" >"$out/$2.log" 2>&1; then
		echo "ok - $1"
	else
		tail -n 30 "$out/$2.log" | sed 's/^/#   /'
		echo "not ok - $1"
	fi
}

goes_in() { "$here/into-tree.sh" "$tree"; }

# Names, sizes and modification times stay the same.
goes_in_again() {
	local what="%P %s %T@\\n"
	find "$tree" -type f -printf "$what" | sort >"$work/before"
	"$here/into-tree.sh" "$tree" && find "$tree" -type f -printf "$what" | sort |
		diff "$work/before" -
}

kunit() {
	(cd "$tree" && nice /usr/bin/python3 ./tools/testing/kunit/kunit.py run \
		--kunitconfig=drivers/net/vdhcp/.kunitconfig) </dev/null 2>&1 |
		sed 's/\x1b\[[0-9;]*m//g' >"$out/kunit.txt"
}

kmake() {
	nice make -C "$tree" O="$work/build" ARCH=um SUBARCH=x86_64 -j"$(nproc)" "$@"
}

# Each step returns its error, because errexit is off in what check() calls.
configure() {
	local line
	mkdir -p "$work/build"
	{
		grep -v -e '^CONFIG_KASAN=' -e '^CONFIG_VDHCP' "$tree/drivers/net/vdhcp/.kunitconfig"
		printf '%s\n' CONFIG_MODULES=y "$@"
	} >"$work/build/.config"
	kmake olddefconfig || return
	for line in "$@"; do
		if [ "${line%=n}" != "$line" ]; then
			grep "^${line%n}" "$work/build/.config" && return 1
		else
			grep -x "$line" "$work/build/.config" || return
		fi
	done
	return 0
}

# compile FILE SETTING...: with the configuration of kunit.py and these settings.
# Whether the kernel has the functions that the module calls shows only in a whole
# kernel that is linked, as kunit.py does.
compile() {
	local file=drivers/net/vdhcp/$1
	shift
	configure "$@" || return
	rm -rf "$work/build/drivers/net/vdhcp"
	kmake prepare scripts || return
	# Not -Werror: the tree's own files are not all so clean.
	kmake W=1 KBUILD_MODPOST_WARN=1 "$file" 2>&1 | tee "$work/said" || return
	! grep 'drivers/net/vdhcp/.*warning: ' "$work/said" || return
	[ "${file##*.}" = ko ] || file=drivers/net/vdhcp/built-in.a
	nm "$work/build/$file" >"$work/symbols" || return
	grep ' vdhcp_init$' "$work/symbols"
}

with_tests() { compile "$@" && grep ' vtest_begin$' "$work/symbols"; }

without_tests() {
	compile "$@" CONFIG_VDHCP_KUNIT_TEST=n || return
	if grep ' vtest_' "$work/symbols"; then
		return 1
	fi
}

built_in() { without_tests '' CONFIG_VDHCP=y; }
module() { without_tests vdhcp.ko CONFIG_VDHCP=m; }
module_with_tests() { with_tests vdhcp.ko CONFIG_VDHCP=m CONFIG_VDHCP_KUNIT_TEST=y; }
all_tests() { with_tests vdhcp.ko CONFIG_VDHCP=m CONFIG_KUNIT=m CONFIG_KUNIT_ALL_TESTS=m; }

# shellcheck source=tests/lib/ktap.sh
. "$top/tests/lib/ktap.sh"
# shellcheck source=tests/kunit/results.sh
. "$here/results.sh"
begin=$SECONDS
ktap_collect
check "vdhcp goes into linux $version" goes_in
check "going in again changes nothing" goes_in_again

status=0
kunit || status=$?
if kunit_results "$out/kunit.txt" && [ "$status" = 0 ]; then
	echo "ok - kunit.py"
else
	echo "not ok - kunit.py # status $status"
fi

check "compiles built in, without tests" built_in
check "compiles as a module, without tests" module
check "compiles as a module, with tests" module_with_tests
check "the tests are there when all are wanted" all_tests
echo "# linux $version ($SOURCE_VERSION), $((SECONDS - begin)) s; output in ${out#"$PWD"/}"
ktap_collected
