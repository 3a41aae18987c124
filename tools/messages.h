/* SPDX-License-Identifier: GPL-2.0 */
/* Copies of messages, kept one after the other. */
#ifndef VDHCPCTL_MESSAGES_H
#define VDHCPCTL_MESSAGES_H

#include <netlink/msg.h>
#include <stddef.h>

/**
 * struct messages - copies of messages, all zero at the beginning
 * @data: the copies; they move when a message is added
 * @len: bytes used of @data
 * @size: size of @data
 * @count: number of messages
 */
struct messages {
	char *data;
	size_t len;
	size_t size;
	size_t count;
};

int messages_add(struct nlmsghdr *hdr, void *arg);
struct nlmsghdr *messages_next(const struct messages *messages, struct nlmsghdr *hdr);
void messages_free(struct messages *messages);

#endif /* VDHCPCTL_MESSAGES_H */
