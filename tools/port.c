// SPDX-License-Identifier: GPL-2.0
/* Ports: one interface of one guest each. */
#include <inttypes.h>
#include <linux/vdhcp.h>

#include "option.h"
#include "port.h"
#include "request.h"
#include "vdhcp-names-gen.h"
#include "verdict.h"

#define A(name)		VDHCP_A_PORT_##name
#define S(name)		VDHCP_A_PORT_STATE_##name

static const char *const mode_names[] = { VDHCP_MODE_LIST(NAME_OF) };

static const struct attr attrs[] = {
	{ "dev", A(DEV), &type_text, ATTR_ID | ATTR_FIRST, .max = 15 },
	{ "vlan", A(VLAN), &type_u16, ATTR_ID | ATTR_ZERO, .max = 4094, .preset = "0",
	  .doc = "VLAN of a subport; untagged if 0 or not given" },
	{ "mac", A(MAC), &type_mac,
	  .doc = "MAC address of the guest, nothing else is answered" },
	{ "addr", A(ADDR), &type_ip,
	  .doc = "address of the guest" },
	{ "subnet", A(SUBNET), &type_text, .max = VDHCP_NAME_MAX,
	  .doc = "subnet that the address is from" },
	{ "hostname", A(HOSTNAME), &type_text, .max = VDHCP_TEXT_MAX,
	  .doc = "host name of the guest" },
	{ "mode", A(MODE), &type_enum, .max = VDHCP_MODE_MAX, .names = mode_names,
	  .preset = "serve",
	  .doc = "answer here, leave DHCP to the network, or drop it; serve if not set" },
	{ "guard", A(GUARD), &type_bool, .preset = "on",
	  .doc = "drop what a DHCP server would send; on if not set" },
	{ "rate", A(RATE), &type_u32, .max = VDHCP_RATE_MAX, .preset = "100",
	  .doc = "packets a second, 0 is no limit; 100 if not set" },
	{ "option", A(OPTION), &type_option, ATTR_REPEAT, "options",
	  .doc = "raw option, stronger than the subnet's; FORM as in \"vdhcpctl subnet help\"" },
	{ 0 },
};

static struct nla_policy state_policy[VDHCP_A_PORT_STATE_MAX + 1] = {
	[S(IFINDEX)] = { .type = NLA_U32 },
	[S(LAST_ASKED)] = { .type = NLA_U64 },
	[S(LAST_VERDICT)] = { .type = NLA_U32 },
	[S(ACKED)] = { .type = NLA_U8 },
	[S(ANSWERED)] = { .type = NLA_U64 },
	[S(UNANSWERED)] = { .type = NLA_U64 },
	[S(DROPPED)] = { .type = NLA_U64 },
	[S(PASSED)] = { .type = NLA_U64 },
	[S(UNFIT)] = { .type = NLA_NUL_STRING },
};

/* When the guest asked last, and what became of it. */
static void print_last(struct out *out, const struct nlattr *asked, const struct nlattr *verdict)
{
	static const char *const fates[] = {
		[VDHCP_KINDS] = "it got",
		[VDHCP_KIND_REPLY] = "answered with",
		[VDHCP_KIND_CONSUMED] = "not answered,",
		[VDHCP_KIND_DROP] = "dropped,",
		[VDHCP_KIND_PASS] = "passed on,",
	};
	uint32_t number = verdict ? nla_get_u32(verdict) : 0;
	uint64_t ms = nla_get_u64(asked);
	char name[NAME_SIZE];

	if (out->json)
		out_num(out, "last-asked", NULL, ms);
	out_text(out, "last asked %" PRIu64 ".%" PRIu64 " s ago", ms / 1000, ms / 100 % 10);
	if (!verdict)
		return;
	out_text(out, ": %s", fates[verdict_kind(number)]);
	out_str(out, "last-verdict", NULL, verdict_name(number, name));
}

static void print_waiting(struct out *out, const char *dev, const struct nlattr *unfit)
{
	if (!unfit) {
		out_text(out, " waiting for device %s", dev);
		return;
	}
	out_text(out, " device %s cannot be served:", dev);
	out_str(out, "unfit", NULL, attr_text(unfit));
}

/* An older module tells less; what it does not tell is left out. */
static void print_port_state(struct out *out, const struct nlmsghdr *hdr,
			     const struct nlattr *state)
{
	static const struct {
		int type;
		const char *key;
	} sums[] = {
		{ S(ANSWERED), "answered" },
		{ S(UNANSWERED), "unanswered" },
		{ S(DROPPED), "dropped" },
		{ S(PASSED), "passed" },
	};
	struct nlattr *tb[VDHCP_A_PORT_STATE_MAX + 1];
	const struct nlattr *dev = attr_find(hdr, A(DEV));
	bool any = false;
	size_t i;

	if (nla_parse_nested(tb, VDHCP_A_PORT_STATE_MAX, (struct nlattr *)state, state_policy))
		return;
	if (tb[S(IFINDEX)])
		out_num(out, "ifindex", "attached to ifindex", nla_get_u32(tb[S(IFINDEX)]));
	else
		print_waiting(out, dev ? attr_text(dev) : "", tb[S(UNFIT)]);
	if (tb[S(ACKED)])
		out_text(out, ", address %sacknowledged", nla_get_u8(tb[S(ACKED)]) ? "" : "not ");
	if (tb[S(LAST_ASKED)]) {
		out_text(out, "\n    ");
		print_last(out, tb[S(LAST_ASKED)], tb[S(LAST_VERDICT)]);
	} else if (tb[S(ACKED)]) {
		out_text(out, "\n    never asked");
	}
	if (tb[S(ACKED)] && out->json)
		out_bool(out, "acked", NULL, nla_get_u8(tb[S(ACKED)]));
	for (i = 0; i < ARRAY_SIZE(sums); i++) {
		if (!tb[sums[i].type])
			continue;
		out_text(out, any ? "," : "\n   ");
		out_num(out, sums[i].key, sums[i].key, nla_get_u64(tb[sums[i].type]));
		any = true;
	}
}

const struct object port_object = {
	.set = { "port", attrs, VDHCP_A_PORT_CLEAR },
	.add = VDHCP_CMD_PORT_NEW,
	.change = VDHCP_CMD_PORT_SET,
	.del = VDHCP_CMD_PORT_DEL,
	.get = VDHCP_CMD_PORT_GET,
	.replace = VDHCP_A_PORT_REPLACE,
	.state = VDHCP_A_PORT_STATE,
	.print_state = print_port_state,
};
