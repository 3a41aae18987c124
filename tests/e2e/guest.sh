#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# The first process of a guest; it turns namespaces into a machine. /etc and the clients'
# directories are the guest's own, so "/etc/resolv.conf" is the guest's, and clients run as
# their distribution configures them.
dir=$1

etc=$dir/etc
mkdir -p "$dir/run" "$dir/lib" "$dir/work" "$etc/udhcpc" "$etc/dhcp/dhclient-exit-hooks.d" || exit
hostname localhost
ip link set lo up
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
: >"$etc/resolv.conf"

cat >"$etc/dhcp/dhclient-exit-hooks.d/zz-e2e" <<'E2E'
set >/run/lease
echo "$reason $new_ip_address" >>/run/events
E2E
cp "$etc/dhcp/dhclient-exit-hooks.d/zz-e2e" "$etc/dhcpcd.exit-hook"

# Debian's script does the work. This one adds what Debian's udhcpc does not request by
# default: classless routes (which replace the router), the search list and the host name.
cat >"$etc/udhcpc/e2e.script" <<'E2E'
#!/bin/busybox sh
/etc/udhcpc/default.script "$@" || exit
case $1 in
bound | renew)
	set_routes() {
		while [ $# -ge 2 ]; do
			ip -4 route replace "$1" via "$2" dev "$interface"
			shift 2
		done
	}
	[ -z "$staticroutes" ] || set_routes $staticroutes
	[ -z "$search" ] || echo "search $search" >>/etc/resolv.conf
	[ -z "$hostname" ] || hostname "$hostname"
	;;
esac
set >/run/lease
echo "$1 $ip" >>/run/events
E2E
chmod 755 "$etc/udhcpc/e2e.script"

mount -t overlay -o "lowerdir=/etc,upperdir=$etc,workdir=$dir/work" etc /etc || exit
mkdir -p /var/lib/dhcpcd
mount --bind "$dir/lib" /var/lib/dhcp || exit
mount --bind "$dir/lib" /var/lib/dhcpcd || exit
mount --bind "$dir/run" /run || exit
: >/run/ready
while :; do
	sleep 1000
done
