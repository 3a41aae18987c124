// SPDX-License-Identifier: GPL-2.0
/*
 * Frames with all layouts through the hook of a device: each is answered, consumed or
 * passed, and counted.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>
#include "skb.h"

#define TAGGED_VLAN	5

enum sum { SUM_NONE, SUM_PARTIAL, SUM_UNNECESSARY, SUM_COMPLETE };

/* The device, and the engine's configuration of its ports 0 and TAGGED_VLAN. */
struct hook_fixture {
	struct vtest_dev *vdev;
	struct vdhcp_conf *conf[2];
};

struct hook_case {
	const char *desc;
	int verdict;
	u8 type;		/* message type, 0 for ARP */
	void (*edit)(struct vtest_frame *f);
	enum vtest_form form;
	enum sum sum;
	u16 csum_at;		/* offset of a partial checksum that is not that of UDP */
	u16 tag_proto, tag;	/* hardware-accelerated tag, if tag_proto is not 0 */
	u16 reply_tci;		/* TCI of the reply, if it differs from that of the frame */
	u16 port;		/* VLAN id of the port that counts it */
	u8 mode;		/* mode of that port, if not serve */
	bool no_guard;
	u16 gso;
	bool no_engine;		/* the engine cannot see the reason for the verdict */
};

static u16 vlan_of(int i)
{
	return i ? TAGGED_VLAN : 0;
}

static void edit_nothing(struct vtest_frame *f)
{
}

static void bad_sum(struct vtest_frame *f)
{
	vtest_udp(f)->check ^= cpu_to_be16(0x0100);
}

static void no_sum(struct vtest_frame *f)
{
	vtest_udp(f)->check = 0;
}

static void bad_ip_sum(struct vtest_frame *f)
{
	vtest_ip(f)->check ^= cpu_to_be16(1);
}

static void in_band_q(struct vtest_frame *f)
{
	vtest_frame_tag(f, ETH_P_8021Q, TAGGED_VLAN);
}

static void in_band_ad(struct vtest_frame *f)
{
	vtest_frame_tag(f, ETH_P_8021AD, TAGGED_VLAN);
}

static void in_band_prio(struct vtest_frame *f)
{
	vtest_frame_tag(f, ETH_P_8021Q, 0xe000);
}

static void in_band_q_prio(struct vtest_frame *f)
{
	in_band_q(f);
	vtest_frame_tag(f, ETH_P_8021AD, 0);
}

static void in_band_ad_q(struct vtest_frame *f)
{
	in_band_q(f);
	in_band_ad(f);
}

/* As many as the hook skips, together with the hardware-accelerated tag. */
static void in_band_most(struct vtest_frame *f)
{
	int i;

	for (i = 0; i < VDHCP_TAGS_MAX - 1; i++)
		in_band_prio(f);
}

static void in_band_too_many(struct vtest_frame *f)
{
	in_band_q(f);
	in_band_most(f);
}

static void in_band_prio_in_q(struct vtest_frame *f)
{
	in_band_prio(f);
	in_band_q(f);
}

static void tag_cut(struct vtest_frame *f)
{
	in_band_prio(f);
	f->len = ETH_HLEN + VLAN_HLEN - 1;
}

static void ip_options(struct vtest_frame *f)
{
	vtest_frame_ip_options(f, 40);
	vtest_frame_seal(f);
}

static void version_6(struct vtest_frame *f)
{
	vtest_ip(f)->ver_ihl = 0x65;
	vtest_frame_seal(f);
}

/* vtest_frame_seal() would look for UDP within the header. */
static void short_header(struct vtest_frame *f)
{
	vtest_ip(f)->ver_ihl = 0x44;
}

static void short_tcp(struct vtest_frame *f)
{
	short_header(f);
	vtest_ip(f)->protocol = IPPROTO_TCP;
}

/* The UDP header after the options is to another port than the one in the options. */
static void ports_in_options(struct vtest_frame *f)
{
	vtest_frame_ip_options(f, 8);
	memcpy(f->data + ETH_HLEN + VDHCP_IP4_HLEN, "\0\104\0\103", 4);
	vtest_udp(f)->dest = cpu_to_be16(53);
	vtest_frame_seal(f);
}

static void server_in_options(struct vtest_frame *f)
{
	ports_in_options(f);
	memcpy(f->data + ETH_HLEN + VDHCP_IP4_HLEN, "\0\103\0\104", 4);
	vtest_frame_seal(f);
}

