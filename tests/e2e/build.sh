#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Build what stories and demo need beside module and tool: build/e2e/pump.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$here/../../build/e2e
mkdir -p "$out"
[[ ! $out/pump -nt $here/pump.c ]] || exit 0
${CC:-cc} -std=gnu11 -O2 -D_GNU_SOURCE -Wall -Wextra -Werror -Wshadow -Wmissing-prototypes \
	-Wstrict-prototypes -o "$out/pump.$$" "$here/pump.c"
mv "$out/pump.$$" "$out/pump"
