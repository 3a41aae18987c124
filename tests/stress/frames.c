// SPDX-License-Identifier: GPL-2.0
/*
 * Frames as guests send them, right and wrong. Guest N has the MAC address
 * 00:00:5e:00:53:N and in subnet S the address 198.18.S.(10 + N): churn.py
 * configures its ports to match, most of the time.
 *
 * Everything here gets as far as the ingress hook once the tap has taken it. So
 * a tag is always whole: the core drops a frame that ends within one, and no
 * hook sees that.
 */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frames.h"

#define VNET_LEN	sizeof(struct virtio_net_hdr)
#define MACS		(2 * ETH_ALEN)
#define TAG		4
#define IP_LEN		20
#define UDP_LEN		8
#define BOOTP_LEN	236
#define ANY		0xffffffff

/* How many of each the configuration has; churn.py has the same numbers. */
#define SUBNETS		8

enum { DISCOVER = 1, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE, INFORM };

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

static bool one_in(struct rng *rng, uint32_t n)
{
	return !rng_below(rng, n);
}

static void put16(uint8_t *p, unsigned int value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

static void put32(uint8_t *p, uint32_t value)
{
	put16(p, value >> 16);
	put16(p + 2, value & 0xffff);
}

static void put_mac(uint8_t *p, unsigned int guest)
{
	static const uint8_t prefix[] = { 0x00, 0x00, 0x5e, 0x00, 0x53 };

	memcpy(p, prefix, sizeof(prefix));
	p[sizeof(prefix)] = (uint8_t)guest;
}

static void fill(struct rng *rng, uint8_t *p, size_t len)
{
	while (len--)
		*p++ = (uint8_t)rng_below(rng, 256);
}

static uint32_t sum_up(const uint8_t *p, size_t len, uint32_t sum)
{
	for (; len > 1; p += 2, len -= 2)
		sum += (uint32_t)(p[0] << 8 | p[1]);
	return len ? sum + (uint32_t)(p[0] << 8) : sum;
}

static unsigned int fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum >> 16) + (sum & 0xffff);
	return sum;
}

static uint32_t own_addr(unsigned int guest, unsigned int subnet)
{
	return 0xc6120000 | subnet << 8 | (10 + guest);
}

static uint32_t server_addr(struct rng *rng, unsigned int subnet)
{
	switch (rng_below(rng, 4)) {
	case 0:
		return 0xc6120000 | subnet << 8 | 254;
	case 1:
		return 0xa9fea9fe;
	default:
		return 0xc6120000 | subnet << 8 | 1;
	}
}

/**
 * struct message - a DHCP message before it is written
 * @type: option 53, 0 for none
 * @ciaddr: and so on: fields and options, 0 for none
 */
struct message {
	unsigned int type;
	uint32_t ciaddr;
	uint32_t src;
	uint32_t dst;
	uint32_t requested;
	uint32_t server;
	bool rapid;
};

static void choose_request(struct message *msg, struct rng *rng, uint32_t own, uint32_t server)
{
	switch (rng_below(rng, 4)) {
	case 0:		/* selecting */
		msg->requested = own;
		msg->server = server;
		break;
	case 1:		/* init-reboot */
		msg->requested = own;
		break;
	case 2:		/* renewing */
		msg->dst = server;
		msg->ciaddr = own;
		msg->src = own;
		break;
	default:	/* rebinding */
		msg->ciaddr = own;
		msg->src = own;
		break;
	}
}

static void choose(struct message *msg, struct rng *rng, unsigned int guest)
{
	static const uint8_t types[] = { DISCOVER, DISCOVER, DISCOVER, REQUEST, REQUEST, REQUEST,
					 REQUEST, INFORM, INFORM, DECLINE, RELEASE, OFFER };
	unsigned int subnet = rng_below(rng, SUBNETS);
	uint32_t own = own_addr(one_in(rng, 16) ? rng_below(rng, 200) : guest, subnet);
	uint32_t server = server_addr(rng, subnet);

	memset(msg, 0, sizeof(*msg));
	msg->type = one_in(rng, 24) ? rng_below(rng, 256) : types[rng_below(rng, sizeof(types))];
	msg->dst = ANY;
	switch (msg->type) {
	case DISCOVER:
		msg->rapid = one_in(rng, 3);
		break;
	case REQUEST:
		choose_request(msg, rng, own, server);
		break;
	case DECLINE:
		msg->requested = own;
		msg->server = server;
		break;
	case RELEASE:
		msg->server = server;
		msg->dst = server;
		msg->ciaddr = own;
		msg->src = own;
		break;
	case INFORM:
		msg->ciaddr = own;
		msg->src = own;
		msg->dst = one_in(rng, 2) ? server : ANY;
		break;
	default:
		break;
	}
}

