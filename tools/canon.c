// SPDX-License-Identifier: GPL-2.0
/*
 * The canonical form of an object, which can be compared byte by byte: attributes
 * in the order of the table, defaults written out, raw options in the order of
 * their codes. Documents and messages of the kernel are both converted to it.
 */
#include <linux/vdhcp.h>
#include <string.h>

#include "canon.h"
#include "clean.h"
#include "near.h"
#include "option.h"
#include "request.h"
#include "value.h"

static int load_value(struct nl_msg *msg, const struct attr *attr, const json_t *value)
{
	char buf[NUMBER_STRLEN];
	const char *word;

	if (attr->type->load)
		return attr->type->load(msg, attr, value);
	switch (attr->type->json) {
	case JSON_STRING:
		word = json_string_value(value);
		if (!word)
			return fail_type(attr->key, "a string", value);
		if (!clean_check(word, strlen(word)))
			return fail_value(attr->key, "the text has control characters or changes "
					  "its direction");
		break;
	case JSON_INTEGER:
		word = number_word(value, buf);
		if (!word)
			return fail_type(attr->key, "a number", value);
		break;
	default:
		if (!json_is_boolean(value))
			return fail_type(attr->key, "true or false", value);
		word = json_is_true(value) ? "on" : "off";
	}
	return attr->type->put(msg, attr, word);
}

static int load_attr(struct nl_msg *msg, const struct attr *attr, const json_t *value)
{
	int err = STATUS_OK;
	json_t *entry;
	size_t i;

	if (!(attr->flags & (ATTR_LIST | ATTR_REPEAT)))
		return load_value(msg, attr, value);
	if (!json_is_array(value))
		return fail_type(attr_json_key(attr), "an array", value);
	json_array_foreach(value, i, entry) {
		err = load_value(msg, attr, entry);
		if (err)
			break;
	}
	return err;
}

static int check_keys(const struct attr_set *set, const json_t *object)
{
	const struct attr *attr;
	struct near near;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value) {
		near_begin(&near, key);
		attr_for_each(attr, set) {
			if (!strcmp(attr_json_key(attr), key) ||
			    (attr->list && !strcmp(attr->list, key)))
				break;
			if (attr->type != &type_reserved)
				near_try(&near, attr->list ?: attr_json_key(attr));
		}
		if (!attr->key)
			return fail_usage("\"%s\" is not a key of a %s%s", key, set->object,
					  near_text(&near));
	}
	return STATUS_OK;
}

/* Does a key outside of the nest have the same name in a document? */
static bool is_shadowed(const struct attr_set *set, const struct attr *nested)
{
	const struct attr *attr;

	attr_for_each(attr, set)
		if (!attr->nest && !strcmp(attr_json_key(attr), attr_json_key(nested)))
			return true;
	return false;
}

/*
 * Adds the keys of a nest; @first is the first one. If @flat is not NULL, @object is an
 * object of that set, whose own keys have precedence over those of the nest.
 */
static int load_nest(struct nl_msg *msg, const struct attr *first, const json_t *object,
		     const struct attr_set *flat)
{
	struct nlattr *nest = nla_nest_start(msg, first->nest);
	const struct attr *attr;
	int err = STATUS_OK;
	json_t *value;

	if (!nest)
		return check_added(first->key, -1);
	attr_for_each_nested(attr, first) {
		value = json_object_get(object, attr_json_key(attr));
		if (value && !(flat && is_shadowed(flat, attr)))
			err = load_value(msg, attr, value);
		if (err)
			break;
	}
	nla_nest_end(msg, nest);
	return err;
}

static int check_nested_keys(const struct attr *first, const json_t *object)
{
	const struct attr *attr;
	struct near near;
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return fail_type(first->list, "JSON objects", object);
	if (!json_object_size(object))
		return fail_value(first->list, "an object has neither \"%s\" nor \"%s\"",
				  first->key, first[1].key);
	json_object_foreach((json_t *)object, key, value) {
		near_begin(&near, key);
		attr_for_each_nested(attr, first) {
			if (!strcmp(attr_json_key(attr), key))
				break;
			if (attr->type != &type_reserved)
				near_try(&near, attr_json_key(attr));
		}
		if (attr->nest != first->nest)
			return fail_value(first->list, "\"%s\" is not a key%s", key,
					  near_text(&near));
	}
	return STATUS_OK;
}

/* Finds the first key of a nest among the other keys of an object; NULL if it has none. */
static const struct attr *find_flat(const struct attr_set *set, const struct attr *first,
				    const json_t *object)
{
	const struct attr *attr;

	attr_for_each_nested(attr, first)
		if (!is_shadowed(set, attr) && json_object_get(object, attr_json_key(attr)))
			return attr;
	return NULL;
}

/* Adds the nests: a list with an object for each, or the keys of one nest without a list. */
static int load_nests(struct nl_msg *msg, const struct attr_set *set,
		      const struct attr *first, const json_t *object)
{
	const struct attr *flat = find_flat(set, first, object);
	const json_t *list = json_object_get(object, first->list);
	int err = STATUS_OK;
	json_t *entry;
	size_t i;

	if (list && flat)
		return fail_usage("\"%s\" is not allowed next to \"%s\"", flat->key,
				  first->list);
	if (flat)
		return load_nest(msg, first, object, set);
	if (list && !json_is_array(list))
		return fail_type(first->list, "an array", list);
	if (json_array_size(list) > VDHCP_ADDRESSES_MAX)
		return fail_value(first->list, "%zu entries, allowed are %u",
				  json_array_size(list), VDHCP_ADDRESSES_MAX);
	json_array_foreach(list, i, entry) {
		err = check_nested_keys(first, entry) ?: load_nest(msg, first, entry, NULL);
		if (err)
			break;
	}
	return err;
}

