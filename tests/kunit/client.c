// SPDX-License-Identifier: GPL-2.0
/*
 * A netlink client in the kernel. Its messages take the usual path, so the checks of the
 * netlink core are tested as well.
 */
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/net.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/netlink.h>
#include <net/sock.h>
#include <netlink.h>
#include "client.h"

/* All open sockets, so that vtest_client_reset() can close them after a failed test. */
static struct vtest_client *open_clients;

static int set_option(struct socket *sock, int option, int value)
{
	return sock->ops->setsockopt(sock, SOL_NETLINK, option, KERNEL_SOCKPTR(&value),
				     sizeof(value));
}

/**
 * vtest_client_open() - open a socket
 * @client: filled in
 * @net: the namespace
 * @protocol: NETLINK_GENERIC or NETLINK_ROUTE
 *
 * Return: 0 or a negative errno.
 */
int vtest_client_open(struct vtest_client *client, struct net *net, int protocol)
{
	int err;

	client->buf = kmalloc(VTEST_BUF, GFP_KERNEL);
	if (!client->buf)
		return -ENOMEM;
	err = sock_create_kern(net, AF_NETLINK, SOCK_RAW, protocol, &client->sock);
	if (err)
		goto err_buf;
	/* Capabilities are checked against the file's opener; fput() releases the socket. */
	client->file = sock_alloc_file(client->sock, O_NONBLOCK, NULL);
	if (IS_ERR(client->file)) {
		err = PTR_ERR(client->file);
		goto err_buf;
	}
	client->outer = open_clients;
	open_clients = client;
	err = set_option(client->sock, NETLINK_EXT_ACK, 1);
	if (!err)
		err = set_option(client->sock, NETLINK_CAP_ACK, 1);
	if (!err)
		err = set_option(client->sock, NETLINK_GET_STRICT_CHK, 1);
	if (err)
		vtest_client_close(client);
	return err;

err_buf:
	kfree(client->buf);
	return err;
}

/**
 * vtest_client_close() - close a socket
 * @client: the socket
 */
void vtest_client_close(struct vtest_client *client)
{
	struct vtest_client **link = &open_clients;

	while (*link != client)
		link = &(*link)->outer;
	*link = client->outer;
	fput(client->file);
	flush_delayed_fput();
	kfree(client->buf);
}

/**
 * vtest_client_join() - join a multicast group of the family
 * @client: the socket
 * @group: index of the family's group
 *
 * Return: 0 or a negative errno.
 */
int vtest_client_join(struct vtest_client *client, int group)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	int err;

	/*
	 * A socket without a port id gets no multicast. The cast is there because the type of
	 * the parameter depends on the kernel.
	 */
	err = kernel_bind(client->sock, (void *)&addr, sizeof(addr));
	if (err)
		return err;
	return set_option(client->sock, NETLINK_ADD_MEMBERSHIP,
			  vdhcp_netlink_family.mcgrp_offset + group);
}

/**
 * vtest_client_reset() - close all sockets that a test left open
 */
void vtest_client_reset(void)
{
	while (open_clients)
		vtest_client_close(open_clients);
}

/**
 * vtest_request() - begin a request to the family
 * @cmd: enum vdhcp_cmd
 * @flags: NLM_F_* in addition to NLM_F_REQUEST
 *
 * Return: the request, for attributes to be added; NULL if out of memory.
 */
struct sk_buff *vtest_request(u8 cmd, u16 flags)
{
	struct sk_buff *skb = nlmsg_new(VTEST_BUF, GFP_KERNEL);

	if (skb)
		genlmsg_put(skb, 0, 1, &vdhcp_netlink_family, NLM_F_REQUEST | flags, cmd);
	return skb;
}

/**
 * vtest_send() - send a request
 * @client: the socket
 * @request: the request, which is consumed
 *
 * Return: 0 or a negative errno of the socket.
 */
int vtest_send(struct vtest_client *client, struct sk_buff *request)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	struct msghdr msg = {
		.msg_name = &addr, .msg_namelen = sizeof(addr), .msg_flags = MSG_DONTWAIT,
	};
	struct kvec vec;
	int ret;

	if (!request)
		return -ENOMEM;
	nlmsg_hdr(request)->nlmsg_len = request->len;
	vec.iov_base = request->data;
	vec.iov_len = request->len;
	ret = kernel_sendmsg(client->sock, &msg, &vec, 1, vec.iov_len);
	consume_skb(request);
	return min(ret, 0);
}

static void read_ack_attrs(struct vtest_answer *answer, const struct nlmsghdr *nlh, int offset)
{
	const struct nlattr *attr;
	int rem;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	nlmsg_for_each_attr(attr, nlh, offset, rem) {
		if (nla_type(attr) == NLMSGERR_ATTR_MSG)
			nla_strscpy(answer->text, attr, sizeof(answer->text));
		if (nla_type(attr) == NLMSGERR_ATTR_OFFS)
			answer->at = nla_get_u32(attr);
		if (nla_type(attr) == NLMSGERR_ATTR_MISS_TYPE)
			answer->missing = nla_get_u32(attr);
	}
}

