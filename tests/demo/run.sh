#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# make demo: boot a VM in the role of a compute host, and show in it (inside.sh) how
# guests get their leases from its kernel. It takes about a minute and exits with status
# 0 if everything happened as printed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)

"$top/tests/e2e/build.sh"
echo "Building the module and vdhcpctl, if they are not built yet."
echo "Booting a VM in the role of the compute host (software emulation, some seconds) ..."
status=0
# shellcheck source=tests/lib/alive.sh
. "$top/tests/lib/alive.sh"
trap alive_stop EXIT
said=$top/build/demo.log
: >"$said"
alive_start "the VM" "$said"
VDHCP_CMD=tests/demo/inside.sh VMDIR=${VMDIR:-$top/build/vm-demo} "$top/tests/vm/run.sh" | tee "$said" || status=$?
alive_stop
if [[ $status -ne 0 ]]; then
	echo "DEMO FAILED (status $status); kernel log: ${VMDIR:-$top/build/vm-demo}/console.log"
fi
exit "$status"
