// SPDX-License-Identifier: GPL-2.0
/* vdhcpctl sync: make the kernel's configuration equal to a document, as a whole or not at all. */
#include <errno.h>
#include <linux/vdhcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "blame.h"
#include "cmd.h"
#include "diff.h"
#include "document.h"
#include "info.h"
#include "kernel.h"
#include "queue.h"
#include "request.h"
#include "warnings.h"

/* Of fewer ports, all may be removed without --max-remove. */
#define REMOVE_FREELY 20

/**
 * struct sync - a run of the command
 * @ctx: context
 * @name: name of the document
 * @document: text of the document
 * @dry_run: change nothing
 * @check: change nothing, and exit with STATUS_DIFFERENT if there is a difference
 * @strict: refuse a document with warnings
 * @max_remove: most ports that may be removed, as the user wrote it; NULL if not given
 * @want: configuration of the document
 * @have: configuration of the kernel
 * @diff: their differences
 * @again: another program changed the configuration meanwhile
 * @lost: acknowledgments were lost, because the receive buffer was full
 */
struct sync {
	struct ctx *ctx;
	const char *name;
	struct document document;
	bool dry_run;
	bool check;
	bool strict;
	const char *max_remove;
	struct config want;
	struct config have;
	struct diff diff;
	bool again;
	bool lost;
};

static int begin_batch(struct sync *sync)
{
	struct answer answer;
	int err;

	batch_break(sync->ctx->batch);
	err = batch_begin(&sync->ctx->kernel, VDHCP_BATCH_MODE_ATOMIC, &sync->have.generation,
			  &answer);
	if (err || !answer.err)
		return err;
	sync->again = answer.err == EAGAIN;
	return sync->again ? STATUS_SYSTEM : fail_answer(&answer, "");
}

/* Prints why the kernel refused a step, or after the last step the commit. */
static int fail_step(struct sync *sync, size_t number, const struct answer *answer)
{
	const struct step *step = &sync->diff.steps[number];
	char label[LABEL_SIZE];
	int err;

	sync->again = answer->err == EAGAIN;
	if (sync->again)
		return STATUS_SYSTEM;
	if (number >= sync->diff.count)
		return fail_answer(answer, "");
	fail_about(table_label(step->table, step->item, label));
	err = fail_request(&step->table->object->set, table_item(step->table, step->item), answer);
	fail_about(NULL);
	return err;
}

/**
 * read_answers() - read the answers in a datagram
 * @sync: run
 * @len: length of the datagram
 * @first: sequence number of the first step
 * @done: set when the commit was acknowledged
 *
 * The kernel does not acknowledge steps, so the first answer is the first refusal,
 * or the acknowledgment of the commit.
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
			return fail_step(sync, number, &answer);
		*done = number == sync->diff.count;
	}
	return STATUS_OK;
}

/* Reads the answers that have arrived, without waiting for more. */
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
		/* Of many refusals the last ones are lost, and the first one is kept. */
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
		/* The lost answer was that of the commit, and the kernel does not repeat it. */
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
	request_reset(scratch, VDHCP_CMD_BATCH_COMMIT);
	/* An empty request has room for both attributes. */
	(void)nla_put_u32(scratch, VDHCP_A_BATCH_REQUESTS, (uint32_t)sync->diff.count);
	(void)nla_put(scratch, VDHCP_A_BATCH_DIGEST, sizeof(sync->document.digest),
		      sync->document.digest);
	queue_add(queue, nlmsg_hdr(scratch), NLM_F_ACK);
	return queue_send(queue) ?: wait_answer(sync, first);
}

/* Nothing has taken effect if this fails; sync->again says whether to try again. */
static int apply_diff(struct sync *sync)
{
	struct nl_msg *scratch;
	struct queue queue;
	int err;

	scratch = request_new(VDHCP_CMD_BATCH_COMMIT);
	if (!scratch)
		return STATUS_SYSTEM;
	err = queue_open(&queue, &sync->ctx->kernel);
	if (!err)
		err = begin_batch(sync) ?: send_steps(sync, &queue, scratch);
	queue_close(&queue);
	request_free(scratch);
	/* The batch ends with the connection; without that it would include the next requests. */
	if (err)
		kernel_close(&sync->ctx->kernel);
	return err;
}

/*
 * Refuses to remove more ports than allowed. A document that lacks most of a host's ports
 * is more often the work of a broken agent than intended.
 */
static int check_removals(const struct sync *sync)
{
	size_t removed = sync->diff.ports[DIFF_REMOVED], all = sync->have.ports.count;
	const char *limit = sync->max_remove;
	size_t number = limit ? strtoul(limit, NULL, 10) : 50;

	if (!limit && all < REMOVE_FREELY)
		return STATUS_OK;
	if (!limit || strchr(limit, '%') ? removed * 100 <= number * all : removed <= number)
		return STATUS_OK;
	return fail_usage("the document lacks %zu of %zu ports, nothing was changed: allowed are "
			  "%s; \"--max-remove %zu\" removes them", removed, all,
			  limit ?: "50%", removed);
}

