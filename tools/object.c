// SPDX-License-Identifier: GPL-2.0
/* Commands of a configured object: add, replace, set, del, show. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "batch.h"
#include "blame.h"
#include "kernel.h"
#include "near.h"
#include "object.h"
#include "request.h"
#include "value.h"

/* Aliases follow the word that they stand for. */
const struct word object_verbs[] = {
	{ "add", VERB_ADD },
	{ "replace", VERB_REPLACE },
	{ "set", VERB_SET },
	{ "del", VERB_DEL },
	{ "delete", VERB_DEL },
	{ "show", VERB_SHOW },
	{ "list", VERB_SHOW },
	{ "ls", VERB_SHOW },
	{ "help", VERB_HELP },
	{ 0 },
};

/* Argument of pass_matching(). */
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

	if (!attrs_name_matches(query->set, query->msg, hdr))
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
 * @arg: argument of @fn
 *
 * A device without a VLAN names the untagged port; if there is none, it names all
 * ports on the device.
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
	if (answer.err == ENOENT && !attrs_name_is_whole(set, msg)) {
		dump = request_new(genlmsg_hdr(nlmsg_hdr(msg))->cmd);
		if (!dump)
			return STATUS_SYSTEM;
		err = kernel_dump(&ctx->kernel, dump, pass_matching, &query, &dump_answer);
		request_free(dump);
		if (err || query.found)
			return err;
	}
	return fail_request(set, nlmsg_hdr(msg), &answer);
}

/**
 * object_print() - print an object with its state
 * @ctx: context
 * @object: kind of object
 * @hdr: message that holds the object
 */
void object_print(struct ctx *ctx, const struct object *object, const struct nlmsghdr *hdr)
{
	const struct nlattr *state = attr_find(hdr, object->state);
	struct out *out = &ctx->out;

	out_object_begin(out, NULL);
	out_text(out, "%s", object->set.object);
	attrs_print(&object->set, out, hdr);
	if (state && (!out->json || ctx->stats)) {
		out_text(out, "\n   ");
		out_object_begin(out, "state");
		object->print_state(out, hdr, state);
		out_object_end(out);
	}
	out_object_end(out);
}

static int parse_words(const struct object *object, enum attr_use use, struct args *args,
		       struct nl_msg *msg)
{
	int err = object->resolve ? object->resolve(args) : STATUS_OK;

	return err ?: attrs_parse(&object->set, use, args, msg);
}

/**
 * object_get() - get the object that words name, or all objects
 * @ctx: context
 * @object: kind of object
 * @args: name of an object, or nothing
 * @fn: called for each object
 * @arg: argument of @fn
 *
 * Return: a status.
 */
int object_get(struct ctx *ctx, const struct object *object, struct args *args, reply_fn *fn,
	       void *arg)
{
	struct answer answer;
	struct nl_msg *msg;
	int err;

	msg = request_new(object->get);
	if (!msg)
		return STATUS_SYSTEM;
	if (args_peek(args)) {
		err = parse_words(object, ATTR_USE_NAME, args, msg) ?:
		      object_query(ctx, &object->set, msg, fn, arg);
	} else {
		err = kernel_dump(&ctx->kernel, msg, fn, arg, &answer);
		if (!err && answer.err)
			err = fail_request(&object->set, nlmsg_hdr(msg), &answer);
	}
	request_free(msg);
	return err;
}

/* Argument of print_reply(). */
struct show {
	struct ctx *ctx;
	const struct object *object;
};

static int print_reply(struct nlmsghdr *hdr, void *arg)
{
	struct show *show = arg;

	object_print(show->ctx, show->object, hdr);
	return STATUS_OK;
}

static int show_objects(struct ctx *ctx, const struct object *object, struct args *args)
{
	struct show show = { .ctx = ctx, .object = object };

	if (object->show)
		return object->show(ctx, object, args);
	out_list_begin(&ctx->out);
	return out_list_end(&ctx->out, object_get(ctx, object, args, print_reply, &show));
}

