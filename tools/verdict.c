// SPDX-License-Identifier: GPL-2.0
/* Names and kinds of verdicts. */
#include <inttypes.h>
#include <linux/vdhcp.h>
#include <stdio.h>
#include <string.h>

#include "err.h"
#include "verdict.h"
#include "verdict-help-gen.h"

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

/**
 * verdict_find() - find a verdict by its name
 * @name: the whole name
 *
 * Return: one of enum vdhcp_verdict, or -1.
 */
int verdict_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(verdict_names); i++)
		if (!strcmp(verdict_names[i], name))
			return (int)i;
	return -1;
}

/**
 * verdict_text() - get the help of a verdict
 * @verdict: one of enum vdhcp_verdict, or more
 *
 * Return: the help; NULL above the last verdict.
 */
const struct verdict_text *verdict_text(uint32_t verdict)
{
	return verdict < ARRAY_SIZE(verdict_texts) ? &verdict_texts[verdict] : NULL;
}
