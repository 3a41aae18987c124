// SPDX-License-Identifier: GPL-2.0
/* Numbers, durations and addresses as words, and errors about them. */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "request.h"
#include "value.h"

/**
 * fail_value() - print that the value of a key is wrong
 * @label: key
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
 * fail_type() - print that a value of a document has the wrong type
 * @label: key
 * @want: expected type, with its article
 * @value: the value
 *
 * Return: STATUS_USAGE.
 */
int fail_type(const char *label, const char *want, const json_t *value)
{
	static const char *const names[] = {
		[JSON_OBJECT] = "an object", [JSON_ARRAY] = "an array", [JSON_STRING] = "a string",
		[JSON_INTEGER] = "a number", [JSON_REAL] = "a fraction", [JSON_TRUE] = "true",
		[JSON_FALSE] = "false", [JSON_NULL] = "null",
	};

	if (!label)
		return fail_usage("expected %s, found %s", want, names[json_typeof(value)]);
	return fail_value(label, "expected %s, found %s", want, names[json_typeof(value)]);
}

/**
 * check_added() - check that an attribute was added to a request
 * @label: key of the attribute
 * @err: result of libnl
 *
 * Return: a status.
 */
int check_added(const char *label, int err)
{
	if (!err)
		return STATUS_OK;
	return fail_value(label, "the request is too large (limit %d bytes)", REQUEST_MAX);
}

/**
 * number_word() - write a whole number of a document as a word
 * @value: value of any type
 * @buf: NUMBER_STRLEN bytes
 *
 * Return: @buf, or NULL if @value is not a whole number; 1e3 and 5.0 are whole.
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

static int fail_range(const char *label, const char *word, uint32_t min, uint32_t max)
{
	return fail_value(label, "\"%s\" is out of range, allowed is %u to %u", word, min, max);
}

static bool is_integer(const char *word)
{
	const char *digits = word + (*word == '-');

	return *digits && !digits[strspn(digits, "0123456789")];
}

/**
 * read_number() - read a decimal number
 * @label: key, for the error
 * @word: word to read
 * @min: least value
 * @max: highest value
 * @value: result
 *
 * Return: a status.
 */
int read_number(const char *label, const char *word, uint32_t min, uint32_t max, uint32_t *value)
{
	unsigned long long number;

	if (!is_integer(word))
		return fail_value(label, "\"%s\" is not a number", word);
	errno = *word == '-' ? ERANGE : 0;
	number = strtoull(word, NULL, 10);
	if (errno || number < min || number > max)
		return fail_range(label, word, min, max);
	*value = (uint32_t)number;
	return STATUS_OK;
}

/**
 * read_seconds() - read a duration: seconds, or a number with the unit s, m, h or d
 * @label: key, for the error
 * @word: word to read
 * @min: least number of seconds
 * @max: highest number of seconds
 * @value: result in seconds
 *
 * Return: a status.
 */
int read_seconds(const char *label, const char *word, uint32_t min, uint32_t max, uint32_t *value)
{
	static const struct {
		char unit;
		uint32_t seconds;
	} units[] = {
		{ 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 },
	};
	size_t digits = strspn(word, "0123456789"), i;
	unsigned long long number;

	for (i = 0; i < ARRAY_SIZE(units); i++)
		if (digits && word[digits] == units[i].unit && !word[digits + 1])
			break;
	if (i == ARRAY_SIZE(units)) {
		if (is_integer(word))
			return read_number(label, word, min, max, value);
		return fail_value(label, "\"%s\" is not a duration, which is a number of seconds "
				  "or a number with a unit: 30s, 90m, 12h, 2d", word);
	}
	errno = 0;
	number = strtoull(word, NULL, 10);
	if (errno || number > UINT32_MAX / units[i].seconds ||
	    number * units[i].seconds < min || number * units[i].seconds > max)
		return fail_value(label, "\"%s\" is out of range, allowed is %u to %u seconds",
				  word, min, max);
	*value = (uint32_t)(number * units[i].seconds);
	return STATUS_OK;
}

/**
 * read_ip() - read an IPv4 address
 * @label: key, for the error
 * @word: word to read
 * @ip: result
 *
 * Return: a status.
 */
int read_ip(const char *label, const char *word, struct in_addr *ip)
{
	struct in6_addr ip6;

	if (inet_pton(AF_INET, word, ip) == 1)
		return STATUS_OK;
	if (inet_pton(AF_INET6, word, &ip6) == 1)
		return fail_value(label, "\"%s\": IPv6 is not supported yet", word);
	return fail_value(label, "\"%s\" is not an IPv4 address", word);
}

/**
 * read_prefix() - read a network: ADDRESS/LENGTH
 * @label: key, for the error
 * @word: word to read
 * @min: least length
 * @bare: whether an address without a length is a host
 * @ip: result, the address
 * @len: result, the length
 *
 * Return: a status.
 */
int read_prefix(const char *label, const char *word, uint32_t min, bool bare, struct in_addr *ip,
		uint8_t *len)
{
	const char *slash = strchr(word, '/');
	char addr[INET6_ADDRSTRLEN], buf[PREFIX_STRLEN];
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
		return fail_value(label, "\"%s\" has host bits set, the network is %s", word,
				  show_prefix(&net, bits, buf));
	*len = (uint8_t)bits;
	return STATUS_OK;
}

/* The value of a character that is no hexadecimal digit is arbitrary. */
static unsigned int hex_digit(char c)
{
	return (unsigned int)(c <= '9' ? c - '0' : (c | ' ') - 'a' + 10);
}

/**
 * read_mac() - read a MAC address
 * @label: key, for the error
 * @word: word to read
 * @mac: result, MAC_LEN bytes
 *
 * Return: a status.
 */
int read_mac(const char *label, const char *word, uint8_t *mac)
{
	bool good = strlen(word) == MAC_STRLEN - 1;
	const char *pos = word;
	size_t i;

	for (i = 0; i < MAC_LEN && good; i++) {
		good = isxdigit((unsigned char)pos[0]) && isxdigit((unsigned char)pos[1]) &&
		       pos[2] == (i < MAC_LEN - 1 ? ':' : '\0');
		mac[i] = (uint8_t)(hex_digit(pos[0]) << 4 | hex_digit(pos[1]));
		pos += 3;
	}
	if (!good)
		return fail_value(label, "\"%s\" is not a MAC address, such as 02:00:00:00:00:05",
				  word);
	return STATUS_OK;
}

/**
 * show_ip() - write an IPv4 address as text
 * @data: its four bytes
 * @buf: INET_ADDRSTRLEN bytes
 *
 * Return: @buf.
 */
const char *show_ip(const void *data, char *buf)
{
	return inet_ntop(AF_INET, data, buf, INET_ADDRSTRLEN);
}

/**
 * show_prefix() - write a network as text
 * @data: the four bytes of its address
 * @len: its length
 * @buf: PREFIX_STRLEN bytes
 *
 * Return: @buf.
 */
const char *show_prefix(const void *data, unsigned int len, char *buf)
{
	char ip[INET_ADDRSTRLEN];

	snprintf(buf, PREFIX_STRLEN, "%s/%u", show_ip(data, ip), len);
	return buf;
}

/**
 * show_mac() - write a MAC address as text
 * @data: its six bytes
 * @buf: MAC_STRLEN bytes
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
