/* SPDX-License-Identifier: GPL-2.0 */
/* A file of commands, read line by line. */
#ifndef VDHCPCTL_LINES_H
#define VDHCPCTL_LINES_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct lines - a file that is read line by line
 * @fd: file
 * @buf: bytes that were read
 * @size: size of @buf
 * @start: offset in @buf of the bytes that were not taken yet
 * @end: offset of their end
 * @eof: the end of the file was read
 * @line: command that was taken last
 * @line_size: size of @line
 * @count: number of lines taken
 * @first: number of the line that the command began in
 */
struct lines {
	int fd;
	char *buf;
	size_t size;
	size_t start;
	size_t end;
	bool eof;
	char *line;
	size_t line_size;
	unsigned long count;
	unsigned long first;
};

int lines_open(struct lines *lines, const char *name);
bool lines_ready(const struct lines *lines);
int lines_read(struct lines *lines);
int lines_next(struct lines *lines);
void lines_close(struct lines *lines);
int lines_split(char **pos, char **word);

#endif /* VDHCPCTL_LINES_H */
