// SPDX-License-Identifier: GPL-2.0
/*
 * What is around a DHCP message: Ethernet, tags, IPv4 and UDP, and what can be wrong
 * with each of them. All else is then as it has to be, the sums too, so that what is
 * wrong is found by the one check that is for it.
 */
#include <netinet/in.h>
#include <string.h>

#include "make.h"
#include "judge.h"

/* RFC 3514. */
#define FRAG_EVIL	0x8000

static struct frame_tag any_tag(struct draft *d)
{
	static const uint16_t tcis[] = { 0, 0, 7, 7, 100, 4094, 0x6000, 0xe007, 0x1064, 5 };
	struct frame_tag tag = { .tci = tcis[rng_below(d->rng, sizeof(tcis) / sizeof(*tcis))] };

	tag.proto = one_in(d->rng, 8) ? FRAME_TYPE_8021AD : FRAME_TYPE_8021Q;
	if (tag.proto == FRAME_TYPE_8021AD)
		is_kind(d, TAG_AD);
	if (!(tag.tci & 0xfff))
		is_kind(d, TAG_PRIORITY);
	return tag;
}

/* The Ethernet header and maybe tags; what comes is of type @type. */
void put_ethernet(struct draft *d, unsigned int type)
{
	/* Of 16; those with more than one can be answered if all but the last are of VID 0. */
	static const uint8_t numbers[] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 3, 4 };
	struct frame_desc desc = { .num[FRAME_ETH_TYPE] = type };
	uint8_t *dst = desc.mac[FRAME_ETH_DST];

	if (one_in(d->rng, 8))
		fill(d->rng, dst, FRAME_MAC_LEN);
	else
		memset(dst, 0xff, FRAME_MAC_LEN);
	put_mac(desc.mac[FRAME_ETH_SRC],
		one_in(d->rng, 16) ? rng_below(d->rng, 256) : d->guest);
	d->tags = numbers[rng_below(d->rng, sizeof(numbers))];
	if (d->tags)
		is_kind(d, TAGS_1 + d->tags - 1);
	while (desc.n_tags < d->tags)
		desc.tags[desc.n_tags++] = any_tag(d);
	d->l3 = d->eth + frame_put_ethernet(&desc, d->frame->buf + d->eth);
}

/* Such as there are, or no sense at all. */
static void put_ip_options(struct draft *d, uint8_t *p, size_t len)
{
	/* Record route, timestamp, loose and strict source route, router alert. */
	static const uint8_t codes[] = { 7, 68, 131, 137, 148 };

	if (one_in(d->rng, 3)) {
		fill(d->rng, p, len);
		return;
	}
	memset(p, 1, len);
	p[0] = codes[rng_below(d->rng, sizeof(codes))];
	p[1] = (uint8_t)len;
	p[2] = 4;
	p[3] = 0;
	if (one_in(d->rng, 4))
		p[1 + rng_below(d->rng, 2)] = (uint8_t)rng_below(d->rng, 256);
}

static void put_headers(struct draft *d, const struct message *msg, unsigned int dport)
{
	static const uint8_t mac[FRAME_MAC_LEN];
	size_t hlen = d->udp - d->l3;
	uint8_t options[40];
	struct frame_desc desc;

	frame_desc_request(&desc, mac);
	desc.num[FRAME_IP_SRC] = msg->src;
	desc.num[FRAME_IP_DST] = msg->dst;
	desc.num[FRAME_UDP_SPORT] = dport == 68 ? 67 : 68;
	desc.num[FRAME_UDP_DPORT] = dport;
	if (hlen > FRAME_IP_LEN) {
		is_kind(d, IP4_OPTIONS);
		put_ip_options(d, options, hlen - FRAME_IP_LEN);
		desc.ip_options = (struct frame_span){ options, (uint32_t)(hlen - FRAME_IP_LEN) };
	}
	frame_put_headers(&desc, d->frame->buf + d->l3,
			  (uint32_t)(d->end - d->udp - FRAME_UDP_LEN));
}

