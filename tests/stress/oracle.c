// SPDX-License-Identifier: GPL-2.0
/*
 * Checks replies. The reply alone does not show whether there should have been one, and
 * vdhcp's configuration changes meanwhile. So requests are numbered by their transaction
 * id, and the last ones are remembered.
 */
#include <string.h>

#include "oracle.h"

/* Of all threads; many more than replies in flight. */
#define REQUESTS_MAX	65536

/**
 * struct sent_request - a request that was sent
 * @kinds: a bit for each enum frame_kind
 * @number: transaction id
 * @tag: VLAN tag of a reply, 0 for none
 * @guest: number of the guest
 * @unanswerable: it must not be answered
 * @mutated: random bytes were changed, so anything can come back
 */
struct sent_request {
	uint64_t kinds;
	uint32_t number;
	uint32_t tag;
	uint8_t guest;
	bool unanswerable;
	bool mutated;
};

static struct sent_request requests[REQUESTS_MAX];
static uint32_t last_number;

#define IP_MAX		1500

/* Protocol and TCI of a tag as one number, 0 for no tag. */
static uint32_t tag_number(struct frame_tag tag)
{
	return (uint32_t)tag.proto << 16 | tag.tci;
}

/*
 * Sets the tag of a reply: that of the VLAN, or else the innermost priority tag, which is
 * sent as 802.1Q if it was not the outermost tag. Returns false for a frame that vdhcp
 * does not answer because of its tags.
 */
static bool find_tag(struct generator *g)
{
	struct frame_view view;

	frame_parse(g->frame->buf + g->eth, (uint32_t)(g->l3 - g->eth), &view);
	if (view.n_vids > 1 || (view.n_vids && view.vlan.proto != FRAME_TYPE_8021Q))
		return false;
	if (view.n_tags > 1)
		view.last.proto = FRAME_TYPE_8021Q;
	g->tag = tag_number(view.n_vids ? view.vlan : view.last);
	return true;
}

/* From the headers as they are: must the frame stay unanswered in any configuration? */
static bool is_unanswerable(const struct generator *g)
{
	const uint8_t *ip = g->frame->buf + g->l3, *udp = g->frame->buf + g->udp;
	size_t there = g->frame->len > g->l3 ? g->frame->len - g->l3 : 0;
	size_t hlen = (ip[0] & 15) * 4u, total = frame_get16(ip + 2), len = frame_get16(udp + 4);

	if (ip[0] >> 4 != 4 || g->l3 + hlen != g->udp || ip[9] != FRAME_PROTO_UDP ||
	    frame_get16(ip + 6) & 0x3fff)
		return true;
	if (there > IP_MAX || total > there || total < hlen + FRAME_UDP_LEN + FRAME_OPTIONS_AT)
		return true;
	if (len > total - hlen || len < FRAME_UDP_LEN + FRAME_OPTIONS_AT ||
	    frame_get16(udp + FRAME_UDP_DST_AT) != FRAME_PORT_SERVER)
		return true;
	/* With a virtio header the UDP checksum may count as verified, or as partial. */
	return g->bad_ip_sum || (g->bad_udp_sum && !(g->tap & TAP_VNET));
}

/* Gives the request its number. Call it when the headers are final, before the checksums. */
void number_request(struct generator *g)
{
	/* 0 means no number. */
	do
		g->number = __atomic_add_fetch(&last_number, 1, __ATOMIC_RELAXED);
	while (!g->number);
	frame_put32(g->frame->buf + g->udp + FRAME_UDP_LEN + FRAME_XID_AT, g->number);
	g->unanswerable = !find_tag(g) || is_unanswerable(g);
}

/* Remembers the request. Call it before the frame is sent. */
void remember_request(const struct generator *g)
{
	requests[g->number % REQUESTS_MAX] = (struct sent_request){
		.kinds = g->frame->kinds, .number = g->number, .guest = (uint8_t)g->guest,
		.tag = g->tag, .unanswerable = g->unanswerable, .mutated = g->mutated,
	};
}

