/* SPDX-License-Identifier: GPL-2.0 */
/* The objects of a network namespace and the tables that hold them. */
#ifndef VDHCP_PORT_H
#define VDHCP_PORT_H

#include <linux/if.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include "engine/bucket.h"
#include "engine/conf.h"
#include "stats.h"

struct net;

/**
 * struct vdhcp_scratch - where requests are worked on
 * @edit: spec in the making, of netlink_subnet.c or netlink_port.c
 * @conf: conf in the making; what is kept is a copy that fits
 *
 * Kept from one request to the next: it is large, and a kernel that clears
 * all memory that it hands out takes longer for that than for all the rest.
 */
struct vdhcp_scratch {
	u64 edit[2048];
	u64 conf[4096 + 16];
};

/**
 * struct vdhcp_net - all that vdhcp keeps in one network namespace
 * @net: the namespace
 * @lock: protects everything below but @totals and @events; see DOC: locking
 * @subnets: struct vdhcp_subnet by name
 * @taps: struct vdhcp_tap by name
 * @attached: struct vdhcp_tap with a device, by the device's address
 * @batches: struct vdhcp_batch of sockets that have begun one
 * @generation: counts changes of the configuration; clients know its low half
 * @n_subnets: subnets in @subnets
 * @n_ports: ports on all of @taps
 * @digest: what the client said of the configuration of @digest_of
 * @digest_of: a generation
 * @has_digest: there is one
 * @seq: counts changes, never 0; tells a dump that it is inconsistent
 * @subnet_size: what the largest subnet of all requests so far takes to show, so that
 *	a dump, which anybody may begin, need not look at all subnets for it
 * @port_size: the same of ports
 * @scratch: where specs and confs are made; NULL until it is needed
 * @totals: counters of the namespace
 * @events: number of the last event
 */
struct vdhcp_net {
	struct net *net;
	struct mutex lock; /* subnets, taps, ports */
	struct rb_root subnets;
	struct rb_root taps;
	struct rb_root attached;
	struct list_head batches;
	u64 generation;
	u32 n_subnets;
	u32 n_ports;
	u8 digest[VDHCP_DIGEST_LEN];
	u64 digest_of;
	bool has_digest;
	u32 seq;
	size_t subnet_size;
	size_t port_size;
	struct vdhcp_scratch *scratch;
	struct vdhcp_totals __percpu *totals;
	atomic64_t events;
};

/**
 * struct vdhcp_subnet_snap - what the packet path sees of a subnet
 * @rcu: for freeing
 * @conf: compiled subnet, the last member because it has no fixed size
 *
 * Never changes; it is replaced.
 */
struct vdhcp_subnet_snap {
	struct rcu_head rcu;
	struct vdhcp_subnet_conf conf;
};

/**
 * struct vdhcp_subnet - a subnet
 * @node: in vdhcp_net.subnets
 * @ports: its ports, by vdhcp_port.peers
 * @n_ports: how many they are
 * @spec: what the operator said
 * @snap: the same for the packet path, never NULL
 * @rcu: for freeing; a snapshot of a port may still point here
 *
 * All but @snap and @rcu belong to vdhcp_net.lock.
 */
struct vdhcp_subnet {
	struct rb_node node;
	struct list_head ports;
	u32 n_ports;
	struct vdhcp_subnet_spec *spec;
	struct vdhcp_subnet_snap __rcu *snap;
	struct rcu_head rcu;
};

/**
 * struct vdhcp_port_snap - what the packet path sees of a port
 * @rcu: for freeing
 * @subnet: NULL if it has none, which no port in mode serve may have
 * @bucket: rate limit
 * @conf: compiled port, the last member because it has no fixed size
 *
 * Never changes; it is replaced. One pointer to all of it, so that a packet
 * never meets the addresses of one configuration and the subnet of another.
 */
struct vdhcp_port_snap {
	struct rcu_head rcu;
	struct vdhcp_subnet *subnet;
	struct vdhcp_bucket bucket;
	struct vdhcp_port_conf conf;
};

/* Units in ns, as shifts, of vdhcp_port.asked_at, 67 ms, and .began_at, 1 us. */
#define VDHCP_ASKED_SHIFT	26
#define VDHCP_BEGAN_SHIFT	10

