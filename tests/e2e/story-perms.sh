#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

# unprivileged COMMAND...: run COMMAND as an ordinary user without capabilities.
unprivileged() {
	setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all \
		--no-new-privs "$@"
}

say "reading needs no privilege, writing needs CAP_NET_ADMIN over the network namespace"
# A copy that an unprivileged user can execute.
cp "$(command -v vdhcpctl)" "$W/ctl"
chmod 777 "$W"
chmod 755 "$W/ctl"
vdhcpctl subnet add s1 "${SUBNET[@]}"
vdhcpctl port add tap-vm1 mac 00:00:5e:00:53:01 addr 192.0.2.11 subnet s1
before=$(vdhcpctl -j subnet show; vdhcpctl -j port show)
echo '{}' >"$W/none.json"

expect_text "read without privilege" "$(unprivileged "$W/ctl" -j port show)" 192.0.2.11
expect_text "read without privilege" "$(unprivileged "$W/ctl" -j stats)" '"offer":'
unprivileged "$W/ctl" version >/dev/null
expect_text "dumped without privilege" "$(unprivileged "$W/ctl" dump)" 192.0.2.11
! events_are_private || expect_refused "CAP_NET_ADMIN" unprivileged "$W/ctl" monitor
status=0
unprivileged "$W/ctl" sync --check "$W/none.json" >/dev/null || status=$?
expect_equal "status of --check without privilege" "$status" 3
for command in "subnet add s2 cidr 198.51.100.0/24" "subnet set s1 mtu 1400" "subnet del s1" \
	"port add tap-x mode deny" "port replace tap-vm1 mode deny" "port set tap-vm1 addr 192.0.2.66" \
	"port del tap-vm1" flush "sync $W/none.json"; do
	# shellcheck disable=SC2086 # words
	expect_refused "Operation not permitted" unprivileged "$W/ctl" $command
done
expect_equal "configuration" "$(vdhcpctl -j subnet show; vdhcpctl -j port show)" "$before"

say "root of a user namespace can configure its own network namespaces and no others"
in_userns() {
	setpriv --reuid=65534 --regid=65534 --clear-groups unshare --user --map-root-user "$@"
}
# shellcheck disable=SC2016 # for the inner shell
in_userns --net sh -e -c '
	"$0" subnet add mine cidr 198.51.100.0/24 gateway 198.51.100.1
	"$0" port add tap-mine mac 00:00:5e:00:53:09 addr 198.51.100.9 subnet mine
	"$0" -j port show
	"$0" dump | sed "s/198.51.100.9/198.51.100.10/" >"$1/mine.json"
	"$0" sync "$1/mine.json"
	"$0" -j -s monitor >"$1/mine.events" 2>"$1/mine.said" &
	until grep -q listening "$1/mine.said"; do sleep 0.1; done
	"$0" flush
	until grep -q flushed "$1/mine.events"; do sleep 0.1; done
	kill $!' "$W/ctl" "$W" >"$W/mine"
expect_text "sync of its own" "$(<"$W/mine")" "ports: added 0, changed 1, unchanged 0, removed 0"
expect_no_text "its events" "$(<"$W/mine.events")" '"number":2'
expect_text "port of its own" "$(<"$W/mine")" 198.51.100.9
expect_no_text "its namespace" "$(<"$W/mine")" 192.0.2.11
# Before 6.2 error messages cannot hold formatted text.
why="subnet is used by port tap-mine"
errors_are_private || why="details are only available to host root on kernels before 6.2"
# shellcheck disable=SC2016 # for the inner shell
expect_refused "$why" in_userns --net sh -e -c '
	"$0" subnet add mine cidr 198.51.100.0/24
	"$0" port add tap-mine mac 00:00:5e:00:53:09 addr 198.51.100.9 subnet mine
	"$0" subnet del mine' "$W/ctl"
expect_refused "subnet is used by port tap-vm1" vdhcpctl subnet del s1
expect_refused "Operation not permitted" in_userns "$W/ctl" subnet add s2 cidr 198.51.100.0/24
expect_refused "Operation not permitted" in_userns "$W/ctl" flush
expect_refused "Operation not permitted" in_userns "$W/ctl" sync "$W/none.json"
! events_are_private || expect_refused "CAP_NET_ADMIN" in_userns "$W/ctl" monitor
expect_equal "configuration" "$(vdhcpctl -j subnet show; vdhcpctl -j port show)" "$before"
