#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Process 1 of the VM after initramfs.sh: mounts the other file systems, loads
# vdhcp.ko, runs CMD and turns the VM off. run.sh puts this file, the command and
# the settings into /run/vdhcp. The output leaves the VM by three virtio ports. The
# ports "out" and "err" carry only the bytes that CMD writes. The port "ctl" carries
# lines for relay.pl:
#	fail TEXT		CMD could not be run
#	done STATUS OUT ERR	CMD ended; number of bytes written to the other two
# relay.pl answers with a line when all bytes have arrived, and only then the VM is
# turned off.
#
# Under emulation a dynamically linked program takes a tenth of a second or more to
# start. Therefore the static busybox is used where possible. Its shell runs its own
# version of a command without a path, so other programs are called by their path.
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
dir=/run/vdhcp
bb=$dir/busybox
# shellcheck source=/dev/null
. $dir/env # KVER KMODDIR TOP KO DEPS
exec </dev/null >/dev/kmsg 2>&1

poweroff() {
	$bb sync
	$bb poweroff -f
}

# Without udev the VM has no links in /dev/virtio-ports.
port() {
	local f name try=0
	while [ $try -lt 200 ]; do
		for f in /sys/class/virtio-ports/*/name; do
			name=
			[ ! -r "$f" ] || read -r name <"$f"
			if [ "$name" = "$1" ]; then
				f=${f%/name}
				echo "/dev/${f##*/}"
				return
			fi
		done
		$bb sleep 0.05
		try=$((try + 1))
	done
	return 1
}

# Print a line on the control port, and wait for the answer.
say() {
	echo "$1" >&5
	read -r _ <&5
}

fail() {
	echo "vdhcp-vm: $1"
	say "fail $(printf '%s' "$1" | $bb tr '\n' '|')"
	poweroff
}

port=$(port ctl) || poweroff
exec 5<>"$port"
out=$(port out) || fail "no port for stdout"
err=$(port err) || fail "no port for stderr"

# CMD writes to pipes, because a port can be opened only once and CMD may open
# /dev/stdout. The dd of coreutils prints the number of bytes in its last line. It
# is started early, because it starts slowly.
$bb mkfifo -m 666 $dir/fifo.out $dir/fifo.err
/bin/dd if=$dir/fifo.out of="$out" bs=32k 2>$dir/count.out &
out_pid=$!
/bin/dd if=$dir/fifo.err of="$err" bs=32k 2>$dir/count.err &
err_pid=$!

mount_all() {
	$bb mkdir -p /dev/pts /dev/shm &&
		$bb mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts &&
		$bb mount -t tmpfs -o mode=1777,nosuid,nodev shm /dev/shm &&
		$bb mount -t tmpfs -o mode=1777,nosuid,nodev tmp /tmp &&
		$bb mount -t debugfs debugfs /sys/kernel/debug &&
		$bb mount -t tracefs tracefs /sys/kernel/tracing || return
	# Useful for tests, but not every kernel has them.
	$bb mount -t cgroup2 cgroup2 /sys/fs/cgroup
	$bb mount -t bpf bpf /sys/fs/bpf
	$bb ln -sfn /proc/self/fd /dev/fd
	$bb ln -sfn fd/0 /dev/stdin
	$bb ln -sfn fd/1 /dev/stdout
	$bb ln -sfn fd/2 /dev/stderr
	$bb mkdir -p /run/lock /run/netns $dir/out
	# The checkout may lie below a directory that was just covered.
	case $TOP in
	/tmp/* | /run/* | /dev/*)
		$bb mkdir -p "$TOP" $dir/top/upper $dir/top/work && $bb mount -t overlay \
			-o "lowerdir=$dir/root$TOP,upperdir=$dir/top/upper,workdir=$dir/top/work" top "$TOP" || return
		;;
	esac
	if [ "$KMODDIR" != "/lib/modules/$KVER" ]; then
		$bb mkdir -p "/lib/modules/$KVER" &&
			$bb mount --bind "$dir/root$KMODDIR" "/lib/modules/$KVER" || return
	fi
	$bb mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144,cache=mmap out $dir/out
}

# Device nodes whose module is loaded when they are opened (/dev/net/tun, /dev/fuse).
# On other systems systemd makes them, from the same list.
make_device_nodes() {
	local node type numbers
	while read -r _ node numbers; do
		case $numbers in [bc]*:*) ;; *) continue ;; esac
		type=${numbers%"${numbers#?}"}
		numbers=${numbers#?}
		[ ! -e "/dev/$node" ] || continue
		case $node in */*) $bb mkdir -p "/dev/${node%/*}" ;; esac
		$bb mknod -m 666 "/dev/$node" "$type" "${numbers%:*}" "${numbers#*:}"
	done <"/lib/modules/$KVER/modules.devname"
}

