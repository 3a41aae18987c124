#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "a VM restarts with an empty disk: the host's tap stays, as with libvirt, or is created again"
make_bridge
vdhcpctl subnet add s1 "${SUBNET[@]}"
ip tuntap add tap-vm1 mode tap
make_guest vm1
make_guest vm2
power_on vm1 tap-vm1
power_on vm2 tap-vm2
join_bridge tap-vm1
join_bridge tap-vm2
add_port vm1 192.0.2.11
add_port vm2 192.0.2.12
for _ in 1 2; do
	for n in 1 2; do
		run_udhcpc "vm$n"
	done
	for n in 1 2; do
		wait_client_event "vm$n" "^bound 192.0.2.1$n\$"
		read_guest_view "vm$n"
		expect_text "vm$n" "$VIEW" "inet 192.0.2.1$n/24"
		mark_counters "tap-vm$n"
		expect_all_counted "vm$n"
		# A power failure: the client sends no RELEASE.
		kill -KILL "${CLIENT_PID[vm$n]}"
		power_off "vm$n"
		in_guest "vm$n" busybox sh -c 'rm -f /var/lib/dhcp/* /run/lease; : >/etc/resolv.conf'
	done
	[[ -e /sys/class/net/tap-vm1 && ! -e /sys/class/net/tap-vm2 ]] || fail "tap-vm1 must exist and tap-vm2 must not"
	for n in 1 2; do
		power_on "vm$n" "tap-vm$n"
		vdhcpctl port del "tap-vm$n"
		add_port "vm$n" "192.0.2.1$n"
	done
	join_bridge tap-vm2
done
