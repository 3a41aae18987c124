#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

shows_wrong_mac() {
	vdhcpctl port show "$1" | grep -q '^    wrong MAC: '
}

say "the MAC of a port has two digits transposed: port show names the MAC that the guest uses"
make_bridge
vdhcpctl subnet add s1 "${SUBNET[@]}"
make_vm vm1 tap-vm1
make_vm vm2 tap-vm2
typo=00:00:5e:00:53:10
vdhcpctl port add tap-vm1 mac "$typo" addr 192.0.2.11 subnet s1
add_port vm2 192.0.2.12
expect_text "before" "$(vdhcpctl port show tap-vm1)" "never asked"
run_udhcpc vm1 -t 10 -T 1 -A 1
wait_until 60 "the wrong MAC" shows_wrong_mac tap-vm1
port=$(vdhcpctl port show tap-vm1)
say "$port"
expect_match "port" "$port" "wrong MAC: [0-9]+ frames? dropped, the last [0-9]+\.[0-9] s ago with\
 ${GUEST_MAC[vm1]} \(configured: $typo\)"
expect_text "port" "$port" "not bound"
expect_no_text "port" "$port" "never asked"

say "the guest of the other port never asked"
port=$(vdhcpctl port show tap-vm2)
expect_text "other port" "$port" "never asked"
expect_no_text "other port" "$port" "wrong MAC"

say "with the right MAC the client gets its address, and port show no longer speaks of a wrong MAC"
vdhcpctl port set tap-vm1 mac "${GUEST_MAC[vm1]}"
wait_client_event vm1 '^bound 192.0.2.11$'
stop_client vm1
port=$(vdhcpctl port show tap-vm1)
expect_text "port" "$port" ", bound"
expect_no_text "port" "$port" "wrong MAC"

say "every dropped frame is counted"
vdhcpctl port set tap-vm1 mac "$typo"
ask vm1 discover chaddr="$typo"
expect_no_reply
ask vm1 discover ethsrc="$typo"
expect_no_reply
load_counters tap-vm1
expect_text "JSON" "$(vdhcpctl -j -s port show tap-vm1)" \
	"\"wrong-mac-count\":$((COUNT["spoofed-source"] + COUNT["spoofed-chaddr"]))"
expect_equal "chaddr" "${COUNT["spoofed-chaddr"]}" 1
expect_all_counted vm1
expect_all_counted vm2
