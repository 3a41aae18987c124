#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dkms.sh install|remove VERSION [KERNEL]: the module in DKMS, from this checkout
# and without a package. `make dkms-install` and `make dkms-remove` call it.
set -euo pipefail
cd "$(dirname "$0")"

verb=$1 version=$2 kver=${3:-$(uname -r)}

die() {
	echo "make dkms-$verb: $*" >&2
	exit 1
}

# A package's files are the package's to remove.
packaged() { # PATH
	dpkg-query -S "$1" >/dev/null 2>&1 || rpm -qf "$1" >/dev/null 2>&1
}

# The versions here, in DKMS or left in /usr/src by an install that broke off.
versions() {
	local path
	for path in /var/lib/dkms/vdhcp/* /usr/src/vdhcp-*; do
		path=${path##*/}
		[[ ! ${path#vdhcp-} =~ ^[0-9] ]] || echo "${path#vdhcp-}"
	done | sort -u
}

remove() {
	local v
	for v in $(versions); do
		[ ! -e "/var/lib/dkms/vdhcp/$v" ] || dkms remove "vdhcp/$v" --all
		rm -rf "/usr/src/vdhcp-$v"
	done
}

command -v dkms >/dev/null ||
	die "DKMS is not here; install it with: apt-get install dkms"
[ "$(id -u)" -eq 0 ] || die "only root can do this; run it as root."
for source in /usr/src/vdhcp-*; do
	[ ! -e "$source" ] || ! packaged "$source" ||
		die "the package vdhcp-dkms is installed and has the module already;" \
			"remove it first with: apt-get remove vdhcp-dkms"
done

case $verb in
install)
	# DKMS would say so too, but only after it has put itself half in place.
	[ -e "/lib/modules/$kver/build/Makefile" ] ||
		die "the headers of kernel $kver are not here;" \
			"install them with: apt-get install linux-headers-$kver"
	remove
	make -s dkms-source DESTDIR= VERSION="$version"
	dkms add "vdhcp/$version"
	dkms build "vdhcp/$version" -k "$kver"
	dkms install "vdhcp/$version" -k "$kver"
	echo "vdhcp $version is installed for $kver; load it with: modprobe vdhcp"
	;;
remove)
	remove
	;;
*)
	die "install or remove?"
	;;
esac
