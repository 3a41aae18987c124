/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames as text. The same words describe requests and replies. A vector states only
 * the unusual parts of a request, but every part of a reply.
 */
#ifndef VDHCP_TESTS_FRAME_TEXT_H
#define VDHCP_TESTS_FRAME_TEXT_H

#include <frame/frame.h>
#include "text.h"

/* Parts of a complete reply that are not in enum frame_field. */
enum frame_part {
	PART_CHADDR = 1 << 0,
	PART_SNAME = 1 << 1,
	PART_FILE = 1 << 2,
	PART_COOKIE = 1 << 3,
	PART_END = 1 << 4,
	PART_PAD = 1 << 5,
	PART_TOTAL = 1 << 6,
	PART_BOOTP_PARTS = (1 << 7) - 1,
};

/**
 * struct frame_text - a frame that a text describes
 * @desc: its description; the byte strings are in the members below
 * @set: the text stated the field
 * @parts: the text stated these, enum frame_part
 * @raw: the frame is @options, byte for byte
 * @open: add neither END nor padding
 * @hw_tag: VLAN tag that the device took out of the frame
 * @partial: the device says that a checksum is partial
 * @csum_at: offset in the frame of that checksum, 0 for that of UDP
 * @cut: bytes of the frame to keep, 0 for all
 * @sname: field
 * @file: field
 * @ip_options: IPv4 options
 * @options: bytes after the cookie
 * @llc: bytes between the Ethernet header, with a length, and IPv4
 * @trailer: bytes after the IPv4 datagram
 * @at: field that options are added to
 */
struct frame_text {
	struct frame_desc desc;
	bool set[FRAME_FIELDS];
	u32 parts;
	bool raw;
	bool open;
	struct vdhcp_tag hw_tag;
	bool partial;
	u32 csum_at;
	u32 cut;
	struct bytes sname;
	struct bytes file;
	struct bytes ip_options;
	struct bytes options;
	struct bytes llc;
	struct bytes trailer;
	struct bytes *at;
};

void frame_text_request(struct frame_text *d, const u8 *mac);
void frame_text_reply(struct frame_text *d);
bool frame_text_line(struct frame_text *d, const struct text *text);
struct vdhcp_tag frame_text_tag(const struct text *text, int from);
void frame_text_complete(const struct frame_text *d, const struct text *text);
void frame_text_build(const struct frame_text *d, struct bytes *out);
u32 frame_text_csum_at(const struct frame_text *d);

void frame_text_print(FILE *to, const u8 *frame, u32 len);
const char *option_name(u8 code);

#endif /* VDHCP_TESTS_FRAME_TEXT_H */
