#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Lay vdhcp with its KUnit tests into a kernel source tree, as drivers/net/vdhcp.
#
#   into-tree.sh KERNEL_SRC
#
# There CONFIG_VDHCP and CONFIG_VDHCP_KUNIT_TEST build it, and this runs the
# tests under User-Mode Linux:
#
#   ./tools/testing/kunit/kunit.py run --kunitconfig=drivers/net/vdhcp/.kunitconfig
#
# Done again, it brings the tree up to date, and touches only what differs.

set -euo pipefail

die() {
	echo "into-tree.sh: $*" >&2
	exit 1
}

case ${1-} in
-h|--help)	sed -n '4,/^$/s/^# \{0,1\}//p' "$0"; exit ;;
esac
[ $# = 1 ] || die "wants the directory of a kernel source"
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tree=$(cd "$1" && pwd)
net=$tree/drivers/net
to=$net/vdhcp
for file in "$tree/Kbuild" "$net/Kconfig" "$net/Makefile"; do
	[ -f "$file" ] || die "$tree is no kernel source: there is no $file"
done

put() { # FILE [NAME]
	install -C -D -m 644 "$top/$1" "$to/${2:-$1}"
}

cd "$top"
for file in kmod/*.[ch] kmod/engine/*.[ch] kmod/compat/*/*.h uapi/*.h \
	tests/kunit/*.[ch] tests/kunit/objects.mk tests/frame/frame*.[ch]; do
	put "$file"
done
put Kbuild Makefile
put Kconfig
put tests/kunit/.kunitconfig .kunitconfig
install -C -m 644 uapi/linux/vdhcp.h "$tree/include/uapi/linux/vdhcp.h"
tests/kunit/vectors.sh "$to/tests/kunit/vectors-gen.h"

# hook FILE ANCHOR LINE: LINE goes before the last line like ANCHOR.
hook() {
	local at
	! grep -qxF "$3" "$1" || return 0
	at=$(grep -n "$2" "$1" | tail -n 1 | cut -d: -f1)
	[ -n "$at" ] || die "$1 has no place for vdhcp: no line like '$2'"
	sed -i "${at}i\\$3" "$1"
}

hook "$net/Kconfig" '^endif # NETDEVICES$' 'source "drivers/net/vdhcp/Kconfig"'
hook "$net/Makefile" "^obj-\$(CONFIG_WIREGUARD) " "obj-\$(CONFIG_VDHCP) += vdhcp/"
