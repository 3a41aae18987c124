// SPDX-License-Identifier: GPL-2.0
/* The connection to the family: made when it is needed, kept until the end. */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/vdhcp.h>
#include <netlink/genl/genl.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "info.h"
#include "kernel.h"
#include "module.h"
#include "request.h"

/* How often a dump is started again because the table changed meanwhile. */
#define DUMP_ATTEMPTS 8

/* The number of the group of events, 0 if it is not among the groups. */
static uint32_t find_events(const struct nlattr *groups)
{
	struct nlattr *tb[CTRL_ATTR_MCAST_GRP_MAX + 1];
	struct nlattr *group;
	int rem;

	nla_for_each_nested(group, (struct nlattr *)groups, rem)
		if (!nla_parse_nested(tb, CTRL_ATTR_MCAST_GRP_MAX, group, NULL) &&
		    tb[CTRL_ATTR_MCAST_GRP_NAME] && tb[CTRL_ATTR_MCAST_GRP_ID] &&
		    !nla_strcmp(tb[CTRL_ATTR_MCAST_GRP_NAME], VDHCP_MCGRP_EVENTS))
			return attr_u32(tb[CTRL_ATTR_MCAST_GRP_ID]);
	return 0;
}

static int read_family(struct nlmsghdr *hdr, void *arg)
{
	struct nlattr *tb[CTRL_ATTR_MCAST_GROUPS + 1];
	struct kernel *kernel = arg;

	if (genlmsg_parse(hdr, 0, tb, CTRL_ATTR_MCAST_GROUPS, NULL) || !tb[CTRL_ATTR_FAMILY_ID])
		return STATUS_OK;
	kernel->family = nla_get_u16(tb[CTRL_ATTR_FAMILY_ID]);
	kernel->events = tb[CTRL_ATTR_MCAST_GROUPS] ? find_events(tb[CTRL_ATTR_MCAST_GROUPS]) : 0;
	return STATUS_OK;
}

/* Asking for the family makes the kernel load the module, whoever asks. */
static int find_family(struct kernel *kernel)
{
	struct answer answer = { 0 };
	struct nl_msg *msg;
	int err;

	msg = nlmsg_alloc();
	if (!msg || !genlmsg_put(msg, 0, 0, GENL_ID_CTRL, 0, 0, CTRL_CMD_GETFAMILY, 1) ||
	    nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, VDHCP_FAMILY_NAME))
		err = fail_memory();
	else
		err = netlink_send(kernel, msg, GENL_ID_CTRL, NLM_F_ACK) ?:
		      netlink_wait(kernel, msg, read_family, kernel, &answer);
	nlmsg_free(msg);
	if (err)
		return err;
	if (answer.err && answer.err != ENOENT)
		return fail_system("cannot look up the family \"%s\": %s", VDHCP_FAMILY_NAME,
				   strerror(answer.err));
	if (!answer.err && kernel->family)
		return STATUS_OK;
	return module_missing();
}

/**
 * kernel_connect() - make the connection, if there is none
 * @kernel: connection
 *
 * The first time, a module that does not belong to this tool is warned of.
 *
 * Return: a status.
 */
int kernel_connect(struct kernel *kernel)
{
	int err;

	if (kernel->ready)
		return STATUS_OK;
	kernel_close(kernel);
	err = sock_open(&kernel->sock, kernel->netns) ?: find_family(kernel);
	if (err)
		return err;
	kernel->ready = true;
	err = info_check(kernel);
	if (err)
		kernel->ready = false;
	return err;
}

/**
 * kernel_send() - send a request without waiting for anything
 * @kernel: connection, which is made if need be
 * @msg: the request; it can be sent again
 * @flags: NLM_F_ACK or NLM_F_DUMP, and others
 *
 * Return: a status.
 */
int kernel_send(struct kernel *kernel, struct nl_msg *msg, int flags)
{
	return kernel_connect(kernel) ?: netlink_send(kernel, msg, kernel->family, flags);
}

/**
 * kernel_talk() - send a request and wait until the kernel is done with it
 * @kernel: connection
 * @msg: the request
 * @fn: called for the reply, if there is one; may be NULL
 * @arg: for @fn
 * @answer: what the kernel said
 *
 * Return: a status, see netlink_wait().
 */
int kernel_talk(struct kernel *kernel, struct nl_msg *msg, reply_fn *fn, void *arg,
		struct answer *answer)
{
	return kernel_send(kernel, msg, NLM_F_ACK) ?: netlink_wait(kernel, msg, fn, arg, answer);
}

/* The messages of a dump, kept until it is known to be of one piece. */
struct dump {
	char *data;
	size_t len;
	size_t size;
};

static int keep_message(struct nlmsghdr *hdr, void *arg)
{
	struct dump *dump = arg;
	size_t size = dump->size ?: REQUEST_MAX;
	char *data;

	while (dump->len + NLMSG_ALIGN(hdr->nlmsg_len) > size)
		size *= 2;
	if (size != dump->size) {
		data = realloc(dump->data, size);
		if (!data)
			return fail_memory();
		dump->data = data;
		dump->size = size;
	}
	memcpy(dump->data + dump->len, hdr, hdr->nlmsg_len);
	dump->len += NLMSG_ALIGN(hdr->nlmsg_len);
	return STATUS_OK;
}

static int replay(const struct dump *dump, reply_fn *fn, void *arg)
{
	size_t pos = 0;
	int err = STATUS_OK;

	while (pos < dump->len && !err) {
		struct nlmsghdr *hdr = (struct nlmsghdr *)(dump->data + pos);

		pos += NLMSG_ALIGN(hdr->nlmsg_len);
		err = fn(hdr, arg);
	}
	return err;
}

/**
 * kernel_dump() - read a whole table as it was at one moment
 * @kernel: connection
 * @msg: the request
 * @fn: called for each entry, after all of them have arrived
 * @arg: for @fn
 * @answer: what the kernel said
 *
 * A dump that was torn by a change of the table is started again.
 *
 * Return: a status, see netlink_wait().
 */
int kernel_dump(struct kernel *kernel, struct nl_msg *msg, reply_fn *fn, void *arg,
		struct answer *answer)
{
	struct dump dump = { 0 };
	int attempt, err = STATUS_OK;

	for (attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
		dump.len = 0;
		err = kernel_send(kernel, msg, NLM_F_DUMP) ?:
		      netlink_wait(kernel, msg, keep_message, &dump, answer);
		if (err || answer->err || !answer->torn)
			break;
	}
	if (!err && !answer->err) {
		if (answer->torn)
			err = fail_system("the table changed %d times while it was read, try again",
					  attempt);
		else
			err = replay(&dump, fn, arg);
	}
	free(dump.data);
	return err;
}

/**
 * kernel_join() - listen to events
 * @kernel: connection, which is made if need be
 *
 * Return: a status.
 */
int kernel_join(struct kernel *kernel)
{
	int err;

	err = kernel_connect(kernel);
	if (err)
		return err;
	if (!kernel->events)
		return fail_system("the loaded module has no events, it is too old");
	err = sock_join(&kernel->sock, kernel->events);
	if (err == EPERM)
		return fail_system("listening to events takes CAP_NET_ADMIN");
	if (err)
		return fail_system("cannot listen to events: %s", strerror(err));
	return STATUS_OK;
}

/**
 * kernel_close() - end the connection
 * @kernel: connection, open or not
 */
void kernel_close(struct kernel *kernel)
{
	sock_close(&kernel->sock);
	kernel->ready = false;
}
