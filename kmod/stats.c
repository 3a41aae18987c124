// SPDX-License-Identifier: GPL-2.0
/*
 * Packet counters. Each verdict belongs to a group. A port has one block of
 * atomic counters for each group that it uses. A namespace has one block per
 * CPU for each group that any of its ports uses. A port has no per-CPU
 * counters, because these would cost 400 bytes times CPUs times ports. A port's
 * block of group dhcp4 also holds the state of its guest.
 *
 * Blocks are allocated in process context, before a packet needs them. A port
 * keeps its blocks until it is freed, a namespace until it ends.
 */
#include <linux/atomic.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include "engine/engine.h"
#include "port.h"
#include "stats.h"

/**
 * struct block_type - type of the counter blocks of one group
 * @name: name of @cache
 * @len: number of counters in a block
 * @size: bytes of a port's block, which begins with the counters
 * @cache: cache for the blocks of ports
 */
struct block_type {
	const char *name;
	unsigned int len;
	unsigned int size;
	struct kmem_cache *cache;
};

/**
 * struct counter_pos - position of a counter
 * @group: enum vdhcp_group
 * @slot: index in the blocks of @group
 */
struct counter_pos {
	u8 group;
	u8 slot;
};

static struct block_type block_types[VDHCP_GROUPS] __read_mostly = {
	[VDHCP_GROUP_FRAME] = {
		.name = "vdhcp_frame",
		.len = VDHCP_GROUP_FRAME_VERDICTS,
		.size = VDHCP_GROUP_FRAME_VERDICTS * sizeof(atomic64_t),
	},
	[VDHCP_GROUP_DHCP4] = {
		.name = "vdhcp_dhcp4",
		.len = sizeof_field(struct vdhcp_dhcp4_block, counts) /
		       sizeof(atomic64_t),
		.size = sizeof(struct vdhcp_dhcp4_block),
	},
};

/* Verdicts come first in a block, then messages, then notes. */
static struct counter_pos find_counter(unsigned int i)
{
	struct counter_pos pos = {
		.group = VDHCP_GROUP_DHCP4,
		.slot = VDHCP_GROUP_DHCP4_VERDICTS + i - VDHCP_COUNT_MESSAGE,
	};

	static_assert(!VDHCP_COUNT_VERDICT);
	static_assert(VDHCP_COUNT_MESSAGE + VDHCP_MESSAGES == VDHCP_COUNT_NOTE);
	if (i < VDHCP_COUNT_MESSAGE) {
		pos.group = vdhcp_verdict_table[i].group;
		pos.slot = vdhcp_verdict_table[i].slot;
	}
	return pos;
}

/**
 * vdhcp_stats_register() - create the caches for counter blocks of ports
 *
 * Return: 0 or -ENOMEM.
 */
int vdhcp_stats_register(void)
{
	struct block_type *type;
	unsigned int i;

	for (i = 0; i < VDHCP_GROUPS; i++) {
		type = &block_types[i];
		type->cache = kmem_cache_create(type->name, type->size, 0,
						SLAB_ACCOUNT, NULL);
		if (!type->cache) {
			vdhcp_stats_unregister();
			return -ENOMEM;
		}
	}
	return 0;
}

/**
 * vdhcp_stats_unregister() - destroy the caches
 *
 * The caller has freed all ports.
 */
void vdhcp_stats_unregister(void)
{
	unsigned int i;

	for (i = 0; i < VDHCP_GROUPS; i++) {
		kmem_cache_destroy(block_types[i].cache);
		block_types[i].cache = NULL;
	}
}

static struct vdhcp_totals __percpu *alloc_totals(unsigned int len)
{
	struct vdhcp_totals __percpu *totals;
	int cpu;

	totals = __alloc_percpu_gfp(struct_size(totals, n, len), sizeof(u64),
				    GFP_KERNEL_ACCOUNT);
	if (!totals)
		return NULL;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(totals, cpu)->syncp);
	return totals;
}

/**
 * vdhcp_stats_reserve() - allocate the counters of a port
 * @vn: the namespace; the caller holds its lock
 * @port: the port
 * @groups: bit per enum vdhcp_group; groups that the port has already are
 *	skipped
 *
 * Must be called before packets can see a configuration of the port that uses
 * @groups.
 *
 * Return: 0, or -ENOMEM; blocks that were allocated then stay with the port.
 */
