#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Find a kernel source package of Debian.
#
#   source.sh VERSION
#
# VERSION is that of a package linux-source-<version> (6.1, 6.12), or the
# beginning of one (7: the newest 7.x). An installed package is preferred, then
# one that apt offers, then one of other Debian releases. The latter two are
# fetched into the cache and not installed. Prints lines for a shell to evaluate:
#
#   SOURCE_PACKAGE=  linux-source-<version>
#   SOURCE_VERSION=  the version of the package
#   SOURCE_TARBALL=  the tarball in the package
#
# The cache is $VDHCP_CACHE, else $XDG_CACHE_HOME/vdhcp, else ~/.cache/vdhcp.

set -euo pipefail
export LC_ALL=C

die() {
	echo "source.sh: $*" >&2
	exit 1
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/lib/apt.sh
. "$here/../lib/apt.sh"

case ${1-} in
-h|--help)	sed -n '4,/^$/s/^# \{0,1\}//p' "$0"; exit ;;
esac
[ $# = 1 ] || die "usage: source.sh VERSION"
want=$1
[[ $want =~ ^[0-9]+(\.[0-9]+)*$ ]] || die "'$want' is not a kernel version"

# Print the newest version, among the packages on stdin, that matches $want.
newest() {
	sed -n 's/^linux-source-\([0-9][0-9.]*\)$/\1/p' |
		awk -v want="$want" '$0 == want || index($0, want ".") == 1' |
		sort -V | tail -n 1
}

installed() {
	dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' 'linux-source-*' 2>/dev/null |
		sed -n 's/^ii *//p'
}

offered() {
	apt-cache "${apt[@]}" search --names-only '^linux-source-[0-9]' | cut -d' ' -f1
}

# Print PACKAGE_VERSION of the newest cached package, as its directory is named.
cached() {
	local found
	found=$(find "$cache/sources" -mindepth 2 -maxdepth 2 -name '*.tar.xz' \
		-path "*/linux-source-${1}_*" 2>/dev/null | sort -V | tail -n 1)
	basename "$(dirname "${found:-/}")"
}

answer() {
	printf 'SOURCE_%s=%q\n' PACKAGE "linux-source-$1" VERSION "$2" TARBALL "$3"
	exit
}

ver=$(installed | newest)
tarball=/usr/src/linux-source-$ver.tar.xz
if [ -n "$ver" ] && [ -r "$tarball" ]; then
	answer "$ver" "$(dpkg-query -W -f='${Version}' "linux-source-$ver")" "$tarball"
fi

need apt-cache apt
need dpkg-deb dpkg
need flock util-linux
mkdir -p "$cache/sources"
exec 9>"$cache/sources/.lock"
flock 9

ver=$(offered | newest)
if [ -z "$ver" ] && apt_update; then
	ver=$(offered | newest)
fi
if [ -z "$ver" ] && other_suites; then
	ver=$(offered | newest)
fi
# Without network or mirror, use a package that was fetched earlier.
if [ -z "$ver" ]; then
	ver=$(find "$cache/sources" -mindepth 1 -maxdepth 1 -name 'linux-source-*' -printf '%f\n' |
		sed 's/_.*//' | newest)
fi
[ -n "$ver" ] || die "apt offers no package linux-source-$want"

version=$(apt-cache "${apt[@]}" show --no-all-versions "linux-source-$ver" 2>/dev/null |
	sed -n 's/^Version: //p') || :
package=linux-source-${ver}_$version
[ -n "$version" ] || package=$(cached "$ver")
version=${package#*_}
dir=$cache/sources/$package
tarball=$dir/linux-source-$ver.tar.xz
[ ! -r "$tarball" ] || answer "$ver" "$version" "$tarball"

work=$(mktemp -d "$cache/sources/.fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
echo "source.sh: fetching linux-source-$ver $version" >&2
download "$work" "linux-source-$ver" || {
	cat "$work/apt.log" >&2
	die "cannot get linux-source-$ver"
}
# The download may have renewed apt's lists, so the version may be newer.
version=$(dpkg-deb -f "$work"/linux-source-*.deb Version)
dir=$cache/sources/linux-source-${ver}_$version
dpkg-deb --fsys-tarfile "$work"/linux-source-*.deb |
	tar -xf - -C "$work" "./usr/src/linux-source-$ver.tar.xz"
mkdir -p "$work/new"
mv "$work/usr/src/linux-source-$ver.tar.xz" "$work/new/"
# Remove older versions of the same package.
rm -rf "$cache/sources/linux-source-${ver}_"*
mv -T "$work/new" "$dir"
rm -rf "$work"
trap - EXIT
answer "$ver" "$version" "$dir/linux-source-$ver.tar.xz"
