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

Builds the Debian packages and those of the RPM spec. What installs something does
so in an overlay over the root of this machine, which is gone with its last process:
the compiler, the kernel headers and DKMS are there, and nothing of it is changed.
What DKMS has built there is then loaded in a VM, as installed. Without root, or
where root may not mount, these two are skipped. Closes with one line.

  KVER        kernel to build for and to boot, or the beginning of its version; its
              headers are here (6.1)
  VMMEM ...   see tests/vm/run.sh --help; VMLOAD, VMBUILD and VMDIR are given

Exit status: 0 if all went well.
E
}

# shellcheck source=tests/lib/usage.sh
. "$top/tests/lib/usage.sh"
[[ ${1-} == --counted ]] || no_words "$@"

# A kernel with headers here, of the line that all the tests are about.
kernel() {
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
	# Lines of tests come from more than one process, so they are counted as text.
	mkdir -p "$out"
	status=0
	"$0" --counted 2>&1 | tee "$out/log" || status=$?
	passed=$(grep -c '^ok - ' "$out/log") || :
	failed=$(grep -c '^not ok - ' "$out/log") || :
	skipped=$(grep -c '^skip - ' "$out/log") || :
	if [ "$status" -ne 0 ]; then
		echo "FAILED: it broke off with status $status"
		failed=$((failed + 1))
	fi
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ]
	exit
fi

. tests/packages/lib.sh
kver=$(kernel)
version=$(sed -n 's/^VDHCP_VERSION ?= //p' Kbuild)
next=$version.1

# So that a release cannot forget one.
versions() {
	sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf | same "$version" &&
		sed -n 's/^Version: *//p' packaging/rpm/vdhcp.spec | same "$version" &&
		sed -n '/^%changelog/{n;s/.* - //p}' packaging/rpm/vdhcp.spec | same "$version-1" &&
		dpkg-parsechangelog -l packaging/debian/changelog -S Version | same "$version"
}

tree() { find . \( -path ./build -o -path ./.git \) -prune -o -printf '%p %s %T@\n' | sort; }

build() {
	local before
	before=$(tree)
	make -s deb || return
	tree | same "$before" || return
	rm -rf "$out/debs"
	cp -r build/deb "$out/debs"
	(cd build/deb && ls -- *.deb) | same "vdhcp-dkms_${version}_all.deb
vdhcp-tools_${version}_$(dpkg --print-architecture).deb"
}

# It forgets some of its temporary files.
linted() {
	mkdir -p "$out/tmp"
	TMPDIR="$out/tmp" lintian --fail-on error,warning build/deb/*.changes
}

spec() {
	# Also what is not for this machine's packages, such as a macro that ends early.
	rpmspec -P packaging/rpm/vdhcp.spec >"$out/spec" && ! grep -n '%{' "$out/spec" &&
		rpmspec -q --qf '%{name} %{version}\n' packaging/rpm/vdhcp.spec | sort |
		same "vdhcp $version
vdhcp-dkms $version
vdhcp-tools $version"
}

# The same as `make install` and `make dkms-source` have.
rpm_files() {
	rm -rf "$out/rpm/made"
	make -s install dkms-source DESTDIR="$out/rpm/made" || return
	(cd "$out/rpm/root" && find usr -type f ! -path '*/.build-id/*' ! -path 'usr/share/doc/*') |
		sed 's/\.gz$//' | sort | same "$(cd "$out/rpm/made" && find usr -type f | sort)"
}

# Without its dependencies, for their names are not those of this machine.
rpms() {
	rm -rf "$out/rpm"
	mkdir -p "$out/rpm/SOURCES"
	tar --exclude=./build --exclude=./.git --transform "s|^\\.|vdhcp-$version|" \
		-czf "$out/rpm/SOURCES/vdhcp-$version.tar.gz" . &&
		rpmbuild -bb --nodeps --define "_topdir $out/rpm" --define "_tmppath $out/rpm" \
			packaging/rpm/vdhcp.spec || return
	# Into a root of its own; what its scripts would do is for DKMS and systemd there.
	rm -rf "$out/rpm/root"
	mkdir "$out/rpm/root"
	[ "$(id -u)" -ne 0 ] ||
		rpm --root "$out/rpm/root" -i --nodeps --noscripts "$out"/rpm/RPMS/*/*.rpm || return
	[ "$(id -u)" -ne 0 ] || rpm_files || return
	find "$out/rpm/RPMS" -name '*.rpm' -printf '%f\n' | sort |
		same "vdhcp-dkms-$version-1.noarch.rpm
vdhcp-tools-$version-1.$(uname -m).rpm"
}

# The same sources with another entry in the changelog, outside of git.
build_next() {
	rm -rf "$out/next"
	mkdir -p "$out/next"
	find . \( -path ./build -o -path ./.git \) -prune -o -type f -print0 |
		xargs -0 cp -p --parents -t "$out/next"
	cat - packaging/debian/changelog >"$out/next/packaging/debian/changelog" <<-E
		vdhcp ($next) unstable; urgency=medium

		  * For the tests of an upgrade.

		$(grep -m 1 '^ -- ' packaging/debian/changelog)

	E
	make -s -C "$out/next" deb
}

check "Kbuild, dkms.conf, changelog and spec name one version" versions
check "make deb builds two packages and leaves nothing in the tree" build
check "lintian has no error and no warning" linted
check "rpmspec understands the spec" spec
check "rpmbuild finds in the spec's lists all that is installed" rpms
check "packages of the next version build, from a tree without git" build_next

if [ "$(id -u)" -ne 0 ]; then
	echo "skip - installing needs root"
elif [ -z "$kver" ]; then
	echo "not ok - no kernel headers are here"
elif ! unshare --mount true 2>/dev/null; then
	echo "skip - installing needs a machine that lets root mount"
else
	cc -O2 -Wall -shared -fPIC -o "$out/release.so" tests/packages/release.c
	rm -rf "$out/built"
	mkdir "$out/built"
	unshare --mount --propagation private tests/packages/overlay.sh \
		"$top" "$out" "$kver" "$version" "$next"
fi

# Its last words, without which some checks were not made.
if [ -e "$out/built" ]; then
	status=0
	KVER=$kver VMLOAD=0 VMBUILD=0 VMDIR=$out/vm VDHCP_CMD="tests/packages/vm.sh $version $next" \
		tests/vm/run.sh >"$out/vm.log" || status=$?
	cat "$out/vm.log"
	grep -q '^# all checks were made$' "$out/vm.log" || [ "$status" -ne 0 ] || status=none
	[ "$status" = 0 ] ||
		echo "not ok - the VM ended before all checks were made, or with a bad log: status $status"
fi
