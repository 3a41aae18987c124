// SPDX-License-Identifier: GPL-2.0
/* vdhcpctl stats: print counters of packets. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "messages.h"
#include "prometheus.h"
#include "request.h"
#include "stats.h"
#include "value.h"

/* Titles of the sums, which are also their keys in JSON. */
static const struct {
	const char *title;
	enum vdhcp_kind kind;
} sums[] = {
	{ "answered", VDHCP_KIND_REPLY },
	{ "unanswered", VDHCP_KIND_CONSUMED },
	{ "dropped", VDHCP_KIND_DROP },
	{ "passed", VDHCP_KIND_PASS },
	{ "unknown", VDHCP_KINDS },	/* verdicts of a newer module */
};

/**
 * struct run - a run of the command
 * @ctx: context
 * @all: the counters of each port are printed
 * @seconds: how long to count before printing packets per second; 0 prints the counters
 */
struct run {
	struct ctx *ctx;
	bool all;
	uint32_t seconds;
};

static uint64_t sum_counters(const struct stats_group *group, enum vdhcp_kind kind,
			     const struct nlmsghdr *hdr)
{
	struct counter counter;
	const struct nlattr *nla;
	uint64_t sum = 0;
	int rem;

	nlmsg_for_each_attr(nla, (struct nlmsghdr *)hdr, GENL_HDRLEN, rem)
		if (stats_read(group, nla, &counter) && counter.kind == kind)
			sum += counter.packets;
	return sum;
}

/* Every packet has one verdict, so the sums of all kinds are the packets received. */
static uint64_t sum_received(const struct nlmsghdr *hdr)
{
	uint64_t received = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sums); i++)
		received += sum_counters(&stats_verdicts, sums[i].kind, hdr);
	return received;
}

/* Prints a number of packets in JSON, or with @seconds the packets per second. */
static void print_json_number(struct out *out, const char *key, uint64_t packets,
			      uint32_t seconds)
{
	if (seconds)
		out_real(out, key, (double)packets / seconds);
	else
		out_num(out, key, NULL, packets);
}

static void print_group_json(struct out *out, const struct stats_group *group,
			     uint32_t seconds, const struct nlmsghdr *hdr)
{
	struct counter counter;
	const struct nlattr *nla;
	int rem;

	out_object_begin(out, group->plural);
	nlmsg_for_each_attr(nla, (struct nlmsghdr *)hdr, GENL_HDRLEN, rem)
		if (stats_read(group, nla, &counter))
			print_json_number(out, counter.name, counter.packets, seconds);
	out_object_end(out);
}

static void print_json(struct out *out, uint32_t seconds, const struct nlmsghdr *hdr)
{
	uint64_t sum;
	size_t i;

	print_json_number(out, "received", sum_received(hdr), seconds);
	for (i = 0; i < ARRAY_SIZE(sums); i++) {
		sum = sum_counters(&stats_verdicts, sums[i].kind, hdr);
		if (sum || sums[i].kind != VDHCP_KINDS)
			print_json_number(out, sums[i].title, sum, seconds);
	}
	print_group_json(out, &stats_messages, seconds, hdr);
	print_group_json(out, &stats_verdicts, seconds, hdr);
	print_group_json(out, &stats_notes, seconds, hdr);
}

/* Prints a number of packets in text, or with @seconds the packets per second. */
static void print_number(struct out *out, int indent, const char *title, uint64_t packets,
			 uint32_t seconds)
{
	out_text(out, "\n%*s%-*s ", indent, "", 28 - indent, title);
	if (seconds)
		out_text(out, "%10.1f", (double)packets / seconds);
	else
		out_text(out, "%10" PRIu64, packets);
}

/* Prints a sum, and its counters below it. */
static void print_sum(const struct run *run, const char *title, const struct stats_group *group,
		      enum vdhcp_kind kind, const struct nlmsghdr *hdr)
{
	uint64_t sum = sum_counters(group, kind, hdr);
	bool zeros = run->ctx->stats;
	struct counter counter;
	const struct nlattr *nla;
	int rem;

	if (!sum && (!zeros || (group == &stats_verdicts && kind == VDHCP_KINDS)))
		return;
	print_number(&run->ctx->out, 4, title, sum, run->seconds);
	nlmsg_for_each_attr(nla, (struct nlmsghdr *)hdr, GENL_HDRLEN, rem)
		if (stats_read(group, nla, &counter) && counter.kind == kind &&
		    (counter.packets || zeros))
			print_number(&run->ctx->out, 8, counter.name, counter.packets,
				     run->seconds);
}

