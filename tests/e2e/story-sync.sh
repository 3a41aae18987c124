#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

# document FILE WORD...: write a random document that has the port of vm1 and its subnet.
document() {
	local file=$1
	shift
	/usr/bin/python3 -S -E "$E2E/document.py" "$@" >"$file"
	sed -i "s|^{\"subnets\":\[|&$MY_SUBNET,|; s|\"ports\":\[|&$MY_PORT,|" "$file"
}

# summary N...: the last sync printed these numbers.
summary() {
	local want="subnets: added $1, changed $2, unchanged $3, removed $4"
	want+=$'\n'"ports: added $5, changed $6, unchanged $7, removed $8"
	expect_equal "summary of sync" "$SAID" "$want"
	say "  ${SAID//$'\n'/; }"
}

vdhcpctl_sync() {
	SAID=$(vdhcpctl sync --max-remove 100% "$@") || fail "sync $*: status $?"
}

say "10,000 ports are added, changed and removed while a guest on another port asks: each question is answered"
make_bridge
make_vm vm1 tap-vm1
MY_SUBNET='{"name":"s1","cidr":"192.0.2.0/24","gateway":"192.0.2.1"}'
MY_PORT='{"dev":"tap-vm1","mac":"'${GUEST_MAC[vm1]}'","addr":"192.0.2.11","subnet":"s1","rate":0}'
document "$W/first" 10000
document "$W/other" 10000 1
echo "{\"subnets\":[$MY_SUBNET],\"ports\":[$MY_PORT]}" >"$W/mine"
vdhcpctl_sync "$W/mine"
summary 1 0 0 0 1 0 0 0

ask_begin vm1 loop
vdhcpctl_sync "$W/first"
summary 50 0 1 0 10000 0 1 0
vdhcpctl_sync "$W/first"
summary 0 0 51 0 0 0 10001 0
vdhcpctl_sync "$W/other"
summary 0 0 51 0 0 10000 1 0
# This replaces the subnet of vm1's port.
sed 's|"gateway":"192.0.2.1"|&,"lease":7200|' "$W/other" >"$W/lease"
vdhcpctl_sync "$W/lease"
summary 0 1 50 0 0 0 10001 0
vdhcpctl_sync "$W/mine"
summary 0 1 0 50 0 0 1 10000
ask_end
say "  questions meanwhile: $ASK"
expect_match "loop" "$ASK" '"sent":([0-9]+),"n":([0-9]+)'
expect_equal "answers" "${BASH_REMATCH[2]}" "${BASH_REMATCH[1]}"
((BASH_REMATCH[1] >= 100)) || fail "asked only ${BASH_REMATCH[1]} times"
mark_zero
expect_counters tap-vm1 offer "${BASH_REMATCH[1]}"
expect_all_counted vm1

say "a dump is equal to the document, and sync of a dump changes nothing"
vdhcpctl sync "$W/first" >/dev/null
vdhcpctl dump >"$W/dump"
vdhcpctl dump | vdhcpctl sync - >"$W/said"
SAID=$(<"$W/said")
summary 0 0 51 0 0 0 10001 0
expect_equal "lines of the dump" "$(grep -c '"dev":' "$W/dump")" 10001
status=0
vdhcpctl sync --check "$W/dump" >/dev/null || status=$?
expect_equal "status of --check" "$status" 0

say "--check and --dry-run change nothing"
status=0
vdhcpctl sync --check "$W/mine" >/dev/null || status=$?
expect_equal "status of --check when the kernel differs" "$status" 3
vdhcpctl_sync --dry-run "$W/mine"
summary 0 0 1 50 0 0 1 10000
vdhcpctl dump | cmp - "$W/dump" || fail "--dry-run changed something"

say "if one port is refused, nothing is changed, and the error names the port"
sed 's|"addr": "198.18.7.17"|"addr": "192.0.2.17"|' "$W/other" >"$W/bad"
expect_refused "port v1407" vdhcpctl sync "$W/bad"
vdhcpctl dump | cmp - "$W/dump" || fail "a refused document changed something"

say "if one device cannot be attached, nothing is changed"
sed 's|"dev": "v77"|"dev": "lo"|' "$W/other" >"$W/bad"
expect_refused "device lo is not Ethernet" vdhcpctl sync "$W/bad"
vdhcpctl dump | cmp - "$W/dump" || fail "a refused document changed something"
ask vm1 discover
expect_reply offer yiaddr=192.0.2.11
vdhcpctl flush
expect_equal "what is left" "$(vdhcpctl -j port show)$(vdhcpctl -j subnet show)" '[][]'
