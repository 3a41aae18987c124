// SPDX-License-Identifier: GPL-2.0
/*
 * Counting packets. Totals are per CPU; a port has one atomic counter each,
 * because per CPU they would take 400 bytes times CPUs times ports.
 */
#include <linux/atomic.h>
#include <linux/percpu.h>
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
 * @out: what became of the packet
 *
 * Context: softirq, or BH disabled.
 */
void vdhcp_stats_count(struct vdhcp_net *vn, struct vdhcp_port *port,
		       const struct vdhcp_outcome *out)
{
	struct vdhcp_totals *totals = this_cpu_ptr(vn->totals);
	unsigned int i;

	u64_stats_update_begin(&totals->syncp);
	bump(totals, port, VDHCP_COUNT_VERDICT + out->verdict);
	if (out->message < VDHCP_MESSAGES)
		bump(totals, port, VDHCP_COUNT_MESSAGE + out->message);
	for (i = 0; i < VDHCP_NOTES; i++)
		if (out->notes & BIT(i))
			bump(totals, port, VDHCP_COUNT_NOTE + i);
	u64_stats_update_end(&totals->syncp);
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