/* Ethernet with a length that is wrong, LLC and SNAP. */
static void in_snap(struct vtest_frame *f)
{
	u8 *p = f->data + 2 * ETH_ALEN;

	memmove(p + 8, p, f->len - 2 * ETH_ALEN);
	memcpy(p, "\0\1\252\252\3\0\0\0", 8);
	f->len += 8;
}

static void short_fragment(struct vtest_frame *f)
{
	vtest_udp(f)->dest = cpu_to_be16(53);
	f->len = ETH_HLEN + VDHCP_IP4_HLEN + VDHCP_UDP_HLEN - 1;
	vtest_ip(f)->frag = cpu_to_be16(VDHCP_IP4_MF);
}

static void first_fragment(struct vtest_frame *f)
{
	vtest_ip(f)->frag = cpu_to_be16(VDHCP_IP4_MF);
	vtest_frame_seal(f);
}

static void next_fragment(struct vtest_frame *f)
{
	vtest_ip(f)->frag = cpu_to_be16(VDHCP_IP4_MF | 10);
	vtest_frame_seal(f);
}

static void dont_fragment(struct vtest_frame *f)
{
	vtest_ip(f)->frag = cpu_to_be16(VDHCP_IP4_DF);
	vtest_frame_seal(f);
}

static void pad_frame(struct vtest_frame *f)
{
	vtest_frame_pad(f, 18);
}

static void pad_too_much(struct vtest_frame *f)
{
	vtest_frame_pad(f, VDHCP_IP4_MAX + ETH_HLEN + 1 - f->len);
}

static void grow_to_limit(struct vtest_frame *f)
{
	vtest_frame_grow(f, VDHCP_IP4_MAX);
	vtest_frame_seal(f);
}

static void grow_too_much(struct vtest_frame *f)
{
	vtest_frame_grow(f, VDHCP_IP4_MAX + 1);
	vtest_frame_seal(f);
}

static void ip_cut(struct vtest_frame *f)
{
	f->len = ETH_HLEN + VDHCP_IP4_HLEN - 1;
}

static void udp_cut(struct vtest_frame *f)
{
	f->len = ETH_HLEN + VDHCP_IP4_HLEN + 3;
}

static void cut_byte(struct vtest_frame *f)
{
	f->len -= 1;
}

static void to_server(struct vtest_frame *f)
{
	vtest_ip(f)->daddr = cpu_to_be32(VTEST_SERVER);
	vtest_ip(f)->saddr = cpu_to_be32(VTEST_ADDR);
	vtest_bootp(f)->ciaddr = cpu_to_be32(VTEST_ADDR);
	memcpy(vtest_eth(f)->dst, vtest_other_mac, ETH_ALEN);
	vtest_frame_seal(f);
}

static void to_other(struct vtest_frame *f)
{
	to_server(f);
	vtest_ip(f)->daddr = cpu_to_be32(0x08080808);
	vtest_frame_seal(f);
}

static void from_server(struct vtest_frame *f)
{
	vtest_udp(f)->source = cpu_to_be16(VDHCP_PORT_SERVER);
	vtest_udp(f)->dest = cpu_to_be16(VDHCP_PORT_CLIENT);
	vtest_frame_seal(f);
}

static void server_in_snap(struct vtest_frame *f)
{
	from_server(f);
	in_snap(f);
}

static void server_most(struct vtest_frame *f)
{
	from_server(f);
	in_band_most(f);
}

static void server_too_many(struct vtest_frame *f)
{
	from_server(f);
	in_band_too_many(f);
}

static void to_dns(struct vtest_frame *f)
{
	vtest_udp(f)->dest = cpu_to_be16(53);
	vtest_frame_seal(f);
}

static void make_tcp(struct vtest_frame *f)
{
	vtest_ip(f)->protocol = IPPROTO_TCP;
	vtest_frame_seal(f);
}

static void make_ipv6(struct vtest_frame *f)
{
	vtest_eth(f)->type = cpu_to_be16(ETH_P_IPV6);
}

static void spoof_source(struct vtest_frame *f)
{
	memcpy(vtest_eth(f)->src, vtest_other_mac, ETH_ALEN);
}

static void spoof_chaddr(struct vtest_frame *f)
{
	memcpy(vtest_bootp(f)->chaddr, vtest_other_mac, ETH_ALEN);
	vtest_frame_seal(f);
}

static void relay_agent(struct vtest_frame *f)
{
	vtest_frame_option(f, VDHCP_OPT_RELAY_AGENT, 3, "\1\1x");
	vtest_frame_seal(f);
}

static void arp_gateway(struct vtest_frame *f)
{
	vtest_arp(f)->tpa = cpu_to_be32(VTEST_GATEWAY);
}

