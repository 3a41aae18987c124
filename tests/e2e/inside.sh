#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# In the VM: run stories, each in namespaces of its own, and say how they went.
# run.sh starts this; the arguments are names of stories. Of each it writes to
# $VDHCP_OUT/results
#	begin NAME
#	ok|not ok|skip NAME SECONDS
# and what the story said to $VDHCP_OUT/NAME.txt; of one that failed, everything
# it had in its hands to $VDHCP_OUT/NAME/.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${VDHCP_OUT:?"this runs in the VM"}
jobs=${E2E_JOBS:-2}
limit=${E2E_LIMIT:-120}
export E2E_SLOW=${E2E_SLOW:-3}
# As init does it on a host with guests: nothing in the way of bridged frames.
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
	# Not as process 1, to which orphans come.
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
		echo "FAIL not done after $((limit * E2E_SLOW)) s" >>"$out/$name.txt"
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

# Those that load and unload the module, or otherwise touch others, come last and
# alone; they say so in a line "# alone".
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
