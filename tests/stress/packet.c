// SPDX-License-Identifier: GPL-2.0
/*
 * What is around a DHCP message: Ethernet, tags, IPv4 and UDP, and what can be wrong
 * with each of them. All else is then as it has to be, the sums too, so that what is
 * wrong is found by the one check that is for it.
 */
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <string.h>

#include "make.h"
#include "judge.h"

#define MOST_TAGS	4
#define FRAG_DF		0x4000
#define FRAG_MF		0x2000
/* RFC 3514. */
#define FRAG_EVIL	0x8000
#define FRAG_OFFSET	0x1fff

static void put_tag(struct draft *d, uint8_t *p)
{
	static const uint16_t tcis[] = { 0, 0, 7, 7, 100, 4094, 0x6000, 0xe007, 0x1064, 5 };
	unsigned int tci = tcis[rng_below(d->rng, sizeof(tcis) / sizeof(*tcis))];
	unsigned int type = one_in(d->rng, 8) ? ETH_P_8021AD : ETH_P_8021Q;

	put16(p, type);
	put16(p + 2, tci);
	if (type == ETH_P_8021AD)
		is_kind(d, TAG_AD);
	if (!(tci & 0xfff))
		is_kind(d, TAG_PRIORITY);
}

/* The Ethernet header and maybe tags; what comes is of type @type. */
void put_ethernet(struct draft *d, unsigned int type)
{
	/* Of 16; those with more than one can be answered if all but the last are of VID 0. */
	static const uint8_t numbers[] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 3, 4 };
	uint8_t *p = d->frame->buf + d->eth;
	unsigned int i;

	if (one_in(d->rng, 8))
		fill(d->rng, p, ETH_ALEN);
	else
		memset(p, 0xff, ETH_ALEN);
	put_mac(p + ETH_ALEN, one_in(d->rng, 16) ? rng_below(d->rng, 256) : d->guest);
	p += MACS;
	d->tags = numbers[rng_below(d->rng, sizeof(numbers))];
	if (d->tags)
		is_kind(d, TAGS_1 + d->tags - 1);
	for (i = 0; i < d->tags; i++, p += TAG)
		put_tag(d, p);
	put16(p, type);
	d->l3 = (size_t)(p + 2 - d->frame->buf);
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
	uint8_t *ip = d->frame->buf + d->l3, *udp = d->frame->buf + d->udp;
	size_t hlen = d->udp - d->l3;

	memset(ip, 0, IP_LEN);
	ip[0] = (uint8_t)(0x40 | hlen / 4);
	put16(ip + 2, (unsigned int)(d->end - d->l3));
	ip[8] = 64;
	ip[9] = IPPROTO_UDP;
	put32(ip + 12, msg->src);
	put32(ip + 16, msg->dst);
	if (hlen > IP_LEN) {
		is_kind(d, IP4_OPTIONS);
		put_ip_options(d, ip + IP_LEN, hlen - IP_LEN);
	}
	put16(udp, dport == 68 ? 67 : 68);
	put16(udp + 2, dport);
	put16(udp + 4, (unsigned int)(d->end - d->udp));
}

/* The message ends early, and all headers say so; what it had may still be behind it. */
static void tell_cut(struct draft *d)
{
	size_t dhcp = d->udp + UDP_LEN, options = dhcp + OPTIONS;

	switch (rng_below(d->rng, 3)) {
	case 0:
		d->end = dhcp + rng_below(d->rng, BOOTP_LEN);
		break;
	case 1:
		d->end = dhcp + BOOTP_LEN + rng_below(d->rng, OPTIONS - BOOTP_LEN);
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
	unsigned int truth = get16(field), said;

	if (one_in(d->rng, 2)) {
		is_kind(d, more);
		said = truth + 1 + rng_below(d->rng, one_in(d->rng, 4) ? 65536 : 64);
		put16(field, said > 65535 ? 65535 : said);
	} else {
		is_kind(d, less);
		said = rng_below(d->rng, truth + 1);
		put16(field, one_in(d->rng, 2) && said > 48 ? truth - rng_below(d->rng, 48) : said);
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
	unsigned int offset = 1 + rng_below(d->rng, one_in(d->rng, 2) ? 200 : FRAG_OFFSET);
	unsigned int kind = rng_below(d->rng, 3);
	static const unsigned int more[] = { FRAG_MF, FRAG_MF, 0 };

	put16(d->frame->buf + d->l3 + 6, more[kind] | (kind ? offset : 0));
	is_kind(d, FRAGMENT_FIRST + kind);
}

/* They make no difference. */
static void set_flags(struct draft *d)
{
	unsigned int which = 1 + rng_below(d->rng, 3);

	put16(d->frame->buf + d->l3 + 6, (which & 1 ? FRAG_DF : 0) | (which & 2 ? FRAG_EVIL : 0));
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
	size_t left = IP_LEN + rng_below(d->rng, 4 * words - IP_LEN);

	ip[0] = (uint8_t)(0x40 | words);
	if (one_in(d->rng, 2))
		put16(ip + 2, (unsigned int)left);
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

/*
 * Over what the headers say now. One that is left open has the pseudo header's in its
 * place (as Linux does for whoever does sums in hardware).
 */
static void put_sums(struct draft *d)
{
	uint8_t *ip = d->frame->buf + d->l3, *udp = d->frame->buf + d->udp;
	size_t hlen = (ip[0] & 15) * 4u, said = get16(udp + 4), there = d->frame->len - d->udp;
	unsigned int sum;

	put16(ip + 10, 0);
	sum = ~fold(sum_up(ip, hlen < IP_LEN ? IP_LEN : hlen, 0)) & 0xffff;
	put16(ip + 10, d->bad_ip_sum ? sum ^ (1 + rng_below(d->rng, 65535)) : sum);
	put16(udp + 6, 0);
	if (d->no_udp_sum || d->frame->len < d->udp)
		return;
	sum = fold(sum_up(ip + 12, 8, (uint32_t)(IPPROTO_UDP + said)));
	if (!d->open)
		sum = ~fold(sum_up(udp, said < there ? said : there, sum)) & 0xffff;
	/* 0 is none, and all ones are the same as 0. */
	sum = sum ?: 0xffff;
	if (d->bad_udp_sum)
		sum = sum > 1 && sum < 0xffff ? sum - 1 : 0x1234;
	put16(udp + 6, sum);
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
	if (msg.type == OFFER)
		dport = 68;
	d->udp = d->l3 + (one_in(d->rng, 12) ? 4 * (6 + rng_below(d->rng, 10)) : IP_LEN);
	dhcp = d->udp + UDP_LEN;
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
