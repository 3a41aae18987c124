// SPDX-License-Identifier: GPL-2.0
/* Kinds and names of verdicts, from generated tables. */
#include "verdict.h"
#include "verdict-gen.h"

static const char *const verdict_names[VDHCP_VERDICTS] = {
#define NAME(value, text, kind) \
	[value] = text,
	VDHCP_VERDICT_LIST(NAME)
#undef NAME
};

/**
 * vdhcp_verdict_kind() - get the kind of a verdict
 * @verdict: the verdict
 *
 * Return: the kind; %VDHCP_KIND_PASS for %VDHCP_VERDICT_NOT_OURS and
 * %VDHCP_KINDS for %VDHCP_VERDICT_CONTINUE.
 */
enum vdhcp_kind vdhcp_verdict_kind(enum vdhcp_verdict verdict)
{
	if (verdict == VDHCP_VERDICT_NOT_OURS)
		return VDHCP_KIND_PASS;
	return verdict < VDHCP_VERDICTS ? vdhcp_verdict_table[verdict].kind :
					  VDHCP_KINDS;
}

/**
 * vdhcp_verdict_replies() - check whether a verdict means that a reply is sent
 * @verdict: the verdict
 *
 * Return: true if it does.
 */
bool vdhcp_verdict_replies(enum vdhcp_verdict verdict)
{
	return vdhcp_verdict_kind(verdict) == VDHCP_KIND_REPLY;
}

/**
 * vdhcp_verdict_passes() - check whether a verdict means that the packet passes
 * @verdict: the verdict
 *
 * Return: true if it does.
 */
bool vdhcp_verdict_passes(enum vdhcp_verdict verdict)
{
	return vdhcp_verdict_kind(verdict) == VDHCP_KIND_PASS;
}

/**
 * vdhcp_verdict_name() - get the name of a verdict
 * @verdict: the verdict
 *
 * Return: the name in uapi/vdhcp.yaml, or "not-ours" for an internal verdict.
 */
const char *vdhcp_verdict_name(enum vdhcp_verdict verdict)
{
	return verdict < VDHCP_VERDICTS ? verdict_names[verdict] : "not-ours";
}
