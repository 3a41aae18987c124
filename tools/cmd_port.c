// SPDX-License-Identifier: GPL-2.0
/* vdhcpctl port: one interface of one guest. */
#include "cmd.h"
#include "port.h"

/**
 * cmd_port() - vdhcpctl port
 * @ctx: context
 * @args: words after it
 *
 * Return: a status.
 */
int cmd_port(struct ctx *ctx, struct args *args)
{
	return object_run(ctx, &port_object, args);
}