/**
 * object_write() - send a request that changes the configuration
 * @ctx: context; in a batch the acknowledgment is not awaited
 * @set: keys of the object, NULL for a request without attributes
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
		return fail_request(set, nlmsg_hdr(msg), &answer);
	if (*answer.text)
		warn("vdhcp: %s", answer.text);
	return STATUS_OK;
}

/* @flag is the number of an attribute without a value that is added, 0 for none. */
static int change_object(struct ctx *ctx, const struct object *object, uint8_t cmd,
			 uint16_t flag, enum attr_use use, struct args *args)
{
	struct nl_msg *msg;
	int err;

	msg = request_new(cmd);
	if (!msg)
		return STATUS_SYSTEM;
	err = parse_words(object, use, args, msg);
	if (!err && flag)
		err = check_added("replace", nla_put_flag(msg, flag));
	if (!err)
		err = object_write(ctx, &object->set, msg);
	if (!err && object->warn && use == ATTR_USE_ADD)
		object->warn(nlmsg_hdr(msg));
	request_free(msg);
	return err;
}

/**
 * object_help() - print the commands of an object and its keys
 * @object: object
 */
void object_help(const struct object *object)
{
	static const struct {
		const char *verb;
		const char *rest;
	} lines[] = {
		{ "add", " [KEY VALUE]..." },
		{ "replace", " [KEY VALUE]..." },
		{ "set", " [KEY VALUE|KEY none]..." },
		{ "del", "" },
	};
	const char *name = object->set.object;
	size_t i;

	puts("Usage:");
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		printf("  vdhcpctl %s %s ", name, lines[i].verb);
		attrs_print_usage(&object->set);
		puts(lines[i].rest);
	}
	printf("  vdhcpctl %s [show] [", name);
	attrs_print_usage(&object->set);
	printf("]\n%s\n\"replace\" adds the %s, or replaces the one that exists.\n"
	       "\"set\" changes the given keys; the value \"none\" clears a key.\n"
	       "\nKeys:\n", object->show_usage ?: "", name);
	attrs_print_keys(&object->set);
}

/* True if the words are a name and no verb: "port tap0 vlan 7" is "port show tap0 vlan 7". */
static bool is_name(const struct object *object, const struct args *args)
{
	const struct attr *attr;

	if (word_is_known(object_verbs, args_peek(args)))
		return false;
	if (args->count == 1 || args->words[1][0] == '-')
		return true;
	attr_for_each(attr, &object->set)
		if (attr->flags & ATTR_ID && !strcmp(args->words[1], attr->key))
			return true;
	return false;
}

/* A name that the kernel does not know may be a mistyped verb. */
static int show_named(struct ctx *ctx, const struct object *object, struct args *args)
{
	const struct word *verb;
	struct near near;
	int err;

	near_begin(&near, args_peek(args));
	for (verb = object_verbs; verb->name; verb++)
		near_try(&near, verb->name);
	fail_hint(near_text(&near));
	err = show_objects(ctx, object, args);
	fail_hint(NULL);
	return err;
}

/**
 * object_run() - run a command of an object
 * @ctx: context
 * @object: object
 * @args: words after its kind; without words all objects are shown, a name
 *        alone shows one
 *
 * Return: a status.
 */
int object_run(struct ctx *ctx, const struct object *object, struct args *args)
{
	int verb = VERB_SHOW, err;
	char what[32];

	err = args_options(args);
	if (err)
		return err;
	if (args_peek(args) && is_name(object, args))
		return batch_settle(ctx->batch) ?: show_named(ctx, object, args);
	if (args_peek(args)) {
		snprintf(what, sizeof(what), "a command of %s", object->set.object);
		verb = word_find(object_verbs, args_next(args), what);
	}
	switch (verb) {
	case VERB_ADD:
		return change_object(ctx, object, object->add, 0, ATTR_USE_ADD, args);
	case VERB_REPLACE:
		return change_object(ctx, object, object->add, object->replace, ATTR_USE_ADD,
				     args);
	case VERB_SET:
		return change_object(ctx, object, object->change, 0, ATTR_USE_SET, args);
	case VERB_DEL:
		return change_object(ctx, object, object->del, 0, ATTR_USE_NAME, args);
	case VERB_SHOW:
		err = args_options(args);
		if (err)
			return err;
		return batch_settle(ctx->batch) ?: show_objects(ctx, object, args);
	case VERB_HELP:
		object_help(object);
		return STATUS_OK;
	default:
		return STATUS_USAGE;
	}
}
