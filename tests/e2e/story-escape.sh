#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

ESCAPE=$TOP/build/e2e/escape

# add_ports PORT...: ports VLAN:MODE:GUARD on tap-g, and no others.
add_ports() {
	local port vlan mode guard
	for port; do
		IFS=: read -r vlan mode guard <<<"$port"
		vdhcpctl port replace tap-g vlan "$vlan" mac 00:00:5e:00:53:01 addr "192.0.2.1$vlan" \
			subnet s1 mode "$mode" guard "$guard" rate 0
	done
}

# read_sum NAME: print a sum of all ports, such as dropped.
read_sum() {
	local json
	json=$(vdhcpctl -j stats)
	[[ $json =~ \"$1\":\ *([0-9]+) ]] || fail "no $1 in: $json"
	echo "${BASH_REMATCH[1]}"
}

# escape_from PORT...: every frame of the table does what the rule says, and each frame that
# stays is counted once.
escape_from() {
	local dropped unanswered answered said port
	add_ports "$@"
	dropped=$(read_sum dropped) unanswered=$(read_sum unanswered) answered=$(read_sum answered)
	said=$("$ESCAPE" tap-g tap-n "$@" 2>&1) || fail "ports $*: $said"
	say "  ports $*: $said"
	[[ $said =~ leave\ ([0-9]+)\ stay\ ([0-9]+)\ answered\ ([0-9]+)\  ]] || fail "$said"
	expect_equal "frames dropped and not answered" \
		"$(($(read_sum dropped) + $(read_sum unanswered) - dropped - unanswered))" "${BASH_REMATCH[2]}"
	expect_equal "frames answered" "$(($(read_sum answered) - answered))" "${BASH_REMATCH[3]}"
	for port; do
		vdhcpctl port del tap-g vlan "${port%%:*}"
	done
}

say "a guest tries all tags, encapsulations, headers, fragments and checksums: what leaves the tap is what the rule says"
make_bridge
for tap in tap-g tap-n; do
	ip tuntap add "$tap" mode tap
	join_bridge "$tap"
	ip link set "$tap" up
done
vdhcpctl subnet add s1 "${SUBNET[@]}"
escape_from 0:serve:on
escape_from 0:pass:on
escape_from 0:deny:off
escape_from 0:serve:off
say "several ports: the strictest of the tags' ports decides, and the lowest for other tags"
escape_from 0:serve:on 5:pass:off
escape_from 0:pass:off 5:serve:on
escape_from 5:serve:on 7:pass:off
escape_from 0:pass:off 5:pass:off 7:deny:off
restart_balance "no tapvm counted the frames of the table"
