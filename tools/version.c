// SPDX-License-Identifier: GPL-2.0
/* vdhcpctl version: of the tool and of the module; and vdhcpctl flush. */
#include <linux/vdhcp.h>

#include "info.h"
#include "object.h"

/**
 * version_run() - vdhcpctl version
 * @ctx: context
 * @args: the words after it
 *
 * Return: a status; without the module it is STATUS_SYSTEM, and the version of
 * the tool is printed all the same.
 */
int version_run(struct ctx *ctx, struct args *args)
{
	const struct info *info = &ctx->kernel.info;
	struct out *out = &ctx->out;
	int err;

	if (args_end(args))
		return STATUS_USAGE;
	/* This asks the module, and warns if the two versions are not the same. */
	err = kernel_connect(&ctx->kernel);
	if (!err && !*info->version)
		err = info_get(&ctx->kernel, &ctx->kernel.info);
	if (!err && !info_other())
		info_waiting(info);
	out_list_begin(out);
	out_object_begin(out, NULL);
	out_text(out, "vdhcpctl");
	out_str(out, "tool", NULL, VDHCP_VERSION);
	if (!err) {
		out_text(out, ", module");
		out_str(out, "module", NULL, info->version);
		out_num(out, "abi", "abi", info->abi);
	}
	out_object_end(out);
	return out_list_end(out, err);
}

/**
 * flush_run() - vdhcpctl flush: remove all ports and subnets
 * @ctx: context
 * @args: the words after it
 *
 * Return: a status.
 */
int flush_run(struct ctx *ctx, struct args *args)
{
	struct nl_msg *msg;
	int err;

	if (args_end(args))
		return STATUS_USAGE;
	msg = kernel_request(VDHCP_CMD_FLUSH);
	if (!msg)
		return STATUS_SYSTEM;
	err = object_write(ctx, NULL, msg);
	nlmsg_free(msg);
	return err;
}
