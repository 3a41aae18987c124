// SPDX-License-Identifier: GPL-2.0
/* vdhcpctl batch: one command a line, all of them over one connection. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "cmd.h"
#include "command.h"
#include "lines.h"

/* Suppresses the error of a line if a line before it has failed. */
static bool settle_before_error(void *arg)
{
	return !batch_settle(arg);
}

/* Runs a command; its options are for this line only. */
static int run_words(struct ctx *ctx, struct args *args)
{
	const bool json = ctx->out.json, pretty = ctx->out.pretty, stats = ctx->stats;
	const bool brief = ctx->brief;
	int err;

	err = command_run(ctx, args);
	ctx->out.json = json;
	ctx->out.pretty = pretty;
	ctx->stats = stats;
	ctx->brief = brief;
	ctx->help = false;
	return err;
}

static int run_line(struct batch *batch, char *line)
{
	/* A word takes a byte and a blank at least. */
	size_t max = strlen(line) / 2 + 1;
	struct args args = { .ctx = batch->ctx };
	char **words, *word;
	int err;

	words = calloc(max, sizeof(*words));
	if (!words)
		return fail_memory();
	args.words = words;
	do {
		err = lines_split(&line, &word);
		if (!err && word)
			words[args.count++] = word;
	} while (!err && word);
	if (!err && args.count)
		err = run_words(batch->ctx, &args);
	free(words);
	return err;
}

/* Runs the lines that were read, and reads more; returns false at the end. */
static bool run_some(struct batch *batch, struct lines *lines)
{
	int got = 0, err;

	while (!batch->stopped && (got = lines_next(lines)) > 0) {
		batch->line = lines->first;
		err = run_line(batch, lines->line);
		fflush(stdout);
		/* A line that fails after the batch was stopped did not run. */
		if (err && !batch->stopped)
			batch_fail(batch, lines->first, err);
	}
	if (batch->stopped)
		return false;
	/* Another program may wait for these lines to take effect before it writes more. */
	if (!got && !lines->eof && !lines_ready(lines) && batch_settle(batch))
		return false;
	if (got < 0 || (!lines->eof && lines_read(lines))) {
		batch_settle(batch);
		if (!batch->stopped)
			batch->status = fail_system("cannot read \"%s\": %s", batch->name,
						    strerror(errno));
		return false;
	}
	return !lines->eof || lines->start < lines->end;
}

static int run_lines(struct batch *batch, struct lines *lines)
{
	batch->ctx->batch = batch;
	fail_before(settle_before_error, batch);
	while (run_some(batch, lines))
		;
	batch_settle(batch);
	fail_before(NULL, NULL);
	batch->ctx->batch = NULL;
	return batch->status;
}

/**
 * cmd_batch() - vdhcpctl batch: run the commands in a file
 * @ctx: context; its force says to go on after an error
 * @args: name of the file, "-" is stdin
 *
 * Return: status of the first command that failed.
 */
int cmd_batch(struct ctx *ctx, struct args *args)
{
	struct lines lines = { 0 };
	struct batch batch;
	const char *name;
	int err;

	err = args_options(args);
	if (err)
		return err;
	name = args_next(args);
	if (!name)
		return fail_usage("FILE is missing, see \"vdhcpctl batch help\"");
	if (args_end(args))
		return STATUS_USAGE;
	if (ctx->batch)
		return fail_usage("a line of a batch cannot begin another batch");
	err = lines_open(&lines, name) ?: batch_open(&batch, ctx, name);
	if (err) {
		lines_close(&lines);
		return err;
	}
	err = run_lines(&batch, &lines);
	batch_close(&batch);
	lines_close(&lines);
	return err;
}
