#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

# The kernel's own client, which knows the family only from the spec.
YNL=$TOP/build/e2e/ynl
SPEC=$TOP/uapi/vdhcp.yaml
[[ -e $YNL/tools/net/ynl/cli.py ]] || skip "needs the package linux-source-6.12"

ynl() {
	/usr/bin/python3 "$YNL/tools/net/ynl/cli.py" --spec "$SPEC" \
		--schema "$YNL/Documentation/netlink/genetlink.yaml" --output-json "$@"
}

# hex ADDRESS: print its bytes in JSON, because the client takes addresses as bytes.
hex() {
	local a b c d
	IFS=. read -r a b c d <<<"$1"
	printf '"%02x%02x%02x%02x"' "$a" "$b" "$c" "$d"
}

say "the kernel's YNL client accepts the spec: new, dump, refusals"
make_bridge
make_vm vm1 tap-vm1
ynl --do subnet-new --json '{"name": "s1", "network": '"$(hex 192.0.2.0)"', "prefix-len": 24,
	"gateway": '"$(hex "$GW")"', "dns": ['"$(hex 192.0.2.53), $(hex 198.51.100.53)"'], "mtu": 1450,
	"route": [{"dst": '"$(hex 169.254.169.254)"', "dst-len": 32, "via": '"$(hex "$META")"'}]}' >/dev/null
ynl --do port-new --json '{"dev": "tap-vm1", "mac": "'"${GUEST_MAC[vm1]//:/}"'",
	"address": [{"addr": '"$(hex 192.0.2.11)"', "subnet": "s1"}], "mode": "serve", "hostname": "vm1"}' >/dev/null
ask vm1 discover prl=1,3,6,12,26,121
expect_reply offer yiaddr=192.0.2.11 6=c0000235c6336435 26=05aa 121="00c000020120a9fea9fec0000202"

said=$(ynl --dump port-get)
expect_text "dump" "$said" '"dev": "tap-vm1"'
expect_text "dump" "$said" '"addr": "192.0.2.11"'
expect_text "dump" "$said" '"mode": "serve"'
expect_text "dump" "$said" '"last-verdict": "offer"'
said=$(ynl --dump subnet-get)
expect_text "dump" "$said" '"dns": ["192.0.2.53", "198.51.100.53"]'
said=$(ynl --do stats-get --json '{"dev": "tap-vm1"}')
expect_text "counters" "$said" '{"verdict": "offer", "packets": 1}'
expect_text "tool" "$(vdhcpctl port show tap-vm1)" "addr 192.0.2.11 subnet s1 hostname vm1"
status=0
said=$(ynl --do port-new --json '{"dev": "tap-vm1", "mode": "deny"}' 2>&1) || status=$?
expect_equal "status" "$status" 1
expect_text "refusal" "$said" "port exists"

say "several requests in one datagram: an atomic batch"
generation=$(ynl --do info-get | sed 's/.*"generation": \([0-9]*\).*/\1/')
ynl --multi batch-begin '{"mode": "atomic", "generation": '"$generation"'}' \
	--multi port-new '{"dev": "tap-x", "mode": "deny"}' \
	--multi port-new '{"dev": "tap-y", "mode": "pass"}' \
	--multi batch-commit '{"requests": 2}' >/dev/null
expect_equal "ports" "$(vdhcpctl port show | grep -c '^port ')" 3

say "notifications"
ynl --subscribe events --sleep $((4 * SLOW)) >"$W/events" &
pid=$!
listens() {
	# Membership in the group shows in the socket's groups.
	awk '$2 == 16 && $4 != "00000000"' /proc/net/netlink | grep -q .
}
wait_until 20 "YNL client to listen" listens
run_udhcpc vm1
wait_client_event vm1 '^bound 192.0.2.11$'
vdhcpctl port del tap-y
wait "$pid"
said=$(<"$W/events")
expect_text "events" "$said" '"name": "event-ntf"'
expect_text "events" "$said" '"event": "ack"'
expect_text "events" "$said" '"verdict": "ack-selecting"'
expect_text "events" "$said" '"event": "config"'
expect_text "events" "$said" '"change": "removed"'
