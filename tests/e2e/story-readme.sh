#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

# The commands of a README section: the lines of its ```sh block.
print_commands() {
	awk -v section="## $1" '
		/^## / { inside = $0 == section }
		/^```/ { block = inside && $0 == "```sh"; next }
		block' "$TOP/README.md"
}

# Run them as a user pastes them, but stop at the first failure. `timeout` has done
# its work when it ends an endless command, so its status 124 is a success.
run_commands() {
	cd "$W"
	print_commands "$1" >commands
	[[ -s commands ]] || fail "README.md has no \`\`\`sh block in section \"$1\""
	echo 'timeout() { command timeout "$@" || (($? == 124)); }' >functions
	BASH_ENV=functions bash -e -o pipefail commands >said 2>errors ||
		fail "$1: status $?, $(<errors) after: $(tail -n 3 said)"
	expect_equal "errors of section \"$1\"" "$(<errors)" ""
}

say "README: two ports in five minutes"
make_bridge
make_guest vm1 00:00:5e:00:53:05
run_commands "Two ports in five minutes"
power_on vm1 tap0
join_bridge tap0
run_dhclient vm1
wait_client_event vm1 '^BOUND 192.0.2.5'
expect_text "host name" "$(in_guest vm1 hostname)" vm5
stop_client vm1

say "README: ten examples, in their order"
run_commands "Ten examples"
numbers=$(print_commands "Ten examples" | sed -n 's/^# \([0-9]*\)\. .*/\1/p')
expect_equal "numbers of the examples" "$numbers" "$(seq 10)"

say "and what they left"
subnet=$(vdhcpctl -j subnet show net1)
for part in '"mtu":1400' '"lease":43200' '"next-server":"192.0.2.4"' '"tftp.example.org"'; do
	expect_text "net1" "$subnet" "$part"
done
expect_no_text "net1" "$subnet" '"routes"'
expect_text "port tap0 vlan 100" "$(vdhcpctl port show tap0 vlan 100)" 198.51.100.5
expect_text "tap1, back in its default mode" "$(vdhcpctl -j port show tap1)" '"mode":"serve"'
expect_text "the last example" "$(<vdhcp.prom)" 'dev="tap0"'

say "after all of it the guest is served, by the options of example 6"
ask vm1 discover prl=66,67
expect_reply offer yiaddr=192.0.2.5 66=746674702e6578616d706c652e6f7267 67=626f6f742e69707865