/* The message ends early, and all headers say so; what it had may still be behind it. */
static void tell_cut(struct draft *d)
{
	size_t dhcp = d->udp + FRAME_UDP_LEN, options = dhcp + FRAME_OPTIONS_AT;

	switch (rng_below(d->rng, 3)) {
	case 0:
		d->end = dhcp + rng_below(d->rng, FRAME_BOOTP_LEN);
		break;
	case 1:
		d->end = dhcp + FRAME_BOOTP_LEN + rng_below(d->rng, FRAME_OPTIONS_AT - FRAME_BOOTP_LEN);
		break;
	default:
		d->end = options + rng_below(d->rng, (uint32_t)(d->end - options + 1));
		break;
	}
	if (one_in(d->rng, 2))
		d->frame->len = d->end;
	is_kind(d, CUT_TOLD);
}

/* Too much or too little by a few bytes, or by any number. */
static void lie(struct draft *d, uint8_t *field, unsigned int more, unsigned int less)
{
	unsigned int truth = frame_get16(field), said;

	if (one_in(d->rng, 2)) {
		is_kind(d, more);
		said = truth + 1 + rng_below(d->rng, one_in(d->rng, 4) ? 65536 : 64);
		frame_put16(field, said > 65535 ? 65535 : said);
	} else {
		is_kind(d, less);
		said = rng_below(d->rng, truth + 1);
		frame_put16(field, one_in(d->rng, 2) && said > 48 ? truth - rng_below(d->rng, 48) : said);
	}
}

static void lie_ip_length(struct draft *d)
{
	lie(d, d->frame->buf + d->l3 + 2, IP4_MORE, IP4_LESS);
}

static void lie_udp_length(struct draft *d)
{
	lie(d, d->frame->buf + d->udp + 4, UDP_MORE, UDP_LESS);
}

static void set_fragment(struct draft *d)
{
	unsigned int offset = 1 + rng_below(d->rng, one_in(d->rng, 2) ? 200 : FRAME_IP_OFFSET);
	unsigned int kind = rng_below(d->rng, 3);
	static const unsigned int more[] = { FRAME_IP_MF, FRAME_IP_MF, 0 };

	frame_put16(d->frame->buf + d->l3 + 6, more[kind] | (kind ? offset : 0));
	is_kind(d, FRAGMENT_FIRST + kind);
}

/* They make no difference. */
static void set_flags(struct draft *d)
{
	unsigned int which = 1 + rng_below(d->rng, 3);

	frame_put16(d->frame->buf + d->l3 + 6, (which & 1 ? FRAME_IP_DF : 0) | (which & 2 ? FRAG_EVIL : 0));
	if (which & 1)
		is_kind(d, IP4_DF);
	if (which & 2)
		is_kind(d, IP4_EVIL);
}

static void set_version(struct draft *d)
{
	uint8_t *ip = d->frame->buf + d->l3;

	*ip = (uint8_t)(*ip ^ (1 + rng_below(d->rng, 15)) << 4);
	is_kind(d, IP4_VERSION);
}

/* UDP is not where it says, or it says that there is no IP header. */
static void lie_header_length(struct draft *d)
{
	uint8_t *ip = d->frame->buf + d->l3;

	*ip = (uint8_t)(*ip ^ (1 + rng_below(d->rng, 15)));
	is_kind(d, IP4_IHL);
}

/* All ends within the IP options. */
static void cut_ip_options(struct draft *d)
{
	uint8_t *ip = d->frame->buf + d->l3;
	unsigned int words = 6 + rng_below(d->rng, 10);
	size_t left = FRAME_IP_LEN + rng_below(d->rng, 4 * words - FRAME_IP_LEN);

	ip[0] = (uint8_t)(0x40 | words);
	if (one_in(d->rng, 2))
		frame_put16(ip + 2, (unsigned int)left);
	if (d->frame->len > d->l3 + left)
		d->frame->len = d->l3 + left;
	is_kind(d, IP4_OPTIONS_CUT);
}

static void set_ttl(struct draft *d)
{
	d->frame->buf[d->l3 + 8] = 0;
	is_kind(d, IP4_TTL_0);
}

static void set_protocol(struct draft *d)
{
	static const uint8_t protocols[] = { IPPROTO_TCP, IPPROTO_TCP, IPPROTO_ICMP, IPPROTO_IPV6,
					     IPPROTO_UDPLITE, IPPROTO_GRE, IPPROTO_HOPOPTS, 255 };

	d->frame->buf[d->l3 + 9] = protocols[rng_below(d->rng, sizeof(protocols))];
	is_kind(d, IP4_PROTOCOL);
}