static uint8_t *option32(uint8_t *p, uint8_t code, uint32_t value)
{
	if (!value)
		return p;
	*p++ = code;
	*p++ = 4;
	put32(p, value);
	return p + 4;
}

/* Any options in any order and number, some in pieces and some broken. */
static uint8_t *soup(uint8_t *p, struct rng *rng)
{
	static const uint8_t codes[] = { 0, 12, 50, 52, 54, 55, 55, 57, 60, 61, 77, 80, 81, 82, 93,
					 97, 108, 116, 118, 255 };
	unsigned int n = rng_below(rng, 12), len;

	while (n--) {
		*p = one_in(rng, 4) ? (uint8_t)rng_below(rng, 256) :
				      codes[rng_below(rng, sizeof(codes))];
		if (!*p++)
			continue;
		len = one_in(rng, 8) ? rng_below(rng, 64) : rng_below(rng, 9);
		*p++ = (uint8_t)(one_in(rng, 64) ? 255 : len);
		fill(rng, p, len);
		p += len;
	}
	return p;
}

static size_t put_message(uint8_t *p, struct rng *rng, const struct message *msg,
			  unsigned int guest)
{
	static const uint8_t basics[] = { 55, 8, 1, 3, 6, 15, 26, 51, 54, 121 };
	uint8_t *begin = p;

	memset(p, 0, BOOTP_LEN);
	p[0] = 1;
	p[1] = 1;
	p[2] = ETH_ALEN;
	fill(rng, p + 4, 4);
	put16(p + 10, one_in(rng, 2) ? 0x8000 : 0);
	put32(p + 12, msg->ciaddr);
	if (one_in(rng, 32))
		put32(p + 24, rng_below(rng, ANY));
	put_mac(p + 28, one_in(rng, 16) ? rng_below(rng, 256) : guest);
	p += BOOTP_LEN;
	put32(p, 0x63825363);
	p += 4;
	if (msg->type) {
		*p++ = 53;
		*p++ = 1;
		*p++ = (uint8_t)msg->type;
	}
	p = option32(p, 50, msg->requested);
	p = option32(p, 54, msg->server);
	if (msg->rapid) {
		*p++ = 80;
		*p++ = 0;
	}
	if (one_in(rng, 2)) {
		memcpy(p, basics, sizeof(basics));
		p += sizeof(basics);
	}
	if (one_in(rng, 3))
		p = soup(p, rng);
	*p++ = 255;
	return (size_t)(p - begin);
}

/* Around @len bytes that are there already; the sum is open if @partial. */
static void put_headers(uint8_t *ip, const struct message *msg, unsigned int dport, size_t len,
			bool partial)
{
	uint8_t *udp = ip + IP_LEN;
	uint32_t sum;

	memset(ip, 0, IP_LEN + UDP_LEN);
	ip[0] = 0x45;
	put16(ip + 2, (unsigned int)(IP_LEN + UDP_LEN + len));
	ip[8] = 64;
	ip[9] = IPPROTO_UDP;
	put32(ip + 12, msg->src);
	put32(ip + 16, msg->dst);
	put16(ip + 10, ~fold(sum_up(ip, IP_LEN, 0)) & 0xffff);
	put16(udp, dport == 68 ? 67 : 68);
	put16(udp + 2, dport);
	put16(udp + 4, (unsigned int)(UDP_LEN + len));
	sum = sum_up(ip + 12, 8, (uint32_t)(IPPROTO_UDP + UDP_LEN + len));
	if (!partial)
		sum = ~fold(sum_up(udp, UDP_LEN + len, sum)) & 0xffff;
	else
		sum = fold(sum);
	put16(udp + 6, sum ?: 0xffff);
}

