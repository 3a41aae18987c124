#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# make demo: boot a VM that plays compute host, and show in it (inside.sh) how
# guests get their leases from its kernel. Takes about a minute; ends with status
# 0 if everything happened that it says.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)

"$top/tests/e2e/build.sh"
echo "Booting a VM that will play the compute host (software emulation, some seconds) ..."
status=0
VDHCP_CMD=tests/demo/inside.sh VMDIR=${VMDIR:-$top/build/vm-demo} "$top/tests/vm/run.sh" || status=$?
if [[ $status -ne 0 ]]; then
	echo "DEMO FAILED (status $status); kernel log: ${VMDIR:-$top/build/vm-demo}/console.log"
fi
exit "$status"
