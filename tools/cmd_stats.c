// SPDX-License-Identifier: GPL-2.0
/* vdhcpctl stats: print counters of packets. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "prometheus.h"
#include "request.h"
#include "stats.h"

static void print_json(struct out *out, const struct stats_group *group, const struct nlmsghdr *hdr)
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

/* The sum, and below it what it is made of. */
static bool print_text(struct out *out, const char *title, const struct stats_group *group,
		       enum vdhcp_kind kind, bool zeros, const struct nlmsghdr *hdr)
{
	struct counter counter;
	const struct nlattr *nla;
	bool any = false;
	uint64_t sum = 0;
	int rem;

	nlmsg_for_each_attr(nla, (struct nlmsghdr *)hdr, GENL_HDRLEN, rem) {
		if (!stats_read(group, nla, &counter) || counter.kind != kind)
			continue;
		any = true;
		sum += counter.packets;
	}
	if (!any || (!sum && !zeros))
		return false;
	out_text(out, "\n    %-24s %10" PRIu64, title, sum);
	nlmsg_for_each_attr(nla, (struct nlmsghdr *)hdr, GENL_HDRLEN, rem)
		if (stats_read(group, nla, &counter) && counter.kind == kind &&
		    (counter.packets || zeros))
			out_text(out, "\n        %-20s %10" PRIu64, counter.name, counter.packets);
	return true;
}

static const struct {
	const char *title;
	const struct stats_group *group;
	enum vdhcp_kind kind;
} sections[] = {
	{ "received", &stats_messages, VDHCP_KINDS },
	{ "answered", &stats_verdicts, VDHCP_KIND_REPLY },
	{ "no reply due", &stats_verdicts, VDHCP_KIND_CONSUMED },
	{ "dropped", &stats_verdicts, VDHCP_KIND_DROP },
	{ "passed on", &stats_verdicts, VDHCP_KIND_PASS },
	{ "unknown to vdhcpctl", &stats_verdicts, VDHCP_KINDS },
	{ "notes", &stats_notes, VDHCP_KINDS },
};

static int print_stats(struct nlmsghdr *hdr, void *arg)
{
	struct ctx *ctx = arg;
	struct out *out = &ctx->out;
	bool any = false;
	size_t i;

	out_object_begin(out, NULL);
	out_text(out, "stats");
	if (attr_find(hdr, VDHCP_A_STATS_DEV))
		attrs_print(&stats_set, out, hdr);
	else
		out_text(out, " of all ports");
	if (out->json) {
		print_json(out, &stats_messages, hdr);
		print_json(out, &stats_verdicts, hdr);
		print_json(out, &stats_notes, hdr);
	} else {
		for (i = 0; i < ARRAY_SIZE(sections); i++)
			any |= print_text(out, sections[i].title, sections[i].group,
					  sections[i].kind, ctx->stats, hdr);
		if (!any)
			out_text(out, "\n    nothing counted");
	}
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
