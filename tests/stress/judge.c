// SPDX-License-Identifier: GPL-2.0
/*
 * Whether an answer is one, and one that should have been. That cannot be told from
 * the answer alone, nor from vdhcp's configuration, which changes meanwhile. So requests
 * are numbered, and the last of them are remembered by what the answer repeats.
 */
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <string.h>

#include "judge.h"

/* Of all threads, many more than there are answers under way. */
#define REMEMBERED	65536

/**
 * struct memory - what is known of one request
 * @kinds: what it has
 * @number: its own
 * @tag: that of the answer, 0 for none
 * @guest: who sent it
 * @hopeless: it must not be answered
 * @spoiled: bytes of it were changed, and of them it is not known which
 */
struct memory {
	uint64_t kinds;
	uint32_t number;
	uint32_t tag;
	uint8_t guest;
	bool hopeless;
	bool spoiled;
};

static struct memory memories[REMEMBERED];
static uint32_t last_number;

#define IP_MAX		1500

static uint32_t tag_at(const uint8_t *p)
{
	return get16(p) << 16 | get16(p + 2);
}

/*
 * Which tag has the answer? That of the VLAN, of which there is one, or else the last of
 * those of VID 0. What there is within the first one is 802.1Q to us. False if there is none.
 */
static bool find_tag(struct draft *d)
{
	const uint8_t *p = d->frame->buf + d->eth + MACS;
	bool found = false, vlan;
	unsigned int i;

	d->tag = 0;
	for (i = 0; i < d->tags; i++, p += TAG) {
		vlan = get16(p + 2) & 0xfff;
		if (vlan && (found || get16(p) != ETH_P_8021Q))
			return false;
		if (found)
			continue;
		d->tag = (i ? (uint32_t)ETH_P_8021Q << 16 : tag_at(p) & 0xffff0000) | get16(p + 2);
		found = vlan;
	}
	return true;
}

/* Must nobody be answered, whatever the configuration? From the headers as they are. */
static bool is_hopeless(const struct draft *d)
{
	const uint8_t *ip = d->frame->buf + d->l3, *udp = d->frame->buf + d->udp;
	size_t there = d->frame->len > d->l3 ? d->frame->len - d->l3 : 0;
	size_t hlen = (ip[0] & 15) * 4u, total = get16(ip + 2), len = get16(udp + 4);

	if (ip[0] >> 4 != 4 || d->l3 + hlen != d->udp || ip[9] != IPPROTO_UDP ||
	    get16(ip + 6) & 0x3fff)
		return true;
	if (there > IP_MAX || total > there || total < hlen + UDP_LEN + OPTIONS)
		return true;
	if (len > total - hlen || len < UDP_LEN + OPTIONS || get16(udp + 2) != 67)
		return true;
	/* A virtio header can say that it was verified, or is yet to be made. */
	return d->bad_ip_sum || (d->bad_udp_sum && !(d->tap & TAP_VNET));
}

/* Before the sums, and when all else that the headers say is said. */
void put_number(struct draft *d)
{
	/* 0 is none. */
	do
		d->number = __atomic_add_fetch(&last_number, 1, __ATOMIC_RELAXED);
	while (!d->number);
	put32(d->frame->buf + d->udp + UDP_LEN + XID, d->number);
	d->hopeless = !find_tag(d) || is_hopeless(d);
}

/* When it is done, and before it is sent. */
void remember(const struct draft *d)
{
	memories[d->number % REMEMBERED] = (struct memory){
		.kinds = d->frame->kinds, .number = d->number, .guest = (uint8_t)d->guest,
		.tag = d->tag, .hopeless = d->hopeless, .spoiled = d->spoiled,
	};
}

static const char *judge_message(const uint8_t *dhcp, size_t len, unsigned int guest,
				 uint32_t tag, uint64_t *kinds)
{
	uint32_t number = get16(dhcp + XID) << 16 | get16(dhcp + XID + 2);
	const struct memory *request = &memories[number % REMEMBERED];

	if (len < 300 || dhcp[0] != 2 || memcmp(dhcp + BOOTP_LEN, "\x63\x82\x53\x63\x35\x01", 6))
		return "this is no DHCP reply";
	/* It can have waited for long, in a tap that is not read. */
	if (request->number != number)
		return NULL;
	*kinds = request->kinds;
	if (request->guest != (uint8_t)guest)
		return "the answer to another guest";
	if (request->spoiled)
		return NULL;
	if (request->hopeless)
		return "the answer to what must not be answered";
	if (tag != request->tag)
		return "another tag than the request had";
	return NULL;
}

static const char *judge_packet(const uint8_t *ip, size_t len, unsigned int guest,
				uint32_t tag, uint64_t *kinds)
{
	const uint8_t *udp = ip + IP_LEN;
	uint32_t sum;

	if (len < IP_LEN + UDP_LEN || ip[0] != 0x45 || ip[9] != IPPROTO_UDP ||
	    get16(ip + 2) != len || get16(ip + 6) & 0x3fff)
		return "this is not UDP over IPv4, and nothing else";
	if (fold(sum_up(ip, IP_LEN, 0)) != 0xffff)
		return "the IPv4 checksum is wrong";
	if (get16(udp) != 67 || get16(udp + 2) != 68 || get16(udp + 4) != len - IP_LEN)
		return "ports or length of UDP are wrong";
	sum = sum_up(ip + 12, 8, (uint32_t)(IPPROTO_UDP + len - IP_LEN));
	if (!get16(udp + 6) || fold(sum_up(udp, len - IP_LEN, sum)) != 0xffff)
		return "the UDP checksum is wrong";
	return judge_message(udp + UDP_LEN, len - IP_LEN - UDP_LEN, guest, tag, kinds);
}

/**
 * frame_judge() - is this an answer to one of frame_random()?
 * @buf: what came from the tap
 * @len: bytes
 * @guest: whose tap it is
 * @tap: what the tap is
 * @kinds: set to those of the request if that is known, else to 0
 *
 * Return: NULL if so, or why not.
 */
const char *frame_judge(const uint8_t *buf, size_t len, unsigned int guest, unsigned int tap,
			uint64_t *kinds)
{
	static const uint8_t arp[] = { 0, 1, 8, 0, 6, 4, 0, 2 };
	const uint8_t *end = buf + len;
	uint32_t tag = 0;

	*kinds = 0;
	if (tap & TAP_VNET) {
		static const uint8_t none[VNET_LEN];

		if (len < VNET_LEN || memcmp(buf, none, VNET_LEN))
			return "the virtio header says something";
		buf += VNET_LEN;
	}
	if (end - buf < ETH_HLEN + TAG)
		return "this is too short";
	buf += MACS;
	if (get16(buf) == ETH_P_8021Q || get16(buf) == ETH_P_8021AD) {
		tag = tag_at(buf);
		buf += TAG;
	}
	if (get16(buf) == ETH_P_IP)
		return judge_packet(buf + 2, (size_t)(end - buf - 2), guest, tag, kinds);
	if (get16(buf) != ETH_P_ARP || end - buf != 2 + 28 || memcmp(buf + 2, arp, sizeof(arp)))
		return "this is neither IPv4 nor an ARP reply";
	return NULL;
}
