// SPDX-License-Identifier: GPL-2.0
/* Kind and name of every verdict, from the generated tables. */
#include "verdict.h"
#include "verdict-gen.h"

static const char *const verdict_names[VDHCP_VERDICTS] = {
#define NAME(value, text, kind) \
	[value] = text,
	VDHCP_VERDICT_LIST(NAME)
#undef NAME
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
	return verdict < VDHCP_VERDICTS ? vdhcp_verdict_table[verdict].kind :
					  VDHCP_KINDS;
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
	return verdict < VDHCP_VERDICTS ? verdict_names[verdict] : "not-ours";
}
