#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# alone: it measures times, which tests/bench/abuse.sh checks
. "$(dirname "$0")/lib.sh"

say "a guest floods DISCOVERs as fast as its tap takes them; another guest is still answered"
make_load_topology
measure_loads "${ROUNDS:-3}" "${PROBES:-500}" "${FRAMES:-5000}"
say "the flood costs the flooder's own processor time, because its write() does the work"
