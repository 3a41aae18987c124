#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# inside.sh ROOT, called by run.sh in the VM: boot a second systemd as in a container, but
# in the VM's own network. It sees only the units of the root that run.sh made.
# checks.sh runs as one of its services. The second boot is with "novdhcp".
set -uo pipefail

# Outside of the VM, this systemd would empty /tmp and rename network cards. Only the
# VM's init creates these marks.
[[ -n ${VDHCP_OUT:-} && -e $VDHCP_OUT/../cmd && $(</proc/sys/kernel/hostname) == vdhcp-vm ]] || {
	echo "$0: this script runs only in the VM" >&2
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
# modprobe finds the module by this file, because depmod did not see it.
deps=$(modinfo -F depends "$ko")
echo "install vdhcp ${deps:+/sbin/modprobe -a ${deps//,/ } && }/sbin/insmod $ko
remove vdhcp /sbin/rmmod vdhcp" >/etc/modprobe.d/vdhcp-test.conf

# There is no journal, so checks.sh reads the unit's output from a file.
echo "[Service]
StandardOutput=append:$work/said
StandardError=append:$work/said" >"$work/units/$unit.d/test.conf"

# Takes the place of the services that start guests.
echo "[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c '[ -e /sys/module/vdhcp ] && echo loaded >$work/guests || echo missing >$work/guests'" \
	>"$work/units/libvirtd.service"
ln -s ../libvirtd.service ../checks.service "$work/units/multi-user.target.wants/"

boot_systemd() { # CHECKS [WORD...]
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
	# In a container, systemd reads its own arguments instead of the kernel's command line.
	timeout --foreground -k 5 280 env container=vdhcp-test \
		SYSTEMD_UNIT_PATH="$work/units:$root/etc/systemd/system:$root/usr/lib/systemd/system" \
		unshare --mount --pid --cgroup --ipc --uts --fork --kill-child --mount-proc \
		/lib/systemd/systemd --system --unit=multi-user.target --log-target=kmsg --show-status=no "$@" </dev/null
}

: >"$work/out"
status=0
boot_systemd normal || status=$?
[[ ! -e /sys/module/vdhcp ]] || rmmod vdhcp
[[ $status -ne 0 ]] || boot_systemd switched_off novdhcp || status=$?
cat "$work/out"
exit "$status"