/* Adds a message to the answer. Returns true if it was the last one. */
static bool is_last_message(struct vtest_answer *answer, const struct nlmsghdr *nlh)
{
	struct sk_buff *object;

	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		answer->intr = true;
	if (nlh->nlmsg_type == NLMSG_ERROR) {
		answer->err = ((const struct nlmsgerr *)nlmsg_data(nlh))->error;
		read_ack_attrs(answer, nlh, sizeof(struct nlmsgerr));
		return true;
	}
	if (nlh->nlmsg_type == NLMSG_DONE) {
		answer->err = *(const int *)nlmsg_data(nlh);
		read_ack_attrs(answer, nlh, sizeof(int));
		return true;
	}
	object = alloc_skb(nlh->nlmsg_len, GFP_KERNEL);
	if (object) {
		skb_put_data(object, nlh, nlh->nlmsg_len);
		skb_queue_tail(&answer->objects, object);
	}
	answer->n++;
	return false;
}

/**
 * vtest_receive() - receive one buffer
 * @client: the socket
 * @answer: its messages are added
 *
 * Return: 1 if more follows, 0 at the end, a negative errno of the socket.
 */
int vtest_receive(struct vtest_client *client, struct vtest_answer *answer)
{
	struct kvec vec = { .iov_base = client->buf, .iov_len = VTEST_BUF };
	struct msghdr msg = {};
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)client->buf;
	int left;

	left = kernel_recvmsg(client->sock, &msg, &vec, 1, VTEST_BUF, MSG_DONTWAIT);
	if (left < 0)
		return left;
	if (msg.msg_flags & MSG_TRUNC)
		return -EMSGSIZE;
	for (; nlmsg_ok(nlh, left); nlh = nlmsg_next(nlh, &left))
		if (is_last_message(answer, nlh))
			return 0;
	return 1;
}

/**
 * vtest_drain() - receive the rest of an answer
 * @client: the socket
 * @answer: objects are added; the error stays
 */
void vtest_drain(struct vtest_client *client, struct vtest_answer *answer)
{
	int err = answer->err, i;

	for (i = 0; i < 10; i++)
		if (vtest_receive(client, answer) == -EAGAIN)
			break;
	answer->err = err;
}

/**
 * vtest_ask() - send a request and receive the whole answer
 * @client: the socket
 * @request: requests an acknowledgment or a dump; consumed
 * @answer: filled in; free it with vtest_answer_free()
 */
void vtest_ask(struct vtest_client *client, struct sk_buff *request,
	       struct vtest_answer *answer)
{
	int ret;

	vtest_answer_init(answer);
	ret = vtest_send(client, request);
	while (!ret) {
		ret = vtest_receive(client, answer);
		if (!ret)
			return;
		ret = min(ret, 0);
	}
	answer->err = ret;
}

/**
 * vtest_answer_init() - initialise an empty answer
 * @answer: the answer
 */
void vtest_answer_init(struct vtest_answer *answer)
{
	memset(answer, 0, sizeof(*answer));
	skb_queue_head_init(&answer->objects);
}

/**
 * vtest_answer_free() - free the objects of an answer
 * @answer: the answer
 */
void vtest_answer_free(struct vtest_answer *answer)
{
	skb_queue_purge(&answer->objects);
}

/**
 * vtest_attr() - find the first attribute of a type
 * @object: from an answer; may be NULL
 * @type: its number
 *
 * Return: the attribute, NULL if there is none.
 */
const struct nlattr *vtest_attr(const struct sk_buff *object, int type)
{
	if (!object)
		return NULL;
	return nlmsg_find_attr((const struct nlmsghdr *)object->data, GENL_HDRLEN, type);
}

/**
 * vtest_attr_count() - count attributes of a type
 * @object: from an answer; may be NULL
 * @type: their number
 *
 * Return: the number of attributes.
 */
unsigned int vtest_attr_count(const struct sk_buff *object, int type)
{
	const struct nlmsghdr *nlh;
	const struct nlattr *attr;
	unsigned int n = 0;
	int rem;

	if (!object)
		return 0;
	nlh = (const struct nlmsghdr *)object->data;
	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rem)
		n += nla_type(attr) == type;
	return n;
}

/**
 * vtest_cmd() - read the command of an object
 * @object: from an answer
 *
 * Return: enum vdhcp_cmd.
 */
u8 vtest_cmd(const struct sk_buff *object)
{
	const struct genlmsghdr *hdr = nlmsg_data((const struct nlmsghdr *)object->data);

	return hdr->cmd;
}