int vdhcp_stats_reserve(struct vdhcp_net *vn, struct vdhcp_port *port,
			unsigned long groups)
{
	struct vdhcp_totals __percpu *totals;
	atomic64_t *block;
	unsigned int i;

	lockdep_assert_held(&vn->lock);
	for_each_set_bit(i, &groups, VDHCP_GROUPS) {
		if (rcu_access_pointer(port->counts[i]))
			continue;
		if (!vn->totals[i]) {
			totals = alloc_totals(block_types[i].len);
			if (!totals)
				return -ENOMEM;
			/* Pairs with READ_ONCE() in bump_counter(). */
			smp_store_release(&vn->totals[i], totals);
		}
		block = kmem_cache_zalloc(block_types[i].cache, GFP_KERNEL);
		if (!block)
			return -ENOMEM;
		rcu_assign_pointer(port->counts[i], block);
	}
	return 0;
}

/**
 * vdhcp_stats_free_port() - free the counters of a port
 * @port: the port, which packets can no longer see
 *
 * Context: any but hard interrupt.
 */
void vdhcp_stats_free_port(struct vdhcp_port *port)
{
	atomic64_t *block;
	unsigned int i;

	for (i = 0; i < VDHCP_GROUPS; i++) {
		block = rcu_dereference_protected(port->counts[i], true);
		if (block)
			kmem_cache_free(block_types[i].cache, block);
	}
}

/**
 * vdhcp_stats_free_net() - free the totals of a namespace
 * @vn: the namespace, which packets can no longer see
 */
void vdhcp_stats_free_net(struct vdhcp_net *vn)
{
	unsigned int i;

	for (i = 0; i < VDHCP_GROUPS; i++)
		free_percpu(vn->totals[i]);
	kfree(vn->reset);
}

/**
 * vdhcp_stats_reset_port() - set the counters of a port to 0
 * @port: the port; the caller keeps it from being freed
 *
 * A packet that is counted meanwhile is in the counters or not.
 *
 * Context: process.
 */
void vdhcp_stats_reset_port(struct vdhcp_port *port)
{
	struct counter_pos pos;
	atomic64_t *block;
	unsigned int i;

	for (i = 0; i < VDHCP_COUNTERS; i++) {
		pos = find_counter(i);
		/* A block lives as long as its port. */
		block = rcu_dereference_raw(port->counts[pos.group]);
		if (block)
			atomic64_set(&block[pos.slot], 0);
	}
}

/**
 * vdhcp_stats_reset_totals() - set the counters of a namespace to 0
 * @vn: the namespace; the caller holds its lock
 *
 * The counters of other CPUs cannot be written, because these CPUs add to them
 * without atomic operations. Instead their present values are kept, and
 * vdhcp_stats_total() subtracts them.
 *
 * Return: 0, or -ENOMEM; nothing has changed then.
 */
int vdhcp_stats_reset_totals(struct vdhcp_net *vn)
{
	unsigned int i;

	lockdep_assert_held(&vn->lock);
	if (!vn->reset)
		vn->reset = kcalloc(VDHCP_COUNTERS, sizeof(*vn->reset),
				    GFP_KERNEL_ACCOUNT);
	if (!vn->reset)
		return -ENOMEM;
	for (i = 0; i < VDHCP_COUNTERS; i++)
		vn->reset[i] += vdhcp_stats_total(vn, i);
	return 0;
}

static void bump_counter(struct vdhcp_net *vn, struct vdhcp_port *port,
			 struct counter_pos pos)
{
	struct vdhcp_totals __percpu *all = READ_ONCE(vn->totals[pos.group]);
	atomic64_t *block = rcu_dereference(port->counts[pos.group]);
	struct vdhcp_totals *totals;

