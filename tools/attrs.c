// SPDX-License-Identifier: GPL-2.0
/* The keys of an object in one table: parsing, printing and help. */
#include <ctype.h>
#include <linux/vdhcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attrs.h"
#include "near.h"
#include "option.h"
#include "request.h"
#include "value.h"

static const struct attr *find_key(const struct attr_set *set, const char *word)
{
	const struct attr *attr;

	attr_for_each(attr, set)
		if (!strcmp(attr->key, word) || (attr->plural && !strcmp(attr->plural, word)))
			return attr;
	return NULL;
}

/**
 * attrs_find_nla() - find the key that an attribute belongs to
 * @set: keys
 * @nest: number of the nest that holds the attribute, 0 if none does
 * @nla: number of the attribute
 *
 * Return: the key; of a nest its first key; NULL if no key has this attribute.
 */
const struct attr *attrs_find_nla(const struct attr_set *set, unsigned int nest,
				  unsigned int nla)
{
	const struct attr *attr;

	attr_for_each(attr, set) {
		if (attr->nest == nest &&
		    (attr->nla == nla || (attr->type->print_pair && attr->nla + 1U == nla)))
			return attr;
		if (!nest && attr->nest && attr->nest == nla)
			return attr;
	}
	return NULL;
}

/**
 * attr_is_first_nested() - check whether a key is the first one of a nest
 * @set: keys
 * @attr: the key
 *
 * Return: true if it is.
 */
bool attr_is_first_nested(const struct attr_set *set, const struct attr *attr)
{
	return attr->nest && (attr == set->attrs || attr[-1].nest != attr->nest);
}

/**
 * attr_find_nested() - find the value of a key in a nest
 * @attr: the key
 * @nest: nest of any type, for example another attribute of the message
 *
 * Return: the attribute, NULL if the nest is of another type or lacks the key.
 */
struct nlattr *attr_find_nested(const struct attr *attr, const struct nlattr *nest)
{
	struct nlattr *nla;

	if (nla_type(nest) != attr->nest)
		return NULL;
	nla = nla_find(nla_data(nest), nla_len(nest), attr->nla);
	return nla && nla_len(nla) >= attr->type->len ? nla : NULL;
}

static int fail_key(const struct attr_set *set, const char *word)
{
	const struct attr *attr;
	struct near near;

	near_begin(&near, word);
	attr_for_each(attr, set)
		if (!(attr->flags & ATTR_FIRST) && attr->type != &type_reserved)
			near_try(&near, attr->key);
	return fail_usage("\"%s\" is not a key of %s%s, see \"vdhcpctl %s help\"", word,
			  set->object, near_text(&near), set->object);
}

static const char *upper_case(const char *key)
{
	static char buf[32];
	size_t i;

	for (i = 0; i < sizeof(buf) - 1 && key[i]; i++)
		buf[i] = (char)toupper((unsigned char)key[i]);
	buf[i] = '\0';
	return buf;
}

/* Returns the name of a value for help and errors: "serve|pass|deny", or "SECONDS". */
static const char *value_name(const struct attr *attr)
{
	static char buf[64];
	size_t used = 0;
	uint32_t i;

	if (!attr->names)
		return attr->type->arg;
	for (i = 1; i <= attr->max && used < sizeof(buf); i++)
		used += (size_t)snprintf(buf + used, sizeof(buf) - used, "%s%s",
					 i > 1 ? "|" : "", attr->names[i]);
	return buf;
}

/* Adds one value, or the several values of a list. */
static int put_word(struct nl_msg *msg, const struct attr *attr, const char *word)
{
	int err = STATUS_OK;
	char *value;
	size_t len;

	if (!(attr->flags & ATTR_LIST))
		return attr->type->put(msg, attr, word);
	do {
		len = strcspn(word, ",");
		value = strndup(word, len);
		if (!value)
			return fail_memory();
		err = attr->type->put(msg, attr, value);
		free(value);
		word += len;
	} while (!err && *word++);
	return err;
}

