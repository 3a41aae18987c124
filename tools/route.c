// SPDX-License-Identifier: GPL-2.0
/* Routes: DST [via IP]; without a gateway the destination is on the link. */
#include <linux/vdhcp.h>
#include <string.h>

#include "request.h"
#include "route.h"
#include "value.h"

static struct nla_policy route_policy[VDHCP_A_ROUTE_MAX + 1] = {
	[VDHCP_A_ROUTE_DST] = { .type = NLA_U32 },
	[VDHCP_A_ROUTE_DST_LEN] = { .type = NLA_U8 },
	[VDHCP_A_ROUTE_VIA] = { .type = NLA_U32 },
};

static int add_route(struct nl_msg *msg, const struct attr *attr, uint32_t dst, uint8_t len,
		     uint32_t via)
{
	struct nlattr *nest;

	nest = nla_nest_start(msg, attr->nla);
	if (!nest)
		return check_added(attr->key, -1);
	return check_added(attr->key, nla_put_u32(msg, VDHCP_A_ROUTE_DST, dst) ?:
				nla_put_u8(msg, VDHCP_A_ROUTE_DST_LEN, len) ?:
				nla_put_u32(msg, VDHCP_A_ROUTE_VIA, via) ?:
				nla_nest_end(msg, nest));
}

static int put_route(struct nl_msg *msg, const struct attr *attr, const char *dst, const char *via)
{
	struct in_addr ip = { 0 }, gateway = { 0 };
	uint8_t len = 0;
	int err;

	if (!strcmp(dst, "default"))
		dst = "0.0.0.0/0";
	err = read_prefix(attr->key, dst, 0, true, &ip, &len);
	if (!err && via)
		err = read_ip(attr->key, via, &gateway);
	return err ?: add_route(msg, attr, ip.s_addr, len, gateway.s_addr);
}

static int load_route(struct nl_msg *msg, const struct attr *attr, const json_t *value)
{
	const json_t *dst = json_object_get(value, "dst"), *via = json_object_get(value, "via");
	const char *key;
	json_t *child;

	if (!json_is_object(value))
		return fail_type(attr->key, "an object with \"dst\" and \"via\"", value);
	json_object_foreach((json_t *)value, key, child)
		if (strcmp(key, "dst") != 0 && strcmp(key, "via") != 0)
			return fail_value(attr->key, "\"%s\" is not a key of a route, which has "
					  "\"dst\" and \"via\"", key);
	if (!dst)
		return fail_value(attr->key, "\"dst\" is missing");
	if (!json_is_string(dst))
		return fail_type(attr->key, "a string for \"dst\"", dst);
	if (via && !json_is_string(via))
		return fail_type(attr->key, "a string for \"via\"", via);
	return put_route(msg, attr, json_string_value(dst), json_string_value(via));
}

static int copy_route(struct nl_msg *msg, const struct attr *attr, const struct nlattr *nla)
{
	struct nlattr *tb[VDHCP_A_ROUTE_MAX + 1];

	if (nla_parse_nested(tb, VDHCP_A_ROUTE_MAX, (struct nlattr *)nla, route_policy) ||
	    !tb[VDHCP_A_ROUTE_DST] || !tb[VDHCP_A_ROUTE_DST_LEN])
		return STATUS_OK;
	return add_route(msg, attr, nla_get_u32(tb[VDHCP_A_ROUTE_DST]),
			 nla_get_u8(tb[VDHCP_A_ROUTE_DST_LEN]),
			 tb[VDHCP_A_ROUTE_VIA] ? nla_get_u32(tb[VDHCP_A_ROUTE_VIA]) : 0);
}

static int parse_route(struct nl_msg *msg, const struct attr *attr, enum attr_use use,
		       struct args *args)
{
	const char *dst = args_next(args), *via = args_peek(args);

	(void)use;
	if (!via || strcmp(via, "via") != 0)
		return put_route(msg, attr, dst, NULL);
	args_next(args);
	via = args_next(args);
	if (!via)
		return fail_value(attr->key, "\"via\" needs an address");
	return put_route(msg, attr, dst, via);
}

static void print_route(struct out *out, const struct attr *attr, const struct nlattr *nla)
{
	char buf[INET_ADDRSTRLEN], dst[PREFIX_STRLEN];
	struct nlattr *tb[VDHCP_A_ROUTE_MAX + 1];
	struct in_addr via = { 0 };

	if (nla_parse_nested(tb, VDHCP_A_ROUTE_MAX, (struct nlattr *)nla, route_policy) ||
	    !tb[VDHCP_A_ROUTE_DST] || !tb[VDHCP_A_ROUTE_DST_LEN])
		return;
	if (tb[VDHCP_A_ROUTE_VIA])
		via.s_addr = nla_get_u32(tb[VDHCP_A_ROUTE_VIA]);
	out_object_begin(out, NULL);
	out_str(out, "dst", attr->key, show_prefix(nla_data(tb[VDHCP_A_ROUTE_DST]),
						   nla_get_u8(tb[VDHCP_A_ROUTE_DST_LEN]), dst));
	if (via.s_addr || out->json)
		out_str(out, "via", "via", show_ip(&via, buf));
	out_object_end(out);
}

const struct attr_type type_route = {
	.arg = "DST [via IP]", .parse = parse_route, .load = load_route, .copy = copy_route,
	.print = print_route,
};
