// SPDX-License-Identifier: GPL-2.0
/* The state of a port: its device, its guest and the sums of its counters. */
#include <inttypes.h>
#include <linux/vdhcp.h>

#include "port_state.h"
#include "request.h"
#include "value.h"
#include "vdhcp-names-gen.h"
#include "verdict.h"

#define S(name)		VDHCP_A_PORT_STATE_##name

static struct nla_policy state_policy[VDHCP_A_PORT_STATE_MAX + 1] = {
	[S(IFINDEX)] = { .type = NLA_U32 },
	[S(LAST_ASKED)] = { .type = NLA_U64 },
	[S(LAST_VERDICT)] = { .type = NLA_U32 },
	[S(BOUND)] = { .type = NLA_U8 },
	[S(ANSWERED)] = { .type = NLA_U64 },
	[S(UNANSWERED)] = { .type = NLA_U64 },
	[S(DROPPED)] = { .type = NLA_U64 },
	[S(PASSED)] = { .type = NLA_U64 },
	[S(UNSUPPORTED)] = { .type = NLA_NUL_STRING },
	[S(DEVICE)] = { .type = NLA_U32 },
	[S(MASTER)] = { .type = NLA_NUL_STRING },
	[S(MASTER_KIND)] = { .type = NLA_NUL_STRING },
	[S(WRONG_MAC)] = { .minlen = MAC_LEN, .maxlen = MAC_LEN },
	[S(WRONG_MAC_AGO)] = { .type = NLA_U64 },
	[S(WRONG_MAC_COUNT)] = { .type = NLA_U64 },
};

static const char *const device_names[] = { VDHCP_DEVICE_LIST(NAME_OF) };

/* The sums of a port's counters, in the order in which they are printed. */
static const struct {
	int type;
	const char *key;
} sums[] = {
	{ S(ANSWERED), "answered" },
	{ S(UNANSWERED), "unanswered" },
	{ S(DROPPED), "dropped" },
	{ S(PASSED), "passed" },
};

static const char *const mode_names[] = { VDHCP_MODE_LIST(NAME_OF) };

/**
 * port_state_parse() - read the state of a port
 * @state: attribute with the state; an older module sends less
 * @tb: result, VDHCP_A_PORT_STATE_MAX + 1 attributes
 *
 * Return: true if it could be read.
 */
bool port_state_parse(const struct nlattr *state, struct nlattr *tb[])
{
	return !nla_parse_nested(tb, VDHCP_A_PORT_STATE_MAX, (struct nlattr *)state,
				 state_policy);
}

/**
 * port_device_name() - name the state of a device
 * @device: one of enum vdhcp_device, or a newer one
 * @buf: NAME_SIZE bytes, used for an unknown state
 *
 * Return: its name.
 */
const char *port_device_name(uint32_t device, char *buf)
{
	return number_name(device_names, ARRAY_SIZE(device_names), "device", device, buf);
}

/**
 * port_mode_name() - name a mode
 * @mode: one of enum vdhcp_mode, or a newer one
 *
 * Return: its name, "?" of a mode that vdhcpctl does not know.
 */
const char *port_mode_name(uint8_t mode)
{
	return mode < ARRAY_SIZE(mode_names) && mode_names[mode] ? mode_names[mode] : "?";
}

static void print_json_text(struct out *out, const char *key, const struct nlattr *attr)
{
	if (out->json && attr)
		out_str(out, key, NULL, attr_text(attr));
}

static void print_master(struct out *out, struct nlattr *const *tb)
{
	print_json_text(out, "master", tb[S(MASTER)]);
	print_json_text(out, "master-kind", tb[S(MASTER_KIND)]);
	if (!tb[S(MASTER)])
		return;
	out_text(out, ", in %s %s", tb[S(MASTER_KIND)] ? attr_text(tb[S(MASTER_KIND)]) : "device",
		 attr_text(tb[S(MASTER)]));
}

/* A module of ABI 1 does not send the state of the device. */
static void print_device(struct out *out, const char *dev, struct nlattr *const *tb)
{
	uint32_t device = tb[S(DEVICE)] ? nla_get_u32(tb[S(DEVICE)]) : 0;
	char buf[NAME_SIZE];
	const char *name;

	if (tb[S(IFINDEX)])
		out_num(out, "ifindex", "attached to ifindex", nla_get_u32(tb[S(IFINDEX)]));
	else if (tb[S(UNSUPPORTED)])
		out_text(out, " device %s is not supported: %s", dev,
			 attr_text(tb[S(UNSUPPORTED)]));
	else if (device == VDHCP_DEVICE_NO_HOOK)
		out_text(out, " not attached to device %s: the kernel refused its hook", dev);
	else
		out_text(out, " waiting for device %s", dev);
	print_json_text(out, "unsupported", tb[S(UNSUPPORTED)]);
	if (!device)
		return;
	name = port_device_name(device, buf);
	if (out->json)
		out_str(out, "device", NULL, name);
	if (tb[S(IFINDEX)])
		out_text(out, ", %s",
			 device == VDHCP_DEVICE_NO_CARRIER ? "no carrier" : name);
	print_master(out, tb);
}

