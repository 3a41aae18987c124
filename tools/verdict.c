// SPDX-License-Identifier: GPL-2.0
/* What a verdict is called and of what kind it is. */
#include <inttypes.h>
#include <linux/vdhcp.h>
#include <stdio.h>

#include "ctl.h"
#include "verdict.h"
#include "vdhcp-names-gen.h"

#define VERDICT_NAME_OF(number, text, kind) \
	[number] = (text),
#define VERDICT_KIND_OF(number, text, kind) \
	[number] = KIND_##kind,

static const char *const verdict_names[] = { VDHCP_VERDICT_LIST(VERDICT_NAME_OF) };
static const enum kind verdict_kinds[] = { VDHCP_VERDICT_LIST(VERDICT_KIND_OF) };

/**
 * name_of() - name a number
 * @names: names by number; NULL where there is none
 * @count: how many
 * @what: what it is, for a number that a newer module made up: "verdict-57"
 * @number: the number
 * @buf: NAME_SIZE bytes
 *
 * Return: a name, in @names or in @buf.
 */
const char *name_of(const char *const *names, size_t count, const char *what, uint32_t number,
		    char *buf)
{
	if (number < count && names[number])
		return names[number];
	snprintf(buf, NAME_SIZE, "%s-%" PRIu32, what, number);
	return buf;
}

/**
 * verdict_name() - name a verdict
 * @verdict: one of enum vdhcp_verdict, or a newer one
 * @buf: NAME_SIZE bytes, which are used if it has no name here
 *
 * Return: its name.
 */
const char *verdict_name(uint32_t verdict, char *buf)
{
	return name_of(verdict_names, ARRAY_SIZE(verdict_names), "verdict", verdict, buf);
}

/**
 * verdict_kind() - of what kind a verdict is
 * @verdict: one of enum vdhcp_verdict, or a newer one
 *
 * Return: its kind.
 */
enum kind verdict_kind(uint32_t verdict)
{
	return verdict < ARRAY_SIZE(verdict_kinds) ? verdict_kinds[verdict] : KIND_NONE;
}
