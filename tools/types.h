/* SPDX-License-Identifier: GPL-2.0 */
/* Keys of objects, and the types of their values. */
#ifndef VDHCPCTL_TYPES_H
#define VDHCPCTL_TYPES_H

#include <jansson.h>
#include <netlink/msg.h>
#include <stdbool.h>
#include <stdint.h>

#include "args.h"
#include "out.h"

struct attr;

/**
 * enum attr_use - which keys a command takes
 * @ATTR_USE_ADD: all keys; the value "none" is the same as leaving the key out
 * @ATTR_USE_SET: all keys; the value "none" clears
 * @ATTR_USE_NAME: only keys that name the object
 */
enum attr_use {
	ATTR_USE_ADD,
	ATTR_USE_SET,
	ATTR_USE_NAME,
};

/**
 * struct attr_type - type of a value
 * @arg: name of the value in help
 * @len: least length of the attribute
 * @json: type in a document: JSON_STRING, JSON_INTEGER or JSON_TRUE, which
 *        stands for JSON_FALSE, too
 * @bounds: help shows the least and the highest value
 * @put: add a value, written as one word, to a request
 * @parse: used instead of @put for a value of several words
 * @load: add a value of a document to a request; used instead of @put for a value
 *        that is not always of type @json, or cannot be written as a word
 * @copy: add the value of an attribute to a request in the canonical form; NULL
 *        copies the attribute as it is
 * @print: print the value of an attribute of at least @len bytes; NULL stands for
 *         an ATTR_ZERO that the kernel left out
 * @print_pair: used instead of @print for a value in two attributes; the number of
 *              @second is one higher
 */
struct attr_type {
	const char *arg;
	int len;
	json_type json;
	bool bounds;
	int (*put)(struct nl_msg *msg, const struct attr *attr, const char *word);
	int (*parse)(struct nl_msg *msg, const struct attr *attr, enum attr_use use,
		     struct args *args);
	int (*load)(struct nl_msg *msg, const struct attr *attr, const json_t *value);
	int (*copy)(struct nl_msg *msg, const struct attr *attr, const struct nlattr *nla);
	void (*print)(struct out *out, const struct attr *attr, const struct nlattr *nla);
	void (*print_pair)(struct out *out, const struct attr *attr, const struct nlattr *nla,
			   const struct nlattr *second);
};

enum {
	ATTR_ID = 1 << 0,	/* part of the object's name */
	ATTR_FIRST = 1 << 1,	/* first word, without its key */
	ATTR_LIST = 1 << 2,	/* several values with commas between them, an attribute for each */
	ATTR_REPEAT = 1 << 3,	/* several values, key and attribute for each */
	ATTR_KEEP = 1 << 4,	/* mandatory, cannot be cleared */
	ATTR_ZERO = 1 << 5,	/* 0 if the kernel leaves it out; 0 is not printed in text */
};

/**
 * struct attr - a key of an object
 * @key: name on the command line
 * @nla: number of the attribute
 * @type: type of the value
 * @flags: ATTR_*
 * @plural: name in the document if it differs from @key; the command line takes
 *          it, too
 * @min: least number, or least length of a text
 * @max: highest number, or highest length of a text
 * @names: names of the values of an enum, by number
 * @preset: word for the default that the kernel shows; NULL if the kernel leaves
 *          the attribute out
 * @doc: one line of help
 * @nest: number of the nest that holds @nla, 0 if none does; the keys of a nest are
 *        neighbours in the table
 * @list: name of the list in the document with an object for each nest
 */
struct attr {
	const char *key;
	uint16_t nla;
	const struct attr_type *type;
	unsigned int flags;
	const char *plural;
	uint32_t min;
	uint32_t max;
	const char *const *names;
	const char *preset;
	const char *doc;
	uint16_t nest;
	const char *list;
};

extern const struct attr_type type_text, type_ip, type_cidr, type_mac, type_u16, type_u32,
	type_seconds, type_duration, type_bool, type_enum, type_reserved;

const char *attr_json_key(const struct attr *attr);

#endif /* VDHCPCTL_TYPES_H */
