// SPDX-License-Identifier: GPL-2.0
/*
 * Requests of a batch: gathered, and sent many at a time.
 *
 * Unless -force was given, the requests are a chain: the kernel refuses all
 * requests after one that failed. Before a command reads, or prints an error, the
 * requests of the lines before it are settled.
 */
#include <linux/vdhcp.h>
#include <stdio.h>

#include "batch.h"
#include "blame.h"
#include "clean.h"
#include "err.h"
#include "kernel.h"
#include "request.h"

/**
 * batch_fail() - record that a line failed, whose error was printed
 * @batch: batch
 * @line: number of the line
 * @status: its status
 */
void batch_fail(struct batch *batch, unsigned long line, int status)
{
	clean_print(stderr, "Command failed %s:%lu\n", batch->name, line);
	batch->status = batch->status ?: status;
	batch->stopped = !batch->ctx->force;
}

/* Handles the acknowledgment of one request. */
static int read_answer(struct batch *batch, struct nlmsghdr *hdr, const struct pending *pending)
{
	struct answer answer = { 0 };
	int err;

	err = answer_read(hdr, &answer);
	if (err)
		return err;
	if (answer.err && !batch->stopped)
		batch_fail(batch, pending->line, fail_request(pending->set, pending->hdr, &answer));
	else if (!answer.err && *answer.text)
		warn("vdhcp: %s", answer.text);
	return STATUS_OK;
}

static int read_answers(struct batch *batch)
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
			err = read_answer(batch, hdr, &batch->pending[number]);
		}
	}
	return err;
}

/**
 * batch_settle() - wait until all lines so far have taken effect or failed
 * @batch: batch, NULL for none
 *
 * Return: a status; anything but STATUS_OK ends the batch.
 */
int batch_settle(struct batch *batch)
{
	int err;

	if (!batch || batch->settling)
		return STATUS_OK;
	if (batch->queue.count) {
		batch->settling = true;
		err = queue_send(&batch->queue) ?: read_answers(batch);
		batch->settling = false;
		if (err) {
			batch_fail(batch, batch->pending[0].line, err);
			batch->stopped = true;	/* the connection is broken */
		}
		queue_clear(&batch->queue);
	}
	return batch->stopped ? batch->status : STATUS_OK;
}

static void add_request(struct batch *batch, const struct attr_set *set, const struct nlmsghdr *hdr)
{
	struct pending *pending = &batch->pending[batch->queue.count];

	*pending = (struct pending){
		.set = set, .line = batch->line,
		.hdr = queue_add(&batch->queue, hdr, NLM_F_ACK),
	};
}

/**
 * batch_begin() - begin a batch in the kernel
 * @kernel: connection without outstanding answers; its previous batch ends
 * @mode: one of enum vdhcp_batch_mode
 * @generation: generation of the configuration that the batch is meant for, NULL
 *              for any
 * @answer: the acknowledgment
 *
 * Return: a status, see netlink_wait().
 */
int batch_begin(struct kernel *kernel, uint8_t mode, const uint32_t *generation,
		struct answer *answer)
{
	struct nl_msg *msg = request_new(VDHCP_CMD_BATCH_BEGIN);
	int err;

	if (!msg)
		return STATUS_SYSTEM;
	/* An empty request has room for both attributes. */
	(void)nla_put_u8(msg, VDHCP_A_BATCH_MODE, mode);
	if (generation)
		(void)nla_put_u32(msg, VDHCP_A_BATCH_GENERATION, *generation);
	err = kernel_talk(kernel, msg, NULL, NULL, answer);
	request_free(msg);
	return err;
}

/*
 * Begins a chain: the kernel refuses all requests after the first failure. The
 * acknowledgment is awaited because requests that were sent before it would take
 * effect even if the kernel refused the chain.
 */
static int begin_chain(struct batch *batch)
{
	struct answer answer;
	int err;

	err = batch_begin(&batch->ctx->kernel, VDHCP_BATCH_MODE_CHAIN, NULL, &answer);
	if (!err && answer.err)
		err = fail_answer(&answer, "");
	batch->chained = !err;
	return err;
}

/**
 * batch_write() - send the request of a line, at the latest in batch_settle()
 * @batch: batch
 * @set: keys of the object, NULL for a request without attributes
 * @msg: request, which is copied
 *
 * Return: a status.
 */
int batch_write(struct batch *batch, const struct attr_set *set, struct nl_msg *msg)
{
	int err;

	err = kernel_connect(&batch->ctx->kernel);
	/* The queue is empty here: before the first line, and after batch_break(). */
	if (!err && !batch->chained && !batch->ctx->force)
		err = begin_chain(batch);
	if (!err && queue_full(&batch->queue))
		err = batch_settle(batch);
	if (!err)
		add_request(batch, set, nlmsg_hdr(msg));
	return err;
}

/**
 * batch_break() - note that another batch was begun on the connection
 * @batch: batch, NULL for none
 */
void batch_break(struct batch *batch)
{
	if (batch)
		batch->chained = false;
}

/**
 * batch_open() - begin to gather requests
 * @batch: result, to be closed in any case
 * @ctx: context; its force says to go on after an error
 * @name: name of the file for errors, "-" is stdin
 *
 * Return: a status.
 */
int batch_open(struct batch *batch, struct ctx *ctx, const char *name)
{
	*batch = (struct batch){ .ctx = ctx, .name = name };
	return queue_open(&batch->queue, &ctx->kernel);
}

/**
 * batch_close() - free all requests
 * @batch: batch, settled
 */
void batch_close(struct batch *batch)
{
	queue_close(&batch->queue);
}
