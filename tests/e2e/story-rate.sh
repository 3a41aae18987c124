#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "one noisy guest gets what its rate allows; its neighbour notices nothing"
bridge
wire br0
vdhcpctl subnet add s1 "${SUBNET[@]}"
for n in 1 2; do
	vm "vm$n" "tap-vm$n"
	serve "vm$n" "192.0.2.1$n" rate 5
done
capture world net0 net
ask vm2 discover
replied offer
mark tap-vm1
began=$SECONDS
ask vm1 discover count=200
took=$((SECONDS - began + 1))
load_counters tap-vm1
offers=${COUNT[offer]}
moved tap-vm1 offer "$offers" rate-limited "$((200 - offers))"
((offers >= 5 && offers <= 5 + 5 * took)) || fail "$offers offers in $took s at a rate of 5"
contains "replies that came" "$ASK" "\"n\":$offers,"
say "200 DISCOVERs, $offers answered"
ask vm2 discover
replied offer yiaddr=192.0.2.12
no_dhcp vm1 world

say "nobody is banned: after a second it is served again"
nap 1.1
ask vm1 discover
replied offer yiaddr=192.0.2.11

say "rate 0 has no limit"
vdhcpctl port set tap-vm1 rate 0
ask vm1 discover count=300
contains "replies" "$ASK" '"n":300,'
adds_up vm1
adds_up vm2
