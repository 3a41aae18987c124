/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VDHCP_COMPAT_LINUX_NETDEVICE_H
#define VDHCP_COMPAT_LINUX_NETDEVICE_H

#include_next <linux/netdevice.h>

/*
 * Packets that a driver has dropped on transmit on this CPU. Since 5.18 the
 * device has counters for them, and Kbuild checks for these counters. On older
 * kernels each driver has its own counters, so no drop is seen.
 */
static inline unsigned long
vdhcp_compat_tx_dropped(const struct net_device *dev)
{
#ifdef VDHCP_COMPAT_CORE_STATS
	const struct net_device_core_stats __percpu *stats;

	stats = READ_ONCE(dev->core_stats);
	return stats ? READ_ONCE(this_cpu_ptr(stats)->tx_dropped) : 0;
#else
	return 0;
#endif
}

#endif /* VDHCP_COMPAT_LINUX_NETDEVICE_H */
