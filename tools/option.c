// SPDX-License-Identifier: GPL-2.0
/*
 * Raw DHCP options: CODE FORM VALUE. The form is how the bytes are written on the
 * command line and in documents; DHCP does not know it.
 */
#include <arpa/inet.h>
#include <linux/vdhcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "name.h"
#include "near.h"
#include "option.h"
#include "request.h"
#include "value.h"
#include "vdhcp-names-gen.h"

#define CODE_MIN 1
#define CODE_MAX 254

#define FORMS "string, hex, ip, u8, u16, u32"

static const char *const form_names[] = { VDHCP_OPTION_FORM_LIST(NAME_OF) };

static struct nla_policy option_policy[VDHCP_A_OPTION_MAX + 1] = {
	[VDHCP_A_OPTION_CODE] = { .type = NLA_U8 },
	[VDHCP_A_OPTION_FORM] = { .type = NLA_U8 },
};

/* The value of an option that is being read. */
struct bytes {
	size_t len;
	uint8_t data[VDHCP_OPTION_MAX];
};

static int add_bytes(const char *label, struct bytes *bytes, const void *data, size_t len)
{
	if (len > sizeof(bytes->data) - bytes->len)
		return fail_value(label, "the value is longer than %d bytes", VDHCP_OPTION_MAX);
	memcpy(bytes->data + bytes->len, data, len);
	bytes->len += len;
	return STATUS_OK;
}

/* Digits in pairs, with or without a colon between two pairs. */
static int read_hex(const char *label, const char *word, struct bytes *bytes)
{
	static const char hex[] = "0123456789abcdefABCDEF";
	const char *pos = word;
	char pair[3] = "";
	uint8_t byte;
	int err;

	while (*pos) {
		switch (strspn(pos, hex)) {
		case 0:
			return fail_value(label, "\"%s\" is not hexadecimal", word);
		case 1:
			return fail_value(label, "\"%s\" has an odd number of digits", word);
		}
		memcpy(pair, pos, 2);
		byte = (uint8_t)strtoul(pair, NULL, 16);
		err = add_bytes(label, bytes, &byte, sizeof(byte));
		if (err)
			return err;
		pos += 2;
		if (pos[0] == ':' && pos[1])
			pos++;
	}
	return STATUS_OK;
}

static int read_ips(const char *label, const char *word, struct bytes *bytes)
{
	char addr[INET_ADDRSTRLEN + 1];
	struct in_addr ip;
	size_t len;
	int err;

	for (;;) {
		len = strcspn(word, ",");
		snprintf(addr, sizeof(addr), "%.*s", (int)len, word);
		err = read_ip(label, addr, &ip) ?: add_bytes(label, bytes, &ip, sizeof(ip));
		if (err || !word[len])
			return err;
		word += len + 1;
	}
}

/* A number of @len bytes, in network byte order like all of DHCP. */
static int read_uint(const char *label, const char *word, size_t len, struct bytes *bytes)
{
	uint32_t value, net;
	int err;

	err = read_number(label, word, 0, UINT32_MAX >> (32 - 8 * len), &value);
	if (err)
		return err;
	net = htonl(value);
	return add_bytes(label, bytes, (uint8_t *)&net + sizeof(net) - len, len);
}

static int read_bytes(const char *label, int form, const char *word, struct bytes *bytes)
{
	bytes->len = 0;
	if (!*word)
		return fail_value(label, "the value is empty");
	switch (form) {
	case VDHCP_OPTION_FORM_STRING:
		return add_bytes(label, bytes, word, strlen(word));
	case VDHCP_OPTION_FORM_HEX:
		return read_hex(label, word, bytes);
	case VDHCP_OPTION_FORM_IP:
		return read_ips(label, word, bytes);
	case VDHCP_OPTION_FORM_U8:
		return read_uint(label, word, sizeof(uint8_t), bytes);
	case VDHCP_OPTION_FORM_U16:
		return read_uint(label, word, sizeof(uint16_t), bytes);
	case VDHCP_OPTION_FORM_U32:
		return read_uint(label, word, sizeof(uint32_t), bytes);
	default:
		return fail_value(label, "unknown option form %d (the module is newer than "
				  "vdhcpctl)", form);
	}
}

static int fail_form(const char *label, const char *word)
{
	struct near near;
	size_t i;

	near_begin(&near, word);
	for (i = 1; i < ARRAY_SIZE(form_names); i++)
		near_try(&near, form_names[i]);
	return fail_value(label, "\"%s\" is not a form%s: " FORMS, word, near_text(&near));
}

static int find_form(const char *word)
{
	size_t i;

	for (i = 1; i < ARRAY_SIZE(form_names); i++)
		if (!strcmp(word, form_names[i]))
			return (int)i;
	return 0;
}

static struct nlattr *find_code(struct nl_msg *msg, const struct attr *attr, uint32_t code)
{
	struct nlmsghdr *hdr = nlmsg_hdr(msg);
	struct nlattr *pos, *nr;
	int rem;

