#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# control-inside.sh speed|memory, started by control.sh in the VM. "speed" prints medians in
# ms; each round does everything once, so that other load on this machine affects all
# figures alike. "memory" prints bytes per port.
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
# measure NAME COMMAND...: note the time that the command takes
measure() {
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

expect_ports() {
	grep -q "^ports: $1$" "$W/said" || {
		echo "wanted '$1' and got: $(<"$W/said")" >&2
		exit 1
	}
}

speed() {
	local round name i
	document "$ports" >"$W/all.json"
	# vdhcpctl recognises the same text by its digest, so this text differs.
	sed 's/^{"subnets":/ &/' "$W/all.json" >"$W/same.json"
	document "$ports" 1 100 >"$W/percent.json"
	# The same objects as commands, and as many commands of iproute2.
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
		measure "first sync" vdhcpctl sync "$W/all.json"
		expect_ports "added $ports, changed 0, unchanged 0, removed 0"
		measure "resync unchanged" vdhcpctl sync "$W/all.json"
		expect_ports "added 0, changed 0, unchanged $ports, removed 0"
		measure "resync, another text" vdhcpctl sync "$W/same.json"
		expect_ports "added 0, changed 0, unchanged $ports, removed 0"
		measure "resync with 1 % changed" vdhcpctl sync "$W/percent.json"
		expect_ports "added 0, changed $((ports / 100)), unchanged $((ports - ports / 100)), removed 0"
		measure "dump" vdhcpctl dump
		measure "port show, JSON" vdhcpctl -j port show
		measure "flush" vdhcpctl flush
		# The batch has only ports, so their subnets are configured first.
		sed '/^],"ports":\[/q' "$W/all.json" | sed 's/"ports":\[/"ports":[]}/' |
			vdhcpctl sync - --max-remove 100% >/dev/null
		measure "vdhcpctl -batch" vdhcpctl -batch "$W/ports.batch"
		measure "ip -batch" ip -batch "$W/neigh.batch"
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

# Print the bytes of kernel memory that cannot be reclaimed: slabs, vmalloc, per CPU.
print_memory() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	awk '/^(SUnreclaim|VmallocUsed|Percpu):/ { sum += $2 } END { print sum * 1024 }' /proc/meminfo
}

memory() {
	local before after
	document "$ports" >"$W/all.json"
	# The first port allocates memory that does not belong to ports.
	document 1 | vdhcpctl sync - >/dev/null
	vdhcpctl flush
	before=$(print_memory)
	vdhcpctl sync "$W/all.json" >/dev/null
	after=$(print_memory)
	echo $(((after - before) / ports))
}

"$1"
