/* SPDX-License-Identifier: GPL-2.0 */
/* Words, numbers and byte strings of the vector files. */
#ifndef VDHCP_TESTS_TEXT_H
#define VDHCP_TESTS_TEXT_H

#include <stdio.h>
#include <engine.h>

#define TEXT_WORDS_MAX	4096

/**
 * struct text - a file that is read line by line
 * @path: path for messages
 * @file: the file, open for reading
 * @line: number of the line
 * @n: number of words
 * @words: words of the line, without a comment after '#'
 * @raw: the line
 * @again: text_next() is to return the same line once more
 */
struct text {
	const char *path;
	FILE *file;
	int line;
	int n;
	char *words[TEXT_WORDS_MAX];
	char *raw;
	bool again;
};

/**
 * struct bytes - a byte string
 * @len: bytes used in @data
 * @data: the bytes
 */
struct bytes {
	u32 len;
	u8 data[8192];
};

void text_die(const struct text *text, const char *fmt, ...)
	__attribute__((__noreturn__, __format__(printf, 2, 3)));
void text_open(struct text *text, const char *path);
bool text_next(struct text *text);
void text_close(struct text *text);

u32 text_number(const struct text *text, const char *word, int base);
u32 text_addr(const struct text *text, const char *word);
void text_mac(const struct text *text, const char *word, u8 *mac);
void text_hex(const struct text *text, const char *word, struct bytes *out);
void text_value(const struct text *text, int from, struct bytes *out);

void bytes_add(struct bytes *b, const void *data, u32 len);
void bytes_fill(struct bytes *b, u8 byte, u32 count);
void bytes_be(struct bytes *b, u32 value, unsigned int size);

#endif /* VDHCP_TESTS_TEXT_H */
