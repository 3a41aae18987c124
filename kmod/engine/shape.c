// SPDX-License-Identifier: GPL-2.0
/*
 * What the values of options look like: checks of raw options and of names
 * when they are configured, so that no reply ever carries an option that a
 * client would choke on.
 */
#include "option.h"

/**
 * vdhcp_fail() - say why a spec is refused
 * @cfg_err: filled in
 * @attr: attribute at fault, 0 for none in particular
 * @fmt: one sentence without a full stop
 *
 * Return: -EINVAL, for the caller to return.
 */
int vdhcp_fail(struct vdhcp_cfg_err *cfg_err, u16 attr, const char *fmt, ...)
{
	va_list args;

	cfg_err->attr = attr;
	va_start(args, fmt);
	vsnprintf(cfg_err->text, sizeof(cfg_err->text), fmt, args);
	va_end(args);
	return -EINVAL;
}

enum shape {
	shape_any,
	shape_addr,
	shape_addrs,
	shape_pairs,
	shape_static,
	shape_bool,
	shape_u8,
	shape_u16,
	shape_mtu,
	shape_u32,
	shape_text,
	shape_routes,
};

static const char * const shape_words[] = {
	[shape_any] = "bytes",
	[shape_addr] = "one IPv4 address",
	[shape_addrs] = "IPv4 addresses",
	[shape_pairs] = "pairs of IPv4 addresses",
	[shape_static] = "pairs of a destination, not 0.0.0.0, and a router",
	[shape_bool] = "one byte, 0 or 1",
	[shape_u8] = "one byte",
	[shape_u16] = "two bytes",
	[shape_mtu] = "two bytes, 68 or more",
	[shape_u32] = "four bytes",
	[shape_text] = "text",
	[shape_routes] = "classless routes without host bits",
};

/* RFC 2132 unless said otherwise; a code that is not here may hold anything. */
static const u8 shapes[256] = {
	[2] = shape_u32,
	[3] = shape_addrs, [4] = shape_addrs, [5] = shape_addrs, [6] = shape_addrs,
	[7] = shape_addrs, [8] = shape_addrs, [9] = shape_addrs, [10] = shape_addrs,
	[11] = shape_addrs,
	[12] = shape_text,
	[13] = shape_u16,
	[14] = shape_text, [15] = shape_text,
	[16] = shape_addr,
	[17] = shape_text, [18] = shape_text,
	[19] = shape_bool, [20] = shape_bool,
	[21] = shape_pairs,
	[22] = shape_u16,
	[23] = shape_u8,
	[24] = shape_u32,
	[26] = shape_mtu,
	[27] = shape_bool,
	[28] = shape_addr,
	[29] = shape_bool, [30] = shape_bool, [31] = shape_bool,
	[32] = shape_addr,
	[33] = shape_static,
	[34] = shape_bool,
	[35] = shape_u32,
	[36] = shape_bool,
	[37] = shape_u8,
	[38] = shape_u32,
	[39] = shape_bool,
	[40] = shape_text,
	[41] = shape_addrs, [42] = shape_addrs,
	[44] = shape_addrs, [45] = shape_addrs,
	[46] = shape_u8,
	[47] = shape_text,
	[48] = shape_addrs, [49] = shape_addrs,
	[64] = shape_text,
	[65] = shape_addrs,
	[66] = shape_text, [67] = shape_text,
	[68] = shape_any,		/* addresses, or empty: no home agents */
	[69] = shape_addrs, [70] = shape_addrs, [71] = shape_addrs, [72] = shape_addrs,
	[73] = shape_addrs, [74] = shape_addrs, [75] = shape_addrs, [76] = shape_addrs,
	[100] = shape_text, [101] = shape_text,	/* RFC 4833 */
	[114] = shape_text,		/* RFC 8910 */
	[121] = shape_routes,		/* RFC 3442 */
	[138] = shape_addrs,		/* RFC 5417 */
	[150] = shape_addrs,		/* RFC 5859 */
	[208] = shape_u32,		/* RFC 5071 */
	[209] = shape_text, [210] = shape_text,
	[211] = shape_u32,
	[249] = shape_routes,
};

/* Options that follow from the protocol, from a key, or come from clients only. */
static const struct {
	u8 code;
	const char *why;
} owned[] = {
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
	{ VDHCP_OPT_CLIENT_ID, "repeats what the client sent" },
	{ VDHCP_OPT_RAPID_COMMIT, "is set by rapid-commit" },
	{ VDHCP_OPT_FQDN, "answers what the client sent" },
	{ VDHCP_OPT_RELAY_AGENT, "is for relays" },
	{ VDHCP_OPT_AUTHENTICATION, "is not supported" },
	{ VDHCP_OPT_UUID, "repeats what the client sent" },
	{ VDHCP_OPT_IPV6_ONLY, "is set by ipv6-only" },
	{ VDHCP_OPT_AUTO_CONFIGURE, "is for ports without an address" },
	{ VDHCP_OPT_SUBNET_SELECTION, "is for relays" },
	{ VDHCP_OPT_NONCE_CAPABLE, "is sent by clients only" },
	{ VDHCP_OPT_END, "ends the options" },
};

