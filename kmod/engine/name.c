// SPDX-License-Identifier: GPL-2.0
/* Domain names as DNS labels. */
#include <linux/vdhcp.h>
#include "name.h"

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/**
 * vdhcp_name_encode() - encode a domain name as DNS labels
 * @name: the name, NUL-terminated, with or without a dot at its end
 * @out: buffer of %VDHCP_TEXT_MAX bytes
 * @cfg_err: filled in if it is not a domain name
 * @attr: attribute of the name, for @cfg_err
 *
 * Letters, digits, hyphens and, because hosts in the field have them,
 * underscores; no hyphen at either end of a label (RFC 1123 section 2.1).
 *
 * Return: bytes written, the root label included, or -EINVAL.
 */
int vdhcp_name_encode(const char *name, u8 *out, struct vdhcp_cfg_err *cfg_err,
		      u16 attr)
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
			if (!is_name_char(p[i]))
				return vdhcp_fail(cfg_err, attr,
						  "a name has a character other than a-z 0-9 - _ .");
			out[n++] = p[i];
		}
		p += len + 1;
	} while (dot && *p);
	out[n++] = 0;
	return n;
}
