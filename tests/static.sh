#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# static.sh [WORDS]: all checks, or those with WORDS in their names.
#
# Checks by analyzers, by the kernel's semantic patches, of the stack and the work of the
# packet path, and of replies for uninitialized bytes. Each check is one test. More tests feed
# each tool a known mistake, because a tool that finds nothing there proves nothing.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

KVER=${KVER:-6.1}
out=build/static
only=${1-}
# shellcheck source=tests/checks.sh
. tests/checks.sh

eval "$(tests/vm/kernel.sh "$KVER")"
eval "$(tests/kunit/kernel.sh)"
patches=$UML_SRC/scripts/coccinelle
read -r -a packages <<<"$(pkg-config --cflags libnl-genl-3.0 jansson libmd)"
engine=(-std=gnu11 -D_GNU_SOURCE -Iuapi -Ikmod/engine)
tools=(-std=gnu11 -D_GNU_SOURCE -DVDHCP_VERSION='"static"' -Itools -Iuapi "${packages[@]}")
jobs=$(nproc)

# The analyzers take the files as last arguments; the tests of the tools call them as well.
run_cppcheck() {
	cppcheck --quiet --enable=warning,performance,portability --inline-suppr \
		--error-exitcode=1 --std=c11 -D_GNU_SOURCE \
		-Iuapi -Ikmod/engine -Itools "$@"
}

each() { # COMMAND... -- FILES...: on each file, on all processors
	local command=()
	while [ "$1" != -- ]; do
		command+=("$1")
		shift
	done
	shift
	printf '%s\0' "$@" | xargs -0 -n 1 -P "$jobs" "${command[@]}"
}

run_clang() { # FLAGS... -- FILES...
	each clang --analyze --analyzer-output text -Xclang -analyzer-werror "$@"
}

run_gcc() { # FLAGS... -- FILES...
	each gcc -O2 -fanalyzer -Wall -Wextra -Werror -o /dev/null -c "$@"
}

