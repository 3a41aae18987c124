#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dkms.sh install|remove VERSION [KERNEL]: register this checkout's module with
# DKMS, without a package, or remove it. `make dkms-install` and `make dkms-remove`
# call this script.
set -euo pipefail
cd "$(dirname "$0")/.."

verb=$1 version=$2 kver=${3:-$(uname -r)}

die() {
	echo "make dkms-$verb: $*" >&2
	exit 1
}

# Files of a package are removed by the package manager alone.
is_packaged() { # PATH
	dpkg-query -S "$1" >/dev/null 2>&1 || rpm -qf "$1" >/dev/null 2>&1
}

# All versions that are in DKMS, or in /usr/src because an install failed halfway.
list_versions() {
	local path
	for path in /var/lib/dkms/vdhcp/* /usr/src/vdhcp-*; do
		path=${path##*/}
		[[ ! ${path#vdhcp-} =~ ^[0-9] ]] || echo "${path#vdhcp-}"
	done | sort -u
}

remove_versions() {
	local v
	for v in $(list_versions); do
		[ ! -e "/var/lib/dkms/vdhcp/$v" ] || dkms remove "vdhcp/$v" --all
		rm -rf "/usr/src/vdhcp-$v"
	done
}

command -v dkms >/dev/null ||
	die "DKMS is not installed; install it with: apt-get install dkms"
[ "$(id -u)" -eq 0 ] || die "DKMS needs root; run it as root."
for source in /usr/src/vdhcp-*; do
	[ ! -e "$source" ] || ! is_packaged "$source" ||
		die "the package vdhcp-dkms is installed and contains the module already;" \
			"remove it first with: apt-get remove vdhcp-dkms"
done

case $verb in
install)
	# Checked first, because DKMS notices only after it has installed some files.
	[ -e "/lib/modules/$kver/build/Makefile" ] ||
		die "the headers of kernel $kver are missing;" \
			"install them with: apt-get install linux-headers-$kver"
	remove_versions
	make -s dkms-source DESTDIR= VERSION="$version"
	dkms add "vdhcp/$version"
	dkms build "vdhcp/$version" -k "$kver"
	dkms install "vdhcp/$version" -k "$kver"
	echo "vdhcp $version is installed for $kver; load it with: modprobe vdhcp"
	;;
remove)
	remove_versions
	;;
*)
	die "unknown verb \"$verb\"; use install or remove"
	;;
esac
