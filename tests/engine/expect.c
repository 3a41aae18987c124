// SPDX-License-Identifier: GPL-2.0
/* Checks a reply against the lines under "expect". */
#include <stdarg.h>
#include <stdlib.h>
#include "oracle.h"
#include "vector.h"

static char said[512];

static const char *format_error(const char *fmt, ...) __attribute__((__format__(printf, 1, 2)));

static const char *format_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(said, sizeof(said), fmt, ap);
	va_end(ap);
	return said;
}

/* "eth dst M", "addr yiaddr A ...": looks for the same words in the printed reply. */
static const char *check_fields(const struct expectation *e, const u8 *reply, u32 len)
{
	char *text = NULL, *line, *save, *word;
	const char *ret = NULL;
	char joined[1024];
	size_t size = 0;
	FILE *f;
	int w;

	f = open_memstream(&text, &size);
	frame_text_print(f, reply, len);
	fclose(f);
	/* Joins the lines of a group. */
	for (line = text; (line = strstr(line, "\\\n")); )
		memset(line, ' ', 2);
	joined[0] = 0;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		line += strspn(line, " ");
		w = (int)strlen(e->words[0]);
		if (strncmp(line, e->words[0], (size_t)w) || line[w] != ' ')
			continue;
		snprintf(joined, sizeof(joined), "%s ", line + w);
		break;
	}
	for (w = 1; w + 1 < e->n && !ret; w += 2) {
		char pair[256];

		snprintf(pair, sizeof(pair), " %s %s ", e->words[w], e->words[w + 1]);
		word = strstr(joined, pair);
		if (!word)
			ret = format_error("no '%s %s %s'", e->words[0], e->words[w],
					   e->words[w + 1]);
	}
	free(text);
	return ret;
}

/* Parses the value in the words from number 3 on. */
static void parse_expected(const struct expectation *e, const struct text *where, struct bytes *out)
{
	struct text *text = malloc(sizeof(*text));
	int i;

	if (!text)
		abort();
	memset(text, 0, sizeof(*text));
	text->path = where->path;
	text->line = e->line;
	text->n = e->n;
	for (i = 0; i < e->n; i++)
		text->words[i] = e->words[i];
	text_value(text, 3, out);
	free(text);
}

static int index_of(const struct oracle_message *m, u32 code)
{
	u32 i;

	for (i = 0; i < m->n; i++)
		if (m->options[i].code == code)
			return (int)i;
	return -1;
}

const char *expect_check(const struct expectation *e, const struct text *where,
			 const u8 *reply, u32 len)
{
	static const char *const groups[] = { "eth", "ip", "udp", "bootp", "addr", "arp" };
	static struct oracle_message m;
	struct bytes want = { 0 }, got = { 0 };
	const char *word = e->words[0], *bad;
	const char *arg = e->n > 1 ? e->words[1] : "";
	u32 number = (u32)atoi(arg);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(groups); i++)
		if (!strcmp(groups[i], word))
			return check_fields(e, reply, len);
	bad = oracle_reply(reply, len, &m);
	if (bad)
		return bad;
	if (!strcmp(word, "has")) {
		if (!oracle_value(&m, (u8)number, &got))
			return format_error("no option %u", number);
		if (e->n == 2)
			return NULL;
		parse_expected(e, where, &want);
		if (want.len != got.len || memcmp(want.data, got.data, got.len))
			return format_error("option %u has another value", number);
	} else if (!strcmp(word, "lacks")) {
		for (i = 1; i < (unsigned int)e->n; i++)
			if (oracle_pieces(&m, (u8)atoi(e->words[i])))
				return format_error("there is an option %s", e->words[i]);
	} else if (!strcmp(word, "max-size")) {
		if (m.len > number)
			return format_error("the message has %u bytes", m.len);
	} else if (!strcmp(word, "size")) {
		if (m.len != number)
			return format_error("the message has %u bytes", m.len);
	} else if (!strcmp(word, "pieces") && e->n == 3) {
		if (oracle_pieces(&m, (u8)number) != (u32)atoi(e->words[2]))
			return format_error("option %u has %u pieces", number,
				     oracle_pieces(&m, (u8)number));
	} else if (!strcmp(word, "order")) {
		for (i = 2; i < (unsigned int)e->n; i++)
			if (index_of(&m, (u32)atoi(e->words[i - 1])) < 0 ||
			    index_of(&m, (u32)atoi(e->words[i - 1])) >=
			    index_of(&m, (u32)atoi(e->words[i])))
				return format_error("option %s is not before %s", e->words[i - 1],
					     e->words[i]);
	} else {
		return format_error("'%s' is no expectation", word);
	}
	return NULL;
}
