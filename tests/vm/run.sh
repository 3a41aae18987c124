#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Boot a VM, run one command in it, end as the command ended. See --help.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
top=$(cd "$here/../.." && pwd -P)

usage() {
	cat <<'E'
usage: VDHCP_CMD='COMMAND' [VARIABLE=...] tests/vm/run.sh

Boots a stock Debian kernel under QEMU's software emulation on this machine's own
root file system (shared read-only, with a writable overlay that is gone after),
loads vdhcp.ko, and runs COMMAND as root in bash, in the checkout, with vdhcpctl
on PATH. What COMMAND prints comes out as it prints it, stdout and stderr apart,
byte for byte; its stdin is /dev/null. Processes that it leaves running are killed.
/tmp and /run are the VM's own and empty.

  KVER        kernel: 6.1.0-56-amd64, 6.1, 6.12, or empty; see kernel.sh --help
  VMLOAD      0: do not load vdhcp.ko (1)
  VMBUILD     0: do not run "make module tools" first (1)
  VMSMP       processors (2)
  VMMEM       memory (1G)
  VMTCG       single: the processors take turns on one thread; multi: one thread
              for each (single). QEMU 7.2 loses track of kernel code that is
              rewritten while another thread runs it, as jump labels are, and the
              guest dies of an int3 that is no longer there.
  VMICOUNT    N: each instruction takes the VM 2^N ns of its time, whatever it took
              here, so that its clock counts instructions
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
VMDIR/out here, for what should outlive the VM.
VMDIR/console.log has the whole kernel log, VMDIR/build.log what make said.

Exit status: COMMAND's, and
  125  COMMAND ended with 0, or not at all, but the kernel log shows a BUG,
       WARNING, Oops, KASAN, lockdep, a hung task or the like
  124  VMTIMEOUT is over
  123  the VM could not be prepared, the module not be loaded, or the VM ended
       before COMMAND did
  129, 130, 143  a signal ended this script
Whenever run.sh itself has something to say, it says so on stderr, as "vm: ...".
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
		# Where the kernel as a whole is not instrumented, the module is.
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

# The kernel takes several archives one after the other: the cached one, then
# what belongs to this run.
run=$(mktemp -d "$VMDIR/.run.XXXXXX")
mkdir "$run/vdhcp"
cp "$here/init.sh" "$run/vdhcp/"
printf '%s' "$VDHCP_CMD" >"$run/vdhcp/cmd"
deps=${deps//,/ }
# @Q, not %q: the reader is no bash, but knows single quotes.
printf '%s\n' "KVER=${KVER@Q}" "KMODDIR=${KMODDIR@Q}" "TOP=${top@Q}" "KO=${ko@Q}" "DEPS=${deps@Q}" >"$run/vdhcp/env"
{
	cat "$INITRD"
	(cd "$run" && find vdhcp | cpio -o -H newc -R 0:0 --quiet)
} >"$run/initrd"
mkfifo "$run/out" "$run/err" "$run/ctl.in" "$run/ctl.out"

# ---- the VM ------------------------------------------------------------------

# -la57: a fifth page table level only costs. -cx16: after a cmpxchg16b QEMU 7.2
# has any flags, and when an interrupt saves and restores them just then, one may
# be the trap flag. -erms: QEMU's rep stosb takes a turn for each byte, so that the
# kernel had better clear and copy in another way; but where instructions are counted,
# which is to be compared with other counts. The processor has no flaws to
# work around. Its clock is the host's, so there is nothing to watch, and a stall
# or a lockup must mean one: software emulation is slow, so give RCU more time. The
# console takes every message, from the first on; a broken kernel stops at once, as
# there is nothing to learn from what it does next.
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

# QEMU reads a comma in an option's value only when it stands twice.
comma() {
	echo "${1//,/,,}"
}

# q35, for the ACPI tables of pc have the kernel run a loop that a kernel with KASAN
# does not finish in half a minute. Dies with this script, even if that is killed
# outright.
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

# ---- what the kernel said ----------------------------------------------------

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
	# As a program that writes into a closed pipe ends.
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
