// SPDX-License-Identifier: GPL-2.0
/* Events of the module: read from messages, and printed one a line. */
#include <inttypes.h>
#include <linux/vdhcp.h>
#include <netlink/genl/genl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "event.h"
#include "name.h"
#include "request.h"
#include "value.h"
#include "vdhcp-names-gen.h"
#include "verdict.h"

#define A(name)		VDHCP_A_EVENT_##name

/* Size of the longest value that a guest can send in one option, with NUL. */
#define BYTES_SIZE 256

static const char *const event_names[] = { VDHCP_EVENT_LIST(NAME_OF) };
static const char *const change_names[] = { VDHCP_CHANGE_LIST(NAME_OF) };

static struct nla_policy policy[VDHCP_A_EVENT_MAX + 1] = {
	[A(NUMBER)] = { .type = NLA_U64 },
	[A(EVENT)] = { .type = NLA_U32 },
	[A(VLAN)] = { .type = NLA_U16 },
	[A(IFINDEX)] = { .type = NLA_U32 },
	[A(MAC)] = { .minlen = MAC_LEN },
	[A(ADDR)] = { .type = NLA_U32 },
	[A(VERDICT)] = { .type = NLA_U32 },
	[A(FIRST)] = { .type = NLA_U8 },
	[A(XID)] = { .type = NLA_U32 },
	[A(TIME)] = { .type = NLA_U32 },
	[A(SUPPRESSED)] = { .type = NLA_U32 },
	[A(CHANGE)] = { .type = NLA_U32 },
	[A(GENERATION)] = { .type = NLA_U32 },
	[A(REASON)] = { .type = NLA_NUL_STRING },
	[A(SUBNETS)] = { .type = NLA_U32 },
	[A(PORTS)] = { .type = NLA_U32 },
};

/**
 * event_parse() - read an event
 * @hdr: message of the family
 * @tb: result, VDHCP_A_EVENT_MAX + 1 attributes
 *
 * Return: true if the message is an event.
 */
bool event_parse(struct nlmsghdr *hdr, struct nlattr *tb[])
{
	return !genlmsg_parse(hdr, 0, tb, VDHCP_A_EVENT_MAX, policy) &&
	       genlmsg_hdr(hdr)->cmd == VDHCP_CMD_EVENT_NTF && tb[A(EVENT)];
}

/**
 * event_print_time() - print the time of day, the first thing in each line
 * @out: printer, with an object open
 */
void event_print_time(struct out *out)
{
	struct timespec now;
	char text[64];
	struct tm tm;
	int ms;

	clock_gettime(CLOCK_REALTIME, &now);
	ms = (int)(now.tv_nsec / 1000000);
	if (out->json) {
		gmtime_r(&now.tv_sec, &tm);
		snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
			 tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
			 tm.tm_sec, ms);
		out_str(out, "timestamp", NULL, text);
	} else {
		localtime_r(&now.tv_sec, &tm);
		out_text(out, "%02d:%02d:%02d.%03d", tm.tm_hour, tm.tm_min, tm.tm_sec, ms);
	}
}

/* Prints bytes that the guest chose; some guests add NULs at the end. */
static void print_bytes(struct out *out, const char *key, const struct nlattr *nla)
{
	size_t i, len = (size_t)nla_len(nla);
	char text[BYTES_SIZE];

	if (len >= sizeof(text))
		len = sizeof(text) - 1;
	memcpy(text, nla_data(nla), len);
	while (len && !text[len - 1])
		len--;
	for (i = 0; i < len; i++)
		if (!text[i])
			text[i] = '?';
	text[len] = '\0';
	out_str(out, key, key, text);
}

static bool is_warning(uint32_t event)
{
	return event == VDHCP_EVENT_DECLINE || event == VDHCP_EVENT_SPOOFED_MAC ||
	       event == VDHCP_EVENT_ROGUE_SERVER || event == VDHCP_EVENT_NOT_ATTACHED;
}

/* Prints the device, port or subnet that the event is about. */
static void print_subject(struct out *out, uint32_t event, struct nlattr *tb[])
{
	bool device = event == VDHCP_EVENT_ATTACHED || event == VDHCP_EVENT_DETACHED ||
		      event == VDHCP_EVENT_NOT_ATTACHED;

	if (tb[A(DEV)])
		out_str(out, "dev", device ? "device" : "port", attr_text(tb[A(DEV)]));
	if (tb[A(VLAN)] && (out->json || nla_get_u16(tb[A(VLAN)])))
		out_num(out, "vlan", "vlan", nla_get_u16(tb[A(VLAN)]));
	if (tb[A(SUBNET)])
		out_str(out, "subnet", "subnet", attr_text(tb[A(SUBNET)]));
	if (tb[A(IFINDEX)])
		out_num(out, "ifindex", "ifindex", nla_get_u32(tb[A(IFINDEX)]));
	if (tb[A(REASON)] && out->json)
		out_str(out, "reason", NULL, attr_text(tb[A(REASON)]));
	else if (tb[A(REASON)])
		out_text(out, ": %s", attr_text(tb[A(REASON)]));
}

