#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Write the golden vectors as a C header for the KUnit suite.
#
#   vectors.sh HEADER
#
# Builds the replayer of tests/engine below build/ first. The header is written only
# if it changes, so that kbuild does not compile it again.

set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
header=${1:?"usage: vectors.sh HEADER"}
out=$top/build/engine

make --no-print-directory -C "$top/tests/engine" O="$out" "$out/replay" >&2
"$out/replay" --emit-c "$header.tmp" "$top/tests/vectors"
if cmp -s "$header.tmp" "$header"; then
	rm "$header.tmp"
else
	mv "$header.tmp" "$header"
fi
