// SPDX-License-Identifier: GPL-2.0
/* Requests that are sent together in one datagram. */
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "queue.h"
#include "request.h"

/**
 * queue_open() - allocate a queue
 * @queue: queue
 * @kernel: connection
 *
 * Return: a status.
 */
int queue_open(struct queue *queue, struct kernel *kernel)
{
	*queue = (struct queue){ .kernel = kernel, .buf = malloc(QUEUE_BYTES + REQUEST_MAX) };
	return queue->buf ? STATUS_OK : fail_memory();
}

/**
 * queue_add() - append a request
 * @queue: queue, not full
 * @hdr: request, with its command and its attributes; it is copied
 * @flags: NLM_F_*
 *
 * Assigns the sequence numbers, so that those of a queue are consecutive.
 *
 * Return: the copy, valid until queue_clear().
 */
struct nlmsghdr *queue_add(struct queue *queue, const struct nlmsghdr *hdr, int flags)
{
	struct nlmsghdr *copy = (struct nlmsghdr *)(queue->buf + queue->len);

	memcpy(copy, hdr, hdr->nlmsg_len);
	memset((char *)copy + hdr->nlmsg_len, 0, NLMSG_ALIGN(hdr->nlmsg_len) - hdr->nlmsg_len);
	copy->nlmsg_seq = ++queue->kernel->seq;
	copy->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	copy->nlmsg_pid = 0;
	queue->len += NLMSG_ALIGN(hdr->nlmsg_len);
	queue->count++;
	return copy;
}

/**
 * queue_full() - check whether the queue has to be sent before queue_add()
 * @queue: queue
 *
 * Return: true if it has.
 */
bool queue_full(const struct queue *queue)
{
	return queue->len >= QUEUE_BYTES || queue->count >= QUEUE_COUNT;
}

/**
 * queue_send() - send all requests in one datagram
 * @queue: queue, connected; the requests stay in its buffer
 *
 * Return: a status.
 */
int queue_send(struct queue *queue)
{
	struct nlmsghdr *hdr;
	int len = (int)queue->len;

	for (hdr = (struct nlmsghdr *)queue->buf; nlmsg_ok(hdr, len); hdr = nlmsg_next(hdr, &len))
		hdr->nlmsg_type = queue->kernel->family;
	return sock_send(&queue->kernel->sock, queue->buf, queue->len);
}

/**
 * queue_clear() - remove all requests
 * @queue: queue
 */
void queue_clear(struct queue *queue)
{
	queue->len = 0;
	queue->count = 0;
}

/**
 * queue_close() - free a queue
 * @queue: queue, open or all zero
 */
void queue_close(struct queue *queue)
{
	free(queue->buf);
	queue->buf = NULL;
}
