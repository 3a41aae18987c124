#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# /init of the VM's initramfs: load the modules for the shared root, mount a writable
# overlay over it, and run init.sh there. run.sh appends /vdhcp (init.sh, the command
# and the settings) to the archive at each boot, so a run does not depend on the
# contents of the shared root.
bb=/bin/busybox

fail() {
	echo "vdhcp-vm: initramfs: $1" >/dev/kmsg
	$bb poweroff -f
}

$bb mount -t proc proc /proc
$bb mount -t sysfs sys /sys
$bb mount -t devtmpfs dev /dev || fail "no devtmpfs"
while read -r m; do
	$bb insmod "/modules/$m" || fail "cannot load $m"
done </modules/order
# cache=loose keeps pages in memory: the share is read-only, and its files should not change.
$bb mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=262144,cache=loose root /lower ||
	fail "cannot mount the root share"
$bb mount -t tmpfs -o mode=755 rw /rw
$bb mkdir /rw/upper /rw/work
$bb mount -t overlay -o lowerdir=/lower,upperdir=/rw/upper,workdir=/rw/work root /new ||
	fail "cannot mount the overlay"
$bb mount -t tmpfs -o mode=755 run /new/run
$bb mkdir /new/run/vdhcp /new/run/vdhcp/root
$bb cp /vdhcp/* "$bb" /new/run/vdhcp/
$bb mount --move /lower /new/run/vdhcp/root
$bb ip link set lo up
for d in dev sys proc; do
	$bb mount --move /$d /new/$d
done
exec $bb switch_root /new /run/vdhcp/busybox sh /run/vdhcp/init.sh
