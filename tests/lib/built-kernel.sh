# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# To be sourced: build a kernel from a Debian source package with a configuration of
# ours, once, outside of the checkout. The sourcing script defines die(), and answer(),
# which prints the variables for its caller from $dir. It calls, in this order:
#
#	kernel_source VERSION		sets SOURCE_* as source.sh prints them
#	kernel_place KIND NAME RECIPE CONFIG...	sets $dir; answers and exits if it exists
#	kernel_unpack			unpacks into $work/source
#	kernel_configure CONFIG...	allnoconfig plus these; fails if one is not accepted
#	kernel_kdir FILE...		copies what kbuild needs for modules into $work/kdir
#	kernel_done			renames $work to $dir; answers
#
# and in between kmake, run and patch, which write to a log and exit if they fail.

arch=()
lib=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/lib/apt.sh
. "$lib/apt.sh"

# Variables of a calling make must not reach the kernel's makefiles.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL ARCH SUBARCH CROSS_COMPILE \
	KBUILD_OUTPUT KCFLAGS KCPPFLAGS KAFLAGS CFLAGS LDFLAGS LLVM O M V W C

# Required commands, and the Debian packages that contain them.
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

# Answer and exit if the kernel is in the cache.
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

# The directory is renamed to its final name when it is complete, so an existing one is
# usable. There is one per package version, configuration (without its comments) and
# compiler.
kernel_place() {
	local key kind=$cache/$1 name=$2
	kernel_tools
	key=$({
		echo "$3"
		gcc -dumpfullversion
		grep -hE '^(CONFIG_|# CONFIG_)' "${@:4}"
	} | sha256sum | cut -c1-12)
	# kbuild accepts no colon in a path.
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
	die "failed: $* (the whole log is $log)"
}

kmake() {
	run make -C "$work/source" "${arch[@]}" KBUILD_BUILD_USER=vdhcp KBUILD_BUILD_HOST=vdhcp "$@"
}

# patch FILE RESULT SED-SCRIPT: RESULT is a pattern over lines that must match afterwards;
# otherwise the script was written for another version.
patch() {
	run sed -i "$3" "$work/source/$1"
	grep -Pzq "$2" "$work/source/$1" ||
		die "cannot patch $1 of $SOURCE_PACKAGE: the result does not match '$2'"
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
		[[ -z $dropped ]] || die "Kconfig of $SOURCE_PACKAGE does not accept '$line'"
	done <"$work/all.config"
}

# Copy what kbuild needs for external modules, one percent of the source.
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
