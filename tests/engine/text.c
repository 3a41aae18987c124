// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include "text.h"

void text_die(const struct text *text, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: ", text->path, text->line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(2);
}

void text_open(struct text *text, const char *path)
{
	memset(text, 0, sizeof(*text));
	text->path = path;
	text->file = fopen(path, "r");
	if (!text->file) {
		perror(path);
		exit(2);
	}
}

void text_close(struct text *text)
{
	fclose(text->file);
	free(text->raw);
}

/* Reads one line; a backslash at its end joins the next one. */
static bool read_line(struct text *text)
{
	size_t room = 0, used = 0;
	char *part = NULL;
	ssize_t got;

	free(text->raw);
	text->raw = NULL;
	for (;;) {
		got = getline(&part, &room, text->file);
		if (got < 0)
			break;
		text->line++;
		while (got > 0 && isspace((unsigned char)part[got - 1]))
			part[--got] = 0;
		text->raw = realloc(text->raw, used + (size_t)got + 2);
		if (!text->raw)
			abort();
		memcpy(text->raw + used, part, (size_t)got + 1);
		used += (size_t)got;
		if (!got || part[got - 1] != '\\')
			break;
		text->raw[used - 1] = ' ';
	}
	free(part);
	return text->raw;
}

static void split_words(struct text *text)
{
	char *p = text->raw;

	text->n = 0;
	for (;;) {
		while (isspace((unsigned char)*p))
			p++;
		if (!*p || *p == '#')
			return;
		if (text->n == TEXT_WORDS_MAX)
			text_die(text, "too many words");
		if (*p == '"') {
			text->words[text->n++] = ++p;
			while (*p && *p != '"')
				p++;
			if (!*p)
				text_die(text, "no closing quote");
		} else {
			text->words[text->n++] = p;
			while (*p && !isspace((unsigned char)*p))
				p++;
			if (!*p)
				return;
		}
		*p++ = 0;
	}
}

/* Reads the next line that has words. */
bool text_next(struct text *text)
{
	if (text->again) {
		text->again = false;
		return true;
	}
	do {
		if (!read_line(text))
			return false;
		split_words(text);
	} while (!text->n);
	return true;
}

u32 text_number(const struct text *text, const char *word, int base)
{
	unsigned long long v;
	char *end;

	v = strtoull(word, &end, base);
	if (end == word || *end || v > 0xffffffff || *word == '-')
		text_die(text, "'%s' is not a number", word);
	return (u32)v;
}

u32 text_addr(const struct text *text, const char *word)
{
	u8 b[4];

	if (inet_pton(AF_INET, word, b) != 1)
		text_die(text, "'%s' is not an IPv4 address", word);
	return get_unaligned_be32(b);
}

void text_mac(const struct text *text, const char *word, u8 *mac)
{
	struct bytes b = { 0 };

	text_hex(text, word, &b);
	if (b.len != VDHCP_ETH_ALEN)
		text_die(text, "'%s' is not a MAC address", word);
	memcpy(mac, b.data, VDHCP_ETH_ALEN);
}

void bytes_add(struct bytes *b, const void *data, u32 len)
{
	if (len > sizeof(b->data) - b->len)
		abort();
	memcpy(b->data + b->len, data, len);
	b->len += len;
}

void bytes_fill(struct bytes *b, u8 byte, u32 count)
{
	while (count--)
		bytes_add(b, &byte, 1);
}

void bytes_be(struct bytes *b, u32 value, unsigned int size)
{
	u8 v[4];

	put_unaligned_be32(value, v);
	bytes_add(b, v + 4 - size, size);
}

/* Parses hex digits, two for each byte, with optional colons between bytes. */
void text_hex(const struct text *text, const char *word, struct bytes *out)
{
	const char *p = word;
	unsigned int v;

	while (*p) {
		if (!isxdigit((unsigned char)p[0]) || !isxdigit((unsigned char)p[1]) ||
		    sscanf(p, "%2x", &v) != 1)
			text_die(text, "'%s' is not hex", word);
		bytes_fill(out, (u8)v, 1);
		p += 2;
		if (*p == ':' && p[1])
			p++;
	}
}

static void add_codes(const struct text *text, const char *word, struct bytes *out)
{
	unsigned int from, to;
	char rest;

	if (sscanf(word, "%u-%u%c", &from, &to, &rest) != 2) {
		from = text_number(text, word, 10);
		to = from;
	}
	if (to > 255)
		text_die(text, "'%s' is not an option code", word);
	for (; from <= to; from++)
		bytes_fill(out, (u8)from, 1);
}

static void add_addrs(const struct text *text, const char *word, struct bytes *out)
{
	char copy[2048], *one, *save;

	snprintf(copy, sizeof(copy), "%s", word);
	for (one = strtok_r(copy, ",", &save); one; one = strtok_r(NULL, ",", &save))
		bytes_be(out, text_addr(text, one), 4);
}

/*
 * Parses the words from number @from on as a value: hex, or any number of
 *	ip A,A  text T  u8 N  u16 N  u32 N  fill HEXBYTE COUNT  list CODE ...
 */
void text_value(const struct text *text, int from, struct bytes *out)
{
	const char *w, *arg;
	int i = from;

	while (i < text->n) {
		w = text->words[i++];
		arg = i < text->n ? text->words[i] : "";
		if (!strcmp(w, "list")) {
			while (i < text->n)
				add_codes(text, text->words[i++], out);
		} else if (!strcmp(w, "ip")) {
			add_addrs(text, arg, out);
			i++;
		} else if (!strcmp(w, "text") || !strcmp(w, "string")) {
			bytes_add(out, arg, (u32)strlen(arg));
			i++;
		} else if (!strcmp(w, "u8") || !strcmp(w, "u16") || !strcmp(w, "u32")) {
			bytes_be(out, text_number(text, arg, 10),
				 (unsigned int)atoi(w + 1) / 8);
			i++;
		} else if (!strcmp(w, "fill")) {
			if (i + 1 >= text->n)
				text_die(text, "fill BYTE COUNT");
			bytes_fill(out, (u8)text_number(text, arg, 16),
				   text_number(text, text->words[i + 1], 10));
			i += 2;
		} else if (strcmp(w, "hex")) {
			text_hex(text, w, out);
		}
	}
}
