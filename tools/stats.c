// SPDX-License-Identifier: GPL-2.0
/* Counters of packets: asked for, and read from replies. */
#include <assert.h>
#include <linux/vdhcp.h>
#include <stdio.h>
#include <string.h>

#include "blame.h"
#include "kernel.h"
#include "netdev.h"
#include "object.h"
#include "request.h"
#include "stats.h"
#include "vdhcp-names-gen.h"

/* The counters of all three groups have the same attributes. */
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

/* The names of verdicts come from verdict_name(). */
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

const struct attr_set stats_set = { "port", attrs, 0 };

static struct nla_policy count_policy[COUNT_MAX + 1] = {
	[COUNT_WHAT] = { .type = NLA_U32 },
	[COUNT_PACKETS] = { .type = NLA_U64 },
};

/**
 * stats_read() - read a counter of a group
 * @group: group
 * @nla: attribute of a reply
 * @counter: result
 *
 * Return: true if @nla is a counter of @group. A newer module may have counters
 * without a name here.
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
	counter->kind = group->names ? VDHCP_KINDS : verdict_kind(what);
	snprintf(counter->name, sizeof(counter->name), "%s", group->names ?
		 number_name(group->names, group->count, group->single, what, buf) :
		 verdict_name(what, buf));
	return true;
}

static struct nlattr *find_packets(const struct nlattr *nest)
{
	struct nlattr *nla = nla_find(nla_data(nest), nla_len(nest), COUNT_PACKETS);

	return nla && nla_len(nla) == sizeof(uint64_t) ? nla : NULL;
}

/**
 * stats_subtract() - subtract the counters of an earlier reply
 * @hdr: reply, which is changed
 * @before: an earlier reply about the same port; the module writes all counters in the
 *          same order
 *
 * A counter that is lower than before, because the port was added again, becomes 0.
 */
void stats_subtract(struct nlmsghdr *hdr, const struct nlmsghdr *before)
{
	const struct nlattr *old = nlmsg_attrdata(before, GENL_HDRLEN);
	int left = nlmsg_attrlen(before, GENL_HDRLEN), rem;
	struct nlattr *nla, *packets, *old_packets;
	uint64_t now, then;

	nlmsg_for_each_attr(nla, hdr, GENL_HDRLEN, rem) {
		if (!nla_ok(old, left) || nla_type(old) != nla_type(nla))
			return;
		packets = nla_type(nla) == VDHCP_A_STATS_DEV ||
			  nla_type(nla) == VDHCP_A_STATS_VLAN ? NULL : find_packets(nla);
		old_packets = packets ? find_packets(old) : NULL;
		if (old_packets) {
			now = nla_get_u64(packets);
			then = nla_get_u64(old_packets);
			now = now > then ? now - then : 0;
			memcpy(nla_data(packets), &now, sizeof(now));
		}
		old = nla_next(old, &left);
	}
}

/**
 * stats_query() - get counters
 * @ctx: context
 * @args: nothing for the sum of all ports, "all" for each port, or DEV [vlan N]
 * @fn: called for each reply
 * @arg: argument of @fn
 *
 * Return: a status.
 */
int stats_query(struct ctx *ctx, struct args *args, reply_fn *fn, void *arg)
{
	const char *word = args_peek(args);
	struct answer answer = { 0 };
	struct nl_msg *msg;
	int err;

	msg = request_new(VDHCP_CMD_STATS_GET);
	if (!msg)
		return STATUS_SYSTEM;
	if (word && strcmp(word, "all") != 0) {
		err = netdev_resolve(args) ?: attrs_parse(&stats_set, ATTR_USE_NAME, args, msg) ?:
		      object_query(ctx, &stats_set, msg, fn, arg);
	} else {
		args_next(args);
		err = args_end(args);
		/* object_query() is for requests that name a port. */
		if (!err)
			err = word ? kernel_dump(&ctx->kernel, msg, fn, arg, &answer) :
				     kernel_talk(&ctx->kernel, msg, fn, arg, &answer);
		if (!err && answer.err)
			err = fail_request(&stats_set, nlmsg_hdr(msg), &answer);
	}
	request_free(msg);
	return err;
}

/**
 * stats_reset() - set counters to 0
 * @ctx: context
 * @args: nothing or "all" for all ports and their sum, or DEV [vlan N]
 *
 * Return: a status.
 */
int stats_reset(struct ctx *ctx, struct args *args)
{
	const char *word;
	struct nl_msg *msg;
	int err;

	err = args_options(args);
	word = args_peek(args);
	if (err)
		return err;
	msg = request_new(VDHCP_CMD_STATS_RESET);
	if (!msg)
		return STATUS_SYSTEM;
	if (word && strcmp(word, "all") != 0) {
		err = netdev_resolve(args) ?: attrs_parse(&stats_set, ATTR_USE_NAME, args, msg);
	} else {
		args_next(args);
		err = args_end(args);
	}
	err = err ?: object_write(ctx, &stats_set, msg);
	request_free(msg);
	return err;
}
