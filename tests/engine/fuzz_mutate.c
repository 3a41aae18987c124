// SPDX-License-Identifier: GPL-2.0
/*
 * Mutations that know VLAN tags and DHCP, for fuzz.c. Bytes that are changed at
 * random rarely get past the lengths and checksums of IPv4 and UDP, and never
 * split an option. Here a frame is taken apart, its options are changed as
 * options, and it is put together with correct lengths and checksums.
 */
#include "configs.h"
#include "frame_text.h"
#include "fuzz.h"

#define OURS 0xc000020a

enum {
	OPTIONS,
	FILE_FIELD,
	SNAME,
	FIELDS,
};

/**
 * struct taken - a frame that is taken apart
 * @head: the input up to the frame, then the frame up to the options
 * @frame: offset of the frame in @head
 * @ip: offset of IPv4 in @head
 * @udp: offset of UDP in @head
 * @field: fields that may have options
 * @trailer: bytes after the datagram
 */
struct taken {
	struct bytes head;
	u32 frame;
	u32 ip;
	u32 udp;
	struct bytes field[FIELDS];
	struct bytes trailer;
};

/**
 * struct place - an option in a field, or one byte that is not part of one
 * @at: offset in the field
 * @len: bytes of it, with code and length
 */
struct place {
	u32 at;
	u32 len;
};

/* Offset in the message and size of each field; the options have no fixed size. */
static const u32 field_at[FIELDS] = { VDHCP_BOOTP_LEN, 108, 44 };
static const u32 field_len[FIELDS] = { 0, 128, 64 };

static void bytes_set(struct bytes *b, const u8 *data, u32 len)
{
	b->len = 0;
	bytes_add(b, data, len);
}

/* Returns false if the frame has no options. */
static bool take_apart(struct taken *t, const u8 *data, size_t size)
{
	u32 at, hlen, len, i;
	const u8 *bootp;

	if (size < 2 || size > FUZZ_ROOM)
		return false;
	t->frame = fuzz_head(data, size);
	t->ip = t->frame + fuzz_l3(data + t->frame, size - t->frame);
	if (size < t->ip + VDHCP_IP4_HLEN ||
	    get_unaligned_be16(data + t->ip - 2) != VDHCP_ETHERTYPE_IPV4)
		return false;
	hlen = (data[t->ip] & 15u) * 4;
	t->udp = t->ip + hlen;
	at = t->udp + VDHCP_UDP_HLEN + VDHCP_BOOTP_LEN;
	if (hlen < VDHCP_IP4_HLEN || size < at)
		return false;
	len = get_unaligned_be16(data + t->udp + 4);
	if (len < at - t->udp || len > size - t->udp)
		len = (u32)size - t->udp;
	bytes_set(&t->head, data, at);
	bytes_set(&t->field[OPTIONS], data + at, t->udp + len - at);
	bytes_set(&t->trailer, data + t->udp + len, (u32)size - t->udp - len);
	bootp = data + t->udp + VDHCP_UDP_HLEN;
	for (i = FILE_FIELD; i < FIELDS; i++)
		bytes_set(&t->field[i], bootp + field_at[i], field_len[i]);
	return true;
}

static size_t put_together(struct taken *t, u8 *out, size_t max)
{
	u8 *ip = t->head.data + t->ip, *udp = t->head.data + t->udp, *bootp = udp + 8;
	struct bytes *options = &t->field[OPTIONS];
	u32 i, len, hlen = t->udp - t->ip;

	if (t->head.len > max)
		return 0;
	if (options->len > max - t->head.len)
		options->len = (u32)max - t->head.len;
	if (t->trailer.len > max - t->head.len - options->len)
		t->trailer.len = (u32)max - t->head.len - options->len;
	for (i = FILE_FIELD; i < FIELDS; i++) {
		bytes_fill(&t->field[i], 0, field_len[i]);
		memcpy(bootp + field_at[i], t->field[i].data, field_len[i]);
	}
	len = t->head.len - t->udp + options->len;
	frame_put16(ip + FRAME_IP_LEN_AT, hlen + len);
	frame_put_ip_sum(ip);
	frame_put16(udp + FRAME_UDP_LEN_AT, len);
	frame_put16(udp + FRAME_UDP_SUM_AT, 0);
	memcpy(out, t->head.data, t->head.len);
	memcpy(out + t->head.len, options->data, options->len);
	memcpy(out + t->head.len + options->len, t->trailer.data, t->trailer.len);
	/* A UDP checksum of 0 is valid as well. */
	if (random_below(4))
		frame_put_udp_sum(out + t->ip, out + t->udp, len);
	return t->head.len + options->len + t->trailer.len;
}

