/* SPDX-License-Identifier: GPL-2.0 */
/* Requests to the family and what the kernel says to them. */
#ifndef VDHCPCTL_NL_H
#define VDHCPCTL_NL_H

#include <linux/vdhcp.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <stdbool.h>
#include <stdint.h>

#include "sock.h"

/* Longest request, longer than anything the module takes. */
#define NL_REQUEST_MAX 65536

/**
 * struct answer - the kernel's acknowledgment of a request
 * @err: 0, or the errno it was refused with
 * @text: what the kernel says about it in words, or ""
 * @offset: of the attribute at fault from the start of the request, or 0
 * @missing: number of an attribute that should have been there, or 0
 * @nest: offset of the nest that should have held it, 0 is the request
 * @torn: the table changed while it was dumped
 */
struct answer {
	int err;
	char text[256];
	uint32_t offset;
	uint32_t missing;
	uint32_t nest;
	bool torn;
};

/**
 * struct info - what the module says of itself
 * @version: of the module
 * @abi: of the interface that it speaks
 * @generation: of the namespace's configuration
 * @subnets: how many there are
 * @ports: how many there are
 * @has_digest: there is one
 * @digest: what the last sync said of the configuration
 */
struct info {
	char version[64];
	uint32_t abi;
	uint32_t generation;
	uint32_t subnets;
	uint32_t ports;
	bool has_digest;
	uint8_t digest[VDHCP_DIGEST_LEN];
};

/**
 * struct kernel - a connection to the family
 * @sock: what carries it; its fd is -1 to begin with
 * @netns: network namespace to enter, NULL for none
 * @ready: connected, and the family is known
 * @family: number of the family
 * @events: number of its group of events, 0 if the module has none
 * @seq: sequence number of the last request
 * @info: what the module said when the connection was made
 */
struct kernel {
	struct sock sock;
	const char *netns;
	bool ready;
	uint16_t family;
	uint32_t events;
	uint32_t seq;
	struct info info;
};

/**
 * typedef reply_fn - looks at one message from the kernel
 * @hdr: the message
 * @arg: what the caller of kernel_talk() or kernel_dump() gave
 *
 * Return: a status; anything but STATUS_OK ends a dump.
 */
typedef int reply_fn(struct nlmsghdr *hdr, void *arg);

struct nl_msg *kernel_request(uint8_t cmd);
void request_reset(struct nl_msg *msg);
void request_free(struct nl_msg *msg);
int kernel_connect(struct kernel *kernel);
int kernel_send(struct kernel *kernel, struct nl_msg *msg, int flags);
int kernel_wait(struct kernel *kernel, const struct nl_msg *msg, reply_fn *fn, void *arg,
		struct answer *answer);
int kernel_talk(struct kernel *kernel, struct nl_msg *msg, reply_fn *fn, void *arg,
		struct answer *answer);
int kernel_dump(struct kernel *kernel, struct nl_msg *msg, reply_fn *fn, void *arg,
		struct answer *answer);
int kernel_join(struct kernel *kernel);
void kernel_close(struct kernel *kernel);

int answer_read(struct nlmsghdr *hdr, struct answer *answer);

#endif /* VDHCPCTL_NL_H */
