#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

# expect_document_refused TEXT WORD...: the exit status 1 says that nothing was sent.
expect_document_refused() {
	local text=$1 said status=0
	shift
	said=$("$@" 2>&1) || status=$?
	expect_equal "status of: $*" "$status" 1
	expect_text "$*" "$said" "$text"
}

say "a port is added by an alternative name of its device, longer than a name can be"
make_bridge
make_vm vm1 tap-vm1
vdhcpctl subnet add s1 "${SUBNET[@]}"
long="tap-2f1d6a4c-9f0e-4c57-8f6e-0d7a1f6b6a11"
ip link property add dev tap-vm1 altname "$long"
vdhcpctl port add "$long" mac "${GUEST_MAC[vm1]}" addr 192.0.2.11 subnet s1
expect_equal "port" "$(vdhcpctl port show "$long" | head -n 1 | cut -d' ' -f1,2)" "port tap-vm1"
ask vm1 discover
expect_reply offer yiaddr=192.0.2.11

say "port show in columns, and filtered"
vdhcpctl port add tap-vm9 mac 00:00:5e:00:53:99 addr 192.0.2.19 subnet s1
brief=$(vdhcpctl -br port show)
expect_equal "state of tap-vm1" "$(awk '$1 == "tap-vm1" { print $3, $4, $5, $9 }' <<<"$brief")" \
	"up unbound 192.0.2.11 offer"
expect_equal "state of tap-vm9" "$(awk '$1 == "tap-vm9" { print $3, $4, $5, $9 }' <<<"$brief")" \
	"waiting unbound 192.0.2.19 -"
expect_text "totals" "$brief" "2 ports: 0 bound, 2 unbound; 1 waiting for its device"
expect_equal "waiting" "$(vdhcpctl -br port show waiting | sed -n '2s/ .*//p')" tap-vm9
expect_equal "by address" "$(vdhcpctl -br port show addr 192.0.2.11 | sed -n '2s/ .*//p')" tap-vm1

say "sync says which keys change, and listeners learn which objects changed"
start_monitor all -j monitor
vdhcpctl dump | sed 's/"mtu":[0-9]*/"mtu":1400/; s/192\.0\.2\.19/192.0.2.11/' >"$W/document"
said=$(vdhcpctl -s sync "$W/document" 2>"$W/warned")
expect_text "changes" "$said" "mtu: 1450 -> 1400"
expect_text "changes" "$said" "addresses: addr 192.0.2.19 subnet s1 -> addr 192.0.2.11 subnet s1"
expect_events all 1 '"change":"committed","subnets":1,"ports":1'
expect_events all 1 '"change":"changed","subnet":"s1"'
expect_events all 1 '"change":"changed","dev":"tap-vm9"'
# The port of the guest got a new snapshot with its subnet, and is not itself changed.
expect_events all 0 '"change":"changed","dev":"tap-vm1"'

say "an address that two ports have is a warning, and is refused with --strict"
expect_text "warning" "$(<"$W/warned")" \
	"Warning: address 192.0.2.11 in subnet s1 is that of port tap-vm1 and of port tap-vm9."
expect_document_refused "has 1 warning, which --strict refuses" vdhcpctl sync --strict "$W/document"
ask vm1 discover
expect_reply offer yiaddr=192.0.2.11

say "stats -reset sets the counters to 0, of one port or of all"
expect_equal "offers" "$(vdhcpctl -j stats tap-vm1 | grep -o '"offer":[0-9]*')" '"offer":2'
vdhcpctl stats -reset tap-vm1
expect_equal "offers" "$(vdhcpctl -j stats tap-vm1 | grep -o '"offer":[0-9]*')" '"offer":0'
expect_equal "all offers" "$(vdhcpctl -j stats | grep -o '"offer":[0-9]*')" '"offer":2'
ask vm1 discover
expect_reply offer yiaddr=192.0.2.11
vdhcpctl stats -reset
expect_equal "all offers" "$(vdhcpctl -j stats | grep -o '"offer":[0-9]*')" '"offer":0'
expect_equal "offers" "$(vdhcpctl -j stats tap-vm1 | grep -o '"offer":[0-9]*')" '"offer":0'
expect_refused "CAP_NET_ADMIN" setpriv --bounding-set=-net_admin --inh-caps=-net_admin \
	vdhcpctl stats -reset
restart_balance "the counters were set to 0"

say "a document without most of the ports is refused"
for ((i = 0; i < 24; i++)); do
	echo "port add many$i mode deny"
done | vdhcpctl -b -
expect_document_refused "the document lacks 24 of 26 ports" vdhcpctl sync "$W/document"
expect_text "totals" "$(vdhcpctl -br port)" "26 ports"
vdhcpctl sync "$W/document" --max-remove 24 >/dev/null 2>&1
expect_text "totals" "$(vdhcpctl -br port 2>/dev/null)" "2 ports"
expect_no_gap all