static size_t put_udp(uint8_t *ip, struct rng *rng, unsigned int guest, bool partial)
{
	struct message msg;
	unsigned int dport = one_in(rng, 16) ? 68 : one_in(rng, 24) ? rng_below(rng, 65536) : 67;
	size_t len;

	choose(&msg, rng, guest);
	if (msg.type == OFFER)
		dport = 68;
	len = put_message(ip + IP_LEN + UDP_LEN, rng, &msg, guest);
	put_headers(ip, &msg, dport, len, partial);
	return IP_LEN + UDP_LEN + len;
}

static size_t put_arp(uint8_t *p, struct rng *rng, unsigned int guest)
{
	static const uint8_t head[] = { 0, 1, 8, 0, 6, 4, 0, 1 };
	unsigned int subnet = rng_below(rng, SUBNETS);

	memcpy(p, head, sizeof(head));
	put_mac(p + 8, guest);
	put32(p + 14, one_in(rng, 4) ? 0 : own_addr(guest, subnet));
	memset(p + 18, 0, ETH_ALEN);
	put32(p + 24, one_in(rng, 8) ? rng_below(rng, ANY) : server_addr(rng, subnet));
	return 28;
}

static const uint16_t tags[] = { 0, 7, 100, 4094, 0xe007, 5 };
static const uint16_t others[] = { ETH_P_IPV6, ETH_P_LLDP, 0x0842, ETH_P_PAE, 0x0100 };

/* The Ethernet header and maybe a tag; what comes is of type @type. */
static uint8_t *put_ethernet(uint8_t *p, struct rng *rng, unsigned int guest, unsigned int type)
{
	if (one_in(rng, 8))
		fill(rng, p, ETH_ALEN);
	else
		memset(p, 0xff, ETH_ALEN);
	put_mac(p + ETH_ALEN, one_in(rng, 16) ? rng_below(rng, 256) : guest);
	p += MACS;
	if (one_in(rng, 3)) {
		put16(p, one_in(rng, 16) ? ETH_P_8021AD : ETH_P_8021Q);
		put16(p + 2, tags[rng_below(rng, sizeof(tags) / sizeof(*tags))]);
		p += TAG;
	}
	put16(p, type);
	return p + 2;
}

/* What virtio says of the frame: maybe that its sum is open, and now and then nonsense. */
static void put_vnet(struct frame *frame, struct rng *rng, size_t l3, bool partial)
{
	struct virtio_net_hdr hdr = { 0 };

	if (partial) {
		hdr.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		hdr.csum_start = (uint16_t)(l3 + IP_LEN);
		hdr.csum_offset = 6;
	} else if (one_in(rng, 4)) {
		hdr.flags = VIRTIO_NET_HDR_F_DATA_VALID;
	}
	if (one_in(rng, 32)) {
		hdr.gso_type = VIRTIO_NET_HDR_GSO_UDP;
		hdr.gso_size = (uint16_t)rng_below(rng, 1500);
		hdr.hdr_len = (uint16_t)rng_below(rng, 64);
	}
	memcpy(frame->buf, &hdr, sizeof(hdr));
}

/* Another byte, or an early end, behind what must stay whole. */
static void spoil(struct frame *frame, struct rng *rng, size_t from)
{
	if (frame->len <= from)
		return;
	if (one_in(rng, 3))
		frame->len = from + rng_below(rng, (uint32_t)(frame->len - from));
	else
		frame->buf[from + rng_below(rng, (uint32_t)(frame->len - from))] ^=
			(uint8_t)(1 + rng_below(rng, 255));
}

