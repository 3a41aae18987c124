#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Boot a VM, run one command in it, and exit with its status. See --help.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
top=$(cd "$here/../.." && pwd -P)

usage() {
	cat <<'E'
usage: VDHCP_CMD='COMMAND' [VARIABLE=...] tests/vm/run.sh

Boots a stock Debian kernel under QEMU's software emulation on this machine's own
root file system (shared read-only, with a writable overlay that is discarded),
loads vdhcp.ko, and runs COMMAND as root in bash, in the checkout, with vdhcpctl
on PATH. The output of COMMAND is passed on byte for byte, stdout and stderr
separately; its stdin is /dev/null. Processes that it leaves running are killed.
/tmp and /run are the VM's own and empty.

  KVER        kernel: 6.1.0-56-amd64, 6.1, 6.12, or empty; see kernel.sh --help
  VMLOAD      0: do not load vdhcp.ko (1)
  VMBUILD     0: do not run "make module tools" first (1)
  VMSMP       processors (2)
  VMMEM       memory (1G)
  VMTCG       single: the processors take turns on one thread; multi: one thread
              for each (single). With multi, QEMU 7.2 misses changes of kernel code
              that another thread runs, such as jump labels; the guest then crashes
              with an int3 that was already removed.
  VMICOUNT    N: each instruction takes 2^N ns of the VM's time, independent of its
              time here, so that its clock counts instructions
  VMCPU       a QEMU processor model with its flags, "-cpu help" lists them
              (max,-la57,-cx16,-erms; with VMICOUNT max,-la57,-cx16)
  VMNIC       a network device, as QEMU's -nic takes it: user,model=virtio-net-pci
              (none)
  VMTIMEOUT   seconds from start to end of the VM (600)
  VMDIR       where the files of this run go (build/vm); each VM that runs at
              the same time needs one of its own, or waits for the other
  VMAPPEND    more words for the kernel's command line
  VMKERNEL    a kernel built by hand: a directory with bzImage and
              lib/modules/VERSION, or a bzImage, and then
  VMMODS      its lib/modules/VERSION

In the VM: VDHCP_KVER is the kernel's version; VDHCP_OUT a directory that is
VMDIR/out here, for files that are needed after the VM has ended.
VMDIR/console.log has the whole kernel log, VMDIR/build.log the output of make.

Exit status: COMMAND's, and
  125  COMMAND ended with 0, or not at all, but the kernel log shows a BUG,
       WARNING, Oops, KASAN, lockdep, a hung task or the like
  124  the VM did not end within VMTIMEOUT
  123  the VM could not be prepared, the module could not be loaded, or the VM
       ended before COMMAND did
  129, 130, 143  a signal ended this script
Messages of run.sh itself go to stderr and begin with "vm: ".
E
}

readonly BAD_LOG=125 TIMED_OUT=124 NO_VM=123

die() {
	echo "vm: $*" >&2
	exit $NO_VM
}

case ${1-} in
-h | --help)
	usage
	exit
	;;
