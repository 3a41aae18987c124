/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ports. The files of the tables call each other in one direction only: a file
 * calls functions of files to its right. It may use structures of files to its
 * left.
 *
 *	pernet -> commit -> batch -> port -> tap -> hook -> client, event,
 *							    stats, xmit
 *			     port, batch -> subnet -> binding -> net
 *
 * main, netlink and nl_* are to the left of all others, the engine is to the
 * right.
 * tests/circles.py checks that there is no circle.
 */
#ifndef VDHCP_PORT_H
#define VDHCP_PORT_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include "binding.h"
#include "client.h"
#include "engine/bucket.h"
#include "engine/conf.h"
#include "net.h"
#include "stats.h"
#include "tap.h"

struct vdhcp_subnet;

/**
 * struct vdhcp_port_snap - the part of a port that the packet path reads
 * @rcu: for freeing
 * @ip4_subnet: subnet of the IPv4 address in @conf; NULL if there is none, but
 *	never NULL in mode serve
 * @bucket: rate limit
 * @conf: compiled port with the IPv4 address and its MAC; the last member
 *	because it has no fixed size; vdhcp_port_bindings() follow it
 *
 * A snapshot is never modified, but replaced; only the list nodes of its
 * bindings change. It holds the addresses together with the subnet, so that a
 * packet never combines the addresses of one configuration with the subnet of
 * another.
 */
struct vdhcp_port_snap {
	struct rcu_head rcu;
	struct vdhcp_subnet *ip4_subnet;
	struct vdhcp_bucket bucket;
	struct vdhcp_port_conf conf;
};

/**
 * struct vdhcp_port - a port
 * @tap: the device of the port
 * @vlan: VLAN id, 0 for untagged
 * @rcu: for freeing
 * @snap: current snapshot, never NULL; vdhcp_port_get_spec() restores the spec
 *	from it
 * @full_at: state of the token bucket, see vdhcp_bucket_take()
 * @event_jiffies: time of the last report of each limited event, in jiffies
 *	with the lowest bit set; 0 for never
 * @suppressed: number of unreported events since then, for each limited event
 * @counts: blocks of counters, indexed by enum vdhcp_group; NULL if the port
 *	never used the group; the block of group dhcp4 also holds
 *	vdhcp_port_client()
 *
 * Packets write @event_jiffies with cmpxchg(), and the atomic members.
 */
struct vdhcp_port {
	struct vdhcp_tap *tap;
	u16 vlan;
	struct rcu_head rcu;
	struct vdhcp_port_snap __rcu *snap;
	atomic64_t full_at;
	u32 event_jiffies[VDHCP_EVENT_LIMITS];
	atomic_t suppressed[VDHCP_EVENT_LIMITS];
	atomic64_t __rcu *counts[VDHCP_GROUPS];
};

/*
 * A host may have 100,000 ports, so a port must need less than 1 KiB. The sum
 * consists of struct vdhcp_port (88 bytes), the counters (168 for frames; 360
 * for DHCPv4, including the guest's state, if the port answers it), the tap,
 * the snapshot (192 with a host name of up to 18 bytes), the array of ports
 * (32) and netfilter's entry (64). Ports and counters have caches of their own,
 * so that one more byte costs one byte and not the next larger slab.
 *
 * All lasting memory is charged to the memory cgroup of the caller
 * (GFP_KERNEL_ACCOUNT, SLAB_ACCOUNT), because the root user of any user
 * namespace can add ports.
 */
#ifdef CONFIG_64BIT
static_assert(sizeof(struct vdhcp_port) <= 96, "port costs too much");
#endif

/**
 * vdhcp_port_array_seek() - find the position of a VLAN id in an array of ports
 * @ports: the ports of the device
 * @vlan: VLAN id, 0 for untagged
 *
 * Return: index of the first port whose VLAN id is @vlan or above.
 */
