/* SPDX-License-Identifier: GPL-2.0 */
/* vdhcpctl port show: which ports, in which order, and in which form. */
#ifndef VDHCPCTL_PORT_SHOW_H
#define VDHCPCTL_PORT_SHOW_H

#include "object.h"

int port_show(struct ctx *ctx, const struct object *object, struct args *args);

#endif /* VDHCPCTL_PORT_SHOW_H */
