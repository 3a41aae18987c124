// SPDX-License-Identifier: GPL-2.0
/* The commands of an object that is configured: add, set, del, show. */
#include <errno.h>
#include <stdio.h>

#include "batch.h"
#include "object.h"

enum { ADD, REPLACE, SET, DEL, SHOW, HELP };

static const struct word commands[] = {
	{ "add", ADD },
	{ "replace", REPLACE },
	{ "set", SET },
	{ "del", DEL },
	{ "delete", DEL },
	{ "show", SHOW },
	{ "list", SHOW },
	{ "ls", SHOW },
	{ "help", HELP },
	{ 0 },
};

/* What a query needs while its answers come in. */
struct query {
	const struct attr_set *set;
	const struct nl_msg *msg;
	reply_fn *fn;
	void *arg;
	unsigned int found;
};

static int pass_matching(struct nlmsghdr *hdr, void *arg)
{
	struct query *query = arg;

	if (!attrs_match(query->set, query->msg, hdr))
		return STATUS_OK;
	query->found++;
	return query->fn(hdr, query->arg);
}

/**
 * object_query() - get the objects that a request names
 * @ctx: context
 * @set: keys of the object
 * @msg: request
 * @fn: called for each object
 * @arg: for @fn
 *
 * A name that leaves a part open (a device without a VLAN) means the object
 * that has nothing there, and only if there is none all that it fits.
 *
 * Return: a status.
 */
int object_query(struct ctx *ctx, const struct attr_set *set, struct nl_msg *msg,
		 reply_fn *fn, void *arg)
{
	struct query query = { .set = set, .msg = msg, .fn = fn, .arg = arg };
	struct answer answer, dump_answer;
	struct nl_msg *dump;
	int err;

	err = kernel_talk(&ctx->kernel, msg, fn, arg, &answer);
	if (err || !answer.err)
		return err;
	if (answer.err == ENOENT && !attrs_complete(set, msg)) {
		dump = kernel_request(genlmsg_hdr(nlmsg_hdr(msg))->cmd);
		if (!dump)
			return STATUS_SYSTEM;
		err = kernel_dump(&ctx->kernel, dump, pass_matching, &query, &dump_answer);
		nlmsg_free(dump);
		if (err || query.found)
			return err;
	}
	return attrs_refused(set, msg, &answer);
}

/* What print_object() needs. */
struct show {
	struct ctx *ctx;
	const struct object *object;
};

static int print_object(struct nlmsghdr *hdr, void *arg)
{
	struct show *show = arg;
	struct out *out = &show->ctx->out;
	const struct nlattr *state = attr_find(hdr, show->object->state);

	out_object_begin(out, NULL);
	out_text(out, "%s", show->object->set.object);
	attrs_print(&show->object->set, out, hdr);
	if (state && (!out->json || show->ctx->stats)) {
		out_text(out, "\n   ");
		out_object_begin(out, "state");
		show->object->print_state(out, hdr, state);
		out_object_end(out);
	}
	out_object_end(out);
	return STATUS_OK;
}

static int show(struct ctx *ctx, const struct object *object, struct args *args)
{
	struct show show = { .ctx = ctx, .object = object };
	struct answer answer;
	struct nl_msg *msg;
	int err;

	msg = kernel_request(object->get);
	if (!msg)
		return STATUS_SYSTEM;
	out_list_begin(&ctx->out);
	if (args_peek(args)) {
		err = attrs_parse(&object->set, ATTR_USE_NAME, args, msg) ?:
		      object_query(ctx, &object->set, msg, print_object, &show);
	} else {
		err = kernel_dump(&ctx->kernel, msg, print_object, &show, &answer);
		if (!err && answer.err)
			err = attrs_refused(&object->set, msg, &answer);
	}
	nlmsg_free(msg);
	return out_list_end(&ctx->out, err);
}

/**
 * object_write() - send a request that changes something
 * @ctx: context; in a batch the kernel's answer is not waited for
 * @set: the object, NULL for a request without attributes
 * @msg: request
 *
 * Return: a status.
 */
int object_write(struct ctx *ctx, const struct attr_set *set, struct nl_msg *msg)
{
	struct answer answer;
	int err;

	if (ctx->batch)
		return batch_write(ctx->batch, set, msg);
	err = kernel_talk(&ctx->kernel, msg, NULL, NULL, &answer);
	if (err)
		return err;
	if (answer.err)
		return attrs_refused(set, msg, &answer);
	if (*answer.text)
		warn("vdhcp: %s", answer.text);
	return STATUS_OK;
}

/* @flag is the number of an attribute without a value that goes along, 0 for none. */
static int change(struct ctx *ctx, const struct object *object, uint8_t cmd, uint16_t flag,
		  enum attr_use use, struct args *args)
{
	struct nl_msg *msg;
	int err;

	msg = kernel_request(cmd);
	if (!msg)
		return STATUS_SYSTEM;
	err = attrs_parse(&object->set, use, args, msg);
	if (!err && flag)
		err = added("replace", nla_put_flag(msg, flag));
	if (!err)
		err = object_write(ctx, &object->set, msg);
	request_free(msg);
	return err;
}

static void help(const struct object *object)
{
	static const struct {
		const char *command;
		const char *rest;
	} lines[] = {
		{ "add", " [KEY VALUE]..." },
		{ "replace", " [KEY VALUE]..." },
		{ "set", " [KEY VALUE|KEY none]..." },
		{ "del", "" },
	};
	const char *name = object->set.object;
	size_t i;

	printf("%s\n\nUsage:\n", object->doc);
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		printf("  vdhcpctl %s %s ", name, lines[i].command);
		attrs_help_name(&object->set);
		puts(lines[i].rest);
	}
	printf("  vdhcpctl %s [show] [", name);
	attrs_help_name(&object->set);
	printf("]\n\n\"replace\" adds the %s or puts the new one in the place of the old one.\n"
	       "\"set\" changes the keys that it is given; the value \"none\" clears a key.\n"
	       "\nKeys:\n", name);
	attrs_help(&object->set);
}

/**
 * object_run() - run a command on an object
 * @ctx: context
 * @object: the object
 * @args: the words after its name; without any it is shown
 *
 * Return: a status.
 */
int object_run(struct ctx *ctx, const struct object *object, struct args *args)
{
	char what[32];
	int command = SHOW;

	if (args_peek(args)) {
		snprintf(what, sizeof(what), "a command of %s", object->set.object);
		command = word_find(commands, args_next(args), what);
	}
	switch (command) {
	case ADD:
		return change(ctx, object, object->add, 0, ATTR_USE_ADD, args);
	case REPLACE:
		return change(ctx, object, object->add, object->replace, ATTR_USE_ADD, args);
	case SET:
		return change(ctx, object, object->change, 0, ATTR_USE_SET, args);
	case DEL:
		return change(ctx, object, object->del, 0, ATTR_USE_NAME, args);
	case SHOW:
		return batch_settle(ctx->batch) ?: show(ctx, object, args);
	case HELP:
		help(object);
		return STATUS_OK;
	default:
		return STATUS_USAGE;
	}
}
