/* SPDX-License-Identifier: GPL-2.0 */
/* Counters in Prometheus' text format. */
#ifndef VDHCPCTL_PROMETHEUS_H
#define VDHCPCTL_PROMETHEUS_H

#include "args.h"

int prometheus_print(struct ctx *ctx, struct args *args);

#endif /* VDHCPCTL_PROMETHEUS_H */
