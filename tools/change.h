/* SPDX-License-Identifier: GPL-2.0 */
/* Which keys of an object changed, from what to what. */
#ifndef VDHCPCTL_CHANGE_H
#define VDHCPCTL_CHANGE_H

#include "attrs.h"

int change_print(struct out *out, const struct attr_set *set, const char *label,
		 const struct nlmsghdr *from, const struct nlmsghdr *to);

#endif /* VDHCPCTL_CHANGE_H */
