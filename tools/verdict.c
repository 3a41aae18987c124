// SPDX-License-Identifier: GPL-2.0
/* Names and kinds of verdicts. */
#include <inttypes.h>
#include <linux/vdhcp.h>
#include <stdio.h>

#include "err.h"
#include "verdict.h"

#define VERDICT_NAME_OF(number, text, kind) \
	[number] = (text),
#define VERDICT_KIND_OF(number, text, kind) \
	[number] = (kind),

static const char *const verdict_names[] = { VDHCP_VERDICT_LIST(VERDICT_NAME_OF) };
static const enum vdhcp_kind verdict_kinds[] = { VDHCP_VERDICT_LIST(VERDICT_KIND_OF) };

/**
 * verdict_name() - name a verdict
 * @verdict: one of enum vdhcp_verdict, or a newer one
 * @buf: NAME_SIZE bytes, used for an unknown verdict
 *
 * Return: its name.
 */
const char *verdict_name(uint32_t verdict, char *buf)
{
	return number_name(verdict_names, ARRAY_SIZE(verdict_names), "verdict", verdict, buf);
}

/**
 * verdict_kind() - get the kind of a verdict
 * @verdict: one of enum vdhcp_verdict, or a newer one
 *
 * Return: its kind, VDHCP_KINDS of a verdict that vdhcpctl does not know.
 */
enum vdhcp_kind verdict_kind(uint32_t verdict)
{
	return verdict < ARRAY_SIZE(verdict_kinds) ? verdict_kinds[verdict] : VDHCP_KINDS;
}
