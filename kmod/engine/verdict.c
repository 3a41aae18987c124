// SPDX-License-Identifier: GPL-2.0
/* What the verdicts mean, from the one list of them; and the rate limit. */
#include "../../uapi/vdhcp-names-gen.h"
#include "engine.h"

/* The list spells the kinds in small letters. */
enum {
	kind_reply = VDHCP_KIND_REPLY,
	kind_consumed = VDHCP_KIND_CONSUMED,
	kind_drop = VDHCP_KIND_DROP,
	kind_pass = VDHCP_KIND_PASS,
};

static const struct {
	const char *name;
	u8 kind;
} verdicts[VDHCP_VERDICTS] = {
#define ROW(value, text, what) \
	[value] = { .name = text, .kind = kind_##what },
	VDHCP_VERDICT_LIST(ROW)
#undef ROW
};

static bool is_kind(int verdict, enum vdhcp_kind kind)
{
	return verdict >= 0 && verdict < VDHCP_VERDICTS && verdicts[verdict].kind == kind;
}

/**
 * vdhcp_verdict_replies() - does a reply go out?
 * @verdict: enum vdhcp_verdict, or one of the engine's own
 *
 * Return: true if it does.
 */
bool vdhcp_verdict_replies(int verdict)
{
	return is_kind(verdict, VDHCP_KIND_REPLY);
}

/**
 * vdhcp_verdict_passes() - does the frame go on its way?
 * @verdict: enum vdhcp_verdict, or one of the engine's own
 *
 * Return: true if it does; otherwise it ends here.
 */
bool vdhcp_verdict_passes(int verdict)
{
	return verdict == VDHCP_NOT_OURS || is_kind(verdict, VDHCP_KIND_PASS);
}

/**
 * vdhcp_verdict_kind() - what a verdict means for the packet
 * @verdict: enum vdhcp_verdict
 *
 * Return: its kind.
 */
enum vdhcp_kind vdhcp_verdict_kind(u8 verdict)
{
	return verdicts[verdict].kind;
}

/**
 * vdhcp_verdict_name() - the name of a verdict
 * @verdict: any number
 *
 * Return: the name that the command shows, "not-ours" for what is not counted.
 */
const char *vdhcp_verdict_name(int verdict)
{
	if (verdict < 0 || verdict >= VDHCP_VERDICTS)
		return "not-ours";
	return verdicts[verdict].name;
}
