// SPDX-License-Identifier: GPL-2.0
/*
 * Types of values that fit into one word. Each type converts a word to an
 * attribute and back. A value of a document is first written as a word.
 */
#include <assert.h>
#include <linux/vdhcp.h>
#include <stdio.h>
#include <string.h>

#include "near.h"
#include "request.h"
#include "types.h"
#include "value.h"

#define SECONDS_INFINITE UINT32_MAX

/**
 * attr_json_key() - get the name of a key in a document
 * @attr: key
 *
 * Return: the name.
 */
const char *attr_json_key(const struct attr *attr)
{
	return attr->plural ?: attr->key;
}

/* Returns the word before a value in text output, NULL if the value has none. */
static const char *text_word(const struct attr *attr)
{
	return attr->flags & ATTR_FIRST ? NULL : attr->key;
}

/* Numbers */

static int put_u16(struct nl_msg *msg, const struct attr *attr, const char *word)
{
	uint32_t value = 0;
	int err;

	err = read_number(attr->key, word, attr->min, attr->max, &value);
	return err ?: check_added(attr->key, nla_put_u16(msg, attr->nla, (uint16_t)value));
}

static void print_u16(struct out *out, const struct attr *attr, const struct nlattr *nla)
{
	uint16_t value = nla ? nla_get_u16(nla) : 0;

	if (value || out->json || !(attr->flags & ATTR_ZERO))
		out_num(out, attr_json_key(attr), text_word(attr), value);
}

const struct attr_type type_u16 = {
	.arg = "N", .len = sizeof(uint16_t), .json = JSON_INTEGER, .bounds = true,
	.put = put_u16, .print = print_u16,
};

static int put_u32(struct nl_msg *msg, const struct attr *attr, const char *word)
{
	uint32_t value = 0;
	int err;

	err = read_number(attr->key, word, attr->min, attr->max, &value);
	return err ?: check_added(attr->key, nla_put_u32(msg, attr->nla, value));
}

static void print_u32(struct out *out, const struct attr *attr, const struct nlattr *nla)
{
	out_num(out, attr_json_key(attr), text_word(attr), nla_get_u32(nla));
}

const struct attr_type type_u32 = {
	.arg = "N", .len = sizeof(uint32_t), .json = JSON_INTEGER, .bounds = true,
	.put = put_u32, .print = print_u32,
};

static int put_duration(struct nl_msg *msg, const struct attr *attr, const char *word)
{
	uint32_t value = 0;
	int err;

	err = read_seconds(attr->key, word, attr->min, attr->max, &value);
	return err ?: check_added(attr->key, nla_put_u32(msg, attr->nla, value));
}

static int put_seconds(struct nl_msg *msg, const struct attr *attr, const char *word)
{
	if (!strcmp(word, "infinite"))
		return check_added(attr->key, nla_put_u32(msg, attr->nla, SECONDS_INFINITE));
	return put_duration(msg, attr, word);
}

/* A duration in a document is a number, or a string if it has a unit. */
static int load_seconds(struct nl_msg *msg, const struct attr *attr, const json_t *value)
{
	const char *word = json_string_value(value);
	char buf[NUMBER_STRLEN];

	if (!word)
		word = number_word(value, buf);
	if (!word)
		return fail_type(attr->key, "a number or a string such as \"12h\"", value);
	return attr->type->put(msg, attr, word);
}

static void print_seconds(struct out *out, const struct attr *attr, const struct nlattr *nla)
{
	if (nla_get_u32(nla) == SECONDS_INFINITE && !out->json)
		out_str(out, attr_json_key(attr), text_word(attr), "infinite");
	else
		print_u32(out, attr, nla);
}

const struct attr_type type_seconds = {
	.arg = "SECONDS|infinite", .len = sizeof(uint32_t), .json = JSON_INTEGER, .bounds = true,
	.put = put_seconds, .load = load_seconds, .print = print_seconds,
};

/* Seconds; the highest number has no special meaning. */
const struct attr_type type_duration = {
	.arg = "SECONDS", .len = sizeof(uint32_t), .json = JSON_INTEGER, .bounds = true,
	.put = put_duration, .load = load_seconds, .print = print_u32,
};

/* Names */

static int put_bool(struct nl_msg *msg, const struct attr *attr, const char *word)
{
	bool on = !strcmp(word, "on") || !strcmp(word, "true");

	if (!on && strcmp(word, "off") != 0 && strcmp(word, "false") != 0)
		return fail_value(attr->key, "expected on or off, found \"%s\"", word);
	return check_added(attr->key, nla_put_u8(msg, attr->nla, on));
}

static void print_bool(struct out *out, const struct attr *attr, const struct nlattr *nla)
{
	out_bool(out, attr_json_key(attr), text_word(attr), nla_get_u8(nla));
}

const struct attr_type type_bool = {
	.arg = "on|off", .len = sizeof(uint8_t), .json = JSON_TRUE,
	.put = put_bool, .print = print_bool,
};

