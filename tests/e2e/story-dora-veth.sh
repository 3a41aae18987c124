#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "a container on a veth pair sends partial UDP checksums and is served"
make_bridge
vdhcpctl subnet add s1 "${SUBNET[@]}"
make_guest c1
plug_veth c1 veth-c1
join_bridge veth-c1
add_port c1 192.0.2.11
CAPTURE_OPTIONS=-vv start_capture host veth-c1
start_capture bridge br0

run_udhcpc c1 -O staticroutes -O mtu -O search
wait_client_event c1 '^bound 192.0.2.11$'
expect_lease_in_guest c1 192.0.2.11
show_guest_view c1

say "a renewal is sent from a UDP socket and arrives with a partial checksum"
mark_counters veth-c1
renew_udhcpc c1
expect_counters veth-c1 ack-renewing 1+ ack-rebinding 0+
read_captures c1 host
expect_match "request on the host's end" "$CAUGHT" "192.0.2.11.68 > $GW.67: \[bad udp cksum"
expect_match "reply on the host's end" "$CAUGHT" "$GW.67 > 192.0.2.11.68: \[udp sum ok\]"

say "a partial checksum is accepted, a wrong one is not"
mark_counters veth-c1
ask c1 discover udpsum=partial
expect_reply offer yiaddr=192.0.2.11 udpsum=good ipsum=good
ask c1 discover udpsum=bad
expect_no_reply
expect_counters veth-c1 offer 1 bad-udp-checksum 1
expect_no_dhcp c1 bridge
