// SPDX-License-Identifier: GPL-2.0
/* Many requests in few datagrams. */
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "queue.h"
#include "request.h"

/**
 * queue_open() - make room for requests
 * @queue: queue
 * @kernel: where they go
 *
 * Return: a status.
 */
int queue_open(struct queue *queue, struct kernel *kernel)
{
	*queue = (struct queue){ .kernel = kernel, .buf = malloc(QUEUE_BYTES + REQUEST_MAX) };
	return queue->buf ? STATUS_OK : fail_memory();
}

/**
 * queue_add() - put a request behind the others
 * @queue: queue, which is not full
 * @hdr: the request, with its command and its attributes; it is copied
 * @flags: NLM_F_*
 *
 * Sequence numbers are given out here, so that those in a queue follow upon
 * each other.
 *
 * Return: the copy, which is there until the queue is cleared.
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
 * queue_full() - has the queue to be sent before something is added?
 * @queue: queue
 *
 * Return: true if it has.
 */
bool queue_full(const struct queue *queue)
{
	return queue->len >= QUEUE_BYTES || queue->count >= QUEUE_COUNT;
}

/**
 * queue_send() - send what is in the queue, as one datagram
 * @queue: queue, connected; its requests stay in its buffer
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
 * queue_clear() - forget the requests
 * @queue: queue
 */
void queue_clear(struct queue *queue)
{
	queue->len = 0;
	queue->count = 0;
}

/**
 * queue_close() - free what the queue holds
 * @queue: queue, open or all zero
 */
void queue_close(struct queue *queue)
{
	free(queue->buf);
	queue->buf = NULL;
}
