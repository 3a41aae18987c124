// SPDX-License-Identifier: GPL-2.0
/*
 * The one place that decides which bytes reach the user's terminal. Guests choose host
 * names, users choose the names of devices and files, and the kernel quotes both in its
 * texts. Control characters could take control of the terminal, and characters that
 * change the direction of writing could make one name look like another.
 */
#include <stdint.h>
#include <string.h>

#include "clean.h"
#include "err.h"

/* Longer texts are cut off. Not allocated, because "out of memory" is printed, too. */
#define TEXT_MAX 4096

/* Characters that are valid UTF-8, but not clean: first and last one of each range. */
static const uint32_t unclean[][2] = {
	{ 0x0000, 0x001f },	/* control characters of ASCII */
	{ 0x007f, 0x009f },	/* DEL, and the control characters of Latin 1 */
	{ 0x061c, 0x061c },	/* Arabic letter mark, as the next one */
	{ 0x200e, 0x200f },	/* marks of direction */
	{ 0x2028, 0x202e },	/* ends of line and of paragraph, embeddings and overrides */
	{ 0x2066, 0x2069 },	/* isolates */
	{ 0xfeff, 0xfeff },	/* byte order mark */
};

/* Returns the length of the UTF-8 character at @c, @len at most; 0 if it is invalid. */
static size_t read_utf8(const unsigned char *c, size_t len, uint32_t *value)
{
	/* By length: the lowest character that needs it. */
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t i, n;

	*value = *c;
	if (*c < 0x80)
		return 1;
	n = *c >= 0xf0 ? 4 : *c >= 0xe0 ? 3 : 2;
	if (*c < 0xc0 || *c > 0xf4 || n > len)
		return 0;
	*value = *c & (0x7fU >> n);
	for (i = 1; i < n; i++) {
		if ((c[i] & 0xc0) != 0x80)
			return 0;
		*value = *value << 6 | (c[i] & 0x3f);
	}
	if (*value < least[n] || *value > 0x10ffff || (*value >= 0xd800 && *value < 0xe000))
		return 0;
	return n;
}

/**
 * clean_check() - check whether bytes can be printed as they are
 * @text: bytes, not necessarily terminated
 * @len: number of bytes
 *
 * Return: true for UTF-8 without control characters, and without characters that change
 * the direction of writing.
 */
bool clean_check(const char *text, size_t len)
{
	const unsigned char *c = (const unsigned char *)text;
	uint32_t value;
	size_t i, n;

	for (; len; c += n, len -= n) {
		n = read_utf8(c, len, &value);
		if (!n)
			return false;
		for (i = 0; i < ARRAY_SIZE(unclean); i++)
			if (value >= unclean[i][0] && value <= unclean[i][1])
				return false;
	}
	return true;
}

/**
 * clean_text() - replace bytes that must not be printed
 * @text: text; if it is not clean, "?" replaces each byte that is not printable ASCII
 */
void clean_text(char *text)
{
	if (clean_check(text, strlen(text)))
		return;
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}

/* Cleans each line by itself, because a bad byte makes its whole line ASCII. */
static void clean_lines(char *text)
{
	char *end;

	while ((end = strchr(text, '\n'))) {
		*end = '\0';
		clean_text(text);
		*end = '\n';
		text = end + 1;
	}
	clean_text(text);
}

/**
 * clean_vprint() - print text, cleaned
 * @file: file
 * @fmt: format; if it has line ends, its arguments must have none
 * @ap: arguments
 */
void clean_vprint(FILE *file, const char *fmt, va_list ap)
{
	char text[TEXT_MAX];

	vsnprintf(text, sizeof(text), fmt, ap);
	if (strchr(fmt, '\n'))
		clean_lines(text);
	else
		clean_text(text);
	fputs(text, file);
}

/**
 * clean_print() - print text, cleaned
 * @file: file
 * @fmt: format; if it has line ends, its arguments must have none
 */
void clean_print(FILE *file, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	clean_vprint(file, fmt, ap);
	va_end(ap);
}
