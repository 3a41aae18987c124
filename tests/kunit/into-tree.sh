#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Copy vdhcp and its KUnit tests into a kernel source tree, as drivers/net/vdhcp.
#
#   into-tree.sh KERNEL_SRC
#
# CONFIG_VDHCP and CONFIG_VDHCP_KUNIT_TEST build it there. This command runs the
# tests under User-Mode Linux:
#
#   ./tools/testing/kunit/kunit.py run --kunitconfig=drivers/net/vdhcp/.kunitconfig
#
# A second run updates the tree and writes only files that differ.

set -euo pipefail

die() {
	echo "into-tree.sh: $*" >&2
	exit 1
}

case ${1-} in
-h|--help)	sed -n '4,/^$/s/^# \{0,1\}//p' "$0"; exit ;;
esac
[ $# = 1 ] || die "usage: into-tree.sh KERNEL_SRC"
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tree=$(cd "$1" && pwd)
net=$tree/drivers/net
to=$net/vdhcp
for file in "$tree/Kbuild" "$net/Kconfig" "$net/Makefile"; do
	[ -f "$file" ] || die "'$tree' is not a kernel source tree: $file is missing"
done

copy_file() { # FILE [NAME]
	install -C -D -m 644 "$top/$1" "$to/${2:-$1}"
}

cd "$top"
for file in kmod/*.[ch] kmod/engine/*.[ch] kmod/compat/*/*.h uapi/*.h \
	tests/kunit/*.[ch] tests/kunit/objects.mk tests/frame/frame*.[ch]; do
	copy_file "$file"
done
copy_file Kbuild Makefile
copy_file Kconfig
copy_file tests/kunit/.kunitconfig .kunitconfig
for file in uapi/linux/*.h; do
	install -C -m 644 "$file" "$tree/include/$file"
done
tests/kunit/vectors.sh "$to/tests/kunit/vectors-gen.h"

# insert_line FILE ANCHOR LINE, before the last line that matches ANCHOR.
insert_line() {
	local at
	! grep -qxF "$3" "$1" || return 0
	at=$(grep -n "$2" "$1" | tail -n 1 | cut -d: -f1)
	[ -n "$at" ] || die "cannot add vdhcp to $1: no line matches '$2'"
	sed -i "${at}i\\$3" "$1"
}

insert_line "$net/Kconfig" '^endif # NETDEVICES$' 'source "drivers/net/vdhcp/Kconfig"'
insert_line "$net/Makefile" "^obj-\$(CONFIG_WIREGUARD) " "obj-\$(CONFIG_VDHCP) += vdhcp/"
