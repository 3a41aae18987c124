// SPDX-License-Identifier: GPL-2.0
/*
 * Sets of options, encoded and ready to be copied into a reply. They are built
 * in process context.
 */
#include "optset.h"

/**
 * vdhcp_optset_size() - get the size of the data after struct vdhcp_optset
 * @set: the set
 *
 * Return: bytes of the offsets and of the options.
 */
u16 vdhcp_optset_size(const struct vdhcp_optset *set)
{
	return (set->n + 1) * sizeof(set->at[0]) + set->at[set->n];
}

/* Write an option with a header for each 255 bytes (RFC 3396 section 6). */
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
 * vdhcp_optset_build() - build a set
 * @set: the set, in a buffer with space for all options
 * @builder: the values
 */
void vdhcp_optset_build(struct vdhcp_optset *set,
			const struct vdhcp_optset_builder *builder)
{
	unsigned int code, word, n = 0;
	u8 *start, *out;

	memcpy(set->have, builder->have, sizeof(set->have));
	for (word = 0; word < ARRAY_SIZE(set->have); word++) {
		set->below[word] = n;
		n += hweight64(set->have[word]);
	}
	set->n = n;
	n = 0;
	start = (u8 *)&set->at[set->n + 1];
	out = start;
	for (code = 0; code < 256; code++) {
		if (!builder->have[code / 64])
			code |= 63;
		if (!(builder->have[code / 64] & BIT_ULL(code % 64)))
			continue;
		set->at[n++] = out - start;
		out = write_split(out, code, builder->bytes + builder->at[code],
				  builder->len[code]);
	}
	set->at[n] = out - start;
}

/**
 * vdhcp_optset_builder_init() - initialise a builder
 * @builder: the builder, which has no values from now on
 */
void vdhcp_optset_builder_init(struct vdhcp_optset_builder *builder)
{
	memset(builder->have, 0, sizeof(builder->have));
	builder->used = 0;
}

/**
 * vdhcp_optset_add() - add a value to a builder
 * @builder: the builder
 * @code: option code; an earlier value with this code is replaced
 * @value: the value
 * @len: bytes at @value
 *
 * Return: 0, or -EMSGSIZE if the builder is full.
 */
int vdhcp_optset_add(struct vdhcp_optset_builder *builder, u8 code,
		     const void *value, u16 len)
{
	if (len > sizeof(builder->bytes) - builder->used)
		return -EMSGSIZE;
	memcpy(builder->bytes + builder->used, value, len);
	builder->at[code] = builder->used;
	builder->len[code] = len;
	builder->used += len;
	builder->have[code / 64] |= BIT_ULL(code % 64);
	return 0;
}

/**
 * vdhcp_optset_value() - get a value of a builder
 * @builder: the builder
 * @code: option code
 * @len: set to the bytes of the value
 *
 * Return: the value, NULL if there is none.
 */
const u8 *vdhcp_optset_value(const struct vdhcp_optset_builder *builder,
			     u8 code, u16 *len)
{
	if (!(builder->have[code / 64] & BIT_ULL(code % 64)))
		return NULL;
	*len = builder->len[code];
	return builder->bytes + builder->at[code];
}
