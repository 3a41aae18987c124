#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

dnsmasq=$(command -v dnsmasq) || dnsmasq=/usr/sbin/dnsmasq
[[ -x $dnsmasq ]] || skip "there is no dnsmasq (package dnsmasq-base)"

say "mode pass: bring your own DHCP; a dnsmasq elsewhere in the network serves the guest"
bridge
wire br0
ip -n net addr add 192.0.2.3/24 dev net0
nsenter --net=/run/netns/net -- "$dnsmasq" --keep-in-foreground --conf-file=/dev/null --port=0 \
	--interface=net0 --bind-interfaces --dhcp-range=192.0.2.200,192.0.2.209,1h --no-ping \
	--dhcp-authoritative --dhcp-leasefile="$W/dnsmasq.leases" --log-dhcp --log-facility=- \
	--user=root --pid-file="$W/dnsmasq.pid" >"$W/dnsmasq.log" 2>&1 &
CLIENT_PID[dnsmasq]=$!
until_true 30 "dnsmasq" test -s "$W/dnsmasq.pid"
capture world net0 net

vm vm1 tap-vm1
vdhcpctl port add tap-vm1 mode pass
run_udhcpc vm1
event vm1 '^bound 192.0.2.20[0-9]$'
say "$(grep -o 'DHCPACK.*' "$W/dnsmasq.log")"
fresh
moved tap-vm1 pass-mode 2+
caught vm1 world
contains "network" "$CAUGHT" "BOOTP/DHCP, Request from ${GUEST_MAC[vm1]}"
contains "network" "$CAUGHT" "BOOTP/DHCP, Reply"
stop_client vm1
adds_up vm1
overlooked 0 "$(grep -c 'DHCPOFFER(\|DHCPACK(' "$W/dnsmasq.log")" "they are dnsmasq's"

say "switched to serve while it runs: from now on it is vdhcp alone that answers"
vdhcpctl subnet add s1 "${SUBNET[@]}"
vdhcpctl port set tap-vm1 mode serve mac "${GUEST_MAC[vm1]}" addr 192.0.2.11 subnet s1
mark tap-vm1
run_udhcpc vm1
event vm1 '^bound 192.0.2.11$'
moved tap-vm1 offer 1+ ack-selecting 1+
no_dhcp vm1 world
adds_up vm1