static void arp_reply(struct vtest_frame *f)
{
	vtest_arp(f)->op = cpu_to_be16(VDHCP_ARP_REPLY);
}

#define V(name) VDHCP_VERDICT_##name
#define SERVE(words, verdict_, ...) { words, verdict_, VDHCP_DISCOVER, __VA_ARGS__ }
#define PASSES(words, ...) { words, VDHCP_VERDICT_NOT_OURS, VDHCP_DISCOVER, __VA_ARGS__ }
#define TAG(proto_, tci) .tag_proto = (proto_), .tag = (tci)

static const struct hook_case hook_cases[] = {
	SERVE("linear", V(OFFER), edit_nothing),
	SERVE("page fragments", V(OFFER), edit_nothing, VTEST_PAGES),
	SERVE("message in a page", V(OFFER), edit_nothing, VTEST_HEADERS_PAGE),
	SERVE("list of skbs", V(OFFER), edit_nothing, VTEST_FRAG_LIST),
	SERVE("cloned", V(OFFER), edit_nothing, VTEST_CLONED),
	SERVE("shared", V(OFFER), edit_nothing, VTEST_SHARED),
	SERVE("option 82 is counted", V(OFFER), relay_agent),
	{ "renewal to our address", V(ACK_RENEWING), VDHCP_REQUEST, to_server },
	{ "release", V(RELEASE_FOREIGN), VDHCP_RELEASE, to_server },
	{ "request without an address", V(NAK_NO_ADDRESS), VDHCP_REQUEST, edit_nothing },

	SERVE("partial checksum", V(OFFER), edit_nothing, .sum = SUM_PARTIAL),
	SERVE("partial checksum over the UDP ports", V(BAD_PARTIAL_CHECKSUM), edit_nothing,
	      .csum_at = 37),
	SERVE("partial checksum in the message", V(BAD_PARTIAL_CHECKSUM), edit_nothing,
	      .csum_at = 42),
	SERVE("partial checksum over an address, VLAN", V(BAD_PARTIAL_CHECKSUM), edit_nothing,
	      TAG(ETH_P_8021Q, 5), .csum_at = 1, .port = 5),
	SERVE("partial checksum over the port of TCP", V(BAD_PARTIAL_CHECKSUM), make_tcp,
	      .csum_at = 37),
	PASSES("partial checksum of TCP", make_tcp, .csum_at = 50),
	SERVE("partial checksum over the EtherType", V(BAD_PARTIAL_CHECKSUM), make_ipv6,
	      .csum_at = 12),
	SERVE("partial checksum over the EtherType, mode deny", V(BAD_PARTIAL_CHECKSUM),
	      make_ipv6, .csum_at = 12, .no_guard = true, .mode = VDHCP_MODE_DENY),
	PASSES("partial checksum over the EtherType, no guard", make_ipv6, .csum_at = 12,
	       .no_guard = true),
	SERVE("partial checksum over the ports, no guard", V(BAD_PARTIAL_CHECKSUM),
	      edit_nothing, .csum_at = 37, .no_guard = true),
	PASSES("partial checksum in IPv6", make_ipv6, .csum_at = 14),
	SERVE("checksum verified, though wrong", V(OFFER), bad_sum, .sum = SUM_UNNECESSARY),
	SERVE("checksum wrong", V(BAD_UDP_CHECKSUM), bad_sum),
	SERVE("checksum wrong, in pages", V(BAD_UDP_CHECKSUM), bad_sum, VTEST_PAGES),
	SERVE("checksum wrong, sum of the frame known", V(BAD_UDP_CHECKSUM), bad_sum,
	      .sum = SUM_COMPLETE),
	SERVE("sum of the frame known", V(OFFER), edit_nothing, .sum = SUM_COMPLETE),
	SERVE("no checksum", V(OFFER), no_sum),
	SERVE("header checksum wrong", V(BAD_IP_CHECKSUM), bad_ip_sum),

	SERVE("tag of VLAN 0", V(OFFER), edit_nothing, TAG(ETH_P_8021Q, 0)),
	SERVE("priority tag", V(OFFER), edit_nothing, TAG(ETH_P_8021Q, 0xa000)),
	SERVE("802.1ad tag of VLAN 0", V(OFFER), edit_nothing, TAG(ETH_P_8021AD, 0x2000)),
	SERVE("tag of a port", V(OFFER), edit_nothing, TAG(ETH_P_8021Q, 5), .port = 5),
	SERVE("tag of a port, with priority", V(OFFER), edit_nothing, VTEST_PAGES,
	      TAG(ETH_P_8021Q, 0xe005), .port = 5),
	SERVE("tag in the frame", V(OFFER), in_band_q, TAG(0, 5), .port = 5),
	SERVE("tag in page fragments", V(OFFER), in_band_q, VTEST_PAGES, TAG(0, 5), .port = 5),
	SERVE("tag of no port", V(UNKNOWN_VLAN), edit_nothing, TAG(ETH_P_8021Q, 6)),
	SERVE("tag of no port, mode deny", V(DENIED), edit_nothing, TAG(ETH_P_8021Q, 6),
	      .mode = VDHCP_MODE_DENY),
	PASSES("tag of no port, no guard", edit_nothing, TAG(ETH_P_8021Q, 6), .no_guard = true),
	SERVE("802.1ad tag", V(UNKNOWN_VLAN), edit_nothing, TAG(ETH_P_8021AD, 5), .port = 5),
	PASSES("802.1ad tag, no guard", edit_nothing, TAG(ETH_P_8021AD, 5), .no_guard = true),
	SERVE("802.1ad tag in the frame", V(UNKNOWN_VLAN), in_band_ad, .port = 5),
	PASSES("802.1ad tag in the frame, no guard", in_band_ad, .no_guard = true),
	SERVE("two tags", V(UNKNOWN_VLAN), in_band_q, TAG(ETH_P_8021Q, 5), .port = 5),
	SERVE("two tags, the second of a port", V(UNKNOWN_VLAN), in_band_q, TAG(ETH_P_8021Q, 6)),

	SERVE("priority tag on another", V(OFFER), in_band_prio, TAG(ETH_P_8021Q, 0),
	      .reply_tci = 0xe000),
	SERVE("priority tag on another, in pages", V(OFFER), in_band_prio, VTEST_PAGES,
	      TAG(ETH_P_8021AD, 0), .reply_tci = 0xe000),
	SERVE("priority tags on the tag of a port", V(OFFER), in_band_q_prio,
	      TAG(ETH_P_8021Q, 0x4000), .reply_tci = 5, .port = 5),
	SERVE("priority tags on the tag of a port, in pages", V(OFFER), in_band_q_prio,
	      VTEST_PAGES, TAG(ETH_P_8021Q, 0x4000), .reply_tci = 5, .port = 5),
	SERVE("priority tags, as many as may be", V(OFFER), in_band_most, TAG(ETH_P_8021Q, 0),
	      .reply_tci = 0xe000),
	SERVE("too many priority tags", V(TOO_MANY_TAGS), in_band_too_many, TAG(ETH_P_8021Q, 0)),
	SERVE("too many priority tags, in pages", V(TOO_MANY_TAGS), in_band_too_many, VTEST_PAGES,
	      TAG(ETH_P_8021Q, 0)),
	SERVE("too many priority tags, mode deny", V(TOO_MANY_TAGS), in_band_too_many,
	      TAG(ETH_P_8021Q, 0), .no_guard = true, .mode = VDHCP_MODE_DENY),
	PASSES("too many priority tags, no guard", in_band_too_many, TAG(ETH_P_8021Q, 0),
	       .no_guard = true),
	SERVE("priority tag on an 802.1ad tag", V(UNKNOWN_VLAN), in_band_ad, TAG(ETH_P_8021Q, 0),
	      .port = 5),
	SERVE("priority tag on two tags", V(UNKNOWN_VLAN), in_band_ad_q, TAG(ETH_P_8021Q, 0),
	      .port = 5),
	PASSES("priority tag on part of one", tag_cut, TAG(ETH_P_8021Q, 0)),
	SERVE("priority tag within the tag of a port", V(OFFER), in_band_prio,
	      TAG(ETH_P_8021Q, 0x2005), .port = 5),
	SERVE("priority tags around and within the tag of a port", V(OFFER), in_band_prio_in_q,
	      VTEST_PAGES, TAG(ETH_P_8021AD, 0), .reply_tci = 5, .port = 5),
	SERVE("too many priority tags within the tag of a port", V(TOO_MANY_TAGS), in_band_too_many,
	      TAG(ETH_P_8021Q, 5), .port = 5),
	SERVE("priority tag within the tag of no port", V(UNKNOWN_VLAN), in_band_prio,
	      TAG(ETH_P_8021Q, 6)),
	SERVE("priority tag within an 802.1ad tag", V(UNKNOWN_VLAN), in_band_prio,
	      TAG(ETH_P_8021AD, 5), .port = 5),
	SERVE("priority tag within two tags", V(UNKNOWN_VLAN), in_band_prio_in_q,
	      TAG(ETH_P_8021Q, 5), .port = 5),
	SERVE("priority tag between two tags", V(UNKNOWN_VLAN), in_band_q_prio, VTEST_PAGES,
	      TAG(ETH_P_8021Q, 5), .port = 5),
	SERVE("too many priority tags within the tag of no port", V(TOO_MANY_TAGS),
	      in_band_too_many, TAG(ETH_P_8021Q, 6)),
	{ "server message, tag of no port", V(ROGUE_SERVER), VDHCP_OFFER, from_server,
	  TAG(ETH_P_8021Q, 6) },
	{ "server message, 802.1ad tag", V(ROGUE_SERVER), VDHCP_OFFER, from_server,
	  TAG(ETH_P_8021AD, 6) },
	{ "server message, priority tags within the tag of a port", V(ROGUE_SERVER), VDHCP_OFFER,
	  server_most, TAG(ETH_P_8021Q, 5), .port = 5 },
	{ "server message, 802.1ad tag of VLAN 0", V(ROGUE_SERVER), VDHCP_OFFER, from_server,
	  TAG(ETH_P_8021AD, 0) },
	{ "server message, priority tags", V(ROGUE_SERVER), VDHCP_OFFER, server_most,
	  TAG(ETH_P_8021Q, 0) },
	{ "server message, too many priority tags", V(TOO_MANY_TAGS), VDHCP_OFFER,
	  server_too_many, TAG(ETH_P_8021Q, 0) },
	{ "server message, priority tags, no guard", VDHCP_VERDICT_NOT_OURS, VDHCP_OFFER,
	  server_most, TAG(ETH_P_8021Q, 0), .no_guard = true },
	{ "ARP, priority tags", V(ARP_REPLY), .edit = in_band_most, TAG(ETH_P_8021Q, 0),
	  .reply_tci = 0xe000 },

	SERVE("version 6", V(BAD_IP_HEADER), version_6),
	SERVE("header length 16", V(BAD_IP_HEADER), short_header),
	SERVE("header length 16, TCP, mode deny", V(BAD_IP_HEADER), short_tcp, .no_guard = true,
	      .mode = VDHCP_MODE_DENY),
	PASSES("header length 16, no guard", short_header, .no_guard = true),
	SERVE("ports in the options", V(BAD_IP_HEADER), ports_in_options),
	{ "server message in the options", V(ROGUE_SERVER), VDHCP_DISCOVER, server_in_options },
	{ "server message in the options, in pages", V(ROGUE_SERVER), VDHCP_DISCOVER,
	  server_in_options, VTEST_PAGES },
	PASSES("server message in the options, no guard", server_in_options, .no_guard = true),
	SERVE("short first fragment", V(FRAGMENT), short_fragment),
	SERVE("SNAP", V(SNAP), in_snap),
	SERVE("SNAP, in pages", V(SNAP), in_snap, VTEST_PAGES),
	SERVE("SNAP, mode deny", V(DENIED), in_snap, .mode = VDHCP_MODE_DENY),
	PASSES("SNAP, no guard", in_snap, .no_guard = true),
	{ "server message in SNAP", V(ROGUE_SERVER), VDHCP_OFFER, server_in_snap },
	SERVE("IPv4 options", V(OFFER), ip_options),
	SERVE("IPv4 options in pages", V(OFFER), ip_options, VTEST_PAGES),
	SERVE("do not fragment", V(OFFER), dont_fragment),
	SERVE("first fragment", V(FRAGMENT), first_fragment),
	PASSES("next fragment", next_fragment),
	SERVE("padded", V(OFFER), pad_frame),
	SERVE("padded, in pages", V(OFFER), pad_frame, VTEST_PAGES),
	SERVE("cut", V(BAD_IP_LENGTH), cut_byte),
	SERVE("largest", V(OFFER), grow_to_limit),
	SERVE("largest, in pages", V(OFFER), grow_to_limit, VTEST_PAGES),
	SERVE("too large", V(TOO_LONG), grow_too_much),
	SERVE("too large, in pages", V(TOO_LONG), grow_too_much, VTEST_PAGES),
	SERVE("padded to too large", V(TOO_LONG), pad_too_much),
	SERVE("to be segmented", V(TOO_LONG), edit_nothing, .gso = 100, .no_engine = true),
	PASSES("IPv4 header cut", ip_cut),
	PASSES("UDP header cut", udp_cut),
	PASSES("UDP header cut, in pages", udp_cut, VTEST_PAGES),

	SERVE("to another server", V(PASS_UNICAST), to_other),
	SERVE("to another server, shared", V(PASS_UNICAST), to_other, VTEST_SHARED),
	SERVE("mode pass", V(PASS_MODE), edit_nothing, .mode = VDHCP_MODE_PASS),
	SERVE("mode pass, in pages", V(PASS_MODE), edit_nothing, VTEST_PAGES,
	      .mode = VDHCP_MODE_PASS),
	SERVE("mode pass, tagged", V(PASS_MODE), edit_nothing, TAG(ETH_P_8021Q, 5), .port = 5,
	      .mode = VDHCP_MODE_PASS),
	SERVE("mode deny", V(DENIED), edit_nothing, .mode = VDHCP_MODE_DENY),
	SERVE("mode deny, to another server", V(DENIED), to_other, .mode = VDHCP_MODE_DENY),
	{ "server message", V(ROGUE_SERVER), VDHCP_OFFER, from_server },
	{ "server message in pages", V(ROGUE_SERVER), VDHCP_OFFER, from_server, VTEST_PAGES },
	{ "server message, mode pass", V(ROGUE_SERVER), VDHCP_OFFER, from_server,
	  .mode = VDHCP_MODE_PASS },
	PASSES("server message, no guard", from_server, .no_guard = true),
	PASSES("server message, no guard, mode deny", from_server, .no_guard = true,
	       .mode = VDHCP_MODE_DENY),
	SERVE("another's Ethernet source", V(SPOOFED_SOURCE), spoof_source),
	SERVE("another's chaddr", V(SPOOFED_CHADDR), spoof_chaddr),

	{ "ARP", V(ARP_REPLY) },
	{ "ARP, padded", V(ARP_REPLY), .edit = pad_frame },
	{ "ARP in pages", V(ARP_REPLY), .form = VTEST_PAGES },
	{ "ARP, shared", V(ARP_REPLY), .form = VTEST_SHARED },
	{ "ARP, tagged", V(ARP_REPLY), TAG(ETH_P_8021Q, 0x2005), .port = 5 },
	{ "ARP, VLAN without a port", VDHCP_VERDICT_NOT_OURS, TAG(ETH_P_8021Q, 6) },
	{ "ARP for the gateway", VDHCP_VERDICT_NOT_OURS, .edit = arp_gateway },
	{ "ARP from another MAC address", VDHCP_VERDICT_NOT_OURS, .edit = spoof_source },
	{ "ARP reply", VDHCP_VERDICT_NOT_OURS, .edit = arp_reply },
	{ "ARP cut", VDHCP_VERDICT_NOT_OURS, .edit = cut_byte },
	{ "ARP, mode pass", VDHCP_VERDICT_NOT_OURS, .mode = VDHCP_MODE_PASS },
	{ "ARP, mode deny", VDHCP_VERDICT_NOT_OURS, .mode = VDHCP_MODE_DENY },

	PASSES("UDP to another port", to_dns),
	PASSES("UDP to another port, in pages", to_dns, VTEST_PAGES),
	PASSES("TCP", make_tcp),
	PASSES("IPv6", make_ipv6),
};

