// SPDX-License-Identifier: GPL-2.0
/* vdhcpctl stats: print counters of packets. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "prometheus.h"
#include "request.h"
#include "stats.h"

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

static void print_group_json(struct out *out, const struct stats_group *group,
			     const struct nlmsghdr *hdr)
{
	struct counter counter;
	const struct nlattr *nla;
	int rem;

	out_object_begin(out, group->plural);
	nlmsg_for_each_attr(nla, (struct nlmsghdr *)hdr, GENL_HDRLEN, rem)
		if (stats_read(group, nla, &counter))
			out_num(out, counter.name, NULL, counter.packets);
	out_object_end(out);
}

static void print_json(struct out *out, const struct nlmsghdr *hdr)
{
	uint64_t sum;
	size_t i;

	out_num(out, "received", NULL, sum_received(hdr));
	for (i = 0; i < ARRAY_SIZE(sums); i++) {
		sum = sum_counters(&stats_verdicts, sums[i].kind, hdr);
		if (sum || sums[i].kind != VDHCP_KINDS)
			out_num(out, sums[i].title, NULL, sum);
	}
	print_group_json(out, &stats_messages, hdr);
	print_group_json(out, &stats_verdicts, hdr);
	print_group_json(out, &stats_notes, hdr);
}

/* Prints a sum, and its counters below it. */
static void print_sum(struct out *out, const char *title, const struct stats_group *group,
		      enum vdhcp_kind kind, bool zeros, const struct nlmsghdr *hdr)
{
	uint64_t sum = sum_counters(group, kind, hdr);
	struct counter counter;
	const struct nlattr *nla;
	int rem;

	if (!sum && (!zeros || (group == &stats_verdicts && kind == VDHCP_KINDS)))
		return;
	out_text(out, "\n    %-24s %10" PRIu64, title, sum);
	nlmsg_for_each_attr(nla, (struct nlmsghdr *)hdr, GENL_HDRLEN, rem)
		if (stats_read(group, nla, &counter) && counter.kind == kind &&
		    (counter.packets || zeros))
			out_text(out, "\n        %-20s %10" PRIu64, counter.name, counter.packets);
}

static void print_text(struct out *out, bool zeros, const struct nlmsghdr *hdr)
{
	size_t i;

	out_text(out, "\n    %-24s %10" PRIu64, "received", sum_received(hdr));
	for (i = 0; i < ARRAY_SIZE(sums); i++)
		print_sum(out, sums[i].title, &stats_verdicts, sums[i].kind, zeros, hdr);
	print_sum(out, "DHCP messages", &stats_messages, VDHCP_KINDS, zeros, hdr);
	print_sum(out, "notes", &stats_notes, VDHCP_KINDS, zeros, hdr);
}

static int print_stats(struct nlmsghdr *hdr, void *arg)
{
	struct ctx *ctx = arg;
	struct out *out = &ctx->out;

	out_object_begin(out, NULL);
	out_text(out, "stats");
	if (attr_find(hdr, VDHCP_A_STATS_DEV))
		attrs_print(&stats_set, out, hdr);
	else
		out_text(out, " of all ports");
	if (out->json)
		print_json(out, hdr);
	else
		print_text(out, ctx->stats, hdr);
	out_object_end(out);
	return STATUS_OK;
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
	int err;

	if (take_word(args, "show") || take_word(args, "list") || take_word(args, "ls")) {
		err = args_options(args);
		if (err)
			return err;
	}
	if (take_word(args, "prometheus") || take_word(args, "--prometheus") ||
	    take_word(args, "-prometheus"))
		return prometheus_print(ctx, args);
	out_list_begin(&ctx->out);
	return out_list_end(&ctx->out, stats_query(ctx, args, print_stats, ctx));
}
