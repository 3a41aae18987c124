// SPDX-License-Identifier: GPL-2.0
/* vdhcpctl version: of the tool and of the module; and vdhcpctl flush. */
#include <linux/vdhcp.h>
#include <string.h>

#include "attrs.h"

/* The interface that this tool was written for. */
#define ABI 1

struct info {
	char version[64];
	uint32_t abi;
};

static int read_info(struct nlmsghdr *hdr, void *arg)
{
	const struct nlattr *version = attr_find(hdr, VDHCP_A_INFO_VERSION);
	const struct nlattr *abi = attr_find(hdr, VDHCP_A_INFO_ABI);
	struct info *info = arg;

	if (version)
		snprintf(info->version, sizeof(info->version), "%s", attr_text(version));
	if (abi && nla_len(abi) >= (int)sizeof(uint32_t))
		info->abi = nla_get_u32(abi);
	return STATUS_OK;
}

/* A request without attributes, and its reply. */
static int ask(struct ctx *ctx, uint8_t cmd, reply_fn *fn, void *arg)
{
	struct answer answer;
	struct nl_msg *msg;
	int err;

	msg = kernel_request(cmd);
	if (!msg)
		return STATUS_SYSTEM;
	err = kernel_talk(&ctx->kernel, msg, fn, arg, &answer);
	if (!err && answer.err)
		err = attrs_refused(NULL, msg, &answer);
	nlmsg_free(msg);
	return err;
}

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
	struct info info = { 0 };
	struct out *out = &ctx->out;
	int err;

	if (args_end(args))
		return STATUS_USAGE;
	out_list_begin(out);
	err = ask(ctx, VDHCP_CMD_INFO_GET, read_info, &info);
	out_object_begin(out, NULL);
	out_text(out, "vdhcpctl");
	out_str(out, "tool", NULL, VDHCP_VERSION);
	if (!err) {
		out_text(out, ", module");
		out_str(out, "module", NULL, info.version);
		out_num(out, "abi", "abi", info.abi);
	}
	out_object_end(out);
	err = out_list_end(out, err);
	if (err)
		return err;
	if (strcmp(info.version, VDHCP_VERSION) != 0)
		warn("vdhcpctl is %s but the loaded module is %s", VDHCP_VERSION, info.version);
	if (info.abi > ABI)
		warn("the module speaks version %u of the interface, vdhcpctl knows %d", info.abi,
		     ABI);
	return STATUS_OK;
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
	return args_end(args) ?: ask(ctx, VDHCP_CMD_FLUSH, NULL, NULL);
}
