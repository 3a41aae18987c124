// SPDX-License-Identifier: GPL-2.0
/* The state of the guest that a port stores. */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <net/net_namespace.h>
#include "guest.h"
#include "put.h"
#include "skb.h"

static void expect_within(struct kunit *test, u64 value, u64 low, u64 high)
{
	KUNIT_EXPECT_GE(test, value, low);
	KUNIT_EXPECT_LT(test, value, high);
}

static const struct forget_case {
	const char *desc;
	u8 type;
	void (*edit)(struct vtest_frame *f);
	bool forgets;
} forget_cases[] = {
	{ "discover", VDHCP_DISCOVER, vtest_discover },
	{ "inform", VDHCP_INFORM, vtest_rebinding },
	{ "release to another", VDHCP_RELEASE, vtest_renewing },
	{ "spoofed chaddr", VDHCP_RELEASE, vtest_spoof_chaddr },
	{ "nak", VDHCP_REQUEST, vtest_rebooting_other, true },
	{ "decline", VDHCP_DECLINE, vtest_selecting, true },
	{ "release", VDHCP_RELEASE, vtest_releasing, true },
};

VTEST_PARAMS(forget, forget_cases)

/* Gets the state of the guest in the port. */
static struct vdhcp_client *guest_state(void)
{
	return vdhcp_port_client(vtest_port_find(VTEST_DEV, 0));
}

/* Grants the address. Returns whether the guest did not hold it before. */
static bool granted_first(struct kunit *test)
{
	struct sk_buff *event;
	int err;

	vtest_say(test, vtest_msg(test, VDHCP_REQUEST, vtest_selecting));
	KUNIT_EXPECT_TRUE(test, guest_state()->bound);
	while ((event = vtest_take_event(test, &err)))
		if (vtest_event_u32(test, event, VDHCP_A_EVENT_EVENT) == VDHCP_EVENT_ACK)
			return vtest_event_u32(test, event, VDHCP_A_EVENT_FIRST);
	KUNIT_FAIL(test, "no event");
	return false;
}

static void forget_test(struct kunit *test)
{
	const struct forget_case *c = test->param_value;

	vtest_listen(test);
	KUNIT_EXPECT_TRUE(test, granted_first(test));
	KUNIT_EXPECT_FALSE(test, granted_first(test));
	vtest_say(test, vtest_msg(test, c->type, c->edit));
	KUNIT_EXPECT_EQ(test, guest_state()->bound, !c->forgets);
	KUNIT_EXPECT_EQ(test, granted_first(test), c->forgets);
}

static void forget_device_test(struct kunit *test)
{
	vtest_listen(test);
	KUNIT_EXPECT_TRUE(test, granted_first(test));
	vtest_dev_del(vtest_guest);
	KUNIT_EXPECT_FALSE(test, guest_state()->bound);
	vtest_guest = vtest_dev_new(&init_net, VTEST_DEV, ARPHRD_ETHER);
	KUNIT_ASSERT_NOT_NULL(test, vtest_guest);
	KUNIT_EXPECT_TRUE(test, granted_first(test));
}

/* A change of the port's MAC, address or subnet ends the guest's lease. */
static void forget_change_test(struct kunit *test)
{
	struct vdhcp_subnet_spec *subnet = vtest_subnet_spec(test, "s2");
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	struct vdhcp_client *client = guest_state();
	struct vdhcp_cfg_err cfg_err;

	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_subnet_add(subnet, &cfg_err)));
	client->bound = true;
	spec->rate = 7;
	KUNIT_ASSERT_EQ(test, vtest_port_set(VTEST_DEV, 0, "s1", spec, &cfg_err), 0);
	KUNIT_EXPECT_TRUE(test, client->bound);
	KUNIT_ASSERT_EQ(test, vtest_port_set(VTEST_DEV, 0, "s2", spec, &cfg_err), 0);
	KUNIT_EXPECT_FALSE(test, client->bound);
	client->bound = true;
	spec->addresses.entry[0].ip4 = cpu_to_be32(VTEST_OTHER_ADDR);
	KUNIT_ASSERT_EQ(test, vtest_port_set(VTEST_DEV, 0, "s2", spec, &cfg_err), 0);
	KUNIT_EXPECT_FALSE(test, client->bound);
	client->bound = true;
	memcpy(spec->mac, vtest_other_mac, ETH_ALEN);
	KUNIT_ASSERT_EQ(test, vtest_port_set(VTEST_DEV, 0, "s2", spec, &cfg_err), 0);
	KUNIT_EXPECT_FALSE(test, client->bound);
}

