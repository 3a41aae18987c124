#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "version tells the tool's and the module's"
module=$(</sys/module/vdhcp/version)
tool=$(vdhcpctl -V)
tool=${tool#vdhcpctl }
out=$(vdhcpctl version 2>&1)
say "  ${out//$'\n'/; }"
contains "version" "$out" "$module"
contains "version" "$out" "$tool"
matches "version" "$out" "vdhcpctl.*$tool"
matches "version" "$out" "module.*$module"
json=$(vdhcpctl -j version 2>/dev/null)
matches "JSON" "$json" "^[[{].*$module.*[]}]\$"
lacks "the two are the same here, so nothing" "$out" "differ"
equals "modinfo" "$(modinfo -F version "$TOP/build/ko/$VDHCP_KVER/vdhcp.ko")" "$module"