	nlmsg_for_each_attr(pos, hdr, GENL_HDRLEN, rem) {
		nr = nla_type(pos) == attr->nla ?
		     nla_find(nla_data(pos), nla_len(pos), VDHCP_A_OPTION_CODE) : NULL;
		if (nr && nla_get_u8(nr) == code)
			return pos;
	}
	return NULL;
}

/* Without @bytes the request removes the option from the object. */
static int put_option(struct nl_msg *msg, const struct attr *attr, uint32_t code, int form,
		      const struct bytes *bytes)
{
	struct nlattr *nest;
	int err;

	nest = nla_nest_start(msg, attr->nla);
	if (!nest)
		return check_added(attr->key, -1);
	err = nla_put_u8(msg, VDHCP_A_OPTION_CODE, (uint8_t)code);
	if (!err && bytes)
		err = nla_put(msg, VDHCP_A_OPTION_DATA, (int)bytes->len, bytes->data) ?:
		      nla_put_u8(msg, VDHCP_A_OPTION_FORM, (uint8_t)form);
	return check_added(attr->key, err ?: nla_nest_end(msg, nest));
}

static int load_bytes(const char *label, int form, const json_t *value, struct bytes *bytes)
{
	const char *word = json_string_value(value);
	char buf[NUMBER_STRLEN];
	json_t *entry;
	int err = STATUS_OK;
	size_t i;

	switch (form) {
	case VDHCP_OPTION_FORM_IP:
		if (!json_is_array(value))
			return fail_type(label, "an array of addresses", value);
		if (!json_array_size(value))
			return fail_value(label, "the value is empty");
		json_array_foreach(value, i, entry) {
			struct in_addr ip;

			if (!json_is_string(entry))
				return fail_type(label, "a string in the array", entry);
			err = read_ip(label, json_string_value(entry), &ip) ?:
			      add_bytes(label, bytes, &ip, sizeof(ip));
			if (err)
				break;
		}
		return err;
	case VDHCP_OPTION_FORM_STRING:
	case VDHCP_OPTION_FORM_HEX:
		if (!word)
			return fail_type(label, "a string", value);
		if (form == VDHCP_OPTION_FORM_STRING && !clean_check(word, strlen(word)))
			return fail_value(label, "the text has control characters or changes its "
					  "direction, use \"hex\"");
		break;
	default:
		word = number_word(value, buf);
		if (!word)
			return fail_type(label, "a number", value);
	}
	return read_bytes(label, form, word, bytes);
}

/* {"code": CODE, FORM: VALUE} */
static int load_option(struct nl_msg *msg, const struct attr *attr, const json_t *value)
{
	const json_t *number = json_object_get(value, "code"), *data = NULL;
	char buf[NUMBER_STRLEN], label[32];
	struct bytes bytes;
	const char *word;
	uint32_t code;
	int err, form = 0;
	json_t *child;

	if (!json_is_object(value))
		return fail_type(attr->key, "an object with \"code\" and a value", value);
	if (!number)
		return fail_value(attr->key, "\"code\" is missing");
	word = number_word(number, buf);
	if (!word)
		return fail_type(attr->key, "a number for \"code\"", number);
	err = read_number(attr->key, word, CODE_MIN, CODE_MAX, &code);
	if (err)
		return err;
	snprintf(label, sizeof(label), "%s %u", attr->key, code);
	if (find_code(msg, attr, code))
		return fail_usage("\"%s\" is given twice", label);
	json_object_foreach((json_t *)value, word, child) {
		if (!strcmp(word, "code"))
			continue;
		form = find_form(word);
		if (!form)
			return fail_form(label, word);
		if (data)
			return fail_value(label, "there is more than one value");
		data = child;
	}
	if (!data)
		return fail_value(label, "the value is missing, one of " FORMS);
	bytes.len = 0;
	return load_bytes(label, form, data, &bytes) ?:
	       put_option(msg, attr, code, form, &bytes);
}

static int parse_option(struct nl_msg *msg, const struct attr *attr, enum attr_use use,
			struct args *args)
{
	const char *word = args_next(args), *value;
	struct bytes bytes;
	uint32_t code;
	char label[32];
	int err, form;

	err = read_number(attr->key, word, CODE_MIN, CODE_MAX, &code);
	if (err)
		return err;
	snprintf(label, sizeof(label), "%s %u", attr->key, code);
	if (find_code(msg, attr, code))
		return fail_usage("\"%s\" is given twice", label);
	word = args_next(args);
	if (!word)
		return fail_usage("expected: %s FORM VALUE (FORM: " FORMS ")", label);
	if (!strcmp(word, "none"))
		return use == ATTR_USE_SET ? put_option(msg, attr, code, 0, NULL) : STATUS_OK;
	form = find_form(word);
	if (!form)
		return fail_form(label, word);
	value = args_next(args);
	if (!value)
		return fail_value(label, "\"%s\" needs a value", word);
	return read_bytes(label, form, value, &bytes) ?:
	       put_option(msg, attr, code, form, &bytes);
}

