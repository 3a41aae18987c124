// SPDX-License-Identifier: GPL-2.0
/* The connection to the family: made when it is needed, kept until the end. */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/vdhcp.h>
#include <netlink/genl/genl.h>
#include <string.h>

#include "err.h"
#include "info.h"
#include "kernel.h"
#include "messages.h"
#include "module.h"
#include "request.h"

/* How often a dump is started again because the table changed meanwhile. */
#define DUMP_ATTEMPTS 8

/* Returns the number of the group of events, 0 if it is not among the groups. */
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

/**
 * kernel_read_family() - read a message about a family
 * @kernel: connection; family and events are set if the family was found
 * @hdr: message of type GENL_ID_CTRL
 *
 * Return: what the message says.
 */
enum family_change kernel_read_family(struct kernel *kernel, struct nlmsghdr *hdr)
{
	struct nlattr *tb[CTRL_ATTR_MCAST_GROUPS + 1];

	if (genlmsg_parse(hdr, 0, tb, CTRL_ATTR_MCAST_GROUPS, NULL) ||
	    !tb[CTRL_ATTR_FAMILY_ID] || !tb[CTRL_ATTR_FAMILY_NAME] ||
	    strcmp(attr_text(tb[CTRL_ATTR_FAMILY_NAME]), VDHCP_FAMILY_NAME) != 0)
		return FAMILY_OTHER;
	if (genlmsg_hdr(hdr)->cmd == CTRL_CMD_DELFAMILY)
		return FAMILY_REMOVED;
	if (genlmsg_hdr(hdr)->cmd != CTRL_CMD_NEWFAMILY)
		return FAMILY_OTHER;
	kernel->family = nla_get_u16(tb[CTRL_ATTR_FAMILY_ID]);
	kernel->events = tb[CTRL_ATTR_MCAST_GROUPS] ? find_events(tb[CTRL_ATTR_MCAST_GROUPS]) : 0;
	return FAMILY_FOUND;
}

static int take_family(struct nlmsghdr *hdr, void *arg)
{
	(void)kernel_read_family(arg, hdr);
	return STATUS_OK;
}

/* The kernel loads the module if it is asked for the family, by any user. */
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
		      netlink_wait(kernel, msg, take_family, kernel, &answer);
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
 * Warns if the version of the module is not the version of vdhcpctl.
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
 * kernel_send() - send a request without waiting for the answer
 * @kernel: connection, which is made if there is none
 * @msg: request; it can be sent again
 * @flags: NLM_F_ACK or NLM_F_DUMP, and others
 *
 * Return: a status.
 */
int kernel_send(struct kernel *kernel, struct nl_msg *msg, int flags)
{
	return kernel_connect(kernel) ?: netlink_send(kernel, msg, kernel->family, flags);
}

/**
 * kernel_talk() - send a request and wait for the acknowledgment
 * @kernel: connection
 * @msg: request
 * @fn: called for the reply, if there is one; may be NULL
 * @arg: argument of @fn
 * @answer: the acknowledgment
 *
 * Return: a status, see netlink_wait().
 */
int kernel_talk(struct kernel *kernel, struct nl_msg *msg, reply_fn *fn, void *arg,
		struct answer *answer)
{
	return kernel_send(kernel, msg, NLM_F_ACK) ?: netlink_wait(kernel, msg, fn, arg, answer);
}

static int pass_messages(const struct messages *messages, reply_fn *fn, void *arg)
{
	struct nlmsghdr *hdr = NULL;
	int err = STATUS_OK;

	while (!err && (hdr = messages_next(messages, hdr)))
		err = fn(hdr, arg);
	return err;
}

/**
 * kernel_dump() - read a whole table as it was at one moment
 * @kernel: connection
 * @msg: request
 * @fn: called for each entry, after all have arrived
 * @arg: argument of @fn
 * @answer: the acknowledgment
 *
 * If the table was changed meanwhile, the dump is started again.
 *
 * Return: a status, see netlink_wait().
 */
int kernel_dump(struct kernel *kernel, struct nl_msg *msg, reply_fn *fn, void *arg,
		struct answer *answer)
{
	struct messages dump = { 0 };
	int attempt, err = STATUS_OK;

	for (attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
		dump.len = 0;
		dump.count = 0;
		err = kernel_send(kernel, msg, NLM_F_DUMP) ?:
		      netlink_wait(kernel, msg, messages_add, &dump, answer);
		if (err || answer->err || !answer->torn)
			break;
	}
	if (!err && !answer->err) {
		if (answer->torn)
			err = fail_system("the table changed %d times while it was read, try again",
					  attempt);
		else
			err = pass_messages(&dump, fn, arg);
	}
	messages_free(&dump);
	return err;
}

/**
 * kernel_ask_families() - ask for all families, without waiting for the answer
 * @kernel: connection; the sequence number of the request is in @kernel->seq
 *
 * Return: a status.
 */
int kernel_ask_families(struct kernel *kernel)
{
	struct nl_msg *msg = nlmsg_alloc();
	int err;

	if (!msg || !genlmsg_put(msg, 0, 0, GENL_ID_CTRL, 0, 0, CTRL_CMD_GETFAMILY, 1))
		err = fail_memory();
	else
		err = netlink_send(kernel, msg, GENL_ID_CTRL, NLM_F_DUMP);
	nlmsg_free(msg);
	return err;
}

/**
 * kernel_join() - listen to events, and to messages about families
 * @kernel: connection, which is made if there is none
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
	/* The number of nlctrl's only group is that of its family. */
	err = sock_join(&kernel->sock, GENL_ID_CTRL);
	if (err)
		return fail_system("cannot listen to messages about families: %s", strerror(err));
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