esac
[[ $# -eq 0 && -n ${VDHCP_CMD-} ]] || {
	echo "vm: no command: make vm CMD='...', or see tests/vm/run.sh --help" >&2
	exit 2
}

KVER=${KVER-} VMLOAD=${VMLOAD:-1} VMBUILD=${VMBUILD:-1} VMSMP=${VMSMP:-2} VMMEM=${VMMEM:-1G}
VMTIMEOUT=${VMTIMEOUT:-600} VMTCG=${VMTCG:-single} VMDIR=${VMDIR:-$top/build/vm} VMAPPEND=${VMAPPEND-}
VMICOUNT=${VMICOUNT-} VMCPU=${VMCPU-} VMNIC=${VMNIC:-none}
[[ $VMTIMEOUT =~ ^[1-9][0-9]*$ ]] || die "VMTIMEOUT='$VMTIMEOUT' is not a number of seconds"
[[ $VMSMP =~ ^[1-9][0-9]*$ ]] || die "VMSMP='$VMSMP' is not a number of processors"
[[ $VMICOUNT =~ ^[0-9]?$ ]] || die "VMICOUNT='$VMICOUNT' is not a power of two"
[[ $VMDIR == /* ]] || VMDIR=$PWD/$VMDIR

need() {
	command -v "$1" >/dev/null || die "no $1 here: install the Debian package $2"
}
need qemu-system-x86_64 qemu-system-x86
need perl perl-base
need cpio cpio
need setpriv util-linux

# ---- before the boot ---------------------------------------------------------

run=
qemu=
relay=
# shellcheck disable=SC2317 # the trap calls it
cleanup() {
	[[ -z $qemu ]] || kill -KILL "$qemu" 2>/dev/null || :
	[[ -z $relay ]] || kill -KILL "$relay" 2>/dev/null || :
	[[ -z $run ]] || rm -rf -- "$run"
}
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

mkdir -p "$VMDIR/out"
exec {lock}>"$VMDIR/.lock"
flock -n "$lock" || {
	echo "vm: waiting for the VM that uses $VMDIR" >&2
	flock "$lock"
}
# Left by a run that was killed by SIGKILL.
rm -rf -- "$VMDIR"/.run.*
log=$VMDIR/console.log
: >"$log"

if [[ -n ${VMKERNEL-} ]]; then
	words=$("$here/kernel.sh" --custom "$VMKERNEL" "${VMMODS-}") || exit $NO_VM
else
	words=$("$here/kernel.sh" "$KVER") || exit $NO_VM
fi
KIMAGE='' KDIR='' KMODDIR='' INITRD=''
eval "$words"

if [[ $VMBUILD != 0 ]]; then
	kdir=()
	if [[ -n ${VMKERNEL-} ]]; then
		[[ -n $KDIR ]] || die "no $KMODDIR/build to build vdhcp.ko with"
		# The module is instrumented even if the rest of the kernel is not.
		kdir=("KDIR=$KDIR" UBSAN_SANITIZE=y)
	fi
	mkdir -p "$top/build"
	# One build at a time: two VMs may start together.
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u VDHCP_CMD flock "$top/build/.vm-build.lock" \
		make -s -C "$top" "KVER=$KVER" "${kdir[@]}" module tools \
		</dev/null >"$VMDIR/build.log" 2>&1 {lock}>&- || {
		cat "$VMDIR/build.log" >&2
		die "the build for $KVER failed"
	}
fi
ko='' deps=''
if [[ $VMLOAD != 0 ]]; then
	need modinfo kmod
	ko=$top/build/ko/$KVER/vdhcp.ko
	[[ -f $ko ]] || die "no module at $ko (VMLOAD=0 boots without)"
	deps=$(modinfo -F depends "$ko") || die "$ko is not a module"
fi

# The kernel accepts several concatenated archives: the cached one, then the files of
# this run.
run=$(mktemp -d "$VMDIR/.run.XXXXXX")
mkdir "$run/vdhcp"
cp "$here/init.sh" "$run/vdhcp/"
printf '%s' "$VDHCP_CMD" >"$run/vdhcp/cmd"
deps=${deps//,/ }
# @Q instead of %q, because the shell that reads this is not bash, but knows single quotes.
printf '%s\n' "KVER=${KVER@Q}" "KMODDIR=${KMODDIR@Q}" "TOP=${top@Q}" "KO=${ko@Q}" "DEPS=${deps@Q}" >"$run/vdhcp/env"
{
	cat "$INITRD"
	(cd "$run" && find vdhcp | cpio -o -H newc -R 0:0 --quiet)
} >"$run/initrd"
mkfifo "$run/out" "$run/err" "$run/ctl.in" "$run/ctl.out"

# ---- the VM ------------------------------------------------------------------

# -la57: a fifth level of page tables only takes time. -cx16: after a cmpxchg16b QEMU
# 7.2 has wrong flags; if an interrupt saves and restores them then, the trap flag may
# be set. -erms: QEMU executes rep stosb byte by byte, so the kernel should clear and
# copy memory in another way; but not if instructions are counted, because the counts
# must be comparable with earlier ones. mitigations=off: the emulated processor has
# no flaws. tsc=reliable: its clock is that of the host, so no watchdog is needed.
# Emulation is slow, so RCU gets more time before it reports a stall. The console
# shows every message from the first one on, and a broken kernel stops at once, because
# its later messages mean nothing.
append=(
	"console=ttyS0,115200" "earlyprintk=ttyS0,115200" ignore_loglevel printk.devkmsg=on log_buf_len=1M
	panic=-1 oops=panic nowatchdog sysctl.kernel.hung_task_timeout_secs=60
	rcupdate.rcu_cpu_stall_timeout=120 tsc=reliable no_timer_check random.trust_cpu=on
	mitigations=off nokaslr cryptomgr.notests apparmor=0 audit=0
)
read -r -d '' -a more <<<"$VMAPPEND" || :

if [[ -z $VMCPU ]]; then
	VMCPU=max,-la57,-cx16
	[[ -n $VMICOUNT ]] || VMCPU+=,-erms
fi

# In the value of a QEMU option each comma must be doubled.
comma() {
	echo "${1//,/,,}"
}

# q35, because the ACPI tables of pc contain a loop that takes a kernel with KASAN more
# than half a minute. QEMU is killed when this script ends, even by SIGKILL.
setpriv --pdeathsig KILL qemu-system-x86_64 -machine q35,usb=off -accel "tcg,thread=$VMTCG" -cpu "$VMCPU" \
	${VMICOUNT:+-icount "shift=$VMICOUNT"} -smp "$VMSMP" -m "$VMMEM" \
	-no-user-config -nodefaults -nic "$VMNIC" -display none -no-reboot \
	-kernel "$KIMAGE" -initrd "$run/initrd" -append "${append[*]} ${more[*]}" \
	-chardev "file,id=log,path=$(comma "$log")" -serial chardev:log \
	-fsdev local,id=root,path=/,security_model=none,readonly=on,multidevs=remap \
	-device virtio-9p-pci,fsdev=root,mount_tag=root \
	-fsdev "local,id=out,path=$(comma "$VMDIR/out"),security_model=none,multidevs=remap" \
	-device virtio-9p-pci,fsdev=out,mount_tag=out \
	-device virtio-serial-pci \
	-chardev "file,id=out,append=on,path=$(comma "$run/out")" -device virtserialport,name=out,chardev=out \
	-chardev "file,id=err,append=on,path=$(comma "$run/err")" -device virtserialport,name=err,chardev=err \
	-chardev "pipe,id=ctl,path=$(comma "$run/ctl")" -device virtserialport,name=ctl,chardev=ctl \
	</dev/null >"$run/qemu.log" 2>&1 {lock}>&- &
qemu=$!
setpriv --pdeathsig KILL perl "$here/relay.pl" "$run" "$VMTIMEOUT" "$qemu" {lock}>&- &
relay=$!

qemu_status=0
# bash would print a message about a child that was killed.
{ wait "$qemu" || qemu_status=$?; } 2>/dev/null
qemu=
kill -TERM "$relay" 2>/dev/null || :
wait "$relay" || :
relay=
result=
[[ ! -e $run/result ]] || read -r result <"$run/result"

# ---- the kernel log ----------------------------------------------------------

sed -i 's/\r$//' "$log"
bad='\<BUG\>|WARNING:|Oops|KASAN|KCSAN|KMSAN|KFENCE: .* in |UBSAN|possible circular locking|possible recursive locking'
bad+='|inconsistent lock state|suspicious RCU usage|INFO: lockdep|INFO: trying to register non-static key'
bad+='|sleeping function called from invalid context|lock held when returning to user space'
bad+='|blocked for more than|rcu:.*self-detected stall|rcu.*detected (expedited )?stalls|soft lockup|hard LOCKUP'
bad+='|general protection|[Kk]ernel panic|unregister_netdevice: waiting for|refcount_t:|list_(add|del) corruption'
bad+='|new suspected memory leaks|Kernel memory leak detector disabled'
# A program in CMD may crash. The kernel's command line and the messages about its own
# configuration may contain the words above.
harmless='traps: .* general protection fault ip:|Kernel command line:|Command line:|kcsan: (non-)?strict mode configured'
found=$(grep -nE "$bad" "$log" | grep -vE "$harmless" | cut -d: -f1) || :
if [[ -n $found ]]; then
	echo "vm: the kernel log shows:" >&2
	awk -v lines="$found" '
		BEGIN { n = split(lines, l, "\n"); for (i = 1; i <= n; i++) for (j = -3; j <= 40; j++) want[l[i] + j] = 1 }
		NR in want { if (last && NR > last + 1) print "..."; print; last = NR; if (++shown >= 200) exit }
	' "$log" >&2
	echo "vm: all of it is in $log" >&2
fi

case $result in
done\ *)
	status=${result#done }
	;;
timeout)
	echo "vm: not done after $VMTIMEOUT s, killed" >&2
	exit $TIMED_OUT
	;;
pipe)
	# The status of a program that SIGPIPE ended.
	exit 141
	;;
fail)
	status=$NO_VM
	;;
*)
	[[ -z $found ]] || exit $BAD_LOG
	[[ $qemu_status -eq 0 ]] || cat "$run/qemu.log" >&2
	echo "vm: the VM ended before CMD did; the last of $log:" >&2
	tail -n 15 "$log" >&2
	status=$NO_VM
	;;
esac
[[ -z $found || $status -ne 0 ]] || status=$BAD_LOG
exit "$status"
