// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tap.h"

/**
 * enter_netns() - move this thread into a network namespace
 * @netns: its name, as "ip netns" knows it, or a path
 */
void enter_netns(const char *netns)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s%s", strchr(netns, '/') ? "" : "/run/netns/", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(1, "%s", path);
	close(fd);
}

/**
 * device_ioctl() - ioctl() for a device in this thread's network namespace
 * @name: of the device
 * @request: SIOC*
 * @ifr: argument; its name is filled in
 *
 * Return: that of ioctl().
 */
int device_ioctl(const char *name, unsigned long request, struct ifreq *ifr)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), status;

	if (fd < 0)
		err(1, "socket");
	snprintf(ifr->ifr_name, sizeof(ifr->ifr_name), "%s", name);
	status = ioctl(fd, request, ifr);
	close(fd);
	return status;
}

static void turn_gro_off(const char *name)
{
	struct ethtool_value value = { .cmd = ETHTOOL_SGRO };
	struct ifreq ifr = { .ifr_data = (void *)&value };

	if (device_ioctl(name, SIOCETHTOOL, &ifr))
		err(1, "GRO of %s", name);
}

/**
 * open_tap() - attach to a tap, which is created if it does not exist
 * @name: of the tap, in this thread's network namespace
 * @flags: enum tap_flags
 *
 * Return: file descriptor that does not block; -1, with errno set, if the kernel refuses.
 */
int open_tap(const char *name, unsigned int flags)
{
	short mode = (short)(IFF_TAP | IFF_NO_PI | (flags & TAP_VNET ? IFF_VNET_HDR : 0) |
			     (flags & TAP_FRAGS ? IFF_NAPI | IFF_NAPI_FRAGS : 0));
	struct ifreq ifr = { .ifr_flags = mode };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	int hdr = sizeof(struct virtio_net_hdr);

	if (fd < 0)
		err(1, "/dev/net/tun");
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	/* As QEMU does for a guest with checksum offload, so that sums may be partial. */
	if (!ioctl(fd, TUNSETIFF, &ifr) &&
	    (!(flags & TAP_VNET) || (!ioctl(fd, TUNSETVNETHDRSZ, &hdr) &&
				     !ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM)))) {
		if (flags & TAP_NO_GRO)
			turn_gro_off(name);
		return fd;
	}
	close(fd);
	return -1;
}

/**
 * set_device_up() - set a device up
 * @name: of the device, which may be gone
 */
void set_device_up(const char *name)
{
	struct ifreq ifr = { .ifr_flags = 0 };

	if (device_ioctl(name, SIOCGIFFLAGS, &ifr))
		return;
	ifr.ifr_flags |= IFF_UP;
	if (device_ioctl(name, SIOCSIFFLAGS, &ifr))
		warn("%s up", name);
}
