// SPDX-License-Identifier: GPL-2.0
/*
 * Ethernet, VLAN tags, IPv4 and UDP around a DHCP message, and what can be wrong with each
 * of them. The rest of the frame is right, with its checksums, so that each error reaches
 * the check that is for it.
 */
#include <netinet/in.h>
#include <string.h>

#include "generate.h"
#include "oracle.h"

/* RFC 3514. */
#define FRAG_EVIL	0x8000

static struct frame_tag any_tag(struct generator *g)
{
	static const uint16_t tcis[] = { 0, 0, 7, 7, 100, 4094, 0x6000, 0xe007, 0x1064, 5 };
	struct frame_tag tag = { .tci = tcis[rng_below(g->rng, sizeof(tcis) / sizeof(*tcis))] };

	tag.proto = one_in(g->rng, 8) ? FRAME_TYPE_8021AD : FRAME_TYPE_8021Q;
	if (tag.proto == FRAME_TYPE_8021AD)
		set_kind(g, TAG_AD);
	if (!(tag.tci & 0xfff))
		set_kind(g, TAG_PRIORITY);
	return tag;
}

/* Writes the Ethernet header and maybe tags. */
void put_ethernet(struct generator *g, unsigned int type)
{
	/* Out of 16 frames. */
	static const uint8_t numbers[] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 3, 4 };
	struct frame_desc desc = { .num[FRAME_ETH_TYPE] = type };
	uint8_t *dst = desc.mac[FRAME_ETH_DST];

	if (one_in(g->rng, 8))
		fill_random(g->rng, dst, FRAME_MAC_LEN);
	else
		memset(dst, 0xff, FRAME_MAC_LEN);
	put_mac(desc.mac[FRAME_ETH_SRC],
		one_in(g->rng, 16) ? rng_below(g->rng, 256) : g->guest);
	g->tags = numbers[rng_below(g->rng, sizeof(numbers))];
	if (g->tags)
		set_kind(g, TAGS_1 + g->tags - 1);
	while (desc.n_tags < g->tags)
		desc.tags[desc.n_tags++] = any_tag(g);
	g->l3 = g->eth + frame_put_ethernet(&desc, g->frame->buf + g->eth);
}

/* Options that exist, or random bytes. */
static void put_ip_options(struct generator *g, uint8_t *p, size_t len)
{
	/* Record route, timestamp, loose and strict source route, router alert. */
	static const uint8_t codes[] = { 7, 68, 131, 137, 148 };

	if (one_in(g->rng, 3)) {
		fill_random(g->rng, p, len);
		return;
	}
	memset(p, 1, len);
	p[0] = codes[rng_below(g->rng, sizeof(codes))];
	p[1] = (uint8_t)len;
	p[2] = 4;
	p[3] = 0;
	if (one_in(g->rng, 4))
		p[1 + rng_below(g->rng, 2)] = (uint8_t)rng_below(g->rng, 256);
}

static void put_headers(struct generator *g, const struct message *msg, unsigned int dport)
{
	static const uint8_t mac[FRAME_MAC_LEN];
	size_t hlen = g->udp - g->l3;
	uint8_t options[40];
	struct frame_desc desc;

	frame_desc_request(&desc, mac);
	desc.num[FRAME_IP_SRC] = msg->src;
	desc.num[FRAME_IP_DST] = msg->dst;
	desc.num[FRAME_UDP_SPORT] = dport == 68 ? 67 : 68;
	desc.num[FRAME_UDP_DPORT] = dport;
	if (hlen > FRAME_IP_LEN) {
		set_kind(g, IP4_OPTIONS);
		put_ip_options(g, options, hlen - FRAME_IP_LEN);
		desc.ip_options = (struct frame_span){ options, (uint32_t)(hlen - FRAME_IP_LEN) };
	}
	frame_put_headers(&desc, g->frame->buf + g->l3,
			  (uint32_t)(g->end - g->udp - FRAME_UDP_LEN));
}

