// SPDX-License-Identifier: GPL-2.0
/* vdhcpctl version: versions of vdhcpctl and of the module. */
#include "cmd.h"
#include "info.h"
#include "kernel.h"

/**
 * cmd_version() - vdhcpctl version
 * @ctx: context
 * @args: words after it
 *
 * Return: a status. Without the module it is STATUS_SYSTEM, and the version of
 * vdhcpctl is printed.
 */
int cmd_version(struct ctx *ctx, struct args *args)
{
	struct info *info = &ctx->kernel.info;
	struct out *out = &ctx->out;
	int err;

	if (args_end(args))
		return STATUS_USAGE;
	/* The connection asks the module, and warns if the two versions differ. */
	ctx->kernel.any_abi = true;
	err = kernel_connect(&ctx->kernel);
	if (!err && !*info->version)
		err = info_get(&ctx->kernel, info);
	if (!err)
		info_warn_waiting(info);
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
