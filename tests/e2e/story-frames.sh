#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

# served WHAT KEY=VALUE...: a DISCOVER with these properties is answered.
served() {
	local what=$1
	shift
	ask vm1 discover "$@"
	expect_reply offer yiaddr=192.0.2.11 ipsum=good udpsum=good
	expect_counters tap-vm1 offer 1
	say "  answered: $what"
}

# dropped VERDICT WHAT WORD KEY=VALUE...: the frame is dropped and counted as VERDICT.
dropped() {
	local verdict=$1 what=$2
	shift 2
	ask vm1 "$@"
	expect_no_reply
	expect_counters tap-vm1 "$verdict" 1
	say "  $verdict: $what"
}

say "unusual and broken frames: each is answered, dropped under its own verdict, or passed"
make_bridge
make_uplink br0
vdhcpctl subnet add s1 "${SUBNET[@]}"
make_guest vm1
power_on vm1 tap-vm1 -M 9000
join_bridge tap-vm1
add_port vm1 192.0.2.11 rate 0
start_capture world net0 net
mark_counters tap-vm1

served "no changes"
served "IPv4 options, 4 bytes" ipopts=01010101
served "IPv4 options, 40 bytes" ipopts="$(printf '01%.0s' {1..40})"
served "trailing bytes after the datagram" trail=aa trailtimes=300
served "UDP shorter than the datagram" udplen=-30
served "no UDP checksum" udpsum=none
served "partial UDP checksum" udpsum=partial
served "another source port" sport=1068
served "no END at the end of the options" size=0 end=
served "PAD between options" rawopts=000000 size=0
served "no padding to BOOTP's length" size=0
served "sent by unicast, from an address" src=192.0.2.11 dst="$GW"
served "the longest message" size=1472
served "don't fragment" frag=0x4000

dropped bad-ip-checksum "IPv4 header checksum" discover ipsum=bad
dropped bad-udp-checksum "UDP checksum" discover udpsum=bad
dropped bad-ip-length "IPv4 length larger than the frame" discover iplen=40
dropped bad-ip-length "frame cut in the middle" discover cut=200
dropped bad-ip-length "frame cut after the ports" discover cut=42
dropped bad-udp-length "UDP length larger than IPv4's" discover udplen=8
dropped bad-udp-length "UDP length below 8" discover udplen=-305
dropped fragment "first fragment" discover frag=0x2000 upto=200
dropped too-short "239 bytes of DHCP" discover keep=239
dropped too-short "short frame with padding" discover keep=14
dropped too-long "jumbo frame" discover size=4000
dropped too-long "one byte too many" discover size=1473
dropped bad-op "BOOTREPLY" discover op=2
dropped bad-hardware "not Ethernet" discover htype=6
dropped bad-hardware "long hardware address" discover hlen=16
dropped no-cookie "no magic cookie" discover cookie=00000000
dropped bad-options "option longer than the message" discover size=0 end=37ff01
dropped bad-options "option without length" discover size=0 end=37
dropped too-many-options "65 options" discover size=0 rawopts="$(printf '1300%.0s' {1..64})"
dropped bootp "BOOTP" bootp
dropped bad-message-type "option 53 of two bytes" type value=0101
dropped bad-message-type "option 53 of no byte" bootp rawopts=3500
dropped unknown-message-type "LEASEQUERY" type value=0a
dropped relayed "giaddr" discover giaddr=192.0.2.9
expect_no_dhcp vm1 world

say "frames that are not for UDP port 67 pass"
ask vm1 discover frag=0x2 from=16 upto=200
expect_no_reply
ask vm1 discover dport=69
expect_no_reply
ask vm1 raw hex="ffffffffffff${GUEST_MAC[vm1]//:/}0800450000"
expect_no_reply
ask vm1 raw hex="ffffffffffff${GUEST_MAC[vm1]//:/}88b5$(printf '00%.0s' {1..46})"
expect_no_reply
read_captures vm1 world
expect_match "the other fragment" "$CAUGHT" "0.0.0.0 > 255.255.255.255: (ip-proto-17|udp)"
expect_text "TFTP" "$CAUGHT" "255.255.255.255.69"
expect_text "another ethertype" "$CAUGHT" "0x88b5"
expect_counters tap-vm1

say "options with any length do no harm"
for n in {0..255..15}; do
	ask vm1 discover size=0 rawopts="$(printf '%02x%02x%02x' "$n" "$((255 - n))" "$n")" end=
done
mark_counters tap-vm1
served "after that"
expect_all_counted vm1
