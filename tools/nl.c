// SPDX-License-Identifier: GPL-2.0
/* Requests to the family and what the kernel says to them. */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/vdhcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "info.h"
#include "module.h"
#include "nl.h"

/* How often a dump is started again because the table changed meanwhile. */
#define DUMP_ATTEMPTS 8

/* NLMSGERR_ATTR_*; kernel headers before 6.1 lack the last two. */
enum {
	ANSWER_MSG = 1,
	ANSWER_OFFS = 2,
	ANSWER_MISS_TYPE = 5,
	ANSWER_MISS_NEST = 6,
};

static uint32_t answer_u32(struct nlattr *tb[], int type)
{
	return tb[type] && nla_len(tb[type]) >= (int)sizeof(uint32_t) ? nla_get_u32(tb[type]) : 0;
}

/**
 * answer_read() - read what the kernel says to a request
 * @hdr: an acknowledgment, or the end of a dump
 * @answer: result; what is not said is left as it is
 *
 * Both hold an errno; what follows it, which is the request with the former,
 * ends where the attributes begin.
 *
 * Return: a status.
 */
int answer_read(struct nlmsghdr *hdr, struct answer *answer)
{
	const struct nlmsgerr *error = nlmsg_data(hdr);
	struct nlattr *tb[ANSWER_MISS_NEST + 1];
	int len = nlmsg_datalen(hdr), skip = sizeof(int);

	if (len < (int)sizeof(int))
		return hdr->nlmsg_type == NLMSG_DONE ? STATUS_OK :
		       fail_system("the kernel sent an acknowledgment that is too short");
	answer->err = -error->error;
	if (!(hdr->nlmsg_flags & NLM_F_ACK_TLVS))
		return STATUS_OK;
	if (hdr->nlmsg_type == NLMSG_ERROR) {
		if (len < (int)sizeof(*error))
			return STATUS_OK;
		skip = sizeof(*error);
		if (!(hdr->nlmsg_flags & NLM_F_CAPPED) && error->msg.nlmsg_len > NLMSG_HDRLEN &&
		    error->msg.nlmsg_len - NLMSG_HDRLEN <= (uint32_t)(len - skip))
			skip += NLMSG_ALIGN(error->msg.nlmsg_len - NLMSG_HDRLEN);
	}
	if (skip >= len || nla_parse(tb, ANSWER_MISS_NEST, nlmsg_attrdata(hdr, skip), len - skip,
				     NULL) < 0)
		return STATUS_OK;
	if (tb[ANSWER_MSG])
		snprintf(answer->text, sizeof(answer->text), "%.*s", nla_len(tb[ANSWER_MSG]),
			 (const char *)nla_data(tb[ANSWER_MSG]));
	answer->offset = answer_u32(tb, ANSWER_OFFS);
	answer->missing = answer_u32(tb, ANSWER_MISS_TYPE);
	answer->nest = answer_u32(tb, ANSWER_MISS_NEST);
	return STATUS_OK;
}

static int transmit(struct kernel *kernel, struct nl_msg *msg, uint16_t family, int flags)
{
	struct nlmsghdr *hdr = nlmsg_hdr(msg);

	hdr->nlmsg_type = family;
	hdr->nlmsg_seq = ++kernel->seq;
	hdr->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	return sock_send(&kernel->sock, hdr, hdr->nlmsg_len);
}

/**
 * kernel_wait() - wait until the kernel is done with a request
 * @kernel: connection
 * @msg: the request, sent with NLM_F_ACK or NLM_F_DUMP
 * @fn: called for each message before the acknowledgment; may be NULL
 * @arg: for @fn
 * @answer: what the kernel said
 *
 * Messages that do not belong to @msg are dropped: requests that are under way
 * together have to be waited for in the order in which they were sent.
 *
 * Return: a status. STATUS_OK with @answer->err says that the kernel refused,
 * which was not told to the user yet.
 */
int kernel_wait(struct kernel *kernel, const struct nl_msg *msg, reply_fn *fn, void *arg,
		struct answer *answer)
{
	uint32_t seq = nlmsg_hdr((struct nl_msg *)msg)->nlmsg_seq;
	struct nlmsghdr *hdr;
	int err = STATUS_OK;
	bool torn = false;
	ssize_t received;
	int len, status;