#define LISTED_ADDR	0xc6336405	/* 198.51.100.5 */

static void listed_rebooting(struct vtest_frame *f)
{
	__be32 addr = cpu_to_be32(LISTED_ADDR);

	vtest_spoof_source(f);
	vtest_spoof_chaddr(f);
	vtest_frame_option(f, VDHCP_OPT_REQUESTED_ADDRESS, sizeof(addr), (char *)&addr);
}

static void listed_renewing(struct vtest_frame *f)
{
	vtest_spoof_source(f);
	vtest_spoof_chaddr(f);
	vtest_bootp(f)->ciaddr = cpu_to_be32(LISTED_ADDR);
	vtest_ip(f)->saddr = cpu_to_be32(LISTED_ADDR);
	vtest_ip(f)->daddr = cpu_to_be32((LISTED_ADDR & ~0xff) + 1);
}

/* A MAC that the port lists gets its address, from its subnet, and does not bind the guest. */
static void listed_mac_test(struct kunit *test)
{
	struct vdhcp_subnet_spec *subnet = vtest_subnet_spec(test, "s2");
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	struct vdhcp_address *listed = &spec->addresses.entry[1];
	struct vdhcp_cfg_err cfg_err;
	struct sk_buff *event;

	subnet->network = cpu_to_be32(LISTED_ADDR & ~0xff);
	subnet->gateway = cpu_to_be32((LISTED_ADDR & ~0xff) + 1);
	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_subnet_add(subnet, &cfg_err)));
	spec->addresses.n = 2;
	listed->family = AF_INET;
	listed->ip4 = cpu_to_be32(LISTED_ADDR);
	listed->has_mac = true;
	memcpy(listed->mac, vtest_other_mac, ETH_ALEN);
	listed->subnet = vtest_subnet_find("s2");
	KUNIT_ASSERT_EQ_MSG(test, vtest_port_set(VTEST_DEV, 0, "s1", spec, &cfg_err), 0, "%s",
			    cfg_err.text);

	vtest_listen(test);
	vtest_say(test, vtest_msg(test, VDHCP_REQUEST, listed_rebooting));
	event = vtest_expect_event(test, VDHCP_EVENT_ACK);
	KUNIT_EXPECT_EQ(test, ntohl((__force __be32)vtest_event_u32(test, event,
								    VDHCP_A_EVENT_ADDR)),
			LISTED_ADDR);
	KUNIT_EXPECT_FALSE(test, guest_state()->bound);
	vtest_say(test, vtest_msg(test, VDHCP_REQUEST, listed_renewing));
	event = vtest_expect_event(test, VDHCP_EVENT_ACK);
	KUNIT_EXPECT_EQ(test, vtest_event_u32(test, event, VDHCP_A_EVENT_VERDICT),
			(u32)VDHCP_VERDICT_ACK_RENEWING);
	KUNIT_EXPECT_TRUE(test, granted_first(test));
	vtest_say(test, vtest_msg(test, VDHCP_REQUEST, vtest_selecting_other));
	KUNIT_EXPECT_FALSE(test, guest_state()->bound);
}

static u32 time_of(struct kunit *test)
{
	return vtest_event_u32(test, vtest_expect_event(test, VDHCP_EVENT_ACK), VDHCP_A_EVENT_TIME);
}

/* Microseconds since a time, plus two units of vdhcp_client.txn_start for rounding. */
static u64 elapsed_since(u64 since)
{
	return div_u64(ktime_get_ns() - since, NSEC_PER_USEC) + 3;
}

