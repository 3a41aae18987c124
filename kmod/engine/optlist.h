/* SPDX-License-Identifier: GPL-2.0 */
/* Lists of raw options as the operator configured them. */
#ifndef VDHCP_ENGINE_OPTLIST_H
#define VDHCP_ENGINE_OPTLIST_H

#include "env.h"

#define VDHCP_OPTLIST_MAX	4096

/**
 * struct vdhcp_optlist - raw options as the operator configured them
 * @len: bytes used in @data
 * @data: entries of code (1), form (1), length (2, network order), value
 *
 * Sorted by code, each code at most once.
 */
struct vdhcp_optlist {
	u16 len;
	u8 data[VDHCP_OPTLIST_MAX];
};

/**
 * struct vdhcp_option - one raw option of a list
 * @code: option code
 * @form: enum vdhcp_option_form, the notation that the operator used
 * @len: bytes at @data
 * @data: the value, without code and length
 */
struct vdhcp_option {
	u8 code;
	u8 form;
	u16 len;
	const u8 *data;
};

bool vdhcp_entry_next(const u8 *data, u16 len, u16 *at,
		      struct vdhcp_option *opt);
bool vdhcp_optlist_next(const struct vdhcp_optlist *list, u16 *at,
			struct vdhcp_option *opt);
int vdhcp_optlist_set(struct vdhcp_optlist *list,
		      const struct vdhcp_option *opt);
void vdhcp_optlist_remove(struct vdhcp_optlist *list, u8 code);

#endif /* VDHCP_ENGINE_OPTLIST_H */
