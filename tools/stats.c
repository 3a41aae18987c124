// SPDX-License-Identifier: GPL-2.0
/* vdhcpctl stats: what became of the packets. */
#include <assert.h>
#include <inttypes.h>
#include <linux/vdhcp.h>
#include <stdio.h>
#include <string.h>

#include "object.h"
#include "stats.h"
#include "vdhcp-names-gen.h"

/* The three kinds of counters have the same attributes. */
enum {
	COUNT_WHAT = VDHCP_A_VERDICT_COUNT_VERDICT,
	COUNT_PACKETS = VDHCP_A_VERDICT_COUNT_PACKETS,
	COUNT_MAX = VDHCP_A_VERDICT_COUNT_MAX,
};

static_assert((int)COUNT_WHAT == (int)VDHCP_A_MESSAGE_COUNT_MESSAGE, "one layout");
static_assert((int)COUNT_PACKETS == (int)VDHCP_A_MESSAGE_COUNT_PACKETS, "one layout");
static_assert((int)COUNT_WHAT == (int)VDHCP_A_NOTE_COUNT_NOTE, "one layout");
static_assert((int)COUNT_PACKETS == (int)VDHCP_A_NOTE_COUNT_PACKETS, "one layout");

static const char *const message_names[] = { VDHCP_MESSAGE_LIST(NAME_OF) };
static const char *const note_names[] = { VDHCP_NOTE_LIST(NAME_OF) };

const struct stats_group stats_messages = {
	VDHCP_A_STATS_MESSAGE, "message", "messages", message_names, ARRAY_SIZE(message_names),
};

/* Verdicts have their names from verdict_name(). */
const struct stats_group stats_verdicts = {
	VDHCP_A_STATS_VERDICT, "verdict", "verdicts", NULL, 0,
};

const struct stats_group stats_notes = {
	VDHCP_A_STATS_NOTE, "note", "notes", note_names, ARRAY_SIZE(note_names),
};

static const struct attr attrs[] = {
	{ "dev", VDHCP_A_STATS_DEV, &type_text, ATTR_ID | ATTR_FIRST, .max = 15 },
	{ "vlan", VDHCP_A_STATS_VLAN, &type_u16, ATTR_ID | ATTR_ZERO, .max = 4094,
	  .doc = "VLAN of a subport" },
	{ 0 },
};

static const struct attr_set set = { "stats", attrs, 0 };

static struct nla_policy count_policy[COUNT_MAX + 1] = {
	[COUNT_WHAT] = { .type = NLA_U32 },
	[COUNT_PACKETS] = { .type = NLA_U64 },
};

/**
 * stats_read() - read a counter
 * @group: which counters are asked for
 * @nla: attribute of a reply
 * @counter: where to
 *
 * Return: whether @nla is a counter of @group. A newer module may count what
 * has no name here.
 */
bool stats_read(const struct stats_group *group, const struct nlattr *nla,
		struct counter *counter)
{
	struct nlattr *tb[COUNT_MAX + 1];
	char buf[NAME_SIZE];
	uint32_t what;

	if (nla_type(nla) != group->nla ||
	    nla_parse_nested(tb, COUNT_MAX, (struct nlattr *)nla, count_policy) ||
	    !tb[COUNT_WHAT] || !tb[COUNT_PACKETS])
		return false;
	what = nla_get_u32(tb[COUNT_WHAT]);
	counter->packets = nla_get_u64(tb[COUNT_PACKETS]);
	counter->kind = group->names ? KIND_NONE : verdict_kind(what);
	snprintf(counter->name, sizeof(counter->name), "%s", group->names ?
		 name_of(group->names, group->count, group->single, what, buf) :
		 verdict_name(what, buf));
	return true;
}

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
		       enum kind kind, bool zeros, const struct nlmsghdr *hdr)
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
	enum kind kind;
} sections[] = {
	{ "received", &stats_messages, KIND_NONE },
	{ "answered", &stats_verdicts, KIND_reply },
	{ "no reply due", &stats_verdicts, KIND_consumed },
	{ "dropped", &stats_verdicts, KIND_drop },
	{ "passed on", &stats_verdicts, KIND_pass },
	{ "unknown to vdhcpctl", &stats_verdicts, KIND_NONE },
	{ "notes", &stats_notes, KIND_NONE },
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
		attrs_print(&set, out, hdr);
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

static int help(void)
{
	puts("What became of the packets.\n\n"
	     "Usage:\n"
	     "  vdhcpctl stats [show] [prometheus]                all ports together, since the\n"
	     "                                                    module was loaded\n"
	     "  vdhcpctl stats [show] [prometheus] all            each port\n"
	     "  vdhcpctl stats [show] [prometheus] DEV [vlan N]   one port\n\n"
	     "Counters that are 0 are shown with -stats, and always in JSON and for Prometheus,\n"
	     "whose text format \"prometheus\" prints (also \"--prometheus\").");
	return STATUS_OK;
}

static bool is_word(const char *word, const char *name)
{
	return word && !strcmp(word, name);
}

/**
 * stats_query() - get counters
 * @ctx: context
 * @args: whose: nothing, "all", or what names a port
 * @fn: called for each reply
 * @arg: for @fn
 *
 * Return: a status.
 */
int stats_query(struct ctx *ctx, struct args *args, reply_fn *fn, void *arg)
{
	const char *word = args_peek(args);
	struct answer answer = { 0 };
	struct nl_msg *msg;
	int err;

	msg = kernel_request(VDHCP_CMD_STATS_GET);
	if (!msg)
		return STATUS_SYSTEM;
	if (word && !is_word(word, "all")) {
		err = attrs_parse(&set, ATTR_USE_NAME, args, msg) ?:
		      object_query(ctx, &set, msg, fn, arg);
	} else {
		args_next(args);
		err = args_end(args);
		/* All ports together have no name, and so there is nothing else to look for. */
		if (!err)
			err = word ? kernel_dump(&ctx->kernel, msg, fn, arg, &answer) :
				     kernel_talk(&ctx->kernel, msg, fn, arg, &answer);
		if (!err && answer.err)
			err = attrs_refused(&set, msg, &answer);
	}
	nlmsg_free(msg);
	return err;
}

/**
 * stats_run() - vdhcpctl stats
 * @ctx: context
 * @args: the words after it; as a device may stand there, commands cannot be
 *        abbreviated ("all" is a name that no device can have)
 *
 * Return: a status.
 */
int stats_run(struct ctx *ctx, struct args *args)
{
	const char *word = args_peek(args);

	if (is_word(word, "help"))
		return help();
	if (is_word(word, "show") || is_word(word, "list") || is_word(word, "ls")) {
		args_next(args);
		word = args_peek(args);
	}
	if (is_word(word, "prometheus") || is_word(word, "--prometheus") ||
	    is_word(word, "-prometheus")) {
		args_next(args);
		return prometheus_run(ctx, args);
	}
	out_list_begin(&ctx->out);
	return out_list_end(&ctx->out, stats_query(ctx, args, print_stats, ctx));
}