static inline unsigned int
vdhcp_port_array_seek(const struct vdhcp_port_array *ports, u16 vlan)
{
	unsigned int low = 0, high = ports->n, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (ports->port[mid]->vlan < vlan)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/**
 * vdhcp_port_array_find() - find the port with a VLAN id
 * @ports: the ports of a device, or NULL
 * @vlan: VLAN id, 0 for untagged
 *
 * Return: the port, NULL if there is none.
 */
static inline struct vdhcp_port *
vdhcp_port_array_find(const struct vdhcp_port_array *ports, u16 vlan)
{
	unsigned int i;

	if (!ports)
		return NULL;
	i = vdhcp_port_array_seek(ports, vlan);
	return i < ports->n && ports->port[i]->vlan == vlan ? ports->port[i]
							    : NULL;
}

/**
 * vdhcp_port_judge() - find the port that judges a VLAN
 * @tap: the device that received the packet
 * @vlan: VLAN id, 0 for untagged
 *
 * Context: RCU read side.
 * Return: the port of the VLAN; without one, the port of the device with the
 * lowest VLAN id; NULL while the first port is added.
 */
static inline struct vdhcp_port *vdhcp_port_judge(const struct vdhcp_tap *tap,
						  u16 vlan)
{
	const struct vdhcp_port_array *ports = rcu_dereference(tap->ports);

	if (!ports)
		return NULL;
	/* Most frames are untagged, and most devices have such a port. */
	if (ports->port[0]->vlan == vlan)
		return ports->port[0];
	return vdhcp_port_array_find(ports, vlan) ?: ports->port[0];
}

/**
 * vdhcp_port_get_snap() - get the current snapshot of a port
 * @vn: the namespace; the caller holds its lock
 * @port: the port
 *
 * Return: never NULL.
 */
static inline struct vdhcp_port_snap *
vdhcp_port_get_snap(const struct vdhcp_net *vn, const struct vdhcp_port *port)
{
	return rcu_dereference_protected(port->snap,
					 lockdep_is_held(&vn->lock));
}

/**
 * vdhcp_port_bindings() - get the bindings of a snapshot
 * @snap: the snapshot
 *
 * Return: an array of @snap->conf.n_addresses bindings.
 */
static inline struct vdhcp_binding *
vdhcp_port_bindings(const struct vdhcp_port_snap *snap)
{
	return (void *)PTR_ALIGN((const u8 *)&snap->conf + snap->conf.size,
				 __alignof__(struct vdhcp_binding));
}

/**
 * vdhcp_port_client() - get the state of a port's guest
 * @port: the port; the caller keeps it from being freed
 *
 * Context: any.
 * Return: the state; NULL if the port never answered DHCPv4.
 */
static inline struct vdhcp_client *
vdhcp_port_client(const struct vdhcp_port *port)
{
	struct vdhcp_dhcp4_block *block;
	atomic64_t *counts;

	/* A block lives as long as its port. */
	counts = rcu_dereference_raw(port->counts[VDHCP_GROUP_DHCP4]);
	if (!counts)
		return NULL;
	block = container_of(counts, struct vdhcp_dhcp4_block, counts[0]);
	return &block->client;
}

int vdhcp_port_register(void);
void vdhcp_port_unregister(void);
struct vdhcp_port *vdhcp_port_alloc(void);
void vdhcp_port_free(struct vdhcp_port *port);
int vdhcp_port_reserve(struct vdhcp_net *vn, struct vdhcp_port *port,
		       const struct vdhcp_port_snap *snap);
struct vdhcp_port *vdhcp_port_find(const struct vdhcp_net *vn, const char *dev,
				   u16 vlan);
struct vdhcp_port *vdhcp_port_after(const struct vdhcp_net *vn, const char *dev,
				    u16 vlan);
struct vdhcp_port_snap *
vdhcp_port_compile_snap(struct vdhcp_net *vn,
			const struct vdhcp_port_spec *spec,
			struct vdhcp_cfg_err *cfg_err);
void vdhcp_port_get_spec(const struct vdhcp_net *vn,
			 const struct vdhcp_port *port,
			 struct vdhcp_port_spec *spec);
struct vdhcp_port_snap *vdhcp_port_copy_snap(const struct vdhcp_net *vn,
					     const struct vdhcp_port *port);
void vdhcp_port_rebind_snap(struct vdhcp_port_snap *snap,
			    const struct vdhcp_subnet *old,
			    struct vdhcp_subnet *subnet);
void vdhcp_port_init_snap(struct vdhcp_net *vn, struct vdhcp_port *port,
			  struct vdhcp_port_snap *snap);
void vdhcp_port_publish(struct vdhcp_net *vn, struct vdhcp_port *port,
			struct vdhcp_port_snap *snap);
void vdhcp_port_drop(struct vdhcp_net *vn, struct vdhcp_port *port);
struct vdhcp_port_array *vdhcp_port_array_alloc(unsigned int n);
struct vdhcp_port *vdhcp_port_add(struct vdhcp_net *vn, const char *dev,
				  u16 vlan, const struct vdhcp_port_spec *spec,
				  struct vdhcp_cfg_err *cfg_err);
int vdhcp_port_set(struct vdhcp_net *vn, struct vdhcp_port *port,
		   const struct vdhcp_port_spec *spec,
		   struct vdhcp_cfg_err *cfg_err);
int vdhcp_port_del(struct vdhcp_net *vn, struct vdhcp_port *port);
void vdhcp_port_flush(struct vdhcp_net *vn);

#endif /* VDHCP_PORT_H */
