/* SPDX-License-Identifier: GPL-2.0 */
/* Events for netlink listeners. */
#ifndef VDHCP_EVENT_H
#define VDHCP_EVENT_H

#include <linux/types.h>
#include "engine/verdict.h"

struct genl_family;
struct net;
struct sk_buff;
struct vdhcp_net;
struct vdhcp_port;
struct vdhcp_txn;

/* Index of the only multicast group of the family. */
#define VDHCP_EVENT_GROUP	0

/* Not a value of enum vdhcp_event: the verdict is not an event. */
#define VDHCP_EVENT_NONE	0

/**
 * vdhcp_event_of() - get the event that reports a verdict
 * @verdict: the verdict
 *
 * Return: enum vdhcp_event, or %VDHCP_EVENT_NONE.
 */
static inline u8 vdhcp_event_of(enum vdhcp_verdict verdict)
{
	return verdict < VDHCP_VERDICTS ? vdhcp_verdict_table[verdict].event :
					  VDHCP_EVENT_NONE;
}

void vdhcp_event_start(const struct genl_family *family);
void vdhcp_event_stop(void);
struct sk_buff *vdhcp_event_begin_ack(const struct net *net,
				      const struct vdhcp_txn *txn);
void vdhcp_event_drop(struct sk_buff *event_skb);
void vdhcp_event_packet(struct vdhcp_net *vn, struct vdhcp_port *port,
			const struct vdhcp_txn *txn, struct sk_buff *event_skb);
void vdhcp_event_device(struct vdhcp_net *vn, enum vdhcp_event event,
			const char *dev, int ifindex, const char *reason);
void vdhcp_event_config(struct vdhcp_net *vn, enum vdhcp_change change,
			const char *subnet, const char *dev, u16 vlan);
void vdhcp_event_committed(struct vdhcp_net *vn, u32 n_subnets, u32 n_ports);

#endif /* VDHCP_EVENT_H */
