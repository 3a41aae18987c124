// SPDX-License-Identifier: GPL-2.0
/*
 * A file of commands, read line by line. It is read without stdio, because stdio
 * does not say whether the next read would block.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "lines.h"

#define SIZE_MIN 65536

/* A longer command is refused, because a request holds less. */
#define COMMAND_MAX 1048576

/**
 * lines_open() - open a file
 * @lines: result, to be closed in any case
 * @name: its name, "-" is stdin
 *
 * Return: a status.
 */
int lines_open(struct lines *lines, const char *name)
{
	*lines = (struct lines){ .fd = STDIN_FILENO };
	if (strcmp(name, "-") != 0)
		lines->fd = open(name, O_RDONLY | O_CLOEXEC);
	if (lines->fd < 0)
		return fail_usage("cannot open \"%s\": %s", name, strerror(errno));
	return STATUS_OK;
}

static bool grow_buffer(char **buf, size_t *size, size_t least)
{
	size_t bigger = *size ?: SIZE_MIN;
	char *data;

	while (bigger < least)
		bigger *= 2;
	if (bigger == *size)
		return true;
	data = realloc(*buf, bigger);
	if (!data)
		return false;
	*buf = data;
	*size = bigger;
	return true;
}

/**
 * lines_ready() - check whether lines_read() would return at once
 * @lines: file
 *
 * Return: true if it would.
 */
bool lines_ready(const struct lines *lines)
{
	struct pollfd pollfd = { .fd = lines->fd, .events = POLLIN };

	return poll(&pollfd, 1, 0) != 0;
}

/**
 * lines_read() - read more of the file
 * @lines: file
 *
 * Return: 0, or -1 and errno: EFBIG if the next command is too long.
 */
int lines_read(struct lines *lines)
{
	ssize_t len;

	if (lines->start) {
		memmove(lines->buf, lines->buf + lines->start, lines->end - lines->start);
		lines->end -= lines->start;
		lines->start = 0;
	}
	if (lines->end > COMMAND_MAX) {
		errno = EFBIG;
		return -1;
	}
	if (!grow_buffer(&lines->buf, &lines->size, lines->end + SIZE_MIN / 2))
		return -1;
	do {
		len = read(lines->fd, lines->buf + lines->end, lines->size - lines->end);
	} while (len < 0 && errno == EINTR);
	if (len < 0)
		return -1;
	lines->eof = !len;
	lines->end += (size_t)len;
	return 0;
}

/*
 * Returns the length of the next command, with its line ends; 0 if its end was not
 * read yet. A backslash at the end of a line joins it with the next line.
 */
static size_t command_len(const struct lines *lines)
{
	const char *start = lines->buf + lines->start, *pos = start, *end = lines->buf + lines->end;
	const char *newline, *last;

	while (pos < end) {
		newline = memchr(pos, '\n', (size_t)(end - pos));
		if (!newline)
			break;
		last = newline - (newline > pos && newline[-1] == '\r');
		pos = newline + 1;
		if (last == start || last[-1] != '\\')
			return (size_t)(pos - start);
	}
	return lines->eof ? (size_t)(end - start) : 0;
}

/* Copies the command; a blank replaces each backslash at the end of a line. */
static void copy_command(struct lines *lines, const char *from, size_t len)
{
	const char *end = from + len, *newline;
	char *to = lines->line;
	size_t part;

	while (from < end) {
		newline = memchr(from, '\n', (size_t)(end - from));
		part = (size_t)((newline ?: end) - from);
		lines->count++;
		memcpy(to, from, part);
		from += part + !!newline;
		if (part && to[part - 1] == '\r')
			part--;
		to += part;
		if (newline && part && to[-1] == '\\')
			to[-1] = ' ';
	}
	*to = '\0';
}

/**
 * lines_next() - take the next command that was read
 * @lines: file; the command is in its line
 *
 * Return: 1 if there is a command; 0 if more has to be read, or with eof if there is
 * no further command; -1 and errno if there is no memory.
 */
int lines_next(struct lines *lines)
{
	size_t len = command_len(lines);

	if (!len)
		return 0;
	if (!grow_buffer(&lines->line, &lines->line_size, len + 1))
		return -1;
	lines->first = lines->count + 1;
	copy_command(lines, lines->buf + lines->start, len);
	lines->start += len;
	return 1;
}

/**
 * lines_close() - close a file
 * @lines: file
 */
void lines_close(struct lines *lines)
{
	free(lines->buf);
	free(lines->line);
	if (lines->fd > STDIN_FILENO)
		close(lines->fd);
}

/**
 * lines_split() - take the next word off a command, in place
 * @pos: rest of the command
 * @word: result, NULL at the end
 *
 * Blanks end a word, except between quotes of either kind. Between quotes no
 * character is special, not even a backslash.
 *
 * Return: a status.
 */
int lines_split(char **pos, char **word)
{
	char *from = *pos, *to, quote = '\0';

	from += strspn(from, " \t");
	*word = NULL;
	if (*from == '#')
		*from = '\0';
	if (!*from) {
		*pos = from;
		return STATUS_OK;
	}
	*word = to = from;
	for (; *from && (quote || (*from != ' ' && *from != '\t')); from++) {
		if (quote && *from == quote)
			quote = '\0';
		else if (!quote && (*from == '\'' || *from == '"'))
			quote = *from;
		else
			*to++ = *from;
	}
	if (quote)
		return fail_usage("the quotation mark (%c) is not closed", quote);
	*pos = *from ? from + 1 : from;
	*to = '\0';
	return STATUS_OK;
}
