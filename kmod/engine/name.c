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
 * @cfg_err: filled in if @name is not a domain name
 * @attr: attribute of the name, for @cfg_err
 *
 * Allows letters, digits and hyphens, but no hyphen at either end of a label
 * (RFC 1123 section 2.1). Also allows underscores, because some hosts have
 * them.
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
					  "invalid domain name: labels are 1-63 characters, the name at most 253");
		if (p[0] == '-' || p[len - 1] == '-')
			return vdhcp_fail(cfg_err, attr,
					  "invalid domain name: a label begins or ends with a hyphen");
		out[n++] = len;
		for (i = 0; i < len; i++) {
			if (!is_name_char(p[i]))
				return vdhcp_fail(cfg_err, attr,
						  "invalid domain name: only letters, digits, - _ and . are allowed");
			out[n++] = p[i];
		}
		p += len + 1;
	} while (dot && *p);
	out[n++] = 0;
	return n;
}

/* Find labels equal to @labels in @value. Returns their offset or -1. */
static int find_labels(const u8 *value, unsigned int len, const u8 *labels,
		       unsigned int labels_len)
{
	unsigned int at, from, to, hops;

	for (at = 0; at < len; at++) {
		from = at;
		to = 0;
		hops = 0;
		/* Follow compression pointers, which all point backwards. */
		while (from < len && to < labels_len && hops < 128) {
			hops++;
			if (value[from] >= 0xc0) {
				from = get_unaligned_be16(value + from);
				from &= 0x3fff;
				continue;
			}
			if (value[from] != labels[to] ||
			    memcmp(value + from, labels + to, 1 + labels[to]))
				break;
			to += 1 + labels[to];
			from += 1 + value[from];
		}
		if (to == labels_len)
			return at;
		/* Go to the next label or name. */
		at += value[at] >= 0xc0 ? 1 : value[at];
	}
	return -1;
}

/**
 * vdhcp_name_append() - compress a name and append it to a list of names
 * @list: value of option 119 (RFC 3397), a buffer of %VDHCP_OPTION_MAX bytes
 * @len: bytes used in @list
 * @labels: the name as labels, with the root label
 * @labels_len: bytes of @labels
 *
 * Return: bytes then used in @list, or -EMSGSIZE.
 */
int vdhcp_name_append(u8 *list, int len, const u8 *labels, int labels_len)
{
	int at, seen, start = len;

	for (at = 0; at < labels_len; at += 1 + labels[at]) {
		if (len + 1 + labels[at] + 1 > VDHCP_OPTION_MAX)
			return -EMSGSIZE;
		seen = -1;
		/* The root label alone is shorter than a pointer to it. */
		if (labels[at])
			seen = find_labels(list, start, labels + at,
					   labels_len - at);
		if (seen >= 0) {
			put_unaligned_be16(0xc000 | seen, list + len);
			return len + 2;
		}
		memcpy(list + len, labels + at, 1 + labels[at]);
		len += 1 + labels[at];
	}
	return len;
}
