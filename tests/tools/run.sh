#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Tests vdhcpctl against a kernel that the test plays, without any module: as it
# is shipped, and with the sanitizers of the compiler.
set -e
top=$(cd "$(dirname "$0")/../.." && pwd)
out=$top/build/tests/tools
cc=${CC:-cc}
wraps=$(printf -- ' -Wl,--wrap=%s' socket bind setsockopt setns sendto recvfrom)

mkdir -p "$out"
$cc -O2 -Wall -Wextra -c -o "$out/wrap.o" "$top/tests/tools/wrap.c"
$cc -O2 -Wall -Wextra -shared -fPIC -o "$out/nomem.so" "$top/tests/tools/nomem.c"

build() {
	rm -f "$out/$1/vdhcpctl"
	make -s -C "$top/tools" O="$out/$1" VERSION=1.2.3 WERROR=1 CC="$cc" CFLAGS="$2" \
		LDFLAGS="$3"
}
build real '-O2 -g' ''
build plain '-O2 -g' "$wraps $out/wrap.o"
build sanitized '-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all' \
	"$wraps $out/wrap.o"

exec /usr/bin/python3 -B "$top/tests/tools/test_vdhcpctl.py" "$out" "$@"