/* Handles the value "none". */
static int put_none(struct nl_msg *msg, const struct attr_set *set, const struct attr *attr,
		    enum attr_use use)
{
	if (attr->flags & ATTR_KEEP)
		return fail_usage("\"%s\" of a %s is mandatory and cannot be cleared", attr->key,
				  set->object);
	if (use != ATTR_USE_SET)
		return STATUS_OK;
	return check_added(attr->key, nla_put_u32(msg, set->clear, attr->nest ?: attr->nla));
}

/* Whether a key was given: not yet, with a value, or with "none". */
enum seen { SEEN_NOT, SEEN_VALUE, SEEN_NONE };

/* All values of a raw option can be cleared before some of them are set. */
static bool may_repeat(const struct attr *attr, enum seen seen)
{
	return seen == SEEN_NOT ||
	       ((attr->flags & ATTR_REPEAT || attr->nest) && seen == SEEN_VALUE) ||
	       (attr->type == &type_option && seen == SEEN_NONE);
}

/* Most words of nested keys in a command. */
#define NESTED_MAX ((size_t)3 * VDHCP_ADDRESSES_MAX)

/* Words of nested keys, which are added when all words are known. */
struct nested {
	const struct attr *attr[NESTED_MAX];
	const char *word[NESTED_MAX];
	size_t count;
};

static int keep_nested(struct nested *nested, const struct attr *attr, const char *word)
{
	if (nested->count == NESTED_MAX)
		return fail_usage("\"%s\" is given too often", attr->key);
	nested->attr[nested->count] = attr;
	nested->word[nested->count++] = word;
	return STATUS_OK;
}

/* Adds a nest of the words from @from on that have different keys, @count at most. */
static int put_nest(struct nl_msg *msg, const struct nested *nested, size_t from, size_t count)
{
	struct nlattr *nest = nla_nest_start(msg, nested->attr[from]->nest);
	int err = STATUS_OK;
	size_t i;

	if (!nest)
		return check_added(nested->attr[from]->key, -1);
	for (i = from; i < from + count && !err; i++)
		err = put_word(msg, nested->attr[i], nested->word[i]);
	nla_nest_end(msg, nest);
	return err;
}

/* Are the words those of a single nest, each key once? */
static bool is_one_nest(const struct nested *nested)
{
	size_t i, j;

	for (i = 1; i < nested->count; i++)
		for (j = 0; j < i; j++)
			if (nested->attr[i] == nested->attr[j])
				return false;
	return true;
}

/*
 * Counts the words of the nest that begins at @from; 0 if it does not begin with the first
 * two keys of the table.
 */
static size_t nest_length(const struct nested *nested, size_t from, const struct attr *first)
{
	size_t n = 0;

	while (from + n < nested->count && nested->attr[from + n] == first + n)
		n++;
	return n >= 2 ? n : 0;
}

/*
 * Adds the nests. The words of a single nest may have any order. With several nests,
 * the keys of each have the order of the table, so that it is clear which words form a nest.
 */
static int put_nests(struct nl_msg *msg, const struct attr_set *set,
		     const struct nested *nested)
{
	const struct attr *first;
	int err = STATUS_OK;
	size_t i, n;

	if (!nested->count)
		return STATUS_OK;
	if (is_one_nest(nested))
		return put_nest(msg, nested, 0, nested->count);
	first = nested->attr[0];
	while (!attr_is_first_nested(set, first))
		first--;
	for (i = 0; i < nested->count && !err; i += n) {
		n = nest_length(nested, i, first);
		if (!n)
			return fail_usage("with several %s, each \"%s\" is followed by its \"%s\"",
					  first->list, first->key, first[1].key);
		err = put_nest(msg, nested, i, n);
	}
	return err;
}

static int parse_value(const struct attr_set *set, const struct attr *attr, enum attr_use use,
		       enum seen *seen, struct args *args, struct nl_msg *msg,
		       struct nested *nested)
{
	const char *word = args_peek(args);