load() {
	local m e
	for m in $DEPS; do
		e=$(/sbin/modprobe "$m" 2>&1) || fail "modprobe $m, which vdhcp.ko needs: $e"
	done
	e=$(/sbin/insmod "$KO" 2>&1) || fail "$e; the kernel said: $($bb dmesg | $bb tail -n 3)"
}

# Kill all processes except this one and those that copy the output.
kill_rest() {
	local p
	for p in /proc/[0-9]*; do
		p=${p#/proc/}
		case $p in "$$" | "$out_pid" | "$err_pid") continue ;; esac
		# A kernel thread has no executable.
		[ ! -e "/proc/$p/exe" ] || kill -9 "$p"
	done
}

# kmemleak, if the kernel has it, reports leaked memory. The module is unloaded first.
# kmemleak does not report memory younger than five seconds, hence the wait.
leaks() {
	local file=/sys/kernel/debug/kmemleak line
	[ -w $file ] || return
	[ ! -d /sys/module/vdhcp ] || /sbin/rmmod vdhcp || echo "WARNING: vdhcp cannot be unloaded"
	echo scan >$file || echo "WARNING: kmemleak has given up"
	$bb sleep 6
	echo scan >$file
	# Each write to /dev/kmsg must be one line.
	while IFS= read -r line; do
		echo "$line"
	done <$file
}

# Messages of mount are in the kernel log, which this message refers to.
mount_all || fail "cannot mount all of the VM's file systems, see the console log"
[ ! -r "/lib/modules/$KVER/modules.devname" ] || make_device_nodes
echo vdhcp-vm >/proc/sys/kernel/hostname
# No scan every ten minutes, because leaks() starts the scans.
[ ! -w /sys/kernel/debug/kmemleak ] || echo scan=off >/sys/kernel/debug/kmemleak
[ -z "$KO" ] || load
cd "$TOP" || fail "no checkout at $TOP"
# $(...) removes newlines at the end, so a dot protects those of the command.
cmd=$($bb cat $dir/cmd && echo .)
cmd=${cmd%.}

echo "vdhcp-vm: CMD begins"
(
	exec >$dir/fifo.out 2>$dir/fifo.err 5>&-
	exec $bb env -i HOME=/root USER=root LOGNAME=root SHELL=/bin/bash TERM=dumb LANG=C.UTF-8 \
		PATH="$TOP/build/tools:$PATH" VDHCP_KVER="$KVER" VDHCP_OUT=$dir/out \
		$bb setsid /bin/bash -c "$cmd"
) &
wait $!
status=$?
echo "vdhcp-vm: CMD ended: $status"

# Processes that CMD started and left running may hold the pipes open. Kill them; what they
# wrote until then still arrives.
while
	kill_rest
	kill -0 $out_pid || kill -0 $err_pid
do
	$bb sleep 0.02
done 2>/dev/null
leaks
out=$($bb tail -n 1 $dir/count.out)
err=$($bb tail -n 1 $dir/count.err)
cd /
$bb sync
$bb umount $dir/out
say "done $status ${out%% *} ${err%% *}"
poweroff
