#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The systemd unit: how systemd parses it, how it is installed, and how it behaves when
# a systemd boots with it in the VM. See --help.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
out=$top/build/systemd
root=$out/root

usage() {
	cat <<'E'
usage: tests/systemd/run.sh

Installs into a separate root, lets systemd verify the unit there, and boots a VM in
which a systemd starts the unit, once normally and once with "novdhcp". The last line
is the sum.

  KVER, VMKERNEL ...   see tests/vm/run.sh --help; VMLOAD and VMDIR are set by this script

The VM's files are in build/vm-systemd. Exit status: 0 if no test failed.
E
}

# shellcheck source=tests/lib/usage.sh
. "$top/tests/lib/usage.sh"
no_words "$@"
# shellcheck source=tests/lib/ktap.sh
. "$top/tests/lib/ktap.sh"

check() { # NAME COMMAND...: the command succeeds and prints nothing
	local name=$1
	shift
	if "$@" >"$out/log" 2>&1 && [[ ! -s $out/log ]]; then
		echo "ok - $name"
	else
		echo "not ok - $name"
		sed 's/^/    /' "$out/log"
	fi
}

# Create a root with the files that systemd needs to read a unit, but without the units
# of this machine.
install_root() {
	rm -rf "${root:?}"
	make -s -C "$top" install DESTDIR="$root" || return
	mkdir -p "$root/bin" "$root/sbin"
	cp -L /bin/sh "$root/bin/"
	cp -L /sbin/modprobe "$root/sbin/"
	cp /usr/lib/systemd/system/*.target "$root/usr/lib/systemd/system/"
}

# MANPATH, because systemd looks up the unit's man pages.
verify_unit() {
	MANPATH=$root/usr/share/man systemd-analyze verify --root="$root" vdhcp.service
}

# The threshold is in tenths. Netlink, the host's network, and root without capabilities
# account for the rest.
rate_exposure() {
	systemd-analyze security --offline=true --root="$root" --threshold=16 --no-pager \
		vdhcp.service >"$out/security" || grep -v '✓' "$out/security"
}

enable_unit() {
	systemctl --root="$root" --quiet enable vdhcp.service
	[[ -L $root/etc/systemd/system/multi-user.target.wants/vdhcp.service ]]
}

mkdir -p "$out"
ktap_collect
check "make install" install_root
check "systemd-analyze verify" verify_unit
check "systemd-analyze security: exposure of 1.6 at most" rate_exposure
check "systemctl enable" enable_unit

status=0
VMLOAD=0 VMDIR=$top/build/vm-systemd VDHCP_CMD="tests/systemd/inside.sh ${root@Q}" \
	"$top/tests/vm/run.sh" >"$out/vm" || status=$?
cat "$out/vm"
# checks.sh prints this line last; without it, some checks did not run.
grep -q '^# all checks ran$' "$out/vm" || [[ $status -ne 0 ]] || status=none
if [[ $status != 0 ]]; then
	echo "not ok - the VM ran all checks and its kernel log is clean # status $status"
fi
ktap_collected
