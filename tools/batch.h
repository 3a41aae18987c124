/* SPDX-License-Identifier: GPL-2.0 */
/* Requests of a batch: gathered, and sent many at a time. */
#ifndef VDHCPCTL_BATCH_H
#define VDHCPCTL_BATCH_H

#include "attrs.h"
#include "queue.h"

/**
 * struct pending - a request without its acknowledgment
 * @set: keys of the object, NULL for a request without attributes
 * @hdr: request
 * @line: number of the line in the file
 */
struct pending {
	const struct attr_set *set;
	const struct nlmsghdr *hdr;
	unsigned long line;
};

/**
 * struct batch - commands that do not wait for each other
 * @ctx: context
 * @name: name of the file, "-" is stdin
 * @line: number of the line that is being run
 * @queue: requests that were not sent yet
 * @pending: one for each request in @queue
 * @chained: the kernel will refuse all requests after a failure
 * @settling: the queue is being sent
 * @stopped: a line failed, no further line is run
 * @status: status of the first line that failed
 */
struct batch {
	struct ctx *ctx;
	const char *name;
	unsigned long line;
	struct queue queue;
	struct pending pending[QUEUE_COUNT];
	bool chained;
	bool settling;
	bool stopped;
	int status;
};

int batch_begin(struct kernel *kernel, uint8_t mode, const uint32_t *generation,
		struct answer *answer);
int batch_open(struct batch *batch, struct ctx *ctx, const char *name);
int batch_write(struct batch *batch, const struct attr_set *set, struct nl_msg *msg);
int batch_settle(struct batch *batch);
void batch_fail(struct batch *batch, unsigned long line, int status);
void batch_break(struct batch *batch);
void batch_close(struct batch *batch);

#endif /* VDHCPCTL_BATCH_H */
