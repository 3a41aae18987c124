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
#include <linux/if_ether.h>
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

unsigned int get16(const uint8_t *p)
{
	return (unsigned int)p[0] << 8 | p[1];
}

void put16(uint8_t *p, unsigned int value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

void put32(uint8_t *p, uint32_t value)
{
	put16(p, value >> 16);
	put16(p + 2, value & 0xffff);
}

void put_mac(uint8_t *p, unsigned int guest)
{
	static const uint8_t prefix[] = { 0x00, 0x00, 0x5e, 0x00, 0x53 };

	memcpy(p, prefix, sizeof(prefix));
	p[sizeof(prefix)] = (uint8_t)guest;
}

/* Of at most 64 KiB: so many words do not overflow. */
uint32_t sum_up(const uint8_t *p, size_t len, uint32_t sum)
{
	for (; len > 1; p += 2, len -= 2)
		sum += get16(p);
	return len ? sum + (uint32_t)(p[0] << 8) : sum;
}

unsigned int fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum >> 16) + (sum & 0xffff);
	return sum;
}

/* The one that any port in mode "serve" answers. */
void frame_discover(struct frame *frame, unsigned int guest, bool vnet)
{
	const size_t len = OPTIONS + 60;
	uint8_t *eth = frame->buf + (vnet ? VNET_LEN : 0);
	uint8_t *ip = eth + ETH_HLEN, *udp = ip + IP_LEN, *dhcp = udp + UDP_LEN;

	frame->len = (size_t)(dhcp - frame->buf) + len;
	frame->n_cuts = 0;
	frame->kinds = 0;
	memset(frame->buf, 0, frame->len);
	memset(eth, 0xff, ETH_ALEN);
	put_mac(eth + ETH_ALEN, guest);
	put16(eth + MACS, ETH_P_IP);
	dhcp[0] = 1;
	dhcp[1] = 1;
	dhcp[2] = ETH_ALEN;
	put32(dhcp + 4, 0x5e005300 | guest);
	put_mac(dhcp + 28, guest);
	put32(dhcp + BOOTP_LEN, 0x63825363);
	memcpy(dhcp + OPTIONS, "\x35\x01\x01\xff", 4);
	ip[0] = 0x45;
	put16(ip + 2, (unsigned int)(IP_LEN + UDP_LEN + len));
	ip[8] = 64;
	ip[9] = IPPROTO_UDP;
	put32(ip + 16, ANY);
	put16(ip + 10, ~fold(sum_up(ip, IP_LEN, 0)) & 0xffff);
	put16(udp, 68);
	put16(udp + 2, 67);
	put16(udp + 4, (unsigned int)(UDP_LEN + len));
	put16(udp + 6, ~fold(sum_up(udp, UDP_LEN + len, sum_up(ip + 12, 8, (uint32_t)
			(IPPROTO_UDP + UDP_LEN + len)))) & 0xffff);
}

/* Is it the answer to frame_discover() of @guest? */
bool frame_is_offer(const uint8_t *buf, size_t len, bool vnet, unsigned int guest)
{
	const size_t at = (vnet ? VNET_LEN : 0) + ETH_HLEN + IP_LEN + UDP_LEN;
	uint8_t xid[4];

	put32(xid, 0x5e005300 | guest);
	return len > at + OPTIONS + 3 && buf[at] == 2 && !memcmp(buf + at + 4, xid, 4) &&
	       buf[at + OPTIONS] == 53 && buf[at + OPTIONS + 2] == OFFER;
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
