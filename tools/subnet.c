// SPDX-License-Identifier: GPL-2.0
/* Subnets: what all ports of a network have in common. */
#include <linux/vdhcp.h>

#include "name.h"
#include "option.h"
#include "request.h"
#include "route.h"
#include "subnet.h"
#include "value.h"
#include "vdhcp-names-gen.h"

#define A(name)		VDHCP_A_SUBNET_##name

static const char *const send_router_names[] = { VDHCP_SEND_ROUTER_LIST(NAME_OF) };

static const struct attr attrs[] = {
	{ "name", A(NAME), &type_text, ATTR_ID | ATTR_FIRST, .max = VDHCP_NAME_MAX },
	{ "cidr", A(NETWORK), &type_cidr, ATTR_KEEP,
	  .doc = "network that the addresses are from" },
	{ "gateway", A(GATEWAY), &type_ip,
	  .doc = "default router" },
	{ "dns", A(DNS), &type_ip, ATTR_LIST,
	  .doc = "name servers" },
	{ "mtu", A(MTU), &type_u16, .min = 68, .max = UINT16_MAX,
	  .doc = "MTU of the guests' interfaces in bytes" },
	{ "lease", A(LEASE), &type_seconds, .min = 60, .max = UINT32_MAX, .preset = "86400",
	  .doc = "lease time" },
	{ "t1", A(T1), &type_seconds, .min = 1, .max = UINT32_MAX,
	  .doc = "when a guest renews; half of the lease if not set" },
	{ "t2", A(T2), &type_seconds, .min = 1, .max = UINT32_MAX,
	  .doc = "when a guest asks any server; 7/8 of the lease if not set" },
	{ "domain", A(DOMAIN), &type_text, .max = VDHCP_TEXT_MAX,
	  .doc = "domain of the guests" },
	{ "search", A(SEARCH), &type_text, ATTR_LIST, .max = VDHCP_TEXT_MAX,
	  .doc = "domains that names are looked up in" },
	{ "ntp", A(NTP), &type_ip, ATTR_LIST,
	  .doc = "time servers" },
	{ "server-id", A(SERVER_ID), &type_ip,
	  .doc = "address that answers; the gateway if not set, else 169.254.169.254" },
	{ "server-mac", A(SERVER_MAC), &type_mac,
	  .doc = "MAC address that answers; 02:00 and the server-id if not set" },
	{ "route", A(ROUTE), &type_route, ATTR_REPEAT, "routes",
	  .doc = "further route; without \"via\" the destination is on the link" },
	{ "rapid-commit", A(RAPID_COMMIT), &type_bool, .preset = "on",
	  .doc = "two messages instead of four for guests that can; on if not set" },
	{ "next-server", A(NEXT_SERVER), &type_ip,
	  .doc = "boot server (siaddr)" },
	{ "boot-file", A(BOOT_FILE), &type_text, .max = VDHCP_TEXT_MAX,
	  .doc = "boot file name" },
	{ "ipv6-only", A(IPV6_ONLY), &type_duration, .min = 0, .max = UINT32_MAX,
	  .doc = "how long guests that support IPv6-only go without IPv4" },
	{ "captive-portal", A(CAPTIVE_PORTAL), &type_text, .max = VDHCP_TEXT_MAX,
	  .doc = "URI of the captive portal API" },
	{ "send-router", A(SEND_ROUTER), &type_enum, .max = VDHCP_SEND_ROUTER_MAX,
	  .names = send_router_names,
	  .doc = "option 3 only to guests that do not take routes, or always" },
	{ "option", A(OPTION), &type_option, ATTR_REPEAT, "options",
	  .doc = "raw option; FORM is string, hex, ip, u8, u16 or u32, \"CODE none\" clears one" },
	{ 0 },
};

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

const struct object subnet_object = {
	.set = { "subnet", attrs, VDHCP_A_SUBNET_CLEAR },
	.add = VDHCP_CMD_SUBNET_NEW,
	.change = VDHCP_CMD_SUBNET_SET,
	.del = VDHCP_CMD_SUBNET_DEL,
	.get = VDHCP_CMD_SUBNET_GET,
	.replace = VDHCP_A_SUBNET_REPLACE,
	.state = VDHCP_A_SUBNET_STATE,
	.print_state = print_subnet_state,
};