static void print_ago(struct out *out, uint64_t ms)
{
	out_text(out, "%" PRIu64 ".%" PRIu64 " s ago", ms / 1000, ms / 100 % 10);
}

static void print_last_request(struct out *out, struct nlattr *const *tb)
{
	static const char *const kind_texts[] = {
		[VDHCP_KIND_REPLY] = "answered with",
		[VDHCP_KIND_CONSUMED] = "not answered,",
		[VDHCP_KIND_DROP] = "dropped,",
		[VDHCP_KIND_PASS] = "passed on,",
		[VDHCP_KINDS] = "verdict",
	};
	uint64_t ms = nla_get_u64(tb[S(LAST_ASKED)]);
	char name[NAME_SIZE];
	uint32_t verdict;

	if (out->json)
		out_num(out, "last-asked", NULL, ms);
	out_text(out, "\n    last asked ");
	print_ago(out, ms);
	if (!tb[S(LAST_VERDICT)])
		return;
	verdict = nla_get_u32(tb[S(LAST_VERDICT)]);
	out_text(out, ": %s", kind_texts[verdict_kind(verdict)]);
	out_str(out, "last-verdict", NULL, verdict_name(verdict, name));
}

/* Returns true if no frame of the guest was counted. */
static bool is_silent(struct nlattr *const *tb)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sums); i++)
		if (tb[sums[i].type] && nla_get_u64(tb[sums[i].type]))
			return false;
	return true;
}

/* Prints the MAC of the last frame with a wrong one; @own is the port's MAC, or NULL. */
static void print_wrong_mac(struct out *out, struct nlattr *const *tb, const struct nlattr *own)
{
	uint64_t count = nla_get_u64(tb[S(WRONG_MAC_COUNT)]);
	uint64_t ago = nla_get_u64(tb[S(WRONG_MAC_AGO)]);
	char buf[MAC_STRLEN];

	show_mac(nla_data(tb[S(WRONG_MAC)]), buf);
	if (out->json) {
		out_str(out, "wrong-mac", NULL, buf);
		out_num(out, "wrong-mac-ago", NULL, ago);
		out_num(out, "wrong-mac-count", NULL, count);
		return;
	}
	out_text(out, "\n    wrong MAC: %" PRIu64 " %s dropped, the last ", count,
		 count == 1 ? "frame" : "frames");
	print_ago(out, ago);
	out_text(out, " with %s", buf);
	if (own && nla_len(own) >= MAC_LEN)
		out_text(out, " (configured: %s)", show_mac(nla_data(own), buf));
}

static void print_sums(struct out *out, struct nlattr *const *tb)
{
	bool any = false;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sums); i++) {
		if (!tb[sums[i].type])
			continue;
		out_text(out, any ? "," : "\n   ");
		out_num(out, sums[i].key, sums[i].key, nla_get_u64(tb[sums[i].type]));
		any = true;
	}
}

/**
 * port_state_print() - print the state of a port
 * @out: printer
 * @hdr: the port, as the module sent it
 * @state: its attribute with the state; an older module sends less
 */
void port_state_print(struct out *out, const struct nlmsghdr *hdr, const struct nlattr *state)
{
	struct nlattr *tb[VDHCP_A_PORT_STATE_MAX + 1];
	const struct nlattr *dev = attr_find(hdr, VDHCP_A_PORT_DEV);
	const struct nlattr *mac = attr_find(hdr, VDHCP_A_PORT_MAC);

	if (!port_state_parse(state, tb))
		return;
	print_device(out, dev ? attr_text(dev) : "", tb);
	if (tb[S(BOUND)])
		out_text(out, ", %sbound", nla_get_u8(tb[S(BOUND)]) ? "" : "not ");
	if (tb[S(LAST_ASKED)])
		print_last_request(out, tb);
	else if (tb[S(BOUND)] && is_silent(tb))
		out_text(out, "\n    never asked");
	if (tb[S(BOUND)] && out->json)
		out_bool(out, "bound", NULL, nla_get_u8(tb[S(BOUND)]));
	if (tb[S(WRONG_MAC)] && tb[S(WRONG_MAC_AGO)] && tb[S(WRONG_MAC_COUNT)])
		print_wrong_mac(out, tb, mac);
	print_sums(out, tb);
}
