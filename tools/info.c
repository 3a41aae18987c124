// SPDX-License-Identifier: GPL-2.0
/* What the module says of itself, and whether this tool belongs to it. */
#include <linux/vdhcp.h>
#include <string.h>

#include "attrs.h"
#include "info.h"
#include "module.h"

/* The interface that this tool was written for. */
#define ABI 1

/* Of the module, if it is not this tool's, else "". */
static char other_version[sizeof(((struct info *)0)->version)];

static uint32_t read_u32(const struct nlmsghdr *hdr, int type)
{
	const struct nlattr *nla = attr_find(hdr, type);

	return nla && nla_len(nla) >= (int)sizeof(uint32_t) ? nla_get_u32(nla) : 0;
}

static int read_info(struct nlmsghdr *hdr, void *arg)
{
	const struct nlattr *version = attr_find(hdr, VDHCP_A_INFO_VERSION);
	const struct nlattr *digest = attr_find(hdr, VDHCP_A_INFO_DIGEST);
	struct info *info = arg;

	if (version)
		snprintf(info->version, sizeof(info->version), "%s", attr_text(version));
	info->abi = read_u32(hdr, VDHCP_A_INFO_ABI);
	info->generation = read_u32(hdr, VDHCP_A_INFO_GENERATION);
	info->subnets = read_u32(hdr, VDHCP_A_INFO_SUBNETS);
	info->ports = read_u32(hdr, VDHCP_A_INFO_PORTS);
	info->has_digest = digest && nla_len(digest) == VDHCP_DIGEST_LEN;
	if (info->has_digest)
		memcpy(info->digest, nla_data(digest), VDHCP_DIGEST_LEN);
	return STATUS_OK;
}

static int ask(struct kernel *kernel, struct info *info, struct answer *answer)
{
	struct nl_msg *msg;
	int err;

	*info = (struct info){ 0 };
	msg = kernel_request(VDHCP_CMD_INFO_GET);
	if (!msg)
		return STATUS_SYSTEM;
	err = kernel_talk(kernel, msg, read_info, info, answer);
	nlmsg_free(msg);
	return err;
}

/**
 * info_get() - ask the module for version and generation
 * @kernel: connection
 * @info: result
 *
 * Return: a status.
 */
int info_get(struct kernel *kernel, struct info *info)
{
	struct answer answer;
	int err;

	err = ask(kernel, info, &answer);
	if (!err && answer.err)
		err = attrs_refused(NULL, NULL, &answer);
	return err;
}

/* Is there another one to switch to? If not, one of the two has to be installed. */
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
 * info_waiting() - warn if another module is installed than the one that is loaded
 * @info: of the module, which is of the version of this tool
 */
void info_waiting(const struct info *info)
{
	char installed[sizeof(info->version)];

	module_version(installed, sizeof(installed));
	if (*installed && strcmp(installed, info->version) != 0)
		warn("the module is version %s, and %s is installed; switch to it: %s",
		     info->version, installed, MODULE_SWITCH);
}

/**
 * info_other() - is the module of another version than this tool?
 *
 * Return: its version, or NULL.
 */
const char *info_other(void)
{
	return *other_version ? other_version : NULL;
}

/**
 * info_check() - warn if the module is not of the version of this tool
 * @kernel: connection, which has just been made; its info is filled in
 *
 * A module that does not answer is left to the command that will ask next.
 *
 * Return: a status.
 */
int info_check(struct kernel *kernel)
{
	struct info *info = &kernel->info;
	struct answer answer;
	int err;

	err = ask(kernel, info, &answer);
	if (err || answer.err)
		return err;
	if (strcmp(info->version, VDHCP_VERSION) != 0) {
		memcpy(other_version, info->version, sizeof(other_version));
		warn_version(info);
	}
	if (info->abi != ABI)
		warn("the module speaks version %u of the interface, vdhcpctl knows %d", info->abi,
		     ABI);
	return STATUS_OK;
}