/* The time in an event starts with the first message of the transaction that the ACK ends. */
static void time_test(struct kunit *test)
{
	u64 since;

	vtest_listen(test);
	vtest_say(test, vtest_msg_xid(test, VDHCP_DISCOVER, vtest_discover, 1));
	msleep(200);
	since = ktime_get_ns();
	vtest_say(test, vtest_msg_xid(test, VDHCP_DISCOVER, vtest_discover, 2));
	msleep(100);
	vtest_say(test, vtest_msg_xid(test, VDHCP_DISCOVER, vtest_discover, 2));
	vtest_say(test, vtest_msg_xid(test, VDHCP_INFORM, vtest_rebinding, 3));
	msleep(100);
	vtest_say(test, vtest_msg_xid(test, VDHCP_REQUEST, vtest_selecting, 2));
	expect_within(test, time_of(test), 200000, elapsed_since(since));

	msleep(1000);
	since = ktime_get_ns();
	vtest_say(test, vtest_msg_xid(test, VDHCP_REQUEST, vtest_renewing, 2));
	expect_within(test, time_of(test), 0, elapsed_since(since));
	/* A transaction ID of 0 is valid. */
	since = ktime_get_ns();
	vtest_say(test, vtest_msg_xid(test, VDHCP_DISCOVER, vtest_discover, 0));
	msleep(100);
	vtest_say(test, vtest_msg_xid(test, VDHCP_REQUEST, vtest_selecting, 0));
	expect_within(test, time_of(test), 100000, elapsed_since(since));
}

static const struct age_case {
	const char *name;
	s32 age;	/* seconds since the transaction began */
	u32 idle;	/* seconds since the last message */
	u32 time;	/* seconds that the event must show */
} age_cases[] = {
	{ "35 minutes", 2100, 60, 2100 },
	{ "35 minutes without a message", 2100, 2100, 2100 },
	{ "37 minutes", 2220, 60, 0 },
	{ "37 minutes without a message", 2220, 2220, 0 },
	{ "two hours without a message, after the clock wrapped", 7200, 7200, 0 },
	{ "a year without a message", 600, 365 * 86400, 0 },
	{ "a start in the future, by the clock of another CPU", -1, 0, 0 },
};

VTEST_PARAMS(age, age_cases)

/* The event shows the age of a transaction until the stored start time could wrap. */
static void age_test(struct kunit *test)
{
	const struct age_case *c = test->param_value;
	struct vdhcp_client *client = guest_state();
	u64 since = ktime_get_ns();

	vtest_listen(test);
	vtest_say(test, vtest_msg_xid(test, VDHCP_DISCOVER, vtest_discover, 9));
	client->txn_start -= (u32)((s64)c->age * NSEC_PER_SEC >> VDHCP_CLIENT_TXN_SHIFT);
	client->last_request -= (u32)((u64)c->idle * NSEC_PER_SEC >> VDHCP_CLIENT_SHIFT);
	/* Any message ends a transaction that is too old, before its start time wraps. */
	vtest_say(test, vtest_msg_xid(test, VDHCP_INFORM, vtest_rebinding, 3));
	vtest_say(test, vtest_msg_xid(test, VDHCP_REQUEST, vtest_selecting, 9));
	expect_within(test, time_of(test), c->time * 1000000,
		      c->time * 1000000 + elapsed_since(since));
}

/*
 * The state that port-get returns
 */

static const struct vtest_put port_key[] = { PUT_TEXT(PORT_DEV, "vtest0"), {} };

/* Finds an attribute in the state of a port; NULL if the state lacks it. */
static const struct nlattr *state_attr_of(struct kunit *test, const struct vtest_put *key,
					  int type)
{
	struct sk_buff *object = vtest_get(test, VDHCP_CMD_PORT_GET, key);
	const struct nlattr *state = vtest_attr(object, VDHCP_A_PORT_STATE);

	KUNIT_ASSERT_NOT_NULL(test, state);
	return nla_find_nested(state, type);
}

static const struct nlattr *state_attr(struct kunit *test, int type)
{
	return state_attr_of(test, port_key, type);
}

static u64 state_u64_of(struct kunit *test, const struct vtest_put *key, int type)
{
	const struct nlattr *attr = state_attr_of(test, key, type);

	KUNIT_ASSERT_NOT_NULL_MSG(test, attr, "attribute %d", type);
	return nla_get_u64(attr);
}

static u64 state_u64(struct kunit *test, int type)
{
	return state_u64_of(test, port_key, type);
}

