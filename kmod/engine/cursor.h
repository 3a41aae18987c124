/* SPDX-License-Identifier: GPL-2.0 */
/* Reading the options of a DHCP message. */
#ifndef VDHCP_ENGINE_CURSOR_H
#define VDHCP_ENGINE_CURSOR_H

#include "wire.h"

/**
 * struct vdhcp_span - a range of bytes of a DHCP message
 * @at: offset from the first byte of the message
 * @len: number of bytes
 */
struct vdhcp_span {
	u16 at;
	u16 len;
};

/**
 * struct vdhcp_cursor - position in a field of options
 * @p: next byte
 * @end: end of the field
 */
struct vdhcp_cursor {
	const u8 *p;
	const u8 *end;
};

/**
 * struct vdhcp_tlv - one option of a message
 * @code: option code
 * @len: bytes at @value
 * @value: the value, in the message
 */
struct vdhcp_tlv {
	u8 code;
	u8 len;
	const u8 *value;
};

/**
 * vdhcp_cursor_init() - start reading a field of options
 * @cur: filled in
 * @base: the message
 * @field: position of the field in the message
 */
static inline void vdhcp_cursor_init(struct vdhcp_cursor *cur, const u8 *base,
				     const struct vdhcp_span *field)
{
	cur->p = base + field->at;
	cur->end = cur->p + field->len;
}

/**
 * vdhcp_skip_pads() - skip PADs
 * @p: a PAD
 * @end: end of the field
 *
 * Skips eight at a time, because a message may consist mostly of PADs.
 *
 * Return: the first byte that is not a PAD, or @end.
 */
static inline const u8 *vdhcp_skip_pads(const u8 *p, const u8 *end)
{
	for (; end - p >= 8; p += 8) {
		u64 eight = get_unaligned_be64(p);

		if (eight)
			return p + (64 - fls64(eight)) / 8;
	}
	while (p != end && *p == VDHCP_OPT_PAD)
		p++;
	return p;
}

/**
 * vdhcp_cursor_next() - read the next option of a field
 * @cur: the position; advanced
 * @tlv: set to the option
 *
 * This is the only function that reads an option length that a guest has
 * written. A missing END is accepted: RFC 2131 section 4.1 requires it, but
 * some clients omit it. The function is inline, because most options of most
 * messages are skipped.
 *
 * Return: 1 if there is an option, 0 at the end, -EBADMSG if an option exceeds
 * the field.
 */
static inline int vdhcp_cursor_next(struct vdhcp_cursor *cur,
				    struct vdhcp_tlv *tlv)
{
	const u8 *p = cur->p, *end = cur->end;

	for (;;) {
		/* A header has two bytes; a single byte is PAD or END. */
		if (end - p < 2 && (p == end || *p == VDHCP_OPT_PAD ||
				    *p == VDHCP_OPT_END))
			return 0;
		if (end - p < 2)
			return -EBADMSG;
		if (*p != VDHCP_OPT_PAD)
			break;
		p = vdhcp_skip_pads(p, end);
	}
	if (*p == VDHCP_OPT_END)
		return 0;
	/* The value must lie within the field as well. */
	if (p[1] > end - p - 2)
		return -EBADMSG;
	tlv->code = p[0];
	tlv->len = p[1];
	tlv->value = p + 2;
	cur->p = p + 2 + p[1];
	return 1;
}

#endif /* VDHCP_ENGINE_CURSOR_H */
