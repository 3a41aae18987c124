/* SPDX-License-Identifier: GPL-2.0 */
/* A netlink client within the kernel, over a real socket. */
#ifndef VDHCP_KUNIT_CLIENT_H
#define VDHCP_KUNIT_CLIENT_H

#include <linux/skbuff.h>
#include <net/genetlink.h>
#include "kunit_compat.h"

/**
 * struct vtest_client - an open socket
 * @file: what holds it
 * @sock: the socket
 * @buf: of %VTEST_BUF bytes, for what is received
 * @outer: one that was open before
 */
struct vtest_client {
	struct file *file;
	struct socket *sock;
	u8 *buf;
	struct vtest_client *outer;
};

/* Bytes that one recvmsg() takes, and so the most that one buffer of a dump has. */
#define VTEST_BUF 16384

/**
 * struct vtest_answer - what came back for one request
 * @err: of the acknowledgment, the end of the dump, or the socket
 * @text: what extack says, "" for nothing
 * @at: offset in the request of the attribute to blame, 0 for none
 * @missing: number of the attribute that is missing, 0 for none
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

/* Attributes of an object as the answer has it. */
const struct nlattr *vtest_attr(const struct sk_buff *object, int type);
unsigned int vtest_attr_count(const struct sk_buff *object, int type);
u8 vtest_cmd(const struct sk_buff *object);

#endif /* VDHCP_KUNIT_CLIENT_H */
