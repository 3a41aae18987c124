#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Runs in the VM: runs stories, each in namespaces of its own. run.sh starts this; the
# arguments are names of stories. For each story it writes to $VDHCP_OUT/results
#	begin NAME
#	ok|not ok|skip NAME SECONDS
# and the story's output to $VDHCP_OUT/NAME.txt; files of a story that failed go to
# $VDHCP_OUT/NAME/.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${VDHCP_OUT:?"this runs in the VM"}
jobs=${E2E_JOBS:-2}
limit=${E2E_LIMIT:-120}
export E2E_SLOW=${E2E_SLOW:-3}
# The modules that stories need, without br_netfilter, so that bridged frames are not filtered.
modprobe -a tun bridge veth 8021q
mkdir -p /run/e2e

# Runs as process 1 of the story's namespaces.
# shellcheck disable=SC2016 # for the inner shell
readonly prepare='
	mount -t sysfs sys /sys
	mkdir -p /run/netns "$E2E_WORK"
	mount -t tmpfs netns /run/netns
	ip link set lo up
	echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
	cd "$E2E_WORK"
	# Not as process 1, because orphans become children of that one.
	bash "$1" &
	wait $!'

story() {
	local name=$1 status=0 began=$SECONDS took word
	local E2E_WORK=/run/e2e/$name
	export E2E_WORK
	echo "begin $name" >>"$out/results"
	echo "e2e: $name begins" >/dev/kmsg
	timeout --foreground -k 10 "$((limit * E2E_SLOW))" \
		unshare --net --mount --uts --ipc --pid --fork --kill-child --mount-proc -- \
		bash -c "$prepare" - "$here/story-$name.sh" >"$out/$name.txt" 2>&1 </dev/null || status=$?
	took=$((SECONDS - began))
	echo "e2e: $name ends: $status" >/dev/kmsg
	case $status in
	0) word=ok ;;
	77) word=skip ;;
	124 | 137)
		word="not ok"
		echo "FAIL not finished after $((limit * E2E_SLOW)) s" >>"$out/$name.txt"
		;;
	*) word="not ok" ;;
	esac
	if [[ $word == "not ok" ]]; then
		rm -rf "${out:?}/$name"
		mkdir -p "$out/$name"
		(cd "$E2E_WORK" && tar -cf - --exclude='./*/etc' --exclude='./*/work' --exclude=ovs . 2>/dev/null) |
			tar -xf - -C "$out/$name" 2>/dev/null || :
	fi
	rm -rf "$E2E_WORK"
	# One write, so that lines of two stories do not mix.
	printf '%s %s %s\n' "$word" "$name" "$took" >>"$out/results"
	if [[ $word == "not ok" ]]; then
		printf '%s - %s # %s s\n%s\n' "$word" "$name" "$took" "$(sed 's/^/    /' "$out/$name.txt")"
	elif [[ $word == ok ]]; then
		printf 'ok - %s # %s s\n' "$name" "$took"
	else
		printf 'ok - %s # SKIP %s\n' "$name" "$(sed -n 's/^SKIP //p' "$out/$name.txt")"
	fi
}

# Stories that affect others, for example by unloading the module, have a line "# alone". They
# run last, one by one.
together=() alone=()
for name in "$@"; do
	if grep -q '^# alone' "$here/story-$name.sh"; then
		alone+=("$name")
	else
		together+=("$name")
	fi
done

running=0
for name in "${together[@]}"; do
	if ((running == jobs)); then
		wait -n || :
		running=$((running - 1))
	fi
	story "$name" &
	running=$((running + 1))
done
wait
for name in "${alone[@]}"; do
	story "$name"
done
