/* SPDX-License-Identifier: GPL-2.0 */
/* Requests on a connection, and the messages that answer them. */
#ifndef VDHCPCTL_NETLINK_H
#define VDHCPCTL_NETLINK_H

#include <linux/vdhcp.h>
#include <netlink/msg.h>
#include <stdbool.h>
#include <stdint.h>

#include "answer.h"
#include "sock.h"

/**
 * struct info - state of the module
 * @version: version of the module
 * @abi: version of its netlink interface
 * @generation: number of the namespace's configuration
 * @subnets: number of subnets
 * @ports: number of ports
 * @has_digest: @digest is set
 * @digest: digest that the last sync stored with the configuration
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
 * @sock: its socket; the fd is -1 at the beginning
 * @netns: network namespace to enter, NULL for none
 * @ready: connected, and the number of the family is known
 * @any_abi: accept a module with another version of the netlink interface, to show it
 * @family: number of the family
 * @events: number of its group of events, 0 if the module has none
 * @seq: sequence number of the last request
 * @info: what the module said when the connection was made
 */
struct kernel {
	struct sock sock;
	const char *netns;
	bool ready;
	bool any_abi;
	uint16_t family;
	uint32_t events;
	uint32_t seq;
	struct info info;
};

/**
 * typedef reply_fn - handles one message of the kernel
 * @hdr: message
 * @arg: argument that the caller of netlink_wait() gave
 *
 * Return: a status; anything but STATUS_OK ends a dump.
 */
typedef int reply_fn(struct nlmsghdr *hdr, void *arg);

int netlink_send(struct kernel *kernel, struct nl_msg *msg, uint16_t family, int flags);
int netlink_wait(struct kernel *kernel, const struct nl_msg *msg, reply_fn *fn, void *arg,
		 struct answer *answer);

#endif /* VDHCPCTL_NETLINK_H */
