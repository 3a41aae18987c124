# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Real clients as victims of a guest that plays DHCP server. For stories that source this file
# after lib.sh.

ROGUE=(server=192.0.2.9 src=192.0.2.9 opt=1:ffffff00 opt=51:00000e10)
N=0

has_address() {
	[[ $(ip -n "$1" -4 -o addr show dev eth0) == *"inet 192.0.2.$((100 + N))/"* ]]
}

# attacks CLIENT VERDICT "KEY=VALUE..." [OPTION]...: with these keys of ask.py, a server in vm1 cannot
# give an address to the client in another guest while guard is on, and it can while guard is off.
attacks() {
	local client=$1 verdict=$2 how=$3 vm mac
	shift 3
	N=$((N + 1))
	vm=v$N
	printf -v mac '00:00:5e:00:53:%02x' "$((100 + N))"
	make_guest "$vm" "$mac"
	power_on "$vm" "tap-$vm"
	join_bridge "tap-$vm"
	vdhcpctl port add "tap-$vm" mode pass
	vdhcpctl port set tap-vm1 guard on
	mark_counters tap-vm1
	# shellcheck disable=SC2086 # words
	ask_begin vm1 rogue yiaddr="192.0.2.$((100 + N))" "${ROGUE[@]}" $how
	"run_$client" "$vm" "$@"
	wait_counter tap-vm1 "$verdict" "$((${MARK[$verdict]} + 2))" 60
	! has_address "$vm" || fail "$client took the address of a rogue server ($how)"
	vdhcpctl port set tap-vm1 guard off
	wait_until 90 "$client to take the rogue server's address, guard off ($how)" has_address "$vm"
	ask_end
	say "  $client, $how: $verdict; without guard the client takes the address"
	power_off "$vm"
}

# make_attacker: vm1, whose port is served, on a bridge without any other DHCP server.
make_attacker() {
	make_bridge
	make_guest vm1
	power_on vm1 tap-vm1 -v
	join_bridge tap-vm1
	vdhcpctl subnet add s1 "${SUBNET[@]}"
	add_port vm1 192.0.2.11
}
