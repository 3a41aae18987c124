#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

dnsmasq=$(command -v dnsmasq) || dnsmasq=/usr/sbin/dnsmasq
[[ -x $dnsmasq ]] || skip "dnsmasq is missing (package dnsmasq-base)"

say "mode pass: a dnsmasq elsewhere in the network serves the guest"
make_bridge
make_uplink br0
ip -n net addr add 192.0.2.3/24 dev net0
nsenter --net=/run/netns/net -- "$dnsmasq" --keep-in-foreground --conf-file=/dev/null --port=0 \
	--interface=net0 --bind-interfaces --dhcp-range=192.0.2.200,192.0.2.209,1h --no-ping \
	--dhcp-authoritative --dhcp-leasefile="$W/dnsmasq.leases" --log-dhcp --log-facility=- \
	--user=root --pid-file="$W/dnsmasq.pid" >"$W/dnsmasq.log" 2>&1 &
CLIENT_PID[dnsmasq]=$!
wait_until 30 "dnsmasq" test -s "$W/dnsmasq.pid"
start_capture world net0 net

make_vm vm1 tap-vm1
vdhcpctl port add tap-vm1 mode pass
run_udhcpc vm1
wait_client_event vm1 '^bound 192.0.2.20[0-9]$'
say "$(grep -o 'DHCPACK.*' "$W/dnsmasq.log")"
mark_zero
expect_counters tap-vm1 pass-mode 2+
read_captures vm1 world
expect_text "network" "$CAUGHT" "BOOTP/DHCP, Request from ${GUEST_MAC[vm1]}"
expect_text "network" "$CAUGHT" "BOOTP/DHCP, Reply"
stop_client vm1
expect_all_counted vm1
expect_uncounted 0 "$(grep -c 'DHCPOFFER(\|DHCPACK(' "$W/dnsmasq.log")" "replies of dnsmasq"

say "switched to mode serve: from now on only vdhcp answers"
vdhcpctl subnet add s1 "${SUBNET[@]}"
vdhcpctl port set tap-vm1 mode serve mac "${GUEST_MAC[vm1]}" addr 192.0.2.11 subnet s1
mark_counters tap-vm1
run_udhcpc vm1
wait_client_event vm1 '^bound 192.0.2.11$'
expect_counters tap-vm1 offer 1+ ack-selecting 1+
expect_no_dhcp vm1 world
expect_all_counted vm1
