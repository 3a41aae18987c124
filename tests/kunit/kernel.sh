#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Build the User-Mode Linux kernel of the KUnit tests, unless it is in the cache.
#
#   kernel.sh [--source 6.1]
#
# The source is Debian's linux-source-<version> (7: the newest 7.x, see
# source.sh), the configuration is uml.config. Prints lines for a shell to
# evaluate:
#
#   UML_KERNEL=  the kernel, an ordinary executable
#   UML_KDIR=    build external modules with: make ARCH=um -C "$UML_KDIR" M=...
#   UML_SRC=     parts of the source: scripts/, tools/testing/kunit/, ...
#   UML_RELEASE= the kernel's release
#
# All other output goes to stderr. The kernel is kept outside of the checkout, in
# $VDHCP_CACHE (default: $XDG_CACHE_HOME/vdhcp or ~/.cache/vdhcp), one directory
# per package version, configuration and compiler.

set -euo pipefail

# Part of the cache key: increase it if a change below requires a new build.
recipe=2

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
config=$here/uml.config
source=6.1

die() {
	echo "kernel.sh: $*" >&2
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

answer() {
	printf 'UML_KERNEL=%q\n' "$dir/linux"
	printf 'UML_KDIR=%q\n' "$dir/kdir"
	printf 'UML_SRC=%q\n' "$dir/kdir"
	printf 'UML_RELEASE=%q\n' "$(cat "$dir/kdir/include/config/kernel.release")"
}

# shellcheck source=tests/lib/built-kernel.sh
. "$here/../lib/built-kernel.sh"
# shellcheck disable=SC2034 # kmake uses it
arch=(ARCH=um SUBARCH=x86_64)
kernel_source "$source"
kernel_place uml "$SOURCE_VERSION" "$recipe" "$config"

echo "kernel.sh: building $SOURCE_PACKAGE $SOURCE_VERSION for User-Mode Linux in $dir," \
	"about 10 minutes on two cores" >&2
kernel_unpack

# Up to 6.6 UML declares that it cannot preempt, from which Kconfig concludes that
# it cannot count preemption either. It can, and without the count a GFP_KERNEL
# allocation under a spinlock is not noticed. (If this edit fails where it is
# needed, kernel_configure finds that the symbol is missing.)
run sed -i '/^config DEBUG_ATOMIC_SLEEP$/,/^config /{/depends on !ARCH_NO_PREEMPT/d}' \
	"$work/source/lib/Kconfig.debug"
# Up to 6.10 each fork walks the VMAs without their lock, which lockdep reports.
# Take the lock, and call the function where it may sleep.
if grep -q '^void force_flush_all' "$work/source/arch/um/kernel/tlb.c"; then
	patch arch/um/kernel/tlb.c \
		'mmap_read_lock\(mm\);\n\tfor_each_vma[^}]*\n\tmmap_read_unlock\(mm\);\n}' \
		'/^void force_flush_all/,/^}/{
			s/^\tfor_each_vma(.*/\tmmap_read_lock(mm);\n&/
			s/^\t\tfix_range(.*/&\n\tmmap_read_unlock(mm);/
		}'
	patch arch/um/kernel/process.c '\n\tschedule_tail\(.*\n\tforce_flush_all\(\);\n' \
		'/^void fork_handler/,/^}/{
			/^\tforce_flush_all();/d
			s/^\tschedule_tail(.*/&\n\tforce_flush_all();/
		}'
fi
# A guest's process is a process of the host, which the UML kernel controls by ptrace.
# If the UML kernel is killed, the process must not continue as an ordinary process
# of the host, because its system calls were meant for the guest. Newer kernels can
# use seccomp for this, but only on request.
patch arch/um/os-Linux/skas/process.c PTRACE_O_EXITKILL \
	's/(void \*) *PTRACE_O_TRACESYSGOOD/(void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL)/'
# Up to 6.12 a process's extended registers are saved in a buffer of fixed size. A processor
# with AMX has more of them, and the host refuses to write back a part, so no process would
# start. Write back all of them: the saved ones, and the rest as it was at the start, because
# no process uses AMX.
registers=arch/x86/um/os-Linux/registers.c
if grep -q 'have_xstate_support = 1;' "$work/source/$registers"; then
	patch "$registers" 'static char \*xstate;[\s\S]*memcpy\(xstate, fp_regs,[\s\S]*xstate = fp_regs;' \
		'/^int have_xstate_support;/s/.*/&\nstatic char *xstate;\nstatic size_t xstate_len;/
		/^#include <stdlib.h>/s/.*/&\n#include <string.h>/
		/^int restore_fp_registers/,/^}/{
			s/iov\.iov_base = fp_regs;/memcpy(xstate, fp_regs, FP_SIZE * sizeof(*fp_regs));\n\t\tiov.iov_base = xstate;/
			s/iov\.iov_len = .*/iov.iov_len = xstate_len;/
		}
		/^void arch_init_registers/,/^}/{
			s/malloc(FP_SIZE \* sizeof(unsigned long))/malloc(16384)/
			s/iov_len = FP_SIZE \* sizeof(unsigned long);/iov_len = 16384;/
			s/have_xstate_support = 1;/{\n\t\thave_xstate_support = 1;\n\t\txstate = fp_regs;\n\t\txstate_len = iov.iov_len;\n\t\treturn;\n\t}/
		}'
fi

# In newer kernels this option is a number of thresholds, not a boolean.
run cp "$config" "$work/uml.config"
config=$work/uml.config
symbol=BOOTPARAM_SOFTLOCKUP_PANIC
if grep -A 1 "^config $symbol$" "$work/source/lib/Kconfig.debug" | grep -qw int; then
	sed -i "s/^CONFIG_$symbol=y$/CONFIG_$symbol=1/" "$config"
fi

kernel_configure "$config"

# The kernel's own files have misaligned accesses on this architecture, and newer
# kernels instrument them by default.
kmake -j"$(nproc)" UBSAN_SANITIZE=n linux modules
run cp "$work/source/linux" "$work/linux"

# The last entries are the tools that the tests use.
mapfile -t files < <(cd "$work/source" && {
	find .config Makefile Module.symvers System.map include scripts \
		-type f -o -type l
	find arch/um arch/x86/um arch/x86/include arch/x86/Makefile* \
		-name 'Makefile*' -o -name '*.h'
	# Not all of these are in every version.
	find COPYING tools/testing/kunit tools/net/ynl \
		Documentation/netlink -type f 2>/dev/null || :
})
kernel_kdir "${files[@]}"
# UML has no files there, but W=1 warns about -I of a missing directory.
mkdir -p "$work"/kdir/arch/um/include/{uapi,generated/uapi}

kernel_done