	if (unlikely(!all || !block)) {
		/*
		 * Both pointers were published before the configuration that
		 * uses @pos.group, so this CPU has read them too early. Pairs
		 * with the rcu_assign_pointer() of that configuration.
		 */
		smp_rmb();
		all = READ_ONCE(vn->totals[pos.group]);
		block = rcu_dereference(port->counts[pos.group]);
		if (WARN_ON_ONCE(!all || !block))
			return;
	}
	atomic64_inc(&block[pos.slot]);
	totals = this_cpu_ptr(all);
	u64_stats_update_begin(&totals->syncp);
	u64_stats_inc(&totals->n[pos.slot]);
	u64_stats_update_end(&totals->syncp);
}

/**
 * vdhcp_stats_count() - count one packet
 * @vn: the namespace
 * @port: the port
 * @txn: the transaction
 *
 * Context: softirq, or BH disabled; RCU read side.
 */
void vdhcp_stats_count(struct vdhcp_net *vn, struct vdhcp_port *port,
		       const struct vdhcp_txn *txn)
{
	unsigned int i;

	bump_counter(vn, port,
		     find_counter(VDHCP_COUNT_VERDICT + txn->verdict));
	if (txn->message < VDHCP_MESSAGES)
		bump_counter(vn, port,
			     find_counter(VDHCP_COUNT_MESSAGE + txn->message));
	for (i = 0; i < VDHCP_NOTES; i++)
		if (txn->notes & BIT(i))
			bump_counter(vn, port,
				     find_counter(VDHCP_COUNT_NOTE + i));
}

/**
 * vdhcp_stats_wrong_mac() - count the packets dropped because of their MAC
 * @port: the port; the caller keeps it from being freed
 *
 * Context: any.
 * Return: packets.
 */
u64 vdhcp_stats_wrong_mac(const struct vdhcp_port *port)
{
	unsigned int i;
	u64 sum = 0;

	for (i = 0; i < VDHCP_VERDICTS; i++)
		if (vdhcp_verdict_table[i].event == VDHCP_EVENT_SPOOFED_MAC)
			sum += vdhcp_stats_port(port, VDHCP_COUNT_VERDICT + i);
	return sum;
}

/**
 * vdhcp_stats_sum() - sum up the packets of a port by the kind of their verdict
 * @port: the port; the caller keeps it from being freed
 * @sums: filled in, indexed by enum vdhcp_kind
 *
 * Context: any.
 */
void vdhcp_stats_sum(const struct vdhcp_port *port, u64 sums[VDHCP_KINDS])
{
	unsigned int i;

	memset(sums, 0, VDHCP_KINDS * sizeof(*sums));
	for (i = 0; i < VDHCP_VERDICTS; i++)
		sums[vdhcp_verdict_kind(i)] +=
			vdhcp_stats_port(port, VDHCP_COUNT_VERDICT + i);
}

/**
 * vdhcp_stats_port() - read one counter of a port
 * @port: the port; the caller keeps it from being freed
 * @i: enum vdhcp_counter
 *
 * Context: any.
 * Return: packets; 0 if the port does not use the counter's group.
 */
u64 vdhcp_stats_port(const struct vdhcp_port *port, unsigned int i)
{
	struct counter_pos pos = find_counter(i);
	const atomic64_t *block;

	/* A block lives as long as its port. */
	block = rcu_dereference_raw(port->counts[pos.group]);
	return block ? atomic64_read(&block[pos.slot]) : 0;
}

/**
 * vdhcp_stats_total() - read one counter of a namespace
 * @vn: the namespace; the caller holds its lock
 * @i: enum vdhcp_counter
 *
 * Context: process.
 * Return: packets of all ports since vdhcp_stats_reset_totals(), including
 * those that were removed.
 */
u64 vdhcp_stats_total(const struct vdhcp_net *vn, unsigned int i)
{
	struct counter_pos pos = find_counter(i);
	struct vdhcp_totals __percpu *all = READ_ONCE(vn->totals[pos.group]);
	const struct vdhcp_totals *totals;
	unsigned int start;
	u64 sum = 0, n;
	int cpu;

	if (!all)
		return 0;
	for_each_possible_cpu(cpu) {
		totals = per_cpu_ptr(all, cpu);
		do {
			start = u64_stats_fetch_begin(&totals->syncp);
			n = u64_stats_read(&totals->n[pos.slot]);
		} while (u64_stats_fetch_retry(&totals->syncp, start));
		sum += n;
	}
	return vn->reset ? sum - vn->reset[i] : sum;
}
