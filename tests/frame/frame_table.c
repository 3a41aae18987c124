// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include "frame_table.h"

#define VID_PORT	5
#define VID_OTHER	7
#define TAGS		9	/* most tags of a case, one more than vdhcp parses */

static const u8 discover[] = { 53, 1, FRAME_DISCOVER, 55, 3, 1, 3, 6 };

enum table_kind { CLIENT, SERVER, OTHER, TCP, KINDS };

static const u16 ports_of[KINDS] = {
	[CLIENT] = FRAME_PORT_SERVER, [SERVER] = FRAME_PORT_CLIENT, [OTHER] = 53, [TCP] = 443,
};

/* Takes the next digit of a number whose digits have different bases. */
static u32 take_digit(u32 *number, u32 base)
{
	u32 digit = *number % base;

	*number /= base;
	return digit;
}

static void put_tag(struct frame_desc *desc, bool ad, u16 vid)
{
	desc->tags[desc->n_tags].proto = ad ? FRAME_TYPE_8021AD : FRAME_TYPE_8021Q;
	desc->tags[desc->n_tags++].tci = vid;
}

/* VLAN IDs of @n tags; @pattern says which. */
static u16 vid_at(u32 pattern, u32 i, u32 n)
{
	static const u16 all[] = { 0, 1, VID_PORT, 4095 };
	bool first = !i, last = i == n - 1;

	switch (pattern) {
	case 4:
		return first ? VID_PORT : 0;
	case 5:
		return last ? VID_PORT : 0;
	case 6:
		return first ? 1 : VID_PORT;
	case 7:
		return last ? 1 : 0;
	case 8:
		return first ? 4095 : last ? VID_PORT : 0;
	case 9:
		return first ? VID_PORT : last ? VID_OTHER : 0;
	default:
		return all[pattern];
	}
}

#define VID_PATTERNS	10
#define PROTO_PATTERNS	4	/* 802.1Q, 802.1ad, and both in turns */
#define SNAPS		3	/* Ethernet, SNAP, and SNAP with a wrong length */

static void set_snap(struct frame_desc *desc, u32 snap)
{
	static const u8 llc[] = { 0xaa, 0xaa, 3, 0, 0, 0, 8, 0 };

	if (!snap)
		return;
	desc->llc = (struct frame_span){ llc, sizeof(llc) };
	desc->num[FRAME_ETH_TYPE] = snap == 1 ? 336 : 1535;
}

static void set_kind(struct frame_desc *desc, enum table_kind kind)
{
	desc->num[FRAME_UDP_DPORT] = ports_of[kind];
	if (kind == SERVER)
		desc->num[FRAME_UDP_SPORT] = FRAME_PORT_SERVER;
	if (kind == TCP)
		desc->num[FRAME_IP_PROTO] = 6;
}

/* Tags in any number, of both protocols, and encapsulations. */
static bool describe_tags(u32 n, struct frame_desc *desc)
{
	u32 kind = take_digit(&n, KINDS), snap = take_digit(&n, SNAPS);
	u32 vids = take_digit(&n, VID_PATTERNS), proto = take_digit(&n, PROTO_PATTERNS), i;
	u32 tags = take_digit(&n, TAGS + 1);

	for (i = 0; i < tags; i++)
		put_tag(desc, proto < 2 ? proto : (i + proto) & 1, vid_at(vids, i, tags));
	set_snap(desc, snap);
	set_kind(desc, kind);
	return !n;
}

/* All versions and header lengths, for a header of 20 bytes. */
static bool describe_header(u32 n, struct frame_desc *desc)
{
	u32 kind = take_digit(&n, KINDS);

	desc->num[FRAME_IP_VERSION] = take_digit(&n, 16);
	desc->num[FRAME_IP_IHL] = take_digit(&n, 16);
	if (take_digit(&n, 2))
		put_tag(desc, false, VID_PORT);
	set_kind(desc, kind);
	return !n;
}

/* IPv4 options that some receivers read as UDP ports. */
static bool describe_options(u32 n, struct frame_desc *desc)
{
	static const u8 options[][4] = {
		{ 0, 67, 0, 68 }, { 0, 68, 0, 67 }, { 0, 67, 0, 67 }, { 0, 67, 0, 53 },
		{ 1, 1, 1, 1 }, { 0x94, 4, 0, 0 },
	};
	u32 kind = take_digit(&n, KINDS), which = take_digit(&n, 6);

	desc->ip_options = (struct frame_span){ options[which], 4 };
	set_snap(desc, take_digit(&n, SNAPS));
	set_kind(desc, kind);
	return !n;
}