	if (!may_repeat(attr, *seen))
		return fail_usage("\"%s\" is given twice", attr->key);
	if (!word)
		return fail_usage("\"%s\" needs a value: %s", attr->key, value_name(attr));
	if (!(attr->flags & ATTR_ID) && !strcmp(word, "none")) {
		if (*seen)
			return fail_usage("\"%s\" is given twice", attr->key);
		*seen = SEEN_NONE;
		args_next(args);
		return put_none(msg, set, attr, use);
	}
	*seen = SEEN_VALUE;
	if (attr->nest && attr->type != &type_reserved)
		return keep_nested(nested, attr, args_next(args));
	if (attr->type->parse)
		return attr->type->parse(msg, attr, use, args);
	return put_word(msg, attr, args_next(args));
}

/* Writes the keys that name an object, as in a usage line: DEV [vlan N]. */
static void show_name(const struct attr_set *set, char *buf, size_t size)
{
	const struct attr *attr;
	size_t used = 0;

	attr_for_each(attr, set) {
		if (!(attr->flags & ATTR_ID) || used >= size)
			continue;
		if (attr->flags & ATTR_FIRST)
			used += (size_t)snprintf(buf + used, size - used, "%s",
						 upper_case(attr->key));
		else
			used += (size_t)snprintf(buf + used, size - used, " [%s %s]", attr->key,
						 attr->type->arg);
	}
}

/**
 * attrs_parse() - make a request of words
 * @set: keys
 * @use: which keys are allowed
 * @args: words; the function consumes all of them
 * @msg: request
 *
 * Return: a status.
 */
int attrs_parse(const struct attr_set *set, enum attr_use use, struct args *args,
		struct nl_msg *msg)
{
	enum seen seen[ATTRS_MAX] = { SEEN_NOT };
	struct nested nested = { .count = 0 };
	const struct attr *attr = set->attrs;
	const char *word;
	char name[64];
	int err;

	err = args_options(args);
	if (!err && attr->flags & ATTR_FIRST) {
		if (!args_peek(args))
			return fail_usage("%s is missing, see \"vdhcpctl %s help\"",
					  upper_case(attr->key), set->object);
		seen[0] = SEEN_VALUE;
		err = put_word(msg, attr, args_next(args));
	}
	while (!err && !(err = args_options(args)) && (word = args_next(args))) {
		attr = find_key(set, word);
		if (!attr && word[0] == '-' && !args->ended)
			return fail_option(word);
		if (!attr)
			return fail_key(set, word);
		if (use == ATTR_USE_NAME && !(attr->flags & ATTR_ID)) {
			show_name(set, name, sizeof(name));
			return fail_usage("\"%s\" is not allowed here; a %s is named by %s", word,
					  set->object, name);
		}
		err = parse_value(set, attr, use, &seen[attr - set->attrs], args, msg, &nested);
	}
	return err ?: put_nests(msg, set, &nested);
}

static void print_value(const struct attr *attr, struct out *out, const struct nlmsghdr *hdr,
			const struct nlattr *nla)
{
	const struct nlattr *second;

	if (!attr->type->print_pair) {
		attr->type->print(out, attr, nla);
		return;
	}
	second = attr_find(hdr, attr->nla + 1);
	if (second && nla_len(second))
		attr->type->print_pair(out, attr, nla, second);
}

static void print_attr(const struct attr *attr, struct out *out, const struct nlmsghdr *hdr)
{
	bool many = attr->flags & (ATTR_LIST | ATTR_REPEAT), any = false;
	struct nlattr *nla;
	int rem;

	nlmsg_for_each_attr(nla, (struct nlmsghdr *)hdr, GENL_HDRLEN, rem) {
		if (nla_type(nla) != attr->nla || nla_len(nla) < attr->type->len)
			continue;
		if (many && !any)
			out_array_begin(out, attr_json_key(attr),
					attr->flags & ATTR_LIST ? attr->key : NULL);
		any = true;
		print_value(attr, out, hdr, nla);
		if (!many)
			return;
	}
	if (many && any)
		out_array_end(out);
	if (!any && attr->flags & ATTR_ZERO)
		print_value(attr, out, hdr, NULL);
}

