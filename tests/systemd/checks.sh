#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A service of the systemd that inside.sh boots: what the unit does.
#
#	checks.sh normal|switched_off WORK
set -uo pipefail

work=${2:?}
[[ -d $work/units ]] || {
	echo "$0: this runs under inside.sh alone" >&2
	exit 2
}
document=/etc/vdhcp/vdhcp.json
unit=vdhcp.service

check() { # NAME COMMAND...
	local name=$1
	shift
	if "$@" >"$work/log" 2>&1; then
		echo "ok - $name"
		return
	fi
	echo "not ok - $name"
	{
		cat "$work/log"
		systemctl --no-pager status "$unit"
		tail -n 20 "$work/said"
		vdhcpctl dump
	} 2>&1 | sed 's/^/    /'
}

fails() {
	! "$@"
}

state() {
	[[ $(systemctl is-active "$unit") == "$1" ]]
}

loaded() {
	[[ -e /sys/module/vdhcp ]]
}

# ports DEV...: these, and no others, are configured.
ports() {
	local have
	have=$(vdhcpctl dump) || return
	have=$(sed -n 's/.*"dev": *"\([^"]*\)".*/\1/p' <<<"$have" | sort | xargs)
	echo "ports: $have"
	[[ $have == "$*" ]]
}

# said TEXT: in what the unit has written since the last time.
said() {
	grep -F -- "$1" "$work/said" || return
	: >"$work/said"
}

# As an agent should: nobody ever reads half of it.
write() {
	cat >"$document.new"
	mv "$document.new" "$document"
}

document() {
	local dev n=10 comma=
	for dev in "$@"; do
		n=$((n + 1))
		comma+=${comma:+,}"{\"dev\":\"$dev\",\"mac\":\"00:00:5e:00:53:$n\",\"addr\":\"192.0.2.$n\",\"subnet\":\"s1\"}"
	done
	echo "{\"subnets\":[{\"name\":\"s1\",\"cidr\":\"192.0.2.0/24\"}],\"ports\":[$comma]}" | write
}

normal() {
	check "boots without a document" state active
	check "the module is loaded, and empty" ports
	check "guests were started after that" grep -x loaded "$work/guests"
	check "reload without a document fails" fails systemctl reload "$unit"
	check "the unit stays active" state active

	document tap1 tap2
	check "reload" systemctl reload "$unit"
	check "reload hands the document over" ports tap1 tap2
	check "stop" systemctl stop "$unit"
	check "stop leaves module and ports alone" ports tap1 tap2
	check "start after stop" systemctl start "$unit"
	check "start changes nothing" said "ports: added 0, changed 0, unchanged 2, removed 0"

	sed 's/192\.0\.2\.12/198.51.100.12/' "$document" | write
	check "reload of an invalid document fails" fails systemctl reload "$unit"
	check "it tells what is wrong" said "port tap2"
	check "the unit stays active, the document being invalid" state active
	check "the old ports stay" ports tap1 tap2
	check "start with an invalid document fails" fails systemctl restart "$unit"
	check "the unit has failed" state failed
	check "the old ports stay all the same" ports tap1 tap2

	document tap1 tap2 tap3
	check "the module can be unloaded under the unit" modprobe -r vdhcp
	check "it is unloaded" fails loaded
	check "restart" systemctl restart "$unit"
	check "restart loads the module and hands the document over" ports tap1 tap2 tap3

	rm "$document"
	check "restart when the document is gone" systemctl restart "$unit"
	check "it leaves the ports alone" ports tap1 tap2 tap3

	modprobe -r vdhcp
	mv /etc/modprobe.d/vdhcp-test.conf "$work/away"
	document tap1
	check "reload without a module fails" fails systemctl reload "$unit"
	check "vdhcpctl, which sees no modules there, says whom to ask" said \
		'vdhcp is not loaded; as root, "modprobe vdhcp" loads it, or tells why not.'
	rm "$document"
	check "start without a module fails" fails systemctl restart "$unit"
	check "the unit has failed without a module" state failed
	check "guests can be started all the same" systemctl restart libvirtd.service
	mv "$work/away" /etc/modprobe.d/vdhcp-test.conf
	rm "$work/guests"
}

switched_off() {
	check "novdhcp: the unit does not start" state inactive
	check "novdhcp: the module is not loaded" fails loaded
	check "novdhcp: guests are started" grep -x missing "$work/guests"
	echo "# all checks were made"
}

"$1"
