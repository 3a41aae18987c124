// SPDX-License-Identifier: GPL-2.0
/*
 * Options: sets of them ready for copying into replies, and lists of them as
 * the operator gave them. Reading those of a request is in option.h.
 */
#include "option.h"

/**
 * vdhcp_opts_size() - bytes of a set behind its structure
 * @opts: the set
 *
 * Return: offsets and options together.
 */
u16 vdhcp_opts_size(const struct vdhcp_opts *opts)
{
	return (opts->n + 1) * sizeof(opts->at[0]) + opts->at[opts->n];
}

/* A header for each 255 bytes (RFC 3396 section 6). */
static u8 *write_split(u8 *out, u8 code, const u8 *value, u16 len)
{
	u8 piece;

	do {
		piece = min_t(u16, len, 255);
		*out++ = code;
		*out++ = piece;
		memcpy(out, value, piece);
		out += piece;
		value += piece;
		len -= piece;
	} while (len);
	return out;
}

/**
 * vdhcp_opts_build() - make a set
 * @opts: the set, with room for all of it
 * @list: values in @scratch by code; a code without one has no bit in have[]
 *
 * Process context; not for the packet path.
 */
void vdhcp_opts_build(struct vdhcp_opts *opts, const struct vdhcp_optdraft *list)
{
	unsigned int code, word, n = 0;
	u8 *start, *out;

	memcpy(opts->have, list->have, sizeof(opts->have));
	for (word = 0; word < ARRAY_SIZE(opts->have); word++) {
		opts->below[word] = n;
		n += hweight64(opts->have[word]);
	}
	opts->n = n;
	n = 0;
	start = (u8 *)&opts->at[opts->n + 1];
	out = start;
	for (code = 0; code < 256; code++) {
		if (!list->have[code / 64])
			code |= 63;
		if (!(list->have[code / 64] & BIT_ULL(code % 64)))
			continue;
		opts->at[n++] = out - start;
		out = write_split(out, code, list->bytes + list->at[code], list->len[code]);
	}
	opts->at[n] = out - start;
}

/**
 * vdhcp_draft_init() - begin a draft
 * @draft: without any value from now on
 */
void vdhcp_draft_init(struct vdhcp_optdraft *draft)
{
	memset(draft->have, 0, sizeof(draft->have));
	draft->used = 0;
}

/**
 * vdhcp_draft_put() - note a value for a set to be built
 * @draft: the draft
 * @code: option code; a value it already has is replaced
 * @value: the value
 * @len: bytes of it
 *
 * Return: 0, or -EMSGSIZE if the draft is full.
 */
int vdhcp_draft_put(struct vdhcp_optdraft *draft, u8 code, const void *value, u16 len)
{
	if (len > sizeof(draft->bytes) - draft->used)
		return -EMSGSIZE;
	memcpy(draft->bytes + draft->used, value, len);
	draft->at[code] = draft->used;
	draft->len[code] = len;
	draft->used += len;
	draft->have[code / 64] |= BIT_ULL(code % 64);
	return 0;
}

/**
 * vdhcp_draft_find() - a value of a draft
 * @draft: the draft
 * @code: option code
 * @len: bytes of the value
 *
 * Return: the value, or NULL.
 */
const u8 *vdhcp_draft_find(const struct vdhcp_optdraft *draft, u8 code, u16 *len)
{
	if (!(draft->have[code / 64] & BIT_ULL(code % 64)))
		return NULL;
	*len = draft->len[code];
	return draft->bytes + draft->at[code];
}

/*
 * Lists of raw options, as given
 */

#define ENTRY_HEADER 4

/**
 * vdhcp_entry_next() - walk over entries as in struct vdhcp_optlist
 * @data: the entries
 * @len: bytes of them
 * @at: position; 0 to begin with
 * @opt: the option found
 *
 * Return: false at the end.
 */
bool vdhcp_entry_next(const u8 *data, u16 len, u16 *at, struct vdhcp_option *opt)
{
	const u8 *p = data + *at;

	if (*at >= len)
		return false;
	opt->code = p[0];
	opt->form = p[1];
	opt->len = get_unaligned_be16(p + 2);
	opt->data = p + ENTRY_HEADER;
	*at += ENTRY_HEADER + opt->len;
	return true;
}

/**
 * vdhcp_optlist_next() - walk over a list
 * @list: the list
 * @at: position; 0 to begin with
 * @opt: the option found
 *
 * Return: false at the end.
 */
bool vdhcp_optlist_next(const struct vdhcp_optlist *list, u16 *at,
			struct vdhcp_option *opt)
{
	return vdhcp_entry_next(list->data, list->len, at, opt);
}

/* Where an entry of @code is, or where it would go; *@size is what it takes. */
static u16 find_entry(const struct vdhcp_optlist *list, u8 code, u16 *size)
{
	struct vdhcp_option opt;
	u16 at = 0, start = 0;

	*size = 0;
	while (vdhcp_optlist_next(list, &at, &opt)) {
		if (opt.code == code)
			*size = at - start;
		if (opt.code >= code)
			break;
		start = at;
	}
	return start;
}

static void replace_entry(struct vdhcp_optlist *list, u16 at, u16 old, u16 new)
{
	memmove(list->data + at + new, list->data + at + old, list->len - at - old);
	list->len = list->len - old + new;
}

/**
 * vdhcp_optlist_set() - add an option to a list, or replace it there
 * @list: the list
 * @opt: the option; its data must not lie in @list
 *
 * Return: 0, or -EMSGSIZE if the list is full; it is then unchanged.
 */
int vdhcp_optlist_set(struct vdhcp_optlist *list, const struct vdhcp_option *opt)
{
	u16 old, at = find_entry(list, opt->code, &old);

	if (ENTRY_HEADER + opt->len + list->len - old > VDHCP_OPTLIST_MAX)
		return -EMSGSIZE;
	replace_entry(list, at, old, ENTRY_HEADER + opt->len);
	list->data[at] = opt->code;
	list->data[at + 1] = opt->form;
	put_unaligned_be16(opt->len, list->data + at + 2);
	memcpy(list->data + at + ENTRY_HEADER, opt->data, opt->len);
	return 0;
}

/**
 * vdhcp_optlist_remove() - take an option out of a list
 * @list: the list
 * @code: option code; nothing happens if the list has none of it
 */
void vdhcp_optlist_remove(struct vdhcp_optlist *list, u8 code)
{
	u16 old, at = find_entry(list, code, &old);

	replace_entry(list, at, old, 0);
}
