/* SPDX-License-Identifier: GPL-2.0 */
/* A netlink client in the kernel, on a real socket. */
#ifndef VDHCP_KUNIT_CLIENT_H
#define VDHCP_KUNIT_CLIENT_H

#include <linux/skbuff.h>
#include <net/genetlink.h>
#include "kunit_compat.h"

/**
 * struct vtest_client - an open socket
 * @file: file of the socket
 * @sock: the socket
 * @buf: receive buffer of %VTEST_BUF bytes
 * @outer: next in the list of open sockets
 */
struct vtest_client {
	struct file *file;
	struct socket *sock;
	u8 *buf;
	struct vtest_client *outer;
};

/* Bytes of one recvmsg(), and so the largest buffer of a dump. */
#define VTEST_BUF 16384

/**
 * struct vtest_answer - answer to a request
 * @err: errno from the acknowledgment, the end of the dump, or the socket
 * @text: message of extack, "" for none
 * @at: offset in the request of the attribute that extack points to, 0 for none
 * @missing: number of the missing attribute, 0 for none
 * @intr: a dump was interrupted
 * @n: messages in @objects
 * @objects: one skb for each object, from its netlink header on
 */
struct vtest_answer {
	int err;
	char text[128];
	u32 at;
	u32 missing;
	bool intr;
	unsigned int n;
	struct sk_buff_head objects;
};

int vtest_client_open(struct vtest_client *client, struct net *net, int protocol);
void vtest_client_close(struct vtest_client *client);
void vtest_client_reset(void);

int vtest_client_join(struct vtest_client *client, int group);

struct sk_buff *vtest_request(u8 cmd, u16 flags);
int vtest_send(struct vtest_client *client, struct sk_buff *request);
int vtest_receive(struct vtest_client *client, struct vtest_answer *answer);
void vtest_drain(struct vtest_client *client, struct vtest_answer *answer);
void vtest_ask(struct vtest_client *client, struct sk_buff *request,
	       struct vtest_answer *answer);
void vtest_answer_init(struct vtest_answer *answer);
void vtest_answer_free(struct vtest_answer *answer);

/* Attributes of an object in an answer. */
const struct nlattr *vtest_attr(const struct sk_buff *object, int type);
unsigned int vtest_attr_count(const struct sk_buff *object, int type);
u8 vtest_cmd(const struct sk_buff *object);

#endif /* VDHCP_KUNIT_CLIENT_H */
