/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames as text. The same words describe requests, of which a vector states
 * only what is unusual, and replies, of which it must state everything.
 */
#ifndef VDHCP_TESTS_DRAFT_H
#define VDHCP_TESTS_DRAFT_H

#include "text.h"

enum draft_field {
#define FIELD(constant, group, key, kind) DRAFT_##constant,
#include "draft-fields.h"
#undef FIELD
	DRAFT_N
};

#define DRAFT_TAGS_MAX	8

/* A checksum that is none of the field's 16-bit values. */
enum draft_csum {
	DRAFT_CSUM_GOOD = 0x10000,
	DRAFT_CSUM_BAD,
	DRAFT_CSUM_PARTIAL,
};

/* What is not a field but is part of a complete reply. */
enum draft_part {
	DRAFT_CHADDR = 1 << 0,
	DRAFT_SNAME = 1 << 1,
	DRAFT_FILE = 1 << 2,
	DRAFT_COOKIE = 1 << 3,
	DRAFT_END = 1 << 4,
	DRAFT_PAD = 1 << 5,
	DRAFT_TOTAL = 1 << 6,
	DRAFT_BOOTP_PARTS = (1 << 7) - 1,
};

/**
 * struct draft - a frame that is being described
 * @num: value of each field that is a number or an address
 * @mac: value of each field that is a MAC
 * @set: the text stated the field
 * @parts: the text stated these, enum draft_part
 * @arp: the frame is ARP
 * @raw: the frame is @options, byte for byte
 * @open: neither END nor padding is to be added
 * @n_tags: entries of @tag
 * @tag: VLAN tags in the frame, the outermost first
 * @hw_tag: VLAN tag that the device took out of the frame
 * @partial: the device says that the UDP checksum is partial
 * @payload: bytes of UDP payload, 0 to add what is usual
 * @cut: bytes of the frame to keep, 0 for all
 * @chaddr: field
 * @cookie: field
 * @sname: field
 * @file: field
 * @ip_options: IPv4 options
 * @options: what follows the cookie
 * @trailer: what follows the IPv4 datagram
 * @at: where options go now
 */
struct draft {
	u32 num[DRAFT_N];
	u8 mac[DRAFT_N][VDHCP_ETH_ALEN];
	bool set[DRAFT_N];
	u32 parts;
	bool arp;
	bool raw;
	bool open;
	unsigned int n_tags;
	struct vdhcp_tag tag[DRAFT_TAGS_MAX];
	struct vdhcp_tag hw_tag;
	bool partial;
	u32 payload;
	u32 cut;
	u8 chaddr[16];
	u32 cookie;
	struct bytes sname;
	struct bytes file;
	struct bytes ip_options;
	struct bytes options;
	struct bytes trailer;
	struct bytes *at;
};

void draft_request(struct draft *d, const u8 *mac);
void draft_reply(struct draft *d);
bool draft_line(struct draft *d, const struct text *text);
struct vdhcp_tag draft_tag(const struct text *text, int from);
void draft_complete(const struct draft *d, const struct text *text);
void draft_build(const struct draft *d, struct bytes *out);

u32 draft_sum(const u8 *p, u32 len, u32 sum);
u32 draft_fold(u32 sum);

void draft_print(FILE *to, const u8 *frame, u32 len);
const char *draft_option_name(u8 code);

#endif /* VDHCP_TESTS_DRAFT_H */