static void state_test(struct kunit *test)
{
	const struct nlattr *attr;
	u64 since = ktime_get_ns();

	KUNIT_EXPECT_NULL(test, state_attr(test, VDHCP_A_PORT_STATE_LAST_ASKED));
	KUNIT_EXPECT_NULL(test, state_attr(test, VDHCP_A_PORT_STATE_LAST_VERDICT));
	KUNIT_EXPECT_EQ(test, nla_get_u8(state_attr(test, VDHCP_A_PORT_STATE_BOUND)), 0);
	KUNIT_EXPECT_EQ(test, state_u64(test, VDHCP_A_PORT_STATE_ANSWERED), 0ull);

	vtest_say(test, vtest_msg(test, VDHCP_REQUEST, vtest_selecting));
	msleep(300);
	/* The time has a resolution of 67 ms. */
	expect_within(test, state_u64(test, VDHCP_A_PORT_STATE_LAST_ASKED), 230,
		      68 + div_u64(elapsed_since(since), 1000));
	attr = state_attr(test, VDHCP_A_PORT_STATE_LAST_VERDICT);
	KUNIT_ASSERT_NOT_NULL(test, attr);
	KUNIT_EXPECT_EQ(test, nla_get_u32(attr), (u32)VDHCP_VERDICT_ACK_SELECTING);
	KUNIT_EXPECT_EQ(test, nla_get_u8(state_attr(test, VDHCP_A_PORT_STATE_BOUND)), 1);

	vtest_say(test, vtest_msg(test, VDHCP_DISCOVER, vtest_discover));
	vtest_say(test, vtest_msg(test, VDHCP_REQUEST, vtest_other_server));
	vtest_say(test, vtest_msg(test, VDHCP_RELEASE, vtest_releasing));
	vtest_say(test, vtest_msg(test, VDHCP_DECLINE, vtest_selecting));
	/* These are dropped before they are parsed, so they are not the last request. */
	vtest_say(test, vtest_msg(test, VDHCP_DISCOVER, vtest_spoof_source));
	vtest_say(test, vtest_msg(test, VDHCP_DISCOVER, vtest_from_server));
	KUNIT_EXPECT_EQ(test, nla_get_u32(state_attr(test, VDHCP_A_PORT_STATE_LAST_VERDICT)),
			(u32)VDHCP_VERDICT_DECLINE);
	KUNIT_EXPECT_EQ(test, nla_get_u8(state_attr(test, VDHCP_A_PORT_STATE_BOUND)), 0);
	KUNIT_EXPECT_EQ(test, state_u64(test, VDHCP_A_PORT_STATE_ANSWERED), 2ull);
	KUNIT_EXPECT_EQ(test, state_u64(test, VDHCP_A_PORT_STATE_UNANSWERED), 3ull);
	KUNIT_EXPECT_EQ(test, state_u64(test, VDHCP_A_PORT_STATE_DROPPED), 2ull);
	KUNIT_EXPECT_EQ(test, state_u64(test, VDHCP_A_PORT_STATE_PASSED), 0ull);
}

/*
 * Frames that are dropped because of their MAC
 */

static const struct vtest_put vlan_port_key[] = {
	PUT_TEXT(PORT_DEV, "vtest0"), PUT_U16(PORT_VLAN, 5), {}
};

static const u8 third_mac[ETH_ALEN] = { 0xfe, 0xff, 0x80, 0x00, 0x01, 0x7f };
static const u8 zero_mac[ETH_ALEN];

static void use_third_source(struct vtest_frame *f)
{
	memcpy(vtest_eth(f)->src, third_mac, ETH_ALEN);
}

static void use_zero_chaddr(struct vtest_frame *f)
{
	memcpy(vtest_bootp(f)->chaddr, zero_mac, ETH_ALEN);
}

