// SPDX-License-Identifier: GPL-2.0
/*
 * The kinds of values that keys hold, each with a way from a word to an
 * attribute and one back. A value from a JSON document takes the same way in:
 * what is not text there is short to write as a word.
 */
#include <arpa/inet.h>
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <linux/vdhcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attrs.h"

#define SECONDS_INFINITE UINT32_MAX

/**
 * fail_value() - tell that the value of a key is at fault
 * @label: the key
 * @fmt: a sentence without its full stop
 *
 * Return: STATUS_USAGE.
 */
int fail_value(const char *label, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return fail_usage("%s (key \"%s\")", text, label);
}

/**
 * fail_kind() - tell that a value of a document is of the wrong kind
 * @label: the key
 * @want: what it should be, with its article
 * @value: what it is
 *
 * Return: STATUS_USAGE.
 */
int fail_kind(const char *label, const char *want, const json_t *value)
{
	static const char *const names[] = {
		[JSON_OBJECT] = "an object", [JSON_ARRAY] = "an array", [JSON_STRING] = "a string",
		[JSON_INTEGER] = "a number", [JSON_REAL] = "a fraction", [JSON_TRUE] = "true",
		[JSON_FALSE] = "false", [JSON_NULL] = "null",
	};

	return fail_value(label, "expected %s, found %s", want, names[json_typeof(value)]);
}

/**
 * number_word() - write a whole number of a document as a word
 * @value: any value
 * @buf: room for NUMBER_STRLEN bytes
 *
 * Return: @buf, or NULL if it is something else. 1e3 and 5.0 are whole numbers, too.
 */
const char *number_word(const json_t *value, char *buf)
{
	double real = json_real_value(value);

	if (json_is_integer(value))
		snprintf(buf, NUMBER_STRLEN, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_real(value) && real > -1e15 && real < 1e15 &&
		 real == (double)(long long)real)
		snprintf(buf, NUMBER_STRLEN, "%lld", (long long)real);
	else
		return NULL;
	return buf;
}

/**
 * added() - the status of adding to a request
 * @label: the key that was added
 * @err: what libnl returned
 *
 * Return: a status.
 */
int added(const char *label, int err)
{
	if (!err)
		return STATUS_OK;
	return fail_value(label, "the request gets longer than %d bytes", NL_REQUEST_MAX);
}

static const char *json_key(const struct attr *attr)
{
	return attr->plural ?: attr->key;
}

static const char *text_word(const struct attr *attr)
{
	return attr->flags & ATTR_FIRST ? NULL : attr->key;
}

/* Numbers */

/**
 * read_number() - read a decimal number
 * @label: key, for the error
 * @word: what to read
 * @min: least value
 * @max: highest value
 * @value: result
 *
 * Return: a status.
 */
int read_number(const char *label, const char *word, uint32_t min, uint32_t max, uint32_t *value)
{
	unsigned long long number;
	const char *digits = word + (*word == '-');

	if (!*digits || digits[strspn(digits, "0123456789")])
		return fail_value(label, "\"%s\" is not a number", word);
	errno = *word == '-' ? ERANGE : 0;
	number = strtoull(word, NULL, 10);
	if (errno || number < min || number > max)
		return fail_value(label, "\"%s\" is out of range, %u to %u are possible", word,
				  min, max);
	*value = (uint32_t)number;
	return STATUS_OK;
}

static int put_u16(struct nl_msg *msg, const struct attr *attr, const char *word)
{
	uint32_t value = 0;
	int err;

	err = read_number(attr->key, word, attr->min, attr->max, &value);
	return err ?: added(attr->key, nla_put_u16(msg, attr->nla, (uint16_t)value));
}

static void print_u16(struct out *out, const struct attr *attr, const struct nlattr *nla)
{
	uint16_t value = nla ? nla_get_u16(nla) : 0;

	if (value || out->json || !(attr->flags & ATTR_ZERO))
		out_num(out, json_key(attr), text_word(attr), value);
}

