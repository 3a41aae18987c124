// SPDX-License-Identifier: GPL-2.0
/* Output that is held back in memory until all of it was made. */
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "text.h"

/* First size of a text. */
#define SIZE_MIN 4096

static ssize_t keep_text(void *cookie, const char *data, size_t len)
{
	struct text *text = cookie;
	size_t size = text->size ?: SIZE_MIN;
	char *bigger;

	/* The text ends with a NUL. */
	while (text->len + len >= size)
		size *= 2;
	if (size != text->size) {
		bigger = realloc(text->data, size);
		if (!bigger)
			return 0;
		text->data = bigger;
		text->size = size;
	}
	memcpy(text->data + text->len, data, len);
	text->len += len;
	text->data[text->len] = '\0';
	return (ssize_t)len;
}

/**
 * text_open() - open a text as a file
 * @text: text, which what is written is appended to
 *
 * open_memstream() is not used because glibc's loses bytes without an error if there is
 * no memory.
 *
 * Return: the file, NULL if there is no memory. ferror() tells whether bytes were lost.
 */
FILE *text_open(struct text *text)
{
	return fopencookie(text, "w", (cookie_io_functions_t){ .write = keep_text });
}

/**
 * text_free() - free a text
 * @text: text
 */
void text_free(struct text *text)
{
	free(text->data);
	*text = (struct text){ 0 };
}
