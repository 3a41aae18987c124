/* SPDX-License-Identifier: GPL-2.0 */
/* Verdicts: the decision on a packet. */
#ifndef VDHCP_ENGINE_VERDICT_H
#define VDHCP_ENGINE_VERDICT_H

#include <linux/vdhcp.h>
#include "../../uapi/vdhcp-names-gen.h"
#include "env.h"

#define VDHCP_VERDICTS		(VDHCP_VERDICT_MAX + 1)
#define VDHCP_MESSAGES		(VDHCP_MESSAGE_MAX + 1)
#define VDHCP_NOTES		(VDHCP_NOTE_MAX + 1)

/*
 * Internal verdicts. They are outside of the range of all tables that are
 * indexed by verdict, and are never counted or reported.
 */

/* No decision yet: the next step decides. */
#define VDHCP_VERDICT_CONTINUE	((enum vdhcp_verdict)0x100)
/* The packet is none of our business: it passes. */
#define VDHCP_VERDICT_NOT_OURS	((enum vdhcp_verdict)0x101)

static_assert(VDHCP_VERDICTS <= 0x100, "uapi verdicts reach the internal ones");

/**
 * struct vdhcp_verdict_info - properties of a verdict, from uapi/keys.yaml
 * @kind: enum vdhcp_kind
 * @group: enum vdhcp_group
 * @slot: index among the verdicts of @group
 * @event: enum vdhcp_event, 0 if the verdict is not an event
 */
struct vdhcp_verdict_info {
	u8 kind;
	u8 group;
	u8 slot;
	u8 event;
};

extern const struct vdhcp_verdict_info vdhcp_verdict_table[VDHCP_VERDICTS];
/* Index of the limit of each event, or %VDHCP_EVENT_LIMITS if it has none. */
extern const u8 vdhcp_event_limit[VDHCP_EVENT_MAX + 1];

bool vdhcp_verdict_replies(enum vdhcp_verdict verdict);
bool vdhcp_verdict_passes(enum vdhcp_verdict verdict);
enum vdhcp_kind vdhcp_verdict_kind(enum vdhcp_verdict verdict);
const char *vdhcp_verdict_name(enum vdhcp_verdict verdict);

#endif /* VDHCP_ENGINE_VERDICT_H */