/* Shortens the message and all length fields; the cut bytes may stay as a trailer. */
static void state_cut(struct generator *g)
{
	size_t dhcp = g->udp + FRAME_UDP_LEN, options = dhcp + FRAME_OPTIONS_AT;

	switch (rng_below(g->rng, 3)) {
	case 0:
		g->end = dhcp + rng_below(g->rng, FRAME_BOOTP_LEN);
		break;
	case 1:
		g->end = dhcp + FRAME_BOOTP_LEN +
			 rng_below(g->rng, FRAME_OPTIONS_AT - FRAME_BOOTP_LEN);
		break;
	default:
		g->end = options + rng_below(g->rng, (uint32_t)(g->end - options + 1));
		break;
	}
	if (one_in(g->rng, 2))
		g->frame->len = g->end;
	set_kind(g, CUT_TOLD);
}

/* Makes a length field too large or too small, mostly by a few bytes. */
static void change_length(struct generator *g, uint8_t *field, unsigned int more, unsigned int less)
{
	unsigned int truth = frame_get16(field), said;

	if (one_in(g->rng, 2)) {
		set_kind(g, more);
		said = truth + 1 + rng_below(g->rng, one_in(g->rng, 4) ? 65536 : 64);
		frame_put16(field, said > 65535 ? 65535 : said);
	} else {
		set_kind(g, less);
		said = rng_below(g->rng, truth + 1);
		if (one_in(g->rng, 2) && said > 48)
			said = truth - rng_below(g->rng, 48);
		frame_put16(field, said);
	}
}

static void change_ip_length(struct generator *g)
{
	change_length(g, g->frame->buf + g->l3 + 2, IP4_MORE, IP4_LESS);
}

static void change_udp_length(struct generator *g)
{
	change_length(g, g->frame->buf + g->udp + 4, UDP_MORE, UDP_LESS);
}

static void set_fragment(struct generator *g)
{
	unsigned int offset = 1 + rng_below(g->rng, one_in(g->rng, 2) ? 200 : FRAME_IP_OFFSET);
	unsigned int kind = rng_below(g->rng, 3);
	static const unsigned int more[] = { FRAME_IP_MF, FRAME_IP_MF, 0 };

	frame_put16(g->frame->buf + g->l3 + 6, more[kind] | (kind ? offset : 0));
	set_kind(g, FRAGMENT_FIRST + kind);
}

/* Flags that vdhcp ignores. */
static void set_flags(struct generator *g)
{
	unsigned int which = 1 + rng_below(g->rng, 3);

	frame_put16(g->frame->buf + g->l3 + FRAME_IP_FRAG_AT,
		    (which & 1 ? FRAME_IP_DF : 0) | (which & 2 ? FRAG_EVIL : 0));
	if (which & 1)
		set_kind(g, IP4_DF);
	if (which & 2)
		set_kind(g, IP4_EVIL);
}

static void set_version(struct generator *g)
{
	uint8_t *ip = g->frame->buf + g->l3;

	*ip = (uint8_t)(*ip ^ (1 + rng_below(g->rng, 15)) << 4);
	set_kind(g, IP4_VERSION);
}

/* The header length is wrong, so UDP is elsewhere. */
static void change_header_length(struct generator *g)
{
	uint8_t *ip = g->frame->buf + g->l3;

	*ip = (uint8_t)(*ip ^ (1 + rng_below(g->rng, 15)));
	set_kind(g, IP4_IHL);
}

/* The frame ends within the IP options. */
static void cut_ip_options(struct generator *g)
{
	uint8_t *ip = g->frame->buf + g->l3;
	unsigned int words = 6 + rng_below(g->rng, 10);
	size_t left = FRAME_IP_LEN + rng_below(g->rng, 4 * words - FRAME_IP_LEN);

	ip[0] = (uint8_t)(0x40 | words);
	if (one_in(g->rng, 2))
		frame_put16(ip + 2, (unsigned int)left);
	if (g->frame->len > g->l3 + left)
		g->frame->len = g->l3 + left;
	set_kind(g, IP4_OPTIONS_CUT);
}

static void set_ttl(struct generator *g)
{
	g->frame->buf[g->l3 + 8] = 0;
	set_kind(g, IP4_TTL_0);
}

static void set_protocol(struct generator *g)
{
	static const uint8_t protocols[] = { IPPROTO_TCP, IPPROTO_TCP, IPPROTO_ICMP, IPPROTO_IPV6,
					     IPPROTO_UDPLITE, IPPROTO_GRE, IPPROTO_HOPOPTS, 255 };

	g->frame->buf[g->l3 + 9] = protocols[rng_below(g->rng, sizeof(protocols))];
	set_kind(g, IP4_PROTOCOL);
}

