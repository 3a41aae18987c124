#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Run the KUnit tests under User-Mode Linux, with KASAN, UBSAN and lockdep.
#
#   run.sh [--source 6.1]
#
#   --source		linux-source-<version> to build the kernel from; 7 is the
#			newest 7.x, fetched if it is not installed (see source.sh)
#   KUNIT_FILTER	glob for suites, or suites.tests (kernels from 6.6 on; older
#			ones cannot filter the suites of a module and run all)
#   KUNIT_TIMEOUT	seconds for boot and tests together (default 300)
#
# Builds the modules of tests/kunit/Kbuild from a copy of the sources, loads
# all of them, unloads them, and reports.  Fails when a test fails, when none
# ran or a planned one is missing, when a module does not load or unload, when
# memory leaked, and when the kernel crashed, hung, or had any complaint.
#
# Leaves build/kunit/build.log, kunit.log (the kernel's messages) and
# kunit.ktap (the test results in them).  The last line of the output is
# "N passed, N failed, N skipped".  Counted is what has no subtests: test cases
# without parameters, and of those with parameters each of the parameters.  A
# test that has not ended, or was planned and not started, counts as failed.
# KUnit of 6.1 prints a skipped parameter as passed.

set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
out=$top/build/kunit
log=$out/kunit.log
ktap=$out/kunit.ktap
limit=${KUNIT_TIMEOUT:-300}
source=6.1

die() {
	echo "run.sh: $*" >&2
	exit 1
}

while [ $# -gt 0 ]; do
	case $1 in
	--source)	source=${2:?"--source needs a version"}; shift ;;
	--source=*)	source=${1#*=} ;;
	-h|--help)	sed -n '4,/^$/s/^# \{0,1\}//p' "$0"; exit ;;
	*)		die "unknown argument '$1'" ;;
	esac
	shift
done

# A calling make must not lend its variables to the kernel's makefiles.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL ARCH SUBARCH CROSS_COMPILE \
	KBUILD_OUTPUT KCFLAGS KCPPFLAGS KAFLAGS CFLAGS LDFLAGS LLVM O M V W C

# Commands and the Debian packages that have them.
while read -r command debian; do
	command -v "$command" >/dev/null || missing="${missing:-} $debian"
done <<-'END'
	flock util-linux
	insmod kmod
	readelf binutils
	rsync rsync
	setpriv util-linux
END
[ -z "${missing:-}" ] || die "please run: apt-get install$missing"

