#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# checks.sh normal|switched_off WORK, a service of the systemd that inside.sh boots: test
# the unit's behaviour.
set -uo pipefail

work=${2:?}
[[ -d $work/units ]] || {
	echo "$0: only inside.sh can run this script" >&2
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

in_state() {
	[[ $(systemctl is-active "$unit") == "$1" ]]
}

is_loaded() {
	[[ -e /sys/module/vdhcp ]]
}

# has_ports DEV...: exactly these are configured.
has_ports() {
	local have
	have=$(vdhcpctl dump) || return
	have=$(sed -n 's/.*"dev": *"\([^"]*\)".*/\1/p' <<<"$have" | sort | xargs)
	echo "ports: $have"
	[[ $have == "$*" ]]
}

# unit_said TEXT, since the last call.
unit_said() {
	grep -F -- "$1" "$work/said" || return
	: >"$work/said"
}

# As an agent should do it: no reader sees half of the file.
write_document() {
	cat >"$document.new"
	mv "$document.new" "$document"
}

make_document() {
	local dev n=10 comma=
	for dev in "$@"; do
		n=$((n + 1))
		comma+=${comma:+,}"{\"dev\":\"$dev\",\"mac\":\"00:00:5e:00:53:$n\",\"addr\":\"192.0.2.$n\",\"subnet\":\"s1\"}"
	done
	echo "{\"subnets\":[{\"name\":\"s1\",\"cidr\":\"192.0.2.0/24\"}],\"ports\":[$comma]}" | write_document
}

normal() {
	check "boots without a document" in_state active
	check "the module is loaded and has no ports" has_ports
	check "guests were started after that" grep -x loaded "$work/guests"
	check "reload without a document fails" fails systemctl reload "$unit"
	check "the unit stays active" in_state active

	make_document tap1 tap2
	check "reload" systemctl reload "$unit"
	check "reload applies the document" has_ports tap1 tap2
	check "stop" systemctl stop "$unit"
	check "stop keeps module and ports" has_ports tap1 tap2
	check "start after stop" systemctl start "$unit"
	check "start changes nothing" unit_said "ports: added 0, changed 0, unchanged 2, removed 0"

	sed 's/192\.0\.2\.12/198.51.100.12/' "$document" | write_document
	check "reload of an invalid document fails" fails systemctl reload "$unit"
	check "the message names the mistake" unit_said "port tap2"
	check "the unit stays active with an invalid document" in_state active
	check "the old ports stay" has_ports tap1 tap2
	check "start with an invalid document fails" fails systemctl restart "$unit"
	check "the unit has failed" in_state failed
	check "the old ports stay after a failed start" has_ports tap1 tap2

	make_document tap1 tap2 tap3
	check "the module can be unloaded while the unit is active" modprobe -r vdhcp
	check "the module is unloaded" fails is_loaded
	check "restart" systemctl restart "$unit"
	check "restart loads the module and applies the document" has_ports tap1 tap2 tap3

	rm "$document"
	check "restart without the document" systemctl restart "$unit"
	check "restart without the document keeps the ports" has_ports tap1 tap2 tap3

	modprobe -r vdhcp
	mv /etc/modprobe.d/vdhcp-test.conf "$work/away"
	make_document tap1
	check "reload without a module fails" fails systemctl reload "$unit"
	check "vdhcpctl, which cannot read /lib/modules there, says what to run" unit_said \
		'vdhcp is not loaded; as root, "modprobe vdhcp" loads it, or says why it cannot.'
	rm "$document"
	check "start without a module fails" fails systemctl restart "$unit"
	check "the unit has failed without a module" in_state failed
	check "guests start nevertheless" systemctl restart libvirtd.service
	mv "$work/away" /etc/modprobe.d/vdhcp-test.conf
	rm "$work/guests"
}

switched_off() {
	check "novdhcp: the unit does not start" in_state inactive
	check "novdhcp: the module is not loaded" fails is_loaded
	check "novdhcp: guests are started" grep -x missing "$work/guests"
	echo "# all checks ran"
}

"$1"
