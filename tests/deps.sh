#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Install the missing Debian packages for a group of verbs: build, vm, demo, deb, packages,
# check or matrix. If none is missing, it prints nothing and does not use the network.
set -euo pipefail

build=(gcc make libc6-dev kmod pkg-config libnl-genl-3-dev libjansson-dev libmd-dev libkmod-dev libelf1)
vm=(qemu-system-x86 busybox-static iproute2 perl-base cpio xz-utils zstd)
demo=(bridge-utils openvswitch-switch isc-dhcp-client udhcpc tcpdump procps python3-minimal)
deb=(dpkg-dev debhelper dh-dkms)
packages=(dkms openssl lintian rpm)
matrix=(debootstrap)
check=(pahole clang clang-tidy libclang-rt-14-dev llvm lcov sparse shellcheck python3 python3-yaml
	cppcheck coccinelle valgrind
	python3-jsonschema python3-prometheus-client man-db
	dhcpcd-base dnsmasq-base nftables iputils-arping ethtool systemd
	linux-source-6.1 linux-source-6.12 flex bison bc rsync libelf-dev libssl-dev xz-utils perl)

case ${1-} in
build) want=("${build[@]}") ;;
vm) want=("${build[@]}" "${vm[@]}") ;;
demo) want=("${build[@]}" "${vm[@]}" "${demo[@]}") ;;
deb) want=("${build[@]}" "${deb[@]}") ;;
packages) want=("${build[@]}" "${vm[@]}" "${deb[@]}" "${packages[@]}") ;;
check) want=("${build[@]}" "${vm[@]}" "${demo[@]}" "${deb[@]}" "${packages[@]}" "${check[@]}") ;;
matrix) want=("${build[@]}" "${vm[@]}" "${demo[@]}" "${check[@]}" "${matrix[@]}") ;;
*)
	echo "usage: $0 build|vm|demo|deb|packages|check|matrix" >&2
	exit 1
	;;
esac
# Any kernel's headers will do to build against.
compgen -G '/lib/modules/*/build' >/dev/null || want+=(linux-headers-amd64)

missing=()
for package in "${want[@]}"; do
	dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^.i' ||
		missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0
if [ "$(id -u)" -ne 0 ]; then
	echo "These packages are missing, install them as root: ${missing[*]}" >&2
	exit 1
fi
log=$(mktemp)
# shellcheck source=tests/lib/alive.sh
. "$(dirname "$0")/lib/alive.sh"
trap 'alive_stop; rm -f "$log"' EXIT
echo "installing: ${missing[*]}" >&2
alive_start "the installation of packages"
export DEBIAN_FRONTEND=noninteractive
install() {
	apt-get install -y --no-install-recommends "${missing[@]}" >"$log" 2>&1
}
# The package lists may be missing, or name versions that the mirror has replaced.
if ! install && ! { apt-get update >"$log" 2>&1 && install; }; then
	tail -n 20 "$log" >&2
	exit 1
fi
