#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "a container behind a veth pair, whose kernel leaves UDP checksums to be completed"
bridge
vdhcpctl subnet add s1 "${SUBNET[@]}"
guest c1
plug_veth c1 veth-c1
attach veth-c1
serve c1 192.0.2.11
CAPTURE_OPTIONS=-vv capture host veth-c1
capture bridge br0

run_udhcpc c1 -O staticroutes -O mtu -O search
event c1 '^bound 192.0.2.11$'
sees_its_lease c1 192.0.2.11
show_view c1

say "a renewal comes from a UDP socket, and arrives with a partial checksum"
mark veth-c1
renew_udhcpc c1
moved veth-c1 ack-renewing 1+ ack-rebinding 0+
caught c1 host
matches "request on the host's end" "$CAUGHT" "192.0.2.11.68 > $GW.67: \[bad udp cksum"
matches "reply on the host's end" "$CAUGHT" "$GW.67 > 192.0.2.11.68: \[udp sum ok\]"

say "a checksum that is wrong, and not only unfinished, is not accepted"
mark veth-c1
ask c1 discover udpsum=partial
replied offer yiaddr=192.0.2.11 udpsum=good ipsum=good
ask c1 discover udpsum=bad
silence
moved veth-c1 offer 1 bad-udp-checksum 1
no_dhcp c1 bridge
