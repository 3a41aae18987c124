// SPDX-License-Identifier: GPL-2.0
/* From the description of a frame to its bytes. */
#include "frame.h"

/* The buffer that a frame is written to; @len counts on after @size is reached. */
struct writer {
	u8 *data;
	u32 size;
	u32 len;
};

/* How many of @len bytes the buffer still takes. */
static u32 limit_to_room(const struct writer *w, u32 len)
{
	u32 room = w->len < w->size ? w->size - w->len : 0;

	return len < room ? len : room;
}

static void add_bytes(struct writer *w, const void *data, u32 len)
{
	u32 n = limit_to_room(w, len);

	if (n)
		memcpy(w->data + w->len, data, n);
	w->len += len;
}

static void add_span(struct writer *w, const struct frame_span *span)
{
	add_bytes(w, span->data, span->len);
}

static void add_zeros(struct writer *w, u32 len)
{
	u32 n = limit_to_room(w, len);

	if (n)
		memset(w->data + w->len, 0, n);
	w->len += len;
}

static void add_number(struct writer *w, u32 value, u32 size)
{
	u8 bytes[4];

	frame_put32(bytes, value);
	add_bytes(w, bytes + 4 - size, size);
}

/* A text field: its value and zeros up to its size. */
static void add_field(struct writer *w, const struct frame_span *value, u32 size)
{
	add_span(w, value);
	if (value->len < size)
		add_zeros(w, size - value->len);
}

/**
 * frame_desc_request() - describe the frame of a client that has no address yet
 * @desc: filled in: a broadcast DHCP message without options but for END, padded; or,
 *	with @desc->arp set afterwards, an ARP request
 * @mac: MAC address of the client
 */
void frame_desc_request(struct frame_desc *desc, const u8 *mac)
{
	static const struct {
		enum frame_field field;
		u32 value;
	} defaults[] = {
		{ FRAME_ETH_TYPE, FRAME_AUTO },
		{ FRAME_IP_VERSION, 4 }, { FRAME_IP_IHL, FRAME_AUTO },
		{ FRAME_IP_TOTAL, FRAME_AUTO }, { FRAME_IP_TTL, 64 },
		{ FRAME_IP_PROTO, FRAME_PROTO_UDP },
		{ FRAME_IP_CSUM, FRAME_CSUM_GOOD }, { FRAME_IP_DST, 0xffffffff },
		{ FRAME_UDP_SPORT, FRAME_PORT_CLIENT }, { FRAME_UDP_DPORT, FRAME_PORT_SERVER },
		{ FRAME_UDP_TOTAL, FRAME_AUTO }, { FRAME_UDP_CSUM, FRAME_CSUM_GOOD },
		{ FRAME_OP, 1 }, { FRAME_HTYPE, 1 }, { FRAME_HLEN, FRAME_MAC_LEN },
		{ FRAME_XID, 0x3903f326 },
		{ FRAME_ARP_HTYPE, 1 }, { FRAME_ARP_PTYPE, FRAME_TYPE_IP },
		{ FRAME_ARP_HLEN, FRAME_MAC_LEN }, { FRAME_ARP_PLEN, 4 }, { FRAME_ARP_OP, 1 },
	};
	u32 i;

	memset(desc, 0, sizeof(*desc));
	for (i = 0; i < sizeof(defaults) / sizeof(*defaults); i++)
		desc->num[defaults[i].field] = defaults[i].value;
	memset(desc->mac[FRAME_ETH_DST], 0xff, FRAME_MAC_LEN);
	memcpy(desc->mac[FRAME_ETH_SRC], mac, FRAME_MAC_LEN);
	memcpy(desc->mac[FRAME_ARP_SHA], mac, FRAME_MAC_LEN);
	memcpy(desc->chaddr, mac, FRAME_MAC_LEN);
	desc->cookie = FRAME_COOKIE;
	desc->add_end = true;
	desc->message_min = FRAME_MESSAGE_MIN;
}

static u32 pick_sum(u32 want, u32 good)
{
	switch (want) {
	case FRAME_CSUM_GOOD:
		return good;
	case FRAME_CSUM_BAD:
		return good == 0x1234 ? 0x4321 : 0x1234;
	default:
		return want;
	}
}

static void build_arp(const struct frame_desc *desc, struct writer *w)
{
	add_number(w, desc->num[FRAME_ARP_HTYPE], 2);
	add_number(w, desc->num[FRAME_ARP_PTYPE], 2);
	add_number(w, desc->num[FRAME_ARP_HLEN], 1);
	add_number(w, desc->num[FRAME_ARP_PLEN], 1);
	add_number(w, desc->num[FRAME_ARP_OP], 2);
	add_bytes(w, desc->mac[FRAME_ARP_SHA], FRAME_MAC_LEN);
	add_number(w, desc->num[FRAME_ARP_SPA], 4);
	add_bytes(w, desc->mac[FRAME_ARP_THA], FRAME_MAC_LEN);
	add_number(w, desc->num[FRAME_ARP_TPA], 4);
}

