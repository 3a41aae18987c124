#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The demo, inside the VM that is the compute host. Its guests are network namespaces
# with real taps, whose other end a process (tests/e2e/tapvm.c) holds as QEMU would.
# The DHCP clients are Debian's.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export E2E_WORK=/run/demo E2E_SLOW=${E2E_SLOW:-3}
mkdir -p "$E2E_WORK" /run/netns
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
# shellcheck source=tests/e2e/lib.sh
. "$top/tests/e2e/lib.sh"
cd "$E2E_WORK"

number=0
step() {
	number=$((number + 1))
	printf '\n[%d] %s\n' "$number" "$1"
	shift
	[[ $# -eq 0 ]] || printf '    %s\n' "$@"
	echo
}

# show PROMPT COMMAND...: print the command, run it, print its output.
show() {
	local prompt=$1
	shift
	# In lines that fit on a screen.
	fold -s -w 88 <<<"$*" | sed "1s/^/    $prompt /; 1!s/^/            /; \$!s/\$/\\\\/"
	"$@" 2>&1 | sed 's/[[:space:]]*$//; s/^/        /'
}

host() {
	show 'host#' "$@"
}

# Run a command in a guest, and print it with its output.
vm() {
	local name=$1
	shift
	printf '    %s# %s\n' "$name" "$*"
	in_guest "$name" "$@" 2>&1 | grep -v valid_lft | sed 's/[[:space:]]*$//; s/^/        /'
}

# Print the DHCP packets of a capture: time, addresses, request or reply.
dhcp_lines() {
	sed -n 's/^\([0-9:.]*\) .*: \([0-9.]* > [0-9.]*\): BOOTP[^,]*, \([A-Za-z]*\).*/\1 \2 \3/p' "$1.txt"
}

indent() {
	sed 's/^/        /'
}

echo "vdhcp: the kernel of a compute host answers DHCP for the VMs on it."

step "The compute host: an ordinary Debian kernel and the module vdhcp."
host uname -sr
host vdhcpctl version

step "It has two virtual switches, a Linux bridge and an Open vSwitch, each with an uplink." \
	"The far end of each uplink (wire1, wire2) is the rest of the network."
modprobe -a tun bridge veth openvswitch
host ip link add uplink1 type veth peer name wire1
host ip link add uplink2 type veth peer name wire2
host ip link add br1 type bridge forward_delay 0
host ip link set uplink1 master br1
start_ovs
host ovs-vsctl add-br ovs2 -- add-port ovs2 uplink2
for dev in br1 ovs2 uplink1 wire1 uplink2 wire2; do
	echo "link set $dev up"
done | ip -batch -

step "Subnets and ports are configured. An agent does this when a port is created;" \
	"the VMs and their taps need not exist yet."
make_guest vm1
make_guest vm2
host vdhcpctl subnet add net1 cidr 192.0.2.0/24 gateway 192.0.2.1 dns 192.0.2.53 mtu 1450 \
	route 169.254.169.254/32 via 192.0.2.2 domain example.org
host vdhcpctl subnet add net2 cidr 198.51.100.0/24 gateway 198.51.100.1 dns 198.51.100.53 mtu 1400 \
	route 169.254.169.254/32 via 198.51.100.2 domain example.net
host vdhcpctl port add tap1 mac "${GUEST_MAC[vm1]}" addr 192.0.2.11 subnet net1 hostname web
host vdhcpctl port add tap2 mac "${GUEST_MAC[vm2]}" addr 198.51.100.22 subnet net2 hostname db

step "Two VMs are started: tap1 appears and is put into the bridge, tap2 into Open vSwitch." \
	"From here on tcpdump watches the taps and the far ends of the uplinks."
power_on vm1 tap1
power_on vm2 tap2
host ip link set tap1 master br1
host ovs-vsctl add-port ovs2 tap2
start_capture tap1 tap1
start_capture tap2 tap2
start_capture wire1 wire1
start_capture wire2 wire2

step "The VMs boot. vm1 runs dhclient, vm2 runs udhcpc. Their messages:"
run_dhclient vm1
run_udhcpc vm2 -O staticroutes -O mtu
wait_client_event vm1 '^BOUND '
wait_client_event vm2 '^bound '
echo "    vm1# dhclient -v eth0"
grep '^DHCP\|^bound' "$W/vm1/dhclient.log" | indent
echo "    vm2# udhcpc -i eth0 -O staticroutes -O mtu"
grep -v started "$W/vm2/udhcpc.log" | indent

step "What vm1 received: address, MTU, routes (one to the metadata service), DNS, host name."
vm vm1 ip -4 addr show dev eth0
vm vm1 ip -4 route
vm vm1 cat /etc/resolv.conf
vm vm1 hostname
read_guest_view vm1
for what in "inet 192.0.2.11/24" "mtu 1450" "default via 192.0.2.1" "169.254.169.254 via 192.0.2.2" \
	"nameserver 192.0.2.53" "hostname web"; do
	expect_text "vm1" "$VIEW" "$what"
done

step "What vm2 received, with the other switch and another client:"
vm vm2 ip -4 addr show dev eth0
vm vm2 ip -4 route
vm vm2 cat /etc/resolv.conf
vm vm2 hostname
read_guest_view vm2
for what in "inet 198.51.100.22/24" "mtu 1400" "default via 198.51.100.1" \
	"169.254.169.254 via 198.51.100.2" "nameserver 198.51.100.53" "hostname db"; do
	expect_text "vm2" "$VIEW" "$what"
done

step "The packets on the taps: each reply follows its request at once, because it is sent" \
	"in the softirq in which the request arrived. (The times in between are those of an" \
	"emulated processor.)"
for n in 1 2; do
	echo "    host# tcpdump -n -i tap$n port 67 or port 68"
	dhcp_lines "tap$n" | indent
	(($(dhcp_lines "tap$n" | grep -c Reply) >= 2)) || fail "no replies on tap$n"
done

step "The far ends of the uplinks. Each VM now asks by ARP for its DNS server, and this" \
	"does leave the host. DHCP does not."
in_guest vm1 busybox arping -q -c 1 -w 1 -I eth0 192.0.2.53 || :
in_guest vm2 busybox arping -q -c 1 -w 1 -I eth0 198.51.100.53 || :
wait_until 20 "ARP on wire1" grep -q "who-has 192.0.2.53" wire1.txt
wait_until 20 "ARP on wire2" grep -q "who-has 198.51.100.53" wire2.txt
for n in 1 2; do
	echo "    host# tcpdump -n -i wire$n"
	sed -n 's/^\([0-9:.]*\) .*: Request \(who-has [0-9.]*\).*\(tell [0-9.]*\),.*/\1 ARP \2 \3/p' "wire$n.txt" | indent
	echo "    host# tcpdump -n -i wire$n port 67 or port 68"
	dhcp_lines "wire$n" | indent
	echo "        $(dhcp_lines "wire$n" | grep -c . || :) packets"
	expect_equal "DHCP packets on wire$n" "$(dhcp_lines "wire$n")" ""
done

step "vm1 is restarted: its tap disappears, and a new one appears. No agent or daemon runs," \
	"and nothing is configured again, because the port waited for its device. dhclient asks" \
	"for its old address."
stop_client vm1
power_off vm1
: >"$W/vm1/dhclient.log"
host vdhcpctl port show tap1
power_on vm1 tap1
host ip link set tap1 master br1
run_dhclient vm1
wait_client_event vm1 '^(REBOOT|BOUND) 192.0.2.11'
echo "    vm1# dhclient -v eth0"
grep '^DHCP\|^bound' "$W/vm1/dhclient.log" | indent

step "The host's view: the state of its ports, and how each packet was handled."
host vdhcpctl port show
host vdhcpctl stats tap1
host vdhcpctl stats tap2
load_counters tap1
((COUNT[offer] >= 1 && COUNT["ack-selecting"] >= 1 && COUNT["ack-init-reboot"] >= 1)) ||
	fail "the counters of tap1 do not show the leases"
load_counters tap2
((COUNT[offer] >= 1 && COUNT["ack-selecting"] >= 1)) || fail "the counters of tap2 do not show the lease"
check_packet_balance

printf '\n%s\n%s\n' "DEMO PASSED: 2 of 2 VMs, on a Linux bridge and an Open vSwitch, have their whole" \
	"configuration from the host's kernel, and not one DHCP packet left the host."
