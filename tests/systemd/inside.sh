#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# In the VM: boot a systemd of its own, as a container has it but in the VM's own
# network, with the units of the root that run.sh made and no others, and look at
# the unit from within. Twice: the second time with "novdhcp".
#
#	inside.sh ROOT		what run.sh calls
set -uo pipefail

# A systemd that boots on somebody's machine empties /tmp and renames its cards.
# The VM's init makes these, and no one else does.
[[ -n ${VDHCP_OUT:-} && -e $VDHCP_OUT/../cmd && $(</proc/sys/kernel/hostname) == vdhcp-vm ]] || {
	echo "$0: this runs in the VM alone" >&2
	exit 2
}
root=${1:?}

self=$(realpath "$0")
here=${self%/*}
top=$(cd "$here/../.." && pwd)
work=/run/vdhcp-systemd
unit=vdhcp.service
ko=$top/build/ko/$VDHCP_KVER/vdhcp.ko

mkdir -p "$work/units/multi-user.target.wants" "$work/units/$unit.d" /etc/modprobe.d /etc/vdhcp
cp "$root/usr/sbin/vdhcpctl" /usr/sbin/
# As if depmod knew of it.
deps=$(modinfo -F depends "$ko")
echo "install vdhcp ${deps:+/sbin/modprobe -a ${deps//,/ } && }/sbin/insmod $ko
remove vdhcp /sbin/rmmod vdhcp" >/etc/modprobe.d/vdhcp-test.conf

# There is no journal; checks.sh reads what the unit said.
echo "[Service]
StandardOutput=append:$work/said
StandardError=append:$work/said" >"$work/units/$unit.d/test.conf"

# Stands for all that starts guests.
echo "[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c '[ -e /sys/module/vdhcp ] && echo loaded >$work/guests || echo missing >$work/guests'" \
	>"$work/units/libvirtd.service"
ln -s ../libvirtd.service ../checks.service "$work/units/multi-user.target.wants/"

boot() { # CHECKS [WORD...]
	local checks=$1
	shift
	echo "[Unit]
After=libvirtd.service $unit
SuccessAction=exit-force
FailureAction=exit-force

[Service]
Type=oneshot
Environment=PATH=$PATH LC_ALL=C
ExecStart=/bin/bash $here/checks.sh $checks $work
StandardOutput=append:$work/out
StandardError=append:$work/out" >"$work/units/checks.service"
	: >"$work/said"
	# In a container it takes its own command line for the kernel's.
	timeout --foreground -k 5 280 env container=vdhcp-test \
		SYSTEMD_UNIT_PATH="$work/units:$root/etc/systemd/system:$root/usr/lib/systemd/system" \
		unshare --mount --pid --cgroup --ipc --uts --fork --kill-child --mount-proc \
		/lib/systemd/systemd --system --unit=multi-user.target --log-target=kmsg --show-status=no "$@" </dev/null
}

: >"$work/out"
status=0
boot normal || status=$?
[[ ! -e /sys/module/vdhcp ]] || rmmod vdhcp
[[ $status -ne 0 ]] || boot switched_off novdhcp || status=$?
cat "$work/out"
exit "$status"