static int try_once(struct sync *sync)
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
	return check_removals(sync) ?: apply_diff(sync);
}

/*
 * True if the kernel's configuration comes from the same text and was not changed
 * since; then neither has to be read.
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

static int compare_and_apply(struct sync *sync)
{
	int tries = 0, err;

	do {
		err = try_once(sync);
	} while (err && sync->again && ++tries < CONFIG_ATTEMPTS);
	if (err && sync->again)
		return fail_system("gave up after %d attempts, because another program keeps "
				   "changing the configuration; nothing was changed", tries);
	return err;
}

/* An error of the connection is not an error of the document, which was checked before. */
static int connect_after_check(struct sync *sync)
{
	char text[160];
	int err;

	snprintf(text, sizeof(text), "\"%.64s\" is valid (subnets: %zu, ports: %zu), but cannot be "
		 "compared", sync->name, sync->want.subnets.count, sync->want.ports.count);
	fail_about(text);
	err = kernel_connect(&sync->ctx->kernel);
	fail_about(NULL);
	return err;
}

/* Parses the document, and prints what is more often a mistake than not. */
static int parse_document(struct sync *sync)
{
	struct warnings warnings = { 0 };
	size_t i;
	int err;

	err = document_parse(&sync->document, &sync->want);
	for (i = 0; i < sync->want.subnets.count && !err; i++)
		warnings_check_subnet(&warnings, table_item(&sync->want.subnets, i));
	for (i = 0; i < sync->want.ports.count && !err; i++)
		err = warnings_add_port(&warnings, table_item(&sync->want.ports, i));
	if (!err)
		warnings_check_ports(&warnings);
	warnings_end(&warnings);
	if (err || !sync->strict || !warnings.found)
		return err;
	return fail_usage("\"%s\" has %zu warning%s, which --strict refuses; nothing was changed",
			  sync->name, warnings.found, warnings.found == 1 ? "" : "s");
}

/* A dry run parses the document first, so that a mistake is found without the module. */
static int run_sync(struct sync *sync)
{
	bool parsed = sync->dry_run || sync->strict;
	struct info info;
	int err;

	err = document_read(&sync->document, sync->name);
	if (!err && parsed)
		err = parse_document(sync) ?: connect_after_check(sync);
	err = err ?: kernel_connect(&sync->ctx->kernel) ?: info_get(&sync->ctx->kernel, &info);
	if (!err && !is_known(sync, &info)) {
		if (!parsed)
			err = parse_document(sync);
		err = err ?: compare_and_apply(sync);
	}
	if (err)
		return err;
	err = diff_print(&sync->diff, &sync->ctx->out, sync->ctx->stats);
	return err ?: sync->check && sync->diff.count ? STATUS_DIFFERENT : STATUS_OK;
}

/* Reads N or N%. */
static int parse_limit(struct sync *sync, const char *word)
{
	size_t digits = word ? strspn(word, "0123456789") : 0;

	if (!word)
		return fail_usage("\"--max-remove\" needs a value: N or N%%");
	if (!digits || digits > 9 || (strcmp(word + digits, "%") != 0 && word[digits]))
		return fail_usage("\"%s\" is not a number of ports, such as 10 or 10%% "
				  "(--max-remove)", word);
	sync->max_remove = word;
	return STATUS_OK;
}

static int parse_words(struct sync *sync, struct args *args)
{
	const char *word, *option;
	int err;

	while (!(err = args_options(args)) && (word = args_next(args))) {
		option = word + strspn(word, "-");
		if (!strcmp(option, "dry-run")) {
			sync->dry_run = true;
			continue;
		}
		if (!strcmp(option, "check")) {
			sync->check = true;
			continue;
		}
		if (!strcmp(option, "strict")) {
			sync->strict = true;
			continue;
		}
		if (!strcmp(option, "max-remove")) {
			err = parse_limit(sync, args_next(args));
			if (err)
				return err;
			continue;
		}
		if (*word == '-' && *option && !args->ended)
			return fail_option(word);
		if (sync->name)
			return fail_usage("unexpected argument \"%s\"", word);
		sync->name = word;
	}
	if (err)
		return err;
	if (!sync->name)
		return fail_usage("FILE is missing, see \"vdhcpctl sync help\"");
	if (!strcmp(sync->name, "-") && sync->ctx->batch && !strcmp(sync->ctx->batch->name, "-"))
		return fail_usage("\"-\" cannot be used for sync: stdin is the batch file");
	return STATUS_OK;
}

/**
 * cmd_sync() - vdhcpctl sync
 * @ctx: context
 * @args: words after it
 *
 * Return: a status.
 */
int cmd_sync(struct ctx *ctx, struct args *args)
{
	struct sync sync = { .ctx = ctx };
	int err;

	err = parse_words(&sync, args);
	if (err)
		return err;
	config_init(&sync.want);
	config_init(&sync.have);
	err = run_sync(&sync);
	diff_free(&sync.diff);
	document_free(&sync.document);
	config_free(&sync.have);
	config_free(&sync.want);
	return err;
}
