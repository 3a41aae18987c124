/* SPDX-License-Identifier: GPL-2.0 */
/* Taps: devices with ports. */
#ifndef VDHCP_TAP_H
#define VDHCP_TAP_H

#include <linux/if.h>
#include <linux/netfilter.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include "net.h"

struct net_device;
struct vdhcp_cfg_err;
struct vdhcp_port;

/**
 * struct vdhcp_port_array - the ports of a device
 * @rcu: for freeing
 * @n: number of ports, never 0
 * @port: the ports in ascending order of their VLAN ids
 *
 * An array is never modified, but replaced.
 */
struct vdhcp_port_array {
	struct rcu_head rcu;
	u16 n;
	struct vdhcp_port *port[];
};

/**
 * struct vdhcp_tap - a device name with ports
 * @by_name: in vdhcp_net.taps
 * @by_dev: in vdhcp_net.attached if @dev is not NULL
 * @name: name of the device, which need not exist
 * @dev: the device, NULL while the tap is detached; needs no reference, because
 *	the tap is detached when the device unregisters
 * @ports: ports on the device; NULL only while the first port is added or the
 *	last one is removed
 * @ops: the hook on @dev; part of the tap, because hook dumps read it under RCU
 * @rcu: for freeing
 *
 * All members except @ports, @ops and @rcu are protected by vdhcp_net.lock;
 * @dev, @by_dev and @ops change under RTNL as well.
 */
struct vdhcp_tap {
	struct rb_node by_name;
	struct rb_node by_dev;
	char name[IFNAMSIZ];
	struct net_device *dev;
	struct vdhcp_port_array __rcu *ports;
	struct nf_hook_ops ops;
	struct rcu_head rcu;
};

#ifdef CONFIG_64BIT
/* Limits the memory of a port, see port.h. */
static_assert(sizeof(struct vdhcp_tap) <= 192, "tap outgrew its slab");
#endif

/**
 * vdhcp_tap_ports() - get the ports of a device
 * @vn: the namespace; the caller holds its lock
 * @tap: the device
 *
 * Return: the ports, NULL while the first port is added.
 */
static inline struct vdhcp_port_array *
vdhcp_tap_ports(const struct vdhcp_net *vn, const struct vdhcp_tap *tap)
{
	return rcu_dereference_protected(tap->ports,
					 lockdep_is_held(&vn->lock));
}

const char *vdhcp_tap_unfit(const struct net_device *dev);
struct vdhcp_tap *vdhcp_tap_find(const struct vdhcp_net *vn, const char *name);
struct vdhcp_tap *vdhcp_tap_from(const struct vdhcp_net *vn, const char *name);
struct vdhcp_tap *vdhcp_tap_get(struct vdhcp_net *vn, const char *name,
				struct vdhcp_cfg_err *cfg_err);
void vdhcp_tap_del(struct vdhcp_net *vn, struct vdhcp_tap *tap);
int vdhcp_tap_register(void);
void vdhcp_tap_unregister(void);

#endif /* VDHCP_TAP_H */
