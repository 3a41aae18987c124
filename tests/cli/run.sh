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
# shellcheck source=tests/lib/ktap.sh
. "$top/tests/lib/ktap.sh"

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

# run_file FILE BUILD TEST...: a file that breaks off prints no closing line, and has failed.
run_file() {
	local file=$1 log=$out/log.${1##*/}.$2 command=(bash "$1") status=0
	[[ $file != *.py ]] || command=(env "CLI_BUILD=$2" /usr/bin/python3 -B "$file")
	shift 2
	"${command[@]}" "$out" "$@" >"$log" 2>&1 || status=$?
	if ! tail -n 1 "$log" | grep -qE '^([0-9]+ passed, [0-9]+ failed, [0-9]+ skipped|# complete)$'; then
		echo "not ok - ${file##*/} # it broke off with status $status" >>"$log"
	fi
	# In one piece, because the files run at the same time.
	flock "$out/lock" cat "$log"
}

ktap_collect
# The longest first, so that no processor is without work while another has the longest.
for file in sync vdhcpctl monitor module state batch docs; do
	printf '%s\0' "test_$file.py" plain "test_$file.py" sanitized
done >"$out/files"
printf '%s\0' test_completion.sh all >>"$out/files"
for file in "$top"/tests/cli/test_*.{py,sh}; do
	grep -qzxF "${file##*/}" "$out/files" || printf '%s\0' "${file##*/}" plain "${file##*/}" sanitized >>"$out/files"
done
export -f run_file
export out top
# Each line's two words come last, after the names of tests.
# shellcheck disable=SC2016 # for the inner shell
xargs -0 -n 2 -P "$(nproc)" bash -c '
	run_file "$top/tests/cli/${*: -2:1}" "${*: -1}" "${@:1:$#-2}"' _ "$@" <"$out/files"
ktap_collected
