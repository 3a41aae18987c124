#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the dearest requests cost the host, from the tap to the tap. See --help.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
out=$top/build/work
export KVER=${KVER:-6.1} VMDIR=${VMDIR:-$top/build/vm-work}
# No request may cost the host more than so many plain ones.
MOST=4

usage() {
	cat <<'E'
usage: tests/work/run.sh

Counts the instructions that the host executes for the dearest requests known, in
a VM whose clock counts them, so that neither this machine's speed nor its load
matters. Each vector in tests/vectors/work asks twice of one configuration: the
plain DISCOVER of dhclient, and the dearest request. Closes with one line.

  CC               the compiler of what writes into the tap (cc)
  KVER             kernel (6.1)
  VMDIR            where the files of the VM go (build/vm-work)
  VMKERNEL ...     see tests/vm/run.sh --help; VMSMP and VMICOUNT are given

Exit status: 0 if all went well.
E
}

# shellcheck source=tests/lib/usage.sh
. "$top/tests/lib/usage.sh"
no_words "$@"

vectors=("$top"/tests/vectors/work/*.vec)

mkdir -p "$out"
${CC:-cc} -std=gnu11 -O2 -D_GNU_SOURCE -Wall -Wextra -Werror -o "$out/tap" "$here/tap.c" \
	"$top/tests/stress/frames.c"
make -s -C "$top/tests/engine" O="$top/build/engine" "$top/build/engine/work"
"$top/build/engine/work" -f "$top/tests/vectors/work" >"$out/frames"

status=0
VMICOUNT=0 VMSMP=1 VDHCP_CMD="tests/work/inside.sh build/work tests/vectors/work/*.vec" \
	"$top/tests/vm/run.sh" >"$out/counts" || status=$?
[[ $status -eq 0 ]] || cat "$out/counts"

awk -v most="$MOST" -v broken="$status" -v vectors="${#vectors[@]}" '
	{ split($1, at, "/"); cost[at[2], at[3]] = $2; names[at[2]] }
	END {
		for (name in names) {
			plain = cost[name, 0]; dear = cost[name, 1]; n++
			good = plain > 0 && dear > plain && dear <= most * plain
			printf "%s - %s: the dearest request takes %d instructions, %.2f times " \
				"the plain DISCOVER of %d; %d allowed\n", good ? "ok" : "not ok",
				name, dear, plain ? dear / plain : 0, plain, most
			if (good) passed++; else failed++
		}
		if (broken || n != vectors) failed++
		printf "%d passed, %d failed, 0 skipped\n", passed, failed
		exit failed > 0
	}' "$out/counts"