/* True if the bytes can be shown in the form that they were written in. */
static bool form_fits(unsigned int form, const uint8_t *data, size_t len)
{
	switch (form) {
	case VDHCP_OPTION_FORM_STRING:
		return len && clean_check((const char *)data, len);
	case VDHCP_OPTION_FORM_IP:
		return len && len % sizeof(struct in_addr) == 0;
	case VDHCP_OPTION_FORM_U8:
		return len == sizeof(uint8_t);
	case VDHCP_OPTION_FORM_U16:
		return len == sizeof(uint16_t);
	case VDHCP_OPTION_FORM_U32:
		return len == sizeof(uint32_t);
	default:
		return false;
	}
}

static int copy_option(struct nl_msg *msg, const struct attr *attr, const struct nlattr *nla)
{
	struct nlattr *tb[VDHCP_A_OPTION_MAX + 1], *data, *nest;
	unsigned int form;

	if (nla_parse_nested(tb, VDHCP_A_OPTION_MAX, (struct nlattr *)nla, option_policy) ||
	    !tb[VDHCP_A_OPTION_CODE] || !tb[VDHCP_A_OPTION_DATA])
		return STATUS_OK;
	data = tb[VDHCP_A_OPTION_DATA];
	form = tb[VDHCP_A_OPTION_FORM] ? nla_get_u8(tb[VDHCP_A_OPTION_FORM]) : 0;
	if (!form_fits(form, nla_data(data), (size_t)nla_len(data)))
		form = VDHCP_OPTION_FORM_HEX;	/* as print_bytes() shows it */
	nest = nla_nest_start(msg, attr->nla);
	if (!nest)
		return check_added(attr->key, -1);
	return check_added(attr->key,
		     nla_put_u8(msg, VDHCP_A_OPTION_CODE, nla_get_u8(tb[VDHCP_A_OPTION_CODE])) ?:
		     nla_put(msg, VDHCP_A_OPTION_DATA, nla_len(data), nla_data(data)) ?:
		     nla_put_u8(msg, VDHCP_A_OPTION_FORM, (uint8_t)form) ?:
		     nla_nest_end(msg, nest));
}

static void print_bytes(struct out *out, unsigned int form, const uint8_t *data, size_t len)
{
	const char *name = form_names[VDHCP_OPTION_FORM_HEX];
	char text[2 * VDHCP_OPTION_MAX + 1] = "";
	uint32_t number = 0;
	size_t i;

	if (form_fits(form, data, len))
		name = form_names[form];
	else
		form = VDHCP_OPTION_FORM_HEX;
	switch (form) {
	case VDHCP_OPTION_FORM_STRING:
		snprintf(text, sizeof(text), "%.*s", (int)len, (const char *)data);
		out_str(out, name, name, text);
		break;
	case VDHCP_OPTION_FORM_IP:
		out_array_begin(out, name, name);
		for (i = 0; i < len; i += sizeof(struct in_addr))
			out_str(out, NULL, NULL, show_ip(data + i, text));
		out_array_end(out);
		break;
	case VDHCP_OPTION_FORM_HEX:
		for (i = 0; i < len && i < VDHCP_OPTION_MAX; i++)
			snprintf(text + 2 * i, 3, "%02x", data[i]);
		out_str(out, name, name, text);
		break;
	default:
		for (i = 0; i < len; i++)
			number = number << 8 | data[i];
		out_num(out, name, name, number);
	}
}

static void print_option(struct out *out, const struct attr *attr, const struct nlattr *nla)
{
	struct nlattr *tb[VDHCP_A_OPTION_MAX + 1], *data;
	unsigned int form = 0;

	if (nla_parse_nested(tb, VDHCP_A_OPTION_MAX, (struct nlattr *)nla, option_policy) ||
	    !tb[VDHCP_A_OPTION_CODE] || !tb[VDHCP_A_OPTION_DATA])
		return;
	if (tb[VDHCP_A_OPTION_FORM])
		form = nla_get_u8(tb[VDHCP_A_OPTION_FORM]);
	data = tb[VDHCP_A_OPTION_DATA];
	out_object_begin(out, NULL);
	out_num(out, "code", attr->key, nla_get_u8(tb[VDHCP_A_OPTION_CODE]));
	print_bytes(out, form, nla_data(data), (size_t)nla_len(data));
	out_object_end(out);
}

const struct attr_type type_option = {
	.arg = "CODE FORM VALUE", .parse = parse_option, .load = load_option, .copy = copy_option,
	.print = print_option,
};

/**
 * option_form() - name a form
 * @number: number of the form, from 1
 *
 * Return: the name, NULL if there is no such form.
 */
const char *option_form(uint32_t number)
{
	return number < ARRAY_SIZE(form_names) ? form_names[number] : NULL;
}

/**
 * option_code() - get the code of an option in a request
 * @nest: attribute of type_option
 *
 * Return: the code, 0 if it is missing.
 */
unsigned int option_code(const struct nlattr *nest)
{
	const struct nlattr *code;

	code = nla_find(nla_data(nest), nla_len(nest), VDHCP_A_OPTION_CODE);
	return code && nla_len(code) ? nla_get_u8(code) : 0;
}
