/* SPDX-License-Identifier: GPL-2.0 */
/* Many requests in few datagrams. */
#ifndef VDHCPCTL_QUEUE_H
#define VDHCPCTL_QUEUE_H

#include "netlink.h"

/*
 * What one datagram holds: as many requests as have room for their
 * acknowledgments in the receive buffer of a system that nobody tuned (208 KiB,
 * in which an acknowledgment takes about 1 KiB), and about as many bytes.
 */
#define QUEUE_COUNT 128
#define QUEUE_BYTES 32768

/**
 * struct queue - requests that go out together
 * @kernel: where they go
 * @buf: the requests, one after the other; room for @QUEUE_BYTES and one that
 *       is as long as can be
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
