#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vm.sh VERSION NEXT, in the VM: use the packages, and the modules that DKMS built from
# them. Provoke each failure; vdhcpctl has to print what to do. The tests depend on one
# another, so their order matters.
set -uo pipefail
[[ -n ${VDHCP_OUT:-} && $(</proc/sys/kernel/hostname) == vdhcp-vm ]] || {
	echo "$0: this script runs only in the VM" >&2
	exit 2
}
# shellcheck source=tests/packages/lib.sh
. tests/packages/lib.sh

version=$1 next=$2
abi=$(sed -n 's/^#define VDHCP_ABI //p' uapi/linux/vdhcp.h)
built=$PWD/build/packages/built
debs=$PWD/build/packages/debs
modules=/lib/modules/$VDHCP_KVER
ko=$modules/updates/dkms/vdhcp.ko
said=/run/said
# Commands from the packages, not from the checkout.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin

# Hide all other modules and all headers, so that depmod has little to read.
prepare_machine() {
	mkdir /run/modules && cp "$modules"/modules.{order,builtin,builtin.modinfo} /run/modules &&
		mount -t tmpfs tmpfs /lib/modules && mkdir "$modules" &&
		cp /run/modules/* "$modules" && depmod || return
	rm -rf /var/lib/dkms/* /usr/src/vdhcp-* /boot/config-* /var/lib/man-db/auto-update
	printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d || return
	[ -e /sys/kernel/security/lockdown ] || mount -t securityfs securityfs /sys/kernel/security
}

is_loaded() { [ -e /sys/module/vdhcp ]; }
says() { grep -F -- "$1" "$said" || { cat "$said" && false; }; }
unload_module() { ! is_loaded || modprobe -r vdhcp; }

# Install FILE, which DKMS built, where DKMS installs modules.
put_module() {
	mkdir -p "${ko%/*}" && cp "$built/$1" "$ko" && depmod
}

# vdhcpctl fails and prints one sentence that contains SENTENCE; no module is loaded.
fails_saying() { # SENTENCE
	! vdhcpctl port show >"$said" 2>&1 && says "$1" && same 1 < <(wc -l <"$said") && ! is_loaded
}

modprobe_says() { # SENTENCE
	! modprobe vdhcp >"$said" 2>&1 && says "$1" && ! is_loaded
}

# The same, and the kernel log contains LOG.
modprobe_and_log_say() { # SENTENCE LOG
	dmesg -C
	modprobe_says "$1" && dmesg >"$said" && says "$2"
}

as_unprivileged() {
	setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all "$@"
}

check "the machine is prepared" prepare_machine

# ---- packages without headers ------------------------------------------------------

SECONDS=0
check "dpkg installs both packages where headers are missing" dpkg -i "$debs"/*.deb
echo "# dpkg took $SECONDS s"
check "modprobe finds no module" modprobe_says "FATAL: Module vdhcp not found in directory $modules"
check "vdhcpctl says that the headers are missing" fails_saying \
	"no vdhcp module for kernel $VDHCP_KVER: its headers are missing; run \"apt-get install linux-headers-$VDHCP_KVER\", then \"dkms autoinstall\"."
for_another() {
	mkdir -p /lib/modules/6.1.0-1-amd64/updates/dkms &&
		cp "$built/vdhcp.ko" /lib/modules/6.1.0-1-amd64/updates/dkms/ || return
	fails_saying "no vdhcp module for kernel $VDHCP_KVER, but for 6.1.0-1-amd64: its headers"
	local status=$?
	rm -rf /lib/modules/6.1.0-1-amd64
	return "$status"
}
check "vdhcpctl names another kernel that has the module" for_another

# ---- the module that DKMS built -------------------------------------------------------

check "the module is installed where DKMS installs modules" put_module vdhcp.ko
found() {
	modinfo -n vdhcp | same "$ko" && modinfo -F signer vdhcp | grep . &&
		modinfo -F version vdhcp | same "$version"
}
check "modinfo finds it there, signed" found
loads() { modprobe vdhcp && same "$version" </sys/module/vdhcp/version; }
check "modprobe loads it" loads
works() {
	vdhcpctl version | same "vdhcpctl $version, module $version abi $abi" || return
	vdhcpctl subnet add s1 cidr 192.0.2.0/24 &&
		vdhcpctl port add tap0 mac 00:00:5e:00:53:05 addr 192.0.2.5 subnet s1 &&
		vdhcpctl port show tap0 | grep 192.0.2.5
}
check "the packaged vdhcpctl configures it" works
unloads() { modprobe -r vdhcp && ! is_loaded; }
check "modprobe -r unloads it" unloads

# ---- loaded by a request -------------------------------------------------------------

autoload() { # COMMAND...
	unload_module && "$@" vdhcpctl port show && is_loaded && unload_module
}
check "root's first request loads the module" autoload env
check "an unprivileged user's first request loads it" autoload as_unprivileged
# Without the family's alias, a request does not load the module.
no_alias() {
	echo "alias net-pf-16-proto-16-family-vdhcp off" >/etc/modprobe.d/vdhcp-test.conf
	fails_saying "vdhcp is not loaded, though $ko is there; as root, \"modprobe vdhcp\" loads it, or says why it cannot."
}
check "without the alias of the netlink family a request does not load it" no_alias
blacklisted() {
	echo "blacklist vdhcp" >/etc/modprobe.d/vdhcp-test.conf
	fails_saying "vdhcp is blacklisted, in modprobe.d or on the kernel's command line, so the kernel does not load it by itself; as root, \"modprobe vdhcp\" loads it." &&
		modprobe vdhcp && is_loaded && unload_module
}
check "a blacklist stops requests, but not modprobe" blacklisted
blacklisted_unprivileged() {
	! as_unprivileged vdhcpctl port show >"$said" 2>&1 && says "as root, \"modprobe vdhcp\" loads it"
}
check "an unprivileged user reads the same advice" blacklisted_unprivileged
rm /etc/modprobe.d/vdhcp-test.conf

# ---- a newer module is installed ----------------------------------------------------------

works_again() { modprobe vdhcp && works; }
check "the old module is loaded and has a configuration" works_again
check "a newer module is installed" put_module next.ko
warns_of_newer() {
	vdhcpctl version >"$said" 2>&1 && says "Warning: the module is version $version, and $next is installed; switch to it: \"vdhcpctl dump >FILE &&"
}
check "vdhcpctl version names both versions and prints how to switch" warns_of_newer
print_switch() { # FILE: the commands as vdhcpctl prints them
	sed -n 's/.*switch to it: "\(.*\)"\.$/\1/p' "$said" | sed "s|FILE|$1|g"
}
# The kernel refuses the new module, because the file has no ELF header.
fails_halfway() {
	local command
	vdhcpctl dump >/run/before.json && command=$(print_switch /run/kept.json) && [ -n "$command" ] || return
	cp "$ko" /run/next.ko && echo "no module" >"$ko" || return
	! bash -c "$command" && ! is_loaded && cmp /run/before.json /run/kept.json
}
check "a switch that fails halfway leaves the configuration in the file" fails_halfway
continues_switch() {
	cp /run/next.ko "$ko" && modprobe vdhcp && vdhcpctl sync /run/kept.json &&
		same "$next" </sys/module/vdhcp/version && vdhcpctl dump | cmp - /run/before.json
}
check "the switch can be continued from the failed step" continues_switch
older_tool() {
	vdhcpctl port show >/dev/null 2>"$said" &&
		says "Warning: vdhcpctl is version $version and the module is version $next; install vdhcp-tools and vdhcp-dkms of one version."
}
check "vdhcpctl warns of a module of another version, and names both" older_tool
switches_back() {
	put_module vdhcp.ko && vdhcpctl port show >/dev/null 2>"$said" &&
		bash -c "$(print_switch /run/back.json)" && same "$version" </sys/module/vdhcp/version &&
		vdhcpctl dump | cmp - /run/before.json
}
check "the same commands switch back to the old module" switches_back
check "the old module is unloaded" unload_module

# ---- a module of another kernel -----------------------------------------------------------

# A kernel with modversions accepts any release if the symbols match, so the module is
# stripped of them. The other release has the same length, so that no offset changes.
other=6.0.${VDHCP_KVER#*.*.}
wrong_kernel() {
	[ "${#other}" -eq "${#VDHCP_KVER}" ] &&
		objcopy --remove-section __versions "$built/vdhcp-unsigned.ko" /run/other.ko &&
		LC_ALL=C sed "s/vermagic=$VDHCP_KVER /vermagic=$other /" /run/other.ko >"$ko" &&
		depmod && modprobe_says "Exec format error"
}
check "modprobe refuses a module of another kernel" wrong_kernel
check "vdhcpctl names the kernel that the module is for" fails_saying \
	"$ko is built for kernel $other, and $VDHCP_KVER runs: \"dkms build --force vdhcp/$version && dkms install --force vdhcp/$version\" rebuilds it."

# ---- signatures: these settings cannot be turned off until the VM ends --------------------------------

not_signed() { # RULE
	fails_saying "the kernel takes only signed modules ($1), and $ko is not signed: \"dkms build --force vdhcp/$version && dkms install --force vdhcp/$version\" signs it, or says why it cannot."
}
not_known() { # RULE
	fails_saying "the kernel takes only modules whose signer it knows ($1), and did not take $ko, signed by \"$(modinfo -F signer vdhcp)\": run \"mokutil --import /var/lib/dkms/mok.pub\", reboot, and confirm the key."
}
# DKMS creates the key at its first build, which did not happen in this VM.
cp "$built/mok.pub" /var/lib/dkms/

lockdown() { echo integrity >/sys/kernel/security/lockdown; }
check "lockdown is turned on" lockdown
check "a module without signature is installed" put_module vdhcp-unsigned.ko
check "lockdown: messages of modprobe and kernel, not signed" modprobe_and_log_say \
	"could not insert 'vdhcp': Operation not permitted" "Lockdown: modprobe: unsigned module loading is restricted"
check "lockdown: message of vdhcpctl, not signed" not_signed lockdown
check "a module that DKMS signed is installed" put_module vdhcp.ko
check "lockdown: messages of modprobe and kernel, unknown key" modprobe_and_log_say \
	"could not insert 'vdhcp': Operation not permitted" "Lockdown: modprobe: unsigned module loading is restricted"
check "lockdown: message of vdhcpctl, unknown key" not_known lockdown

sig_enforce() { echo 1 >/sys/module/module/parameters/sig_enforce; }
check "module.sig_enforce is turned on" sig_enforce
check "sig_enforce: messages of modprobe and kernel, unknown key" modprobe_and_log_say \
	"could not insert 'vdhcp': Key was rejected by service" "Loading of module with unavailable key is rejected"
check "sig_enforce: message of vdhcpctl, unknown key" not_known module.sig_enforce
check "a module without signature is installed again" put_module vdhcp-unsigned.ko
check "sig_enforce: messages of modprobe and kernel, not signed" modprobe_and_log_say \
	"could not insert 'vdhcp': Key was rejected by service" "Loading of unsigned module is rejected"
check "sig_enforce: message of vdhcpctl, not signed" not_signed module.sig_enforce

disable_modules() { echo 1 >/proc/sys/kernel/modules_disabled; }
check "module loading is disabled" disable_modules
check "vdhcpctl says that loading needs a reboot" fails_saying \
	"vdhcp is not loaded, and the kernel takes no more modules until the next boot (kernel.modules_disabled)."
echo "# all checks ran"