/* Selects an option of a field, with @value one with a value; false if there is none. */
static bool some_place(const struct bytes *b, bool value, struct place *found)
{
	struct place p;
	u32 n = 0;

	for (p.at = 0; p.at < b->len; p.at += p.len) {
		p.len = 1;
		if (b->data[p.at] && b->data[p.at] != VDHCP_OPT_END && b->len - p.at >= 2)
			p.len = 2u + b->data[p.at + 1];
		if (p.len > b->len - p.at)
			p.len = b->len - p.at;
		if (value && p.len < 3)
			continue;
		/* Rarely an option after END. */
		if (!random_below(++n))
			*found = p;
		if (b->data[p.at] == VDHCP_OPT_END && random_below(16))
			break;
	}
	return n;
}

/* Selects an offset at which an option can be inserted. */
static u32 some_gap(const struct bytes *b)
{
	struct place p;

	return some_place(b, false, &p) ? p.at : b->len;
}

static u8 some_length(void)
{
	static const u8 edges[] = { 0, 1, 2, 3, 4, 5, 16, 17, 18, 63, 64, 127, 128, 253, 254, 255 };

	return random_below(2) ? edges[random_below(ARRAY_SIZE(edges))] : (u8)random_u32();
}

/* Splits an option into pieces that hold the same value together. */
static void split_option(struct bytes *b)
{
	u32 pieces, left, len;
	struct bytes made;
	const u8 *from;
	struct place p;

	if (!some_place(b, random_below(4), &p) || p.len < 2)
		return;
	made.len = 0;
	from = b->data + p.at + 2;
	left = p.len - 2;
	/* Mostly few pieces; sometimes more than bytes, so that some are empty. */
	pieces = random_below(3) ? 2 + random_below(3) : 1 + random_below(130);
	for (; pieces; pieces--, left -= len, from += len) {
		len = pieces == 1 ? left : random_below(2) ? left / pieces :
		      random_below(left + 1);
		bytes_fill(&made, b->data[p.at], 1);
		bytes_fill(&made, (u8)len, 1);
		bytes_add(&made, from, len);
	}
	fuzz_splice(b, p.at, p.len, made.data, made.len);
}

/* Sets another length, and with @bytes changes the value to that length. */
static void resize_option(struct bytes *b, bool bytes)
{
	u8 value[257];
	struct place p;
	u8 len;

	if (!some_place(b, false, &p) || p.len < 2)
		return;
	len = random_below(4) ? some_length() :
	      (u8)(b->data[p.at + 1] + (random_below(2) ? 1 : -1));
	if (bytes) {
		memset(value, (int)random_u32(), sizeof(value));
		memcpy(value, b->data + p.at, p.len);
		value[1] = len;
		fuzz_splice(b, p.at, p.len, value, 2u + len);
	} else {
		b->data[p.at + 1] = len;
	}
}

/* LLVMFuzzerMutate() knows which values the engine compared. */
static void change_value(struct bytes *b)
{
	u8 value[257];
	struct place p;

	if (!some_place(b, true, &p))
		return;
	memcpy(value, b->data + p.at, p.len);
	value[1] = (u8)LLVMFuzzerMutate(value + 2, p.len - 2, 255);
	fuzz_splice(b, p.at, p.len, value, 2u + value[1]);
}

/* Copies or moves one option, or several in a row. */
static void copy_options(struct bytes *from, struct bytes *to, bool move)
{
	struct bytes part;
	struct place p;

	if (!some_place(from, false, &p))
		return;
	if (!random_below(4))
		p.len = 1 + random_below(from->len - p.at);
	bytes_set(&part, from->data + p.at, p.len);
	if (move)
		fuzz_splice(from, p.at, p.len, NULL, 0);
	fuzz_splice(to, some_gap(to), 0, part.data, part.len);
}

