// SPDX-License-Identifier: GPL-2.0
/*
 * What frames are made of, the plainest of them, and the taps they are written into.
 * Guest N has the MAC address 00:00:5e:00:53:N and in subnet S the address
 * 198.18.S.(10 + N): churn.py configures its ports to match, most of the time.
 *
 * Needs none of the others, for there are tests that want a tap and nothing else.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "frames.h"
#include "make.h"

/* One of several streams of the same seed. */
void rng_seed(struct rng *rng, uint64_t seed, unsigned int stream)
{
	rng->state = (seed + stream + 1) * 0x9e3779b97f4a7c15;
	rng->state |= !rng->state;
}

/* A number below @n (xorshift64*). */
uint32_t rng_below(struct rng *rng, uint32_t n)
{
	rng->state ^= rng->state >> 12;
	rng->state ^= rng->state << 25;
	rng->state ^= rng->state >> 27;
	return (uint32_t)((rng->state * 0x2545f4914f6cdd1d) >> 32) % n;
}

bool one_in(struct rng *rng, uint32_t n)
{
	return !rng_below(rng, n);
}

void fill(struct rng *rng, uint8_t *p, size_t len)
{
	uint32_t number;

	for (; len > 3; p += 4, len -= 4) {
		number = rng_below(rng, ANY);
		memcpy(p, &number, 4);
	}
	while (len--)
		*p++ = (uint8_t)rng_below(rng, 256);
}

void put_mac(uint8_t *p, unsigned int guest)
{
	static const uint8_t prefix[] = { 0x00, 0x00, 0x5e, 0x00, 0x53 };

	memcpy(p, prefix, sizeof(prefix));
	p[sizeof(prefix)] = (uint8_t)guest;
}

/* The one that any port in mode "serve" answers. */
void frame_discover(struct frame *frame, unsigned int guest, bool vnet)
{
	static const uint8_t discover[] = { 53, 1, FRAME_DISCOVER };
	const size_t hdr = vnet ? VNET_LEN : 0;
	uint8_t mac[FRAME_MAC_LEN];
	struct frame_desc desc;

	put_mac(mac, guest);
	frame_desc_request(&desc, mac);
	desc.num[FRAME_XID] = 0x5e005300 | guest;
	desc.options = (struct frame_span){ discover, sizeof(discover) };
	memset(frame->buf, 0, hdr);
	frame->len = hdr + frame_build(&desc, frame->buf + hdr, FRAME_ROOM - VNET_LEN);
	frame->n_cuts = 0;
	frame->kinds = 0;
}

/* Is it the answer to frame_discover() of @guest? */
bool frame_is_offer(const uint8_t *buf, size_t len, bool vnet, unsigned int guest)
{
	const size_t at = (vnet ? VNET_LEN : 0) + FRAME_ETH_LEN + FRAME_IP_LEN + FRAME_UDP_LEN;
	uint8_t xid[4];

	frame_put32(xid, 0x5e005300 | guest);
	return len > at + FRAME_OPTIONS_AT + 3 && buf[at] == 2 && !memcmp(buf + at + 4, xid, 4) &&
	       buf[at + FRAME_OPTIONS_AT] == 53 && buf[at + FRAME_OPTIONS_AT + 2] == FRAME_OFFER;
}

/* In the pieces that it has; as write(). */
ssize_t frame_write(int fd, const struct frame *frame)
{
	struct iovec pieces[FRAME_CUTS + 1];
	size_t from = 0, to;
	unsigned int i;

	if (!frame->n_cuts)
		return write(fd, frame->buf, frame->len);
	for (i = 0; i <= frame->n_cuts; i++, from = to) {
		to = i < frame->n_cuts ? frame->cuts[i] : frame->len;
		pieces[i].iov_base = (void *)(frame->buf + from);
		pieces[i].iov_len = to - from;
	}
	return writev(fd, pieces, (int)i);
}

/* For this thread; @name as "ip netns add" made it. */
void enter_netns(const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(1, "%s", path);
	close(fd);
}

/* As ioctl(), of a device of the namespace of this thread. */
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

/* The headers of frames in pieces are then where the pieces are, and not put together. */
static void turn_gro_off(const char *name)
{
	struct ethtool_value value = { .cmd = ETHTOOL_SGRO };
	struct ifreq ifr = { .ifr_data = (void *)&value };

	if (device_ioctl(name, SIOCETHTOOL, &ifr))
		err(1, "GRO of %s", name);
}

/* In the namespace of this thread; -1 and errno if that cannot be. */
int open_tap(const char *name, unsigned int tap)
{
	short flags = (short)(IFF_TAP | IFF_NO_PI | (tap & TAP_VNET ? IFF_VNET_HDR : 0) |
			      (tap & TAP_FRAGS ? IFF_NAPI | IFF_NAPI_FRAGS : 0));
	struct ifreq ifr = { .ifr_flags = flags };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		err(1, "/dev/net/tun");
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	if (!ioctl(fd, TUNSETIFF, &ifr) &&
	    (!(tap & TAP_VNET) || !ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM))) {
		if (tap & TAP_NO_GRO)
			turn_gro_off(name);
		return fd;
	}
	close(fd);
	return -1;
}

/* It may have gone meanwhile. */
void set_up(const char *name)
{
	struct ifreq ifr = { .ifr_flags = 0 };

	if (device_ioctl(name, SIOCGIFFLAGS, &ifr))
		return;
	ifr.ifr_flags |= IFF_UP;
	if (device_ioctl(name, SIOCSIFFLAGS, &ifr))
		warn("%s up", name);
}
