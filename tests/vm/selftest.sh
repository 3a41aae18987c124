#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tests of the contract of "make vm", on a scratch checkout that holds this
# directory and a module that does nothing. KVER picks the kernel.
# shellcheck disable=SC2016 # the VM's bash expands it
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
KVER=$("$here/kernel.sh" --kver "${KVER-}") || exit 1
export KVER
unset VMICOUNT VMCPU VMNIC VMTCG VMLOAD VMBUILD VMSMP VMMEM VMTIMEOUT VMDIR VMAPPEND VMKERNEL VMMODS VDHCP_CMD CMD MAKEFLAGS MAKELEVEL MFLAGS

# shellcheck source=tests/lib/ktap.sh
. "$here/../lib/ktap.sh"
ktap_begin
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
trap 'exit 130' INT TERM HUP

# ---- the scratch checkout ----------------------------------------------------

# The checkout is in /tmp, where the VM has a file system of its own.
co=$t/checkout
mkdir -p "$co/tests" "$co/src" "$co/build/tools"
cp -r "$here" "$here/../lib" "$co/tests/"
printf '#!/bin/sh\necho the tool\n' >"$co/build/tools/vdhcpctl"
chmod +x "$co/build/tools/vdhcpctl"
echo 'obj-m := vdhcp.o' >"$co/src/Kbuild"
cat >"$co/src/vdhcp.c" <<'E'
#include <linux/module.h>
#include <net/stp.h>
static int result;
module_param(result, int, 0444);
static int __init start(void)
{
	/* A symbol of a module that must be loaded first. */
	pr_info("scratch module, stp is at %px\n", stp_proto_register);
	return SCRATCH_RESULT;
}
static void __exit stop(void) { }
module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("stands in for vdhcp");
E
cat >"$co/Makefile" <<'E'
KDIR = $(shell tests/vm/kernel.sh --kdir $(KVER))
include tests/vm/make.mk
module:
	mkdir -p build/ko/$(KVER)
	cp src/* build/ko/$(KVER)/
	$(MAKE) -C $(KDIR) M=$(CURDIR)/build/ko/$(KVER) KCFLAGS=-DSCRATCH_RESULT=$(file <result) modules
tools:
	@$(if $(wildcard broken),echo 'src/x.c:1: no such thing'; exit 1)
E
printf 0 >"$co/result"

# ---- helpers -----------------------------------------------------------------

ok() { # NAME: whether the command before it succeeded
	if [ $? -eq 0 ]; then
		ktap_pass "$1"
	else
		ktap_fail "$1"
		for f in "$t/out" "$t/err"; do
			[[ ! -s $f ]] || head -c 3000 "$f" | sed "s/^/#   ${f##*/}: /"
		done
	fi
}

# vm [VARIABLE=...]... COMMAND: run.sh without a module; sets $status and writes out and err.
vm() {
	env VMLOAD=0 VMBUILD=0 "${@:1:$#-1}" VDHCP_CMD="${*: -1}" "$co/tests/vm/run.sh" >"$t/out" 2>"$t/err"
	status=$?
}

mk() {
	make -C "$co" "$@" >"$t/out" 2>"$t/err"
	status=$?
}

