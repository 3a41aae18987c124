// SPDX-License-Identifier: GPL-2.0
/* From the description of a frame to its bytes. */
#include "frame.h"

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

static void put_span(u8 *out, const struct frame_span *span)
{
	if (span->len)
		memcpy(out, span->data, span->len);
}

/**
 * frame_put_ethernet() - write the Ethernet header, the VLAN tags and LLC
 * @desc: description of the frame
 * @out: where
 *
 * Return: bytes written.
 */
u32 frame_put_ethernet(const struct frame_desc *desc, u8 *out)
{
	u32 i, type = desc->num[FRAME_ETH_TYPE];
	u8 *p = out + FRAME_ETH_TYPE_AT;

	memcpy(out, desc->mac[FRAME_ETH_DST], FRAME_MAC_LEN);
	memcpy(out + FRAME_MAC_LEN, desc->mac[FRAME_ETH_SRC], FRAME_MAC_LEN);
	for (i = 0; i < desc->n_tags; i++, p += FRAME_TAG_LEN) {
		frame_put16(p, desc->tags[i].proto);
		frame_put16(p + 2, desc->tags[i].tci);
	}
	if (type == FRAME_AUTO)
		type = desc->arp ? FRAME_TYPE_ARP : FRAME_TYPE_IP;
	frame_put16(p, type);
	put_span(p + 2, &desc->llc);
	return (u32)(p + 2 - out) + desc->llc.len;
}

/**
 * frame_put_arp() - write an ARP message
 * @desc: description of the frame
 * @out: where; %FRAME_ARP_LEN bytes
 *
 * Return: bytes written.
 */
u32 frame_put_arp(const struct frame_desc *desc, u8 *out)
{
	frame_put16(out, desc->num[FRAME_ARP_HTYPE]);
	frame_put16(out + 2, desc->num[FRAME_ARP_PTYPE]);
	out[4] = (u8)desc->num[FRAME_ARP_HLEN];
	out[5] = (u8)desc->num[FRAME_ARP_PLEN];
	frame_put16(out + 6, desc->num[FRAME_ARP_OP]);
	memcpy(out + 8, desc->mac[FRAME_ARP_SHA], FRAME_MAC_LEN);
	frame_put32(out + 14, desc->num[FRAME_ARP_SPA]);
	memcpy(out + 18, desc->mac[FRAME_ARP_THA], FRAME_MAC_LEN);
	frame_put32(out + 24, desc->num[FRAME_ARP_TPA]);
	return FRAME_ARP_LEN;
}

/**
 * frame_put_headers() - write IPv4 and UDP headers, their checksums as 0
 * @desc: description of the frame
 * @out: where
 * @message_len: bytes of the UDP payload
 *
 * Return: bytes written.
 */
u32 frame_put_headers(const struct frame_desc *desc, u8 *out, u32 message_len)
{
	u32 hlen = FRAME_IP_LEN + desc->ip_options.len, ihl = desc->num[FRAME_IP_IHL];
	u32 udp_total = desc->num[FRAME_UDP_TOTAL], ip_total = desc->num[FRAME_IP_TOTAL];
	u8 *udp = out + hlen;

	if (ihl == FRAME_AUTO)
		ihl = hlen / 4;
	if (udp_total == FRAME_AUTO)
		udp_total = FRAME_UDP_LEN + message_len;
	if (ip_total == FRAME_AUTO)
		ip_total = hlen + FRAME_UDP_LEN + message_len;
	out[0] = (u8)(desc->num[FRAME_IP_VERSION] << 4 | ihl);
	out[1] = (u8)desc->num[FRAME_IP_TOS];
	frame_put16(out + FRAME_IP_LEN_AT, ip_total);
	frame_put16(out + 4, desc->num[FRAME_IP_ID]);
	frame_put16(out + FRAME_IP_FRAG_AT, desc->num[FRAME_IP_FRAG]);
	out[FRAME_IP_TTL_AT] = (u8)desc->num[FRAME_IP_TTL];
	out[FRAME_IP_PROTO_AT] = (u8)desc->num[FRAME_IP_PROTO];
	frame_put16(out + FRAME_IP_SUM_AT, 0);
	frame_put32(out + FRAME_IP_SRC_AT, desc->num[FRAME_IP_SRC]);
	frame_put32(out + FRAME_IP_DST_AT, desc->num[FRAME_IP_DST]);
	if (desc->ip_options.len)
		memcpy(out + FRAME_IP_LEN, desc->ip_options.data, desc->ip_options.len);
	frame_put16(udp, desc->num[FRAME_UDP_SPORT]);
	frame_put16(udp + FRAME_UDP_DST_AT, desc->num[FRAME_UDP_DPORT]);
	frame_put16(udp + FRAME_UDP_LEN_AT, udp_total);
	frame_put16(udp + FRAME_UDP_SUM_AT, 0);
	return hlen + FRAME_UDP_LEN;
}

