#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Build one of the debug kernels, unless it is in the cache.
#
#   kernel.sh NAME [--source 6.1]
#
# NAME is kasan, kcsan or plain; NAME.config describes it. The source is Debian's
# linux-source-<version>. Prints a line for a shell to evaluate:
#
#   VMKERNEL=  bzImage and lib/modules/<release>, as tests/vm/run.sh expects them
#
# All other output goes to stderr. The kernel is kept outside of the checkout, in
# $VDHCP_CACHE (default: $XDG_CACHE_HOME/vdhcp or ~/.cache/vdhcp), one directory
# per package version, configuration and compiler.
set -euo pipefail

# Part of the cache key: increase it if a change below requires a new build.
recipe=3

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
name='' source=6.1

die() {
	echo "kernel.sh: $*" >&2
	exit 1
}

while [[ $# -gt 0 ]]; do
	case $1 in
	--source)
		source=${2:?"--source needs a version"}
		shift
		;;
	-h | --help)
		sed -n '4,/^set/s/^# \{0,1\}//p' "$0"
		exit
		;;
	*) name=$1 ;;
	esac
	shift
done
[[ $name =~ ^[a-z]+$ && $name != base && -r $here/$name.config ]] || die "unknown debug kernel '$name'; use kasan, kcsan or plain"

answer() {
	printf 'VMKERNEL=%q\n' "$dir"
}

# shellcheck source=tests/lib/built-kernel.sh
. "$here/../lib/built-kernel.sh"
need depmod kmod
need_header libelf.h libelf-dev
kernel_source "$source"
kernel_place debug "$SOURCE_VERSION-$name" "$recipe" "$here/base.config" "$here/$name.config"

echo "kernel.sh: building $SOURCE_PACKAGE $SOURCE_VERSION with $name.config in $dir," \
	"about 15 minutes on two cores" >&2
kernel_unpack
patch mm/kasan/kasan.h '#define KASAN_STACK_DEPTH 8\n' 's/^\(#define KASAN_STACK_DEPTH\) 64$/\1 8/'
patch mm/kmemleak.c '#define MAX_TRACE\t\t8\t' 's/^\(#define MAX_TRACE\t\t\)16\t/\18\t/'
# As in later kernels: RCU's self-tests, which PROVE_RCU enables, may wait for ever on a busy
# machine if they run before ksoftirqd exists.
patch kernel/rcu/tasks.h 'core_initcall\(rcu_tasks_self_tests\)' '/^\trcu_tasks_initiate_self_tests();$/d
	/^#endif .*#else #ifdef CONFIG_PROVE_RCU/a \
static int __init rcu_tasks_self_tests(void) { rcu_tasks_initiate_self_tests(); return 0; } \
core_initcall(rcu_tasks_self_tests);'
kernel_configure "$here/base.config" "$here/$name.config"
# Under emulation a fully instrumented kernel takes minutes for a story. Therefore KASAN
# instruments only code that handles vdhcp's objects and packets, and stack traces are just
# long enough to identify the caller. The module itself is always instrumented.
# shellcheck disable=SC2016 # make expands it
kmake -j"$(nproc)" KCSAN_SANITIZE=n \
	'KASAN_SANITIZE=$(if $(filter-out net/9p/%,$(filter net/% drivers/net/% lib/% kernel/rcu/%,$(obj)/)),y,n)' \
	bzImage modules
release=$(<"$work/source/include/config/kernel.release")
mods=$work/lib/modules/$release
kmake "INSTALL_MOD_PATH=$work" modules_install
run cp "$work/source/arch/x86/boot/bzImage" "$work/bzImage"

mapfile -t files < <(cd "$work/source" && {
	find .config Makefile Module.symvers System.map include scripts tools/objtool/objtool \
		-type f -o -type l 2>/dev/null
	find arch/x86/include arch/x86/Makefile* -name 'Makefile*' -o -name '*.h'
})
kernel_kdir "${files[@]}"
rm -f "$mods/build" "$mods/source"
# The link names the final place, not the present one.
ln -s "$dir/kdir" "$mods/build"
kernel_done
