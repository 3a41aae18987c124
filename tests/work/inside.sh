#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# inside.sh DIR VECTOR...: in the VM. DIR has tap and frames; the vectors say how
# the port is configured that the frames of the same name are for.
set -euo pipefail
dir=$1
shift

for vector in "$@"; do
	name=${vector##*/}
	name=${name%.vec}
	{
		echo subnet add work cidr 192.0.2.0/24
		echo port add work0 mac 52:54:00:12:34:56 addr 192.0.2.10 subnet work rate 0
		sed -n 's/^subnet /subnet set work /p; s/^port /port set work0 /p' "$vector" |
			sed 's/ cidr [^ ]*//; / set [a-z0-9]*$/d'
	} | vdhcpctl -batch -
	grep "^work/$name/" "$dir/frames" | "$dir/tap" work0
	vdhcpctl port del work0
	vdhcpctl subnet del work
done