[ -f "$here/Kbuild" ] || die "there is no $here/Kbuild"
# The kernel command line and kbuild both end a path at a space.
case $top in
*[[:space:]:,\"]*) die "cannot work in '$top': space, colon, comma or quote in the path" ;;
esac

variables=$("$here/kernel.sh" --source "$source")
eval "$variables"

mkdir -p "$out"
exec 9>"$out/lock"
flock -n 9 || die "another run is under way in $out"

### Build

# Objects do not depend on the mtimes of another kernel's headers.
if [ "$(cat "$out/kdir" 2>/dev/null)" != "$UML_KDIR" ]; then
	rm -rf "$out/src"
	echo "$UML_KDIR" >"$out/kdir"
fi

# Kbuild builds in place.  The copy keeps modification times, and what is
# excluded is neither taken from a build in the checkout nor deleted here.
directories=()
for directory in kmod uapi tests/frame tests/kunit; do
	[ ! -d "$top/$directory" ] || directories+=("./$directory")
done
mkdir -p "$out/src"
(cd "$top" && rsync --archive --relative --delete --prune-empty-dirs \
	--exclude='*.o' --exclude='*.ko' --exclude='.*.cmd' --exclude='*.mod' \
	--exclude='*.mod.c' --exclude='modules.order' --exclude='Module.symvers' \
	--exclude='.*.d' --exclude='vectors-gen.h' "${directories[@]}" "$out/src/")
"$here/vectors.sh" "$out/src/tests/kunit/vectors-gen.h"

# UBSAN: nothing is instrumented by default on this architecture.  -g: to name
# the source lines in a report.
rm -f "$out"/src/tests/kunit/*.ko
if ! nice make -C "$UML_KDIR" ARCH=um SUBARCH=x86_64 -j"$(nproc)" \
	M="$out/src/tests/kunit" W=1 KCFLAGS='-Werror -g' UBSAN_SANITIZE=y \
	modules </dev/null >"$out/build.log" 2>&1; then
	cat "$out/build.log" >&2
	die "the modules do not build"
fi
if grep -i 'warning: ' "$out/build.log" >&2; then
	die "the modules do not build without a warning"
fi

# In the order in which kbuild lists them, the only one that the author can set.
modules=
planned=0
while read -r object; do
	ko=$(basename "${object%.*}").ko
	[ -f "$out/src/tests/kunit/$ko" ] || die "$ko was not built"
	modules=${modules:+$modules,}$ko
	# The section is an array of pointers to suites.
	size=$(readelf -SW "$out/src/tests/kunit/$ko" |
		sed -n 's/.* \.kunit_test_suites  *[A-Z]*  *[0-9a-f]* [0-9a-f]* \([0-9a-f]*\) .*/\1/p')
	planned=$((planned + 0x${size:-0} / 8))
done <"$out/src/tests/kunit/modules.order"
[ -n "$modules" ] || die "tests/kunit/Kbuild names no module"

### Boot

# The kernel's memory is a file, mapped executable: best in a tmpfs.
scratch=${TMPDIR:-/tmp}
if [ -w /dev/shm ] && [ "$(df -k --output=avail /dev/shm | tail -n 1)" -gt 2000000 ] &&
	! findmnt -no OPTIONS --target /dev/shm | grep -qw noexec; then
	scratch=/dev/shm
fi
scratch=$(mktemp -d "$scratch/vdhcp-kunit.XXXXXX")

uml=
watch=
cleanup() {
	# The kernel makes itself the leader of a group, in which are all of the
	# guest's processes.  Kill them together, then if it was not that far.
	if [ -n "$uml" ]; then
		kill -KILL -- "-$uml" 2>/dev/null || :
		kill -KILL "$uml" 2>/dev/null || :
	fi
	[ -z "$watch" ] || kill "$watch" 2>/dev/null || :
	rm -rf "$scratch"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

arguments=(
	mem=512M uml_dir="$scratch" umid=kunit
	root=/dev/root rootfstype=hostfs rootflags=/ ro init="$here/uml-init"
	KUNIT_DIR="$out/src/tests/kunit" KUNIT_KO="$modules"
	# Each line is written at once, by the console that cannot sleep.
	con=null ssl=null earlyprintk keep_bootcon printk.devkmsg=on
	# Idle time is skipped.
	time-travel
	# Report each error, not only the first.
	kasan_multi_shot
	# allnoconfig says no to what newer kernels ask.
	kunit.autorun=1
	# A loop that does not end is reported after twice this.
	watchdog_thresh=20
)
# Fill allocated memory with a pattern.  The allocator writes the pattern into memory
# that KASAN does not let it access yet, if its memset() is instrumented, as it is on
# newer kernels with this compiler; so only kernels without that do it.
if grep -q __SANITIZE_ADDRESS__ "$UML_KDIR/arch/x86/include/asm/string_64.h"; then
	arguments+=(slub_debug=FZP)
fi
if [ -n "${KUNIT_FILTER:-}" ]; then
	arguments+=("kunit.filter_glob=$KUNIT_FILTER")
	[ "$(printf '%s\n' 6.6 "$UML_RELEASE" | sort -V | head -n 1)" = 6.6 ] ||
		echo "run.sh: KUNIT_FILTER needs a kernel from 6.6 on: all tests run" >&2
fi

ulimit -c 0
begin=$SECONDS
: >"$log"
# The console is the C library's stdout, which must not keep lines back.
# It ends even if this shell is killed.
TMPDIR=$scratch setpriv --pdeathsig KILL stdbuf -oL "$UML_KERNEL" "${arguments[@]}" \
	</dev/null >>"$log" 2>&1 9>&- &
uml=$!
timeout "$limit" tail --pid="$uml" --sleep-interval=0.1 -f /dev/null 9>&- &
watch=$!
hung=
if ! wait "$watch" 2>/dev/null; then
	hung=y
	echo "run.sh: stopped after $limit s" >>"$log"
	# It may still tell us where it is, and the end of a line.
	kill -TERM "$uml" 2>/dev/null || :
	sleep 1
	kill -KILL -- "-$uml" 2>/dev/null || :
fi
watch=
status=0
wait "$uml" 2>/dev/null || status=$?
kill -KILL -- "-$uml" 2>/dev/null || :
uml=
seconds=$((SECONDS - begin))

### Report

# The suites of a module have no header, plan or continuous numbers above them
# in some versions and several in others.  So write our own, with the number of
# suites that the modules have, or that the filter left.  Stack traces go
# without raw data and without the guesses ("?") outside of our modules.
selected=$planned
if [ -n "${KUNIT_FILTER:-}" ]; then
	selected=$(grep -c '^    # Subtest: ' "$log" || :)
fi
noise=' \[<[0-9a-f]+>\] \? .*[^]]$|( [0-9a-f]{8,16})+$|Stack:$'
{
	echo "KTAP version 1"
	echo "1..$selected"
	grep -vE "^($noise)" "$log" | awk '
		/^kunit-init: start/ { on = 1; next }
		/^kunit-init: done/ { on = 0 }
		!on || /^KTAP version/ || /^1\.\.[0-9]+$/ { next }
		/^(not )?ok [0-9]+ / { sub(/ok [0-9]+/, "ok " ++n) }
		{ print }' || :
} >"$ktap"

# shellcheck source=tests/lib/ktap.sh
. "$top/tests/lib/ktap.sh"
# shellcheck source=tests/kunit/results.sh
. "$here/results.sh"
ktap_collect
/usr/bin/python3 "$UML_SRC/tools/testing/kunit/kunit.py" parse "$ktap" >"$out/report.txt" || :
problems=()
kunit_results "$out/report.txt" || problems+=("no test ran, or their results have errors")
sed -n 's/^ *ok [0-9]* \(.*\) # SKIP *\(.*\)/# skipped: \1: \2/p' "$ktap"

# Problems, apart from the tests' own results.
if [ -n "$hung" ]; then
	problems+=("the kernel hung: stopped after $limit s")
elif ! grep -q '^kunit-init: start' "$log"; then
	problems+=("the kernel did not boot (exit status $status)")
elif ! grep -q '^kunit-init: done' "$log"; then
	problems+=("the kernel crashed (exit status $status)")
elif [ "$status" != 0 ]; then
	problems+=("the kernel ended with exit status $status")
fi
while read -r line; do
	problems+=("$line")
done < <(sed -n 's/^kunit-init: FAIL: \(.*\)/\1 failed/p' "$log")

bad='BUG: |BUG [^ ]+ \(|kernel BUG at|WARNING: |UBSAN: |ODEBUG: |INFO: task |INFO: possible|Kernel panic|Oops'
bad+='|suspicious RCU|list_(add|del) corruption|refcount_t: |soft lockup|general protection|Kernel mode fault'
bad+='|kmemleak: [0-9]+ new|leaked reference|unregister_netdevice: waiting|DEBUG_LOCKS_WARN'
# Not what it says about being stopped.
said=$scratch/said
sed '/^run\.sh: stopped/q' "$log" >"$said"
if grep -qE "$bad" "$said"; then
	problems+=("the kernel complained:")
	while read -r line; do
		problems+=("  $line")
	done < <(grep -oE "($bad).*" "$said" | sort | uniq -c | sort -rn | head -n 10)

	# The first few.
	echo "--- from $log:"
	grep -nE -A90 "$bad" "$said" |
		grep -vE "^[0-9]+-($noise)" |
		head -n 100 || :
	# Where in our source: each place once.
	for ko in ${modules//,/ }; do
		grep -oE "[A-Za-z0-9_.]+\+0x[0-9a-f]+/0x[0-9a-f]+ \[${ko%.ko}\]" "$said" |
			awk '!seen[$1]++ { print $1 }' | head -n 20 |
			xargs -r "$UML_SRC/scripts/faddr2line" "$out/src/tests/kunit/$ko" 2>/dev/null |
			sed "s|$out/src/||g; s|$UML_KDIR/\(\./\)\?||g" || :
	done
	echo "---"
fi

echo "# linux $UML_RELEASE under UML, $seconds s; log in ${log#"$PWD"/}"
for problem in "${problems[@]}"; do
	echo "not ok - KUnit as a whole # $problem"
done
ktap_collected
