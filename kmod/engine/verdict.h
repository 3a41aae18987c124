/* SPDX-License-Identifier: GPL-2.0 */
/* Verdicts: the decision on a packet. */
#ifndef VDHCP_ENGINE_VERDICT_H
#define VDHCP_ENGINE_VERDICT_H

#include <linux/vdhcp.h>
#include "env.h"

#define VDHCP_VERDICTS		(VDHCP_VERDICT_MAX + 1)
#define VDHCP_MESSAGES		(VDHCP_MESSAGE_MAX + 1)
#define VDHCP_NOTES		(VDHCP_NOTE_MAX + 1)

/*
 * Verdicts that stay within the module. They lie outside of the range of every
 * table by verdict, and are never counted or reported.
 */

/* No decision yet: the next step has to look at the packet. */
#define VDHCP_VERDICT_CONTINUE	((enum vdhcp_verdict)0x100)
/* The packet is none of our business: it passes. */
#define VDHCP_VERDICT_NOT_OURS	((enum vdhcp_verdict)0x101)

static_assert(VDHCP_VERDICTS <= 0x100, "uapi verdicts reach the internal ones");

/**
 * enum vdhcp_kind - what a verdict means for the packet
 * @VDHCP_KIND_REPLY: it is answered
 * @VDHCP_KIND_CONSUMED: it is noted, and nothing is to be answered
 * @VDHCP_KIND_DROP: it is refused
 * @VDHCP_KIND_PASS: it goes on its way
 * @VDHCP_KINDS: how many there are
 */
enum vdhcp_kind {
	VDHCP_KIND_REPLY,
	VDHCP_KIND_CONSUMED,
	VDHCP_KIND_DROP,
	VDHCP_KIND_PASS,
	VDHCP_KINDS,
};

bool vdhcp_verdict_replies(enum vdhcp_verdict verdict);
bool vdhcp_verdict_passes(enum vdhcp_verdict verdict);
enum vdhcp_kind vdhcp_verdict_kind(enum vdhcp_verdict verdict);
const char *vdhcp_verdict_name(enum vdhcp_verdict verdict);

#endif /* VDHCP_ENGINE_VERDICT_H */
