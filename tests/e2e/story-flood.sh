#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# measure_frame_cost: it measures times, of which tests/bench/abuse.sh judges
. "$(dirname "$0")/lib.sh"

say "a guest floods DISCOVERs, as fast as its tap takes them; its neighbour is answered all the same"
make_load_topology
measure_loads "${ROUNDS:-3}" "${PROBES:-500}" "${FRAMES:-5000}"
say "what it costs is the flooder's own processor time, not softirq: frames are received in its write()"
