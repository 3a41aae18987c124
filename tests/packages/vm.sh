#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vm.sh VERSION NEXT, in the VM: the packages, and the modules that DKMS built from
# them, in use. Each way to fail is brought about, and vdhcpctl has to say what to
# do. The tests build on one another, so their order matters.
set -uo pipefail
[[ -n ${VDHCP_OUT:-} && $(</proc/sys/kernel/hostname) == vdhcp-vm ]] || {
	echo "$0: this runs in the VM alone" >&2
	exit 2
}
# shellcheck source=tests/packages/lib.sh
. tests/packages/lib.sh

version=$1 next=$2
built=$PWD/build/packages/built
debs=$PWD/build/packages/debs
modules=/lib/modules/$VDHCP_KVER
ko=$modules/updates/dkms/vdhcp.ko
said=/run/said
# What is in the packages, not in the checkout.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin

# No module but ours, and no headers; so depmod has little to read.
prepare() {
	mkdir /run/modules && cp "$modules"/modules.{order,builtin,builtin.modinfo} /run/modules &&
		mount -t tmpfs tmpfs /lib/modules && mkdir "$modules" &&
		cp /run/modules/* "$modules" && depmod || return
	rm -rf /var/lib/dkms/* /usr/src/vdhcp-* /boot/config-* /var/lib/man-db/auto-update
	printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d || return
	[ -e /sys/kernel/security/lockdown ] || mount -t securityfs securityfs /sys/kernel/security
}

loaded() { [ -e /sys/module/vdhcp ]; }
says() { grep -F -- "$1" "$said" || { cat "$said" && false; }; }
unload() { ! loaded || modprobe -r vdhcp; }

# FILE from what DKMS built, where DKMS puts it.
put() {
	mkdir -p "${ko%/*}" && cp "$built/$1" "$ko" && depmod
}

# vdhcpctl cannot, and says in one sentence what to do; nothing was loaded.
cannot() { # SENTENCE
	! vdhcpctl port show >"$said" 2>&1 && says "$1" && same 1 < <(wc -l <"$said") && ! loaded
}

modprobe_says() { # SENTENCE
	! modprobe vdhcp >"$said" 2>&1 && says "$1" && ! loaded
}

# ...which the kernel's log tells as well.
modprobe_and_log_say() { # SENTENCE LOG
	dmesg -C
	modprobe_says "$1" && dmesg >"$said" && says "$2"
}

as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all "$@"
}

check "the machine is made ready" prepare

# ---- packages without headers ------------------------------------------------------

SECONDS=0
check "dpkg installs both packages where no headers are" dpkg -i "$debs"/*.deb
echo "# it took $SECONDS s"
check "modprobe finds no module" modprobe_says "FATAL: Module vdhcp not found in directory $modules"
check "vdhcpctl says that the headers are missing" cannot \
	"no vdhcp module for kernel $VDHCP_KVER: its headers are missing; run \"apt-get install linux-headers-$VDHCP_KVER\", then \"dkms autoinstall\"."
for_another() {
	mkdir -p /lib/modules/6.1.0-1-amd64/updates/dkms &&
		cp "$built/vdhcp.ko" /lib/modules/6.1.0-1-amd64/updates/dkms/ || return
	cannot "no vdhcp module for kernel $VDHCP_KVER, but for 6.1.0-1-amd64: its headers"
	local status=$?
	rm -rf /lib/modules/6.1.0-1-amd64
	return "$status"
}
check "and that the module is there for another kernel" for_another

# ---- the module that DKMS built -------------------------------------------------------

check "the module is put where DKMS puts it" put vdhcp.ko
found() {
	modinfo -n vdhcp | same "$ko" && modinfo -F signer vdhcp | grep . &&
		modinfo -F version vdhcp | same "$version"
}
check "modinfo finds it there, signed" found
loads() { modprobe vdhcp && same "$version" </sys/module/vdhcp/version; }
check "modprobe loads it" loads
works() {
	vdhcpctl version | same "vdhcpctl $version, module $version abi 1" || return
	vdhcpctl subnet add s1 cidr 192.0.2.0/24 &&
		vdhcpctl port add tap0 mac 00:00:5e:00:53:05 addr 192.0.2.5 subnet s1 &&
		vdhcpctl port show tap0 | grep 192.0.2.5
}
check "the packaged vdhcpctl configures it" works
unloads() { modprobe -r vdhcp && ! loaded; }
check "modprobe -r unloads it" unloads

# ---- loaded by whoever asks -------------------------------------------------------------

autoload() { # COMMAND...
	unload && "$@" vdhcpctl port show && loaded && unload
}
check "root's first question loads it" autoload env
check "and so does anybody's" autoload as_nobody
# Without the alias nobody would have loaded it.
no_alias() {
	echo "alias net-pf-16-proto-16-family-vdhcp off" >/etc/modprobe.d/vdhcp-test.conf
	cannot "vdhcp is not loaded, though $ko is there; as root, \"modprobe vdhcp\" loads it, or tells why not."
}
check "it is the alias of its family by which it is loaded" no_alias
blacklisted() {
	echo "blacklist vdhcp" >/etc/modprobe.d/vdhcp-test.conf
	cannot "vdhcp is blacklisted, in modprobe.d or on the kernel's command line, and so not loaded by itself; as root, \"modprobe vdhcp\" loads it." &&
		modprobe vdhcp && loaded && unload
}
check "a blacklist keeps it from that, but not modprobe" blacklisted
blacklisted_for_nobody() {
	! as_nobody vdhcpctl port show >"$said" 2>&1 && says "as root, \"modprobe vdhcp\" loads it"
}
check "which an unprivileged user is told, too" blacklisted_for_nobody
rm /etc/modprobe.d/vdhcp-test.conf

# ---- a newer one is installed ----------------------------------------------------------

works_again() { modprobe vdhcp && works; }
check "the old one is loaded and has a configuration" works_again
check "a newer one is installed" put next.ko
waits() {
	vdhcpctl version >"$said" 2>&1 && says "Warning: the module is version $version, and $next is installed; switch to it: \"vdhcpctl dump >FILE &&"
}
check "vdhcpctl version tells of both and how to switch" waits
sequence() { # FILE: the very words that vdhcpctl has
	sed -n 's/.*switch to it: "\(.*\)"\.$/\1/p' "$said" | sed "s|FILE|$1|g"
}
# One that the kernel does not take: what it does not begin with is a module's head.
breaks_off() {
	local command
	vdhcpctl dump >/run/before.json && command=$(sequence /run/kept.json) && [ -n "$command" ] || return
	cp "$ko" /run/next.ko && echo "no module" >"$ko" || return
	! bash -c "$command" && ! loaded && cmp /run/before.json /run/kept.json
}
check "a switch that breaks off leaves the configuration in the file" breaks_off
goes_on() {
	cp /run/next.ko "$ko" && modprobe vdhcp && vdhcpctl sync /run/kept.json &&
		same "$next" </sys/module/vdhcp/version && vdhcpctl dump | cmp - /run/before.json
}
check "and goes on where it broke off" goes_on
older_tool() {
	vdhcpctl port show >/dev/null 2>"$said" &&
		says "Warning: vdhcpctl is version $version and the module is version $next; install vdhcp-tools and vdhcp-dkms of one version."
}
check "a module of another version than vdhcpctl is warned of, with both" older_tool
goes_back() {
	put vdhcp.ko && vdhcpctl port show >/dev/null 2>"$said" &&
		bash -c "$(sequence /run/back.json)" && same "$version" </sys/module/vdhcp/version &&
		vdhcpctl dump | cmp - /run/before.json
}
check "back to the old one by the same words" goes_back
check "which is unloaded" unload

# ---- a module of another kernel -----------------------------------------------------------

# A kernel with modversions takes any release if the symbols are the same, so the
# module is one without. Of the same length, so that nothing else in the file moves.
other=6.0.${VDHCP_KVER#*.*.}
wrong_kernel() {
	[ "${#other}" -eq "${#VDHCP_KVER}" ] &&
		objcopy --remove-section __versions "$built/vdhcp-unsigned.ko" /run/other.ko &&
		LC_ALL=C sed "s/vermagic=$VDHCP_KVER /vermagic=$other /" /run/other.ko >"$ko" &&
		depmod && modprobe_says "Exec format error"
}
check "modprobe refuses a module of another kernel" wrong_kernel
check "vdhcpctl says which kernel it is for" cannot \
	"$ko is built for kernel $other, and $VDHCP_KVER runs: \"dkms build --force vdhcp/$version && dkms install --force vdhcp/$version\" builds it anew."

# ---- signatures: what was turned on stays on until the VM ends --------------------------------

not_signed() { # RULE
	cannot "the kernel takes only signed modules ($1), and $ko is not signed: \"dkms build --force vdhcp/$version && dkms install --force vdhcp/$version\" signs it, or tells why not."
}
not_known() { # RULE
	cannot "the kernel takes only modules whose signer it knows ($1), and did not take $ko, signed by \"$(modinfo -F signer vdhcp)\": run \"mokutil --import /var/lib/dkms/mok.pub\", reboot, and confirm the key."
}
# Where DKMS makes it at its first build, which was not here.
cp "$built/mok.pub" /var/lib/dkms/

lockdown() { echo integrity >/sys/kernel/security/lockdown; }
check "lockdown is turned on" lockdown
check "a module without signature is there" put vdhcp-unsigned.ko
check "lockdown: what modprobe and the kernel's log say of it" modprobe_and_log_say \
	"could not insert 'vdhcp': Operation not permitted" "Lockdown: modprobe: unsigned module loading is restricted"
check "lockdown: what vdhcpctl says of it" not_signed lockdown
check "a module that DKMS signed is there" put vdhcp.ko
check "lockdown: what modprobe and the kernel's log say of that" modprobe_and_log_say \
	"could not insert 'vdhcp': Operation not permitted" "Lockdown: modprobe: unsigned module loading is restricted"
check "lockdown: what vdhcpctl says of that" not_known lockdown

sig_enforce() { echo 1 >/sys/module/module/parameters/sig_enforce; }
check "module.sig_enforce is turned on" sig_enforce
check "sig_enforce: what modprobe and the kernel's log say of DKMS's module" modprobe_and_log_say \
	"could not insert 'vdhcp': Key was rejected by service" "Loading of module with unavailable key is rejected"
check "sig_enforce: what vdhcpctl says of it" not_known module.sig_enforce
check "a module without signature is there again" put vdhcp-unsigned.ko
check "sig_enforce: what modprobe and the kernel's log say of it" modprobe_and_log_say \
	"could not insert 'vdhcp': Key was rejected by service" "Loading of unsigned module is rejected"
check "sig_enforce: what vdhcpctl says of it" not_signed module.sig_enforce

no_more() { echo 1 >/proc/sys/kernel/modules_disabled; }
check "no more modules are taken" no_more
check "vdhcpctl says that only a boot helps" cannot \
	"vdhcp is not loaded, and the kernel takes no more modules until the next boot (kernel.modules_disabled)."
echo "# all checks were made"
