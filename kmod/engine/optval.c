// SPDX-License-Identifier: GPL-2.0
/*
 * Validation of the values of raw options when they are configured, so that
 * clients can parse all options of a reply.
 */
#include <linux/vdhcp.h>
#include "optval.h"
#include "wire.h"

/* Formats of option values. */
enum opt_format {
	FORMAT_ANY,
	FORMAT_ADDR,
	FORMAT_ADDRS,
	FORMAT_PAIRS,
	FORMAT_STATIC,
	FORMAT_BOOL,
	FORMAT_U8,
	FORMAT_U16,
	FORMAT_MTU,
	FORMAT_U32,
	FORMAT_TEXT,
	FORMAT_ROUTES,
};

static const char * const format_words[] = {
	[FORMAT_ANY] = "bytes",
	[FORMAT_ADDR] = "one IPv4 address",
	[FORMAT_ADDRS] = "IPv4 addresses",
	[FORMAT_PAIRS] = "pairs of IPv4 addresses",
	[FORMAT_STATIC] = "pairs of a destination, not 0.0.0.0, and a router",
	[FORMAT_BOOL] = "one byte, 0 or 1",
	[FORMAT_U8] = "one byte",
	[FORMAT_U16] = "two bytes",
	[FORMAT_MTU] = "two bytes, 68 or more",
	[FORMAT_U32] = "four bytes",
	[FORMAT_TEXT] = "text",
	[FORMAT_ROUTES] = "classless routes without host bits",
};

/* RFC 2132 unless noted. Any value is valid for a code without an entry. */
static const u8 option_formats[256] = {
	[2] = FORMAT_U32,
	[3] = FORMAT_ADDRS, [4] = FORMAT_ADDRS, [5] = FORMAT_ADDRS,
	[6] = FORMAT_ADDRS,
	[7] = FORMAT_ADDRS, [8] = FORMAT_ADDRS, [9] = FORMAT_ADDRS,
	[10] = FORMAT_ADDRS,
	[11] = FORMAT_ADDRS,
	[12] = FORMAT_TEXT,
	[13] = FORMAT_U16,
	[14] = FORMAT_TEXT, [15] = FORMAT_TEXT,
	[16] = FORMAT_ADDR,
	[17] = FORMAT_TEXT, [18] = FORMAT_TEXT,
	[19] = FORMAT_BOOL, [20] = FORMAT_BOOL,
	[21] = FORMAT_PAIRS,
	[22] = FORMAT_U16,
	[23] = FORMAT_U8,
	[24] = FORMAT_U32,
	[26] = FORMAT_MTU,
	[27] = FORMAT_BOOL,
	[28] = FORMAT_ADDR,
	[29] = FORMAT_BOOL, [30] = FORMAT_BOOL, [31] = FORMAT_BOOL,
	[32] = FORMAT_ADDR,
	[33] = FORMAT_STATIC,
	[34] = FORMAT_BOOL,
	[35] = FORMAT_U32,
	[36] = FORMAT_BOOL,
	[37] = FORMAT_U8,
	[38] = FORMAT_U32,
	[39] = FORMAT_BOOL,
	[40] = FORMAT_TEXT,
	[41] = FORMAT_ADDRS, [42] = FORMAT_ADDRS,
	[44] = FORMAT_ADDRS, [45] = FORMAT_ADDRS,
	[46] = FORMAT_U8,
	[47] = FORMAT_TEXT,
	[48] = FORMAT_ADDRS, [49] = FORMAT_ADDRS,
	[64] = FORMAT_TEXT,
	[65] = FORMAT_ADDRS,
	[66] = FORMAT_TEXT, [67] = FORMAT_TEXT,
	[68] = FORMAT_ANY,	/* addresses, or empty: no home agents */
	[69] = FORMAT_ADDRS, [70] = FORMAT_ADDRS, [71] = FORMAT_ADDRS,
	[72] = FORMAT_ADDRS,
	[73] = FORMAT_ADDRS, [74] = FORMAT_ADDRS, [75] = FORMAT_ADDRS,
	[76] = FORMAT_ADDRS,
	[100] = FORMAT_TEXT, [101] = FORMAT_TEXT,	/* RFC 4833 */
	[114] = FORMAT_TEXT,		/* RFC 8910 */
	[121] = FORMAT_ROUTES,		/* RFC 3442 */
	[138] = FORMAT_ADDRS,		/* RFC 5417 */
	[150] = FORMAT_ADDRS,		/* RFC 5859 */
	[208] = FORMAT_U32,		/* RFC 5071 */
	[209] = FORMAT_TEXT, [210] = FORMAT_TEXT,
	[211] = FORMAT_U32,
	[249] = FORMAT_ROUTES,
};

