#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "a guest with virtio checksum offload sends requests with a partial checksum"
make_bridge
vdhcpctl subnet add s1 "${SUBNET[@]}"
make_guest vm1
power_on vm1 tap-vm1 -v
join_bridge tap-vm1
add_port vm1 192.0.2.11
CAPTURE_OPTIONS=-vv start_capture tap tap-vm1

run_udhcpc vm1 -O staticroutes -O mtu -O search
wait_client_event vm1 '^bound 192.0.2.11$'
expect_lease_in_guest vm1 192.0.2.11
mark_counters tap-vm1
renew_udhcpc vm1
expect_counters tap-vm1 ack-renewing 1+ ack-rebinding 0+
read_tapvm_count vm1 partial
((REPLY >= 1)) || fail "no frame came with a partial checksum"
say "frames that came with a partial checksum: $REPLY"
read_captures vm1 tap
expect_match "renewal on the tap" "$CAUGHT" "192.0.2.11.68 > $GW.67: \[bad udp cksum"
expect_match "reply on the tap" "$CAUGHT" "$GW.67 > 192.0.2.11.68: \[udp sum ok\]"

say "a DISCOVER with a partial checksum is answered, one with a wrong checksum is not"
ask vm1 discover udpsum=partial
expect_reply offer yiaddr=192.0.2.11 udpsum=good ipsum=good
ask vm1 discover udpsum=bad
expect_no_reply
expect_counters tap-vm1 offer 1 bad-udp-checksum 1
read_tapvm_count vm1 reply_partial
expect_equal "replies without a complete checksum" "$REPLY" 0
expect_all_counted vm1