VTEST_PARAMS(hook, hook_cases)

static int init_fixture(struct kunit *test)
{
	const struct hook_case *c = test->param_value;
	struct vdhcp_subnet_spec *subnet = vtest_subnet_spec(test, "s1");
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	struct vdhcp_cfg_err cfg_err;
	struct hook_fixture *fixture;
	u8 refused;
	int i;

	fixture = kunit_kzalloc(test, sizeof(*fixture), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fixture);
	test->priv = fixture;
	fixture->vdev = vtest_dev_new(&init_net, "vtest0", ARPHRD_ETHER);
	KUNIT_ASSERT_NOT_NULL(test, fixture->vdev);
	subnet->present |= BIT_ULL(VDHCP_A_SUBNET_SERVER_ID);
	subnet->server_id = cpu_to_be32(VTEST_SERVER);
	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_subnet_add(subnet, &cfg_err)));
	for (i = 0; i < 2; i++) {
		spec->addresses.entry[0].ip4 = cpu_to_be32(VTEST_ADDR + i);
		spec->mode = c->mode && vlan_of(i) == c->port ? c->mode : VDHCP_MODE_SERVE;
		spec->guard = !c->no_guard;
		KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_port_add("vtest0", vlan_of(i), "s1", spec,
							       &cfg_err)));
		fixture->conf[i] = vtest_compile(test, subnet, spec, &refused, &cfg_err);
		KUNIT_ASSERT_NOT_NULL(test, fixture->conf[i]);
	}
	return 0;
}

