// SPDX-License-Identifier: GPL-2.0
/*
 * vdhcpctl -batch: one command a line, all of them over one connection.
 *
 * Commands that write are gathered and sent many at a time. What is read, and
 * what is said about a line, waits until the lines before it are settled. The
 * kernel takes care that nothing takes effect after a line that failed: unless
 * -force is given, the requests are a chain.
 */
#include <errno.h>
#include <linux/vdhcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "lines.h"
#include "queue.h"

/**
 * struct pending - a request whose acknowledgment is not there yet
 * @set: the object that it is for, NULL for a request without attributes
 * @hdr: the request
 * @line: the line that it comes from
 */
struct pending {
	const struct attr_set *set;
	const struct nlmsghdr *hdr;
	unsigned long line;
};

/**
 * struct batch - a file of commands
 * @ctx: context
 * @name: of the file
 * @lines: what is read of it
 * @queue: requests that were not sent yet
 * @pending: one for each request in @queue
 * @chained: the kernel knows that it has to stop after the first failure
 * @settling: the queue is being sent
 * @stopped: a line failed, there are to be no others
 * @status: of the first line that failed
 */
struct batch {
	struct ctx *ctx;
	const char *name;
	struct lines lines;
	struct queue queue;
	struct pending pending[QUEUE_COUNT];
	bool chained;
	bool settling;
	bool stopped;
	int status;
};

/* A line failed, which its error was told of already. */
static void failed(struct batch *batch, unsigned long line, int status)
{
	fprintf(stderr, "Command failed %s:%lu\n", batch->name, line);
	batch->status = batch->status ?: status;
	batch->stopped = !batch->ctx->force;
}

/* What the kernel says to one of the requests. */
static int answered(struct batch *batch, struct nlmsghdr *hdr, const struct pending *pending)
{
	struct answer answer = { 0 };
	int err;

	err = answer_read(hdr, &answer);
	if (err)
		return err;
	if (answer.err && !batch->stopped)
		failed(batch, pending->line, attrs_blame(pending->set, pending->hdr, &answer));
	else if (!answer.err && *answer.text)
		warn("vdhcp: %s", answer.text);
	return STATUS_OK;
}

static int collect(struct batch *batch)
{
	const uint32_t first = batch->pending[0].hdr->nlmsg_seq;
	struct sock *sock = &batch->ctx->kernel.sock;
	unsigned int left = batch->queue.count;
	struct nlmsghdr *hdr;
	int len, err = STATUS_OK;
	uint32_t number;

	while (left && !err) {
		len = (int)sock_receive(sock);
		if (len < 0)
			return STATUS_SYSTEM;
		for (hdr = (struct nlmsghdr *)sock->buf; nlmsg_ok(hdr, len) && !err;
		     hdr = nlmsg_next(hdr, &len)) {
			number = hdr->nlmsg_seq - first;
			if (hdr->nlmsg_type != NLMSG_ERROR || number >= batch->queue.count)
				continue;
			left--;
			err = answered(batch, hdr, &batch->pending[number]);
		}
	}
	return err;
}

/**
 * batch_settle() - wait until all lines so far have taken effect or failed
 * @batch: batch, NULL for none
 *
 * Return: a status; if it is not STATUS_OK the batch has come to its end.
 */
int batch_settle(struct batch *batch)
{
	int err;

	if (!batch || batch->settling)
		return STATUS_OK;
	if (batch->queue.count) {
		batch->settling = true;
		err = queue_send(&batch->queue) ?: collect(batch);
		batch->settling = false;
		if (err) {
			failed(batch, batch->pending[0].line, err);
			batch->stopped = true;	/* there is no connection to go on with */
		}
		queue_clear(&batch->queue);
	}
	return batch->stopped ? batch->status : STATUS_OK;
}

/* Errors of a line come after those of the lines before it, and not after the last one. */
static bool settle_first(void *arg)
{
	return !batch_settle(arg);
}

static void add(struct batch *batch, const struct attr_set *set, const struct nlmsghdr *hdr)
{
	struct pending *pending = &batch->pending[batch->queue.count];

	*pending = (struct pending){
		.set = set, .line = batch->lines.first,
		.hdr = queue_add(&batch->queue, hdr, NLM_F_ACK),
	};
}

