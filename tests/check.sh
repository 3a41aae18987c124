#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# All tests, one stage after the other, each timed; a stage that fails does not
# keep the others from running. Every stage closes with `N passed, N failed, N
# skipped`; the last line is the sum.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

# Debian 12's own kernel, whatever else has headers here.
export KVER=${KVER:-6.1}

# shellcheck source=tests/lib/count.sh
. tests/lib/count.sh
logs=build/check

stage lint tests/lint.sh
stage static make check-static
stage tools tests/cli/run.sh
stage packages tests/packages/run.sh
stage engine make check-engine
stage coverage make -C tests/engine O="$PWD/build/engine" coverage
stage fuzz make check-fuzz
stage vm tests/vm/selftest.sh
stage cost tests/cost/run.sh
stage kunit tests/kunit/run.sh
stage systemd tests/systemd/run.sh
stage e2e tests/e2e/run.sh
stage e2e-6.12 tests/matrix.sh 6.12
# Less than make check-debug, which has no hurry: the stories left out are long ones about
# agents.
stage debug env STORIES='!(sync-*|ynl|monitor|upgrade)' PARTS=traffic STRESS_SECONDS=20 \
	tests/debug/run.sh kasan

echo "=== stages"
printf '%s\n' "${table[@]}"
echo "total $SECONDS s"
total
