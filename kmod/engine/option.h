/* SPDX-License-Identifier: GPL-2.0 */
/* Options, within the engine. */
#ifndef VDHCP_ENGINE_OPTION_H
#define VDHCP_ENGINE_OPTION_H

#include "engine.h"

/**
 * struct vdhcp_cursor - place in a field of options
 * @p: next byte
 * @end: behind the last byte
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
 * vdhcp_cursor_init() - begin to read a field of options
 * @cur: filled in
 * @base: the message
 * @field: where the field is in it
 */
static inline void vdhcp_cursor_init(struct vdhcp_cursor *cur, const u8 *base,
				     const struct vdhcp_span *field)
{
	cur->p = base + field->at;
	cur->end = cur->p + field->len;
}

/**
 * vdhcp_pads() - step over PADs
 * @p: a PAD
 * @end: behind the field
 *
 * Eight at a time: there is no limit to them but the size of the message, and
 * they may stand between any two options.
 *
 * Return: the first byte that is none, or @end.
 */
static inline const u8 *vdhcp_pads(const u8 *p, const u8 *end)
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
 * vdhcp_cursor_next() - next option of a field
 * @cur: where we are; moved on
 * @tlv: the option
 *
 * The one place that reads a length a guest has written. An option lies
 * within its field or the field is malformed; a missing END is tolerated
 * (RFC 2131 section 4.1 asks for it, clients forget it). Inline because most
 * options of most messages mean nothing here.
 *
 * Return: 1 if there is an option, 0 at the end, -EBADMSG if an option runs
 * over the end of the field.
 */
static inline int vdhcp_cursor_next(struct vdhcp_cursor *cur, struct vdhcp_tlv *tlv)
{
	const u8 *p = cur->p, *end = cur->end;

	for (;;) {
		/* Two bytes of header; a single one is PAD or END. */
		if (end - p < 2 && (p == end || *p == VDHCP_OPT_PAD || *p == VDHCP_OPT_END))
			return 0;
		if (end - p < 2)
			return -EBADMSG;
		if (*p != VDHCP_OPT_PAD)
			break;
		p = vdhcp_pads(p, end);
	}
	if (*p == VDHCP_OPT_END)
		return 0;
	/* What the header announces must be left, too. */
	if (p[1] > end - p - 2)
		return -EBADMSG;
	tlv->code = p[0];
	tlv->len = p[1];
	tlv->value = p + 2;
	cur->p = p + 2 + p[1];
	return 1;
}

/**
 * vdhcp_opts_find() - an option of a set, ready to copy
 * @opts: the set
 * @code: option code
 * @len: bytes of the option with its header, or headers if it is split
 *
 * Return: the bytes, or NULL if the set has no such option.
 */
static __always_inline const u8 *vdhcp_opts_find(const struct vdhcp_opts *opts, u8 code,
						 u16 *len)
{
	u64 have = opts->have[code / 64], bit = BIT_ULL(code % 64);
	unsigned int i;

	if (!(have & bit))
		return NULL;
	/* How many codes of the set are below this one. */
	i = opts->below[code / 64] + hweight64(have & (bit - 1));
	*len = opts->at[i + 1] - opts->at[i];
	return (const u8 *)&opts->at[opts->n + 1] + opts->at[i];
}

/* Codes of a parameter request list that count: there are not more to ask for. */
#define VDHCP_PRL_MAX 256

/**
 * vdhcp_prl_codes() - how much of a piece of the list counts
 * @before: codes in the pieces before it
 * @len: codes in it
 *
 * Return: how many codes, from its beginning.
 */
static inline u8 vdhcp_prl_codes(unsigned int before, u8 len)
{
	return before < VDHCP_PRL_MAX ? min_t(unsigned int, len, VDHCP_PRL_MAX - before) : 0;
}

/**
 * struct vdhcp_optdraft - values from which a set of options is built
 * @have: bit per code
 * @at: offset of each value in @bytes
 * @len: bytes of each value
 * @used: bytes used in @bytes
 * @work: a value in the making, too large for the stack
 * @labels: a name in the making
 * @bytes: the values; one that was replaced stays behind unused
 */
struct vdhcp_optdraft {
	u64 have[4];
	u16 at[256];
	u16 len[256];
	u16 used;
	u8 work[VDHCP_OPTION_MAX + 32];
	u8 labels[VDHCP_TEXT_MAX];
	u8 bytes[10240];
};

void vdhcp_draft_init(struct vdhcp_optdraft *draft);
int vdhcp_draft_put(struct vdhcp_optdraft *draft, u8 code, const void *value, u16 len);
const u8 *vdhcp_draft_find(const struct vdhcp_optdraft *draft, u8 code, u16 *len);

bool vdhcp_entry_next(const u8 *data, u16 len, u16 *at, struct vdhcp_option *opt);

void vdhcp_opts_build(struct vdhcp_opts *opts, const struct vdhcp_optdraft *draft);
u16 vdhcp_opts_size(const struct vdhcp_opts *opts);

/* Configuration */
bool vdhcp_is_host(__be32 addr);
bool vdhcp_is_mac(const u8 *mac);
bool vdhcp_routes_default(const u8 *p, u16 len);
int vdhcp_raw_compile(const struct vdhcp_optlist *list, struct vdhcp_optdraft *draft,
		      u16 attr, struct vdhcp_cfg_err *cfg_err);
__printf(3, 4)
int vdhcp_fail(struct vdhcp_cfg_err *cfg_err, u16 attr, const char *fmt, ...);
int vdhcp_shape_check(const struct vdhcp_option *opt, u16 attr, struct vdhcp_cfg_err *cfg_err);
int vdhcp_name_encode(const char *name, u8 *out, struct vdhcp_cfg_err *cfg_err, u16 attr);

#endif /* VDHCP_ENGINE_OPTION_H */
