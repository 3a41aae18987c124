// SPDX-License-Identifier: GPL-2.0
/* Which port of a device judges a frame with VLAN tags. */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <net/net_namespace.h>
#include "skb.h"

#define PORTS	3
#define NONE	VDHCP_VLAN_NONE

static const char vlan_dev[] = "vtest0";
static const u16 vlans[PORTS] = { 0, 5, 7 };

/**
 * struct vlan_case - policies of the ports in VLAN 0, 5 and 7, and one frame
 * @desc: name
 * @policy: one letter for each port: "s" serves, "p" passes, "d" denies; in
 *	upper case with guard; "-" for no port
 * @vids: VLAN IDs of the tags, outermost first, ended by NONE
 * @verdict: expected
 * @port: VLAN ID of the port that counts the frame
 * @server: a server message; otherwise a DISCOVER
 */
struct vlan_case {
	const char *desc;
	const char *policy;
	u16 vids[VDHCP_TAGS_MAX + 2];
	int verdict;
	u16 port;
	bool server;
};

static const struct vlan_case vlan_cases[] = {
	{ "untagged", "SSS", { NONE }, VDHCP_VERDICT_OFFER, 0 },
	{ "port", "SSS", { 7, NONE }, VDHCP_VERDICT_OFFER, 7 },
	{ "no port, first guards", "Pss", { 6, NONE }, VDHCP_VERDICT_UNKNOWN_VLAN, 0 },
	{ "no port, first denies", "dSS", { 6, NONE }, VDHCP_VERDICT_DENIED, 0 },
	{ "no port, first is lax", "sSS", { 6, NONE }, VDHCP_VERDICT_NOT_OURS },
	{ "VID 4095", "Sss", { 4095, NONE }, VDHCP_VERDICT_UNKNOWN_VLAN, 0 },
	{ "no port, lowest is a VLAN", "-Ss", { 6, NONE }, VDHCP_VERDICT_UNKNOWN_VLAN, 5 },
	{ "untagged, lowest is a VLAN", "-Ss", { NONE }, VDHCP_VERDICT_UNKNOWN_VLAN, 5 },
	{ "priority, lowest is a VLAN", "-Ss", { 0, NONE }, VDHCP_VERDICT_UNKNOWN_VLAN, 5 },
	{ "untagged, lowest is lax", "-sS", { NONE }, VDHCP_VERDICT_NOT_OURS },
	{ "strict outside", "ssP", { 7, 5, NONE }, VDHCP_VERDICT_UNKNOWN_VLAN, 7 },
	{ "strict inside", "ssP", { 5, 7, NONE }, VDHCP_VERDICT_UNKNOWN_VLAN, 7 },
	{ "guard is stricter than deny", "sdP", { 5, 7, NONE }, VDHCP_VERDICT_UNKNOWN_VLAN, 7 },
	{ "deny is stricter than serve", "ssd", { 5, 7, NONE }, VDHCP_VERDICT_DENIED, 7 },
	{ "equally strict", "SSS", { 5, 7, NONE }, VDHCP_VERDICT_UNKNOWN_VLAN, 5 },
	{ "first port is strict", "Sss", { 5, 6, NONE }, VDHCP_VERDICT_UNKNOWN_VLAN, 0 },
	{ "none is strict", "sps", { 5, 7, 6, NONE }, VDHCP_VERDICT_NOT_OURS },
	{ "VID 0 is no VLAN", "Sss", { 0, 5, 0, 7, NONE }, VDHCP_VERDICT_NOT_OURS },
	{ "server, port guards", "ssS", { 7, NONE }, VDHCP_VERDICT_ROGUE_SERVER, 7, true },
	{ "server, port is lax", "SsS", { 5, NONE }, VDHCP_VERDICT_NOT_OURS, 0, true },
	{ "server, no port", "Sss", { 6, NONE }, VDHCP_VERDICT_ROGUE_SERVER, 0, true },
	{ "server, strict inside", "sdS", { 5, 5, 7, NONE }, VDHCP_VERDICT_ROGUE_SERVER, 7,
	  true },
	{ "server, deny is not guard", "sds", { 5, 7, NONE }, VDHCP_VERDICT_NOT_OURS, 0, true },
	{ "last of eight tags", "ssP", { 0, 0, 0, 0, 0, 0, 5, 7, NONE },
	  VDHCP_VERDICT_UNKNOWN_VLAN, 7 },
	{ "nine tags, first guards", "Sss", { 5, 5, 5, 5, 5, 5, 5, 5, 5, NONE },
	  VDHCP_VERDICT_TOO_MANY_TAGS, 0 },
	{ "nine tags, one guards", "ssS", { 5, 5, 5, 5, 7, 5, 5, 5, 5, NONE },
	  VDHCP_VERDICT_TOO_MANY_TAGS, 7 },
	{ "nine tags, none guards", "sss", { 5, 5, 5, 5, 7, 5, 5, 5, 5, NONE },
	  VDHCP_VERDICT_NOT_OURS },
};

