#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
. "$(dirname "$0")/lib.sh"

say "version prints the versions of vdhcpctl and of the module"
module=$(</sys/module/vdhcp/version)
tool=$(vdhcpctl -V)
tool=${tool#vdhcpctl }
out=$(vdhcpctl version 2>&1)
say "  ${out//$'\n'/; }"
expect_text "version" "$out" "$module"
expect_text "version" "$out" "$tool"
expect_match "version" "$out" "vdhcpctl.*$tool"
expect_match "version" "$out" "module.*$module"
json=$(vdhcpctl -j version 2>/dev/null)
expect_match "JSON" "$json" "^[[{].*$module.*[]}]\$"
expect_no_text "versions that are equal" "$out" "differ"
expect_equal "modinfo" "$(modinfo -F version "$TOP/build/ko/$VDHCP_KVER/vdhcp.ko")" "$module"
