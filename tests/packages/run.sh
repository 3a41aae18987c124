#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Debian packages, DKMS and the RPM spec. See --help.
set -euo pipefail
cd "$(dirname "$0")/../.."
top=$PWD out=$PWD/build/packages

usage() {
	cat <<'E'
usage: tests/packages/run.sh

Builds the Debian packages and those of the RPM spec. Packages are installed in an
overlay over the root of this machine, which vanishes with its last process: compiler,
kernel headers and DKMS are available there, and the machine itself is not changed.
The modules that DKMS built are then loaded in a VM. Without root, or where root may
not mount, these two parts are skipped. The last line is the sum.

  KVER        kernel to build for and to boot, or the beginning of its version; its
              headers must be installed (6.1)
  VMMEM ...   see tests/vm/run.sh --help; VMLOAD, VMBUILD and VMDIR are set by this script

Exit status: 0 if no test failed.
E
}

# shellcheck source=tests/lib/usage.sh
. "$top/tests/lib/usage.sh"
[[ ${1-} == --counted ]] || no_words "$@"

# Print an installed kernel that has headers, of the version KVER if there is one.
find_kernel() {
	local path found=
	for path in $(printf '%s\n' /lib/modules/*/build/Makefile | sort -V); do
		path=${path#/lib/modules/}
		path=${path%/build/Makefile}
		[[ -z $found || $path == "${KVER:-6.1}" || $path == "${KVER:-6.1}"[.-]* ]] || continue
		found=$path
	done
	echo "$found"
}

if [ "${1-}" != --counted ]; then
	# Results are printed by more than one process.
	mkdir -p "$out"
	# shellcheck source=tests/lib/ktap.sh
	. tests/lib/ktap.sh
	ktap_collect
	status=0
	"$0" --counted 2>&1 || status=$?
	[ "$status" -eq 0 ] || echo "not ok - all checks ran # it broke off with status $status"
	ktap_collected
	exit
fi

. tests/packages/lib.sh
kver=$(find_kernel)
version=$(sed -n 's/^VDHCP_VERSION ?= //p' Kbuild)
next=$version.1

# A release must change all of them.
check_versions() {
	sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf | same "$version" &&
		sed -n 's/^Version: *//p' packaging/rpm/vdhcp.spec | same "$version" &&
		sed -n '/^%changelog/{n;s/.* - //p}' packaging/rpm/vdhcp.spec | same "$version-1" &&
		dpkg-parsechangelog -l packaging/debian/changelog -S Version | same "$version"
}

list_tree() { find . \( -path ./build -o -path ./.git \) -prune -o -printf '%p %s %T@\n' | sort; }

build_debs() {
	local before
	before=$(list_tree)
	make -s deb || return
	list_tree | same "$before" || return
	rm -rf "$out/debs"
	cp -r build/deb "$out/debs"
	(cd build/deb && ls -- *.deb) | same "vdhcp-dkms_${version}_all.deb
vdhcp-tools_${version}_$(dpkg --print-architecture).deb"
}

# lintian does not remove its temporary files, so it gets a directory of its own.
run_lintian() {
	mkdir -p "$out/tmp"
	TMPDIR="$out/tmp" lintian --fail-on error,warning build/deb/*.changes
}

parse_spec() {
	# The grep finds macros that rpmspec did not expand, for example for a missing brace.
	rpmspec -P packaging/rpm/vdhcp.spec >"$out/spec" && ! grep -n '%{' "$out/spec" &&
		rpmspec -q --qf '%{name} %{version}\n' packaging/rpm/vdhcp.spec | sort |
		same "vdhcp $version
vdhcp-dkms $version
vdhcp-tools $version"
}

# The RPMs must contain the same files as `make install` and `make dkms-source`, besides those
# that the spec takes from the source itself, as %doc and %license.
compare_rpm_files() {
	rm -rf "$out/rpm/made"
	make -s install dkms-source DESTDIR="$out/rpm/made" || return
	(cd "$out/rpm/root" && find usr -type f ! -path '*/.build-id/*' ! -path 'usr/share/doc/*' \
		! -path 'usr/share/licenses/*') |
		sed 's/\.gz$//' | sort | same "$(cd "$out/rpm/made" && find usr -type f | sort)"
}

# Without dependencies, because RPM package names do not exist on this machine.
build_rpms() {
	rm -rf "$out/rpm"
	mkdir -p "$out/rpm/SOURCES"
	tar --exclude=./build --exclude=./.git --transform "s|^\\.|vdhcp-$version|" \
		-czf "$out/rpm/SOURCES/vdhcp-$version.tar.gz" . &&
		rpmbuild -bb --nodeps --define "_topdir $out/rpm" --define "_tmppath $out/rpm" \
			packaging/rpm/vdhcp.spec || return
	# Into a separate root, without scripts, because they call DKMS and systemd.
	rm -rf "$out/rpm/root"
	mkdir "$out/rpm/root"
	[ "$(id -u)" -ne 0 ] ||
		rpm --root "$out/rpm/root" -i --nodeps --noscripts "$out"/rpm/RPMS/*/*.rpm || return
	[ "$(id -u)" -ne 0 ] || compare_rpm_files || return
	find "$out/rpm/RPMS" -name '*.rpm' -printf '%f\n' | sort |
		same "vdhcp-dkms-$version-1.noarch.rpm
vdhcp-tools-$version-1.$(uname -m).rpm"
}

# The same sources with a newer changelog entry, outside of git.
build_next() {
	rm -rf "$out/next"
	mkdir -p "$out/next"
	find . \( -path ./build -o -path ./.git \) -prune -o -type f -print0 |
		xargs -0 cp -p --parents -t "$out/next"
	cat - packaging/debian/changelog >"$out/next/packaging/debian/changelog" <<-E
		vdhcp ($next) unstable; urgency=medium

		  * Version for the upgrade test.

		$(grep -m 1 '^ -- ' packaging/debian/changelog)

	E
	make -s -C "$out/next" deb
}

check "Kbuild, dkms.conf, changelog and spec name one version" check_versions
check "make deb builds two packages and leaves nothing in the tree" build_debs
check "lintian has no error and no warning" run_lintian
check "rpmspec understands the spec" parse_spec
check "rpmbuild finds every installed file in the spec's lists" build_rpms
check "packages of the next version build, from a tree without git" build_next

if [ "$(id -u)" -ne 0 ]; then
	echo "ok - installation # SKIP needs root"
elif [ -z "$kver" ]; then
	echo "not ok - installation # no kernel headers are installed"
elif ! unshare --mount true 2>/dev/null; then
	echo "ok - installation # SKIP root may not mount on this machine"
else
	cc -O2 -Wall -shared -fPIC -o "$out/release.so" tests/packages/release.c
	rm -rf "$out/built"
	mkdir "$out/built"
	unshare --mount --propagation private tests/packages/overlay.sh \
		"$top" "$out" "$kver" "$version" "$next"
fi

# vm.sh prints this line at its end; without it some checks did not run.
if [ -e "$out/built" ]; then
	status=0
	KVER=$kver VMLOAD=0 VMBUILD=0 VMDIR=$out/vm VDHCP_CMD="tests/packages/vm.sh $version $next" \
		tests/vm/run.sh >"$out/vm.log" || status=$?
	cat "$out/vm.log"
	grep -q '^# all checks ran$' "$out/vm.log" || [ "$status" -ne 0 ] || status=none
	[ "$status" = 0 ] ||
		echo "not ok - the VM ran all checks and its kernel log is clean # status $status"
fi
