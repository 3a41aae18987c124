// SPDX-License-Identifier: GPL-2.0
/*
 * DHCP messages: those of a client in each of its states, with options in any number,
 * length and order, split, and in the fields "file" and "sname".
 */
#include <string.h>

#include "generate.h"

uint32_t own_addr(unsigned int guest, unsigned int subnet)
{
	return 0xc6120000 | subnet << 8 | (10 + guest);
}

uint32_t server_addr(struct rng *rng, unsigned int subnet)
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

void choose_message(struct message *msg, struct rng *rng, unsigned int guest)
{
	static const uint8_t types[] = {
		FRAME_DISCOVER, FRAME_DISCOVER, FRAME_DISCOVER, FRAME_REQUEST, FRAME_REQUEST,
		FRAME_REQUEST, FRAME_REQUEST, FRAME_INFORM, FRAME_INFORM, FRAME_DECLINE,
		FRAME_RELEASE, FRAME_OFFER,
	};
	unsigned int subnet = rng_below(rng, SUBNETS);
	uint32_t own = own_addr(one_in(rng, 16) ? rng_below(rng, 200) : guest, subnet);
	uint32_t server = server_addr(rng, subnet);

	memset(msg, 0, sizeof(*msg));
	msg->type = one_in(rng, 24) ? rng_below(rng, 256) : types[rng_below(rng, sizeof(types))];
	msg->dst = ANY;
	switch (msg->type) {
	case FRAME_DISCOVER:
		msg->rapid = one_in(rng, 3);
		break;
	case FRAME_REQUEST:
		choose_request(msg, rng, own, server);
		break;
	case FRAME_DECLINE:
		msg->requested = own;
		msg->server = server;
		break;
	case FRAME_RELEASE:
		msg->server = server;
		msg->dst = server;
		msg->ciaddr = own;
		msg->src = own;
		break;
	case FRAME_INFORM:
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
	uint8_t bytes[4];

	frame_put32(bytes, value);
	return value ? p + frame_put_option(p, code, sizeof(bytes), bytes) : p;
}

static uint8_t *option(uint8_t *p, struct rng *rng, uint8_t code, unsigned int len)
{
	*p++ = code;
	*p++ = (uint8_t)len;
	fill_random(rng, p, len);
	return p + len;
}

static uint8_t any_code(struct rng *rng)
{
	static const uint8_t codes[] = { 0, 12, 50, 52, 54, 55, 55, 57, 60, 61, 77, 80, 81, 82, 93,
					 97, 108, 116, 118, 255 };

	return one_in(rng, 4) ? (uint8_t)rng_below(rng, 256) :
				codes[rng_below(rng, sizeof(codes))];
}

/* A code that changes neither where the options end nor how vdhcp decides. */
static uint8_t harmless_code(struct rng *rng)
{
	static const uint8_t codes[] = { 12, 55, 60, 61, 77, 81, 93, 97, 108, 116, 224, 254 };

	return codes[rng_below(rng, sizeof(codes))];
}

/* Any options in any order and number, some of them broken. */
static uint8_t *random_options(uint8_t *p, struct rng *rng)
{
	unsigned int n = rng_below(rng, 12), len;

	while (n--) {
		*p = any_code(rng);
		if (!*p++)
			continue;
		len = one_in(rng, 8) ? rng_below(rng, 64) : rng_below(rng, 9);
		*p++ = (uint8_t)(one_in(rng, 64) ? 255 : len);
		fill_random(rng, p, len);
		p += len;
	}
	return p;
}

/* Options near and above the number that vdhcp accepts. */
static uint8_t *many_options(uint8_t *p, struct rng *rng)
{
	unsigned int n = one_in(rng, 2) ? 56 + rng_below(rng, 10) : 60 + rng_below(rng, 341);

	while (n--)
		p = option(p, rng, harmless_code(rng), rng_below(rng, 3));
	return p;
}

static uint8_t *long_options(uint8_t *p, struct rng *rng)
{
	unsigned int n = 1 + rng_below(rng, 5);

	while (n--)
		p = option(p, rng, harmless_code(rng), 200 + rng_below(rng, 56));
	return p;
}

/* A split option (RFC 3396), some pieces of it empty, sometimes with other options between. */
static uint8_t *split_option(uint8_t *p, struct rng *rng)
{
	static const struct { uint8_t code, first, len; } whole[] = {
		{ 97, 0, 17 }, { 97, 0, 17 }, { 61, 1, 7 }, { 61, 255, 60 }, { 81, 1, 9 },
		{ 81, 5, 40 }, { 55, 121, 5 }, { 55, 1, 80 }, { 54, 198, 4 }, { 50, 198, 4 },
		{ 57, 5, 2 }, { 12, 118, 20 }, { 60, 77, 30 }, { 82, 1, 10 }, { 53, 1, 1 },
	};
	unsigned int i = rng_below(rng, sizeof(whole) / sizeof(*whole)), n = 2 + rng_below(rng, 5);
	unsigned int left = one_in(rng, 16) ? rng_below(rng, 512) : whole[i].len, len;
	uint8_t *first = NULL;

	for (; n; n--) {
		len = n == 1 ? left : rng_below(rng, left + 1);
		if (len > 255)
			len = 255;
		p = option(p, rng, whole[i].code, len);
		if (len && !first)
			first = p - len;
		left -= len;
		if (one_in(rng, 4))
			p = option(p, rng, harmless_code(rng), rng_below(rng, 9));
		else if (one_in(rng, 4))
			*p++ = 0;
	}
	if (first)
		*first = whole[i].first;
	return p;
}

/* Fills a field with options, sometimes beyond its end. */
static void fill_field(uint8_t *p, size_t room, struct rng *rng, unsigned int type)
{
	uint8_t scratch[4096], *end = scratch, *last;
	unsigned int n;
	size_t len;

	if (type)
		end += frame_put_option(end, 53, 1, &(uint8_t){ (uint8_t)type });
	/* A split option has at most 700 bytes. */
	for (n = 1 + rng_below(rng, 4); n; n--) {
		last = end;
		if (one_in(rng, 2))
			end = split_option(end, rng);
		else
			end = option(end, rng, harmless_code(rng), rng_below(rng, 16));
		/* An option that is cut off by the end of the field makes the message malformed. */
		if ((size_t)(end - scratch) > room && !one_in(rng, 8))
			end = last;
	}
	len = (size_t)(end - scratch);
	memcpy(p, scratch, len < room ? len : room);
	if (len < room && !one_in(rng, 8))
		p[len] = 255;
}

/*
 * Puts options into "file", "sname" or both, and option 52, which may be wrong. Returns
 * true if the message type is in "file".
 */
static bool overload(uint8_t *begin, uint8_t **p, struct rng *rng, unsigned int type)
{
	uint8_t where = (uint8_t)(one_in(rng, 8) ? rng_below(rng, 256) : 1 + rng_below(rng, 3));
	bool moved = where <= 3 && where & 1 && one_in(rng, 3);

	*p += frame_put_option(*p, 52, 1, &where);
	if (where & 1)
		fill_field(begin + FRAME_FILE_AT, FRAME_FILE_LEN, rng, moved ? type : 0);
	if (where & 2)
		fill_field(begin + FRAME_SNAME_AT, FRAME_SNAME_LEN, rng, 0);
	return moved;
}

/* Further options, most of them unusual. */
static uint8_t *put_more(uint8_t *p, struct rng *rng, uint64_t *kinds)
{
	switch (rng_below(rng, 16)) {
	case 0:
	case 1:
	case 2:
	case 3:
		return random_options(p, rng);
	case 4:
		*kinds |= 1ull << DHCP_MANY;
		return many_options(p, rng);
	case 5:
		*kinds |= 1ull << DHCP_LONG;
		return long_options(p, rng);
	case 6:
	case 7:
		*kinds |= 1ull << DHCP_PIECES;
		p = split_option(p, rng);
		return one_in(rng, 2) ? split_option(p, rng) : p;
	default:
		return p;
	}
}

/**
 * put_message() - write a DHCP message
 * @p: where; up to 8 KiB
 * @rng: random numbers
 * @msg: what the message says
 * @guest: number of the guest, whose MAC address it mostly has
 * @kinds: bits for enum frame_kind are added
 *
 * Return: its length.
 */
size_t put_message(uint8_t *p, struct rng *rng, const struct message *msg, unsigned int guest,
		   uint64_t *kinds)
{
	static const uint8_t basics[] = { 1, 3, 6, 15, 26, 51, 54, 121 };
	uint8_t *begin = p, mac[FRAME_MAC_LEN] = { 0 };
	struct frame_desc desc;
	bool moved = false;

	frame_desc_request(&desc, mac);
	desc.num[FRAME_XID] = 0;
	desc.num[FRAME_FLAGS] = one_in(rng, 2) ? 0x8000 : 0;
	desc.num[FRAME_CIADDR] = msg->ciaddr;
	if (one_in(rng, 32))
		desc.num[FRAME_GIADDR] = rng_below(rng, ANY);
	put_mac(desc.chaddr, one_in(rng, 16) ? rng_below(rng, 256) : guest);
	p += frame_put_bootp(&desc, p);
	if (one_in(rng, 10)) {
		*kinds |= 1ull << DHCP_OVERLOAD;
		moved = overload(begin, &p, rng, msg->type);
	}
	if (msg->type && !moved)
		p += frame_put_option(p, 53, 1, &(uint8_t){ (uint8_t)msg->type });
	p = option32(p, 50, msg->requested);
	p = option32(p, 54, msg->server);
	if (msg->rapid)
		p += frame_put_option(p, 80, 0, NULL);
	if (one_in(rng, 2))
		p += frame_put_option(p, 55, sizeof(basics), basics);
	p = put_more(p, rng, kinds);
	if (!one_in(rng, 32))
		*p++ = 255;
	return (size_t)(p - begin);
}
