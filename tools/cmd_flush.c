// SPDX-License-Identifier: GPL-2.0
/* vdhcpctl flush: remove all ports and subnets. */
#include "cmd.h"
#include "object.h"
#include "request.h"

/**
 * cmd_flush() - vdhcpctl flush
 * @ctx: context
 * @args: words after it
 *
 * Return: a status.
 */
int cmd_flush(struct ctx *ctx, struct args *args)
{
	struct nl_msg *msg;
	int err;

	if (args_end(args))
		return STATUS_USAGE;
	msg = request_new(VDHCP_CMD_FLUSH);
	if (!msg)
		return STATUS_SYSTEM;
	err = object_write(ctx, NULL, msg);
	request_free(msg);
	return err;
}
