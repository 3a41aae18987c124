// SPDX-License-Identifier: GPL-2.0
/* Messages of the family: requests that are built, attributes that are found. */
#include <linux/vdhcp.h>
#include <string.h>

#include "err.h"
#include "request.h"

/*
 * A request that is not in use. libnl clears each request that it allocates,
 * which would take most of the time of a batch.
 */
static struct nl_msg *spare;

/**
 * request_new() - begin a request
 * @cmd: one of enum vdhcp_cmd
 *
 * Return: a request without attributes, to be freed with request_free(); NULL
 * after an error was printed.
 */
struct nl_msg *request_new(uint8_t cmd)
{
	struct nl_msg *msg = spare;

	if (msg) {
		spare = NULL;
		nlmsg_hdr(msg)->nlmsg_len = NLMSG_HDRLEN;
	} else {
		msg = nlmsg_alloc_size(REQUEST_MAX);
	}
	if (msg && genlmsg_put(msg, 0, 0, 0, 0, 0, cmd, VDHCP_FAMILY_VERSION))
		return msg;
	nlmsg_free(msg);
	fail_memory();
	return NULL;
}

/**
 * request_reset() - remove all attributes of a request
 * @msg: request
 * @cmd: one of enum vdhcp_cmd
 */
void request_reset(struct nl_msg *msg, uint8_t cmd)
{
	*nlmsg_hdr(msg) = (struct nlmsghdr){ .nlmsg_len = NLMSG_HDRLEN + GENL_HDRLEN };
	genlmsg_hdr(nlmsg_hdr(msg))->cmd = cmd;
}

/**
 * request_free() - free a request, or keep it for the next request_new()
 * @msg: request or NULL
 */
void request_free(struct nl_msg *msg)
{
	if (!msg)
		return;
	nlmsg_free(spare);
	spare = msg;
}

/**
 * attr_find() - find an attribute of a message of the family
 * @hdr: message
 * @type: number of the attribute
 *
 * Return: the first attribute with this number, NULL if there is none.
 */
struct nlattr *attr_find(const struct nlmsghdr *hdr, int type)
{
	return nlmsg_find_attr((struct nlmsghdr *)hdr, GENL_HDRLEN, type);
}

/**
 * attr_text() - get the text in an attribute
 * @nla: attribute
 *
 * Return: the text; "" if it is not terminated.
 */
const char *attr_text(const struct nlattr *nla)
{
	return memchr(nla_data(nla), '\0', (size_t)nla_len(nla)) ? nla_data(nla) : "";
}

/**
 * attr_u32() - get the number in an attribute
 * @nla: attribute or NULL
 *
 * Return: the number; 0 without an attribute, or if it is too short.
 */
uint32_t attr_u32(const struct nlattr *nla)
{
	return nla && nla_len(nla) >= (int)sizeof(uint32_t) ? nla_get_u32(nla) : 0;
}
