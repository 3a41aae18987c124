# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# To be sourced: kernels that are built from one of Debian's sources with a
# configuration of ours, each once, outside the checkout. The sourcing script has
# die() and answer(), which prints what the caller wants to know of what is in
# $dir; it calls
#
#	kernel_source VERSION		SOURCE_* as source.sh tells them
#	kernel_place KIND NAME RECIPE CONFIG...	$dir; answers and ends if it is there
#	kernel_unpack			$work/source; what it needs is known to be here
#	kernel_configure CONFIG...	allnoconfig and these, all of them taken
#	kernel_kdir FILE...		what kbuild needs for modules, into $work/kdir
#	kernel_done			$work becomes $dir; answers
#
# and between them kmake, run and patch, which log, and end it all when they fail.

arch=()
lib=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/lib/apt.sh
. "$lib/apt.sh"

# A calling make must not lend its variables to the kernel's makefiles.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL ARCH SUBARCH CROSS_COMPILE \
	KBUILD_OUTPUT KCFLAGS KCPPFLAGS KAFLAGS CFLAGS LDFLAGS LLVM O M V W C

# Commands and the Debian packages that have them.
kernel_tools() {
	local command debian
	while read -r command debian; do
		need "$command" "$debian"
	done <<-'END'
		bc bc
		bison bison
		flex flex
		flock util-linux
		gcc gcc
		make make
		nice coreutils
		perl perl
		python3 python3
		sha256sum coreutils
		xz xz-utils
	END
	need_header stdlib.h libc6-dev
}

need_header() {
	echo "#include <$1>" | gcc -E - >/dev/null 2>&1 || die "no $1 here: install the Debian package $2"
}

# The end, if the kernel is there.
kernel_there() {
	[[ -d $dir ]] || return 0
	answer
	exit
}

kernel_source() {
	local variables
	variables=$("$lib/../kunit/source.sh" "$1")
	eval "$variables"
}

# The directory is renamed to its place when complete: if it is there, it works.
# One per package version, configuration and compiler; of the configuration only
# what decides about the kernel, not the comments.
kernel_place() {
	local key kind=$cache/$1 name=$2
	kernel_tools
	key=$({
		echo "$3"
		gcc -dumpfullversion
		grep -hE '^(CONFIG_|# CONFIG_)' "${@:4}"
	} | sha256sum | cut -c1-12)
	# Kbuild takes no colon in a path.
	name=${name//[:~+]/_}
	dir=$kind/$name-$key log=$dir.log work=$dir.tmp
	kernel_there
	mkdir -p "$kind"
	exec 9>"$dir.lock"
	if ! flock -n 9; then
		echo "kernel.sh: another build of this kernel is under way, waiting" >&2
		flock 9
		kernel_there
	fi
}

run() {
	nice "$@" >>"$log" 2>&1 && return
	tail -n 40 "$log" >&2
	die "failed: $* (all of it is in $log)"
}

kmake() {
	run make -C "$work/source" "${arch[@]}" KBUILD_BUILD_USER=vdhcp KBUILD_BUILD_HOST=vdhcp "$@"
}

# patch FILE RESULT SED-SCRIPT: what does not read like RESULT afterwards, a
# pattern over lines, is no version that the script was written for.
patch() {
	run sed -i "$3" "$work/source/$1"
	grep -Pzq "$2" "$work/source/$1" ||
		die "cannot patch $1 of $SOURCE_PACKAGE: it is not as expected, look for '$2'"
}

kernel_unpack() {
	began=$SECONDS
	rm -rf "$work"
	mkdir -p "$work/kdir" "$work/source"
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	: >"$log"
	run tar -xf "$SOURCE_TARBALL" -C "$work/source" --strip-components=1
}

kernel_configure() {
	local line symbol dropped=
	cat "$@" >"$work/all.config"
	kmake "KCONFIG_ALLCONFIG=$work/all.config" allnoconfig
	while read -r line; do
		case $line in
		"# CONFIG_"*)
			symbol=${line#\# }
			! grep -q "^${symbol%% *}=" "$work/source/.config" || dropped=y
			;;
		CONFIG_*=n)
			! grep -q "^${line%=n}=" "$work/source/.config" || dropped=y
			;;
		CONFIG_*)
			grep -qxF "$line" "$work/source/.config" || dropped=y
			;;
		esac
		[[ -z $dropped ]] || die "Kconfig of $SOURCE_PACKAGE does not take '$line'"
	done <"$work/all.config"
}

# What kbuild needs for external modules; not the other 99 %.
kernel_kdir() {
	run tar -cf "$work/kdir.tar" -C "$work/source" --exclude='*.o' "$@"
	run tar -xf "$work/kdir.tar" -C "$work/kdir"
	rm "$work/kdir.tar"
}

kernel_done() {
	rm -rf "$work/source" "$work"/*.config
	mv -T "$work" "$dir"
	trap - EXIT
	echo "kernel.sh: done in $((SECONDS - began)) s" >&2
	answer
}
