#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Write the golden vectors as a C header for the KUnit suite.
#
#   vectors.sh HEADER
#
# Builds tests/engine's replayer below build/ if need be. The header is only
# touched when it changes, so that kbuild does not compile it for nothing.

set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
header=${1:?"vectors.sh needs the name of the header"}
out=$top/build/engine

make --no-print-directory -C "$top/tests/engine" O="$out" "$out/replay" >&2
"$out/replay" --emit-c "$header.tmp" "$top/tests/vectors"
if cmp -s "$header.tmp" "$header"; then
	rm "$header.tmp"
else
	mv "$header.tmp" "$header"
fi