/* Prints all nests of a message; @first is their first key. */
static void print_nests(const struct attr *first, struct out *out, const struct nlmsghdr *hdr)
{
	const struct attr *attr;
	struct nlattr *nest, *nla;
	bool any = false;
	int rem;

	nlmsg_for_each_attr(nest, (struct nlmsghdr *)hdr, GENL_HDRLEN, rem) {
		if (nla_type(nest) != first->nest)
			continue;
		if (!any)
			out_array_begin(out, first->list, NULL);
		any = true;
		out_object_begin(out, NULL);
		attr_for_each_nested(attr, first) {
			nla = attr_find_nested(attr, nest);
			if (nla)
				attr->type->print(out, attr, nla);
		}
		out_object_end(out);
	}
	if (any)
		out_array_end(out);
}

/**
 * attrs_print_one() - print the values of one key
 * @set: keys
 * @attr: the key; of a nest the first key prints all nests, and the others print nothing
 * @out: printer, with an object open
 * @hdr: message that holds the attributes
 */
void attrs_print_one(const struct attr_set *set, const struct attr *attr, struct out *out,
		     const struct nlmsghdr *hdr)
{
	if (attr_is_first_nested(set, attr))
		print_nests(attr, out, hdr);
	else if (!attr->nest)
		print_attr(attr, out, hdr);
}

/**
 * attrs_print() - print the keys of an object and their values
 * @set: keys
 * @out: printer, with an object open
 * @hdr: message that holds the attributes
 *
 * The text consists of words that attrs_parse() takes.
 */
void attrs_print(const struct attr_set *set, struct out *out, const struct nlmsghdr *hdr)
{
	const struct attr *attr;

	attr_for_each(attr, set)
		attrs_print_one(set, attr, out, hdr);
}

static void print_key(const struct attr *attr)
{
	printf("  %s %s", attr->key, value_name(attr));
	if (attr->flags & ATTR_LIST)
		printf("[,%s]...", attr->type->arg);
	if (attr->flags & ATTR_REPEAT)
		fputs(" ...", stdout);
	printf("\n        %s", attr->doc);
	if (attr->max && attr->type->bounds)
		printf(" (%u to %u)", attr->min, attr->max);
	putchar('\n');
}

/**
 * attrs_print_keys() - print the keys of an object with one line of help each
 * @set: keys
 */
void attrs_print_keys(const struct attr_set *set)
{
	const struct attr *attr;

	attr_for_each(attr, set)
		if (!(attr->flags & ATTR_FIRST) && attr->type != &type_reserved)
			print_key(attr);
}

/**
 * attrs_print_usage() - print how an object is named: DEV [vlan N]
 * @set: keys
 */
void attrs_print_usage(const struct attr_set *set)
{
	char name[64] = "";

	show_name(set, name, sizeof(name));
	fputs(name, stdout);
}

/**
 * attrs_name_is_whole() - check whether a request names exactly one object
 * @set: keys
 * @msg: request
 *
 * Return: true if the request has all keys that name the object.
 */
bool attrs_name_is_whole(const struct attr_set *set, const struct nl_msg *msg)
{
	const struct attr *attr;

	attr_for_each(attr, set)
		if (attr->flags & ATTR_ID && !attr_find(nlmsg_hdr((struct nl_msg *)msg), attr->nla))
			return false;
	return true;
}

/**
 * attrs_name_matches() - check whether a request names an object
 * @set: keys
 * @msg: request, which may lack a part of the name
 * @hdr: message that holds the object
 *
 * Return: true if the object has all parts of the name that the request has.
 */
bool attrs_name_matches(const struct attr_set *set, const struct nl_msg *msg,
			const struct nlmsghdr *hdr)
{
	const struct nlattr *want, *have;
	const struct attr *attr;

	attr_for_each(attr, set) {
		if (!(attr->flags & ATTR_ID))
			continue;
		want = attr_find(nlmsg_hdr((struct nl_msg *)msg), attr->nla);
		have = attr_find(hdr, attr->nla);
		if (want && (!have || nla_len(want) != nla_len(have) ||
			     memcmp(nla_data(want), nla_data(have), (size_t)nla_len(want)) != 0))
			return false;
	}
	return true;
}