static bool describe_fragment(u32 n, struct frame_desc *desc)
{
	static const u16 frags[] = { 0, 0x2000, 0x2001, 0x0001, 0x4000, 0x2008, 0x8000 };
	static const u16 totals[] = { FRAME_IP_LEN + FRAME_UDP_LEN, FRAME_IP_LEN + 7,
				      FRAME_IP_LEN + 4, FRAME_IP_LEN, 0, 65535 };
	u32 kind = take_digit(&n, KINDS), total;

	desc->num[FRAME_IP_FRAG] = frags[take_digit(&n, 7)];
	total = take_digit(&n, 7);
	if (total)
		desc->num[FRAME_IP_TOTAL] = totals[total - 1];
	if (take_digit(&n, 2))
		desc->num[FRAME_IP_CSUM] = FRAME_CSUM_BAD;
	set_kind(desc, kind);
	return !n;
}

#define CSUM_PLACES	120

/* Checksums that the host writes anywhere, from the first byte of the frame on. */
static bool describe_csum(u32 n, struct frame_desc *desc, struct table_case *c)
{
	static const u8 nops[40] = {
		1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
		1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	};
	static const u8 options[] = { 0, 4, 40 };
	u32 kind = take_digit(&n, KINDS), i;

	c->partial = true;
	c->csum_at = take_digit(&n, CSUM_PLACES);
	desc->ip_options = (struct frame_span){ nops, options[take_digit(&n, 3)] };
	switch (take_digit(&n, 5)) {
	case 1:
		put_tag(desc, false, 0);
		break;
	case 2:
		put_tag(desc, false, VID_PORT);
		break;
	case 3:
		/* Linux does not complete a checksum after eight tags, but drops the frame. */
		for (i = 0; i < 5; i++)
			put_tag(desc, i & 1, 0);
		break;
	case 4:
		set_snap(desc, 1);
		break;
	}
	set_kind(desc, kind);
	return !n;
}

static const u32 part_size[] = {
	KINDS * SNAPS * VID_PATTERNS * PROTO_PATTERNS * (TAGS + 1),
	KINDS * 16 * 16 * 2,
	KINDS * 6 * SNAPS,
	KINDS * 7 * 7 * 2,
	KINDS * CSUM_PLACES * 3 * 5,
};

/**
 * table_get() - make one frame of the table
 * @number: which one, from 0
 * @mac: MAC address of the guest
 * @c: filled in
 *
 * Return: false if the table has no such frame.
 */
bool table_get(u32 number, const u8 *mac, struct table_case *c)
{
	u8 trailer[TABLE_TRAILER] = { 'v', 'd', 'h', 'c' };
	u32 part = 0, n = number;
	struct frame_desc desc;
	bool ok = false;

	memset(c, 0, sizeof(*c));
	while (part < sizeof(part_size) / sizeof(*part_size) && n >= part_size[part])
		n -= part_size[part++];
	frame_desc_request(&desc, mac);
	desc.options = (struct frame_span){ discover, sizeof(discover) };
	frame_put32(trailer + 4, number);
	desc.trailer = (struct frame_span){ trailer, sizeof(trailer) };
	switch (part) {
	case 0:
		ok = describe_tags(n, &desc);
		break;
	case 1:
		ok = describe_header(n, &desc);
		break;
	case 2:
		ok = describe_options(n, &desc);
		break;
	case 3:
		ok = describe_fragment(n, &desc);
		break;
	case 4:
		ok = describe_csum(n, &desc, c);
		break;
	}
	if (!ok)
		return false;
	c->number = number;
	c->n_tags = desc.n_tags;
	memcpy(c->tags, desc.tags, sizeof(c->tags));
	c->snap = desc.llc.len;
	c->l3 = FRAME_ETH_LEN + desc.n_tags * FRAME_TAG_LEN + desc.llc.len;
	c->total = FRAME_IP_LEN + desc.ip_options.len + FRAME_UDP_LEN + FRAME_MESSAGE_MIN;
	c->len = frame_build(&desc, c->frame, sizeof(c->frame));
	return c->len;
}

static const struct table_port *find_port(const struct table_port *ports, u32 n, u16 vlan)
{
	u32 i;

	for (i = 0; i < n; i++)
		if (ports[i].vlan == vlan)
			return &ports[i];
	return NULL;
}

/**
 * struct judgement - what the ports of the tags say together
 * @guard: a port has guard on
 * @deny: a port has mode deny
 * @own: port of the frame's only VLAN, or of no VLAN; NULL if there is none
 */
struct judgement {
	bool guard;
	bool deny;
	const struct table_port *own;
};

static void hear_port(struct judgement *j, const struct table_port *port)
{
	j->guard |= port->guard;
	j->deny |= port->mode == TABLE_DENY;
}

static void hear_ports(const struct table_case *c, const struct table_port *ports, u32 n,
		       struct judgement *j)
{
	const struct table_port *port, *lowest = &ports[0];
	u32 i, vids = 0;
	u16 vid;

