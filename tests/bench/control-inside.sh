#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# In the VM: control.sh starts this. "speed" prints medians in ms, each round
# doing everything once, so that all suffer alike from what else this machine
# does. "memory" prints bytes a port.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
ports=${PORTS:-10000} rounds=${ROUNDS:-5}
W=/tmp/bench
mkdir -p "$W"
document() {
	/usr/bin/python3 -S -E "$top/tests/e2e/document.py" "$@"
}

declare -A TIMES=()
order=()
# timed NAME COMMAND...
timed() {
	local name=$1 from to
	shift
	from=${EPOCHREALTIME/./}
	"$@" >"$W/said" || {
		echo "$name: status $?: $(<"$W/said")" >&2
		exit 1
	}
	to=${EPOCHREALTIME/./}
	[[ -v TIMES[$name] ]] || order+=("$name")
	TIMES[$name]+="$((to - from)) "
}

said() {
	grep -q "^ports: $1$" "$W/said" || {
		echo "wanted '$1' and got: $(<"$W/said")" >&2
		exit 1
	}
}

speed() {
	local round name i
	document "$ports" >"$W/all.json"
	# The same text is known by its digest; this says the same in another text.
	sed 's/^{"subnets":/ &/' "$W/all.json" >"$W/same.json"
	document "$ports" 1 100 >"$W/percent.json"
	# The same objects as commands, and as many of iproute2's.
	document "$ports" | sed -n 's/{"dev": "\(v[0-9]*\)", "mac": "\([^"]*\)", "addr": "\([^"]*\)", "subnet": "\([^"]*\)", "hostname": "\([^"]*\)"}.*/port replace \1 mac \2 addr \3 subnet \4 hostname \5/p' >"$W/ports.batch"
	[[ $(wc -l <"$W/ports.batch") -eq $ports ]]
	ip link add bench type dummy
	ip link set bench up
	for ((i = 0; i < ports; i++)); do
		echo "neigh replace 198.18.$((i / 200)).$((10 + i % 200)) lladdr 02:00:5e:00:00:01 dev bench nud permanent"
	done >"$W/neigh.batch"
	for i in 1 2 3; do
		sysctl -qw "net.ipv4.neigh.default.gc_thresh$i=1000000"
	done
	for ((round = 0; round < rounds; round++)); do
		timed "first sync" vdhcpctl sync "$W/all.json"
		said "added $ports, changed 0, unchanged 0, removed 0"
		timed "resync unchanged" vdhcpctl sync "$W/all.json"
		said "added 0, changed 0, unchanged $ports, removed 0"
		timed "resync, another text" vdhcpctl sync "$W/same.json"
		said "added 0, changed 0, unchanged $ports, removed 0"
		timed "resync with 1 % changed" vdhcpctl sync "$W/percent.json"
		said "added 0, changed $((ports / 100)), unchanged $((ports - ports / 100)), removed 0"
		timed "dump" vdhcpctl dump
		timed "port show, JSON" vdhcpctl -j port show
		timed "flush" vdhcpctl flush
		# Its ports need their subnets, and nothing else.
		sed '/^],"ports":\[/q' "$W/all.json" | sed 's/"ports":\[/"ports":[]}/' | vdhcpctl sync - >/dev/null
		timed "vdhcpctl -batch" vdhcpctl -batch "$W/ports.batch"
		timed "ip -batch" ip -batch "$W/neigh.batch"
		[[ $(vdhcpctl port show | grep -c '^port ') -eq $ports ]]
		vdhcpctl flush
		ip neigh flush dev bench nud permanent
	done
	printf '%s ports, medians of %s rounds, %s\n' "$ports" "$rounds" "$(uname -r)"
	for name in "${order[@]}"; do
		# shellcheck disable=SC2086 # numbers
		printf '%s\n' ${TIMES[$name]} | sort -n | awk -v name="$name" -v ports="$ports" '
			{ us[NR] = $1 }
			END {
				median = us[int((NR + 1) / 2)]
				printf "%-24s %9.1f ms %9.0f objects/s   (%.1f to %.1f ms)\n", name,
					median / 1000, ports / median * 1e6, us[1] / 1000, us[NR] / 1000
			}'
	done
}

# What the kernel has taken for good: slabs that cannot be reclaimed, vmalloc, per CPU.
taken() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	awk '/^(SUnreclaim|VmallocUsed|Percpu):/ { sum += $2 } END { print sum * 1024 }' /proc/meminfo
}

memory() {
	local before after
	document "$ports" >"$W/all.json"
	# What the first of its kind takes is not the ports'.
	document 1 | vdhcpctl sync - >/dev/null
	vdhcpctl flush
	before=$(taken)
	vdhcpctl sync "$W/all.json" >/dev/null
	after=$(taken)
	echo $(((after - before) / ports))
}

"$1"
