// SPDX-License-Identifier: GPL-2.0
/*
 * Counting packets. Totals are per CPU; a port has one atomic counter each,
 * because per CPU they would take 400 bytes times CPUs times ports.
 *
 * And what is remembered of a port's last packets. It is written without lock
 * or atomics by whatever CPU has a packet: of two at once one may be forgotten,
 * which is no more than if it had not come.
 */
#include <linux/atomic.h>
#include <linux/ktime.h>
#include <linux/percpu.h>
#include "engine/engine.h"
#include "event.h"
#include "port.h"
#include "stats.h"

static void bump(struct vdhcp_totals *totals, struct vdhcp_port *port, unsigned int i)
{
	u64_stats_inc(&totals->n[i]);
	atomic64_inc(&port->counts[i]);
}

/**
 * vdhcp_stats_count() - count one packet
 * @vn: the namespace
 * @port: the port
 * @txn: the transaction
 *
 * Context: softirq, or BH disabled.
 */
void vdhcp_stats_count(struct vdhcp_net *vn, struct vdhcp_port *port,
		       const struct vdhcp_txn *txn)
{
	struct vdhcp_totals *totals = this_cpu_ptr(vn->totals);
	unsigned int i;

	u64_stats_update_begin(&totals->syncp);
	bump(totals, port, VDHCP_COUNT_VERDICT + txn->verdict);
	if (txn->message < VDHCP_MESSAGES)
		bump(totals, port, VDHCP_COUNT_MESSAGE + txn->message);
	for (i = 0; i < VDHCP_NOTES; i++)
		if (txn->notes & BIT(i))
			bump(totals, port, VDHCP_COUNT_NOTE + i);
	u64_stats_update_end(&totals->syncp);
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
 * @port: the port; the caller sees to it that it stays
 * @sums: filled in, by enum vdhcp_kind
 *
 * Context: any.
 */
void vdhcp_stats_sum(const struct vdhcp_port *port, u64 sums[VDHCP_KINDS])
{
	unsigned int i;

	memset(sums, 0, VDHCP_KINDS * sizeof(*sums));
	for (i = 0; i < VDHCP_VERDICTS; i++)
		sums[vdhcp_verdict_kind(i)] += vdhcp_stats_port(port, VDHCP_COUNT_VERDICT + i);
}

/**
 * vdhcp_stats_port() - one counter of a port
 * @port: the port; the caller sees to it that it stays
 * @i: enum vdhcp_counter
 *
 * Context: any.
 * Return: packets.
 */
u64 vdhcp_stats_port(const struct vdhcp_port *port, unsigned int i)
{
	return atomic64_read(&port->counts[i]);
}

/**
 * vdhcp_stats_total() - one counter of a namespace
 * @vn: the namespace
 * @i: enum vdhcp_counter
 *
 * Context: process.
 * Return: packets of all ports, those that are gone included.
 */
u64 vdhcp_stats_total(const struct vdhcp_net *vn, unsigned int i)
{
	const struct vdhcp_totals *totals;
	unsigned int start;
	u64 sum = 0, n;
	int cpu;

	for_each_possible_cpu(cpu) {
		totals = per_cpu_ptr(vn->totals, cpu);
		do {
			start = u64_stats_fetch_begin(&totals->syncp);
			n = u64_stats_read(&totals->n[i]);
		} while (u64_stats_fetch_retry(&totals->syncp, start));
		sum += n;
	}
	return sum;
}
