// SPDX-License-Identifier: GPL-2.0
/* Version and state of the module. */
#include <linux/vdhcp.h>
#include <stdio.h>
#include <string.h>

#include "ctx.h"
#include "err.h"
#include "info.h"
#include "module.h"
#include "request.h"

static int read_reply(struct nlmsghdr *hdr, void *arg)
{
	const struct nlattr *version = attr_find(hdr, VDHCP_A_INFO_VERSION);
	const struct nlattr *digest = attr_find(hdr, VDHCP_A_INFO_DIGEST);
	struct info *info = arg;

	if (version)
		snprintf(info->version, sizeof(info->version), "%s", attr_text(version));
	info->abi = attr_u32(attr_find(hdr, VDHCP_A_INFO_ABI));
	info->generation = attr_u32(attr_find(hdr, VDHCP_A_INFO_GENERATION));
	info->subnets = attr_u32(attr_find(hdr, VDHCP_A_INFO_SUBNETS));
	info->ports = attr_u32(attr_find(hdr, VDHCP_A_INFO_PORTS));
	info->has_digest = digest && nla_len(digest) == VDHCP_DIGEST_LEN;
	if (info->has_digest)
		memcpy(info->digest, nla_data(digest), VDHCP_DIGEST_LEN);
	return STATUS_OK;
}

static int ask_module(struct kernel *kernel, struct info *info, struct answer *answer)
{
	struct nl_msg *msg;
	int err;

	*info = (struct info){ 0 };
	msg = request_new(VDHCP_CMD_INFO_GET);
	if (!msg)
		return STATUS_SYSTEM;
	err = netlink_send(kernel, msg, kernel->family, NLM_F_ACK) ?:
	      netlink_wait(kernel, msg, read_reply, info, answer);
	request_free(msg);
	return err;
}

/**
 * info_get() - ask the module for its version and state
 * @kernel: connection, which is open
 * @info: result
 *
 * Return: a status.
 */
int info_get(struct kernel *kernel, struct info *info)
{
	struct answer answer;
	int err;

	err = ask_module(kernel, info, &answer);
	if (!err && answer.err)
		err = fail_answer(&answer, "");
	return err;
}

/* If a third version is installed, loading that module may be what is missing. */
static void warn_version(const struct info *info)
{
	char installed[sizeof(info->version)];

	module_version(installed, sizeof(installed));
	if (*installed && strcmp(installed, info->version) != 0)
		warn("vdhcpctl is version %s and the module is version %s; %s is installed, "
		     "switch to it: %s",
		     VDHCP_VERSION, info->version, installed, MODULE_SWITCH);
	else
		warn("vdhcpctl is version %s and the module is version %s; install vdhcp-tools "
		     "and vdhcp-dkms of one version",
		     VDHCP_VERSION, info->version);
}

/**
 * info_warn_waiting() - warn if the installed module is not the one that is loaded
 * @info: state of the loaded module
 *
 * Prints nothing if the loaded module differs from vdhcpctl, because info_check()
 * has warned then.
 */
void info_warn_waiting(const struct info *info)
{
	char installed[sizeof(info->version)];

	if (strcmp(info->version, VDHCP_VERSION) != 0)
		return;
	module_version(installed, sizeof(installed));
	if (*installed && strcmp(installed, info->version) != 0)
		warn("the module is version %s, and %s is installed; switch to it: %s",
		     info->version, installed, MODULE_SWITCH);
}

/**
 * info_check() - check whether vdhcpctl and the module can work together
 * @kernel: connection that has just been made; its info is filled in
 *
 * Warns if the versions differ. Fails if the versions of the netlink interface differ,
 * because each side would misunderstand the other. A refusal of the kernel is not an
 * error here; the next request will report it.
 *
 * Return: a status.
 */
int info_check(struct kernel *kernel)
{
	struct info *info = &kernel->info;
	struct answer answer;
	int err;

	err = ask_module(kernel, info, &answer);
	if (err || answer.err)
		return err;
	if (strcmp(info->version, VDHCP_VERSION) != 0) {
		answer_set_module(info->version);
		warn_version(info);
	}
	if (info->abi == VDHCP_ABI)
		return STATUS_OK;
	if (!kernel->any_abi)
		return fail_system("the module has version %u of the netlink interface, vdhcpctl "
				   "has version %d; load the module that was installed with "
				   "vdhcpctl: %s",
				   info->abi, VDHCP_ABI, MODULE_SWITCH);
	warn("the module has version %u of the netlink interface, vdhcpctl has version %d",
	     info->abi, VDHCP_ABI);
	return STATUS_OK;
}
