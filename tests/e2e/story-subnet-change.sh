#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "a change of the subnet is in the next reply"
make_bridge
vdhcpctl subnet add s1 "${SUBNET[@]}"
for n in 1 2; do
	make_vm "vm$n" "tap-vm$n"
	add_port "vm$n" "192.0.2.1$n"
done
everything=prl=1,3,6,15,26,42,51,119,121
ask vm1 discover "$everything"
expect_reply offer 6=c0000235c6336435 26=05aa 51=00015180
vdhcpctl subnet set s1 dns 192.0.2.99 mtu 1400 lease 7200
ask vm1 discover "$everything"
expect_reply offer 6=c0000263 26=0578 51=00001c20
ask vm2 discover "$everything"
expect_reply offer 6=c0000263 26=0578 51=00001c20
say "routes, set and cleared"
vdhcpctl subnet set s1 route 203.0.113.0/24 via 192.0.2.7
ask vm1 discover "$everything"
expect_reply offer 121="00c000020118cb0071c0000207"
expect_no_text "reply" "$ASK" '"3":'
vdhcpctl subnet set s1 route none
ask vm1 discover "$everything"
expect_no_text "reply" "$ASK" '"121":'
expect_reply offer 3=c0000201
say "an option of the port overrides the subnet's"
vdhcpctl port set tap-vm1 option 26 u16 1300 option 42 ip 192.0.2.123
ask vm1 discover "$everything"
expect_reply offer 26=0514 42=c000027b
ask vm2 discover "$everything"
expect_reply offer 26=0578
vdhcpctl port set tap-vm1 option 26 none
ask vm1 discover "$everything"
expect_reply offer 26=0578 42=c000027b
say "a real client gets the change when it renews"
run_udhcpc vm2
wait_client_event vm2 '^bound 192.0.2.12$'
expect_text "lease" "$LEASE" "dns='192.0.2.99'"
vdhcpctl subnet set s1 dns 192.0.2.98,192.0.2.97
renew_udhcpc vm2
expect_text "lease" "$LEASE" "dns='192.0.2.98 192.0.2.97'"
stop_client vm2

say "changes that do not fit the ports, and removing a subnet in use, are refused"
before=$(vdhcpctl -j subnet show; vdhcpctl -j port show)
expect_refused "port tap-vm2: addr is the subnet's server-id" vdhcpctl subnet set s1 server-id 192.0.2.12
expect_refused "subnet is used by port tap-vm2 and 1 more" vdhcpctl subnet del s1
expect_equal "configuration after the refusals" "$(vdhcpctl -j subnet show; vdhcpctl -j port show)" "$before"
ask vm1 discover
expect_reply offer yiaddr=192.0.2.11
vdhcpctl port del tap-vm1
expect_refused "subnet is used by port tap-vm2" vdhcpctl subnet del s1
vdhcpctl port del tap-vm2
vdhcpctl subnet del s1

say "flush removes everything; no guest is answered"
vdhcpctl subnet add s1 "${SUBNET[@]}"
add_port vm1 192.0.2.11
add_port vm2 192.0.2.12
ask vm2 discover
expect_reply offer
vdhcpctl flush
expect_equal "ports" "$(vdhcpctl -j port show)" '[]'
expect_equal "subnets" "$(vdhcpctl -j subnet show)" '[]'
ask vm1 discover
expect_no_reply
ask vm2 discover
expect_no_reply
expect_uncounted 2 0 "after the ports were removed"
