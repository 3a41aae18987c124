/* SPDX-License-Identifier: GPL-2.0 */
/* The canonical form of an object, which can be compared byte by byte. */
#ifndef VDHCPCTL_CANON_H
#define VDHCPCTL_CANON_H

#include "attrs.h"

int canon_load(const struct attr_set *set, const json_t *object, struct nl_msg *msg);
int canon_copy(const struct attr_set *set, const struct nlmsghdr *hdr, struct nl_msg *msg);

#endif /* VDHCPCTL_CANON_H */