# Runs one patch with the options that its comments name, as the kernel's coccicheck does.
one_patch() { # PATCH DIRECTORY
	local options log=$out/cocci/${1##*/}
	options=$(sed -n 's|^// *Options: *||p' "$1")
	# shellcheck disable=SC2086 # a list of options
	spatch -D report --very-quiet --cocci-file "$1" $options --dir "$2" \
		-I "$2/compat" -I "$2" -I uapi >"$log.out" 2>"$log.err" ||
		{ echo "$1:"; cat "$log.err"; }
	cat "$log.out"
}

# Two patches need the OCaml compiler (285 MB) and are left out: one is about the tables of
# drivers, and sparse finds what the other finds (0 for NULL) in tests/lint.sh.
run_patches() { # DIRECTORY NAME LEAST: patches of that name, LEAST of them or more
	local list
	mapfile -t list < <(grep -rL '@initialize:ocaml@' "$patches" --include="$2.cocci")
	mkdir -p "$out/cocci"
	[ ${#list[@]} -ge "$3" ] || echo "only ${#list[@]} patches in $patches"
	export -f one_patch
	export out
	printf '%s\0' "${list[@]}" |
		xargs -0 -P "$jobs" -I {} bash -c 'one_patch "$@"' _ {} "$1"
}

cppcheck_all() { run_cppcheck kmod/engine tools; }
clang_engine() { run_clang "${engine[@]}" -- kmod/engine/*.c; }
clang_tools() { run_clang "${tools[@]}" -- tools/*.c; }
gcc_engine() { run_gcc "${engine[@]}" -- kmod/engine/*.c; }
cocci() { run_patches kmod '*' 60; }

stack() {
	kbuild stack KCFLAGS=-fcallgraph-info=su,da || return
	/usr/bin/python3 tests/stack.py "$out/stack" >"$out/stack.txt" || cat "$out/stack.txt"
}

# Runs a target of tests/engine, in which at least LEAST tests must pass.
sums() { # TARGET LEAST
	local log=$out/sums-$1.txt
	make -s -C tests/engine O="$PWD/build/engine" "$1" >"$log" 2>&1 ||
		echo "make $1 fails"
	tail -n 1 "$log" | awk -v least="$2" '!($1 >= least && $3 == 0) { bad = 1 }
		END { exit bad || !NR }' || tail -n 40 "$log"
}

# Passes if COMMAND reports the known mistake with these words.
finds() { # WORDS COMMAND...
	local words=$1
	shift
	"$@" >"$out/finds.txt" 2>&1
	grep -q -- "$words" "$out/finds.txt" && return
	echo "did not say '$words':"
	cat "$out/finds.txt"
}

wrong=$out/wrong
: >"$out/stack.txt"
rm -rf "$wrong"
mkdir -p "$wrong/kernel" "$wrong/stack"
cat >"$wrong/user.c" <<'END'
#include <stdlib.h>
int after(void);
int after(void)
{
	char *p = malloc(1), few[4];

	if (!p)
		return few[4];
	free(p);
	return *p;
}
END
cat >"$wrong/kernel/free.c" <<'END'
void twice(void *p)
{
	if (p)
		kfree(p);
}
END

# Compiles a hook that is right, or wrong in the way that DEFINES select.
hook() { # DEFINES...
	gcc -O2 -fno-inline -fno-ipa-sra -fno-ipa-cp -fcallgraph-info=su,da "$@" -c -o "$wrong/stack/hook.o" \
		-x c - <<'END'
void dev_queue_xmit(void *p);
void touch(void *p);
void vdhcp_hook(void (*other)(void), int n);
static void leaf(int n)
{
#ifdef WIDE
	char room[400];
#elif defined(DYNAMIC)
	char room[n];
#else
	char room[200];
#endif
	touch(room);
	(void)n;
}
#define LEVEL(name, below) \
static void name(int n) \
{ \
	char room[200]; \
	touch(room); \
	below(n); \
	touch(room); \
}
LEVEL(d, leaf)
LEVEL(c, d)
LEVEL(b, c)
__attribute__((used))
LEVEL(a, b)
static int again(int n)
{
	touch(&n);
	return n ? again(n - 1) + again(n - 2) : 0;
}
void vdhcp_hook(void (*other)(void), int n)
{
#ifdef DEEP
	a(n);
#else
	c(n);
#endif
#ifdef RECURSIVE
	again(n);
#endif
#ifdef POINTER
	other();
#endif
#ifdef HANDED
	touch(again);
#endif
#ifdef HIDDEN
	asm volatile("call a");
#endif
	dev_queue_xmit(&n);
	(void)other;
}
END
	/usr/bin/python3 tests/stack.py "$wrong/stack"
}

check "cppcheck on engine and tools" cppcheck_all
check "cppcheck finds" finds 'arrayIndexOutOfBounds' run_cppcheck "$wrong/user.c"
check "clang's analyzer on the engine" clang_engine
check "clang's analyzer on the tools" clang_tools
check "clang's analyzer finds" finds 'unix.Malloc' run_clang -- "$wrong/user.c"
check "gcc's analyzer on the engine" gcc_engine
check "gcc's analyzer finds" finds 'analyzer-use-after-free' run_gcc -- "$wrong/user.c"
check "the kernel's semantic patches on the module" cocci
check "a semantic patch finds" finds 'NULL check before' run_patches "$wrong/kernel" ifnullfree 1

check "no byte of a reply depends on uninitialized memory" sums poison 600
check "MSan on vectors and unit tests" sums msan 600
check "work for the dearest requests" sums work 3
grep -h '^ok ' "$out/sums-work.txt" | sed 's/^ok/#  /'

check "stack of the packet path" stack
sed 's/^/#   /' "$out/stack.txt"
check "stack: a frame is too large" finds 'leaf: .* bytes, not below 384' hook -DWIDE
check "stack: a path is too deep" finds 'deepest path is not below' hook -DDEEP
check "stack: recursion" finds 'recursion: vdhcp_hook > again' hook -DRECURSIVE
check "stack: a frame without a bound" finds 'leaf: its frame is dynamic' hook -DDYNAMIC
check "stack: a call through a pointer" finds 'vdhcp_hook: calls through a pointer' hook -DPOINTER
check "stack: a function handed out" finds 'takes the address of again' hook -DHANDED
check "stack: a call in assembly" finds 'deepest path is not below' hook -DHIDDEN
ktap_end