static void change_options(struct taken *t)
{
	struct bytes *b = &t->field[random_below(6) ? OPTIONS : random_below(FIELDS)];
	struct bytes made = { 0 };
	struct place p;

	switch (random_below(12)) {
	case 0:
		random_option(&made, OURS);
		break;
	case 1:
		random_list(&made);
		break;
	case 2:
		bytes_fill(&made, VDHCP_OPT_END, !random_below(3));
		bytes_fill(&made, 0, 1 + random_below(17));
		break;
	case 3:
		copy_options(b, b, false);
		break;
	case 4:
		copy_options(b, b, true);
		break;
	case 5:
		copy_options(b, &t->field[random_below(FIELDS)], random_below(2));
		break;
	case 6:
		if (some_place(b, false, &p))
			fuzz_splice(b, p.at, p.len, NULL, 0);
		break;
	case 7:
	case 8:
		split_option(b);
		break;
	case 9:
		resize_option(b, true);
		break;
	case 10:
		resize_option(b, false);
		break;
	case 11:
		change_value(b);
		break;
	}
	fuzz_splice(b, some_gap(b), 0, made.data, made.len);
}

/* Server identifiers of the configurations, or any address. */
static u32 some_addr(void)
{
	static const u32 servers[] = {
		0xc0000201, 0xc0000203, 0xc0000209, 0xc000020b, 0x0a000001, 0xa9fea9fe,
	};

	return random_below(2) ? servers[random_below(ARRAY_SIZE(servers))] :
				 random_addr(OURS);
}

/* Changes a field of the message or of IPv4 that the reply depends on. */
static void change_field(struct taken *t)
{
	u8 *ip = t->head.data + t->ip, *bootp = t->head.data + t->udp + VDHCP_UDP_HLEN;
	static const u8 types[] = { 1, 3, 4, 7, 8 };
	u8 type[] = { 53, 1, types[random_below(ARRAY_SIZE(types))] };
	struct bytes *b = &t->field[OPTIONS];
	u8 overload[] = { 52, 1, (u8)random_below(4) };

	switch (random_below(7)) {
	case 0:
		put_unaligned_be32(some_addr(), bootp + 12);
		break;
	case 1:
		put_unaligned_be32(some_addr(), ip + 12);
		break;
	case 2:
		put_unaligned_be32(random_below(2) ? 0xffffffff : some_addr(), ip + 16);
		break;
	case 3:
		bootp[10] ^= 0x80;
		break;
	case 4:
		bootp[random_below(VDHCP_BOOTP_LEN)] = (u8)random_u32();
		break;
	case 5:
		/* Replaces the message type, which mostly is the first option. */
		if (b->len >= 3 && b->data[0] == 53)
			fuzz_splice(b, 0, 3, type, sizeof(type));
		else
			fuzz_splice(b, 0, 0, type, sizeof(type));
		break;
	case 6:
		fuzz_splice(b, some_gap(b), 0, overload, sizeof(overload));
		break;
	}
}

/* Replaces @remove bytes before IPv4 by @n others. */
static void splice_head(struct taken *t, u32 at, u32 remove, const u8 *data, u32 n)
{
	fuzz_splice(&t->head, at, remove, data, n);
	t->ip += n - remove;
	t->udp += n - remove;
}

/* Selects another configuration, or adds or removes a change to it. */
static void change_config(struct taken *t)
{
	u8 *head = t->head.data, change[3], n = head[1] >> 2 & FUZZ_CHANGES;

	if (!random_below(3)) {
		head[0] = (u8)random_below(configs_n);
	} else if (n < FUZZ_CHANGES && random_below(2)) {
		change[0] = (u8)random_below(24);
		change[1] = (u8)random_u32();
		change[2] = some_length();
		splice_head(t, 2, 0, change, sizeof(change));
		head[1] += 1 << 2;
		t->frame += sizeof(change);
	} else if (n) {
		splice_head(t, 2, 3, NULL, 0);
		head[1] -= 1 << 2;
		t->frame -= 3;
	}
}

