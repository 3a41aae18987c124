#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# build.sh DIRECTORY: build the Debian packages from a copy of the sources, so that
# nothing of it appears in the tree, and put them into DIRECTORY. `make deb` calls it.
set -euo pipefail
out=$(realpath -m "$1")
cd "$(dirname "$0")/.."

# What make was told for the checkout is not for the packages.
unset MAKEFLAGS MFLAGS MAKELEVEL VERSION KVER KDIR DESTDIR PREFIX

# As it is now, committed or not, without what was built.
sources() {
	if [ -e .git ]; then
		git ls-files -z --cached --others --exclude-standard | while read -rd '' file; do
			[ ! -e "$file" ] || printf '%s\0' "$file"
		done
	else
		find . -path ./build -prune -o -type f -print0
	fi
}

rm -rf "$out"
mkdir -p "$out/src"
sources | xargs -0 cp -p --parents -t "$out/src"
export DEB_BUILD_OPTIONS="noautodbgsym ${DEB_BUILD_OPTIONS-}"
if ! (cd "$out/src" && dpkg-buildpackage -us -uc -b) >"$out/log" 2>&1; then
	tail -n 30 "$out/log" >&2
	echo "make deb: the packages do not build; all of it is in $out/log" >&2
	exit 1
fi
rm -rf "$out/src"
ls "$out"/*.deb
