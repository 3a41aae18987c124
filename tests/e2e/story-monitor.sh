#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

# settle: cause an event and wait for it; earlier events have arrived by then.
NUMBER=0
settle() {
	NUMBER=$((NUMBER + 1))
	vdhcpctl port add "settle$NUMBER" mode deny
	expect_events all 1 "settle$NUMBER"
}

say "each event is reported once, with its details"
make_bridge
make_vm vm1 tap-vm1
make_vm vm2 tap-vm2
vdhcpctl subnet add s1 "${SUBNET[@]}"
start_monitor all -j monitor
start_monitor one -j monitor port tap-vm2
start_monitor text monitor
add_port vm1 192.0.2.11
add_port vm2 192.0.2.12
run_udhcpc vm1 -x hostname:asked-for -V test-class
wait_client_event vm1 '^bound 192.0.2.11$'
settle
expect_events all 1 '"event":"ack"'
ack=$(grep '"event":"ack"' "$W/all.events")
say "  $ack"
for what in '"dev":"tap-vm1"' '"addr":"192.0.2.11"' '"verdict":"ack-selecting"' '"first":true' \
	'"hostname":"asked-for"' '"vendor-class":"test-class"' "\"mac\":\"${GUEST_MAC[vm1]}\"" '"time":'; do
	expect_text "ack" "$ack" "$what"
done
renew_udhcpc vm1
settle
expect_events all 1 '"first":true'
stop_client vm1

say "100 DORAs cause 100 events"
before=$(grep -c '"event":"ack"' "$W/all.events")
for ((i = 0; i < 100; i++)); do
	ask vm1 discover
	ask vm1 request addr=192.0.2.11 server="$GW"
done
settle
expect_events all $((before + 100)) '"event":"ack"'
expect_events all 1 '"first":true'

say "events of errors and attacks"
own=(ciaddr=192.0.2.12 src=192.0.2.12)
ask vm2 request addr=192.0.2.12 server="$GW"
ask vm2 decline addr=192.0.2.12 server="$GW"
ask vm2 request addr=192.0.2.99
ask vm2 request addr=192.0.2.12 server="$GW"
ask vm2 release "${own[@]}" dst="$GW" server="$GW"
ask vm2 discover chaddr=00:00:5e:00:53:99 count=20
ask vm2 offer count=20
settle
for what in decline nak release; do
	expect_events one 1 "\"event\":\"$what\""
done
for what in spoofed-mac rogue-server; do
	events=$(grep -c "\"event\":\"$what\"" "$W/one.events")
	((events >= 1 && events <= 2 + SLOW)) || fail "$events events $what for 20 packets"
done
expect_text "spoofed" "$(grep -m 1 spoofed-mac "$W/one.events")" '"mac":"00:00:5e:00:53:99"'
expect_events one 2 '"first":true'
expect_no_text "monitor of one port" "$(<"$W/one.events")" tap-vm1
expect_events text 1 'WARNING decline port tap-vm2'

say "devices and configuration"
power_off vm2
expect_events one 1 '"event":"detached"'
vdhcpctl subnet set s1 mtu 1400
vdhcpctl -b - <<<'subnet add s9 cidr 198.51.100.0/24'
vdhcpctl subnet del s9
expect_events all 1 '"event":"config","change":"changed","subnet":"s1"'
expect_events all 1 '"change":"removed","subnet":"s9"'

say "events are numbered without a gap"
expect_no_gap all

say "a slow monitor learns exactly how many events it missed"
start_monitor slow -j monitor
vdhcpctl port add settle-slow mode deny
expect_events slow 1 settle-slow
kill -STOP "${WATCH[slow]}"
for ((i = 0; i < 20000; i++)); do
	echo "subnet set s1 mtu $((1280 + i % 100))"
done >"$W/changes"
vdhcpctl -b "$W/changes"
kill -CONT "${WATCH[slow]}"
wait_missed_count slow vdhcpctl port set settle-slow rate 7
vdhcpctl port add settle-end mode deny
expect_events slow 1 settle-end
expect_seen_or_missed slow settle-end

events_are_private || exit 0
say "listening requires CAP_NET_ADMIN"
expect_refused "CAP_NET_ADMIN" setpriv --bounding-set=-net_admin --inh-caps=-net_admin \
	vdhcpctl monitor
