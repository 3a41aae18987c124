#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Build what stories and the demo need in addition to module and command: build/e2e/tapvm and
# build/e2e/escape, and the kernel's own YNL client in build/e2e/ynl if linux-source-6.12 is installed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$here/../../build/e2e
mkdir -p "$out"

# Cached outside of the checkout, because unpacking it takes time: the source has 150 MB.
ynl() {
	local source=/usr/src/linux-source-6.12.tar.xz version cache
	[[ -e $source ]] || return 0
	version=$(dpkg-query -W -f '${Version}' linux-source-6.12)
	cache=${VDHCP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vdhcp}/ynl/$version
	if [[ ! -e $cache/tools/net/ynl/cli.py ]]; then
		mkdir -p "$cache.$$"
		tar -xJf "$source" -C "$cache.$$" --strip-components=1 --wildcards \
			'*/tools/net/ynl/*.py' '*/tools/net/ynl/lib/*' '*/Documentation/netlink/*.yaml'
		mv -T "$cache.$$" "$cache" 2>/dev/null || rm -rf "$cache.$$"
	fi
	ln -sfn "$cache" "$out/ynl"
}
ynl

# build NAME SOURCE...: build a program, with the library of test frames.
build() {
	local name=$1 file old='' frame=$here/../frame
	shift
	for file in "$@" "$here"/*.h "$frame"/*.[ch]; do
		[[ $out/$name -nt $file ]] || old=1
	done
	[[ -n $old ]] || return 0
	${CC:-cc} -std=gnu11 -O2 -D_GNU_SOURCE -Wall -Wextra -Werror -Wshadow -Wmissing-prototypes \
		-Wstrict-prototypes -I "$here/.." -o "$out/$name.$$" "$@" "$frame"/*.c
	mv "$out/$name.$$" "$out/$name"
}
build tapvm "$here"/{tapvm,flood}.c
build escape "$here/escape.c"
