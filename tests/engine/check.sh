#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# check.sh OUT VECTORS: unit tests and vectors, and the sum of both.
set -u
out=$1
vectors=$2
status=0

"$out/unit" > "$out/unit.log" 2>&1 || status=1
cat "$out/unit.log"
"$out/replay" "$vectors" > "$out/replay.log" 2>&1 || status=1
cat "$out/replay.log"
tail -q -n 1 "$out/unit.log" "$out/replay.log" | awk '
	!/^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ { failed++; next }
	{ passed += $1; failed += $3; skipped += $5 }
	END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped }'
exit $status