static bool static_routes_ok(const u8 *p, u16 len)
{
	if (!len || len % 8)
		return false;
	for (; len; p += 8, len -= 8)
		if (!vdhcp_get_addr(p))
			return false;
	return true;
}

static bool routes_ok(const u8 *p, u16 len)
{
	u16 size;

	if (!len)
		return false;
	while (len) {
		size = 1 + (*p + 7) / 8 + 4;
		if (*p > 32 || size > len)
			return false;
		/* Nothing behind the prefix in its last octet (RFC 3442). */
		if (*p % 8 && p[1 + *p / 8] & (0xff >> *p % 8))
			return false;
		p += size;
		len -= size;
	}
	return true;
}

static bool fits(enum shape shape, const u8 *p, u16 len)
{
	switch (shape) {
	case shape_addr:
	case shape_u32:
		return len == 4;
	case shape_addrs:
		return len && len % 4 == 0;
	case shape_pairs:
		return len && len % 8 == 0;
	case shape_static:
		return static_routes_ok(p, len);
	case shape_mtu:
		return len == 2 && get_unaligned_be16(p) >= 68;
	case shape_bool:
		return len == 1 && *p <= 1;
	case shape_u8:
		return len == 1;
	case shape_u16:
		return len == 2;
	case shape_text:
		/* RFC 2132 section 2: no NUL, which some clients take for the end. */
		return len && !memchr(p, 0, len);
	case shape_routes:
		return routes_ok(p, len);
	case shape_any:
	default:
		return true;
	}
}

static bool form_fits(const struct vdhcp_option *opt)
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
 * vdhcp_shape_check() - may this raw option be sent?
 * @opt: the option
 * @attr: the attribute to blame
 * @cfg_err: why not
 *
 * Return: 0 or -EINVAL.
 */
int vdhcp_shape_check(const struct vdhcp_option *opt, u16 attr, struct vdhcp_cfg_err *cfg_err)
{
	enum shape shape = shapes[opt->code];
	unsigned int i;

	cfg_err->entry = opt->code;
	for (i = 0; i < ARRAY_SIZE(owned); i++)
		if (owned[i].code == opt->code)
			return vdhcp_fail(cfg_err, attr, "option %u %s", opt->code,
					  owned[i].why);
	if (opt->len > VDHCP_OPTION_MAX)
		return vdhcp_fail(cfg_err, attr, "option %u is longer than %u bytes",
				  opt->code, VDHCP_OPTION_MAX);
	if (!form_fits(opt))
		return vdhcp_fail(cfg_err, attr, "option %u has a length that its form cannot have",
				  opt->code);
	if (!fits(shape, opt->data, opt->len))
		return vdhcp_fail(cfg_err, attr, "option %u must hold %s", opt->code,
				  shape_words[shape]);
	return 0;
}

static bool name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

/**
 * vdhcp_name_encode() - a domain name as DNS labels
 * @name: the name, NUL-terminated, with or without a dot at its end
 * @out: room for %VDHCP_TEXT_MAX bytes
 * @cfg_err: why it is no name
 * @attr: the attribute to blame
 *
 * Letters, digits, hyphens and, because hosts in the field have them,
 * underscores; no hyphen at either end of a label (RFC 1123 section 2.1).
 *
 * Return: bytes written, the root label included, or -EINVAL.
 */
int vdhcp_name_encode(const char *name, u8 *out, struct vdhcp_cfg_err *cfg_err, u16 attr)
{
	const char *dot, *p = name;
	unsigned int len, i, n = 0;

	do {
		dot = strchr(p, '.');
		len = dot ? (unsigned int)(dot - p) : strlen(p);
		/* RFC 1035 section 2.3.4, with one byte left for the root. */
		if (!len || len > 63 || n + len + 2 > VDHCP_TEXT_MAX)
			return vdhcp_fail(cfg_err, attr,
					  "a label of a name has 1 to 63 characters, a name at most 253");
		if (p[0] == '-' || p[len - 1] == '-')
			return vdhcp_fail(cfg_err, attr,
					  "a label of a name has a hyphen at an end");
		out[n++] = len;
		for (i = 0; i < len; i++) {
			if (!name_char(p[i]))
				return vdhcp_fail(cfg_err, attr,
						  "a name has a character other than a-z 0-9 - _ .");
			out[n++] = p[i];
		}
		p += len + 1;
	} while (dot && *p);
	out[n++] = 0;
	return n;
}