const struct attr_type type_u16 = {
	.arg = "N", .len = sizeof(uint16_t), .json = JSON_INTEGER,
	.put = put_u16, .print = print_u16,
};

static int put_u32(struct nl_msg *msg, const struct attr *attr, const char *word)
{
	uint32_t value = 0;
	int err;

	err = read_number(attr->key, word, attr->min, attr->max, &value);
	return err ?: added(attr->key, nla_put_u32(msg, attr->nla, value));
}

static void print_u32(struct out *out, const struct attr *attr, const struct nlattr *nla)
{
	out_num(out, json_key(attr), text_word(attr), nla_get_u32(nla));
}

const struct attr_type type_u32 = {
	.arg = "N", .len = sizeof(uint32_t), .json = JSON_INTEGER,
	.put = put_u32, .print = print_u32,
};

static int put_seconds(struct nl_msg *msg, const struct attr *attr, const char *word)
{
	if (!strcmp(word, "infinite"))
		return added(attr->key, nla_put_u32(msg, attr->nla, SECONDS_INFINITE));
	return put_u32(msg, attr, word);
}

static int load_seconds(struct nl_msg *msg, const struct attr *attr, const json_t *value)
{
	const char *word = json_string_value(value);
	char buf[NUMBER_STRLEN];

	if (word && !strcmp(word, "infinite"))
		return put_seconds(msg, attr, word);
	word = number_word(value, buf);
	if (!word)
		return fail_kind(attr->key, "a number or \"infinite\"", value);
	return put_u32(msg, attr, word);
}

static void print_seconds(struct out *out, const struct attr *attr, const struct nlattr *nla)
{
	if (nla_get_u32(nla) == SECONDS_INFINITE && !out->json)
		out_str(out, json_key(attr), text_word(attr), "infinite");
	else
		print_u32(out, attr, nla);
}

const struct attr_type type_seconds = {
	.arg = "SECONDS|infinite", .len = sizeof(uint32_t), .json = JSON_INTEGER,
	.put = put_seconds, .load = load_seconds, .print = print_seconds,
};

/* Names */

static int put_bool(struct nl_msg *msg, const struct attr *attr, const char *word)
{
	bool on = !strcmp(word, "on") || !strcmp(word, "true");

	if (!on && strcmp(word, "off") != 0 && strcmp(word, "false") != 0)
		return fail_value(attr->key, "\"%s\" is neither \"on\" nor \"off\"", word);
	return added(attr->key, nla_put_u8(msg, attr->nla, on));
}

static void print_bool(struct out *out, const struct attr *attr, const struct nlattr *nla)
{
	out_bool(out, json_key(attr), text_word(attr), nla_get_u8(nla));
}

const struct attr_type type_bool = {
	.arg = "on|off", .len = sizeof(uint8_t), .json = JSON_TRUE,
	.put = put_bool, .print = print_bool,
};

/* The names of an enum begin with number 1; the last one may be attr->max. */
static int put_enum(struct nl_msg *msg, const struct attr *attr, const char *word)
{
	char list[128] = "";
	size_t used = 0;
	uint32_t i;

	for (i = 1; i <= attr->max; i++) {
		if (!strcmp(word, attr->names[i]))
			return added(attr->key, nla_put_u8(msg, attr->nla, (uint8_t)i));
		if (used < sizeof(list))
			used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s",
						 used ? ", " : "", attr->names[i]);
	}
	return fail_value(attr->key, "\"%s\" is none of %s", word, list);
}

static void print_enum(struct out *out, const struct attr *attr, const struct nlattr *nla)
{
	uint8_t value = nla_get_u8(nla);
	char number[8];

	snprintf(number, sizeof(number), "%u", value);
	out_str(out, json_key(attr), text_word(attr),
		value && value <= attr->max ? attr->names[value] : number);
}

const struct attr_type type_enum = {
	.len = sizeof(uint8_t), .json = JSON_STRING, .put = put_enum, .print = print_enum,
};

