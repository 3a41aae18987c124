#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Runs `make demo` as a test, because nothing else would notice if the demo broke. The last
# line is "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# shellcheck source=tests/lib/ktap.sh
. tests/lib/ktap.sh

mkdir -p build
log=build/demo-check.log
ktap_begin
ktap_plan 1
tests/demo/run.sh >"$log" 2>&1 && grep -q '^DEMO PASSED' "$log"
ktap_result "the demo passes" || sed 's/^/# /' "$log"
ktap_end