static void say_tagged(struct kunit *test, const struct vtest_frame *f, u16 vlan)
{
	struct sk_buff *skb = vtest_skb_new(f->data, f->len, VTEST_LINEAR, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	vtest_skb_tag(skb, ETH_P_8021Q, vlan);
	vtest_dev_receive(vtest_guest, skb);
}

static void expect_wrong_mac(struct kunit *test, const struct vtest_put *key, const u8 *mac,
			     u64 count)
{
	const struct nlattr *attr = state_attr_of(test, key, VDHCP_A_PORT_STATE_WRONG_MAC);

	KUNIT_ASSERT_NOT_NULL(test, attr);
	KUNIT_ASSERT_EQ(test, nla_len(attr), ETH_ALEN);
	KUNIT_EXPECT_FALSE_MSG(test, memcmp(nla_data(attr), mac, ETH_ALEN), "%pM instead of %pM",
			       nla_data(attr), mac);
	KUNIT_EXPECT_EQ(test, state_u64_of(test, key, VDHCP_A_PORT_STATE_WRONG_MAC_COUNT), count);
}

static void expect_no_wrong_mac(struct kunit *test, const struct vtest_put *key)
{
	KUNIT_EXPECT_NULL(test, state_attr_of(test, key, VDHCP_A_PORT_STATE_WRONG_MAC));
	KUNIT_EXPECT_NULL(test, state_attr_of(test, key, VDHCP_A_PORT_STATE_WRONG_MAC_AGO));
	KUNIT_EXPECT_NULL(test, state_attr_of(test, key, VDHCP_A_PORT_STATE_WRONG_MAC_COUNT));
}

static void wrong_mac_test(struct kunit *test)
{
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	struct vdhcp_cfg_err cfg_err;
	u64 since;

	expect_no_wrong_mac(test, port_key);
	since = ktime_get_ns();
	vtest_say(test, vtest_msg(test, VDHCP_DISCOVER, vtest_spoof_source));
	expect_wrong_mac(test, port_key, vtest_other_mac, 1);
	/* The message was not read. */
	KUNIT_EXPECT_NULL(test, state_attr(test, VDHCP_A_PORT_STATE_LAST_ASKED));
	msleep(300);
	expect_within(test, state_u64(test, VDHCP_A_PORT_STATE_WRONG_MAC_AGO), 230,
		      68 + div_u64(elapsed_since(since), 1000));

	vtest_say(test, vtest_msg(test, VDHCP_DISCOVER, use_zero_chaddr));
	expect_wrong_mac(test, port_key, zero_mac, 2);
	expect_within(test, state_u64(test, VDHCP_A_PORT_STATE_WRONG_MAC_AGO), 0, 230);
	vtest_say(test, vtest_msg(test, VDHCP_DISCOVER, use_third_source));
	expect_wrong_mac(test, port_key, third_mac, 3);

	/* Frames that are dropped for another reason, or answered, do not count. */
	vtest_say(test, vtest_msg(test, VDHCP_OFFER, vtest_from_server));
	vtest_say(test, vtest_msg(test, VDHCP_REQUEST, vtest_selecting));
	expect_wrong_mac(test, port_key, third_mac, 3);
	KUNIT_EXPECT_EQ(test, nla_get_u8(state_attr(test, VDHCP_A_PORT_STATE_BOUND)), 1);

	/* The port gets the MAC that the guest uses, and then one that it does not use. */
	memcpy(spec->mac, third_mac, ETH_ALEN);
	KUNIT_ASSERT_EQ(test, vtest_port_set(VTEST_DEV, 0, "s1", spec, &cfg_err), 0);
	expect_no_wrong_mac(test, port_key);
	memcpy(spec->mac, vtest_other_mac, ETH_ALEN);
	KUNIT_ASSERT_EQ(test, vtest_port_set(VTEST_DEV, 0, "s1", spec, &cfg_err), 0);
	expect_wrong_mac(test, port_key, third_mac, 3);
}

/* Each port has its own wrong MAC, because the guest in a VLAN is another one. */
static void wrong_mac_ports_test(struct kunit *test)
{
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	struct vdhcp_cfg_err cfg_err;
	struct vtest_frame *f;

	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_port_add(VTEST_DEV, 5, "s1", spec, &cfg_err)));
	f = vtest_msg(test, VDHCP_DISCOVER, vtest_spoof_source);
	vtest_say(test, f);
	vtest_say(test, f);
	expect_wrong_mac(test, port_key, vtest_other_mac, 2);
	expect_no_wrong_mac(test, vlan_port_key);
	say_tagged(test, vtest_msg(test, VDHCP_DISCOVER, use_third_source), 5);
	expect_wrong_mac(test, vlan_port_key, third_mac, 1);
	expect_wrong_mac(test, port_key, vtest_other_mac, 2);
}

static struct kunit_case state_test_cases[] = {
	KUNIT_CASE_PARAM(forget_test, forget_gen_params),
	KUNIT_CASE(forget_device_test),
	KUNIT_CASE(forget_change_test),
	KUNIT_CASE(listed_mac_test),
	KUNIT_CASE(time_test),
	KUNIT_CASE_PARAM(age_test, age_gen_params),
	KUNIT_CASE(state_test),
	KUNIT_CASE(wrong_mac_test),
	KUNIT_CASE(wrong_mac_ports_test),
	{}
};

static struct kunit_suite state_test_suite = {
	.name = "vdhcp_state",
	.suite_init = vtest_begin_netlink,
	.suite_exit = vtest_end,
	.init = vtest_guest_init,
	.exit = vtest_client_exit,
	.test_cases = state_test_cases,
};

kunit_test_suite(state_test_suite);