is() { # STATUS [OUT [ERR]]: all as expected
	[[ $status -eq $1 ]] || {
		echo "status $status, not $1" >>"$t/err"
		return 1
	}
	[[ $# -lt 2 ]] || cmp -s "$t/out" <(printf '%s' "$2") || return 1
	[[ $# -lt 3 ]] || cmp -s "$t/err" <(printf '%s' "$3")
}

says() { # FILE WORDS...: each of them is in it
	local f=$1 w
	shift
	for w; do
		grep -qF -- "$w" "$f" || {
			echo "$f does not say '$w'" >>"$t/err"
			return 1
		}
	done
}

qemus() {
	pgrep -cf "qemu-system.*$co/build" || :
}

# ---- kernel.sh ---------------------------------------------------------------

words=$("$here/kernel.sh" "$KVER") && [[ $(wc -l <<<"$words") -eq 5 ]] && eval "$words" &&
	[[ -s $KIMAGE && -s $INITRD && -d $KMODDIR/kernel && -e $KDIR/Makefile ]]
ok "kernel.sh names a kernel, headers, modules and an initramfs"
[[ $("$here/kernel.sh" --kver "${KVER%.*}") == "${KVER%.*}"* ]]
ok "the beginning of a version will do"
! "$here/kernel.sh" --kver '6;ls' >"$t/out" 2>"$t/err" && says "$t/err" 'not a kernel version'
ok "what is no version is refused"

# ---- what CMD prints and how it ends -----------------------------------------

vm 'printf out; printf "err" >&2; exit 255'
is 255 out err
ok "stdout and stderr apart, nothing else on them, status 255"

cmd='x=$(echo "a  b"); printf "%s\n" '"'"'$x "$HOME`'"'"' "$x" "$HOME" `echo c` $((1 + 2)) 50% '\''\ '\''
case $(uname -r) in '"$KVER"') echo kernel;; *) uname -r;; esac; exit 7'
vm "$cmd"
want='$x "$HOME`
a  b
/root
c
3
50%
\ 
kernel
'
is 7 "$want" ''
ok "quotes, dollars, backticks and newlines, status 7"
mk vm VMLOAD=0 VMBUILD=0 CMD="$cmd"
is 7 "$want" ''
ok "the same through make, which adds nothing"
mk -n vm VMLOAD=0 VMBUILD=0 CMD='exit 7' && is 0
ok "make -n boots nothing"
mk -j2 vm VMLOAD=0 VMBUILD=0 CMD='true' && is 0 '' ''
ok "true is 0 and silent"
mk vm VMLOAD=0
is 2 '' && says "$t/err" 'no command'
ok "no CMD is refused"

head -c 1000000 /dev/urandom >"$co/random"
vm 'cat random; tac -s x random >&2; echo end >/dev/stdout; echo end >/dev/stderr'
is 0 && cmp "$t/out" <(cat "$co/random" && echo end) >"$t/cmp" 2>&1 && cmp "$t/err" <(tac -s x "$co/random" && echo end) >"$t/cmp" 2>&1
ok "a megabyte of random bytes on each"

# A slow reader, so that the end of the output has not arrived when CMD ends.
env VMLOAD=0 VMBUILD=0 VDHCP_CMD='seq 3000000; printf last' "$co/tests/vm/run.sh" 2>"$t/err" |
	(sleep 12 && cat) | cmp - <(seq 3000000 && printf last) >"$t/out"
ok "20 MB to a slow reader, to the last byte"
env VMLOAD=0 VMBUILD=0 VMTIMEOUT=200 VDHCP_CMD='yes' "$co/tests/vm/run.sh" 2>"$t/err" | head -n 1 >"$t/out"
[[ ${PIPESTATUS[0]} -eq 141 && $(<"$t/out") == y && ! -s $t/err && $(qemus) -eq 0 ]]
ok "a reader that goes away ends the VM"
mkfifo "$t/fifo"
env VMLOAD=0 VMBUILD=0 VMTIMEOUT=200 VDHCP_CMD='echo now; sleep 1000' "$co/tests/vm/run.sh" >"$t/fifo" 2>"$t/err" &
read -r -t 120 line <"$t/fifo" && [[ $line == now ]]
ok "output comes as it is printed"
sleep 1
kill -TERM $!
wait $!
[[ $? -eq 143 && $(qemus) -eq 0 ]]
ok "SIGTERM ends the VM, status 143"

vm 'sleep 1000 & (setsid bash -c "trap : TERM HUP; echo left >&2; while :; do sleep 1000; done" &); sleep 1; echo done'
is 0 $'done\n' $'left\n'
ok "a process that CMD leaves running does not delay the end"
vm 'read -r x; echo "$? <$x>"; kill -SEGV $$'
is 139 $'1 <>\n'
ok "stdin is empty; a CMD that a signal ends is 128 and the signal"

# ---- the machine in the VM ---------------------------------------------------

vm 'set -ex; modprobe -a bridge veth tun 8021q; ip link add br0 type bridge; ip link add v0 type veth peer name v1
ip link set v0 master br0; ip link add link v1 name v1.5 type vlan id 5; ip link show lo | grep -q LOWER_UP
[[ -c /dev/net/tun || -c /dev/tun ]]; [[ ! -e /sys/class/net/eth0 ]]'
is 0 ''
ok "modprobe of bridge, veth, tun and 8021q, and their devices"
if [[ -n $(find "$KMODDIR/" -name 'openvswitch.ko*') ]]; then
	vm 'modprobe openvswitch && grep -q ^openvswitch /proc/modules' && is 0
	ok "modprobe of openvswitch"
else
	ktap_skip "modprobe of openvswitch" "this kernel has none"
fi
vm 'set -e; n=0; while read -r _ node numbers; do
case $numbers in [bc]*:*) ;; *) continue ;; esac
echo "$node $numbers"; [[ $numbers != b* || -b /dev/$node ]]; [[ $numbers != c* || -c /dev/$node ]]; n=$((n + 1))
done </lib/modules/$VDHCP_KVER/modules.devname; echo "n=$n"; [[ $n -ge 3 && -c /dev/fuse && -c /dev/vhost-net ]]'
is 0
ok "every device node of modules.devname is a device node"
cat >"$co/cpu-and-nic.sh" <<'E'
set -e
grep -m 1 -o 'QEMU Virtual CPU' /proc/cpuinfo
! grep -qw erms /proc/cpuinfo
grep -m 1 -ow smap /proc/cpuinfo
cat /sys/bus/pci/devices/*/device | grep -x 0x1000
# An instruction takes 8 ns, so the clock shows only multiples of 8 ns, except for rounding.
perl -MTime::HiRes=clock_gettime -e 'my ($last, $odd) = (0, 0);
for (1 .. 200) { my $now = clock_gettime(4); my $d = int(($now - $last) * 1e9 + .5) % 8; $last = $now;
$odd++ if $_ > 1 && $d > 1 && $d < 7; } print "$odd odd\n"'
E
mk vm VMLOAD=0 VMBUILD=0 VMSMP=1 VMICOUNT=3 VMCPU=qemu64,+smap VMNIC=user,model=virtio-net-pci CMD='. ./cpu-and-nic.sh'
is 0 $'QEMU Virtual CPU\nsmap\n0x1000\n0 odd\n' ''
ok "VMICOUNT, VMCPU and VMNIC reach the VM through make"
mkdir -p "$co/build/vm/out"
vm VMAPPEND='vdhcp.test=1 foo' VMSMP=1 "set -ex; [[ \$PWD == $co && \$VDHCP_KVER == $KVER && \$HOME == /root ]]
[[ \$(hostname) == vdhcp-vm && \$(nproc) == 1 ]]; grep -q 'vdhcp.test=1 foo' /proc/cmdline
echo x >/etc/x; echo x >$co/x; echo x >/tmp/x; [[ -p /dev/fd/3 ]] 3< <(sleep 1) ; [[ -d /sys/kernel/tracing/events && -d /sys/kernel/debug/bdi ]]
cat random random random >\$VDHCP_OUT/o; perl -e 1; (( \$(date +%s) - $(date +%s) < 300 ))
timeout 20 head -c 16 /dev/random | wc -c | grep -qx 16; type -P vdhcpctl | grep -qx $co/build/tools/vdhcpctl; cd /lib/modules/\$(uname -r)/kernel"
is 0 && [[ ! -e /etc/x && ! -e $co/x ]] &&
	cmp "$co/build/vm/out/o" <(cat "$co/random" "$co/random" "$co/random") >"$t/out" 2>&1
ok "settings, mounts, a root that is written to in vain, VDHCP_OUT"

# ---- the kernel log ----------------------------------------------------------

vm "echo 'WARNING: test' >/dev/kmsg"
is 125 '' && says "$t/err" 'WARNING: test' && says "$co/build/vm/console.log" 'WARNING: test' 'Linux version' 'Power down'
ok "WARNING in the kernel log is 125, and the log is whole"
vm "echo 'BUG: test' >/dev/kmsg; exit 3"
is 3 '' && says "$t/err" 'BUG: test'
ok "CMD's own failure comes first"
vm 'echo before; echo c >/proc/sysrq-trigger; sleep 1000'
is 125 $'before\n' && says "$co/build/vm/console.log" 'Kernel panic'
ok "a panic is 125 at once, what was printed before is there"
vm "echo 'traps: cat[1] general protection fault ip:1 sp:2 error:0 in cat[3]' >/dev/kmsg
echo 'clocksource: timekeeping watchdog on CPU1: ok' >/dev/kmsg; echo 'DEBUG: a BUGGY Warning' >/dev/kmsg"
is 0 '' ''
ok "a crash of a program and the like are no failure"
vm 'poweroff -f; /run/vdhcp/busybox poweroff -f; sleep 1000'
is 123 && says "$t/err" 'ended before CMD did'
ok "a VM that ends by itself is 123"
start=$SECONDS
vm VMTIMEOUT=45 'echo begun; sleep 1000'
is 124 $'begun\n' && says "$t/err" 'vm: not done after 45 s' && [[ $((SECONDS - start)) -lt 65 && $(qemus) -eq 0 ]]
ok "VMTIMEOUT ends it, status 124"

# ---- two at a time -----------------------------------------------------------

pids=()
for i in 1 2; do
	env VMLOAD=0 VMBUILD=0 VMDIR="$co/build/vm,$i" VDHCP_CMD="echo $i >/tmp/i; sleep 3; cat /tmp/i; exit $i" \
		"$co/tests/vm/run.sh" >"$t/out$i" 2>"$t/err" &
	pids+=($!)
done
wait "${pids[0]}"
one=$?
wait "${pids[1]}"
[[ $?$one == 21 && $(<"$t/out1") == 1 && $(<"$t/out2") == 2 ]]
ok "two VMs at the same time"

# ---- the module --------------------------------------------------------------

vm VMLOAD=1 'echo no'
is 123 '' && says "$t/err" 'vm: no module at' "build/ko/$KVER/vdhcp.ko"
ok "no module, no boot, status 123"
mk vm CMD='lsmod | grep -c -e ^vdhcp -e ^stp; vdhcpctl; dmesg | grep -c "scratch module"'
is 0 $'2\nthe tool\n1\n' ''
ok "builds and loads the module and what it needs, has the tool on PATH"
mk vm VMLOAD=0 CMD='! grep ^vdhcp /proc/modules'
is 0 '' ''
ok "VMLOAD=0 does not load it"
printf -- -95 >"$co/result"
mk vm CMD='echo no'
is 123 '' && says "$t/err" 'Operation not supported'
ok "a module that will not load is 123 and says why"
touch "$co/broken"
mk vm CMD='echo no'
is 123 '' && says "$t/err" 'src/x.c:1: no such thing' 'the build for'
ok "a build that fails is 123 and says why"

ktap_end
