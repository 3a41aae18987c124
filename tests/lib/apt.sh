# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# To be sourced: packages of this machine's Debian and of other releases, fetched
# into the cache and never installed. The sourcing script has die().

need() {
	command -v "$1" >/dev/null || die "no $1 here: install the Debian package $2"
}

home=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
cache=${VDHCP_CACHE:-${XDG_CACHE_HOME:-$home/.cache}/vdhcp}
[[ $cache == /* ]] || cache=$PWD/$cache

# What apt-get and apt-cache are told; the machine's own lists to begin with.
apt=(-o APT::Sandbox::User=root)

# From here on those of other Debian releases, in the cache; the machine's own
# apt does not get to know of them. A mirror may be behind; what it has is
# signed all the same.
other_suites() {
	local lists=$cache/apt
	mkdir -p "$lists"/lists/partial "$lists"/archives/partial
	sed 's,^,deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/,' \
		>"$lists/sources.list" <<-'E'
			debian bullseye main
			debian-security bullseye-security main
			debian sid main
		E
	apt+=(-o Dir::Etc::SourceList="$lists/sources.list" -o Dir::Etc::SourceParts=/nonexistent
		-o Dir::State::Lists="$lists/lists" -o Dir::Cache="$lists"
		-o Acquire::Check-Valid-Until=false)
	updated=
	apt_update
}

updated=
apt_update() {
	local i log
	[[ -z $updated ]] || return 1
	updated=1
	# Another apt may hold the lock; it does not wait for that one by itself.
	for ((i = 0; i < 60; i++)); do
		log=$(apt-get -qq "${apt[@]}" update 2>&1) && return 0
		[[ $log == *lists/lock* ]] || break
		sleep 2
	done
	echo "${0##*/}: apt-get update: $log" >&2
	return 1
}

download() {
	local dir=$1
	shift
	need apt-get apt
	(cd "$dir" && apt-get -qq "${apt[@]}" -o Acquire::Retries=3 download "$@" >apt.log 2>&1) && return
	# The lists may be missing, or older than the archive: once more with new ones.
	apt_update || return 1
	(cd "$dir" && apt-get -qq "${apt[@]}" download "$@" >apt.log 2>&1)
}