VTEST_PARAMS(vlan, vlan_cases)

static enum vdhcp_mode mode_of(char policy)
{
	switch (policy) {
	case 'p':
	case 'P':
		return VDHCP_MODE_PASS;
	case 'd':
	case 'D':
		return VDHCP_MODE_DENY;
	default:
		return VDHCP_MODE_SERVE;
	}
}

static void add_ports(struct kunit *test, const char *policy)
{
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	struct vdhcp_cfg_err cfg_err;
	int i;

	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_subnet_add(vtest_subnet_spec(test, "s1"),
							 &cfg_err)));
	for (i = 0; i < PORTS; i++) {
		if (policy[i] == '-')
			continue;
		spec->addresses.entry[0].ip4 = cpu_to_be32(VTEST_ADDR + i);
		spec->mode = mode_of(policy[i]);
		spec->guard = policy[i] < 'a';
		KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_port_add(vlan_dev, vlans[i], "s1", spec,
							       &cfg_err)));
	}
}

static struct vtest_frame *make_tagged(struct kunit *test, const struct vlan_case *c)
{
	struct vtest_frame *f = vtest_frame_dhcp(test, c->server ? VDHCP_OFFER : VDHCP_DISCOVER);
	int i = 0;

	if (c->server) {
		vtest_udp(f)->dest = cpu_to_be16(VDHCP_PORT_CLIENT);
		vtest_frame_seal(f);
	}
	while (c->vids[i] != NONE)
		i++;
	while (i--)
		vtest_frame_tag(f, ETH_P_8021Q, c->vids[i]);
	return f;
}

/* Exactly one port counts the frame under exactly one verdict, or none does. */
static void vlan_test(struct kunit *test)
{
	const struct vlan_case *c = test->param_value;
	struct vtest_dev *vdev = vtest_dev_new(&init_net, vlan_dev, ARPHRD_ETHER);
	struct vtest_frame *f = make_tagged(test, c);
	bool passes = vdhcp_verdict_passes(c->verdict);
	struct vdhcp_port *port;
	struct sk_buff *skb;
	unsigned int i, v;
	u64 want;

	KUNIT_ASSERT_NOT_NULL(test, vdev);
	add_ports(test, c->policy);
	skb = vtest_skb_new(f->data, f->len, VTEST_LINEAR, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	vtest_dev_receive(vdev, skb);

	KUNIT_EXPECT_EQ(test, skb_queue_len(&vdev->passed), (u32)passes);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&vdev->sent), (u32)vdhcp_verdict_replies(c->verdict));
	for (i = 0; i < PORTS; i++) {
		port = vtest_port_find(vlan_dev, vlans[i]);
		for (v = 0; port && v < VDHCP_VERDICTS; v++) {
			want = vlans[i] == c->port && (int)v == c->verdict;
			KUNIT_EXPECT_EQ_MSG(test, vdhcp_stats_port(port, v), want, "VLAN %u: %s",
					    vlans[i], vdhcp_verdict_name(v));
		}
	}
}

static struct kunit_case vlan_test_cases[] = {
	KUNIT_CASE_PARAM(vlan_test, vlan_gen_params),
	{}
};

static struct kunit_suite vlan_test_suite = {
	.name = "vdhcp_vlan",
	.suite_init = vtest_begin,
	.suite_exit = vtest_end,
	.exit = vtest_reset,
	.test_cases = vlan_test_cases,
};

kunit_test_suite(vlan_test_suite);