/* Any frame that guest @guest might send, or an attacker in it. */
void frame_random(struct frame *frame, struct rng *rng, unsigned int guest, bool vnet)
{
	size_t head = vnet ? VNET_LEN : 0;
	unsigned int kind = rng_below(rng, 16);
	uint8_t *eth = frame->buf + head, *l3;
	bool partial = false;
	size_t len;

	if (kind < 11) {
		l3 = put_ethernet(eth, rng, guest, ETH_P_IP);
		partial = vnet && one_in(rng, 3);
		len = put_udp(l3, rng, guest, partial);
	} else if (kind < 13) {
		l3 = put_ethernet(eth, rng, guest, ETH_P_ARP);
		len = put_arp(l3, rng, guest);
	} else if (kind < 15) {
		l3 = put_ethernet(eth, rng, guest, one_in(rng, 4) ? ETH_P_ARP : ETH_P_IP);
		len = rng_below(rng, one_in(rng, 8) ? 6000 : 400);
		fill(rng, l3, len < 64 ? len : 64);
		memset(l3 + (len < 64 ? len : 64), kind, len < 64 ? 0 : len - 64);
	} else {
		l3 = put_ethernet(eth, rng, guest,
				  others[rng_below(rng, sizeof(others) / sizeof(*others))]);
		len = 46 + rng_below(rng, 100);
		fill(rng, l3, len);
	}
	/* The core wants two bytes behind a tag. */
	if (len < 2)
		len = 2;
	frame->len = (size_t)(l3 - frame->buf) + len;
	if (one_in(rng, 6))
		spoil(frame, rng, (size_t)(l3 - frame->buf) + 2);
	else if (one_in(rng, 8) && frame->len + 64 <= sizeof(frame->buf))
		frame->len += rng_below(rng, 64);
	if (vnet)
		put_vnet(frame, rng, (size_t)(l3 - eth), partial);
}

/* The one that any port in mode "serve" answers. */
void frame_discover(struct frame *frame, unsigned int guest, bool vnet)
{
	static const struct message msg = { .type = DISCOVER, .dst = ANY };
	uint8_t *eth = frame->buf + (vnet ? VNET_LEN : 0), *dhcp;
	uint8_t *ip = eth + ETH_HLEN;
	size_t len = BOOTP_LEN + 64;

	memset(frame->buf, 0, sizeof(frame->buf));
	memset(eth, 0xff, ETH_ALEN);
	put_mac(eth + ETH_ALEN, guest);
	put16(eth + MACS, ETH_P_IP);
	dhcp = ip + IP_LEN + UDP_LEN;
	dhcp[0] = 1;
	dhcp[1] = 1;
	dhcp[2] = ETH_ALEN;
	put32(dhcp + 4, 0x5e005300 | guest);
	put_mac(dhcp + 28, guest);
	put32(dhcp + BOOTP_LEN, 0x63825363);
	memcpy(dhcp + BOOTP_LEN + 4, "\x35\x01\x01\xff", 4);
	put_headers(ip, &msg, 67, len, false);
	frame->len = (size_t)(dhcp - frame->buf) + len;
}

/* Is it the answer to frame_discover() of @guest? */
bool frame_is_offer(const uint8_t *buf, size_t len, bool vnet, unsigned int guest)
{
	const size_t at = (vnet ? VNET_LEN : 0) + ETH_HLEN + IP_LEN + UDP_LEN;
	uint8_t xid[4];

	put32(xid, 0x5e005300 | guest);
	return len > at + BOOTP_LEN + 7 && buf[at] == 2 && !memcmp(buf + at + 4, xid, 4) &&
	       buf[at + BOOTP_LEN + 4] == 53 && buf[at + BOOTP_LEN + 6] == OFFER;
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

/* In the namespace of this thread; -1 and errno if that cannot be. */
int open_tap(const char *name, bool vnet)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | (vnet ? IFF_VNET_HDR : 0) };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		err(1, "/dev/net/tun");
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	if (!ioctl(fd, TUNSETIFF, &ifr) && (!vnet || !ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM)))
		return fd;
	close(fd);
	return -1;
}

/* A device of the namespace of this thread; it may have gone meanwhile. */
void set_up(const char *name)
{
	struct ifreq ifr = { .ifr_name = "" };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		err(1, "socket");
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	if (!ioctl(fd, SIOCGIFFLAGS, &ifr)) {
		ifr.ifr_flags |= IFF_UP;
		if (ioctl(fd, SIOCSIFFLAGS, &ifr))
			warn("%s up", name);
	}
	close(fd);
}
