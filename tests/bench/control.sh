#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Measure the speed of the control plane and the memory of a port. Boots two VMs, one
# with more possible processors than the other. The last line is "N passed, N failed,
# N skipped".
#
#   PORTS    number of ports (10000)
#   ROUNDS   number of rounds, whose median is printed (5)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
export KVER=${KVER:-6.1} VMSMP=2 VMTIMEOUT=${VMTIMEOUT:-1800} VMMEM=2G
ports=${PORTS:-10000}

# vm NAME COMMAND [WORD...]: run a command in a VM; the words are for the kernel command line.
vm() {
	local name=$1 command=$2
	shift 2
	VMDIR=$top/build/vm-bench/$name VMAPPEND=$* VDHCP_CMD=$command "$top/tests/vm/run.sh"
}

# shellcheck source=tests/lib/ktap.sh
. "$top/tests/lib/ktap.sh"
ktap_begin
verdict() { # OK TEXT
	if [[ $1 -ne 0 ]]; then
		ktap_pass "$2"
	else
		ktap_fail "$2"
	fi
}

speed=$(vm speed "PORTS=$ports ROUNDS=${ROUNDS:-5} tests/bench/control-inside.sh speed" possible_cpus=2)
echo "$speed"
figure() {
	sed -n "s/^$1  *\([0-9.]*\) ms.*/\1/p" <<<"$speed"
}
verdict "$(awk -v a="$(figure 'resync unchanged')" -v b="$(figure 'first sync')" 'BEGIN { print a <= b / 2 }')" \
	"resync of unchanged ports takes at most half of the first sync"
verdict "$(awk -v a="$(figure 'vdhcpctl -batch')" -v b="$(figure 'ip -batch')" 'BEGIN { print a <= b }')" \
	"vdhcpctl -batch does at least as many objects a second as ip -batch"

two=$(vm memory "PORTS=$ports tests/bench/control-inside.sh memory" possible_cpus=2)
many=$(vm memory "PORTS=$ports tests/bench/control-inside.sh memory" possible_cpus=64)
echo "bytes a port, 2 possible processors:  $two"
echo "bytes a port, 64 possible processors: $many"
verdict "$((two <= 1024))" "a port takes at most 1 KiB"
# The number of pages in use varies slightly from boot to boot.
verdict "$((many <= two + 32))" "and no more with more processors"
ktap_end