/* The names of an enum have the numbers from 1 to attr->max. */
static int put_enum(struct nl_msg *msg, const struct attr *attr, const char *word)
{
	char list[128] = "";
	struct near near;
	size_t used = 0;
	uint32_t i;

	near_begin(&near, word);
	for (i = 1; i <= attr->max; i++) {
		if (!strcmp(word, attr->names[i]))
			return check_added(attr->key, nla_put_u8(msg, attr->nla, (uint8_t)i));
		near_try(&near, attr->names[i]);
		if (used < sizeof(list))
			used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s",
						 i == 1 ? "" : i < attr->max ? ", " : " or ",
						 attr->names[i]);
	}
	return fail_value(attr->key, "expected %s, found \"%s\"%s", list, word, near_text(&near));
}

static void print_enum(struct out *out, const struct attr *attr, const struct nlattr *nla)
{
	uint8_t value = nla_get_u8(nla);
	char number[8];

	snprintf(number, sizeof(number), "%u", value);
	out_str(out, attr_json_key(attr), text_word(attr),
		value && value <= attr->max ? attr->names[value] : number);
}

const struct attr_type type_enum = {
	.len = sizeof(uint8_t), .json = JSON_STRING, .put = put_enum, .print = print_enum,
};

/* Keys that a later version will have */

static int put_reserved(struct nl_msg *msg, const struct attr *attr, const char *word)
{
	(void)msg;
	(void)word;
	return fail_usage("\"%s\" is not supported yet", attr->key);
}

static int load_reserved(struct nl_msg *msg, const struct attr *attr, const json_t *value)
{
	(void)value;
	return put_reserved(msg, attr, NULL);
}

static int copy_reserved(struct nl_msg *msg, const struct attr *attr, const struct nlattr *nla)
{
	(void)msg;
	(void)attr;
	(void)nla;
	return STATUS_OK;
}

static void print_reserved(struct out *out, const struct attr *attr, const struct nlattr *nla)
{
	(void)out;
	(void)attr;
	(void)nla;
}

const struct attr_type type_reserved = {
	.arg = "TEXT", .put = put_reserved, .load = load_reserved, .copy = copy_reserved,
	.print = print_reserved,
};

/* Text */

static int put_text(struct nl_msg *msg, const struct attr *attr, const char *word)
{
	size_t len = strlen(word);

	if (!len)
		return fail_value(attr->key, "the value is empty");
	if (len > attr->max)
		return fail_value(attr->key, "\"%s\" is %zu bytes long, allowed are %u", word,
				  len, attr->max);
	return check_added(attr->key, nla_put_string(msg, attr->nla, word));
}

static void print_text(struct out *out, const struct attr *attr, const struct nlattr *nla)
{
	out_str(out, attr_json_key(attr), text_word(attr), attr_text(nla));
}

const struct attr_type type_text = {
	.arg = "TEXT", .json = JSON_STRING, .put = put_text, .print = print_text,
};

/* Addresses */

static int put_ip(struct nl_msg *msg, const struct attr *attr, const char *word)
{
	struct in_addr ip = { 0 };
	int err;

	err = read_ip(attr->key, word, &ip);
	return err ?: check_added(attr->key, nla_put_u32(msg, attr->nla, ip.s_addr));
}

static void print_ip(struct out *out, const struct attr *attr, const struct nlattr *nla)
{
	char buf[INET_ADDRSTRLEN];

	out_str(out, attr_json_key(attr), text_word(attr), show_ip(nla_data(nla), buf));
}

const struct attr_type type_ip = {
	.arg = "IP", .len = sizeof(struct in_addr), .json = JSON_STRING,
	.put = put_ip, .print = print_ip,
};

/* A network has two attributes: its address, and with the next number its length. */
static_assert(VDHCP_A_SUBNET_PREFIX_LEN - VDHCP_A_SUBNET_NETWORK == 1, "adjacent numbers");

static int put_cidr(struct nl_msg *msg, const struct attr *attr, const char *word)
{
	struct in_addr ip = { 0 };
	uint8_t len = 0;
	int err;

	err = read_prefix(attr->key, word, 1, false, &ip, &len);
	return err ?: check_added(attr->key, nla_put_u32(msg, attr->nla, ip.s_addr) ?:
					     nla_put_u8(msg, attr->nla + 1, len));
}

static void print_cidr(struct out *out, const struct attr *attr, const struct nlattr *nla,
		       const struct nlattr *len)
{
	char buf[PREFIX_STRLEN];

	out_str(out, attr_json_key(attr), text_word(attr),
		show_prefix(nla_data(nla), nla_get_u8(len), buf));
}

const struct attr_type type_cidr = {
	.arg = "IP/LENGTH", .len = sizeof(struct in_addr), .json = JSON_STRING,
	.put = put_cidr, .print_pair = print_cidr,
};

static int put_mac(struct nl_msg *msg, const struct attr *attr, const char *word)
{
	uint8_t mac[MAC_LEN];
	int err;

	err = read_mac(attr->key, word, mac);
	return err ?: check_added(attr->key, nla_put(msg, attr->nla, sizeof(mac), mac));
}

static void print_mac(struct out *out, const struct attr *attr, const struct nlattr *nla)
{
	char buf[MAC_STRLEN];

	out_str(out, attr_json_key(attr), text_word(attr), show_mac(nla_data(nla), buf));
}

const struct attr_type type_mac = {
	.arg = "MAC", .len = MAC_LEN, .json = JSON_STRING, .put = put_mac, .print = print_mac,
};
