// SPDX-License-Identifier: GPL-2.0
/*
 * Whether an answer is one, and one that should have been. That cannot be told from
 * the answer alone, nor from vdhcp's configuration, which changes meanwhile. So requests
 * are numbered, and the last of them are remembered by what the answer repeats.
 */
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

/* Protocol and TCI of a tag as one number, 0 for no tag. */
static uint32_t tag_number(struct frame_tag tag)
{
	return (uint32_t)tag.proto << 16 | tag.tci;
}

/*
 * Which tag has the answer? That of the VLAN, of which there is one, or else the last of
 * those of VID 0. What there is within the first one is 802.1Q to us. False if there is none.
 */
static bool find_tag(struct draft *d)
{
	struct frame_view view;

	frame_parse(d->frame->buf + d->eth, (uint32_t)(d->l3 - d->eth), &view);
	if (view.n_vids > 1 || (view.n_vids && view.vlan.proto != FRAME_TYPE_8021Q))
		return false;
	if (view.n_tags > 1)
		view.last.proto = FRAME_TYPE_8021Q;
	d->tag = tag_number(view.n_vids ? view.vlan : view.last);
	return true;
}

/* Must nobody be answered, whatever the configuration? From the headers as they are. */
static bool is_hopeless(const struct draft *d)
{
	const uint8_t *ip = d->frame->buf + d->l3, *udp = d->frame->buf + d->udp;
	size_t there = d->frame->len > d->l3 ? d->frame->len - d->l3 : 0;
	size_t hlen = (ip[0] & 15) * 4u, total = frame_get16(ip + 2), len = frame_get16(udp + 4);

	if (ip[0] >> 4 != 4 || d->l3 + hlen != d->udp || ip[9] != FRAME_PROTO_UDP ||
	    frame_get16(ip + 6) & 0x3fff)
		return true;
	if (there > IP_MAX || total > there || total < hlen + FRAME_UDP_LEN + FRAME_OPTIONS_AT)
		return true;
	if (len > total - hlen || len < FRAME_UDP_LEN + FRAME_OPTIONS_AT || frame_get16(udp + 2) != 67)
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
	frame_put32(d->frame->buf + d->udp + FRAME_UDP_LEN + FRAME_XID_AT, d->number);
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
	uint32_t number = frame_get16(dhcp + FRAME_XID_AT) << 16 | frame_get16(dhcp + FRAME_XID_AT + 2);
	const struct memory *request = &memories[number % REMEMBERED];

	if (len < 300 || dhcp[0] != 2 || memcmp(dhcp + FRAME_BOOTP_LEN, "\x63\x82\x53\x63\x35\x01", 6))
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
	const uint8_t *udp = ip + FRAME_IP_LEN;
	uint32_t udp_len = (uint32_t)len - FRAME_IP_LEN;

	if (len < FRAME_IP_LEN + FRAME_UDP_LEN || ip[0] != 0x45 ||
	    ip[FRAME_IP_PROTO_AT] != FRAME_PROTO_UDP ||
	    frame_get16(ip + FRAME_IP_LEN_AT) != len || frame_get16(ip + FRAME_IP_FRAG_AT) & 0x3fff)
		return "this is not UDP over IPv4, and nothing else";
	if (frame_fold(frame_sum(ip, FRAME_IP_LEN, 0)))
		return "the IPv4 checksum is wrong";
	if (frame_get16(udp) != FRAME_PORT_SERVER ||
	    frame_get16(udp + FRAME_UDP_DST_AT) != FRAME_PORT_CLIENT ||
	    frame_get16(udp + FRAME_UDP_LEN_AT) != udp_len)
		return "ports or length of UDP are wrong";
	if (!frame_get16(udp + FRAME_UDP_SUM_AT) ||
	    frame_fold(frame_sum(udp, udp_len, frame_pseudo_sum(ip, udp_len))))
		return "the UDP checksum is wrong";
	return judge_message(udp + FRAME_UDP_LEN, udp_len - FRAME_UDP_LEN, guest, tag, kinds);
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
	struct frame_view view;

	*kinds = 0;
	if (tap & TAP_VNET) {
		static const uint8_t none[VNET_LEN];

		if (len < VNET_LEN || memcmp(buf, none, VNET_LEN))
			return "the virtio header says something";
		buf += VNET_LEN;
		len -= VNET_LEN;
	}
	if (!frame_parse(buf, (uint32_t)len, &view) || view.n_tags > 1)
		return "this is too short, or has several tags";
	buf += view.l3;
	len -= view.l3;
	if (view.type == FRAME_TYPE_IP)
		return judge_packet(buf, len, guest, tag_number(view.last), kinds);
	if (view.type != FRAME_TYPE_ARP || len != FRAME_ARP_LEN || memcmp(buf, arp, sizeof(arp)))
		return "this is neither IPv4 nor an ARP reply";
	return NULL;
}