/**
 * canon_load() - make a request of an object of a document
 * @set: keys
 * @object: JSON object with keys and values
 * @msg: request
 *
 * Return: a status.
 */
int canon_load(const struct attr_set *set, const json_t *object, struct nl_msg *msg)
{
	const struct attr *attr;
	const json_t *value;
	int err;

	err = check_keys(set, object);
	if (err)
		return err;
	attr_for_each(attr, set) {
		value = json_object_get(object, attr_json_key(attr));
		if (attr_is_first_nested(set, attr))
			err = load_nests(msg, set, attr, object);
		else if (value && !attr->nest)
			err = load_attr(msg, attr, value);
		else if (attr->flags & (ATTR_FIRST | ATTR_KEEP) && !value)
			err = fail_usage("key \"%s\" is missing", attr->key);
		if (err)
			return err;
	}
	return STATUS_OK;
}

static int copy_value(struct nl_msg *msg, const struct attr *attr, const struct nlmsghdr *hdr,
		      const struct nlattr *nla)
{
	const struct nlattr *second;

	if (attr->type->copy)
		return attr->type->copy(msg, attr, nla);
	if (!attr->type->print_pair)
		return check_added(attr->key, nla_put(msg, attr->nla, nla_len(nla), nla_data(nla)));
	second = attr_find(hdr, attr->nla + 1);
	if (!second || !nla_len(second))
		return STATUS_OK;
	return check_added(attr->key, nla_put(msg, attr->nla, nla_len(nla), nla_data(nla)) ?:
				nla_put(msg, attr->nla + 1, nla_len(second), nla_data(second)));
}

/* Copies the raw options sorted by code, because their order may vary; @nla is the first. */
static int copy_options(struct nl_msg *msg, const struct attr *attr, const struct nlattr *nla,
			int rem)
{
	const struct nlattr *options[UINT8_MAX + 1] = { NULL };
	int err = STATUS_OK;
	size_t i;

	for (; nla_ok(nla, rem); nla = nla_next(nla, &rem))
		if (nla_type(nla) == attr->nla)
			options[option_code(nla)] = nla;
	for (i = 0; i < ARRAY_SIZE(options) && !err; i++)
		if (options[i])
			err = attr->type->copy(msg, attr, options[i]);
	return err;
}

/* Copies all values of a key; @nla is the first one, @rem bytes before the end. */
static int copy_attr(struct nl_msg *msg, const struct attr *attr, const struct nlmsghdr *hdr,
		     const struct nlattr *nla, int rem)
{
	int err = STATUS_OK;

	if (attr->type == &type_option)
		return copy_options(msg, attr, nla, rem);
	for (; nla_ok(nla, rem) && !err; nla = nla_next(nla, &rem)) {
		if (nla_type(nla) == attr->nla && nla_len(nla) >= attr->type->len)
			err = copy_value(msg, attr, hdr, nla);
		if (!(attr->flags & (ATTR_LIST | ATTR_REPEAT)))
			break;
	}
	return err;
}

static int copy_nest(struct nl_msg *msg, const struct attr *first, const struct nlattr *from)
{
	struct nlattr *nest = nla_nest_start(msg, first->nest);
	const struct attr *attr;
	const struct nlattr *nla;
	int err = STATUS_OK;

	if (!nest)
		return check_added(first->key, -1);
	attr_for_each_nested(attr, first) {
		nla = attr_find_nested(attr, from);
		if (nla)
			err = copy_value(msg, attr, NULL, nla);
		if (err)
			break;
	}
	nla_nest_end(msg, nest);
	return err;
}

/* Copies all nests of a message; @nla is the first one, @rem bytes before the end. */
static int copy_nests(struct nl_msg *msg, const struct attr *first, const struct nlattr *nla,
		      int rem)
{
	int err = STATUS_OK;

	for (; nla_ok(nla, rem) && !err; nla = nla_next(nla, &rem))
		if (nla_type(nla) == first->nest)
			err = copy_nest(msg, first, nla);
	return err;
}

/**
 * canon_copy() - convert an object to the canonical form
 * @set: keys
 * @hdr: message that holds the attributes
 * @msg: result, a request without attributes
 *
 * Return: a status.
 */
int canon_copy(const struct attr_set *set, const struct nlmsghdr *hdr, struct nl_msg *msg)
{
	struct {
		const struct nlattr *nla;
		int rem;
	} first[ATTRS_MAX] = { { NULL } };
	const struct attr *attr;
	int rem, err = STATUS_OK;
	unsigned int number;
	struct nlattr *nla;

	nlmsg_for_each_attr(nla, (struct nlmsghdr *)hdr, GENL_HDRLEN, rem) {
		if (nla_type(nla) < ATTRS_MAX && !first[nla_type(nla)].nla) {
			first[nla_type(nla)].nla = nla;
			first[nla_type(nla)].rem = rem;
		}
	}
	attr_for_each(attr, set) {
		number = attr->nest ?: attr->nla;
		if (attr->nest && !attr_is_first_nested(set, attr))
			continue;
		if (attr->nest && first[number].nla)
			err = copy_nests(msg, attr, first[number].nla, first[number].rem);
		else if (first[number].nla)
			err = copy_attr(msg, attr, hdr, first[number].nla, first[number].rem);
		else if (attr->preset)
			err = attr->type->put(msg, attr, attr->preset);
		if (err)
			return err;
	}
	return STATUS_OK;
}