	*answer = (struct answer){ 0 };
	for (;;) {
		received = sock_receive(&kernel->sock);
		if (received < 0)
			return STATUS_SYSTEM;
		len = (int)received;
		for (hdr = (struct nlmsghdr *)kernel->sock.buf; nlmsg_ok(hdr, len);
		     hdr = nlmsg_next(hdr, &len)) {
			if (hdr->nlmsg_seq != seq)
				continue;
			if (hdr->nlmsg_flags & NLM_F_DUMP_INTR)
				torn = true;
			if (hdr->nlmsg_type == NLMSG_ERROR || hdr->nlmsg_type == NLMSG_DONE) {
				status = answer_read(hdr, answer);
				answer->torn = torn;
				return status ? status : err;
			}
			if (hdr->nlmsg_type >= NLMSG_MIN_TYPE && fn && !err)
				err = fn(hdr, arg);
		}
	}
}

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
			return answer_u32(tb, CTRL_ATTR_MCAST_GRP_ID);
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
		err = transmit(kernel, msg, GENL_ID_CTRL, NLM_F_ACK) ?:
		      kernel_wait(kernel, msg, read_family, kernel, &answer);
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
	return kernel_connect(kernel) ?: transmit(kernel, msg, kernel->family, flags);
}

/**
 * kernel_talk() - send a request and wait until the kernel is done with it
 * @kernel: connection
 * @msg: the request
 * @fn: called for the reply, if there is one; may be NULL
 * @arg: for @fn
 * @answer: what the kernel said
 *
 * Return: a status, see kernel_wait().
 */
int kernel_talk(struct kernel *kernel, struct nl_msg *msg, reply_fn *fn, void *arg,
		struct answer *answer)
{
	return kernel_send(kernel, msg, NLM_F_ACK) ?: kernel_wait(kernel, msg, fn, arg, answer);
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
	size_t size = dump->size ?: NL_REQUEST_MAX;
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
 * Return: a status, see kernel_wait().
 */
int kernel_dump(struct kernel *kernel, struct nl_msg *msg, reply_fn *fn, void *arg,
		struct answer *answer)
{
	struct dump dump = { 0 };
	int attempt, err = STATUS_OK;

	for (attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
		dump.len = 0;
		err = kernel_send(kernel, msg, NLM_F_DUMP) ?:
		      kernel_wait(kernel, msg, keep_message, &dump, answer);
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

/*
 * A request that is not in use. libnl clears all of one that it makes, which in a
 * batch takes longer than everything else.
 */
static struct nl_msg *spare;

/**
 * request_reset() - take all attributes out of a request
 * @msg: request, which is as if kernel_request() had just made it, with command 0
 */
void request_reset(struct nl_msg *msg)
{
	*nlmsg_hdr(msg) = (struct nlmsghdr){ .nlmsg_len = NLMSG_HDRLEN + GENL_HDRLEN };
}

/**
 * request_free() - free a request, or keep it for the next one
 * @msg: from kernel_request(), or NULL
 */
void request_free(struct nl_msg *msg)
{
	nlmsg_free(spare);
	spare = msg;
}

/**
 * kernel_request() - start a request
 * @cmd: one of enum vdhcp_cmd
 *
 * Return: a request without attributes, to be freed with nlmsg_free() or
 * request_free(); NULL after telling why not.
 */
struct nl_msg *kernel_request(uint8_t cmd)
{
	struct nl_msg *msg = spare;

	if (msg) {
		spare = NULL;
		nlmsg_hdr(msg)->nlmsg_len = NLMSG_HDRLEN;
	} else {
		msg = nlmsg_alloc_size(NL_REQUEST_MAX);
	}
	if (msg && genlmsg_put(msg, 0, 0, 0, 0, 0, cmd, VDHCP_FAMILY_VERSION))
		return msg;
	nlmsg_free(msg);
	fail_memory();
	return NULL;
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
		return fail_system("the module that is loaded knows no events, it is too old");
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
