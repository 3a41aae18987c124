// SPDX-License-Identifier: GPL-2.0
/* Lists of raw options as the operator configured them. */
#include "optlist.h"

#define ENTRY_HEADER 4

/**
 * vdhcp_entry_next() - iterate over entries in the format of vdhcp_optlist
 * @data: the entries
 * @len: bytes at @data
 * @at: position, 0 at the start; advanced
 * @opt: set to the next option
 *
 * Return: true, or false at the end.
 */
bool vdhcp_entry_next(const u8 *data, u16 len, u16 *at,
		      struct vdhcp_option *opt)
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
 * vdhcp_optlist_next() - iterate over a list
 * @list: the list
 * @at: position, 0 at the start; advanced
 * @opt: set to the next option
 *
 * Return: true, or false at the end.
 */
bool vdhcp_optlist_next(const struct vdhcp_optlist *list, u16 *at,
			struct vdhcp_option *opt)
{
	return vdhcp_entry_next(list->data, list->len, at, opt);
}

/*
 * Find the entry of @code. Returns its offset, or the offset for inserting it,
 * and sets *@size to its bytes, or to 0 if there is none.
 */
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

static void resize_entry(struct vdhcp_optlist *list, u16 at, u16 old, u16 new)
{
	memmove(list->data + at + new, list->data + at + old,
		list->len - at - old);
	list->len = list->len - old + new;
}

/**
 * vdhcp_optlist_set() - add an option to a list, or replace it
 * @list: the list
 * @opt: the option; its data must not lie in @list
 *
 * Return: 0, or -EMSGSIZE if the list is full; nothing has changed then.
 */
int vdhcp_optlist_set(struct vdhcp_optlist *list,
		      const struct vdhcp_option *opt)
{
	u16 old, at = find_entry(list, opt->code, &old);

	if (ENTRY_HEADER + opt->len + list->len - old > VDHCP_OPTLIST_MAX)
		return -EMSGSIZE;
	resize_entry(list, at, old, ENTRY_HEADER + opt->len);
	list->data[at] = opt->code;
	list->data[at + 1] = opt->form;
	put_unaligned_be16(opt->len, list->data + at + 2);
	memcpy(list->data + at + ENTRY_HEADER, opt->data, opt->len);
	return 0;
}

/**
 * vdhcp_optlist_remove() - remove an option from a list
 * @list: the list
 * @code: option code, which the list need not have
 */
void vdhcp_optlist_remove(struct vdhcp_optlist *list, u8 code)
{
	u16 old, at = find_entry(list, code, &old);

	resize_entry(list, at, old, 0);
}
