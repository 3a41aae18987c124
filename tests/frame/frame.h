/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Describe, build and parse test frames: Ethernet, VLAN tags, IPv4, UDP, DHCP and ARP.
 * Compiles in user space and in the kernel and allocates no memory. It shares no code
 * with the engine, because the engine is what these frames test.
 */
#ifndef VDHCP_TESTS_FRAME_H
#define VDHCP_TESTS_FRAME_H

#include "frame-env.h"

#define FRAME_MAC_LEN		6
#define FRAME_ETH_LEN		14	/* without VLAN tags */
#define FRAME_TAG_LEN		4
#define FRAME_TAGS_MAX		10
#define FRAME_IP_LEN		20	/* without options */
#define FRAME_UDP_LEN		8
#define FRAME_ARP_LEN		28
#define FRAME_BOOTP_LEN		236	/* without the cookie */
#define FRAME_OPTIONS_AT	240	/* of DHCP options in the message */
#define FRAME_MESSAGE_MIN	300	/* most clients pad their messages to this size */

#define FRAME_TYPE_IP		0x0800
#define FRAME_TYPE_ARP		0x0806
#define FRAME_TYPE_8021Q	0x8100
#define FRAME_TYPE_8021AD	0x88a8
#define FRAME_PROTO_UDP		17
#define FRAME_IP_DF		0x4000
#define FRAME_IP_MF		0x2000
#define FRAME_IP_OFFSET		0x1fff
#define FRAME_PORT_SERVER	67
#define FRAME_PORT_CLIENT	68
#define FRAME_COOKIE		0x63825363
#define FRAME_OPT_END		255

/* Offsets in Ethernet, IPv4 and UDP headers and in the DHCP message. */
#define FRAME_ETH_TYPE_AT	12
#define FRAME_IP_LEN_AT		2
#define FRAME_IP_FRAG_AT	6
#define FRAME_IP_TTL_AT		8
#define FRAME_IP_PROTO_AT	9
#define FRAME_IP_SUM_AT		10
#define FRAME_IP_SRC_AT		12
#define FRAME_IP_DST_AT		16
#define FRAME_UDP_DST_AT	2
#define FRAME_UDP_LEN_AT	4
#define FRAME_UDP_SUM_AT	6
#define FRAME_XID_AT		4
#define FRAME_CHADDR_AT		28
#define FRAME_SNAME_AT		44
#define FRAME_SNAME_LEN		64
#define FRAME_FILE_AT		108
#define FRAME_FILE_LEN		128

enum frame_dhcp_type {
	FRAME_DISCOVER = 1,
	FRAME_OFFER,
	FRAME_REQUEST,
	FRAME_DECLINE,
	FRAME_ACK,
	FRAME_NAK,
	FRAME_RELEASE,
	FRAME_INFORM,
};

enum frame_field {
#define FIELD(constant, group, key, kind) FRAME_##constant,
#include "frame-fields.h"
#undef FIELD
	FRAME_FIELDS
};

/* Follows from the rest of the frame; for lengths and the EtherType. */
#define FRAME_AUTO		0xffffffff

/* Values of FRAME_IP_CSUM and FRAME_UDP_CSUM that are no 16-bit number. */
enum frame_csum {
	FRAME_CSUM_GOOD = 0x10000,
	FRAME_CSUM_BAD,
	FRAME_CSUM_PARTIAL,	/* the pseudo header's, for the device to complete */
};

/**
 * struct frame_span - bytes that the span points to but does not own
 * @data: the bytes
 * @len: how many
 */
struct frame_span {
	const u8 *data;
	u32 len;
};

/**
 * struct frame_tag - a VLAN tag
 * @proto: FRAME_TYPE_8021Q or FRAME_TYPE_8021AD
 * @tci: priority and VLAN ID
 */
struct frame_tag {
	u16 proto;
	u16 tci;
};

