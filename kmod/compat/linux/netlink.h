/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VDHCP_COMPAT_LINUX_NETLINK_H
#define VDHCP_COMPAT_LINUX_NETLINK_H

#include_next <linux/netlink.h>

/* 6.1: the number of a missing attribute is reported. */
#ifndef NL_SET_ERR_ATTR_MISS
#define NL_SET_ERR_ATTR_MISS(extack, nest, type) do { } while (0)
#endif

/*
 * 6.2: extended acknowledgments have room for a text that was made up on the
 * spot. Before, they can only point to one, and look at it after the handler
 * has returned; so it is kept until as many more texts were made. Who is nobody
 * on the host gets none, and can neither have one read that was made for
 * another, nor make so many that one changes while it is looked at.
 */
#ifndef NL_SET_ERR_MSG_FMT
#include <linux/atomic.h>
#include <linux/capability.h>
#include <linux/kernel.h>
#include <linux/user_namespace.h>

#define NETLINK_MAX_FMTMSG_LEN	80
#define VDHCP_COMPAT_MSGS	256

__printf(1, 2)
static inline const char *vdhcp_compat_msg(const char *fmt, ...)
{
	static char ring[VDHCP_COMPAT_MSGS][NETLINK_MAX_FMTMSG_LEN];
	static atomic_t last;
	va_list args;
	char *msg;

	if (!ns_capable_noaudit(&init_user_ns, CAP_NET_ADMIN))
		return "details are only shown to root of the host before Linux 6.2";
	msg = ring[(unsigned int)atomic_inc_return(&last) % VDHCP_COMPAT_MSGS];
	va_start(args, fmt);
	vsnprintf(msg, NETLINK_MAX_FMTMSG_LEN, fmt, args);
	va_end(args);
	return msg;
}

#define NL_SET_ERR_MSG_FMT(extack, fmt, args...) do {		\
	struct netlink_ext_ack *__extack = (extack);		\
								\
	if (__extack)						\
		__extack->_msg = vdhcp_compat_msg(fmt, ##args);	\
} while (0)
#endif

#endif /* VDHCP_COMPAT_LINUX_NETLINK_H */