/* Text */

static int put_text(struct nl_msg *msg, const struct attr *attr, const char *word)
{
	size_t len = strlen(word);

	if (!len)
		return fail_value(attr->key, "the value is empty");
	if (len > attr->max)
		return fail_value(attr->key, "\"%s\" is %zu bytes long, %u are possible", word,
				  len, attr->max);
	return added(attr->key, nla_put_string(msg, attr->nla, word));
}

static void print_text(struct out *out, const struct attr *attr, const struct nlattr *nla)
{
	out_str(out, json_key(attr), text_word(attr), attr_text(nla));
}

const struct attr_type type_text = {
	.arg = "TEXT", .json = JSON_STRING, .put = put_text, .print = print_text,
};

/* Addresses */

/**
 * read_ip() - read an IPv4 address
 * @label: key, for the error
 * @word: what to read
 * @ip: result
 *
 * Return: a status.
 */
int read_ip(const char *label, const char *word, struct in_addr *ip)
{
	if (inet_pton(AF_INET, word, ip) == 1)
		return STATUS_OK;
	return fail_value(label, "\"%s\" is not an IPv4 address", word);
}

/**
 * show_ip() - write an IPv4 address as text
 * @data: its four bytes
 * @buf: room for INET_ADDRSTRLEN bytes
 *
 * Return: @buf.
 */
const char *show_ip(const void *data, char *buf)
{
	return inet_ntop(AF_INET, data, buf, INET_ADDRSTRLEN);
}

static int put_ip(struct nl_msg *msg, const struct attr *attr, const char *word)
{
	struct in_addr ip = { 0 };
	int err;

	err = read_ip(attr->key, word, &ip);
	return err ?: added(attr->key, nla_put_u32(msg, attr->nla, ip.s_addr));
}

static void print_ip(struct out *out, const struct attr *attr, const struct nlattr *nla)
{
	char buf[INET_ADDRSTRLEN];

	out_str(out, json_key(attr), text_word(attr), show_ip(nla_data(nla), buf));
}

const struct attr_type type_ip = {
	.arg = "IP", .len = sizeof(struct in_addr), .json = JSON_STRING,
	.put = put_ip, .print = print_ip,
};

/* ADDRESS/LENGTH; an address alone is a host if @bare says so. */
static int read_prefix(const char *label, const char *word, uint32_t min, bool bare,
		       struct in_addr *ip, uint8_t *len)
{
	const char *slash = strchr(word, '/');
	char addr[INET_ADDRSTRLEN], buf[INET_ADDRSTRLEN];
	struct in_addr net;
	uint32_t bits = 32;
	int err;

	if (!slash && !bare)
		return fail_value(label, "\"%s\" is not a network in the form ADDRESS/LENGTH",
				  word);
	if (!slash)
		slash = word + strlen(word);
	if ((size_t)(slash - word) >= sizeof(addr))
		return fail_value(label, "\"%.*s\" is not an IPv4 address", (int)(slash - word),
				  word);
	snprintf(addr, sizeof(addr), "%.*s", (int)(slash - word), word);
	err = read_ip(label, addr, ip);
	if (!err && *slash)
		err = read_number(label, slash + 1, min, 32, &bits);
	if (err)
		return err;
	net.s_addr = ip->s_addr & (bits ? htonl(UINT32_MAX << (32 - bits)) : 0);
	if (net.s_addr != ip->s_addr)
		return fail_value(label, "\"%s\" has host bits set, the network is %s/%u", word,
				  show_ip(&net, buf), bits);
	*len = (uint8_t)bits;
	return STATUS_OK;
}

/* Two attributes: the network, and its length with the number after it. */
static_assert(VDHCP_A_SUBNET_PREFIX_LEN - VDHCP_A_SUBNET_NETWORK == 1, "neighbours");

