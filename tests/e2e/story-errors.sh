#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

# no TEXT WORD...: the kernel refuses and vdhcpctl prints TEXT.
no() {
	local text=$1
	shift
	expect_refused "Error: vdhcp: $text." vdhcpctl "$@"
}

# lack KEY TEXT WORD...: the same for a missing key. Kernels before 6.1 cannot report the
# number of a missing attribute, so vdhcpctl cannot print its name.
lack() {
	local key=$1 text=$2
	shift 2
	[[ $(uname -r) == 5.* ]] || text+=" (key \"$key\" is missing)"
	no "$text" "$@"
}

say "vdhcpctl prints the kernel's reason for a refusal and ends with status 2"
s2=(subnet add s2 cidr 198.51.100.0/24)
vdhcpctl subnet add s1 cidr 192.0.2.0/24 gateway "$GW"
no 'subnet "s1" exists' subnet add s1 cidr 198.51.100.0/24
lack cidr 'a subnet needs a cidr' subnet add s2
no 't1 is not below the t2 of 50 (key "t1")' "${s2[@]}" t1 100 t2 50
no 't2 is not below the lease of 60 (key "t2")' "${s2[@]}" t2 60 lease 60
no 'gateway is not a unicast address (key "gateway")' "${s2[@]}" gateway 224.0.0.1
no 'option 53 is set by the protocol (key "option 53")' "${s2[@]}" option 53 hex 01
no 'option 6 must hold IPv4 addresses (key "option 6")' "${s2[@]}" option 6 hex 0102
no 'option 121 needs a default route in addition to a gateway (key "option 121")' \
	"${s2[@]}" gateway 198.51.100.1 option 121 hex 18cb0071c6336407
no 'invalid domain name: labels are 1-63 characters, the name at most 253 (key "domain")' "${s2[@]}" domain a..b
no 'no such subnet "nosuch"' subnet set nosuch mtu 1400
no 'no such subnet "nosuch"' subnet del nosuch
expect_equal "subnets" "$(vdhcpctl subnet show | grep -c '^subnet ')" 1

tap=(port add tap0 mac 00:00:5e:00:53:01)
no 'no such subnet "nosuch" (key "subnet")' "${tap[@]}" addr 192.0.2.11 subnet nosuch
lack addr 'mode serve needs an addr' "${tap[@]}" subnet s1
lack mac 'mode serve needs a mac' port add tap0 addr 192.0.2.11 subnet s1
lack subnet 'mode serve needs a subnet' "${tap[@]}" addr 192.0.2.11
no 'mac is not a unicast address (key "mac")' port add tap0 mac 01:00:5e:00:53:01 addr 192.0.2.11 subnet s1
no "addr is outside of the subnet's cidr (key \"addr\")" "${tap[@]}" addr 198.51.100.1 subnet s1
no "addr is the subnet's broadcast address (key \"addr\")" "${tap[@]}" addr 192.0.2.255 subnet s1
no "addr is the subnet's server-id (key \"addr\")" "${tap[@]}" addr "$GW" subnet s1
no 'invalid domain name: a label begins or ends with a hyphen (key "hostname")' "${tap[@]}" addr 192.0.2.11 subnet s1 hostname -a
no 'dev is not a device name, or has control characters (key "dev")' port add a/b mode deny
no 'dev is not a device name, or has control characters (key "dev")' port add $'a\e[2J' mode deny
no 'device lo is not Ethernet: no guest on it can be served (key "dev")' port add lo mode deny
expect_equal "ports" "$(vdhcpctl -j port show)" '[]'

vdhcpctl "${tap[@]}" addr 192.0.2.11 subnet s1
no 'port "tap0" exists' "${tap[@]}" addr 192.0.2.12 subnet s1
no "addr is the subnet's network address (key \"addr\")" port set tap0 addr 192.0.2.0
lack addr 'mode serve needs an addr' port set tap0 subnet none
no 'no such port "tap1"' port set tap1 rate 5
no 'no such port "tap0" vlan 5' port del tap0 vlan 5
no 'no such port "tap1"' stats tap1
no 'subnet is used by port tap0 (key "name")' subnet del s1
no "port tap0: addr is outside of the subnet's cidr" subnet set s1 cidr 198.51.100.0/24
expect_text "port after the refusals" "$(vdhcpctl -j port show)" '"addr":"192.0.2.11"'

say "errors that vdhcpctl finds itself end with status 1"
status=0
said=$(vdhcpctl port set tap0 mode maybe 2>&1) || status=$?
expect_equal "status" "$status" 1
expect_text "usage" "$said" 'expected serve, pass or deny, found "maybe" (key "mode")'

say "a batch stops at the line that fails and prints its number"
status=0
said=$(printf '%s\n' "port set tap0 rate 7" "port set tap1 rate 8" "port set tap0 rate 9" |
	vdhcpctl -batch - 2>&1) || status=$?
expect_equal "status" "$status" 2
expect_text "batch" "$said" 'no such port "tap1"'
expect_text "batch" "$said" '-:2'
expect_text "rate" "$(vdhcpctl -j port show tap0)" '"rate":7'
