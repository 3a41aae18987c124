/* SPDX-License-Identifier: GPL-2.0 */
/* Requests that are sent together in one datagram. */
#ifndef VDHCPCTL_QUEUE_H
#define VDHCPCTL_QUEUE_H

#include "netlink.h"

/*
 * Limits of a datagram. The acknowledgments of QUEUE_COUNT requests, about 1 KiB
 * each, fit into the default receive buffer of 208 KiB.
 */
#define QUEUE_COUNT 128
#define QUEUE_BYTES 32768

/**
 * struct queue - requests that are sent together
 * @kernel: connection
 * @buf: requests, one after the other; it holds QUEUE_BYTES and one request of
 *       REQUEST_MAX
 * @len: bytes in @buf
 * @count: number of requests in @buf
 */
struct queue {
	struct kernel *kernel;
	char *buf;
	size_t len;
	unsigned int count;
};

int queue_open(struct queue *queue, struct kernel *kernel);
struct nlmsghdr *queue_add(struct queue *queue, const struct nlmsghdr *hdr, int flags);
bool queue_full(const struct queue *queue);
int queue_send(struct queue *queue);
void queue_clear(struct queue *queue);
void queue_close(struct queue *queue);

#endif /* VDHCPCTL_QUEUE_H */
