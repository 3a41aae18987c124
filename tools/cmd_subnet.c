// SPDX-License-Identifier: GPL-2.0
/* vdhcpctl subnet: what all ports of a network have in common. */
#include "cmd.h"
#include "subnet.h"

/**
 * cmd_subnet() - vdhcpctl subnet
 * @ctx: context
 * @args: words after it
 *
 * Return: a status.
 */
int cmd_subnet(struct ctx *ctx, struct args *args)
{
	return object_run(ctx, &subnet_object, args);
}