/* Options that the protocol or a key sets, or that only clients may send. */
static const struct {
	u8 code;
	const char *why;
} reserved[] = {
	{ VDHCP_OPT_PAD, "is padding" },
	{ VDHCP_OPT_SUBNET_MASK, "follows from the cidr" },
	{ VDHCP_OPT_REQUESTED_ADDRESS, "is sent by clients only" },
	{ VDHCP_OPT_LEASE, "is set by lease" },
	{ VDHCP_OPT_OVERLOAD, "is set by the protocol" },
	{ VDHCP_OPT_MESSAGE_TYPE, "is set by the protocol" },
	{ VDHCP_OPT_SERVER_ID, "is set by server-id" },
	{ VDHCP_OPT_PARAMETER_LIST, "is sent by clients only" },
	{ VDHCP_OPT_MESSAGE, "is set by the protocol" },
	{ VDHCP_OPT_MAX_SIZE, "is sent by clients only" },
	{ VDHCP_OPT_T1, "is set by t1" },
	{ VDHCP_OPT_T2, "is set by t2" },
	{ VDHCP_OPT_CLIENT_ID,
	  "cannot be configured: it is echoed from the request" },
	{ VDHCP_OPT_RAPID_COMMIT, "is set by rapid-commit" },
	{ VDHCP_OPT_FQDN,
	  "cannot be configured: it answers the client's option 81" },
	{ VDHCP_OPT_RELAY_AGENT, "is for relays" },
	{ VDHCP_OPT_AUTHENTICATION, "is not supported" },
	{ VDHCP_OPT_UUID,
	  "cannot be configured: it is echoed from the request" },
	{ VDHCP_OPT_IPV6_ONLY, "is set by ipv6-only" },
	{ VDHCP_OPT_AUTO_CONFIGURE, "is for ports without an address" },
	{ VDHCP_OPT_SUBNET_SELECTION, "is for relays" },
	{ VDHCP_OPT_NONCE_CAPABLE, "is sent by clients only" },
	{ VDHCP_OPT_END, "ends the options" },
};

static bool are_static_routes(const u8 *p, u16 len)
{
	if (!len || len % 8)
		return false;
	for (; len; p += 8, len -= 8)
		if (!vdhcp_get_addr(p))
			return false;
	return true;
}

static bool are_routes(const u8 *p, u16 len)
{
	u16 size;

	if (!len)
		return false;
	while (len) {
		size = 1 + (*p + 7) / 8 + 4;
		if (*p > 32 || size > len)
			return false;
		/* No bits after the prefix in its last octet (RFC 3442). */
		if (*p % 8 && p[1 + *p / 8] & (0xff >> *p % 8))
			return false;
		p += size;
		len -= size;
	}
	return true;
}

static bool has_format(enum opt_format format, const u8 *p, u16 len)
{
	switch (format) {
	case FORMAT_ADDR:
	case FORMAT_U32:
		return len == 4;
	case FORMAT_ADDRS:
		return len && len % 4 == 0;
	case FORMAT_PAIRS:
		return len && len % 8 == 0;
	case FORMAT_STATIC:
		return are_static_routes(p, len);
	case FORMAT_MTU:
		return len == 2 && get_unaligned_be16(p) >= 68;
	case FORMAT_BOOL:
		return len == 1 && *p <= 1;
	case FORMAT_U8:
		return len == 1;
	case FORMAT_U16:
		return len == 2;
	case FORMAT_TEXT:
		/* RFC 2132 section 2: no NUL, because it ends the text. */
		return len && !memchr(p, 0, len);
	case FORMAT_ROUTES:
		return are_routes(p, len);
	case FORMAT_ANY:
	default:
		return true;
	}
}

static bool has_form_length(const struct vdhcp_option *opt)
{
	switch (opt->form) {
	case VDHCP_OPTION_FORM_U8:
		return opt->len == 1;
	case VDHCP_OPTION_FORM_U16:
		return opt->len == 2;
	case VDHCP_OPTION_FORM_U32:
		return opt->len == 4;
	case VDHCP_OPTION_FORM_IP:
		return opt->len && opt->len % 4 == 0;
	default:
		return true;
	}
}

/**
 * vdhcp_optval_validate() - check whether a raw option may be configured
 * @opt: the option
 * @attr: attribute of the option, for @cfg_err
 * @cfg_err: filled in on failure
 *
 * Return: 0 or -EINVAL.
 */
int vdhcp_optval_validate(const struct vdhcp_option *opt, u16 attr,
			  struct vdhcp_cfg_err *cfg_err)
{
	enum opt_format format = option_formats[opt->code];
	unsigned int i;

	cfg_err->entry = opt->code;
	for (i = 0; i < ARRAY_SIZE(reserved); i++)
		if (reserved[i].code == opt->code)
			return vdhcp_fail(cfg_err, attr, "option %u %s",
					  opt->code, reserved[i].why);
	if (opt->len > VDHCP_OPTION_MAX)
		return vdhcp_fail(cfg_err, attr,
				  "option %u is longer than %u bytes",
				  opt->code, VDHCP_OPTION_MAX);
	if (!has_form_length(opt))
		return vdhcp_fail(cfg_err, attr,
				  "option %u has a length that does not match its form",
				  opt->code);
	if (!has_format(format, opt->data, opt->len))
		return vdhcp_fail(cfg_err, attr, "option %u must hold %s",
				  opt->code, format_words[format]);
	return 0;
}
