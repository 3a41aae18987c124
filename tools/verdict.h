/* SPDX-License-Identifier: GPL-2.0 */
/* Names and kinds of verdicts. */
#ifndef VDHCPCTL_VERDICT_H
#define VDHCPCTL_VERDICT_H

#include "name.h"

/**
 * enum kind - how a packet was handled
 * @KIND_NONE: unknown, the verdict is that of a newer module
 * @KIND_REPLY: it was answered
 * @KIND_CONSUMED: it was consumed, no reply is due
 * @KIND_DROP: it was dropped
 * @KIND_PASS: it was left to the network
 * @KINDS: number of kinds
 */
enum kind { KIND_NONE, KIND_REPLY, KIND_CONSUMED, KIND_DROP, KIND_PASS, KINDS };

const char *verdict_name(uint32_t verdict, char *buf);
enum kind verdict_kind(uint32_t verdict);

#endif /* VDHCPCTL_VERDICT_H */