static struct vtest_frame *make_frame(struct kunit *test, const struct hook_case *c)
{
	return c->type ? vtest_frame_dhcp(test, c->type) :
			 vtest_frame_arp(test, cpu_to_be32(VTEST_SERVER));
}

static struct sk_buff *make_skb(const struct hook_case *c, struct vtest_frame *f)
{
	struct sk_buff *skb = vtest_skb_new(f->data, f->len, c->form, GFP_KERNEL);

	if (!skb)
		return NULL;
	if (c->csum_at)
		vtest_skb_partial_at(skb, c->csum_at);
	else if (c->sum == SUM_PARTIAL)
		vtest_skb_partial(skb, f);
	if (c->sum == SUM_UNNECESSARY)
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	if (c->sum == SUM_COMPLETE) {
		skb->ip_summed = CHECKSUM_COMPLETE;
		skb->csum = skb_checksum(skb, 0, skb->len, 0);
	}
	if (c->tag_proto)
		vtest_skb_tag(skb, c->tag_proto, c->tag);
	if (c->gso) {
		skb_shinfo(skb)->gso_size = c->gso;
		skb_shinfo(skb)->gso_type = SKB_GSO_UDP_L4;
	}
	return skb;
}

/* The device must have sent one complete skb with the tag of the request. */
static void check_reply(struct kunit *test, const struct hook_case *c,
			const struct vtest_drive *want)
{
	struct hook_fixture *fixture = test->priv;
	struct sk_buff *skb = skb_peek(&fixture->vdev->sent);

	KUNIT_ASSERT_EQ(test, skb_queue_len(&fixture->vdev->sent), 1u);
	KUNIT_ASSERT_EQ(test, skb->len, (unsigned int)want->len);
	KUNIT_EXPECT_EQ(test, vtest_skb_differ(skb, 0, want->reply, want->len), -1);
	KUNIT_EXPECT_FALSE(test, skb_is_nonlinear(skb));
	KUNIT_EXPECT_PTR_EQ(test, skb->dev, fixture->vdev->dev);
	KUNIT_EXPECT_EQ(test, skb_mac_offset(skb), 0);
	KUNIT_EXPECT_EQ(test, skb_network_offset(skb), ETH_HLEN);
	if (c->type)
		KUNIT_EXPECT_EQ(test, skb_transport_offset(skb), ETH_HLEN + VDHCP_IP4_HLEN);
	KUNIT_EXPECT_EQ(test, skb->mac_len, ETH_HLEN);
	KUNIT_EXPECT_EQ(test, ntohs(skb->protocol), c->type ? ETH_P_IP : ETH_P_ARP);
	KUNIT_EXPECT_EQ(test, (int)skb->ip_summed, CHECKSUM_NONE);
	KUNIT_EXPECT_EQ(test, !!skb_vlan_tag_present(skb), c->tag_proto || c->tag);
	KUNIT_EXPECT_EQ(test, !!want->tag.proto, c->tag_proto || c->tag);
	if (skb_vlan_tag_present(skb)) {
		KUNIT_EXPECT_EQ(test, ntohs(skb->vlan_proto),
				c->reply_tci || !c->tag_proto ? ETH_P_8021Q : c->tag_proto);
		KUNIT_EXPECT_EQ(test, skb_vlan_tag_get(skb), c->reply_tci ?: c->tag);
	}
}

