#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

# sum VERDICT...: set REPLY to the sum of these counters.
sum() {
	local name
	REPLY=0
	for name in "$@"; do
		REPLY=$((REPLY + ${COUNT[$name]}))
	done
}

say "packets sent = replied + consumed + dropped + passed, and the guest receives exactly those replies"
make_bridge
make_uplink br0
vdhcpctl subnet add s1 "${SUBNET[@]}"
for n in 1 2; do
	make_vm "vm$n" "tap-vm$n"
	add_port "vm$n" "192.0.2.1$n" rate 0
done
start_capture world net0 net
own=(ciaddr=192.0.2.11 src=192.0.2.11)
ask vm1 discover count=7
ask vm1 discover rapid=1 count=3
ask vm1 request addr=192.0.2.11 server="$GW" count=5
ask vm1 request addr=192.0.2.11 count=2
ask vm1 request "${own[@]}" dst="$GW" count=2
ask vm1 request "${own[@]}" count=2
ask vm1 request addr=192.0.2.99 count=4
ask vm1 request count=1
ask vm1 inform "${own[@]}" count=3
ask vm1 release "${own[@]}" dst="$GW" server="$GW"
ask vm1 decline addr=192.0.2.11 server="$GW"
ask vm1 request addr=192.0.2.11 server=192.0.2.66 count=2
ask vm1 discover udpsum=bad count=6
ask vm1 bootp count=2
ask vm1 offer count=3
read_captures vm1 world
ask vm1 request "${own[@]}" dst=192.0.2.3 ethdst=00:00:5e:00:53:33 count=4
sent=48
read_tapvm_count vm1 client
clients=$REPLY
read_tapvm_count vm1 server
expect_equal "frames sent" "$((clients + REPLY))" "$sent"

mark_zero
expect_counters tap-vm1 offer 7 ack-rapid-commit 3 ack-selecting 5 ack-init-reboot 2 ack-renewing 2 \
	ack-rebinding 2 nak-init-reboot 4 nak-no-address 1 ack-inform 3 release 1 decline 1 \
	other-server 2 bad-udp-checksum 6 bootp 2 rogue-server 3 pass-unicast 4 \
	message:discover 10 message:request 18 message:inform 3 message:release 1 message:decline 1 \
	message:other 2
expect_all_counted vm1
sum offer ack-rapid-commit ack-selecting ack-init-reboot ack-renewing ack-rebinding \
	nak-init-reboot nak-no-address ack-inform
replies=$REPLY
read_tapvm_count vm1 reply
expect_equal "replies that the guest received" "$REPLY" "$replies"
read_captures vm1 world
seen=$(print_captured_dhcp | grep -c .) || :
expect_equal "frames that passed, as captured in the network" "$seen" "${COUNT[pass-unicast]}"

say "the totals of the namespace are the sums of its ports"
ask vm2 discover count=5
json=$(vdhcpctl -j stats)
expect_text "totals" "$json" '"offer":12,'
expect_text "totals" "$json" '"rogue-server":3,'
mark_counters tap-vm1
vdhcpctl port del tap-vm1
expect_text "totals after a port was removed" "$(vdhcpctl -j stats)" '"offer":12,'
add_port vm1 192.0.2.11
mark_zero
expect_counters tap-vm1