static void break_ip_sum(struct draft *d)
{
	d->bad_ip_sum = true;
	is_kind(d, IP4_SUM);
}

static void break_udp_sum(struct draft *d)
{
	d->bad_udp_sum = true;
	is_kind(d, UDP_SUM);
}

static void omit_udp_sum(struct draft *d)
{
	d->no_udp_sum = true;
	is_kind(d, UDP_NO_SUM);
}

static void (*const wrongs[])(struct draft *d) = {
	cut_short, cut_short, cut_short, cut_short, cut_short, cut_short, cut_short,
	lie_ip_length, lie_ip_length, lie_udp_length, lie_udp_length,
	set_fragment, set_fragment, set_fragment, set_flags, set_flags, set_version,
	lie_header_length, cut_ip_options, set_ttl, set_protocol,
	break_ip_sum, break_udp_sum, omit_udp_sum,
};

/* Over what the headers say now. */
static void put_sums(struct draft *d)
{
	uint8_t *ip = d->frame->buf + d->l3, *udp = d->frame->buf + d->udp;
	unsigned int sum;

	frame_put_ip_sum(ip);
	if (d->bad_ip_sum)
		frame_put16(ip + FRAME_IP_SUM_AT, frame_get16(ip + FRAME_IP_SUM_AT) ^
			    (1 + rng_below(d->rng, 65535)));
	frame_put16(udp + FRAME_UDP_SUM_AT, 0);
	if (d->no_udp_sum || d->frame->len < d->udp)
		return;
	if (d->open)
		frame_put_partial_sum(ip, udp);
	else
		frame_put_udp_sum(ip, udp, (uint32_t)(d->frame->len - d->udp));
	sum = frame_get16(udp + FRAME_UDP_SUM_AT);
	if (d->bad_udp_sum)
		frame_put16(udp + FRAME_UDP_SUM_AT, sum > 1 && sum < 0xffff ? sum - 1 : 0x1234);
}

/* Longer than any DHCP message, with bytes that mean nothing. */
static size_t lengthen(struct draft *d, size_t from)
{
	size_t to = from + any_length(d), most = d->l3 + 65535;

	if (to > most)
		to = most;
	memset(d->frame->buf + from, one_in(d->rng, 2) ? 0 : 255, to - from);
	is_kind(d, JUMBO);
	return to;
}

/* Behind the message, where nobody may look: some of it would make sense. */
static void trail(struct draft *d)
{
	uint8_t *p = d->frame->buf + d->frame->len;
	size_t len = 1 + rng_below(d->rng, 63);

	fill(d->rng, p, len);
	if (len > 16 && one_in(d->rng, 2))
		memcpy(p, "\x35\x01\x01\x3d\x07\x01\0\0\x5e\0\x53\xff\xff", 13);
	d->frame->len += len;
	is_kind(d, TRAILING);
}

/* From the IP header on. */
void put_dhcp(struct draft *d)
{
	unsigned int dport = one_in(d->rng, 16) ? 68 : one_in(d->rng, 24) ?
			     rng_below(d->rng, 65536) : 67;
	uint8_t *buf = d->frame->buf;
	struct message msg;
	size_t dhcp;

	choose_message(&msg, d->rng, d->guest);
	if (msg.type == FRAME_OFFER)
		dport = 68;
	d->udp = d->l3 + (one_in(d->rng, 12) ? 4 * (6 + rng_below(d->rng, 10)) : FRAME_IP_LEN);
	dhcp = d->udp + FRAME_UDP_LEN;
	d->end = dhcp + put_message(buf + dhcp, d->rng, &msg, d->guest, &d->frame->kinds);
	if (one_in(d->rng, 64))
		d->end = lengthen(d, d->end);
	d->frame->len = d->end;
	if (one_in(d->rng, 16))
		tell_cut(d);
	put_headers(d, &msg, dport);
	if (one_in(d->rng, 2))
		wrongs[rng_below(d->rng, sizeof(wrongs) / sizeof(*wrongs))](d);
	if (d->frame->len >= d->end && one_in(d->rng, 8))
		trail(d);
	else if (d->frame->len >= d->end && one_in(d->rng, 64))
		d->frame->len = lengthen(d, d->frame->len);
	put_number(d);
	put_sums(d);
}