static int put_cidr(struct nl_msg *msg, const struct attr *attr, const char *word)
{
	struct in_addr ip = { 0 };
	uint8_t len = 0;
	int err;

	err = read_prefix(attr->key, word, 1, false, &ip, &len);
	return err ?: added(attr->key, nla_put_u32(msg, attr->nla, ip.s_addr) ?:
				       nla_put_u8(msg, attr->nla + 1, len));
}

static void print_cidr(struct out *out, const struct attr *attr, const struct nlattr *nla,
		       const struct nlattr *len)
{
	char buf[INET_ADDRSTRLEN], prefix[INET_ADDRSTRLEN + 4];

	snprintf(prefix, sizeof(prefix), "%s/%u", show_ip(nla_data(nla), buf), nla_get_u8(len));
	out_str(out, json_key(attr), text_word(attr), prefix);
}

const struct attr_type type_cidr = {
	.arg = "IP/LENGTH", .len = sizeof(struct in_addr), .json = JSON_STRING,
	.put = put_cidr, .print_pair = print_cidr,
};

/**
 * show_mac() - write a MAC address as text
 * @data: its six bytes
 * @buf: room for MAC_STRLEN bytes
 *
 * Return: @buf.
 */
const char *show_mac(const void *data, char *buf)
{
	const uint8_t *mac = data;

	snprintf(buf, MAC_STRLEN, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
		 mac[4], mac[5]);
	return buf;
}

/* What is no digit gives any number. */
static unsigned int hex_digit(char c)
{
	return (unsigned int)(c <= '9' ? c - '0' : (c | ' ') - 'a' + 10);
}

static int put_mac(struct nl_msg *msg, const struct attr *attr, const char *word)
{
	bool good = strlen(word) == MAC_STRLEN - 1;
	const char *given = word;
	uint8_t mac[MAC_LEN];
	size_t i;

	for (i = 0; i < MAC_LEN && good; i++) {
		good = isxdigit((unsigned char)word[0]) && isxdigit((unsigned char)word[1]) &&
		       word[2] == (i < MAC_LEN - 1 ? ':' : '\0');
		mac[i] = (uint8_t)(hex_digit(word[0]) << 4 | hex_digit(word[1]));
		word += 3;
	}
	if (!good)
		return fail_value(attr->key, "\"%s\" is not a MAC address", given);
	return added(attr->key, nla_put(msg, attr->nla, sizeof(mac), mac));
}

static void print_mac(struct out *out, const struct attr *attr, const struct nlattr *nla)
{
	char buf[MAC_STRLEN];

	out_str(out, json_key(attr), text_word(attr), show_mac(nla_data(nla), buf));
}

const struct attr_type type_mac = {
	.arg = "MAC", .len = MAC_LEN, .json = JSON_STRING, .put = put_mac, .print = print_mac,
};

/* Routes: DST [via IP]; without a gateway the destination is on the link. */

static struct nla_policy route_policy[VDHCP_A_ROUTE_MAX + 1] = {
	[VDHCP_A_ROUTE_DST] = { .type = NLA_U32 },
	[VDHCP_A_ROUTE_DST_LEN] = { .type = NLA_U8 },
	[VDHCP_A_ROUTE_VIA] = { .type = NLA_U32 },
};

static int add_route(struct nl_msg *msg, const struct attr *attr, uint32_t dst, uint8_t len,
		     uint32_t via)
{
	struct nlattr *nest;

	nest = nla_nest_start(msg, attr->nla);
	if (!nest)
		return added(attr->key, -1);
	return added(attr->key, nla_put_u32(msg, VDHCP_A_ROUTE_DST, dst) ?:
				nla_put_u8(msg, VDHCP_A_ROUTE_DST_LEN, len) ?:
				nla_put_u32(msg, VDHCP_A_ROUTE_VIA, via) ?:
				nla_nest_end(msg, nest));
}

