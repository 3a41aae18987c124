// SPDX-License-Identifier: GPL-2.0
/* Subnets: what all ports of a network have in common. */
#include <linux/vdhcp.h>

#include "keys.h"
#include "request.h"
#include "subnet.h"
#include "warnings.h"
#include "value.h"

static struct nla_policy state_policy[VDHCP_A_SUBNET_STATE_MAX + 1] = {
	[VDHCP_A_SUBNET_STATE_SERVER_ID] = { .type = NLA_U32 },
	[VDHCP_A_SUBNET_STATE_SERVER_MAC] = { .minlen = MAC_LEN },
	[VDHCP_A_SUBNET_STATE_PORTS] = { .type = NLA_U32 },
};

static void print_subnet_state(struct out *out, const struct nlmsghdr *hdr,
			       const struct nlattr *state)
{
	struct nlattr *tb[VDHCP_A_SUBNET_STATE_MAX + 1];
	char ip[INET_ADDRSTRLEN], mac[MAC_STRLEN];
	const struct nlattr *nla;

	(void)hdr;
	if (nla_parse_nested(tb, VDHCP_A_SUBNET_STATE_MAX, (struct nlattr *)state, state_policy))
		return;
	out_text(out, " answers as");
	nla = tb[VDHCP_A_SUBNET_STATE_SERVER_ID];
	if (nla)
		out_str(out, "server-id", NULL, show_ip(nla_data(nla), ip));
	nla = tb[VDHCP_A_SUBNET_STATE_SERVER_MAC];
	if (nla)
		out_str(out, "server-mac", NULL, show_mac(nla_data(nla), mac));
	nla = tb[VDHCP_A_SUBNET_STATE_PORTS];
	if (nla) {
		out_text(out, ",");
		out_num(out, "ports", NULL, nla_get_u32(nla));
		out_text(out, nla_get_u32(nla) == 1 ? " port" : " ports");
	}
}

static void warn_subnet(const struct nlmsghdr *hdr)
{
	struct warnings warnings = { 0 };

	warnings_check_subnet(&warnings, hdr);
	warnings_end(&warnings);
}

const struct object subnet_object = {
	.set = { "subnet", subnet_keys, VDHCP_A_SUBNET_CLEAR },
	.add = VDHCP_CMD_SUBNET_NEW,
	.change = VDHCP_CMD_SUBNET_SET,
	.del = VDHCP_CMD_SUBNET_DEL,
	.get = VDHCP_CMD_SUBNET_GET,
	.replace = VDHCP_A_SUBNET_REPLACE,
	.state = VDHCP_A_SUBNET_STATE,
	.warn = warn_subnet,
	.print_state = print_subnet_state,
};
