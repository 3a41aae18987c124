#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# coverage.sh OBJECTS MINIMUM SOURCE...: lines of the engine that the vectors
# reach, for each file and in total; the lines they do not reach.
set -eu
objects=$1
minimum=$2
shift 2
cd "$objects"
for source; do
	gcov -t "$(basename "$source" .c).o" 2>/dev/null |
	awk -v file="$(basename "$source")" '
		# Only this source, not the headers it includes.
		/^ *-: *0:Source:/ { mine = $0 ~ "/" file "$" }
		!mine { next }
		{
			split($0, part, ":")
			count = part[1]; line = part[2] + 0
			gsub(/ /, "", count)
			if (!line || count == "-")
				next
			all++
			if (count ~ /^[#=]/) {
				missed++
				text = $0
				sub(/^[^:]*:[^:]*:/, "", text)
				gaps = gaps sprintf("    %s:%d %s\n", file, line, text)
			}
		}
		END { printf "%s %d %d\n%s", file, all, missed, gaps }'
done | awk -v minimum="$minimum" '
	BEGIN { print "KTAP version 1" }
	/^    / { gaps = gaps "# " $0 "\n"; next }
	{
		printf "# %-16s %4d lines, %5.1f%%\n", $1, $2, $2 ? 100 * ($2 - $3) / $2 : 100
		all += $2; missed += $3
	}
	END {
		printf "%s", gaps
		percent = all ? 100 * (all - missed) / all : 0
		printf "# %-16s %4d lines, %5.1f%%\n", "total", all, percent
		low = percent < minimum
		printf "%sok 1 - the vectors reach %s %% of the lines\n1..1\n", low ? "not " : "", minimum
		printf "%d passed, %d failed, 0 skipped\n", !low, low
		exit low
	}'
