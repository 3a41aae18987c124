// SPDX-License-Identifier: GPL-2.0
/* Acknowledgments of the kernel, and the error messages that follow from them. */
#include <errno.h>
#include <linux/netlink.h>
#include <netlink/attr.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "ctx.h"
#include "err.h"

/* NLMSGERR_ATTR_*; kernel headers before 6.1 lack the last two. */
enum {
	ANSWER_MSG = 1,
	ANSWER_OFFS = 2,
	ANSWER_MISS_TYPE = 5,
	ANSWER_MISS_NEST = 6,
};

/* Version of the loaded module if it differs from the version of vdhcpctl, else "". */
static char other_version[64];

static uint32_t read_u32(struct nlattr *tb[], int type)
{
	return tb[type] && nla_len(tb[type]) >= (int)sizeof(uint32_t) ? nla_get_u32(tb[type]) : 0;
}

/**
 * answer_read() - read an acknowledgment
 * @hdr: message of type NLMSG_ERROR, or NLMSG_DONE at the end of a dump
 * @answer: result; fields that the message does not set keep their value
 *
 * Both types begin with an errno. The attributes follow it; in NLMSG_ERROR the
 * header of the request, or the whole request, stands between the two.
 *
 * Return: a status.
 */
int answer_read(struct nlmsghdr *hdr, struct answer *answer)
{
	const struct nlmsgerr *error = nlmsg_data(hdr);
	struct nlattr *tb[ANSWER_MISS_NEST + 1];
	int len = nlmsg_datalen(hdr), skip = sizeof(int);

	if (len < (int)sizeof(int))
		return hdr->nlmsg_type == NLMSG_DONE ? STATUS_OK :
		       fail_system("the kernel sent an acknowledgment that is too short");
	answer->err = -error->error;
	if (!(hdr->nlmsg_flags & NLM_F_ACK_TLVS))
		return STATUS_OK;
	if (hdr->nlmsg_type == NLMSG_ERROR) {
		if (len < (int)sizeof(*error))
			return STATUS_OK;
		skip = sizeof(*error);
		if (!(hdr->nlmsg_flags & NLM_F_CAPPED) && error->msg.nlmsg_len > NLMSG_HDRLEN &&
		    error->msg.nlmsg_len - NLMSG_HDRLEN <= (uint32_t)(len - skip))
			skip += NLMSG_ALIGN(error->msg.nlmsg_len - NLMSG_HDRLEN);
	}
	if (skip >= len || nla_parse(tb, ANSWER_MISS_NEST, nlmsg_attrdata(hdr, skip), len - skip,
				     NULL) < 0)
		return STATUS_OK;
	if (tb[ANSWER_MSG])
		snprintf(answer->text, sizeof(answer->text), "%.*s", nla_len(tb[ANSWER_MSG]),
			 (const char *)nla_data(tb[ANSWER_MSG]));
	answer->offset = read_u32(tb, ANSWER_OFFS);
	answer->missing = read_u32(tb, ANSWER_MISS_TYPE);
	answer->nest = read_u32(tb, ANSWER_MISS_NEST);
	return STATUS_OK;
}

/**
 * answer_set_module() - set the version of the module for error messages
 * @version: version of the module, which differs from the version of vdhcpctl
 */
void answer_set_module(const char *version)
{
	snprintf(other_version, sizeof(other_version), "%s", version);
}

/**
 * answer_text() - get the reason of a refusal
 * @answer: answer with an errno
 * @len: length of the reason
 *
 * Return: the reason, without the name of the module before it; it has no full
 * stop at @len.
 */
const char *answer_text(const struct answer *answer, size_t *len)
{
	const char *text = *answer->text ? answer->text : strerror(answer->err);

	if (!strncmp(text, "vdhcp: ", 7))
		text += 7;
	*len = strlen(text);
	if (*len && text[*len - 1] == '.')
		(*len)--;
	return text;
}

/**
 * fail_answer() - print why the kernel refused a request
 * @answer: answer with an errno
 * @where: end of the sentence, with a blank before it: the key at fault; or ""
 *
 * Return: STATUS_SYSTEM.
 */
int fail_answer(const struct answer *answer, const char *where)
{
	const char *hint = answer->err == EPERM ? ", this takes CAP_NET_ADMIN" : "";
	const char *text;
	size_t len;

	/* The core of genetlink refuses unknown commands, and has no text for it. */
	if (answer->err == EOPNOTSUPP && !*answer->text && *other_version)
		return fail_system("the loaded module is version %s and does not know this "
				   "request of vdhcpctl %s; load the module of the same version",
				   other_version, VDHCP_VERSION);
	text = answer_text(answer, &len);
	return fail_system("vdhcp: %.*s%s%s", (int)len, text, hint, where);
}
