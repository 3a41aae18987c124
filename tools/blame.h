/* SPDX-License-Identifier: GPL-2.0 */
/* Error messages about a request that the kernel refused. */
#ifndef VDHCPCTL_BLAME_H
#define VDHCPCTL_BLAME_H

#include "answer.h"
#include "attrs.h"

int fail_request(const struct attr_set *set, const struct nlmsghdr *hdr,
		 const struct answer *answer);

#endif /* VDHCPCTL_BLAME_H */