/**
 * batch_begin() - have the kernel begin a batch, and end another one of the connection
 * @kernel: connection, on which no answer is outstanding
 * @mode: one of enum vdhcp_batch_mode
 * @generation: of the configuration that the batch is meant for, NULL for any
 * @answer: what the kernel said
 *
 * Return: a status, see kernel_talk().
 */
int batch_begin(struct kernel *kernel, uint8_t mode, const uint32_t *generation,
		struct answer *answer)
{
	struct nl_msg *msg = kernel_request(VDHCP_CMD_BATCH_BEGIN);
	int err;

	if (!msg)
		return STATUS_SYSTEM;
	/* An empty request has room for them. */
	(void)nla_put_u8(msg, VDHCP_A_BATCH_MODE, mode);
	if (generation)
		(void)nla_put_u32(msg, VDHCP_A_BATCH_GENERATION, *generation);
	err = kernel_talk(kernel, msg, NULL, NULL, answer);
	nlmsg_free(msg);
	return err;
}

/*
 * Tells the kernel to refuse everything after the first failure. Nothing is sent before it
 * has agreed, or that would take effect even if it has not.
 */
static int begin_chain(struct batch *batch)
{
	struct answer answer;
	int err;

	err = batch_begin(&batch->ctx->kernel, VDHCP_BATCH_MODE_CHAIN, NULL, &answer);
	if (!err && answer.err)
		err = attrs_refused(NULL, NULL, &answer);
	batch->chained = !err;
	return err;
}

/**
 * batch_write() - do what a line says, some time before batch_settle() returns
 * @batch: batch
 * @set: the object that the request is for, NULL for a request without attributes
 * @msg: the request, which is copied
 *
 * Return: a status.
 */
int batch_write(struct batch *batch, const struct attr_set *set, struct nl_msg *msg)
{
	int err;

	err = kernel_connect(&batch->ctx->kernel);
	/* The queue is empty then: it was before the first line, and is whenever a batch breaks. */
	if (!err && !batch->chained && !batch->ctx->force)
		err = begin_chain(batch);
	if (!err && queue_full(&batch->queue))
		err = batch_settle(batch);
	if (!err)
		add(batch, set, nlmsg_hdr(msg));
	return err;
}

/**
 * batch_is_stdin() - is stdin where the commands come from?
 * @batch: batch
 *
 * Return: true if it is.
 */
bool batch_is_stdin(const struct batch *batch)
{
	return !strcmp(batch->name, "-");
}

/**
 * batch_break() - another batch was begun on the connection
 * @batch: batch, NULL for none
 */
void batch_break(struct batch *batch)
{
	if (batch)
		batch->chained = false;
}

static int run_line(struct batch *batch, char *line)
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
		err = lines_split(&line, &word);
		if (!err && word)
			words[args.count++] = word;
	} while (!err && word);
	if (!err && args.count)
		err = command_run(batch->ctx, &args);
	free(words);
	return err;
}

/* Runs the lines that are there, and reads others; false at the end. */
static bool run_some(struct batch *batch)
{
	struct lines *lines = &batch->lines;
	int got = 0, err;

	while (!batch->stopped && (got = lines_next(lines)) > 0) {
		err = run_line(batch, lines->line);
		fflush(stdout);
		/* If it did not get its turn, an earlier line is to blame. */
		if (err && !batch->stopped)
			failed(batch, lines->first, err);
	}
	if (batch->stopped)
		return false;
	/* Nobody who waits for a command to take effect before sending the next has to wait. */
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

/**
 * batch_run() - run the commands of a file
 * @ctx: context; its force says to go on after an error
 * @name: name of the file, "-" is stdin
 *
 * Return: a status; that of the first command that failed.
 */
int batch_run(struct ctx *ctx, const char *name)
{
	struct batch batch = { .ctx = ctx, .name = name };
	int err;

	err = lines_open(&batch.lines, name) ?: queue_open(&batch.queue, &ctx->kernel);
	if (!err) {
		ctx->batch = &batch;
		fail_before(settle_first, &batch);
		while (run_some(&batch))
			;
		batch_settle(&batch);
		fail_before(NULL, NULL);
		ctx->batch = NULL;
		err = batch.status;
	}
	queue_close(&batch.queue);
	lines_close(&batch.lines);
	return err;
}
