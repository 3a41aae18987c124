#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "guests are served after the process that configured them was killed"
make_bridge
vdhcpctl subnet add s1 "${SUBNET[@]}"
make_guest vm1
make_guest vm2
power_on vm1 tap-vm1
join_bridge tap-vm1
# One process writes the whole configuration and is killed while it waits for more.
mkfifo "$W/feed"
vdhcpctl -batch "$W/feed" &
agent=$!
exec {feed}>"$W/feed"
echo "port add tap-vm1 mac ${GUEST_MAC[vm1]} addr 192.0.2.11 subnet s1" >&"$feed"
echo "port add tap-vm2 mac ${GUEST_MAC[vm2]} addr 192.0.2.12 subnet s1" >&"$feed"
wait_until 20 "the agent's ports" vdhcpctl port show tap-vm2
kill -KILL "$agent"
wait "$agent" 2>/dev/null || :
! pgrep -x vdhcpctl >/dev/null || fail "vdhcpctl still runs"

ask vm1 discover
expect_reply offer yiaddr=192.0.2.11
run_udhcpc vm1
wait_client_event vm1 '^bound 192.0.2.11$'
say "a guest whose tap appears after that is served as well"
power_on vm2 tap-vm2
join_bridge tap-vm2
ask vm2 discover
expect_reply offer yiaddr=192.0.2.12
say "processes on this host: $(ps -e -o comm= | sort | uniq -c | xargs)"
