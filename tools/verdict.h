/* SPDX-License-Identifier: GPL-2.0 */
/* Names and kinds of verdicts. */
#ifndef VDHCPCTL_VERDICT_H
#define VDHCPCTL_VERDICT_H

#include "name.h"
#include "vdhcp-names-gen.h"

/**
 * struct verdict_text - help of a verdict
 * @meaning: what the verdict means, complete lines
 * @action: what an operator does about it, complete lines
 * @event: name of the event that reports it, NULL if none does
 */
struct verdict_text {
	const char *meaning;
	const char *action;
	const char *event;
};

const char *verdict_name(uint32_t verdict, char *buf);
enum vdhcp_kind verdict_kind(uint32_t verdict);
int verdict_find(const char *name);
const struct verdict_text *verdict_text(uint32_t verdict);

#endif /* VDHCPCTL_VERDICT_H */