static int put_route(struct nl_msg *msg, const struct attr *attr, const char *dst, const char *via)
{
	struct in_addr ip = { 0 }, gateway = { 0 };
	uint8_t len = 0;
	int err;

	if (!strcmp(dst, "default"))
		dst = "0.0.0.0/0";
	err = read_prefix(attr->key, dst, 0, true, &ip, &len);
	if (!err && via)
		err = read_ip(attr->key, via, &gateway);
	return err ?: add_route(msg, attr, ip.s_addr, len, gateway.s_addr);
}

static int load_route(struct nl_msg *msg, const struct attr *attr, const json_t *value)
{
	const json_t *dst = json_object_get(value, "dst"), *via = json_object_get(value, "via");
	const char *key;
	json_t *child;

	if (!json_is_object(value))
		return fail_kind(attr->key, "an object with \"dst\" and \"via\"", value);
	json_object_foreach((json_t *)value, key, child)
		if (strcmp(key, "dst") != 0 && strcmp(key, "via") != 0)
			return fail_value(attr->key, "\"%s\" is not a key of a route", key);
	if (!dst)
		return fail_value(attr->key, "\"dst\" is missing");
	if (!json_is_string(dst))
		return fail_kind(attr->key, "a string for \"dst\"", dst);
	if (via && !json_is_string(via))
		return fail_kind(attr->key, "a string for \"via\"", via);
	return put_route(msg, attr, json_string_value(dst), json_string_value(via));
}

static int copy_route(struct nl_msg *msg, const struct attr *attr, const struct nlattr *nla)
{
	struct nlattr *tb[VDHCP_A_ROUTE_MAX + 1];

	if (nla_parse_nested(tb, VDHCP_A_ROUTE_MAX, (struct nlattr *)nla, route_policy) ||
	    !tb[VDHCP_A_ROUTE_DST] || !tb[VDHCP_A_ROUTE_DST_LEN])
		return STATUS_OK;
	return add_route(msg, attr, nla_get_u32(tb[VDHCP_A_ROUTE_DST]),
			 nla_get_u8(tb[VDHCP_A_ROUTE_DST_LEN]),
			 tb[VDHCP_A_ROUTE_VIA] ? nla_get_u32(tb[VDHCP_A_ROUTE_VIA]) : 0);
}

static int parse_route(struct nl_msg *msg, const struct attr *attr, enum attr_use use,
		       struct args *args)
{
	const char *dst = args_next(args), *via = args_peek(args);

	(void)use;
	if (!via || strcmp(via, "via") != 0)
		return put_route(msg, attr, dst, NULL);
	args_next(args);
	via = args_next(args);
	if (!via)
		return fail_value(attr->key, "\"via\" needs an address");
	return put_route(msg, attr, dst, via);
}

static void print_route(struct out *out, const struct attr *attr, const struct nlattr *nla)
{
	char buf[INET_ADDRSTRLEN], dst[INET_ADDRSTRLEN + 4];
	struct nlattr *tb[VDHCP_A_ROUTE_MAX + 1];
	struct in_addr via = { 0 };

	if (nla_parse_nested(tb, VDHCP_A_ROUTE_MAX, (struct nlattr *)nla, route_policy) ||
	    !tb[VDHCP_A_ROUTE_DST] || !tb[VDHCP_A_ROUTE_DST_LEN])
		return;
	if (tb[VDHCP_A_ROUTE_VIA])
		via.s_addr = nla_get_u32(tb[VDHCP_A_ROUTE_VIA]);
	out_object_begin(out, NULL);
	snprintf(dst, sizeof(dst), "%s/%u", show_ip(nla_data(tb[VDHCP_A_ROUTE_DST]), buf),
		 nla_get_u8(tb[VDHCP_A_ROUTE_DST_LEN]));
	out_str(out, "dst", attr->key, dst);
	if (via.s_addr || out->json)
		out_str(out, "via", "via", show_ip(&via, buf));
	out_object_end(out);
}

const struct attr_type type_route = {
	.arg = "DST [via IP]", .parse = parse_route, .load = load_route, .copy = copy_route,
	.print = print_route,
};
