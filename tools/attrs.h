/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One table per object says everything about its keys: how they are called on
 * the command line and in the document, which attribute carries them, and what
 * they hold. Parsing, printing, help and error messages all follow from it.
 */
#ifndef VDHCPCTL_ATTRS_H
#define VDHCPCTL_ATTRS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "ctl.h"

/* More keys than any object has, and higher than the number of each. */
#define ATTRS_MAX 64

struct attr;

/**
 * enum attr_use - what the words after a command may be
 * @ATTR_USE_ADD: all keys; the value "none" is as good as leaving the key out
 * @ATTR_USE_SET: all keys; the value "none" clears
 * @ATTR_USE_NAME: only what names the object
 */
enum attr_use {
	ATTR_USE_ADD,
	ATTR_USE_SET,
	ATTR_USE_NAME,
};

/**
 * struct attr_type - a kind of value
 * @arg: what help calls the value
 * @len: least length of the attribute
 * @json: what it is in a document: JSON_STRING, JSON_INTEGER or JSON_TRUE, which
 *        stands for JSON_FALSE, too
 * @put: add the value that one word holds to a request
 * @parse: instead of @put, for what takes several words
 * @load: add a value of a document to a request; instead of @put, for what is
 *        not always of the type @json or cannot be written as a word
 * @copy: add what an attribute holds to a request in the one form that is
 *        compared; NULL copies it as it is
 * @print: print the value of one attribute, which is at least @len long; NULL
 *         stands for an ATTR_ZERO that the kernel left out
 * @print_pair: instead of @print, for a value in two attributes; @second is the
 *              one of the next number
 */
struct attr_type {
	const char *arg;
	int len;
	json_type json;
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
	ATTR_ID = 1 << 0,	/* part of what names the object */
	ATTR_FIRST = 1 << 1,	/* stands first, without its key */
	ATTR_LIST = 1 << 2,	/* several values: commas between them, one attribute for each */
	ATTR_REPEAT = 1 << 3,	/* several values: the key before each, one attribute for each */
	ATTR_KEEP = 1 << 4,	/* cannot be cleared */
	ATTR_ZERO = 1 << 5,	/* 0 if the kernel leaves it out; text leaves 0 out */
};

/**
 * struct attr - a key of an object
 * @key: its name on the command line
 * @nla: number of the attribute
 * @type: what it holds
 * @flags: ATTR_*
 * @plural: its name in the document, where that differs; also understood on
 *          the command line
 * @min: least number, or length of a text
 * @max: highest number, or length of a text
 * @names: names of the values of an enum, by number
 * @preset: word for the value that the kernel gives it if it is left out; NULL
 *          if the kernel leaves it out, too
 * @doc: one line of help
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
};

/**
 * struct attr_set - the keys of an object
 * @object: name of the object
 * @attrs: its keys in the order of the document; one without key ends them
 * @clear: number of the attribute that takes numbers of attributes to be put
 *         back to their default, 0 if there is none
 */
struct attr_set {
	const char *object;
	const struct attr *attrs;
	uint16_t clear;
};

/* For the lists of names in vdhcp-names-gen.h: arrays that are indexed by the number. */
#define NAME_OF(number, text) \
	[number] = (text),

#define attr_for_each(attr, set) \
	for ((attr) = (set)->attrs; (attr)->key; (attr)++)

int attrs_parse(const struct attr_set *set, enum attr_use use, struct args *args,
		struct nl_msg *msg);
void attrs_print(const struct attr_set *set, struct out *out, const struct nlmsghdr *hdr);
void attrs_help(const struct attr_set *set);
void attrs_help_name(const struct attr_set *set);
bool attrs_complete(const struct attr_set *set, const struct nl_msg *msg);
bool attrs_match(const struct attr_set *set, const struct nl_msg *msg, const struct nlmsghdr *hdr);
int attrs_blame(const struct attr_set *set, const struct nlmsghdr *hdr,
		const struct answer *answer);
int attrs_refused(const struct attr_set *set, const struct nl_msg *msg,
		  const struct answer *answer);
int attrs_load(const struct attr_set *set, const json_t *object, struct nl_msg *msg);
int attrs_copy(const struct attr_set *set, const struct nlmsghdr *hdr, struct nl_msg *msg);

struct nlattr *attr_find(const struct nlmsghdr *hdr, int type);
const char *attr_text(const struct nlattr *nla);

/* The kinds of values, and what they are made of. */
extern const struct attr_type type_text, type_ip, type_cidr, type_mac, type_u16, type_u32,
	type_seconds, type_bool, type_enum, type_route, type_option;

#define MAC_LEN 6
#define MAC_STRLEN 18

/* Longest number as a word, with sign and end. */
#define NUMBER_STRLEN 32

int fail_value(const char *label, const char *fmt, ...) __printf(2, 3);
int fail_kind(const char *label, const char *want, const json_t *value);
const char *number_word(const json_t *value, char *buf);
int added(const char *label, int err);
int read_number(const char *label, const char *word, uint32_t min, uint32_t max, uint32_t *value);
int read_ip(const char *label, const char *word, struct in_addr *ip);
const char *show_ip(const void *data, char *buf);
const char *show_mac(const void *data, char *buf);
unsigned int option_code(const struct nlattr *nest);

#endif /* VDHCPCTL_ATTRS_H */
