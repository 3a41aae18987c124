#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "a guest with virtio checksum offload: its requests reach the tap with a partial checksum"
bridge
vdhcpctl subnet add s1 "${SUBNET[@]}"
guest vm1
power_on vm1 tap-vm1 -v
attach tap-vm1
serve vm1 192.0.2.11
CAPTURE_OPTIONS=-vv capture tap tap-vm1

run_udhcpc vm1 -O staticroutes -O mtu -O search
event vm1 '^bound 192.0.2.11$'
sees_its_lease vm1 192.0.2.11
mark tap-vm1
renew_udhcpc vm1
moved tap-vm1 ack-renewing 1+ ack-rebinding 0+
pumped vm1 partial
((REPLY >= 1)) || fail "no frame came with a partial checksum"
say "frames that came with a partial checksum: $REPLY"
caught vm1 tap
matches "renewal on the tap" "$CAUGHT" "192.0.2.11.68 > $GW.67: \[bad udp cksum"
matches "reply on the tap" "$CAUGHT" "$GW.67 > 192.0.2.11.68: \[udp sum ok\]"

say "a DISCOVER like that is answered; a wrong checksum is not"
ask vm1 discover udpsum=partial
replied offer yiaddr=192.0.2.11 udpsum=good ipsum=good
ask vm1 discover udpsum=bad
silence
moved tap-vm1 offer 1 bad-udp-checksum 1
pumped vm1 reply_partial
equals "replies without a complete checksum" "$REPLY" 0
adds_up vm1
