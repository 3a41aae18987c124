// SPDX-License-Identifier: GPL-2.0
/* What the verdicts mean, from the one list of them; and the rate limit. */
#include "../../uapi/vdhcp-names-gen.h"
#include "engine.h"

enum kind { kind_reply, kind_quiet, kind_drop, kind_pass };

static const struct {
	const char *name;
	enum kind kind;
} verdicts[VDHCP_VERDICTS] = {
#define ROW(value, text, what) \
	[value] = { .name = text, .kind = kind_##what },
	VDHCP_VERDICT_LIST(ROW)
#undef ROW
};

static bool is_kind(int verdict, enum kind kind)
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
	return is_kind(verdict, kind_reply);
}

/**
 * vdhcp_verdict_passes() - does the frame go on its way?
 * @verdict: enum vdhcp_verdict, or one of the engine's own
 *
 * Return: true if it does; otherwise it ends here.
 */
bool vdhcp_verdict_passes(int verdict)
{
	return verdict == VDHCP_NOT_OURS || is_kind(verdict, kind_pass);
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
