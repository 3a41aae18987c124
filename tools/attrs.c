// SPDX-License-Identifier: GPL-2.0
/* What follows from a table of keys: parsing, printing, help, and whom to blame. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attrs.h"
#include "info.h"

/**
 * attr_find() - find an attribute of a message of the family
 * @hdr: the message
 * @type: number of the attribute
 *
 * Return: the first one of that number, NULL if there is none.
 */
struct nlattr *attr_find(const struct nlmsghdr *hdr, int type)
{
	return nlmsg_find_attr((struct nlmsghdr *)hdr, GENL_HDRLEN, type);
}

/**
 * attr_text() - the text in an attribute
 * @nla: attribute
 *
 * Return: the text; "" if it is not terminated.
 */
const char *attr_text(const struct nlattr *nla)
{
	return memchr(nla_data(nla), '\0', (size_t)nla_len(nla)) ? nla_data(nla) : "";
}

static const struct attr *find_key(const struct attr_set *set, const char *word)
{
	const struct attr *attr;

	attr_for_each(attr, set)
		if (!strcmp(attr->key, word) || (attr->plural && !strcmp(attr->plural, word)))
			return attr;
	return NULL;
}

/* The key that an attribute belongs to. */
static const struct attr *find_nla(const struct attr_set *set, unsigned int nla)
{
	const struct attr *attr;

	attr_for_each(attr, set)
		if (attr->nla == nla || (attr->type->print_pair && attr->nla + 1U == nla))
			return attr;
	return NULL;
}

static const char *upper(const char *key)
{
	static char buf[32];
	size_t i;

	for (i = 0; i < sizeof(buf) - 1 && key[i]; i++)
		buf[i] = (char)toupper((unsigned char)key[i]);
	buf[i] = '\0';
	return buf;
}

/* One or more values in one word. */
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

/* The value "none": the object is left without this key. */
static int put_none(struct nl_msg *msg, const struct attr_set *set, const struct attr *attr,
		    enum attr_use use)
{
	if (attr->flags & ATTR_KEEP)
		return fail_value(attr->key, "\"none\" is not possible, a %s always has one",
				  set->object);
	if (use != ATTR_USE_SET)
		return STATUS_OK;
	return added(attr->key, nla_put_u32(msg, set->clear, attr->nla));
}

/**
 * attrs_parse() - make a request of words
 * @set: the object
 * @use: which words are possible
 * @args: words, all of which are taken
 * @msg: request
 *
 * Return: a status.
 */
int attrs_parse(const struct attr_set *set, enum attr_use use, struct args *args,
		struct nl_msg *msg)
{
	enum { NOT, VALUE, NONE } seen[ATTRS_MAX] = { NOT };
	const struct attr *attr = set->attrs;
	const char *word = args_peek(args);
	int err = STATUS_OK;
	size_t i;

