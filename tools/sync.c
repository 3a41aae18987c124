// SPDX-License-Identifier: GPL-2.0
/* vdhcpctl sync: make the kernel's configuration that of a document, as a whole or not at all. */
#include <errno.h>
#include <linux/vdhcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "config.h"
#include "diff.h"
#include "info.h"
#include "queue.h"

/**
 * struct sync - a run of the command
 * @ctx: context
 * @name: of the document
 * @document: its text
 * @dry_run: change nothing
 * @check: change nothing, and tell by the exit status whether there is a difference
 * @want: the document
 * @have: the kernel's configuration
 * @diff: how they differ
 * @again: somebody else changed the configuration meanwhile
 * @lost: there was no memory for an answer
 */
struct sync {
	struct ctx *ctx;
	const char *name;
	struct document document;
	bool dry_run;
	bool check;
	struct config want;
	struct config have;
	struct diff diff;
	bool again;
	bool lost;
};

static int begin(struct sync *sync)
{
	struct answer answer;
	int err;

	batch_break(sync->ctx->batch);
	err = batch_begin(&sync->ctx->kernel, VDHCP_BATCH_MODE_ATOMIC, &sync->have.generation,
			  &answer);
	if (err || !answer.err)
		return err;
	sync->again = answer.err == EAGAIN;
	return sync->again ? STATUS_SYSTEM : attrs_refused(NULL, NULL, &answer);
}

/* The kernel refused a request, which is that of a step or else the commit. */
static int refused(struct sync *sync, size_t number, const struct answer *answer)
{
	const struct step *step = &sync->diff.steps[number];
	char label[LABEL_SIZE];
	int err;

	sync->again = answer->err == EAGAIN;
	if (sync->again)
		return STATUS_SYSTEM;
	if (number >= sync->diff.count)
		return attrs_refused(NULL, NULL, answer);
	fail_about(table_label(step->table, step->item, label));
	err = attrs_blame(&step->table->object->set, table_item(step->table, step->item), answer);
	fail_about(NULL);
	return err;
}

/**
 * read_answers() - look at a datagram with answers to the batch
 * @sync: run
 * @len: of the datagram
 * @first: sequence number of the first step
 * @done: set when the commit was acknowledged
 *
 * Steps are not acknowledged, so that the first answer is the first refusal, or
 * that of the commit.
 *
 * Return: a status.
 */
static int read_answers(struct sync *sync, ssize_t len, uint32_t first, bool *done)
{
	struct nlmsghdr *hdr = (struct nlmsghdr *)sync->ctx->kernel.sock.buf;
	struct answer answer = { 0 };
	uint32_t number;
	int left = (int)len, err;

	for (; nlmsg_ok(hdr, left); hdr = nlmsg_next(hdr, &left)) {
		number = hdr->nlmsg_seq - first;
		if (hdr->nlmsg_type != NLMSG_ERROR || number > sync->diff.count)
			continue;
		err = answer_read(hdr, &answer);
		if (err)
			return err;
		if (answer.err)
			return refused(sync, number, &answer);
		*done = number == sync->diff.count;
	}
	return STATUS_OK;
}

/* Takes the answers that are there, without waiting for others. */
static int poll_answers(struct sync *sync, uint32_t first, bool *done)
{
	int err = STATUS_OK;
	ssize_t len;

	while (!err && !*done) {
		len = sock_try_receive(&sync->ctx->kernel.sock);
		if (len < 0 && errno == EAGAIN)
			break;
		if (len < 0 && errno == ENOMEM)
			return fail_memory();
		if (len < 0 && errno != ENOBUFS)
			return fail_system("cannot receive from the kernel: %s", strerror(errno));
		/* If it is the last of many refusals that are lost, the first one is there. */
		sync->lost |= len < 0;
		if (len > 0)
			err = read_answers(sync, len, first, done);
	}
	return err;
}

static int wait_answer(struct sync *sync, uint32_t first)
{
	bool done = false;
	ssize_t len;
	int err;

	err = poll_answers(sync, first, &done);
	while (!err && !done) {
		/* Of one it was the commit's, and nobody says that again. */
		if (sync->lost)
			return fail_system("cannot receive from the kernel: %s", strerror(ENOBUFS));
		len = sock_receive(&sync->ctx->kernel.sock);
		err = len < 0 ? STATUS_SYSTEM : read_answers(sync, len, first, &done);
	}
	return err;
}

