/* SPDX-License-Identifier: GPL-2.0 */
/* The state of vdhcp in one network namespace. */
#ifndef VDHCP_NET_H
#define VDHCP_NET_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/types.h>
#include "engine/verdict.h"

struct net;
struct vdhcp_scratch;
struct vdhcp_totals;

/**
 * struct vdhcp_net - the state of vdhcp in one network namespace
 * @net: the namespace
 * @lock: protects all members below except @totals and @events; see
 *	DOC: locking in port.c
 * @subnets: struct vdhcp_subnet by name
 * @subnet_ids: struct vdhcp_subnet by id
 * @last_subnet_id: id of the newest subnet
 * @taps: struct vdhcp_tap by name
 * @attached: struct vdhcp_tap with a device, by the device's address
 * @batches: struct vdhcp_batch, all open batches
 * @generation: counts changes of the configuration; clients see the low 32 bits
 * @n_subnets: subnets in @subnets
 * @n_ports: ports on all of @taps
 * @digest: a client's digest of the configuration; present if @has_digest is
 *	set, valid if @digest_of equals @generation
 * @digest_of: generation of the configuration that @digest describes
 * @has_digest: @digest is present
 * @seq: counts changes, never 0; a change during a dump marks the dump as
 *	inconsistent
 * @subnet_size: upper bound on the size of a subnet in a dump; avoids an O(n)
 *	scan that unprivileged users could trigger
 * @port_size: the same bound for ports
 * @scratch: scratch memory for requests; NULL until it is first needed
 * @totals: counters of the namespace, indexed by enum vdhcp_group; NULL until
 *	the first port uses the group
 * @reset: counters of the namespace when they were last set to 0, indexed by
 *	enum vdhcp_counter; NULL if they never were
 * @events: number of the last event
 */
struct vdhcp_net {
	struct net *net;
	struct mutex lock; /* subnets, taps, ports */
	struct rb_root subnets;
	struct rb_root subnet_ids;
	u32 last_subnet_id;
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
	struct vdhcp_totals __percpu *totals[VDHCP_GROUPS];
	u64 *reset;
	atomic64_t events;
};

extern unsigned int vdhcp_net_id;

struct vdhcp_net *vdhcp_pernet(const struct net *net);
void vdhcp_net_init(struct vdhcp_net *vn, struct net *net);
void vdhcp_net_free(struct vdhcp_net *vn);
void vdhcp_net_changed(struct vdhcp_net *vn);
void vdhcp_net_configured(struct vdhcp_net *vn);
struct vdhcp_scratch *vdhcp_net_scratch(struct vdhcp_net *vn);

#endif /* VDHCP_NET_H */
