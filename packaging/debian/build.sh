#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# build.sh DIRECTORY: build the Debian packages and put them into DIRECTORY.
# `make deb` calls it. It builds from a copy of the sources, because the build
# writes files below debian/, and because dpkg-buildpackage looks for debian/ at
# the top of the sources.
set -euo pipefail
out=$(realpath -m "$1")
cd "$(dirname "$0")/../.."

# Variables that were given to make for the checkout must not reach the packages.
unset MAKEFLAGS MFLAGS MAKELEVEL VERSION KVER KDIR DESTDIR PREFIX

# The files as they are now, committed or not, without build results.
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
mv "$out/src/packaging/debian" "$out/src/debian"
export DEB_BUILD_OPTIONS="noautodbgsym ${DEB_BUILD_OPTIONS-}"
if ! (cd "$out/src" && dpkg-buildpackage -us -uc -b) >"$out/log" 2>&1; then
	tail -n 30 "$out/log" >&2
	echo "make deb: the packages do not build; the whole log is $out/log" >&2
	exit 1
fi
rm -rf "$out/src"
ls "$out"/*.deb