/**
 * frame_put_bootp() - write a DHCP message up to its options
 * @desc: description of the frame
 * @out: where; %FRAME_OPTIONS_AT bytes
 *
 * Return: bytes written.
 */
u32 frame_put_bootp(const struct frame_desc *desc, u8 *out)
{
	memset(out, 0, FRAME_OPTIONS_AT);
	out[0] = (u8)desc->num[FRAME_OP];
	out[1] = (u8)desc->num[FRAME_HTYPE];
	out[2] = (u8)desc->num[FRAME_HLEN];
	out[3] = (u8)desc->num[FRAME_HOPS];
	frame_put32(out + FRAME_XID_AT, desc->num[FRAME_XID]);
	frame_put16(out + 8, desc->num[FRAME_SECS]);
	frame_put16(out + 10, desc->num[FRAME_FLAGS]);
	frame_put32(out + 12, desc->num[FRAME_CIADDR]);
	frame_put32(out + 16, desc->num[FRAME_YIADDR]);
	frame_put32(out + 20, desc->num[FRAME_SIADDR]);
	frame_put32(out + 24, desc->num[FRAME_GIADDR]);
	memcpy(out + FRAME_CHADDR_AT, desc->chaddr, sizeof(desc->chaddr));
	put_span(out + FRAME_SNAME_AT, &desc->sname);
	put_span(out + FRAME_FILE_AT, &desc->file);
	frame_put32(out + FRAME_BOOTP_LEN, desc->cookie);
	return FRAME_OPTIONS_AT;
}

static u32 put_message(const struct frame_desc *desc, u8 *out)
{
	u32 len = frame_put_bootp(desc, out), want = desc->message_min;

	put_span(out + len, &desc->options);
	len += desc->options.len;
	if (desc->add_end)
		out[len++] = FRAME_OPT_END;
	if (desc->message_len) {
		want = desc->message_len;
		len = len < want ? len : want;
	}
	if (len >= want)
		return len;
	memset(out + len, 0, want - len);
	return want;
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

/* The most that frame_build() writes. */
static u32 size_bound(const struct frame_desc *desc)
{
	u32 size = FRAME_ETH_LEN + desc->n_tags * FRAME_TAG_LEN + desc->llc.len + desc->trailer.len;
	u32 message = FRAME_OPTIONS_AT + desc->options.len + desc->add_end;

	if (desc->arp)
		return size + FRAME_ARP_LEN;
	if (message < desc->message_min)
		message = desc->message_min;
	if (message < desc->message_len)
		message = desc->message_len;
	return size + FRAME_IP_LEN + desc->ip_options.len + FRAME_UDP_LEN + message;
}

/**
 * frame_build() - write the bytes of a frame
 * @desc: description of the frame
 * @out: buffer for the frame
 * @size: bytes at @out
 *
 * Return: length of the frame, 0 if it does not fit.
 */
u32 frame_build(const struct frame_desc *desc, u8 *out, u32 size)
{
	u32 len, udp_len, at = FRAME_IP_LEN + desc->ip_options.len;
	u8 *l3;

	if (size_bound(desc) > size)
		return 0;
	len = frame_put_ethernet(desc, out);
	l3 = out + len;
	if (desc->arp) {
		len += frame_put_arp(desc, l3);
	} else {
		udp_len = FRAME_UDP_LEN + put_message(desc, l3 + at + FRAME_UDP_LEN);
		frame_put_headers(desc, l3, udp_len - FRAME_UDP_LEN);
		put_sums(desc, l3, l3 + at, udp_len);
		len += at + udp_len;
	}
	put_span(out + len, &desc->trailer);
	return len + desc->trailer.len;
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
