#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# inside.sh DIR VECTOR...: what run.sh has the VM do. DIR holds the program tap and the files
# requests and bystanders with the frames. Each VECTOR has the configuration that its frames
# in DIR/requests are written with. Prints lines "request NAME INSTRUCTIONS",
# "bystander NAME INSTRUCTIONS" (device without a port) and "port NAME INSTRUCTIONS" (the same
# frame, device with a port).
set -euo pipefail
dir=$1
shift

add_port() {
	echo subnet add cost cidr 192.0.2.0/24
	echo port add cost0 mac 52:54:00:12:34:56 addr 192.0.2.10 subnet cost rate 0
}

# Without any port, so that no netfilter hook is registered anywhere.
"$dir/tap" cost0 0 <"$dir/bystanders" | sed 's/^/bystander /'
add_port | vdhcpctl -batch -
"$dir/tap" cost0 0 <"$dir/bystanders" | sed 's/^/port /'
vdhcpctl port del cost0
vdhcpctl subnet del cost

for vector in "$@"; do
	name=${vector##*/}
	name=${name%.vec}
	{
		add_port
		sed -n 's/^subnet /subnet set cost /p; s/^port /port set cost0 /p' "$vector" |
			sed 's/ cidr [^ ]*//; / set [a-z0-9]*$/d'
	} | vdhcpctl -batch -
	grep "^$name/" "$dir/requests" | "$dir/tap" cost0 1 | sed 's/^/request /'
	vdhcpctl port del cost0
	vdhcpctl subnet del cost
done
