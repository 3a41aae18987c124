#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# alone: it measures times
. "$(dirname "$0")/lib.sh"

say "a guest floods DISCOVERs, as fast as its tap takes them; its neighbour is answered all the same"
flood_world
measure "${ROUNDS:-3}" "${PROBES:-500}" "${FRAMES:-5000}"
for way in limited all; do
	((P50[$way] <= 2 * P50[idle])) || fail "the neighbour's median is ${P50[$way]} ns, and ${P50[idle]} ns when idle"
done
say "what it costs is the flooder's own processor time, not softirq: frames are received in its write()"
