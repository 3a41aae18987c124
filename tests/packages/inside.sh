#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# inside.sh KERNEL VERSION NEXT, in the root that overlay.sh made: install, upgrade,
# remove. The tests build on one another, so their order matters. What DKMS built
# is left in built/, for vm.sh.
set -uo pipefail
cd /tmp || exit
# shellcheck source=tests/packages/lib.sh
. packages/lib.sh

kver=$1 version=$2 next=$3
arch=$(dpkg --print-architecture)
ko=/lib/modules/$kver/updates/dkms/vdhcp.ko

# ---- the machine as if it never had heard of vdhcp ----------------------------

prepare() {
	printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
	chmod +x /usr/sbin/policy-rc.d
	dpkg --purge vdhcp-dkms vdhcp-tools
	rm -rf /var/lib/dkms/* /usr/src/vdhcp-* /etc/dkms/no-autoinstall
	find /lib/modules -name 'vdhcp.ko*' -delete
	# DKMS builds for the newest kernel too, and looks here for which that is.
	rm -f /boot/config-* /var/lib/man-db/auto-update
	rm -rf /usr/share/update-notifier /etc/kernel/postinst.d/unattended-upgrades
	depmod "$kver"
	# Whoever loads or unloads a module is written down and does not.
	for tool in modprobe insmod rmmod; do
		rm -f /sbin/$tool
		printf '#!/bin/sh\necho "%s $*" >>/tmp/modules\n' $tool >/sbin/$tool
		chmod +x /sbin/$tool
	done
	: >/tmp/modules
	# Maintainer scripts are to think that systemd runs. What they would have it do is
	# written down as well; what is done in files is done.
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

# All that packages could leave, but for the logs and caches of apt and dpkg, and
# the key that DKMS makes once for all of its modules.
machine() {
	find /etc /usr /opt /srv /boot /run /var/lib -xdev \
		\( -path /run/test -o -path /run/systemd -o -path /var/lib/dpkg -o -path /var/lib/apt \) -prune \
		-o ! -path '/var/lib/dkms/mok.*' -printf '%p %y\n' | sort
}

debs() { # VERSION
	local dir=/run/test/next/build/deb
	[ "$1" = "$next" ] || dir=/run/test/debs
	echo "$dir/vdhcp-dkms_$1_all.deb" "$dir/vdhcp-tools_$1_$arch.deb"
}

apt_install() { # VERSION
	# shellcheck disable=SC2046 # two words
	apt-get install -y --no-install-recommends $(debs "$1") >/tmp/apt.log 2>&1 || {
		cat /tmp/apt.log
		return 1
	}
}

loaded() { # VERSION: of the module that the kernel has, none without
	rm -rf /sys/module/vdhcp
	[ -z "${1-}" ] || { mkdir /sys/module/vdhcp && echo "$1" >/sys/module/vdhcp/version; }
}

installed_for_kernel() { # VERSION
	dkms status -m vdhcp | same "vdhcp/$1, $kver, $(uname -m): installed" || return
	compgen -G "$ko*" || return
	modinfo -k "$kver" -n vdhcp | grep "^$ko" || return
	modinfo -k "$kver" -F version vdhcp | same "$1"
}

nothing_left() { machine | same "$(cat /tmp/before)"; }
untouched() { same "" </tmp/modules; }
says() { grep -F -- "$1" /tmp/said; }
sentences() { # NUMBER: how many lines of /tmp/said tell of a newer module
	same "$1" < <(grep -c 'is installed, but .* is loaded' /tmp/said)
}

check "the machine is made ready" prepare
machine >/tmp/before

# ---- install ------------------------------------------------------------------

check "apt installs both packages" apt_install "$version"
cp /tmp/apt.log /tmp/said
check "DKMS has built and installed the module" installed_for_kernel "$version"

signed() { modinfo -k "$kver" -F signer vdhcp | grep . && [ -s /var/lib/dkms/mok.pub ]; }
check "the module is signed, with the key that mok.pub belongs to" signed
keep() { # NAME: what DKMS has built, and without what it signed it with
	cp "$ko" "/run/test/built/$1.ko" && objcopy "$ko" "/run/test/built/$1-unsigned.ko" &&
		cp /var/lib/dkms/mok.pub /run/test/built/
}
check "the module is kept for the VM" keep vdhcp
alias_there() { modinfo -k "$kver" -F alias vdhcp | grep -x 'net-pf-16-proto-16-family-vdhcp'; }
check "the module's alias has the kernel load it for its netlink family" alias_there

tools_there() {
	local file
	vdhcpctl -V | grep -F "$version" || return
	for file in /usr/sbin/vdhcpctl /usr/share/man/man8/vdhcpctl.8.gz \
		/usr/share/man/man5/vdhcp.json.5.gz /usr/share/ynl/specs/vdhcp.yaml \
		/usr/share/bash-completion/completions/vdhcpctl /usr/share/vdhcp/vdhcp.schema.json; do
		dpkg -L vdhcp-tools | grep -x "$file" && [ -s "$file" ] || return
	done
}
check "vdhcpctl, its pages, completion and interfaces are there" tools_there
# Nothing that the build could do without: the module is built from it as it is.
source_only() {
	find "/usr/src/vdhcp-$version" -type f ! -name '*.[ch]' -printf '%f\n' | sort |
		same "Kbuild
dkms.conf"
}
check "DKMS has the module's source, and no tests" source_only
passed_over() { # KERNEL CONFIG...: DKMS does not even try, and fails no upgrade
	local kernel=$1 status
	shift
	mkdir -p "/lib/modules/$kernel/build/include"
	printf '%s=y\n' "$@" >"/lib/modules/$kernel/build/.config"
	dkms build "vdhcp/$version" -k "$kernel"
	status=$?
	rm -rf "/lib/modules/$kernel"
	[ "$status" -eq 77 ]
}
check "a kernel without the ingress hook is passed over" \
	passed_over 6.1.0-98-amd64 CONFIG_NET CONFIG_INET
check "a kernel before 5.10 is passed over" \
	passed_over 5.4.0-98-amd64 CONFIG_NET CONFIG_INET CONFIG_NETFILTER_INGRESS
unit_there() {
	ls -l /lib/systemd/system/vdhcp.service \
		/etc/systemd/system/multi-user.target.wants/vdhcp.service &&
		grep 'start vdhcp.service' /tmp/systemd
}
check "the unit is there, enabled and started" unit_there
mutual() {
	dpkg-query -W -f '${Recommends}\n' vdhcp-dkms | grep vdhcp-tools &&
		dpkg-query -W -f '${Recommends}\n' vdhcp-tools | grep vdhcp-dkms
}
check "each package recommends the other" mutual
check "nothing is said of a module when none is loaded" sentences 0
refuses_package() {
	! make -s -C tree dkms-install >/tmp/said 2>&1 && says "apt-get remove vdhcp-dkms"
}
check "dkms-install keeps its hands off a package's files" refuses_package

# ---- upgrade, below a loaded module ---------------------------------------------

loaded "$version"
: >/tmp/systemd
check "apt upgrades both packages" apt_install "$next"
left_alone() { ! grep -E ' (stop|restart|try-restart|reload) ' /tmp/systemd; }
check "no unit is stopped" left_alone
cp /tmp/apt.log /tmp/said
check "DKMS has the new module, and only that" installed_for_kernel "$next"
check "the new module is kept for the VM" keep next
old_gone() { [ ! -e "/usr/src/vdhcp-$version" ] && [ ! -e "/var/lib/dkms/vdhcp/$version" ]; }
check "the old source is gone" old_gone
check "one sentence tells that a newer module waits" sentences 1
how() {
	says "vdhcp $next is installed, but $version is loaded" &&
		says "vdhcpctl dump >FILE && modprobe -r vdhcp && modprobe vdhcp && vdhcpctl sync FILE"
}
check "and how to switch to it" how

# What vdhcpctl tells people to do.
built_anew() {
	cp /run/test/built/next-unsigned.ko "$ko"
	! signed || return
	dkms build --force "vdhcp/$next" && dkms install --force "vdhcp/$next" && signed
}
check "what vdhcpctl says to do about a module that is not signed signs it" built_anew
built_after_all() {
	dkms unbuild "vdhcp/$next" --all && [ ! -e "$ko" ] || return
	dkms autoinstall && installed_for_kernel "$next"
}
check "what vdhcpctl says to do about a module that is not built builds it" built_after_all

# From here on the module is built, so the rest of postinst can be had without.
touch /etc/dkms/no-autoinstall
postinst() { /var/lib/dpkg/info/vdhcp-dkms.postinst configure "$version" >/tmp/said 2>&1; }
quiet() { # LOADED
	loaded "$1"
	postinst && sentences 0
}
check "it is not said of the version that is loaded" quiet "$next"
check "nor when none is" quiet ""
loaded "$version"
no_reboot() { postinst && [ ! -e /run/reboot-required ]; }
check "no reboot is asked for where nobody would look" no_reboot
reboot_file() {
	: >/etc/kernel/postinst.d/unattended-upgrades
	postinst && postinst && [ -e /run/reboot-required ] &&
		same vdhcp-dkms </run/reboot-required.pkgs
}
mkdir -p /etc/kernel/postinst.d
check "unattended-upgrades finds the package in /run/reboot-required.pkgs, once" reboot_file
reboot_hook() {
	mkdir -p /usr/share/update-notifier
	printf '#!/bin/sh\n: >/run/hook-was-called\n' >/usr/share/update-notifier/notify-reboot-required
	chmod +x /usr/share/update-notifier/notify-reboot-required
	postinst && [ -e /run/hook-was-called ]
}
check "update-notifier is told" reboot_hook
rm -rf /etc/dkms/no-autoinstall /etc/kernel/postinst.d/unattended-upgrades \
	/usr/share/update-notifier /run/reboot-required* /run/hook-was-called

# ---- remove, purge ----------------------------------------------------------------

dpkg-query -W -f '${Conffiles}\n' vdhcp-dkms vdhcp-tools | awk 'NF { print $1 }' >/tmp/conffiles
remove() {
	apt-get remove -y vdhcp-dkms vdhcp-tools || return
	dkms status -m vdhcp | same "" || return
	! compgen -G "$ko*" && ! compgen -G '/usr/src/vdhcp-*' || return
	xargs -r ls </tmp/conffiles
}
check "remove takes the module and leaves configuration files" remove
purge() { dpkg --purge vdhcp-dkms vdhcp-tools && nothing_left; }
check "purge leaves nothing" purge
check "no package loads or unloads a module" untouched
loaded ""

# ---- without packages: make dkms-install, make dkms-remove ---------------------------

refuses() { # SENTENCE COMMAND...
	local sentence=$1
	shift
	! "$@" >/tmp/said 2>&1 && says "$sentence" && nothing_left &&
		same "make dkms-install: " < <(grep -o '^make dkms-install: ' /tmp/said) &&
		same "" < <(grep -v '^make' /tmp/said)
}
dkms_install() { make -s -C tree dkms-install; }
no_headers() { FAKE_RELEASE=6.1.0-99-amd64 dkms_install; }
check "without headers it says which package has them" refuses \
	"install them with: apt-get install linux-headers-6.1.0-99-amd64" no_headers
no_dkms() {
	mv /usr/sbin/dkms /usr/sbin/dkms.away
	dkms_install
	local status=$?
	mv /usr/sbin/dkms.away /usr/sbin/dkms
	return $status
}
check "without DKMS it says so" refuses "apt-get install dkms" no_dkms
as_nobody() { setpriv --reuid=65534 --clear-groups make -s -C tree dkms-install; }
check "without root it says so" refuses "run it as root" as_nobody

# What an install leaves that broke off, or that an older checkout made.
add_old() { make -s -C tree dkms-source VERSION=0.0.9 && dkms add vdhcp/0.0.9; }
check "an older version is in DKMS, not built" add_old
installs() { dkms_install && installed_for_kernel "$version" && [ ! -e /usr/src/vdhcp-0.0.9 ]; }
check "make dkms-install builds and installs, in its stead" installs
removes() { make -s -C tree dkms-remove && nothing_left; }
check "make dkms-remove undoes all of it" removes
check "and no module was loaded or unloaded" untouched
