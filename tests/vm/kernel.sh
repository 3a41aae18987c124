#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Find one of Debian's kernels, unpack it into a cache outside of the checkout, and
# print the paths of its parts as assignments for a shell. Nothing is installed: the
# machine's /boot and /lib/modules stay unchanged.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
	cat <<'E'
usage: kernel.sh [KVER]                  print KVER= KIMAGE= KDIR= KMODDIR= INITRD=
       kernel.sh --kver [KVER]           print only the exact version
       kernel.sh --kdir [KVER]           print only the headers directory
       kernel.sh --custom KERNEL [MODS]  the same five for a kernel built by hand

KVER is an exact version (6.1.0-56-amd64), the beginning of one (6.1, 6.12:
the newest such one with headers installed here, else the newest that apt
offers, else the newest in Debian bullseye and sid), or empty: the newest with headers installed here, else what the
package linux-headers-amd64 stands for.

KERNEL is a bzImage and MODS its lib/modules/VERSION directory; or KERNEL is a
directory that holds bzImage and lib/modules/VERSION.

The cache is $VDHCP_CACHE, else $XDG_CACHE_HOME/vdhcp, else ~/.cache/vdhcp.
E
}

die() {
	echo "kernel.sh: $*" >&2
	exit 1
}

temps=()
cleanup() {
	[[ ${#temps[@]} -eq 0 ]] || rm -rf -- "${temps[@]}"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# shellcheck source=tests/lib/apt.sh
. "$here/../lib/apt.sh"
# kbuild and make fail in such a path with a message that does not show the reason.
[[ $cache != *[[:space:]:#\&\$,]* ]] || die "the cache '$cache' has a character in its path that make cannot take"

# ---- which version -----------------------------------------------------------

# Print the newest version on stdin that begins with $1. The cloud flavour has no 9p,
# so it cannot boot here; the rt flavour is not a default.
newest() {
	local want=$1 v
	while read -r v; do
		[[ $v =~ ^[0-9]+\.[0-9]+\.[0-9].*-amd64$ && ! $v =~ -(cloud|rt)-amd64$ ]] || continue
		[[ -z $want || $v == "$want" || $v == "$want"[.+-]* ]] || continue
		echo "$v"
	done | sort -V | tail -n 1
}

installed() {
	local d
	for d in /lib/modules/*/build; do
		[[ ! -e $d/Makefile ]] || basename "$(dirname "$d")"
	done
}

cached() {
	local d
	for d in "$cache"/kernels/*/image "$cache"/kernels/*/headers; do
		[[ ! -d $d ]] || basename "$(dirname "$d")"
	done
}

# Versions that apt has both a kernel and headers for.
offered() {
	need apt-cache apt
	apt-cache "${apt[@]}" search --names-only '^linux-(headers|image)-[0-9].*-amd64(-unsigned)?$' | awk '
		{ p = $1 }
		sub(/^linux-headers-/, "", p) { h[p] = 1; next }
		sub(/^linux-image-/, "", p) { sub(/-unsigned$/, "", p); i[p] = 1 }
		END { for (p in h) if (p in i) print p }'
}

resolve() {
	local want=$1 v=
	if [[ $want =~ ^[0-9]+\.[0-9]+\.[0-9].*-amd64$ ]]; then
		echo "$want"
		return
	fi
	want=${want%-amd64}
	[[ -z $want || $want =~ ^[0-9][0-9a-z.+~-]*$ ]] || die "KVER='$want' is not a kernel version"
	v=$(installed | newest "$want")
	if [[ -z $v && -z $want ]]; then
		need apt-cache apt
		v=$(apt-cache show --no-all-versions linux-headers-amd64 2>/dev/null |
			sed -n 's/^Depends:.*linux-headers-\([^ ,]*\).*/\1/p')
	elif [[ -z $v ]]; then
		v=$(offered | newest "$want")
	fi
	echo "$v"
}

# ---- fetching ----------------------------------------------------------------

# $dir/image: vmlinuz and lib/modules/$ver as depmod wants them.
fetch_image() {
	local t m f more
	[[ ! -d $dir/image ]] || return 0
	need dpkg-deb dpkg
	need depmod kmod
	t=$(mktemp -d "$dir/.image.XXXXXX")
	temps+=("$t")
	download "$t" "linux-image-$ver" || download "$t" "linux-image-$ver-unsigned" || {
		cat "$t/apt.log" >&2
		return 1
	}
	# In newer versions, from about 7.0 on, the parts are separate packages.
	more=$(dpkg-deb -f "$t"/linux-image-*.deb Depends | tr ',' '\n' |
		sed -n 's/^ *\(linux-\(modules\|binary\|base\)-[^ ]*\).*/\1/p')
	# shellcheck disable=SC2086 # words
	[[ -z $more ]] || download "$t" $more || return 1
	for f in "$t"/*.deb; do
		dpkg-deb -x "$f" "$t/x" || return 1
	done
	mkdir -p "$t/image/lib/modules"
	m=$t/x/lib/modules/$ver
	[[ -d $m ]] || m=$t/x/usr/lib/modules/$ver
	mv "$m" "$t/image/lib/modules/" || return 1
	m=$t/image/lib/modules/$ver
	if [[ -e $m/vmlinuz ]]; then
		mv "$m/vmlinuz" "$m/config" "$t/image/" || return 1
	else
		mv "$t/x/boot/vmlinuz-$ver" "$t/image/vmlinuz" || return 1
		mv "$t/x/boot/config-$ver" "$t/image/config" || return 1
	fi
	depmod -b "$t/image" "$ver" || return 1
	mv -T "$t/image" "$dir/image"
	rm -rf "$t"
}

# $dir/headers: usr/src and usr/lib of the packages; absolute paths in them are
# changed to this directory.
fetch_headers() {
	local t f deps common kbuild
	[[ ! -d $dir/headers ]] || return 0
	need dpkg-deb dpkg
	t=$(mktemp -d "$dir/.headers.XXXXXX")
	temps+=("$t")
	download "$t" "linux-headers-$ver" || {
		cat "$t/apt.log" >&2
		return 1
	}
	deps=$(dpkg-deb -f "$t"/linux-headers-*.deb Depends) || return 1
	# "name (= version)" must be that version, "name (>= version)" the newest.
	common=$(sed -n 's/.*\(linux-headers-[^ ,]*-common\) *(= *\([^)]*\)).*/\1=\2/p' <<<"$deps")
	kbuild=$(sed -n 's/.*\(linux-kbuild-[^ ,]*\).*/\1/p' <<<"$deps")
	[[ -n $common && -n $kbuild ]] || {
		echo "kernel.sh: linux-headers-$ver depends on '$deps', which names no common headers or kbuild" >&2
		return 1
	}
	download "$t" "$common" "$kbuild" || {
		cat "$t/apt.log" >&2
		return 1
	}
	for f in "$t"/*.deb; do
		dpkg-deb -x "$f" "$t/headers" || return 1
	done
	for f in "$t"/headers/usr/src/*/Makefile "$t"/headers/usr/src/*/.kernelvariables; do
		[[ ! -f $f ]] || sed -i -E "s#(^|[[:space:]=])/usr/(src|lib)/linux-#\1$dir/headers/usr/\2/linux-#g" "$f"
	done
	while IFS= read -r f; do
		ln -sfn "$dir/headers$(readlink "$f")" "$f"
	done < <(find "$t/headers" -type l -lname '/usr/*')
	[[ -e $t/headers/usr/src/linux-headers-$ver/Makefile ]] || return 1
	mv -T "$t/headers" "$dir/headers"
	rm -rf "$t"
}

# ---- what QEMU boots ---------------------------------------------------------

# QEMU can enter an uncompressed kernel directly (PVH). Unpacking the kernel
# here takes a second, but ten seconds at each boot under software emulation.
# Prints nothing if this kernel has no such entry.
unpack_kernel() {
	local from=$1 to=$2 sects off len z
	sects=$(od -An -tu1 -j $((0x1f1)) -N 1 "$from")
	off=$(od -An -tu4 -j $((0x248)) -N 4 "$from")
	len=$(od -An -tu4 -j $((0x24c)) -N 4 "$from")
	# The last four bytes are the size, not part of the compressed stream.
	case $(od -An -tx1 -j $(((sects + 1) * 512 + off)) -N 4 "$from") in
	*'fd 37 7a 58') z='xz -dc' ;;
	*'28 b5 2f fd') z='zstd -dcq' ;;
	*'1f 8b '*) z='gzip -dc' ;;
	*) return 0 ;;
	esac
	# A missing unpacker only costs time, and so does an odd image.
	tail -c +$(((sects + 1) * 512 + off + 1)) "$from" | head -c $((len - 4)) | $z >"$to" 2>/dev/null || :
	readelf -n "$to" 2>/dev/null | grep -q '^ *Xen .*(0x00000012)' || rm -f "$to"
}

# A busybox, initramfs.sh as init, and the modules that the kernel needs to mount the
# shared root, in the order in which they are loaded.
build_initrd() {
	local mods=$1 v=$2 t=$3 m f b list
	need modprobe kmod
	need cpio cpio
	need busybox busybox-static
	b=$(command -v busybox)
	! ldd "$b" >/dev/null 2>&1 || die "$b is not static: install the Debian package busybox-static"
	mkdir -p "$t"/root/{bin,modules,proc,sys,dev,lower,rw,new} "$t/base/lib/modules"
	ln -s "$mods" "$t/base/lib/modules/$v"
	for m in virtio_pci virtio_console 9pnet_virtio 9p overlay; do
		# -C, because the machine's modprobe.d is not meant for this kernel.
		list=$(modprobe -C /dev/null -n -D -d "$t/base" -S "$v" "$m" 2>"$t/err") ||
			die "kernel $v has no $m ($(cat "$t/err")): it cannot boot from 9p; the amd64 flavour can"
		sed -n 's/^insmod \([^ ]*\).*/\1/p' <<<"$list"
	done | awk '!seen[$0]++' >"$t/list"
	while IFS= read -r f; do
		m=$(basename "$f")
		case $m in
		*.xz) xz -dc "$f" >"$t/root/modules/${m%.xz}" ;;
		*.zst) zstd -dcq "$f" >"$t/root/modules/${m%.zst}" ;;
		*.gz) gzip -dc "$f" >"$t/root/modules/${m%.gz}" ;;
		*) cp "$f" "$t/root/modules/" ;;
		esac
		m=${m%.*z*}
		echo "${m%.ko}.ko" >>"$t/root/modules/order"
	done <"$t/list"
	touch "$t/root/modules/order"
	cp "$b" "$t/root/bin/busybox"
	cp "$here/initramfs.sh" "$t/root/init"
	chmod 755 "$t/root/init" "$t/root/bin/busybox"
	(cd "$t/root" && find . | sort | cpio -o -H newc -R 0:0 --quiet) >"$t/boot/initrd"
}

# Sets KIMAGE and INITRD for the image $1 with the modules $2 of version $3.
# The key is made of all their contents, so a rebuilt kernel or a changed init gets
# new files, and two checkouts do not use each other's.
prepare_boot() {
	local image=$1 mods=$2 v=$3 key t
	key=$({
		stat -L -c '%n %s %Y' "$image" "$mods/modules.dep"
		cat "$here/initramfs.sh" "${BASH_SOURCE[0]}"
	} | cksum)
	key=$dir/boot-${key%% *}
	if [[ ! -d $key ]]; then
		find "$dir" -maxdepth 1 -name 'boot-*' -mtime +7 -exec rm -rf {} +
		t=$(mktemp -d "$dir/.boot.XXXXXX")
		temps+=("$t")
		mkdir "$t/boot"
		unpack_kernel "$image" "$t/boot/vmlinux"
		build_initrd "$mods" "$v" "$t"
		mv -T "$t/boot" "$key"
		rm -rf "$t"
	else
		touch "$key"
	fi
	KIMAGE=$image
	[[ ! -e $key/vmlinux ]] || KIMAGE=$key/vmlinux
	INITRD=$key/initrd
}

lock() {
	mkdir -p "$dir"
	exec 9>"$dir/.lock"
	flock 9
}

show() {
	printf '%s=%q\n' KVER "$ver" KIMAGE "$KIMAGE" KDIR "$KDIR" KMODDIR "$KMODDIR" INITRD "$INITRD"
}

custom() {
	local kernel=$1 mods=${2:-} f
	if [[ -d $kernel ]]; then
		for f in "$kernel/lib/modules"/*/; do
			[[ -n $mods || ! -d $f ]] || mods=$f
		done
		kernel=$kernel/bzImage
	fi
	[[ -f $kernel ]] || die "no kernel at $kernel"
	[[ -n $mods && -d $mods ]] || die "no modules for $kernel: expected lib/modules/VERSION in the same directory, or VMMODS"
	kernel=$(realpath "$kernel")
	mods=$(realpath "$mods")
	[[ -f $mods/modules.dep ]] || die "$mods has no modules.dep: run depmod on it"
	ver=$(basename "$mods")
	dir=$cache/kernels/custom-$ver
	lock
	prepare_boot "$kernel" "$mods" "$ver"
	KMODDIR=$mods
	KDIR=
	[[ ! -e $mods/build/Makefile ]] || KDIR=$mods/build
	show
}

# Find the headers and the kernel. Installed ones are used in place.
headers_here() {
	[[ -e /lib/modules/$ver/build/Makefile ]]
}
kernel_here() {
	[[ -r /boot/vmlinuz-$ver && -d /lib/modules/$ver/kernel && -e /lib/modules/$ver/modules.dep ]]
}

# All steps that fail if the archive lacks a package. errexit is off in the callers,
# so each step is checked.
fetch() {
	dir=$cache/kernels/$ver
	lock || return 1
	headers_here || fetch_headers || return 1
	[[ $what == kdir ]] || kernel_here || fetch_image || return 1
}

# ---- main --------------------------------------------------------------------

what=all
case ${1-} in
-h | --help)
	usage
	exit
	;;
--kver | --kdir)
	what=${1#--}
	shift
	;;
--custom)
	[[ $# -ge 2 ]] || die "--custom wants a kernel"
	custom "$2" "${3-}"
	exit
	;;
-*)
	usage >&2
	exit 1
	;;
esac
want=${1-}

ver=$(resolve "$want")
if [[ -z $ver ]] && apt_update; then
	ver=$(resolve "$want")
fi
if [[ -z $ver ]] && other_suites; then
	ver=$(resolve "$want")
fi
[[ -n $ver ]] || ver=$(cached | newest "${want%-amd64}")
[[ -n $ver ]] || die "no kernel ${want:-linux-headers-amd64} among those that apt offers here"
if [[ $what == kver ]]; then
	echo "$ver"
	exit
fi
if ! fetch; then
	# The archive keeps only the newest versions. If the version of the old lists is
	# gone, the updated lists may have its successor.
	was=$ver
	ver=$(resolve "$want")
	if [[ -z $ver || $ver == "$was" ]]; then
		ver=$was
		other_suites || die "cannot get kernel $was"
	fi
	fetch || die "cannot get kernel $ver"
fi
KDIR=/lib/modules/$ver/build
headers_here || KDIR=$dir/headers/usr/src/linux-headers-$ver
if [[ $what == kdir ]]; then
	echo "$KDIR"
	exit
fi
image=/boot/vmlinuz-$ver
KMODDIR=/lib/modules/$ver
if ! kernel_here; then
	image=$dir/image/vmlinuz
	KMODDIR=$dir/image/lib/modules/$ver
fi
prepare_boot "$image" "$KMODDIR" "$ver"
show