/**
 * struct vdhcp_port - a port
 * @tap: the device it is on
 * @vlan: VLAN id, 0 for untagged
 * @last_verdict: enum vdhcp_verdict of the last DHCP message, if @asked_at
 * @acked: the guest holds its address
 * @xid: transaction id of the last DISCOVER or REQUEST
 * @peers: in vdhcp_subnet.ports, if it has a subnet; under vdhcp_net.lock
 * @rcu: for freeing; a port that is being freed is in no subnet any more
 * @snap: for the packet path, never NULL; the spec is made from it, too
 * @full_at: state of the token bucket, see vdhcp_bucket_take()
 * @asked_at: when the last DHCP message came, in units of %VDHCP_ASKED_SHIFT, of
 *	which 9 years fit; 0 for never
 * @began_at: when the transaction of @xid began, in units of %VDHCP_BEGAN_SHIFT,
 *	of which 73 minutes fit; 0 if it has ended
 * @told_at: of each kind of event that is limited, while somebody listens: jiffies
 *	of the last report, with the lowest bit set; 0 for none yet
 * @suppressed: of each, how many were not reported since
 * @counts: packets, by enum vdhcp_counter
 *
 * What packets write is @last_verdict, @acked, @xid, @asked_at, @began_at and
 * @told_at, with WRITE_ONCE() and no lock (see stats.c), and the atomics.
 */
struct vdhcp_port {
	struct vdhcp_tap *tap;
	u16 vlan;
	u8 last_verdict;
	bool acked;
	__be32 xid;
	union {
		struct list_head peers;
		struct rcu_head rcu;
	};
	struct vdhcp_port_snap __rcu *snap;
	atomic64_t full_at;
	u32 asked_at;
	u32 began_at;
	u32 told_at[VDHCP_EVENT_LIMITS];
	atomic_t suppressed[VDHCP_EVENT_LIMITS];
	atomic64_t counts[VDHCP_COUNTERS];
};

/**
 * struct vdhcp_slots - the ports of a device
 * @rcu: for freeing
 * @n: how many they are, never 0
 * @port: the ports in the order of their VLAN ids
 *
 * Never changes; it is replaced.
 */
struct vdhcp_slots {
	struct rcu_head rcu;
	u16 n;
	struct vdhcp_port *port[];
};

/**
 * struct vdhcp_tap - a device name that ports are on
 * @by_name: in vdhcp_net.taps
 * @by_dev: in vdhcp_net.attached, if @dev is set
 * @name: name of the device, which need not exist
 * @dev: the device while there is one; needs no reference, because the tap
 *	is detached when the device unregisters
 * @slots: its ports; NULL only while the first is added or the last removed
 * @ops: the hook on @dev; hook dumps read it under RCU, so it lives as long
 *	as the tap
 * @rcu: for freeing
 *
 * All but @slots, @ops and @rcu belong to vdhcp_net.lock; @dev, @by_dev and
 * @ops change under RTNL as well.
 */
struct vdhcp_tap {
	struct rb_node by_name;
	struct rb_node by_dev;
	char name[IFNAMSIZ];
	struct net_device *dev;
	struct vdhcp_slots __rcu *slots;
	struct nf_hook_ops ops;
	struct rcu_head rcu;
};

/*
 * A host may have 100,000 ports, so what a port costs is watched: these two,
 * its snapshot (192), its slot (32) and netfilter's entry (64) make less than 1 KiB.
 * What is kept is charged to the memory cgroup of who asked for it, because
 * the root of any user namespace can (GFP_KERNEL_ACCOUNT).
 */
#ifdef CONFIG_64BIT
static_assert(sizeof(struct vdhcp_port) <= 512, "port outgrew its slab");
static_assert(sizeof(struct vdhcp_tap) <= 192, "tap outgrew its slab");
#endif

/* net.c */
struct vdhcp_net *vdhcp_pernet(const struct net *net);
void vdhcp_net_changed(struct vdhcp_net *vn);
void vdhcp_net_configured(struct vdhcp_net *vn);
struct vdhcp_scratch *vdhcp_net_scratch(struct vdhcp_net *vn);
int vdhcp_net_register(void);
void vdhcp_net_unregister(void);

/* subnet.c */
struct vdhcp_subnet *vdhcp_subnet_find(const struct vdhcp_net *vn, const char *name);
struct vdhcp_subnet *vdhcp_subnet_after(const struct vdhcp_net *vn, const char *name);
const struct vdhcp_subnet_conf *vdhcp_subnet_get_conf(const struct vdhcp_net *vn,
						      const struct vdhcp_subnet *subnet);
struct vdhcp_subnet *vdhcp_subnet_make(struct vdhcp_net *vn,
				       const struct vdhcp_subnet_spec *spec,
				       struct vdhcp_cfg_err *cfg_err);
