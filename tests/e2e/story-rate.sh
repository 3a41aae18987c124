#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "a noisy guest gets what its rate allows; its neighbour is not affected"
make_bridge
make_uplink br0
vdhcpctl subnet add s1 "${SUBNET[@]}"
for n in 1 2; do
	make_vm "vm$n" "tap-vm$n"
	add_port "vm$n" "192.0.2.1$n" rate 5
done
start_capture world net0 net
ask vm2 discover
expect_reply offer
mark_counters tap-vm1
began=$SECONDS
ask vm1 discover count=200
took=$((SECONDS - began + 1))
load_counters tap-vm1
offers=${COUNT[offer]}
expect_counters tap-vm1 offer "$offers" rate-limited "$((200 - offers))"
((offers >= 5 && offers <= 5 + 5 * took)) || fail "$offers offers in $took s at a rate of 5"
expect_text "replies" "$ASK" "\"n\":$offers,"
say "200 DISCOVERs, $offers answered"
ask vm2 discover
expect_reply offer yiaddr=192.0.2.12
expect_no_dhcp vm1 world

say "after a second the guest is served again"
sleep_briefly 1.1
ask vm1 discover
expect_reply offer yiaddr=192.0.2.11

say "rate 0 means no limit"
vdhcpctl port set tap-vm1 rate 0
ask vm1 discover count=300
expect_text "replies" "$ASK" '"n":300,'
expect_all_counted vm1
expect_all_counted vm2