/* A frame that passes must be unchanged, with its tag. */
static void check_passed(struct kunit *test, const struct hook_case *c,
			 const struct vtest_frame *f)
{
	struct hook_fixture *fixture = test->priv;
	struct sk_buff *skb = skb_peek(&fixture->vdev->passed);
	/* The core removes a tag from the frame. */
	int moved = !c->tag_proto && (c->edit == in_band_ad || c->edit == in_band_q) ?
		    VLAN_HLEN : 0;

	KUNIT_ASSERT_EQ(test, skb_queue_len(&fixture->vdev->passed), 1u);
	KUNIT_ASSERT_EQ(test, skb->len + ETH_HLEN + moved, (unsigned int)f->len);
	KUNIT_EXPECT_EQ(test, vtest_skb_differ(skb, 0, f->data + ETH_HLEN + moved, skb->len), -1);
	KUNIT_EXPECT_EQ(test, vtest_differ(skb_mac_header(skb), f->data, 2 * ETH_ALEN), -1);
	if (c->tag_proto) {
		KUNIT_EXPECT_TRUE(test, skb_vlan_tag_present(skb));
		KUNIT_EXPECT_EQ(test, skb_vlan_tag_get(skb), c->tag);
	}
}

static void check_counts(struct kunit *test, const struct hook_case *c,
			 const struct vtest_drive *want, const u64 *before)
{
	struct vdhcp_port *port = vtest_port_find("vtest0", c->port);
	struct vdhcp_port *other = vtest_port_find("vtest0", c->port ? 0 : TAGGED_VLAN);
	unsigned int counter;
	u64 one;

	for (counter = 0; counter < VDHCP_COUNTERS; counter++) {
		if (counter < VDHCP_COUNT_MESSAGE)
			one = (int)counter == c->verdict;
		else if (counter < VDHCP_COUNT_NOTE)
			one = counter - VDHCP_COUNT_MESSAGE == want->message;
		else
			one = !!(want->notes & BIT(counter - VDHCP_COUNT_NOTE));
		KUNIT_EXPECT_EQ_MSG(test, vdhcp_stats_port(port, counter), one, "counter %u",
				    counter);
		KUNIT_EXPECT_EQ_MSG(test, vdhcp_stats_port(other, counter), 0ull, "counter %u",
				    counter);
		/* The totals include counters of ports of other tests, which are gone. */
		KUNIT_EXPECT_EQ_MSG(test, vdhcp_stats_total(vtest_net(), counter),
				    before[counter] + one, "counter %u", counter);
	}
}

