/* SPDX-License-Identifier: GPL-2.0 */
/* Events: who listens is told what happens. */
#ifndef VDHCP_EVENT_H
#define VDHCP_EVENT_H

#include <linux/types.h>
#include "stats.h"

struct sk_buff;
struct vdhcp_net;
struct vdhcp_port;

/* Of the family's multicast groups, the only one. */
#define VDHCP_EVENT_GROUP	0

/* Beside enum vdhcp_event: a verdict that is no event. */
#define VDHCP_EVENT_NONE	0

/**
 * struct vdhcp_notice - a packet that is an event
 * @port: where it came from
 * @conf: what the port was then
 * @out: what became of it
 * @mac: who it was from if that is what is wrong, else NULL
 */
struct vdhcp_notice {
	struct vdhcp_port *port;
	const struct vdhcp_port_conf *conf;
	const struct vdhcp_outcome *out;
	const u8 *mac;
};

extern const u8 vdhcp_events[VDHCP_VERDICTS];

/**
 * vdhcp_event_of() - what event a verdict is
 * @verdict: enum vdhcp_verdict
 *
 * Return: enum vdhcp_event or %VDHCP_EVENT_NONE.
 */
static inline u8 vdhcp_event_of(u8 verdict)
{
	return vdhcp_events[verdict];
}

void vdhcp_event_start(void);
void vdhcp_event_stop(void);
struct sk_buff *vdhcp_event_draft(const struct vdhcp_net *vn, const struct vdhcp_dhcp4 *req);
void vdhcp_event_drop(struct sk_buff *draft);
void vdhcp_event_packet(struct vdhcp_net *vn, const struct vdhcp_notice *notice,
			struct sk_buff *draft);
void vdhcp_event_device(struct vdhcp_net *vn, enum vdhcp_event event, const char *dev,
			int ifindex);
void vdhcp_event_config(struct vdhcp_net *vn, enum vdhcp_change change, const char *subnet,
			const char *dev, u16 vlan);

#endif /* VDHCP_EVENT_H */
