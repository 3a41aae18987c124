// SPDX-License-Identifier: GPL-2.0
/* Kind and name of every verdict, from the list that is generated. */
#include "../../uapi/vdhcp-names-gen.h"
#include "verdict.h"

/* The list has the kinds in lower case. */
#define KIND_reply	VDHCP_KIND_REPLY
#define KIND_consumed	VDHCP_KIND_CONSUMED
#define KIND_drop	VDHCP_KIND_DROP
#define KIND_pass	VDHCP_KIND_PASS

static const struct {
	const char *name;
	u8 kind;
} verdicts[VDHCP_VERDICTS] = {
#define ROW(value, text, what) \
	[value] = { .name = text, .kind = KIND_##what },
	VDHCP_VERDICT_LIST(ROW)
#undef ROW
};

/**
 * vdhcp_verdict_kind() - what a verdict means for the packet
 * @verdict: the verdict
 *
 * Return: its kind. Of the verdicts within the module, %VDHCP_KIND_PASS for
 * %VDHCP_VERDICT_NOT_OURS and %VDHCP_KINDS for the other.
 */
enum vdhcp_kind vdhcp_verdict_kind(enum vdhcp_verdict verdict)
{
	if (verdict == VDHCP_VERDICT_NOT_OURS)
		return VDHCP_KIND_PASS;
	return verdict < VDHCP_VERDICTS ? verdicts[verdict].kind : VDHCP_KINDS;
}

/**
 * vdhcp_verdict_replies() - is the packet answered?
 * @verdict: the verdict
 *
 * Return: true if it is.
 */
bool vdhcp_verdict_replies(enum vdhcp_verdict verdict)
{
	return vdhcp_verdict_kind(verdict) == VDHCP_KIND_REPLY;
}

/**
 * vdhcp_verdict_passes() - is the packet passed on?
 * @verdict: the verdict
 *
 * Return: true if it is.
 */
bool vdhcp_verdict_passes(enum vdhcp_verdict verdict)
{
	return vdhcp_verdict_kind(verdict) == VDHCP_KIND_PASS;
}

/**
 * vdhcp_verdict_name() - name of a verdict
 * @verdict: the verdict
 *
 * Return: the name that the command shows, or "not-ours" for the verdicts
 * within the module.
 */
const char *vdhcp_verdict_name(enum vdhcp_verdict verdict)
{
	return verdict < VDHCP_VERDICTS ? verdicts[verdict].name : "not-ours";
}
