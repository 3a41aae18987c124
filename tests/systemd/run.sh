#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The systemd unit: as systemd reads it, as it is installed, and as it behaves when
# a systemd boots with it, in the VM. See --help.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
out=$top/build/systemd
root=$out/root
passed=0 failed=0

usage() {
	cat <<'E'
usage: tests/systemd/run.sh

Installs into a root of its own, has systemd look at the unit there, and boots a
VM in which a systemd starts it: as it is, and with "novdhcp". Closes with one line.

  KVER, VMKERNEL ...   see tests/vm/run.sh --help; VMLOAD and VMDIR are given

The VM's files are in build/vm-systemd. Exit status: 0 if all went well.
E
}

# shellcheck source=tests/lib/usage.sh
. "$top/tests/lib/usage.sh"
no_words "$@"

check() { # NAME COMMAND...: it succeeds and says nothing
	local name=$1
	shift
	if "$@" >"$out/log" 2>&1 && [[ ! -s $out/log ]]; then
		echo "ok - $name"
		passed=$((passed + 1))
	else
		echo "not ok - $name"
		sed 's/^/    /' "$out/log"
		failed=$((failed + 1))
	fi
}

# A root of its own, with no more than what units need to be read: this machine's
# units are not the subject.
installed() {
	rm -rf "${root:?}"
	make -s -C "$top" install DESTDIR="$root" || return
	mkdir -p "$root/bin" "$root/sbin"
	cp -L /bin/sh "$root/bin/"
	cp -L /sbin/modprobe "$root/sbin/"
	cp /usr/lib/systemd/system/*.target "$root/usr/lib/systemd/system/"
}

# Its pages are found there, too.
verified() {
	MANPATH=$root/usr/share/man systemd-analyze verify --root="$root" vdhcp.service
}

# In tenths. What is left is netlink, the host's network, and root without his powers.
exposed() {
	systemd-analyze security --offline=true --root="$root" --threshold=16 --no-pager \
		vdhcp.service >"$out/security" || grep -v '✓' "$out/security"
}

enabled() {
	systemctl --root="$root" --quiet enable vdhcp.service
	[[ -L $root/etc/systemd/system/multi-user.target.wants/vdhcp.service ]]
}

mkdir -p "$out"
check "make install" installed
check "systemd-analyze verify" verified
check "systemd-analyze security: exposure of 1.6 at most" exposed
check "systemctl enable" enabled

status=0
VMLOAD=0 VMDIR=$top/build/vm-systemd VDHCP_CMD="tests/systemd/inside.sh ${root@Q}" \
	"$top/tests/vm/run.sh" >"$out/vm" || status=$?
cat "$out/vm"
passed=$((passed + $(grep -c '^ok - ' "$out/vm")))
failed=$((failed + $(grep -c '^not ok - ' "$out/vm")))
# Its last words, without which some checks were not made.
grep -q '^# all checks were made$' "$out/vm" || [[ $status -ne 0 ]] || status=none
if [[ $status != 0 ]]; then
	echo "not ok - the VM ended before all checks were made, or with a bad log: status $status"
	failed=$((failed + 1))
fi
echo "$passed passed, $failed failed, 0 skipped"
[[ $failed -eq 0 ]]