static void hook_test(struct kunit *test)
{
	const struct hook_case *c = test->param_value;
	struct vtest_frame *f = make_frame(test, c);
	struct vtest_frame *sent = make_frame(test, c);
	struct vtest_input in = {
		.hw_tag = { htons(c->tag_proto), c->tag_proto ? c->tag : 0 },
		.csum_ok = c->sum == SUM_UNNECESSARY,
		.partial = c->sum == SUM_PARTIAL || c->csum_at,
	};
	struct hook_fixture *fixture = test->priv;
	struct sk_buff *skb, *other = NULL;
	struct vtest_drive *want;
	u64 before[VDHCP_COUNTERS];
	unsigned int i;
	int at;

	want = kunit_kzalloc(test, sizeof(*want), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, want);
	if (c->edit && !c->no_engine)
		c->edit(f);
	in.data = f->data;
	in.len = f->len;
	in.csum_at = c->csum_at ?: (u8 *)&vtest_udp(f)->check - f->data;
	vtest_drive(fixture->conf[!!c->port], c->port, &in, want);
	if (!c->no_engine)
		KUNIT_EXPECT_STREQ(test, vdhcp_verdict_name(want->verdict),
				   vdhcp_verdict_name(c->verdict));
	if (c->no_engine && !vdhcp_verdict_replies(c->verdict)) {
		want->message = VDHCP_MESSAGES;
		want->notes = 0;
	}
	if (c->edit)
		c->edit(sent);
	skb = make_skb(c, sent);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	if (c->form == VTEST_CLONED)
		other = skb_clone(skb, GFP_KERNEL);
	if (c->form == VTEST_SHARED)
		other = skb_get(skb);
	for (i = 0; i < VDHCP_COUNTERS; i++)
		before[i] = vdhcp_stats_total(vtest_net(), i);

	vtest_dev_receive(fixture->vdev, skb);

	if (other) {
		at = c->form == VTEST_SHARED ? skb_mac_offset(other) : 0;
		KUNIT_EXPECT_EQ(test, vtest_skb_differ(other, at, sent->data, sent->len), -1);
		kfree_skb(other);
	}
	check_counts(test, c, want, before);
	if (vdhcp_verdict_replies(c->verdict))
		check_reply(test, c, want);
	else
		KUNIT_EXPECT_EQ(test, skb_queue_len(&fixture->vdev->sent), 0u);
	if (vdhcp_verdict_passes(c->verdict))
		check_passed(test, c, sent);
	else
		KUNIT_EXPECT_EQ(test, skb_queue_len(&fixture->vdev->passed), 0u);
}

static struct kunit_case hook_test_cases[] = {
	KUNIT_CASE_PARAM(hook_test, hook_gen_params),
	{}
};

static struct kunit_suite hook_test_suite = {
	.name = "vdhcp_hook",
	.suite_init = vtest_begin,
	.suite_exit = vtest_end,
	.init = init_fixture,
	.exit = vtest_reset,
	.test_cases = hook_test_cases,
};

kunit_test_suite(hook_test_suite);
