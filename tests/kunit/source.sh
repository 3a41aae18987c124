#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Find one of Debian's kernel sources.
#
#   source.sh VERSION
#
# VERSION is that of a package linux-source-<version> (6.1, 6.12), or the
# beginning of one (7: the newest 7.x).  Taken is what is installed here, else
# what apt offers, else what Debian's other releases have; the latter two are
# fetched into the cache and not installed.  Prints, to be evaluated by a shell:
#
#   SOURCE_PACKAGE=  linux-source-<version>
#   SOURCE_VERSION=  the version of the package
#   SOURCE_TARBALL=  the source in it
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
[ $# = 1 ] || die "wants one version"
want=$1
[[ $want =~ ^[0-9]+(\.[0-9]+)*$ ]] || die "'$want' is not a kernel version"

# The newest of the packages on stdin that the version names.
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

# PACKAGE_VERSION, as the directories of the cache are called.
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
# Offline, or the mirror is away: what was fetched earlier will do.
if [ -z "$ver" ]; then
	ver=$(find "$cache/sources" -mindepth 1 -maxdepth 1 -name 'linux-source-*' -printf '%f\n' |
		sed 's/_.*//' | newest)
fi
[ -n "$ver" ] || die "no linux-source-$want among those that apt offers"

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
# The lists may have been renewed by that.
version=$(dpkg-deb -f "$work"/linux-source-*.deb Version)
dir=$cache/sources/linux-source-${ver}_$version
dpkg-deb --fsys-tarfile "$work"/linux-source-*.deb |
	tar -xf - -C "$work" "./usr/src/linux-source-$ver.tar.xz"
mkdir -p "$work/new"
mv "$work/usr/src/linux-source-$ver.tar.xz" "$work/new/"
# Older ones of the same package are of no use any more.
rm -rf "$cache/sources/linux-source-${ver}_"*
mv -T "$work/new" "$dir"
rm -rf "$work"
trap - EXIT
answer "$ver" "$version" "$dir/linux-source-$ver.tar.xz"
