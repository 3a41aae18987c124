#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# lint.sh [WORDS]: runs all checks, or those with WORDS in their names.
#
# Checks that do not run the code. Each check is one test, which passes if it prints nothing.
# LINT_STRICT=1 adds checks that the tree does not pass yet.
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

# Rules of the kernel that do not fit user space: it has uint8_t, libraries with names in
# CamelCase, and macros that are lists; commands print words that are also function names;
# signal handlers set a volatile; the linker's --wrap and make's plugins require functions that
# no header declares. SPLIT_STRING is for messages that people search for in the kernel's source.
user=PREFER_KERNEL_TYPES,CAMELCASE,MACRO_ARG_REUSE,EMBEDDED_FUNCTION_NAME
user+=,PREFER_DEFINED_ATTRIBUTE_MACRO,VOLATILE,AVOID_EXTERNS,SPLIT_STRING

style() {
	local flags=(--no-tree --root=. --strict --terse --showfile --max-line-length=100 --quiet)
	# checkpatch writes a file of names into the current directory.
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

# clang-tidy counts the warnings that it suppresses in system headers.
tidy() {
	make -s -C tools tidy 2>&1 | grep -v ' warnings\? generated'
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

# Of the objects of the build with W=1.
circles_of_kmod() {
	rm -rf "$out/objects"
	mkdir -p "$out/objects"
	find "$out/W1/kmod" -name '*.o' -exec cp -t "$out/objects" {} + &&
		tests/circles.py "$out/objects"
}

circles_of_tools() {
	make -s -C tools O="$PWD/$out/tools" CFLAGS=-O0 && tests/circles.py "$out/tools"
}

# Kerneldoc, read by the kernel's own program.
docs() {
	sources 'kmod/*.[ch]' 'uapi/linux/*.h' | grep -v -e '-gen\.h$' |
		xargs "$UML_SRC/scripts/kernel-doc" -none 2>&1
}

names() { sources ':/kmod/*.c' | xargs /usr/bin/python3 tests/style.py names; }
columns() { sources ':/kmod/*.[ch]' | grep -v -e '-gen\.h$' | xargs /usr/bin/python3 tests/style.py columns; }

# The check itself has these words.
words() {
	sources kmod tools uapi docs tests '*.md' |
		grep -v -e '-gen\.h$' -e '^tests/style\.py$' -e '^tests/corpus/.*\.hex$' |
		xargs /usr/bin/python3 tests/style.py words
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
check "no circles among the files of kmod/" circles_of_kmod
check "no circles among the files of tools/" circles_of_tools
check "engine is pure, kernel versions in compat alone" layers
if [[ ${LINT_STRICT:-0} != 0 ]]; then
	check "statics of the module have two words and one place" names
	check "lines of the module have 80 columns at most" columns
	check "prose is plain English" words
fi
ktap_end
