#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# lint.sh [WORDS]: all checks, or those with WORDS in their names.
#
# What can be said of the sources without running them. Each check is one test;
# a check passes when it prints nothing.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

KVER=${KVER:-6.1}
out=build/lint
only=${1-}
# shellcheck source=tests/checks.sh
. tests/checks.sh

eval "$(tests/vm/kernel.sh "$KVER")"
eval "$(tests/kunit/kernel.sh)"
checkpatch="$UML_SRC/scripts/checkpatch.pl"

warnings() { kbuild W1 W=1 KCFLAGS=-Werror; }
sparse_endian() { kbuild sparse C=2 CF=-D__CHECK_ENDIAN__; }

# User space has uint8_t, libraries with names of their own, and macros that are
# lists; the words that print their own function's name are those of commands;
# signal handlers set a volatile, and the linker's --wrap and make's plugins go by
# names that no header has. SPLIT_STRING: nothing in them is searched for by grep.
user=PREFER_KERNEL_TYPES,CAMELCASE,MACRO_ARG_REUSE,EMBEDDED_FUNCTION_NAME
user+=,PREFER_DEFINED_ATTRIBUTE_MACRO,VOLATILE,AVOID_EXTERNS,SPLIT_STRING

style() {
	local flags=(--no-tree --root=. --strict --terse --showfile --max-line-length=100 --quiet)
	# In its own directory, because it leaves a list of names where it runs.
	mkdir -p "$out/include"
	(
		cd "$out" || exit
		sources ':/kmod/*.[ch]' ':/uapi/*.h' |
			grep -v -e '-gen\.h$' -e '/env\.h$' -e '/trace\.h$' |
			xargs "$checkpatch" "${flags[@]}" -f
		# Lists of TRACE_DEFINE_ENUM() end in semicolons everywhere.
		sources ':/kmod/trace.h' | xargs "$checkpatch" "${flags[@]}" \
			--ignore TRAILING_SEMICOLON -f
		sources ':/tools/*.[ch]' ':/tests/*.[ch]' ':/kmod/engine/env.h' |
			xargs "$checkpatch" "${flags[@]}" --ignore "$user" -f
	) | grep -v '^total:'
	return 0
}

generated() { /usr/bin/python3 uapi/gen.py --check; }

# What it suppresses in the headers of others it counts all the same.
tidy() {
	make -s -C tools tidy 2>&1 | grep -v ' warnings generated'
	return "${PIPESTATUS[0]}"
}

shell() {
	sources '*.sh' .ci/run tools/completion 'packaging/debian/*.postinst' |
		xargs shellcheck -x -s bash
}

# Prose, test data, and the licence itself need no such line.
spdx() {
	sources | grep -v -e '\.md$' -e '^tests/vectors/' -e '/corpus/' -e '^\.gitignore$' \
		-e 'kunitconfig$' -e '^COPYING$' -e '^MAINTAINERS$' \
		-e '^packaging/debian/\(changelog\|copyright\|source/format\)$' | xargs grep -L 'SPDX-License-Identifier: GPL-2.0'
	return 0
}

lengths() {
	sources '*.[ch]' '*.sh' '*.py' | grep -v -e '-gen\.' | xargs wc -l |
		awk '$2 != "total" && $1 > 800 { print $2 ": " $1 " lines, over 800" }'
}

layers() {
	sources 'kmod/engine/*' | xargs grep -nE 'sk_buff|net_device|kmalloc|spin_lock|rcu_'
	sources 'kmod/*' | grep -v '^kmod/compat/' |
		xargs grep -nE 'LINUX_VERSION_CODE|KERNEL_VERSION\('
	return 0
}

# Each thing has its folder. Only files that a tool looks for at the top lie there.
top_level() {
	sources | cut -d/ -f1 | sort -u | grep -vxF -e .ci -e .clang-format -e .editorconfig \
		-e .gitignore -e CHANGELOG.md -e CONTRIBUTING.md -e COPYING -e Kbuild -e Kconfig \
		-e MAINTAINERS -e Makefile -e README.md -e dkms.conf -e docs -e kmod -e packaging \
		-e tests -e tools -e uapi
	return 0
}

circles_of_tools() {
	make -s -C tools O="$PWD/$out/tools" CFLAGS=-O0 && tests/circles.py "$out/tools"
}

# Kerneldoc of headers, with the kernel's own reader.
docs() {
	sources 'kmod/*.[ch]' 'uapi/linux/*.h' | grep -v -e '-gen\.h$' |
		xargs "$UML_SRC/scripts/kernel-doc" -none 2>&1
}

check "module builds with W=1 -Werror on $KVER" warnings
check "sparse with endian checks" sparse_endian
check "checkpatch --strict" style
check "kerneldoc" docs
check "generated files are those of the YAML" generated
check "clang-tidy on the tools" tidy
check "shellcheck" shell
check "SPDX lines" spdx
check "no file over 800 lines" lengths
check "nothing else at the top" top_level
check "no circles among the files of tools/" circles_of_tools
check "engine is pure, kernel versions in compat alone" layers
ktap_end
