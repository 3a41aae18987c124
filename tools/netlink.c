// SPDX-License-Identifier: GPL-2.0
/* Requests on a connection, and the messages that answer them. */
#include <linux/netlink.h>

#include "err.h"
#include "netlink.h"

/**
 * netlink_send() - send a request on a connection
 * @kernel: connection, whose socket is open
 * @msg: request; it can be sent again
 * @family: number of the family
 * @flags: NLM_F_ACK, NLM_F_DUMP and others
 *
 * Return: a status.
 */
int netlink_send(struct kernel *kernel, struct nl_msg *msg, uint16_t family, int flags)
{
	struct nlmsghdr *hdr = nlmsg_hdr(msg);

	hdr->nlmsg_type = family;
	hdr->nlmsg_seq = ++kernel->seq;
	hdr->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	return sock_send(&kernel->sock, hdr, hdr->nlmsg_len);
}

/**
 * netlink_wait() - wait for the acknowledgment of a request
 * @kernel: connection
 * @msg: request, sent with NLM_F_ACK or NLM_F_DUMP
 * @fn: called for each message before the acknowledgment; may be NULL
 * @arg: argument of @fn
 * @answer: the acknowledgment
 *
 * Messages that do not belong to @msg are dropped. If several requests are under
 * way, they have to be waited for in the order in which they were sent.
 *
 * Return: a status. STATUS_OK with @answer->err says that the kernel refused;
 * nothing was printed about that.
 */
int netlink_wait(struct kernel *kernel, const struct nl_msg *msg, reply_fn *fn, void *arg,
		 struct answer *answer)
{
	uint32_t seq = nlmsg_hdr((struct nl_msg *)msg)->nlmsg_seq;
	struct nlmsghdr *hdr;
	int err = STATUS_OK;
	bool torn = false;
	ssize_t received;
	int len, status;

	*answer = (struct answer){ 0 };
	for (;;) {
		received = sock_receive(&kernel->sock);
		if (received < 0)
			return STATUS_SYSTEM;
		len = (int)received;
		for (hdr = (struct nlmsghdr *)kernel->sock.buf; nlmsg_ok(hdr, len);
		     hdr = nlmsg_next(hdr, &len)) {
			if (hdr->nlmsg_seq != seq)
				continue;
			if (hdr->nlmsg_flags & NLM_F_DUMP_INTR)
				torn = true;
			if (hdr->nlmsg_type == NLMSG_ERROR || hdr->nlmsg_type == NLMSG_DONE) {
				status = answer_read(hdr, answer);
				answer->torn = torn;
				return status ? status : err;
			}
			if (hdr->nlmsg_type >= NLMSG_MIN_TYPE && fn && !err)
				err = fn(hdr, arg);
		}
	}
}