/* Makes a tag of either protocol, mostly of the port's VLAN or of none. */
static void random_tag(u8 *tag, u32 proto_len)
{
	static const u16 vids[] = { 0, 0, FUZZ_VLAN_ID, FUZZ_VLAN_ID, 6, 4095 };
	u16 tci = vids[random_below(ARRAY_SIZE(vids))];
	bool ad = !random_below(4);

	if (!random_below(4))
		tci |= (u16)(random_below(16) << 12);
	if (proto_len == 1)
		tag[0] = ad;
	else
		put_unaligned_be16(ad ? VDHCP_ETHERTYPE_8021AD : VDHCP_ETHERTYPE_8021Q, tag);
	put_unaligned_be16(tci, tag + proto_len);
}

/* Adds, moves or removes a partial checksum, mostly that of UDP or near it. */
static void change_csum_at(struct taken *t)
{
	u32 place = 2 + 3 * fuzz_changes(t->head.data, t->head.len);
	u32 at = t->udp - t->frame + FRAME_UDP_SUM_AT;
	u8 bytes[2];

	if (t->head.data[1] & FUZZ_CSUM_AT) {
		splice_head(t, place, 2, NULL, 0);
		t->frame -= 2;
	} else {
		if (random_below(2))
			at = random_below(4) ? at + 8 - random_below(16) : random_below(400);
		put_unaligned_be16((u16)at, bytes);
		splice_head(t, place, 0, bytes, 2);
		t->frame += 2;
	}
	t->head.data[1] ^= FUZZ_CSUM_AT;
}

/* Adds, removes or changes a VLAN tag, or changes the VLAN of the port. */
static void change_tags(struct taken *t)
{
	u32 tags = t->frame + 12, n = (t->ip - t->frame - VDHCP_ETH_HLEN) / VDHCP_VLAN_HLEN;
	u8 *head = t->head.data, tag[4];

	switch (random_below(6)) {
	case 0:
		head[1] ^= FUZZ_VLAN;
		break;
	case 1:
		random_tag(tag, 1);
		if (head[1] & FUZZ_HW_TAG) {
			splice_head(t, t->frame - 3, 3, NULL, 0);
			t->frame -= 3;
		} else {
			splice_head(t, t->frame, 0, tag, 3);
			t->frame += 3;
		}
		head[1] ^= FUZZ_HW_TAG;
		break;
	case 2:
		if (head[1] & FUZZ_HW_TAG)
			random_tag(head + t->frame - 3, 1);
		break;
	case 3:
		if (n && random_below(2))
			splice_head(t, tags + VDHCP_VLAN_HLEN * random_below(n),
				    VDHCP_VLAN_HLEN, NULL, 0);
		else if (n)
			random_tag(head + tags + VDHCP_VLAN_HLEN * random_below(n), 2);
		break;
	case 4:
		random_tag(tag, 2);
		splice_head(t, tags + VDHCP_VLAN_HLEN * random_below(n + 1), 0, tag,
			    VDHCP_VLAN_HLEN);
		break;
	case 5:
		change_csum_at(t);
		break;
	}
}

size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned int seed)
{
	static struct taken t;
	bool plain;
	u32 n;

	random_begin(seed);
	plain = !random_below(4);
	if (plain || !take_apart(&t, data, size)) {
		size = LLVMFuzzerMutate(data, size, max);
		/* Inputs with wrong lengths and checksums are needed as well. */
		if (random_below(2) || !take_apart(&t, data, size))
			return size;
		return put_together(&t, data, max);
	}
	for (n = 1 + random_below(3); n--;) {
		if (random_below(5))
			change_options(&t);
		else if (random_below(3))
			change_field(&t);
		else if (random_below(2))
			change_tags(&t);
		else
			change_config(&t);
	}
	return put_together(&t, data, max);
}

/* Joins the first options of one request with the last ones of another. */
size_t LLVMFuzzerCustomCrossOver(const u8 *one, size_t one_size, const u8 *two,
				 size_t two_size, u8 *out, size_t max, unsigned int seed)
{
	static struct taken t, other;
	struct bytes *b = &t.field[OPTIONS];
	u32 at, from;

	random_begin(seed);
	if (!take_apart(&t, one, one_size) || !take_apart(&other, two, two_size))
		return 0;
	at = some_gap(b);
	from = some_gap(&other.field[OPTIONS]);
	fuzz_splice(b, at, b->len - at, other.field[OPTIONS].data + from,
		    other.field[OPTIONS].len - from);
	return put_together(&t, out, max);
}