static void print_guest(struct out *out, uint32_t event, struct nlattr *tb[])
{
	char ip[INET_ADDRSTRLEN], mac[MAC_STRLEN];
	bool decline = event == VDHCP_EVENT_DECLINE;

	if (tb[A(ADDR)] && !decline)
		out_str(out, "addr", "addr", show_ip(nla_data(tb[A(ADDR)]), ip));
	if (tb[A(MAC)])
		out_str(out, "mac", "mac", show_mac(nla_data(tb[A(MAC)]), mac));
	if (tb[A(HOSTNAME)])
		print_bytes(out, "hostname", tb[A(HOSTNAME)]);
	if (tb[A(VENDOR_CLASS)])
		print_bytes(out, "vendor-class", tb[A(VENDOR_CLASS)]);
	if (tb[A(ADDR)] && decline) {
		out_text(out, ":");
		out_str(out, "addr", "address", show_ip(nla_data(tb[A(ADDR)]), ip));
		out_text(out, " is in use by another host");
	}
	if (event == VDHCP_EVENT_SPOOFED_MAC)
		out_text(out, " is not the port's:");
	if (event == VDHCP_EVENT_ROGUE_SERVER)
		out_text(out, ": the guest sent a DHCP server message");
}

static void print_answer(struct out *out, uint32_t event, struct nlattr *tb[])
{
	char name[NAME_SIZE], xid[16];
	uint32_t us;

	/* Most events have only one verdict, which repeats their name. */
	if (tb[A(VERDICT)] && (out->json || event == VDHCP_EVENT_ACK || event == VDHCP_EVENT_NAK ||
			       event == VDHCP_EVENT_SPOOFED_MAC))
		out_str(out, "verdict", NULL, verdict_name(nla_get_u32(tb[A(VERDICT)]), name));
	if (tb[A(FIRST)] && out->json)
		out_bool(out, "first", NULL, nla_get_u8(tb[A(FIRST)]));
	else if (tb[A(FIRST)] && nla_get_u8(tb[A(FIRST)]))
		out_text(out, " first");
	if (tb[A(XID)] && out->json) {
		snprintf(xid, sizeof(xid), "0x%08" PRIx32, ntohl(nla_get_u32(tb[A(XID)])));
		out_str(out, "xid", NULL, xid);
	}
	if (!tb[A(TIME)])
		return;
	us = nla_get_u32(tb[A(TIME)]);
	if (out->json)
		out_num(out, "time", NULL, us);
	else
		out_text(out, " %" PRIu32 ".%" PRIu32 "ms", us / 1000, us / 100 % 10);
}

/**
 * event_print() - print an event
 * @out: printer
 * @tb: its attributes
 */
void event_print(struct out *out, struct nlattr *tb[])
{
	uint32_t event = nla_get_u32(tb[A(EVENT)]);
	char name[NAME_SIZE];

	out_object_begin(out, NULL);
	event_print_time(out);
	if (tb[A(NUMBER)] && out->json)
		out_num(out, "number", NULL, nla_get_u64(tb[A(NUMBER)]));
	if (is_warning(event))
		out_text(out, " WARNING");
	out_str(out, "event", NULL,
		number_name(event_names, ARRAY_SIZE(event_names), "event", event, name));
	if (tb[A(CHANGE)])
		out_str(out, "change", NULL,
			number_name(change_names, ARRAY_SIZE(change_names), "change",
				    nla_get_u32(tb[A(CHANGE)]), name));
	print_subject(out, event, tb);
	if (tb[A(SUBNETS)])
		out_num(out, "subnets", "subnets", nla_get_u32(tb[A(SUBNETS)]));
	if (tb[A(PORTS)])
		out_num(out, "ports", "ports", nla_get_u32(tb[A(PORTS)]));
	print_guest(out, event, tb);
	print_answer(out, event, tb);
	if (tb[A(SUPPRESSED)] && out->json)
		out_num(out, "suppressed", NULL, nla_get_u32(tb[A(SUPPRESSED)]));
	else if (tb[A(SUPPRESSED)] && nla_get_u32(tb[A(SUPPRESSED)]))
		out_text(out, " (%" PRIu32 " more suppressed)", nla_get_u32(tb[A(SUPPRESSED)]));
	if (tb[A(GENERATION)])
		out_num(out, "generation", "generation", nla_get_u32(tb[A(GENERATION)]));
	out_object_end(out);
}
