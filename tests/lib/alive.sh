# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# To be sourced: a sign of life on stderr while something long runs without printing.

alive_pid=

# alive_start NAME [LOG]: from now on print "# still running NAME, N s" every few seconds,
# unless the file LOG grows.
alive_start() {
	alive_loop "$@" >/dev/null &
	alive_pid=$!
}

alive_stop() {
	[[ -n $alive_pid ]] || return 0
	kill "$alive_pid" 2>/dev/null || :
	wait "$alive_pid" 2>/dev/null || :
	alive_pid=
}

alive_loop() {
	local name=$1 log=${2-} began=$SECONDS size=0 now=0 quiet=0
	# Two looks of 3 s: at most 9 s pass between two lines.
	while sleep 3; do
		[[ -z $log ]] || now=$(stat -c %s "$log" 2>/dev/null || :)
		quiet=$((quiet + 3))
		[[ $now == "$size" ]] || quiet=0
		size=$now
		if ((quiet >= 6)); then
			echo "# still running $name, $((SECONDS - began)) s" >&2
			quiet=0
		fi
	done
}