/**
 * struct frame_desc - description of a frame
 * @num: value of each field that is a number or an IPv4 address, in host order
 * @mac: value of each field that is a MAC address
 * @n_tags: entries of @tags
 * @tags: VLAN tags, outermost first
 * @llc: bytes after the EtherType, which is then a length: 802.2 LLC and SNAP
 * @arp: an ARP frame, otherwise IPv4 with UDP and DHCP
 * @chaddr: field
 * @cookie: field
 * @sname: field, padded with zeros
 * @file: field, padded with zeros
 * @ip_options: IPv4 options, a multiple of 4 bytes
 * @options: DHCP options, without END
 * @add_end: add END to the options
 * @message_min: pad the message to this size
 * @message_len: cut or pad the message to this size, 0 to leave it as it is
 * @trailer: bytes after the IPv4 packet or the ARP message
 */
struct frame_desc {
	u32 num[FRAME_FIELDS];
	u8 mac[FRAME_FIELDS][FRAME_MAC_LEN];
	u32 n_tags;
	struct frame_tag tags[FRAME_TAGS_MAX];
	struct frame_span llc;
	bool arp;
	u8 chaddr[16];
	u32 cookie;
	struct frame_span sname;
	struct frame_span file;
	struct frame_span ip_options;
	struct frame_span options;
	bool add_end;
	u32 message_min;
	u32 message_len;
	struct frame_span trailer;
};

/**
 * struct frame_view - where the parts of a frame are
 * @n_tags: VLAN tags
 * @n_vids: VLAN tags with a VLAN ID other than 0
 * @vlan: first tag with a VLAN ID other than 0
 * @last: innermost tag
 * @type: EtherType after the tags
 * @l3: offset of the bytes after the EtherType
 * @udp: offset of the UDP header, 0 if this is not the begin of UDP over IPv4
 * @src_port: UDP source port, 0 without @udp
 * @dst_port: UDP destination port, 0 without @udp
 */
struct frame_view {
	u32 n_tags;
	u32 n_vids;
	struct frame_tag vlan;
	struct frame_tag last;
	u16 type;
	u32 l3;
	u32 udp;
	u16 src_port;
	u16 dst_port;
};

static inline u16 frame_get16(const u8 *p)
{
	return (u16)(p[0] << 8 | p[1]);
}

static inline u32 frame_get32(const u8 *p)
{
	return (u32)frame_get16(p) << 16 | frame_get16(p + 2);
}

static inline void frame_put16(u8 *p, u32 value)
{
	p[0] = (u8)(value >> 8);
	p[1] = (u8)value;
}

static inline void frame_put32(u8 *p, u32 value)
{
	frame_put16(p, value >> 16);
	frame_put16(p + 2, value);
}

u32 frame_sum(const void *data, u32 len, u32 sum);
u16 frame_fold(u32 sum);
u32 frame_pseudo_sum(const u8 *ip, u32 udp_len);
void frame_put_ip_sum(u8 *ip);
void frame_put_udp_sum(const u8 *ip, u8 *udp, u32 len);
void frame_put_partial_sum(const u8 *ip, u8 *udp);
void frame_seal(u8 *ip, u32 len);

void frame_desc_request(struct frame_desc *desc, const u8 *mac);
u32 frame_build(const struct frame_desc *desc, u8 *out, u32 size);

/* The parts of frame_build(), for callers that write the other parts themselves. */
u32 frame_put_ethernet(const struct frame_desc *desc, u8 *out);
u32 frame_put_arp(const struct frame_desc *desc, u8 *out);
u32 frame_put_headers(const struct frame_desc *desc, u8 *out, u32 message_len);
u32 frame_put_bootp(const struct frame_desc *desc, u8 *out);
u32 frame_put_option(u8 *out, u8 code, u8 len, const void *value);

bool frame_parse(const u8 *frame, u32 len, struct frame_view *view);

#endif /* VDHCP_TESTS_FRAME_H */
