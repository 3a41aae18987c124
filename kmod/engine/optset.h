/* SPDX-License-Identifier: GPL-2.0 */
/* Sets of options, encoded and ready to be copied into a reply. */
#ifndef VDHCP_ENGINE_OPTSET_H
#define VDHCP_ENGINE_OPTSET_H

#include <linux/vdhcp.h>
#include "env.h"

/* Limit of a builder, and the error text for options that exceed it. */
#define VDHCP_OPTSET_MAX	10240
#define VDHCP_OPTSET_FULL	"options exceed 10240 bytes after encoding"

/**
 * struct vdhcp_optset - options ready to be copied into a reply
 * @have: bit per code
 * @below: number of codes in the words of @have before each word
 * @n: number of codes
 * @at: @n + 1 offsets into the data that follows, in the order of the codes
 *
 * The data after @at consists of options with code and length. Values of more
 * than 255 bytes are split already (RFC 3396 section 6).
 */
struct vdhcp_optset {
	u64 have[4];
	u8 below[4];
	u16 n;
	u16 at[];
};

/**
 * struct vdhcp_optset_builder - values of the options of a set
 * @have: bit per code
 * @at: offset of each value in @bytes
 * @len: bytes of each value
 * @used: bytes used in @bytes
 * @work: buffer for a value, which would be too large for the stack
 * @labels: buffer for a name, which would be too large for the stack
 * @bytes: the values, including unused values that were replaced
 */
struct vdhcp_optset_builder {
	u64 have[4];
	u16 at[256];
	u16 len[256];
	u16 used;
	u8 work[VDHCP_OPTION_MAX + 32];
	u8 labels[VDHCP_TEXT_MAX];
	u8 bytes[VDHCP_OPTSET_MAX];
};

void vdhcp_optset_builder_init(struct vdhcp_optset_builder *builder);
int vdhcp_optset_add(struct vdhcp_optset_builder *builder, u8 code,
		     const void *value, u16 len);
const u8 *vdhcp_optset_value(const struct vdhcp_optset_builder *builder,
			     u8 code, u16 *len);
void vdhcp_optset_build(struct vdhcp_optset *set,
			const struct vdhcp_optset_builder *builder);
u16 vdhcp_optset_size(const struct vdhcp_optset *set);

/**
 * vdhcp_optset_find() - find an encoded option in a set
 * @set: the set
 * @code: option code
 * @len: set to the bytes of the option, including one or more headers
 *
 * Return: the encoded option, NULL if the set does not have it.
 */
static __always_inline const u8 *
vdhcp_optset_find(const struct vdhcp_optset *set, u8 code, u16 *len)
{
	u64 have = set->have[code / 64], bit = BIT_ULL(code % 64);
	unsigned int i;

	if (!(have & bit))
		return NULL;
	/* Number of codes of the set that are below this one. */
	i = set->below[code / 64] + hweight64(have & (bit - 1));
	*len = set->at[i + 1] - set->at[i];
	return (const u8 *)&set->at[set->n + 1] + set->at[i];
}

#endif /* VDHCP_ENGINE_OPTSET_H */