void vdhcp_subnet_free(struct vdhcp_subnet *subnet);
void vdhcp_subnet_insert(struct vdhcp_net *vn, struct vdhcp_subnet *subnet);
void vdhcp_subnet_replace(struct vdhcp_net *vn, struct vdhcp_subnet *old,
			  struct vdhcp_subnet *subnet);
void vdhcp_subnet_erase(struct vdhcp_net *vn, struct vdhcp_subnet *subnet);
struct vdhcp_subnet *vdhcp_subnet_add(struct vdhcp_net *vn,
				      const struct vdhcp_subnet_spec *spec,
				      struct vdhcp_cfg_err *cfg_err);
int vdhcp_subnet_set(struct vdhcp_net *vn, struct vdhcp_subnet *subnet,
		     const struct vdhcp_subnet_spec *spec, struct vdhcp_cfg_err *cfg_err);
int vdhcp_subnet_del(struct vdhcp_net *vn, struct vdhcp_subnet *subnet,
		     struct vdhcp_cfg_err *cfg_err);
void vdhcp_subnet_flush(struct vdhcp_net *vn);

/* port.c */
struct vdhcp_port *vdhcp_port_lookup(const struct vdhcp_tap *tap, u16 vlan);
struct vdhcp_port *vdhcp_port_first(const struct vdhcp_tap *tap);
struct vdhcp_port *vdhcp_port_find(const struct vdhcp_net *vn, const char *dev, u16 vlan);
struct vdhcp_port *vdhcp_port_after(const struct vdhcp_net *vn, const char *dev, u16 vlan);
const struct vdhcp_port_snap *vdhcp_port_get_snap(const struct vdhcp_net *vn,
						  const struct vdhcp_port *port);
struct vdhcp_port_snap *vdhcp_port_compile_snap(struct vdhcp_net *vn,
						struct vdhcp_subnet *subnet,
						const struct vdhcp_port_spec *spec,
						struct vdhcp_cfg_err *cfg_err);
struct vdhcp_port_snap *vdhcp_port_copy_snap(const struct vdhcp_net *vn,
					     const struct vdhcp_port *port,
					     struct vdhcp_subnet *subnet,
					     struct vdhcp_cfg_err *cfg_err);
void vdhcp_port_enter(struct vdhcp_net *vn, struct vdhcp_port *port,
		      struct vdhcp_port_snap *snap);
void vdhcp_port_publish(struct vdhcp_net *vn, struct vdhcp_port *port,
			struct vdhcp_port_snap *snap);
void vdhcp_port_drop(struct vdhcp_net *vn, struct vdhcp_port *port);
struct vdhcp_slots *vdhcp_port_slots(const struct vdhcp_net *vn, const struct vdhcp_tap *tap);
struct vdhcp_slots *vdhcp_slots_alloc(unsigned int n);
struct vdhcp_port *vdhcp_port_add(struct vdhcp_net *vn, const char *dev, u16 vlan,
				  struct vdhcp_subnet *subnet,
				  const struct vdhcp_port_spec *spec,
				  struct vdhcp_cfg_err *cfg_err);
int vdhcp_port_set(struct vdhcp_net *vn, struct vdhcp_port *port,
		   struct vdhcp_subnet *subnet, const struct vdhcp_port_spec *spec,
		   struct vdhcp_cfg_err *cfg_err);
int vdhcp_port_del(struct vdhcp_net *vn, struct vdhcp_port *port);
void vdhcp_port_flush(struct vdhcp_net *vn);
__printf(4, 5)
int vdhcp_port_refuse(struct vdhcp_cfg_err *cfg_err, int err, u16 attr, const char *fmt, ...);
int vdhcp_port_refuse_port(struct vdhcp_cfg_err *cfg_err, const struct vdhcp_port *port,
			   const struct vdhcp_cfg_err *why);

/* tap.c */
const char *vdhcp_tap_unfit(const struct net_device *dev);
struct vdhcp_tap *vdhcp_tap_find(const struct vdhcp_net *vn, const char *name);
struct vdhcp_tap *vdhcp_tap_from(const struct vdhcp_net *vn, const char *name);
struct vdhcp_tap *vdhcp_tap_get(struct vdhcp_net *vn, const char *name,
				struct vdhcp_cfg_err *cfg_err);
void vdhcp_tap_del(struct vdhcp_net *vn, struct vdhcp_tap *tap);
int vdhcp_tap_register(void);
void vdhcp_tap_unregister(void);

#endif /* VDHCP_PORT_H */
