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

/* True if the kernel's sentence is a noun after "no such ", and no name follows. */
static bool is_no_such(const char *text, size_t len)
{
	return len > 8 && !strncmp(text, "no such ", 8) && !memchr(text + 8, ' ', len - 8);
}

/* True if the kernel's sentence is "port exists" or "subnet exists". */
static bool is_exists(const char *object, const char *text, size_t len)
{
	size_t noun = strlen(object);

	return len == noun + 7 && !strncmp(text, object, noun) &&
	       !strncmp(text + noun, " exists", 7);
}

/* Writes the name that a request has for its object: "tap0" vlan 7. */
static void show_name(const struct attr_set *set, const struct nlmsghdr *hdr, char *buf,
		      size_t size)
{
	const struct nlattr *name = attr_find(hdr, set->attrs[0].nla), *vlan = NULL;

	if (set->attrs[1].flags & ATTR_ID)
		vlan = attr_find(hdr, set->attrs[1].nla);
	if (vlan)
		snprintf(buf, size, "\"%s\" %s %u", name ? attr_text(name) : "",
			 set->attrs[1].key, nla_get_u16(vlan));
	else
		snprintf(buf, size, "\"%s\"", name ? attr_text(name) : "");
}

/*
 * Prints a refusal that is about a name, and adds the name to the kernel's sentence.
 * Returns STATUS_OK if the refusal is not about a name.
 */
static int fail_name(const struct attr_set *set, const struct nlmsghdr *hdr,
		     const struct nlattr *nla, const struct answer *answer)
{
	const struct attr *attr = attrs_find_nla(set, (unsigned int)nla_type(nla));
	char name[LABEL_SIZE];
	const char *text;
	size_t len;

	text = answer_text(answer, &len);
	if (!attr || (attr->type != &type_text && !(attr->flags & ATTR_ID)))
		return STATUS_OK;
	show_name(set, hdr, name, sizeof(name));
	if (attr->flags & ATTR_ID && is_no_such(text, len))
		return fail_system("vdhcp: %.*s %s", (int)len, text, name);
	if (attr->flags & ATTR_ID && is_exists(set->object, text, len))
		return fail_system("vdhcp: %s %s exists", set->object, name);
	if (is_no_such(text, len))
		return fail_system("vdhcp: %.*s \"%s\" (key \"%s\")", (int)len, text,
				   attr_text(nla), attr->key);
	return STATUS_OK;
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
	if (nla && fail_name(set, hdr, nla, answer))
		return STATUS_SYSTEM;
	if (nla)
		show_key(set, nla, where, sizeof(where));
	else if (attr)
		snprintf(where, sizeof(where), " (key \"%s\" is missing)", attr->key);
	return fail_answer(answer, where);
}