static const char *check_message(const uint8_t *dhcp, size_t len, unsigned int guest,
				 uint32_t tag, uint64_t *kinds)
{
	static const uint8_t begin[] = { 0x63, 0x82, 0x53, 0x63, 53, 1 };
	uint32_t number = frame_get32(dhcp + FRAME_XID_AT);
	const struct sent_request *request = &requests[number % REQUESTS_MAX];

	if (len < FRAME_MESSAGE_MIN || dhcp[0] != 2 ||
	    memcmp(dhcp + FRAME_BOOTP_LEN, begin, sizeof(begin)))
		return "not a DHCP reply";
	/* A reply can wait for long in a tap that is not read. */
	if (request->number != number)
		return NULL;
	*kinds = request->kinds;
	if (request->guest != (uint8_t)guest)
		return "the reply to another guest";
	if (request->mutated)
		return NULL;
	if (request->unanswerable)
		return "a reply to a request that must not be answered";
	if (tag != request->tag)
		return "another VLAN tag than the request had";
	return NULL;
}

static const char *check_packet(const uint8_t *ip, size_t len, unsigned int guest,
				uint32_t tag, uint64_t *kinds)
{
	const uint8_t *udp = ip + FRAME_IP_LEN;
	uint32_t udp_len = (uint32_t)len - FRAME_IP_LEN;

	if (len < FRAME_IP_LEN + FRAME_UDP_LEN || ip[0] != 0x45 ||
	    ip[FRAME_IP_PROTO_AT] != FRAME_PROTO_UDP ||
	    frame_get16(ip + FRAME_IP_LEN_AT) != len || frame_get16(ip + FRAME_IP_FRAG_AT) & 0x3fff)
		return "not plain UDP over IPv4";
	if (frame_fold(frame_sum(ip, FRAME_IP_LEN, 0)))
		return "the IPv4 checksum is wrong";
	if (frame_get16(udp) != FRAME_PORT_SERVER ||
	    frame_get16(udp + FRAME_UDP_DST_AT) != FRAME_PORT_CLIENT ||
	    frame_get16(udp + FRAME_UDP_LEN_AT) != udp_len)
		return "ports or length of UDP are wrong";
	if (!frame_get16(udp + FRAME_UDP_SUM_AT) ||
	    frame_fold(frame_sum(udp, udp_len, frame_pseudo_sum(ip, udp_len))))
		return "the UDP checksum is wrong";
	return check_message(udp + FRAME_UDP_LEN, udp_len - FRAME_UDP_LEN, guest, tag, kinds);
}

/**
 * check_reply() - check a frame from the host
 * @buf: frame that was read from the tap
 * @len: bytes at @buf
 * @guest: number of the tap's guest
 * @tap: enum tap_flags of the tap
 * @kinds: set to the kinds of the request, 0 if it is not remembered
 *
 * Return: NULL if this is a right reply to a frame of generate_frame(), or what is wrong.
 */
const char *check_reply(const uint8_t *buf, size_t len, unsigned int guest, unsigned int tap,
			uint64_t *kinds)
{
	static const uint8_t arp[] = { 0, 1, 8, 0, 6, 4, 0, 2 };
	struct frame_view view;

	*kinds = 0;
	if (tap & TAP_VNET) {
		static const uint8_t none[VNET_LEN];

		if (len < VNET_LEN || memcmp(buf, none, VNET_LEN))
			return "the virtio header is not empty";
		buf += VNET_LEN;
		len -= VNET_LEN;
	}
	if (!frame_parse(buf, (uint32_t)len, &view) || view.n_tags > 1)
		return "too short, or several VLAN tags";
	buf += view.l3;
	len -= view.l3;
	if (view.type == FRAME_TYPE_IP)
		return check_packet(buf, len, guest, tag_number(view.last), kinds);
	if (view.type != FRAME_TYPE_ARP || len != FRAME_ARP_LEN || memcmp(buf, arp, sizeof(arp)))
		return "neither IPv4 nor an ARP reply";
	return NULL;
}