static int send_steps(struct sync *sync, struct queue *queue, struct nl_msg *scratch)
{
	const uint32_t first = sync->ctx->kernel.seq + 1;
	int err = STATUS_OK;
	bool done = false;
	size_t i;

	for (i = 0; i < sync->diff.count && !err; i++) {
		queue_add(queue, diff_request(&sync->diff.steps[i], scratch), 0);
		if (!queue_full(queue))
			continue;
		err = queue_send(queue) ?: poll_answers(sync, first, &done);
		queue_clear(queue);
	}
	if (err)
		return err;
	request_reset(scratch);
	genlmsg_hdr(nlmsg_hdr(scratch))->cmd = VDHCP_CMD_BATCH_COMMIT;
	/* An empty request has room for them. */
	(void)nla_put_u32(scratch, VDHCP_A_BATCH_REQUESTS, (uint32_t)sync->diff.count);
	(void)nla_put(scratch, VDHCP_A_BATCH_DIGEST, sizeof(sync->document.digest),
		      sync->document.digest);
	queue_add(queue, nlmsg_hdr(scratch), NLM_F_ACK);
	return queue_send(queue) ?: wait_answer(sync, first);
}

/* Nothing has taken effect if this fails; sync->again says whether to try again. */
static int apply(struct sync *sync)
{
	struct nl_msg *scratch;
	struct queue queue;
	int err;

	scratch = kernel_request(VDHCP_CMD_BATCH_COMMIT);
	if (!scratch)
		return STATUS_SYSTEM;
	err = queue_open(&queue, &sync->ctx->kernel);
	if (!err)
		err = begin(sync) ?: send_steps(sync, &queue, scratch);
	queue_close(&queue);
	nlmsg_free(scratch);
	/* What was begun ends with the connection, and does not take in what comes next. */
	if (err)
		kernel_close(&sync->ctx->kernel);
	return err;
}

static int attempt(struct sync *sync)
{
	int err;

	sync->again = false;
	sync->lost = false;
	err = config_read(sync->ctx, &sync->have);
	if (err)
		return err;
	table_sort(&sync->have.subnets);
	table_sort(&sync->have.ports);
	err = diff_make(&sync->diff, &sync->want, &sync->have);
	if (err || !sync->diff.count || sync->dry_run || sync->check)
		return err;
	return apply(sync);
}

/*
 * The text is the one of the last sync, and nothing has changed since: there is
 * no need to look at either.
 */
static bool is_known(struct sync *sync, const struct info *info)
{
	if (!info->has_digest ||
	    memcmp(info->digest, sync->document.digest, sizeof(info->digest)) != 0)
		return false;
	sync->diff.subnets[DIFF_UNCHANGED] = info->subnets;
	sync->diff.ports[DIFF_UNCHANGED] = info->ports;
	return true;
}

static int compare(struct sync *sync)
{
	int tries = 0, err;

	err = config_load(&sync->want, &sync->document);
	if (err)
		return err;
	do {
		err = attempt(sync);
	} while (err && sync->again && ++tries < CONFIG_ATTEMPTS);
	if (err && sync->again)
		return fail_system("somebody else changes the configuration all the time, "
				   "nothing was done in %d attempts", tries);
	return err;
}

static int run(struct sync *sync)
{
	struct info info;
	int err;

	err = document_read(&sync->document, sync->name) ?: info_get(&sync->ctx->kernel, &info);
	if (!err && !is_known(sync, &info))
		err = compare(sync);
	if (err)
		return err;
	err = diff_print(&sync->diff, &sync->ctx->out, sync->ctx->stats);
	return err ?: sync->check && sync->diff.count ? STATUS_DIFFERENT : STATUS_OK;
}

static int parse(struct sync *sync, struct args *args)
{
	const char *word, *option;

	while ((word = args_next(args))) {
		option = word + strspn(word, "-");
		if (!strcmp(option, "dry-run")) {
			sync->dry_run = true;
			continue;
		}
		if (!strcmp(option, "check")) {
			sync->check = true;
			continue;
		}
		if (*word == '-' && *option)
			return fail_usage("option \"%s\" is unknown, see \"vdhcpctl sync help\"",
					  word);
		if (sync->name)
			return fail_usage("\"%s\" is one word too many", word);
		sync->name = word;
	}
	if (!sync->name)
		return fail_usage("FILE is missing, \"vdhcpctl sync help\" tells more");
	if (!strcmp(sync->name, "-") && sync->ctx->batch && batch_is_stdin(sync->ctx->batch))
		return fail_usage("stdin holds the batch, it cannot be the document, too");
	return STATUS_OK;
}

/**
 * sync_run() - vdhcpctl sync
 * @ctx: context
 * @args: the words after it
 *
 * Return: a status.
 */
int sync_run(struct ctx *ctx, struct args *args)
{
	struct sync sync = { .ctx = ctx };
	int err;

	err = parse(&sync, args);
	if (err)
		return err;
	config_init(&sync.want);
	config_init(&sync.have);
	err = run(&sync);
	diff_free(&sync.diff);
	document_free(&sync.document);
	config_free(&sync.have);
	config_free(&sync.want);
	return err;
}
