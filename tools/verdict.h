/* SPDX-License-Identifier: GPL-2.0 */
/* Names and kinds of verdicts. */
#ifndef VDHCPCTL_VERDICT_H
#define VDHCPCTL_VERDICT_H

#include "name.h"
#include "vdhcp-names-gen.h"

const char *verdict_name(uint32_t verdict, char *buf);
enum vdhcp_kind verdict_kind(uint32_t verdict);

#endif /* VDHCPCTL_VERDICT_H */
