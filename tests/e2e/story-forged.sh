#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

KINDS=(discover request inform decline release)
own=(addr=192.0.2.11 server="$GW")

# neighbour: print what the host knows of vm2, without times.
neighbour() {
	vdhcpctl -j -s port show tap-vm2 | sed 's/"[a-z-]*\(asked\|age\)[a-z-]*":[0-9.]*,\?//g'
}

say "forged relay data, server and client addresses do not affect other guests"
make_bridge
make_uplink br0
vdhcpctl subnet add s1 "${SUBNET[@]}"
for n in 1 2; do
	make_vm "vm$n" "tap-vm$n"
	add_port "vm$n" "192.0.2.1$n" rate 0
done
ask vm2 discover
expect_reply offer
ask vm2 request addr=192.0.2.12 server="$GW"
expect_reply ack yiaddr=192.0.2.12
before=$(neighbour)
start_capture world net0 net
start_capture victim eth0 vm2
mark_counters tap-vm1

say "giaddr: a guest plays relay; its messages are not answered and do not leave"
for giaddr in 192.0.2.9 192.0.2.11 "$GW" 255.255.255.255; do
	for kind in "${KINDS[@]}"; do
		ask vm1 "$kind" "${own[@]}" giaddr="$giaddr" hops=1
		expect_no_reply
	done
done
expect_counters tap-vm1 relayed 20

say "hops without giaddr are ignored and not returned"
for hops in 1 16 255; do
	ask vm1 discover hops="$hops"
	expect_reply offer yiaddr=192.0.2.11 hops=0 giaddr=0.0.0.0
done
expect_counters tap-vm1 offer 3

say "option 82 (link selection, server identifier override, circuit) is ignored and not returned"
for agent in 0504c6336400 0b04c0000242 0103766d32 ""; do
	ask vm1 discover opt="82:$agent" prl=82,1,3
	expect_reply offer yiaddr=192.0.2.11 54=c0000201 1=ffffff00
	expect_no_text "reply" "$ASK" '"82":'
	ask vm1 request "${own[@]}" opt="82:$agent" opt="82:$agent"
	expect_reply ack yiaddr=192.0.2.11 54=c0000201
	expect_no_text "reply" "$ASK" '"82":'
	ask vm1 inform ciaddr=192.0.2.11 src=192.0.2.11 opt="82:$agent"
	expect_reply ack 54=c0000201
	expect_no_text "reply" "$ASK" '"82":'
done
# Option 82 does not override the server identifier.
ask vm1 request addr=192.0.2.11 server=192.0.2.66 opt=82:0b04c0000242
expect_no_reply
expect_counters tap-vm1 offer 4 ack-selecting 4 ack-inform 4 other-server 1 note:relay-agent-ignored 13

say "ciaddr of another guest is refused or ignored, and that guest receives nothing"
ask vm1 discover ciaddr=192.0.2.12
expect_reply offer yiaddr=192.0.2.11 ciaddr=0.0.0.0 dst=192.0.2.11
ask vm1 request ciaddr=192.0.2.12 src=192.0.2.12
expect_reply nak yiaddr=0.0.0.0 ciaddr=0.0.0.0 dst=255.255.255.255
ask vm1 request ciaddr=192.0.2.12 src=192.0.2.12 dst="$GW"
expect_reply nak yiaddr=0.0.0.0 ciaddr=0.0.0.0 dst=255.255.255.255
ask vm1 request "${own[@]}" ciaddr=192.0.2.12
expect_reply ack yiaddr=192.0.2.11 ciaddr=0.0.0.0 dst=192.0.2.11
ask vm1 inform ciaddr=192.0.2.12 src=192.0.2.12
expect_reply ack ciaddr=192.0.2.12 yiaddr=0.0.0.0 ethdst="${GUEST_MAC[vm1]}"
ask vm1 release ciaddr=192.0.2.12 server="$GW"
expect_no_reply
ask vm1 decline addr=192.0.2.12 server="$GW"
expect_no_reply
expect_counters tap-vm1 offer 1 nak-rebinding 1 nak-renewing 1 ack-selecting 1 ack-inform 1 release 1 \
	decline-foreign 1
expect_equal "state of the neighbour" "$(neighbour)" "$before"

say "client identifiers of any length are returned unchanged in every kind of reply, or not at all"
for length in 1 2 254 255; do
	id=$(printf "%02x" $(seq 1 "$length"))
	for word in "offer discover" "ack request ${own[*]}" "nak request addr=192.0.2.99"; do
		# shellcheck disable=SC2086 # words
		set -- $word
		ask vm1 "${@:2}" opt="61:$id"
		expect_reply "$1" 61="$id"
	done
done
expect_counters tap-vm1 offer 4 ack-selecting 4 nak-init-reboot 4
ask vm1 discover opt=61:
expect_reply offer
expect_no_text "reply" "$ASK" '"61":'
# Split options (RFC 3396): returned if the client accepts a message of that size.
half=$(printf "%02x" {1..200})
ask vm1 discover opt="61:$half" opt="61:$half"
expect_no_reply
ask vm1 discover opt="61:$half" opt="61:$half" max=1500
expect_reply offer 61="$half$half"
# The neighbour's client identifier does not select the neighbour's address.
ask vm1 discover opt="61:01${GUEST_MAC[vm2]//:/}"
expect_reply offer yiaddr=192.0.2.11 61="01${GUEST_MAC[vm2]//:/}"
expect_counters tap-vm1 offer 3 no-room 1
expect_no_dhcp vm1 world victim
