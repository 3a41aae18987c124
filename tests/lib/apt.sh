# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# To be sourced: downloads packages of this machine's Debian release and of other releases
# into the cache, and installs none. The sourcing script has die().

need() {
	command -v "$1" >/dev/null || die "no $1 here: install the Debian package $2"
}

home=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
cache=${VDHCP_CACHE:-${XDG_CACHE_HOME:-$home/.cache}/vdhcp}
[[ $cache == /* ]] || cache=$PWD/$cache

# Options of apt-get and apt-cache. At first they read the machine's own package lists.
apt=(-o APT::Sandbox::User=root)

# debian_mirror [SUFFIX]: the address from which this machine's apt takes Debian's own release,
# or with "-security" its security updates. It serves other releases, too.
debian_mirror() {
	local codename
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
	# shellcheck disable=SC2016 # for apt
	apt-get indextargets --format '$(RELEASE) $(CODENAME) $(REPO_URI)' 'Created-By: Packages' |
		awk -v code="$codename" -v suffix="${1-}" '
			{ for (i = 1; i < NF; i++) if ($i == code suffix ||
				$i ~ "^(old)*(stable|testing|unstable|sid)" suffix "$") { print $NF; found = 1; exit } }
			END { exit !found }'
}

# debian_sources SUITE...: lines for sources.list, main alone, with security updates if the
# machine has a mirror for them.
debian_sources() {
	local suite main security
	main=$(debian_mirror) || die "apt has no source for Debian itself here"
	security=$(debian_mirror -security) || security=
	for suite; do
		echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $main $suite main"
		[[ $suite == sid || -z $security ]] ||
			echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $security $suite-security main"
	done
}

# From here on apt-get and apt-cache read lists of other Debian releases, in the cache; the
# machine's own apt does not see them. The lists of a mirror may be past their date; their
# signature is checked nevertheless.
other_suites() {
	local lists=$cache/apt
	mkdir -p "$lists"/lists/partial "$lists"/archives/partial
	debian_sources bullseye sid >"$lists/sources.list"
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
	# Another apt-get may hold the lock, and apt-get update does not wait for it.
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
	# The lists may be missing, or name versions that the archive has replaced.
	apt_update || return 1
	(cd "$dir" && apt-get -qq "${apt[@]}" download "$@" >apt.log 2>&1)
}