static void break_ip_sum(struct generator *g)
{
	g->bad_ip_sum = true;
	set_kind(g, IP4_SUM);
}

static void break_udp_sum(struct generator *g)
{
	g->bad_udp_sum = true;
	set_kind(g, UDP_SUM);
}

static void omit_udp_sum(struct generator *g)
{
	g->no_udp_sum = true;
	set_kind(g, UDP_NO_SUM);
}

static void (*const errors[])(struct generator *g) = {
	cut_short, cut_short, cut_short, cut_short, cut_short, cut_short, cut_short,
	change_ip_length, change_ip_length, change_udp_length, change_udp_length,
	set_fragment, set_fragment, set_fragment, set_flags, set_flags, set_version,
	change_header_length, cut_ip_options, set_ttl, set_protocol,
	break_ip_sum, break_udp_sum, omit_udp_sum,
};

/* Writes the checksums for the headers as they are now. */
static void put_sums(struct generator *g)
{
	uint8_t *ip = g->frame->buf + g->l3, *udp = g->frame->buf + g->udp;
	unsigned int sum;

	frame_put_ip_sum(ip);
	if (g->bad_ip_sum)
		frame_put16(ip + FRAME_IP_SUM_AT, frame_get16(ip + FRAME_IP_SUM_AT) ^
			    (1 + rng_below(g->rng, 65535)));
	frame_put16(udp + FRAME_UDP_SUM_AT, 0);
	if (g->no_udp_sum || g->frame->len < g->udp)
		return;
	if (g->open)
		frame_put_partial_sum(ip, udp);
	else
		frame_put_udp_sum(ip, udp, (uint32_t)(g->frame->len - g->udp));
	sum = frame_get16(udp + FRAME_UDP_SUM_AT);
	if (g->bad_udp_sum)
		frame_put16(udp + FRAME_UDP_SUM_AT, sum > 1 && sum < 0xffff ? sum - 1 : 0x1234);
}

/* Makes the frame longer than any DHCP message. */
static size_t lengthen(struct generator *g, size_t from)
{
	size_t to = from + any_length(g), most = g->l3 + 65535;

	if (to > most)
		to = most;
	memset(g->frame->buf + from, one_in(g->rng, 2) ? 0 : 255, to - from);
	set_kind(g, JUMBO);
	return to;
}

/* Adds bytes after the message; some of them look like options. */
static void add_trailer(struct generator *g)
{
	uint8_t *p = g->frame->buf + g->frame->len;
	size_t len = 1 + rng_below(g->rng, 63);

	fill_random(g->rng, p, len);
	if (len > 16 && one_in(g->rng, 2))
		memcpy(p, "\x35\x01\x01\x3d\x07\x01\0\0\x5e\0\x53\xff\xff", 13);
	g->frame->len += len;
	set_kind(g, TRAILING);
}

/* Writes the frame from the IP header on. */
void put_dhcp(struct generator *g)
{
	unsigned int dport = one_in(g->rng, 16) ? 68 : one_in(g->rng, 24) ?
			     rng_below(g->rng, 65536) : 67;
	uint8_t *buf = g->frame->buf;
	struct message msg;
	size_t dhcp;

	choose_message(&msg, g->rng, g->guest);
	if (msg.type == FRAME_OFFER)
		dport = 68;
	g->udp = g->l3 + (one_in(g->rng, 12) ? 4 * (6 + rng_below(g->rng, 10)) : FRAME_IP_LEN);
	dhcp = g->udp + FRAME_UDP_LEN;
	g->end = dhcp + put_message(buf + dhcp, g->rng, &msg, g->guest, &g->frame->kinds);
	if (one_in(g->rng, 64))
		g->end = lengthen(g, g->end);
	g->frame->len = g->end;
	if (one_in(g->rng, 16))
		state_cut(g);
	put_headers(g, &msg, dport);
	if (one_in(g->rng, 2))
		errors[rng_below(g->rng, sizeof(errors) / sizeof(*errors))](g);
	if (g->frame->len >= g->end && one_in(g->rng, 8))
		add_trailer(g);
	else if (g->frame->len >= g->end && one_in(g->rng, 64))
		g->frame->len = lengthen(g, g->frame->len);
	number_request(g);
	put_sums(g);
}
