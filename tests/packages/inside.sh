#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# inside.sh KERNEL VERSION NEXT, in the root that overlay.sh made: install, upgrade,
# remove. The tests depend on one another, so their order matters. Modules that DKMS
# built are copied to built/, for vm.sh.
set -uo pipefail
cd /tmp || exit
# shellcheck source=tests/packages/lib.sh
. packages/lib.sh

kver=$1 version=$2 next=$3
arch=$(dpkg --print-architecture)
ko=/lib/modules/$kver/updates/dkms/vdhcp.ko

# ---- a machine without any trace of vdhcp ----------------------------

prepare_machine() {
	printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
	chmod +x /usr/sbin/policy-rc.d
	dpkg --purge vdhcp-dkms vdhcp-tools
	rm -rf /var/lib/dkms/* /usr/src/vdhcp-* /etc/dkms/no-autoinstall
	find /lib/modules -name 'vdhcp.ko*' -delete
	# DKMS also builds for the newest kernel, which it finds by these files.
	rm -f /boot/config-* /var/lib/man-db/auto-update
	rm -rf /usr/share/update-notifier /etc/kernel/postinst.d/unattended-upgrades
	depmod "$kver"
	# Fakes that record each attempt to load or unload a module.
	for tool in modprobe insmod rmmod; do
		rm -f /sbin/$tool
		printf '#!/bin/sh\necho "%s $*" >>/tmp/modules\n' $tool >/sbin/$tool
		chmod +x /sbin/$tool
	done
	: >/tmp/modules
	# Maintainer scripts must find a running systemd. Fakes record their requests to it;
	# commands that only change files are executed.
	mv /usr/bin/systemctl /usr/bin/systemctl.real
	for tool in deb-systemd-invoke systemctl; do
		printf '#!/bin/sh\necho "%s $*" >>/tmp/systemd\n' $tool >/usr/bin/$tool.fake
		mv -f /usr/bin/$tool.fake /usr/bin/$tool
		chmod +x /usr/bin/$tool
	done
	cat >>/usr/bin/systemctl <<-'E'
		case "$*" in
		*preset* | *enable* | *disable*) exec systemctl.real "$@" ;;
		esac
	E
	mkdir -p /run/systemd/system
}

# List all files that a purge of the packages may miss, without logs and caches of apt and
# dpkg, and without the key that DKMS creates once for all of its modules.
list_files() {
	find /etc /usr /opt /srv /boot /run /var/lib -xdev \
		\( -path /run/test -o -path /run/systemd -o -path /var/lib/dpkg -o -path /var/lib/apt \) -prune \
		-o ! -path '/var/lib/dkms/mok.*' -printf '%p %y\n' | sort
}

list_debs() { # VERSION
	local dir=/run/test/next/build/deb
	[ "$1" = "$next" ] || dir=/run/test/debs
	echo "$dir/vdhcp-dkms_$1_all.deb" "$dir/vdhcp-tools_$1_$arch.deb"
}

apt_install() { # VERSION
	# shellcheck disable=SC2046 # two words
	apt-get install -y --no-install-recommends $(list_debs "$1") >/tmp/apt.log 2>&1 || {
		cat /tmp/apt.log
		return 1
	}
}

set_loaded() { # [VERSION]: fake the loaded module, without VERSION none
	rm -rf /sys/module/vdhcp
	[ -z "${1-}" ] || { mkdir /sys/module/vdhcp && echo "$1" >/sys/module/vdhcp/version; }
}

installed_for_kernel() { # VERSION
	dkms status -m vdhcp | same "vdhcp/$1, $kver, $(uname -m): installed" || return
	compgen -G "$ko*" || return
	modinfo -k "$kver" -n vdhcp | grep "^$ko" || return
	modinfo -k "$kver" -F version vdhcp | same "$1"
}

no_file_left() { list_files | same "$(cat /tmp/before)"; }
untouched() { same "" </tmp/modules; }
says() { grep -F -- "$1" /tmp/said; }
count_hints() { # NUMBER of lines in /tmp/said about a newer module
	same "$1" < <(grep -c 'is installed, but .* is loaded' /tmp/said)
}

check "the machine is prepared" prepare_machine
list_files >/tmp/before

# ---- install ------------------------------------------------------------------

check "apt installs both packages" apt_install "$version"
cp /tmp/apt.log /tmp/said
check "DKMS built and installed the module" installed_for_kernel "$version"

is_signed() { modinfo -k "$kver" -F signer vdhcp | grep . && [ -s /var/lib/dkms/mok.pub ]; }
check "the module is signed with the key of mok.pub" is_signed
keep_module() { # NAME: of the copy, once as DKMS built it and once without signature
	cp "$ko" "/run/test/built/$1.ko" && objcopy "$ko" "/run/test/built/$1-unsigned.ko" &&
		cp /var/lib/dkms/mok.pub /run/test/built/
}
check "the module is kept for the VM" keep_module vdhcp
alias_there() { modinfo -k "$kver" -F alias vdhcp | grep -x 'net-pf-16-proto-16-family-vdhcp'; }
check "the module has the alias of its netlink family" alias_there

tools_there() {
	local file
	vdhcpctl -V | grep -F "$version" || return
	for file in /usr/sbin/vdhcpctl /usr/share/man/man8/vdhcpctl.8.gz \
		/usr/share/man/man5/vdhcp.json.5.gz /usr/share/man/man7/vdhcp-verdicts.7.gz \
		/usr/share/ynl/specs/vdhcp.yaml \
		/usr/share/bash-completion/completions/vdhcpctl /usr/share/vdhcp/vdhcp.schema.json; do
		dpkg -L vdhcp-tools | grep -x "$file" && [ -s "$file" ] || return
	done
}
check "vdhcpctl, man pages, completion and interface descriptions are installed" tools_there
# The package contains the files that the build needs, and no others.
source_only() {
	find "/usr/src/vdhcp-$version" -type f ! -name '*.[ch]' -printf '%f\n' | sort |
		same "Kbuild
dkms.conf"
}
check "DKMS has the module's source, and no tests" source_only
skips_kernel() { # KERNEL CONFIG...: DKMS skips the kernel and does not fail
	local kernel=$1 status
	shift
	mkdir -p "/lib/modules/$kernel/build/include"
	printf '%s=y\n' "$@" >"/lib/modules/$kernel/build/.config"
	dkms build "vdhcp/$version" -k "$kernel"
	status=$?
	rm -rf "/lib/modules/$kernel"
	[ "$status" -eq 77 ]
}
check "a kernel without the ingress hook is skipped" \
	skips_kernel 6.1.0-98-amd64 CONFIG_NET CONFIG_INET
check "a kernel before 5.10 is skipped" \
	skips_kernel 5.4.0-98-amd64 CONFIG_NET CONFIG_INET CONFIG_NETFILTER_INGRESS
unit_there() {
	ls -l /lib/systemd/system/vdhcp.service \
		/etc/systemd/system/multi-user.target.wants/vdhcp.service &&
		grep 'start vdhcp.service' /tmp/systemd
}
check "the unit is installed, enabled and started" unit_there
mutual() {
	dpkg-query -W -f '${Recommends}\n' vdhcp-dkms | grep vdhcp-tools &&
		dpkg-query -W -f '${Recommends}\n' vdhcp-tools | grep vdhcp-dkms
}
check "each package recommends the other" mutual
check "without a loaded module there is no hint about it" count_hints 0
refuses_package() {
	! make -s -C tree dkms-install >/tmp/said 2>&1 && says "apt-get remove vdhcp-dkms"
}
check "dkms-install refuses to replace a package's files" refuses_package

# ---- upgrade while a module is loaded ---------------------------------------------

set_loaded "$version"
: >/tmp/systemd
check "apt upgrades both packages" apt_install "$next"
left_alone() { ! grep -E ' (stop|restart|try-restart|reload) ' /tmp/systemd; }
check "no unit is stopped" left_alone
cp /tmp/apt.log /tmp/said
check "DKMS has the new module only" installed_for_kernel "$next"
check "the new module is kept for the VM" keep_module next
old_gone() { [ ! -e "/usr/src/vdhcp-$version" ] && [ ! -e "/var/lib/dkms/vdhcp/$version" ]; }
check "the old source is removed" old_gone
check "one line says that a newer module is installed" count_hints 1
prints_switch() {
	says "vdhcp $next is installed, but $version is loaded" &&
		says "vdhcpctl dump >FILE && modprobe -r vdhcp && modprobe vdhcp && vdhcpctl sync FILE"
}
check "the line says how to switch" prints_switch

# The commands that vdhcpctl prints.
signs_again() {
	cp /run/test/built/next-unsigned.ko "$ko"
	! is_signed || return
	dkms build --force "vdhcp/$next" && dkms install --force "vdhcp/$next" && is_signed
}
check "the commands that vdhcpctl prints for an unsigned module sign it" signs_again
builds_again() {
	dkms unbuild "vdhcp/$next" --all && [ ! -e "$ko" ] || return
	dkms autoinstall && installed_for_kernel "$next"
}
check "the command that vdhcpctl prints for a missing module builds it" builds_again

# The module is built now; skip the build in postinst from here on.
touch /etc/dkms/no-autoinstall
run_postinst() { /var/lib/dpkg/info/vdhcp-dkms.postinst configure "$version" >/tmp/said 2>&1; }
prints_no_hint() { # LOADED
	set_loaded "$1"
	run_postinst && count_hints 0
}
check "there is no hint if the installed version is loaded" prints_no_hint "$next"
check "there is no hint if no module is loaded" prints_no_hint ""
set_loaded "$version"
no_reboot() { run_postinst && [ ! -e /run/reboot-required ]; }
check "without a reboot notifier no reboot is requested" no_reboot
reboot_file() {
	: >/etc/kernel/postinst.d/unattended-upgrades
	run_postinst && run_postinst && [ -e /run/reboot-required ] &&
		same vdhcp-dkms </run/reboot-required.pkgs
}
mkdir -p /etc/kernel/postinst.d
check "unattended-upgrades finds the package in /run/reboot-required.pkgs, once" reboot_file
reboot_hook() {
	mkdir -p /usr/share/update-notifier
	printf '#!/bin/sh\n: >/run/hook-was-called\n' >/usr/share/update-notifier/notify-reboot-required
	chmod +x /usr/share/update-notifier/notify-reboot-required
	run_postinst && [ -e /run/hook-was-called ]
}
check "update-notifier is called" reboot_hook
rm -rf /etc/dkms/no-autoinstall /etc/kernel/postinst.d/unattended-upgrades \
	/usr/share/update-notifier /run/reboot-required* /run/hook-was-called

# ---- remove, purge ----------------------------------------------------------------

dpkg-query -W -f '${Conffiles}\n' vdhcp-dkms vdhcp-tools | awk 'NF { print $1 }' >/tmp/conffiles
remove_packages() {
	apt-get remove -y vdhcp-dkms vdhcp-tools || return
	dkms status -m vdhcp | same "" || return
	! compgen -G "$ko*" && ! compgen -G '/usr/src/vdhcp-*' || return
	xargs -r ls </tmp/conffiles
}
check "remove deletes the module and keeps configuration files" remove_packages
purge_packages() { dpkg --purge vdhcp-dkms vdhcp-tools && no_file_left; }
check "purge leaves no file" purge_packages
check "no package loads or unloads a module" untouched
set_loaded ""

# ---- without packages: make dkms-install, make dkms-remove ---------------------------

refuses() { # SENTENCE COMMAND...
	local sentence=$1
	shift
	! "$@" >/tmp/said 2>&1 && says "$sentence" && no_file_left &&
		same "make dkms-install: " < <(grep -o '^make dkms-install: ' /tmp/said) &&
		same "" < <(grep -v '^make' /tmp/said)
}
dkms_install() { make -s -C tree dkms-install; }
no_headers() { FAKE_RELEASE=6.1.0-99-amd64 dkms_install; }
check "without headers the message names their package" refuses \
	"install them with: apt-get install linux-headers-6.1.0-99-amd64" no_headers
no_dkms() {
	mv /usr/sbin/dkms /usr/sbin/dkms.away
	dkms_install
	local status=$?
	mv /usr/sbin/dkms.away /usr/sbin/dkms
	return $status
}
check "without DKMS the message says so" refuses "apt-get install dkms" no_dkms
as_unprivileged() { setpriv --reuid=65534 --clear-groups make -s -C tree dkms-install; }
check "without root the message says so" refuses "run it as root" as_unprivileged

# As left by an install that failed halfway, or by an older checkout.
add_old() { make -s -C tree dkms-source VERSION=0.0.9 && dkms add vdhcp/0.0.9; }
check "an older version is in DKMS, not built" add_old
installs() { dkms_install && installed_for_kernel "$version" && [ ! -e /usr/src/vdhcp-0.0.9 ]; }
check "make dkms-install replaces the older version" installs
removes() { make -s -C tree dkms-remove && no_file_left; }
check "make dkms-remove leaves no file" removes
check "no module was loaded or unloaded" untouched