static void print_text(const struct run *run, const struct nlmsghdr *hdr)
{
	size_t i;

	print_number(&run->ctx->out, 4, "received", sum_received(hdr), run->seconds);
	for (i = 0; i < ARRAY_SIZE(sums); i++)
		print_sum(run, sums[i].title, &stats_verdicts, sums[i].kind, hdr);
	print_sum(run, "DHCP messages", &stats_messages, VDHCP_KINDS, hdr);
	print_sum(run, "notes", &stats_notes, VDHCP_KINDS, hdr);
}

/* In a list of all ports, those without packets would hide the others. */
static bool is_left_out(const struct run *run, const struct nlmsghdr *hdr)
{
	return run->all && !run->ctx->out.json && !run->ctx->stats && !sum_received(hdr);
}

static int print_stats(struct nlmsghdr *hdr, void *arg)
{
	const struct run *run = arg;
	struct out *out = &run->ctx->out;

	if (is_left_out(run, hdr))
		return STATUS_OK;
	out_object_begin(out, NULL);
	out_text(out, "stats");
	if (attr_find(hdr, VDHCP_A_STATS_DEV))
		attrs_print(&stats_set, out, hdr);
	else
		out_text(out, " of all ports");
	if (run->seconds)
		out_text(out, ", packets per second in the last %" PRIu32 " s", run->seconds);
	if (out->json)
		print_json(out, run->seconds, hdr);
	else
		print_text(run, hdr);
	out_object_end(out);
	return STATUS_OK;
}

/* Does the port of one reply stand before, at or after that of another? */
static int compare_ports(const struct nlmsghdr *a, const struct nlmsghdr *b)
{
	const struct nlattr *x = attr_find(a, VDHCP_A_STATS_DEV);
	const struct nlattr *y = attr_find(b, VDHCP_A_STATS_DEV);
	int diff = x && y ? strcmp(attr_text(x), attr_text(y)) : !!x - !!y;

	x = attr_find(a, VDHCP_A_STATS_VLAN);
	y = attr_find(b, VDHCP_A_STATS_VLAN);
	return diff ?: (x ? nla_get_u16(x) : 0) - (y ? nla_get_u16(y) : 0);
}

/* Prints what was counted between two queries, whose ports are in the same order. */
static int print_rates(const struct run *run, const struct messages *before,
		       const struct messages *after)
{
	struct nlmsghdr *old = messages_next(before, NULL), *hdr = NULL;
	int err = STATUS_OK;

	while (!err && (hdr = messages_next(after, hdr))) {
		while (old && compare_ports(old, hdr) < 0)
			old = messages_next(before, old);
		/* A port that was added meanwhile has no rate yet. */
		if (!old || compare_ports(old, hdr))
			continue;
		stats_subtract(hdr, old);
		err = print_stats(hdr, (void *)run);
	}
	return err;
}

static int run_rates(const struct run *run, struct args *args)
{
	struct messages before = { 0 }, after = { 0 };
	struct args again = *args;
	int err;

	err = stats_query(run->ctx, args, messages_add, &before);
	if (!err) {
		sleep(run->seconds);
		err = stats_query(run->ctx, &again, messages_add, &after) ?:
		      print_rates(run, &before, &after);
	}
	messages_free(&before);
	messages_free(&after);
	return err;
}

static bool take_word(struct args *args, const char *name)
{
	const char *word = args_peek(args);

	if (!word || strcmp(word, name) != 0)
		return false;
	args_next(args);
	return true;
}

/**
 * cmd_stats() - vdhcpctl stats
 * @ctx: context
 * @args: words after it; they cannot be abbreviated, because a word may be the
 *        name of a device ("all" cannot be one)
 *
 * Return: a status.
 */
int cmd_stats(struct ctx *ctx, struct args *args)
{
	struct run run = { .ctx = ctx };
	int err;

	if (take_word(args, "show") || take_word(args, "list") || take_word(args, "ls")) {
		err = args_options(args);
		if (err)
			return err;
	}
	if (take_word(args, "prometheus") || take_word(args, "--prometheus") ||
	    take_word(args, "-prometheus"))
		return prometheus_print(ctx, args);
	if (take_word(args, "-w")) {
		if (!args_peek(args))
			return fail_usage("\"-w\" needs a value: SECONDS");
		err = read_seconds("-w", args_next(args), 1, 86400, &run.seconds) ?:
		      args_options(args);
		if (err)
			return err;
	}
	if (take_word(args, "-reset") || take_word(args, "--reset") ||
	    take_word(args, "reset"))
		return stats_reset(ctx, args);
	run.all = args_peek(args) && !strcmp(args_peek(args), "all");
	out_list_begin(&ctx->out);
	err = run.seconds ? run_rates(&run, args) : stats_query(ctx, args, print_stats, &run);
	return out_list_end(&ctx->out, err);
}
