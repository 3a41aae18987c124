/* SPDX-License-Identifier: GPL-2.0 */
/* The connection to the family: made when it is needed, kept until the end. */
#ifndef VDHCPCTL_KERNEL_H
#define VDHCPCTL_KERNEL_H

#include "netlink.h"

int kernel_connect(struct kernel *kernel);
int kernel_send(struct kernel *kernel, struct nl_msg *msg, int flags);
int kernel_talk(struct kernel *kernel, struct nl_msg *msg, reply_fn *fn, void *arg,
		struct answer *answer);
int kernel_dump(struct kernel *kernel, struct nl_msg *msg, reply_fn *fn, void *arg,
		struct answer *answer);
/**
 * enum family_change - content of a message about a family
 * @FAMILY_OTHER: another family, or nothing that matters
 * @FAMILY_FOUND: the family exists
 * @FAMILY_REMOVED: the family was removed
 */
enum family_change { FAMILY_OTHER, FAMILY_FOUND, FAMILY_REMOVED };

enum family_change kernel_read_family(struct kernel *kernel, struct nlmsghdr *hdr);
int kernel_ask_families(struct kernel *kernel);
int kernel_join(struct kernel *kernel);
void kernel_close(struct kernel *kernel);

#endif /* VDHCPCTL_KERNEL_H */
