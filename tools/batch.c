// SPDX-License-Identifier: GPL-2.0
/* vdhcpctl -batch: one command a line, all of them over one connection. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"

/**
 * struct batch - a file of commands
 * @file: open for reading
 * @line: the command that was read last, without its line ends
 * @size: of @line
 * @read: number of lines read
 * @start: number of the line that the command began in
 */
struct batch {
	FILE *file;
	char *line;
	size_t size;
	unsigned long read;
	unsigned long start;
};

/* Adds the next line to what is there; 1: done, 0: end of the file, -1: error. */
static int add_line(struct batch *batch, size_t *len)
{
	char *next = NULL, *line;
	size_t next_size = 0;
	ssize_t next_len;

	errno = 0;
	next_len = getline(&next, &next_size, batch->file);
	if (next_len < 0) {
		free(next);
		return ferror(batch->file) || errno == ENOMEM ? -1 : 0;
	}
	batch->read++;
	if (next_len && next[next_len - 1] == '\n')
		next[--next_len] = '\0';
	if (next_len && next[next_len - 1] == '\r')
		next[--next_len] = '\0';
	line = realloc(batch->line, *len + (size_t)next_len + 1);
	if (line) {
		memcpy(line + *len, next, (size_t)next_len + 1);
		batch->line = line;
		*len += (size_t)next_len;
	}
	free(next);
	return line ? 1 : -1;
}

/* The next command; a backslash at the end of a line puts the next line behind it. */
static int read_command(struct batch *batch)
{
	size_t len = 0;
	int got;

	batch->start = batch->read + 1;
	while ((got = add_line(batch, &len)) > 0) {
		if (!len || batch->line[len - 1] != '\\')
			return 1;
		batch->line[len - 1] = ' ';
	}
	return got < 0 ? got : len > 0;
}

/*
 * Takes the next word off a line, in place: blanks end it, except between
 * quotes of either kind; nothing is special between quotes, not even "\".
 */
static int split_word(char **pos, char **word)
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
		return fail_usage("a quotation mark (%c) is not closed", quote);
	*pos = *from ? from + 1 : from;
	*to = '\0';
	return STATUS_OK;
}

static int run_line(struct ctx *ctx, char *line)
{
	/* A word takes a byte and a blank at least. */
	size_t max = strlen(line) / 2 + 1;
	struct args args = { 0 };
	char **words, *word;
	int err;

	words = calloc(max, sizeof(*words));
	if (!words)
		return fail_memory();
	args.words = words;
	do {
		err = split_word(&line, &word);
		if (!err && word)
			words[args.count++] = word;
	} while (!err && word);
	if (!err && args.count)
		err = command_run(ctx, &args);
	free(words);
	return err;
}

/**
 * batch_run() - run the commands of a file
 * @ctx: context; its force says to go on after an error
 * @name: name of the file, "-" is stdin
 *
 * Return: a status; that of the first command that failed.
 */
int batch_run(struct ctx *ctx, const char *name)
{
	struct batch batch = { .file = stdin };
	int err, got, first = STATUS_OK;

	if (strcmp(name, "-") != 0)
		batch.file = fopen(name, "re");
	if (!batch.file)
		return fail_usage("cannot open \"%s\": %s", name, strerror(errno));
	while ((got = read_command(&batch)) > 0) {
		err = run_line(ctx, batch.line);
		fflush(stdout);
		if (!err)
			continue;
		fprintf(stderr, "Command failed %s:%lu\n", name, batch.start);
		first = first ?: err;
		if (!ctx->force)
			break;
	}
	if (got < 0)
		first = fail_system("cannot read \"%s\": %s", name, strerror(errno));
	free(batch.line);
	if (batch.file != stdin)
		fclose(batch.file);
	return first;
}
