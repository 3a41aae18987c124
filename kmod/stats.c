// SPDX-License-Identifier: GPL-2.0
/*
 * Packet counters. Verdicts are in groups. A port has one block of atomic
 * counters for each group that it uses, and a namespace has one block per CPU
 * for each group that any of its ports uses. A port has no per-CPU counters
 * because these would cost 400 bytes times CPUs times ports.
 *
 * Blocks are allocated in process context, before a packet needs them. A port
 * keeps its blocks until it is freed, a namespace until it ends.
 *
 * This file also keeps the state of a port's guest. Packets write that state
 * without a lock and without atomics. When two CPUs have a packet of the same
 * port at once, what one of the two packets changed may be lost.
 */
#include <linux/atomic.h>
#include <linux/ktime.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include "engine/engine.h"
#include "event.h"
#include "port.h"
#include "stats.h"

/**
 * struct block_type - blocks of counters of one group
 * @name: name of @cache
 * @len: how many counters
 * @cache: blocks of ports
 */
struct block_type {
	const char *name;
	unsigned int len;
	struct kmem_cache *cache;
};

/**
 * struct counter_pos - where a counter is
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
	},
	[VDHCP_GROUP_DHCP4] = {
		.name = "vdhcp_dhcp4",
		.len = VDHCP_GROUP_DHCP4_VERDICTS + VDHCP_MESSAGES +
		       VDHCP_NOTES,
	},
};

/* Verdicts come first in a block, then messages, then notes. */
static struct counter_pos counter_pos(unsigned int i)
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
		type->cache = kmem_cache_create(type->name,
						type->len * sizeof(atomic64_t),
						0, SLAB_ACCOUNT, NULL);
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
 * No block of a port is left.
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
 * vdhcp_stats_reserve() - give a port counters
 * @vn: the namespace; the caller holds its lock
 * @port: the port
 * @groups: bit per enum vdhcp_group; the port may have some of them already
 *
 * To be called before packets can see a configuration of the port that counts
 * in @groups.
 *
 * Return: 0 or -ENOMEM; the port keeps what it got.
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
 * @port: the port, which no packet sees any more
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
 * @vn: the namespace, which no packet sees any more
 */
void vdhcp_stats_free_net(struct vdhcp_net *vn)
{
	unsigned int i;

	for (i = 0; i < VDHCP_GROUPS; i++)
		free_percpu(vn->totals[i]);
}

static void bump_counter(struct vdhcp_net *vn, struct vdhcp_port *port,
			 struct counter_pos pos)
{
	struct vdhcp_totals __percpu *all = READ_ONCE(vn->totals[pos.group]);
	atomic64_t *block = rcu_dereference(port->counts[pos.group]);
	struct vdhcp_totals *totals;

	if (unlikely(!all || !block)) {
		/*
		 * Both were published before the configuration that @pos
		 * belongs to, so this CPU read them too early. Pairs with the
		 * rcu_assign_pointer() of that configuration.
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

	bump_counter(vn, port, counter_pos(VDHCP_COUNT_VERDICT + txn->verdict));
	if (txn->message < VDHCP_MESSAGES)
		bump_counter(vn, port,
			     counter_pos(VDHCP_COUNT_MESSAGE + txn->message));
	for (i = 0; i < VDHCP_NOTES; i++)
		if (txn->notes & BIT(i))
			bump_counter(vn, port, counter_pos(VDHCP_COUNT_NOTE + i));
}

/* Of the units of vdhcp_port.began_at, half of what it can span; and of .asked_at. */
#define OLD BIT(31)
#define LONG_AGO ((s32)BIT(31 + VDHCP_BEGAN_SHIFT - VDHCP_ASKED_SHIFT))

/*
 * A transaction begins with the first message of its id and ends with an ACK:
 * there are clients that renew with the id they began with hours ago. It ends as
 * well before it could not be told any more when it began; and if it seems to
 * begin later than now, as another CPU has been faster.
 */
static void follow(struct vdhcp_port *port, struct vdhcp_txn *txn, s32 idle)
{
	bool begins = txn->message == VDHCP_MESSAGE_DISCOVER ||
		      txn->message == VDHCP_MESSAGE_REQUEST;
	u32 now = (u32)(txn->received >> VDHCP_BEGAN_SHIFT) ?: 1, began = READ_ONCE(port->began_at);

	if (began && (now - began > OLD || idle > LONG_AGO)) {
		began = 0;
		WRITE_ONCE(port->began_at, 0);
	}
	if (!begins)
		return;
	if (!began || READ_ONCE(port->xid) != txn->xid) {
		began = now;
		WRITE_ONCE(port->xid, txn->xid);
		WRITE_ONCE(port->began_at, began);
	}
	txn->started = txn->received - ((u64)(now - began) << VDHCP_BEGAN_SHIFT);
	if (vdhcp_event_of(txn->verdict) == VDHCP_EVENT_ACK)
		WRITE_ONCE(port->began_at, 0);
}

/**
 * vdhcp_stats_remember() - remember what a port's guest asked last
 * @port: the port
 * @txn: the transaction; first_ack and started are filled in, and received if
 *	it is needed
 *
 * Context: softirq, or BH disabled.
 */
void vdhcp_stats_remember(struct vdhcp_port *port, struct vdhcp_txn *txn)
{
	u32 now;
	s32 idle;

	txn->first_ack = false;
	txn->started = 0;
	if (txn->message >= VDHCP_MESSAGES)
		return;
	if (!txn->received)
		txn->received = ktime_get_ns();
	now = (u32)(txn->received >> VDHCP_ASKED_SHIFT) ?: 1;
	idle = now - READ_ONCE(port->asked_at);
	WRITE_ONCE(port->asked_at, now);
	WRITE_ONCE(port->last_verdict, txn->verdict);
	follow(port, txn, idle);
	switch (vdhcp_event_of(txn->verdict)) {
	case VDHCP_EVENT_ACK:
		txn->first_ack = !READ_ONCE(port->acked);
		WRITE_ONCE(port->acked, true);
		break;
	case VDHCP_EVENT_NAK:
	case VDHCP_EVENT_DECLINE:
	case VDHCP_EVENT_RELEASE:
		WRITE_ONCE(port->acked, false);
		break;
	default:
		break;
	}
}

/**
 * vdhcp_stats_sum() - packets of a port by the kind of their verdict
 * @port: the port; the caller keeps it from being freed
 * @sums: filled in, by enum vdhcp_kind
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
 * vdhcp_stats_port() - one counter of a port
 * @port: the port; the caller keeps it from being freed
 * @i: enum vdhcp_counter
 *
 * Context: any.
 * Return: packets; 0 if the port does not use the counter's group.
 */
u64 vdhcp_stats_port(const struct vdhcp_port *port, unsigned int i)
{
	struct counter_pos pos = counter_pos(i);
	const atomic64_t *block;

	/* A block stays as long as its port. */
	block = rcu_dereference_raw(port->counts[pos.group]);
	return block ? atomic64_read(&block[pos.slot]) : 0;
}

/**
 * vdhcp_stats_total() - one counter of a namespace
 * @vn: the namespace
 * @i: enum vdhcp_counter
 *
 * Context: process.
 * Return: packets of all ports, including those that were removed.
 */
u64 vdhcp_stats_total(const struct vdhcp_net *vn, unsigned int i)
{
	struct counter_pos pos = counter_pos(i);
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
	return sum;
}
