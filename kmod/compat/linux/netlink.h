/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VDHCP_COMPAT_LINUX_NETLINK_H
#define VDHCP_COMPAT_LINUX_NETLINK_H

#include_next <linux/netlink.h>

/* Since 6.1 an acknowledgment reports the type of a missing attribute. */
#ifndef NL_SET_ERR_ATTR_MISS
#define NL_SET_ERR_ATTR_MISS(extack, nest, type) do { } while (0)
#endif

/*
 * Since 6.2 struct netlink_ext_ack has a buffer for formatted text. Before, it
 * only points to a text, which the core reads after the handler has returned.
 * So the text is kept in a ring of 256. Only callers with CAP_NET_ADMIN in the
 * initial user namespace get formatted text: others could read another caller's
 * text, or wrap the ring while the core reads a text.
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
		return "details are only available to host root on kernels before 6.2";
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
