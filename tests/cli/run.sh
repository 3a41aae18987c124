#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vdhcpctl against a kernel that the test plays, without any module. See --help.
set -e

usage() {
	cat <<'E'
usage: tests/cli/run.sh [TEST]...

Builds vdhcpctl as it is shipped, and with the sanitizers of the compiler, and runs
the tests of these names (functions in tests/cli/test_*.py), all of them without.
Closes with one line.

  CC   the compiler (cc)

Exit status: 0 if all went well.
E
}

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/usage.sh
. "$top/tests/lib/usage.sh"
only_words "$@"

out=$top/build/tests/cli
cc=${CC:-cc}
wraps=$(printf -- ' -Wl,--wrap=%s' socket bind setsockopt setns sendto recvfrom \
	uname access fopen glob kmod_new)

mkdir -p "$out"
$cc -O2 -Wall -Wextra -c -o "$out/wrap.o" "$top/tests/cli/wrap.c"
$cc -O2 -Wall -Wextra -shared -fPIC -o "$out/nomem.so" "$top/tests/cli/nomem.c"

build() {
	rm -f "$out/$1/vdhcpctl"
	make -s -C "$top/tools" O="$out/$1" VERSION=1.2.3 WERROR=1 CC="$cc" CFLAGS="$2" \
		LDFLAGS="$3"
}
build real '-O2 -g' ''
build plain '-O2 -g' "$wraps $out/wrap.o"
build sanitized '-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all' \
	"$wraps $out/wrap.o"

# Each file counts for itself; one that breaks off counts as a failure.
passed=0 failed=0 skipped=0
for file in "$top"/tests/cli/test_*.{py,sh}; do
	case $file in
	*.py) run=(/usr/bin/python3 -B "$file") ;;
	*.sh) run=(bash "$file") ;;
	esac
	status=0
	"${run[@]}" "$out" "$@" >"$out/log" 2>&1 || status=$?
	line=$(tail -n 1 "$out/log")
	if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
		sed '$d' "$out/log"
	else
		cat "$out/log"
		echo "FAILED ${file##*/}: it broke off with status $status"
		BASH_REMATCH=("" 0 1 0)
	fi
	passed=$((passed + BASH_REMATCH[1]))
	failed=$((failed + BASH_REMATCH[2]))
	skipped=$((skipped + BASH_REMATCH[3]))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
