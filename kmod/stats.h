/* SPDX-License-Identifier: GPL-2.0 */
/* Packet counters of ports and of network namespaces. */
#ifndef VDHCP_STATS_H
#define VDHCP_STATS_H

#include <linux/atomic.h>
#include <linux/u64_stats_sync.h>
#include "client.h"
#include "engine/verdict.h"

struct vdhcp_net;
struct vdhcp_port;
struct vdhcp_txn;

/**
 * enum vdhcp_counter - numbers of the counters of verdicts, messages and notes
 * @VDHCP_COUNT_VERDICT: first counter of enum vdhcp_verdict
 * @VDHCP_COUNT_MESSAGE: first counter of enum vdhcp_message
 * @VDHCP_COUNT_NOTE: first counter of enum vdhcp_note
 * @VDHCP_COUNTERS: number of counters
 */
enum vdhcp_counter {
	VDHCP_COUNT_VERDICT = 0,
	VDHCP_COUNT_MESSAGE = VDHCP_COUNT_VERDICT + VDHCP_VERDICTS,
	VDHCP_COUNT_NOTE = VDHCP_COUNT_MESSAGE + VDHCP_MESSAGES,
	VDHCP_COUNTERS = VDHCP_COUNT_NOTE + VDHCP_NOTES,
};

/**
 * struct vdhcp_totals - counters of a namespace, of one group and on one CPU
 * @syncp: prevents torn 64-bit reads on 32-bit machines
 * @n: packets, by position in the group
 */
struct vdhcp_totals {
	struct u64_stats_sync syncp;
	u64_stats_t n[];
};

/**
 * struct vdhcp_dhcp4_block - block of a port that answers DHCPv4
 * @counts: counters of the group dhcp4: verdicts, then messages, then notes
 * @client: state of the guest
 */
struct vdhcp_dhcp4_block {
	atomic64_t counts[VDHCP_GROUP_DHCP4_VERDICTS + VDHCP_MESSAGES +
			  VDHCP_NOTES];
	struct vdhcp_client client;
};

int vdhcp_stats_register(void);
void vdhcp_stats_unregister(void);
int vdhcp_stats_reserve(struct vdhcp_net *vn, struct vdhcp_port *port,
			unsigned long groups);
void vdhcp_stats_free_port(struct vdhcp_port *port);
void vdhcp_stats_reset_port(struct vdhcp_port *port);
int vdhcp_stats_reset_totals(struct vdhcp_net *vn);
void vdhcp_stats_free_net(struct vdhcp_net *vn);
void vdhcp_stats_count(struct vdhcp_net *vn, struct vdhcp_port *port,
		       const struct vdhcp_txn *txn);
void vdhcp_stats_sum(const struct vdhcp_port *port, u64 sums[VDHCP_KINDS]);
u64 vdhcp_stats_port(const struct vdhcp_port *port, unsigned int i);
u64 vdhcp_stats_wrong_mac(const struct vdhcp_port *port);
u64 vdhcp_stats_total(const struct vdhcp_net *vn, unsigned int i);

#endif /* VDHCP_STATS_H */