	memset(j, 0, sizeof(*j));
	for (i = 1; i < n; i++)
		if (ports[i].vlan < lowest->vlan)
			lowest = &ports[i];
	for (i = 0; i < c->n_tags && i < 8; i++) {
		vid = c->tags[i].tci & 0xfff;
		if (!vid)
			continue;
		port = find_port(ports, n, vid);
		hear_port(j, port ? port : lowest);
		j->own = vids++ || c->tags[i].proto != FRAME_TYPE_8021Q ? NULL : port;
	}
	if (c->n_tags > 8) {
		hear_port(j, lowest);
		j->own = NULL;
	} else if (!vids) {
		j->own = find_port(ports, n, 0);
		hear_port(j, j->own ? j->own : lowest);
	}
}

/* UDP destination port if the IPv4 header has @hlen bytes, 0 if it cannot be read. */
static u32 read_port(const struct table_case *c, u32 hlen)
{
	const u8 *ip = c->frame + c->l3;

	if (ip[FRAME_IP_PROTO_AT] != FRAME_PROTO_UDP ||
	    frame_get16(ip + FRAME_IP_FRAG_AT) & FRAME_IP_OFFSET)
		return 0;
	return frame_get16(ip + hlen + FRAME_UDP_DST_AT);
}

/**
 * table_rule() - say what may happen to a frame
 * @c: the frame
 * @ports: ports of the guest's device
 * @n_ports: entries of @ports, at least 1
 *
 * Return: what happens to the frame.
 */
enum table_fate table_rule(const struct table_case *c, const struct table_port *ports,
			   u32 n_ports)
{
	const u8 *ip = c->frame + c->l3;
	u32 version = ip[0] >> 4, ihl = ip[0] & 15u, hlen = (ihl < 5 ? 5 : ihl) * 4;
	u32 total = frame_get16(ip + FRAME_IP_LEN_AT), there = c->len - c->l3;
	bool more = frame_get16(ip + FRAME_IP_FRAG_AT) & FRAME_IP_MF;
	bool sane = version == 4 && ihl >= 5, flaw, sum_good;
	u32 fixed = read_port(c, FRAME_IP_LEN), port = read_port(c, hlen);
	bool dhcp = sane && (port == 67 || port == 68);
	struct judgement j;

	hear_ports(c, ports, n_ports, &j);
	if (c->n_tags > 8)
		return j.guard || j.deny ? TABLE_STAYS : TABLE_LEAVES;
	if (j.guard && (fixed == 68 || port == 68))
		return TABLE_STAYS;

	flaw = !sane || (hlen > FRAME_IP_LEN && fixed == 67);
	if (port && more && (total < there ? total : there) < hlen + FRAME_UDP_LEN)
		flaw = true;
	if (c->partial && c->csum_at < c->l3 + hlen + 4)
		flaw = true;
	if (c->partial && dhcp && c->csum_at != c->l3 + hlen + FRAME_UDP_SUM_AT)
		flaw = true;
	if (flaw && (j.guard || j.deny))
		return TABLE_STAYS;
	if (!dhcp || port != 67)
		return TABLE_LEAVES;

	if (j.deny)
		return TABLE_STAYS;
	if (!j.own)
		return j.guard ? TABLE_STAYS : TABLE_LEAVES;
	sum_good = !frame_fold(frame_sum(ip, hlen, 0));
	if (j.own->mode == TABLE_PASS)
		return j.guard && (!sum_good || more) ? TABLE_STAYS : TABLE_LEAVES;
	if (c->snap)
		return j.guard ? TABLE_STAYS : TABLE_LEAVES;
	return !flaw && sum_good && !more && total == c->total ? TABLE_ANSWERED : TABLE_STAYS;
}

/**
 * table_describe() - describe a frame for a failed test
 * @c: the frame
 * @text: buffer
 * @size: bytes at @text
 */
void table_describe(const struct table_case *c, char *text, u32 size)
{
	u32 i, at = 0;

	at += (u32)snprintf(text + at, size - at, "case %u:", c->number);
	for (i = 0; i < c->n_tags; i++)
		at += (u32)snprintf(text + at, size - at, " %s%u",
				    c->tags[i].proto == FRAME_TYPE_8021AD ? "ad/" : "",
				    c->tags[i].tci);
	at += (u32)snprintf(text + at, size - at, "%s, IPv4", c->snap ? " SNAP" : "");
	for (i = 0; i < 28; i++)
		at += (u32)snprintf(text + at, size - at, "%s%02x", i % 4 ? "" : " ",
				    c->frame[c->l3 + i]);
	if (c->partial)
		snprintf(text + at, size - at, ", partial checksum at %u", c->csum_at);
}
