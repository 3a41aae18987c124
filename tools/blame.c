// SPDX-License-Identifier: GPL-2.0
/* Error messages about a request that the kernel refused. */
#include <stdio.h>
#include <string.h>

#include "blame.h"
#include "option.h"
#include "request.h"

/* Finds the attribute at @nla, or one of those that follow it, that contains an offset. */
static const struct nlattr *find_offset(const struct nlmsghdr *hdr, const struct nlattr *nla,
					int rem, uint32_t offset)
{
	uint32_t start;

	for (; nla_ok(nla, rem); nla = nla_next(nla, &rem)) {
		start = (uint32_t)((const char *)nla - (const char *)hdr);
		if (offset >= start && offset < start + nla->nla_len)
			return nla;
	}
	return NULL;
}

/**
 * struct place - the part of a request that a refusal is about
 * @nla: attribute of the request, or the attribute in its nest
 * @attr: key of @nla, NULL if the attribute is not a key
 * @cleared: @nla lists a key that is to be cleared
 */
struct place {
	const struct nlattr *nla;
	const struct attr *attr;
	int cleared;
};

static struct place find_place(const struct attr_set *set, const struct nlmsghdr *hdr,
			       const struct nlattr *nla, uint32_t offset)
{
	unsigned int number = (unsigned int)nla_type(nla);
	struct place place = { .nla = nla };
	const struct nlattr *inner = NULL;

	place.cleared = number == set->clear && nla_len(nla) >= (int)sizeof(uint32_t);
	if (place.cleared)
		number = nla_get_u32(nla);
	place.attr = attrs_find_nla(set, 0, number);
	if (place.attr && !place.cleared && place.attr->nest == number)
		inner = find_offset(hdr, nla_data(nla), nla_len(nla), offset);
	if (inner) {
		place.nla = inner;
		place.attr = attrs_find_nla(set, number, (unsigned int)nla_type(inner)) ?:
			     place.attr;
	}
	return place;
}

/* Writes the key of an attribute, and the code if it is an option. */
static void show_key(const struct place *place, char *buf, size_t size)
{
	unsigned int code = 0;

	if (!place->attr)
		return;
	if (place->attr->type == &type_option && !place->cleared)
		code = option_code(place->nla);
	if (code)
		snprintf(buf, size, " (key \"%s %u\")", place->attr->key, code);
	else
		snprintf(buf, size, " (key \"%s\")", place->attr->key);
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

/* Writes the name of a request's object: "tap0" vlan 7. */
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
 * Prints a refusal that is about a name, with the name added to the kernel's sentence.
 * Returns STATUS_OK if the refusal is not about a name.
 */
static int fail_name(const struct attr_set *set, const struct nlmsghdr *hdr,
		     const struct place *place, const struct answer *answer)
{
	const struct attr *attr = place->attr;
	char name[LABEL_SIZE];
	const char *text;
	size_t len;

	text = answer_text(answer, &len);
	if (!attr || place->cleared || (attr->type != &type_text && !(attr->flags & ATTR_ID)))
		return STATUS_OK;
	show_name(set, hdr, name, sizeof(name));
	if (attr->flags & ATTR_ID && is_no_such(text, len))
		return fail_system("vdhcp: %.*s %s", (int)len, text, name);
	if (attr->flags & ATTR_ID && is_exists(set->object, text, len))
		return fail_system("vdhcp: %s %s exists", set->object, name);
	if (is_no_such(text, len))
		return fail_system("vdhcp: %.*s \"%s\" (key \"%s\")", (int)len, text,
				   attr_text(place->nla), attr->key);
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
	const struct attr *missing = NULL;
	const struct nlattr *nla = NULL;
	char where[64] = "";
	struct place place;

	if (set && offset)
		nla = find_offset(hdr, nlmsg_attrdata(hdr, GENL_HDRLEN),
				  nlmsg_attrlen(hdr, GENL_HDRLEN), offset);
	if (set && answer->missing && (nla ? !answer->offset : !offset))
		missing = attrs_find_nla(set, nla ? (unsigned int)nla_type(nla) : 0,
					 answer->missing);
	if (missing) {
		snprintf(where, sizeof(where), " (key \"%s\" is missing)", missing->key);
	} else if (nla) {
		place = find_place(set, hdr, nla, offset);
		if (fail_name(set, hdr, &place, answer))
			return STATUS_SYSTEM;
		show_key(&place, where, sizeof(where));
	}
	return fail_answer(answer, where);
}
