#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "devices whose guests' packets bypass the hook are refused, and the error names the device"
vdhcpctl subnet add s1 "${SUBNET[@]}"
ip link add base0 type dummy
ip link set base0 up
port=(mac 00:00:5e:00:53:01 addr 192.0.2.11 subnet s1)
for kind in macvtap macvlan ipvtap ipvlan; do
	ip link add link base0 name "$kind-vm1" type "$kind"
	expect_refused "Error: vdhcp: device $kind-vm1 is $kind: no guest on it can be served (key \"dev\")." \
		vdhcpctl port add "$kind-vm1" "${port[@]}"
	expect_equal "ports" "$(vdhcpctl -j port show)" '[]'
	# A base device takes either macvlan or ipvlan devices.
	ip link del "$kind-vm1"
done

say "sync refuses such a device, names it and changes nothing"
ip link add link base0 name tap-vm2 type macvtap
printf '%s' '{"subnets":[{"name":"s1","cidr":"192.0.2.0/24"}],"ports":[
	{"dev":"tap-vm1","mac":"00:00:5e:00:53:01","addr":"192.0.2.11","subnet":"s1"},
	{"dev":"tap-vm2","mac":"00:00:5e:00:53:02","addr":"192.0.2.12","subnet":"s1"}]}' >"$W/document"
expect_refused "device tap-vm2 is macvtap: no guest on it can be served" vdhcpctl sync "$W/document"
expect_equal "ports" "$(vdhcpctl -j port show)" '[]'

say "a device of this kind takes the name of a waiting port: port show says so"
vdhcpctl port add tap-vm1 "${port[@]}"
expect_text "port" "$(vdhcpctl port show tap-vm1)" "waiting for device tap-vm1"
start_monitor all -j monitor
dmesg -C
rename_device tap-vm2 tap-vm1
expect_events all 1 '"event":"not-attached".*"dev":"tap-vm1".*is macvtap: no guest'
expect_equal "lines in the kernel's log" "$(dmesg | grep -c 'not served\|no guest')" 0
expect_text "port" "$(vdhcpctl port show tap-vm1)" "device tap-vm1 is not supported: macvtap"
expect_text "port" "$(vdhcpctl -j -s port show tap-vm1)" '"unsupported":"macvtap"'

say "a document without that port removes it"
printf '%s' '{"subnets":[{"name":"s1","cidr":"192.0.2.0/24","mtu":1400}],"ports":[]}' >"$W/document"
vdhcpctl sync "$W/document" >/dev/null
expect_equal "ports" "$(vdhcpctl -j port show)" '[]'
expect_text "subnet" "$(vdhcpctl -j subnet show)" '"mtu":1400'
vdhcpctl subnet replace s1 "${SUBNET[@]}"
rename_device tap-vm1 tap-vm2
vdhcpctl port add tap-vm1 "${port[@]}"
rename_device tap-vm2 tap-vm1

say "a tap replaces the device: the guest is served"
ip link del tap-vm1
make_bridge
make_vm vm1 tap-vm1
expect_no_text "port" "$(vdhcpctl -j -s port show tap-vm1)" '"unsupported"'
ask vm1 discover
expect_reply offer yiaddr=192.0.2.11
