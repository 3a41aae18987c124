/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VDHCP_COMPAT_LINUX_NETDEVICE_H
#define VDHCP_COMPAT_LINUX_NETDEVICE_H

#include_next <linux/netdevice.h>

/*
 * What a driver has dropped in transmission on this processor. From 5.18 on the
 * device has counters for that, which Kbuild looks for; before, each driver
 * keeps them where it likes, and nothing ever seems to be dropped.
 */
static inline unsigned long vdhcp_compat_tx_dropped(const struct net_device *dev)
{
#ifdef VDHCP_COMPAT_CORE_STATS
	const struct net_device_core_stats __percpu *stats = READ_ONCE(dev->core_stats);

	return stats ? READ_ONCE(this_cpu_ptr(stats)->tx_dropped) : 0;
#else
	return 0;
#endif
}

#endif /* VDHCP_COMPAT_LINUX_NETDEVICE_H */