	if (attr->flags & ATTR_FIRST) {
		if (!word)
			return fail_usage("%s is missing, \"vdhcpctl %s help\" tells more",
					  upper(attr->key), set->object);
		seen[0] = VALUE;
		err = put_word(msg, attr, args_next(args));
	}
	while (!err && (word = args_next(args))) {
		attr = find_key(set, word);
		if (!attr)
			return fail_usage("\"%s\" is not a key of %s, see \"vdhcpctl %s help\"",
					  word, set->object, set->object);
		i = (size_t)(attr - set->attrs);
		if (use == ATTR_USE_NAME && !(attr->flags & ATTR_ID))
			return fail_usage("\"%s\" has no place here, it does not name a %s", word,
					  set->object);
		/* All options can be cleared before some are set. */
		if (seen[i] && !(attr->flags & ATTR_REPEAT && seen[i] == VALUE) &&
		    !(attr->type == &type_option && seen[i] == NONE))
			return fail_usage("\"%s\" is given twice", attr->key);
		word = args_peek(args);
		if (!word)
			return fail_usage("\"%s\" needs a value", attr->key);
		if (!(attr->flags & ATTR_ID) && !strcmp(word, "none")) {
			if (seen[i])
				return fail_usage("\"%s\" is given twice", attr->key);
			seen[i] = NONE;
			err = put_none(msg, set, attr, use);
			args_next(args);
			continue;
		}
		seen[i] = VALUE;
		if (attr->type->parse)
			err = attr->type->parse(msg, attr, use, args);
		else
			err = put_word(msg, attr, args_next(args));
	}
	return err;
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
			out_array_begin(out, attr->plural ?: attr->key,
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

/**
 * attrs_print() - print the keys of an object
 * @set: the object
 * @out: printer, with an object open
 * @hdr: message that holds the attributes
 *
 * In text they are the words that attrs_parse() takes.
 */
void attrs_print(const struct attr_set *set, struct out *out, const struct nlmsghdr *hdr)
{
	const struct attr *attr;

	attr_for_each(attr, set)
		print_attr(attr, out, hdr);
}

static void help_value(const struct attr *attr)
{
	uint32_t i;

	printf("  %s ", attr->key);
	if (attr->names) {
		for (i = 1; i <= attr->max; i++)
			printf("%s%s", i > 1 ? "|" : "", attr->names[i]);
	} else {
		fputs(attr->type->arg, stdout);
	}
	if (attr->flags & ATTR_LIST)
		printf("[,%s]...", attr->type->arg);
	if (attr->flags & ATTR_REPEAT)
		fputs(" ...", stdout);
	printf("\n        %s", attr->doc);
	if (attr->max && (attr->type == &type_u16 || attr->type == &type_u32 ||
			  attr->type == &type_seconds))
		printf(" (%u to %u)", attr->min, attr->max);
	putchar('\n');
}

/**
 * attrs_help() - print the keys of an object and what they mean
 * @set: the object
 */
void attrs_help(const struct attr_set *set)
{
	const struct attr *attr;

	attr_for_each(attr, set)
		if (!(attr->flags & ATTR_FIRST))
			help_value(attr);
}

/**
 * attrs_help_name() - print how an object is named on the command line
 * @set: the object
 */
void attrs_help_name(const struct attr_set *set)
{
	const struct attr *attr;

	attr_for_each(attr, set) {
		if (attr->flags & ATTR_FIRST)
			fputs(upper(attr->key), stdout);
		else if (attr->flags & ATTR_ID)
			printf(" [%s %s]", attr->key, attr->type->arg);
	}
}

/**
 * attrs_complete() - does a request name one object for sure?
 * @set: the object
 * @msg: request
 *
 * Return: true if each key that names the object is in it.
 */
bool attrs_complete(const struct attr_set *set, const struct nl_msg *msg)
{
	const struct attr *attr;

	attr_for_each(attr, set)
		if (attr->flags & ATTR_ID && !attr_find(nlmsg_hdr((struct nl_msg *)msg), attr->nla))
			return false;
	return true;
}

/**
 * attrs_match() - is an object one of those that a request names?
 * @set: the object
 * @msg: request, which may lack a part of the name
 * @hdr: message that holds the object
 *
 * Return: true if what the request names is the same in the object.
 */
bool attrs_match(const struct attr_set *set, const struct nl_msg *msg, const struct nlmsghdr *hdr)
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

/* The attribute of a request that begins at an offset or has it inside. */
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

/* The words that led to an attribute: a key, and the code of an option. */
static void describe(const struct attr_set *set, const struct nlattr *nla, char *buf, size_t size)
{
	const struct attr *attr;
	unsigned int number = (unsigned int)nla_type(nla), code = 0;

	if (number == set->clear && nla_len(nla) >= (int)sizeof(uint32_t))
		number = nla_get_u32(nla);
	attr = find_nla(set, number);
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
 * attrs_blame() - tell what the kernel has against a request
 * @set: the object, NULL for a request without attributes
 * @hdr: request; not looked at without @set
 * @answer: what the kernel said to it
 *
 * Return: STATUS_SYSTEM.
 */
int attrs_blame(const struct attr_set *set, const struct nlmsghdr *hdr,
		const struct answer *answer)
{
	const char *text = *answer->text ? answer->text : strerror(answer->err);
	const char *hint = answer->err == EPERM ? ", this takes CAP_NET_ADMIN" : "";
	uint32_t offset = answer->offset ?: answer->nest;
	size_t len = strlen(text);
	const struct attr *attr;
	const struct nlattr *nla;
	char key[64] = "";

	/* From the core of genetlink, which has no words for it. */
	if (answer->err == EOPNOTSUPP && !*answer->text && info_other())
		return fail_system("the module that is loaded is version %s and does not know "
				   "what vdhcpctl %s asks; load one of the same version",
				   info_other(), VDHCP_VERSION);
	if (!strncmp(text, "vdhcp: ", 7)) {
		text += 7;
		len -= 7;
	}
	if (len && text[len - 1] == '.')
		len--;
	nla = set && offset ? find_offset(hdr, offset) : NULL;
	attr = set && answer->missing && !answer->nest ? find_nla(set, answer->missing) : NULL;
	if (nla)
		describe(set, nla, key, sizeof(key));
	else if (attr)
		snprintf(key, sizeof(key), " (key \"%s\" is missing)", attr->key);
	return fail_system("vdhcp: %.*s%s%s", (int)len, text, hint, key);
}

/**
 * attrs_refused() - tell what the kernel has against a request
 * @set: the object, NULL for a request without attributes
 * @msg: request; not looked at without @set
 * @answer: what the kernel said to it
 *
 * Return: STATUS_SYSTEM.
 */
int attrs_refused(const struct attr_set *set, const struct nl_msg *msg,
		  const struct answer *answer)
{
	return attrs_blame(set, set ? nlmsg_hdr((struct nl_msg *)msg) : NULL, answer);
}
