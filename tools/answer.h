/* SPDX-License-Identifier: GPL-2.0 */
/* Acknowledgments of the kernel, and the error messages that follow from them. */
#ifndef VDHCPCTL_ANSWER_H
#define VDHCPCTL_ANSWER_H

#include <netlink/msg.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * struct answer - the kernel's acknowledgment of a request
 * @err: 0, or the errno that the request was refused with
 * @text: reason in words, or ""
 * @offset: offset of the attribute at fault from the start of the request, or 0
 * @missing: number of an attribute that is missing, or 0
 * @nest: offset of the nest that @missing belongs into, 0 for the request itself
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

int answer_read(struct nlmsghdr *hdr, struct answer *answer);
void answer_set_module(const char *version);
const char *answer_text(const struct answer *answer, size_t *len);
int fail_answer(const struct answer *answer, const char *where);

#endif /* VDHCPCTL_ANSWER_H */
