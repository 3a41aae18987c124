/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VDHCP_COMPAT_NET_GENETLINK_H
#define VDHCP_COMPAT_NET_GENETLINK_H

#include_next <net/genetlink.h>

/*
 * Flag of struct genl_multicast_group: joining the group requires CAP_NET_ADMIN
 * in the user namespace of the network namespace. 6.7 and some stable kernels
 * have it; the others let every user join.
 */
#ifdef GENL_MCAST_CAP_NET_ADMIN
#define VDHCP_COMPAT_MCAST_ADMIN	.flags = GENL_MCAST_CAP_NET_ADMIN,
#else
#define VDHCP_COMPAT_MCAST_ADMIN
#endif

#endif /* VDHCP_COMPAT_NET_GENETLINK_H */
