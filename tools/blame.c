// SPDX-License-Identifier: GPL-2.0
/* Error messages about a request that the kernel refused. */
#include <stdio.h>
#include <string.h>

#include "blame.h"
#include "option.h"
#include "request.h"

/* Finds the attribute of a request that contains an offset. */
static const struct nlattr *find_offset(const struct nlmsghdr *hdr, uint32_t offset)
{
	struct nlattr *nla;
	uint32_t start;
	int rem;

	nlmsg_for_each_attr(nla, (struct nlmsghdr *)hdr, GENL_HDRLEN, rem) {
		start = (uint32_t)((const char *)nla - (const char *)hdr);
		if (offset >= start && offset < start + nla->nla_len)
			return nla;
	}
	return NULL;
}

/* Writes the words that led to an attribute: a key, and the code of an option. */
static void show_key(const struct attr_set *set, const struct nlattr *nla, char *buf, size_t size)
{
	const struct attr *attr;
	unsigned int number = (unsigned int)nla_type(nla), code = 0;

	if (number == set->clear && nla_len(nla) >= (int)sizeof(uint32_t))
		number = nla_get_u32(nla);
	attr = attrs_find_nla(set, number);
	if (!attr)
		return;
	if (attr->type == &type_option && number == (unsigned int)nla_type(nla))
		code = option_code(nla);
	if (code)
		snprintf(buf, size, " (key \"%s %u\")", attr->key, code);
	else
		snprintf(buf, size, " (key \"%s\")", attr->key);
}

/**
 * fail_request() - print why the kernel refused a request
 * @set: keys of the object, NULL for a request without attributes
 * @hdr: request; not used without @set
 * @answer: acknowledgment
 *
 * Return: STATUS_SYSTEM.
 */
int fail_request(const struct attr_set *set, const struct nlmsghdr *hdr,
		 const struct answer *answer)
{
	uint32_t offset = answer->offset ?: answer->nest;
	const struct attr *attr = NULL;
	const struct nlattr *nla = NULL;
	char where[64] = "";

	if (set && offset)
		nla = find_offset(hdr, offset);
	else if (set && answer->missing)
		attr = attrs_find_nla(set, answer->missing);
	if (nla)
		show_key(set, nla, where, sizeof(where));
	else if (attr)
		snprintf(where, sizeof(where), " (key \"%s\" is missing)", attr->key);
	return fail_answer(answer, where);
}