static void build_message(const struct frame_desc *desc, struct writer *w)
{
	u32 begin = w->len, field, size;

	for (field = FRAME_OP; field <= FRAME_GIADDR; field++) {
		size = field <= FRAME_HOPS ? 1 : field == FRAME_XID ? 4 :
		       field <= FRAME_FLAGS ? 2 : 4;
		add_number(w, desc->num[field], size);
	}
	add_bytes(w, desc->chaddr, sizeof(desc->chaddr));
	add_field(w, &desc->sname, FRAME_SNAME_LEN);
	add_field(w, &desc->file, FRAME_FILE_LEN);
	add_number(w, desc->cookie, 4);
	add_span(w, &desc->options);
	if (desc->add_end)
		add_number(w, 255, 1);
	if (desc->message_len && w->len - begin > desc->message_len)
		w->len = begin + desc->message_len;
	size = desc->message_len ? desc->message_len : desc->message_min;
	if (w->len - begin < size)
		add_zeros(w, begin + size - w->len);
}

/* UDP; its checksum comes last, see put_sums(). */
static void build_udp(const struct frame_desc *desc, struct writer *w)
{
	u32 begin = w->len, len = desc->num[FRAME_UDP_TOTAL];

	add_number(w, desc->num[FRAME_UDP_SPORT], 2);
	add_number(w, desc->num[FRAME_UDP_DPORT], 2);
	add_number(w, len, 2);
	add_number(w, 0, 2);
	build_message(desc, w);
	if (len == FRAME_AUTO && w->len <= w->size)
		frame_put16(w->data + begin + FRAME_UDP_LEN_AT, w->len - begin);
}

static void put_sums(const struct frame_desc *desc, u8 *ip, u8 *udp, u32 udp_len)
{
	u32 want = desc->num[FRAME_UDP_CSUM], check;

	/* Over the options that are there, whatever the header length field says. */
	check = frame_fold(frame_sum(ip, (u32)(udp - ip), 0));
	frame_put16(ip + FRAME_IP_SUM_AT, pick_sum(desc->num[FRAME_IP_CSUM], check));
	if (want == FRAME_CSUM_PARTIAL) {
		frame_put_partial_sum(ip, udp);
		return;
	}
	frame_put_udp_sum(ip, udp, udp_len);
	frame_put16(udp + FRAME_UDP_SUM_AT,
		    pick_sum(want, frame_get16(udp + FRAME_UDP_SUM_AT)));
}

static void build_ip(const struct frame_desc *desc, struct writer *w)
{
	u32 hlen = FRAME_IP_LEN + desc->ip_options.len, begin = w->len;
	u32 ihl = desc->num[FRAME_IP_IHL], len = desc->num[FRAME_IP_TOTAL];

	if (ihl == FRAME_AUTO)
		ihl = hlen / 4;
	add_number(w, desc->num[FRAME_IP_VERSION] << 4 | ihl, 1);
	add_number(w, desc->num[FRAME_IP_TOS], 1);
	add_number(w, len, 2);
	add_number(w, desc->num[FRAME_IP_ID], 2);
	add_number(w, desc->num[FRAME_IP_FRAG], 2);
	add_number(w, desc->num[FRAME_IP_TTL], 1);
	add_number(w, desc->num[FRAME_IP_PROTO], 1);
	add_number(w, 0, 2);
	add_number(w, desc->num[FRAME_IP_SRC], 4);
	add_number(w, desc->num[FRAME_IP_DST], 4);
	add_span(w, &desc->ip_options);
	build_udp(desc, w);
	if (w->len > w->size)
		return;
	if (len == FRAME_AUTO)
		frame_put16(w->data + begin + FRAME_IP_LEN_AT, w->len - begin);
	put_sums(desc, w->data + begin, w->data + begin + hlen, w->len - begin - hlen);
}

/**
 * frame_build() - write the bytes of a frame
 * @desc: description of the frame
 * @out: buffer for the frame
 * @size: bytes at @out
 *
 * Return: length of the frame, 0 if it is longer than @size.
 */
u32 frame_build(const struct frame_desc *desc, u8 *out, u32 size)
{
	struct writer w = { .data = out, .size = size };
	u32 i, type = desc->num[FRAME_ETH_TYPE];

	add_bytes(&w, desc->mac[FRAME_ETH_DST], FRAME_MAC_LEN);
	add_bytes(&w, desc->mac[FRAME_ETH_SRC], FRAME_MAC_LEN);
	for (i = 0; i < desc->n_tags; i++) {
		add_number(&w, desc->tags[i].proto, 2);
		add_number(&w, desc->tags[i].tci, 2);
	}
	if (type == FRAME_AUTO)
		type = desc->arp ? FRAME_TYPE_ARP : FRAME_TYPE_IP;
	add_number(&w, type, 2);
	if (desc->arp)
		build_arp(desc, &w);
	else
		build_ip(desc, &w);
	add_span(&w, &desc->trailer);
	return w.len <= size ? w.len : 0;
}

/**
 * frame_put_option() - write a DHCP option
 * @out: where; 2 + @len bytes
 * @code: option code
 * @len: bytes at @value
 * @value: value
 *
 * Return: bytes written.
 */
u32 frame_put_option(u8 *out, u8 code, u8 len, const void *value)
{
	out[0] = code;
	out[1] = len;
	if (len)
		memcpy(out + 2, value, len);
	return 2u + len;
}
