#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# overlay.sh TOP OUT KERNEL VERSION NEXT, in a mount namespace of its own: makes the
# root for inside.sh and goes there.
set -euo pipefail
top=$1 out=$2
shift 2

# In memory, for where a root is an overlay itself it cannot take the changes.
mkdir -p "$out/overlay"
mount -t tmpfs tmpfs "$out/overlay"
cd "$out/overlay"
mkdir upper work root
mount -t overlay -o lowerdir=/,upperdir=upper,workdir=work overlay root

for dir in proc dev sys; do
	mount --rbind "/$dir" "root/$dir"
done
# Without the sockets of the machine's systemd; with modules that are as we say.
for dir in run tmp sys/module; do
	mount -t tmpfs tmpfs "root/$dir"
done
mkdir root/run/test
mount --bind "$out" root/run/test
mkdir root/tmp/tree
cp -a "$out/next/." root/tmp/tree
cp -a "$top/tests/packages" root/tmp/packages

exec chroot root env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
	DEBIAN_FRONTEND=noninteractive LD_PRELOAD=/run/test/release.so FAKE_RELEASE="$1" \
	/tmp/packages/inside.sh "$@"
