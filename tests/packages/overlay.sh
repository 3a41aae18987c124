#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# overlay.sh TOP OUT KERNEL VERSION NEXT, in a separate mount namespace: create the root
# for inside.sh and run inside.sh there.
set -euo pipefail
top=$1 out=$2
shift 2

# Changes go to a tmpfs, because an overlay cannot be the upper layer of another one.
mkdir -p "$out/overlay"
mount -t tmpfs tmpfs "$out/overlay"
cd "$out/overlay"
mkdir upper work root
mount -t overlay -o lowerdir=/,upperdir=upper,workdir=work overlay root

for dir in proc dev sys; do
	mount --rbind "/$dir" "root/$dir"
done
# Hide the sockets of the machine's systemd, and fake the list of loaded modules.
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
