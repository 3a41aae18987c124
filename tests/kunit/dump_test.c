// SPDX-License-Identifier: GPL-2.0
/* Dumps: complete, in order, and marked if something changed meanwhile. Counters. */
#include <linux/if_arp.h>
#include <net/net_namespace.h>
#include "put.h"
#include "skb.h"

#define DEVICES	100
#define VLANS	3

static void add_ports(struct kunit *test)
{
	struct vdhcp_subnet_spec *subnet = vtest_subnet_spec(test, "s1");
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	struct vdhcp_cfg_err cfg_err;
	struct vdhcp_port *port;
	char dev[IFNAMSIZ];
	int i;

	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_subnet_add(subnet, &cfg_err)));
	for (i = 0; i < DEVICES * VLANS; i++) {
		/* Not in order: 37 is prime to both. */
		snprintf(dev, sizeof(dev), "tap%03d", i * 37 % DEVICES);
		port = vtest_port_add(dev, i / DEVICES * 2000, "s1", spec, &cfg_err);
		KUNIT_ASSERT_FALSE(test, IS_ERR(port));
	}
}

static void dump_objects(struct kunit *test, u8 cmd, struct vtest_answer *answer)
{
	vtest_ask(test->priv, vtest_request(cmd, NLM_F_DUMP), answer);
	KUNIT_EXPECT_EQ_MSG(test, answer->err, 0, "%s", answer->text);
}

/* Counts the objects up to the first that is out of order. */
static unsigned int ports_in_order(const struct vtest_answer *answer, int dev_type,
				   int vlan_type)
{
	const struct nlattr *dev, *vlan;
	struct sk_buff *object;
	char want[IFNAMSIZ];
	unsigned int i = 0;

	skb_queue_walk(&answer->objects, object) {
		dev = vtest_attr(object, dev_type);
		vlan = vtest_attr(object, vlan_type);
		snprintf(want, sizeof(want), "tap%03u", i / VLANS);
		if (!dev || nla_strcmp(dev, want) || !vlan ||
		    nla_get_u16(vlan) != i % VLANS * 2000)
			break;
		i++;
	}
	return i;
}

static void ports_test(struct kunit *test)
{
	struct vtest_answer answer;
	unsigned int n;

	add_ports(test);
	dump_objects(test, VDHCP_CMD_PORT_GET, &answer);
	n = ports_in_order(&answer, VDHCP_A_PORT_DEV, VDHCP_A_PORT_VLAN);
	vtest_answer_free(&answer);
	KUNIT_EXPECT_EQ(test, answer.n, DEVICES * VLANS + 0u);
	KUNIT_EXPECT_EQ(test, n, answer.n);
	KUNIT_EXPECT_FALSE(test, answer.intr);
}

static void counters_test(struct kunit *test)
{
	struct vtest_answer answer;
	unsigned int n;

	add_ports(test);
	dump_objects(test, VDHCP_CMD_STATS_GET, &answer);
	n = ports_in_order(&answer, VDHCP_A_STATS_DEV, VDHCP_A_STATS_VLAN);
	vtest_answer_free(&answer);
	KUNIT_EXPECT_EQ(test, answer.n, DEVICES * VLANS + 0u);
	KUNIT_EXPECT_EQ(test, n, answer.n);
	KUNIT_EXPECT_FALSE(test, answer.intr);
}

/* Some objects so large that a buffer holds few, one larger than a usual buffer. */
static void subnets_test(struct kunit *test)
{
	struct vdhcp_subnet_spec *spec = vtest_subnet_spec(test, "");
	struct vdhcp_option opt = { .code = 224, .form = VDHCP_OPTION_FORM_HEX };
	struct vtest_answer answer;
	struct vdhcp_cfg_err cfg_err;
	struct sk_buff *object;
	const struct nlattr *name;
	char want[16];
	u8 *data;
	int i;

	data = kunit_kzalloc(test, VDHCP_OPTION_MAX, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, data);
	opt.data = data;
	for (i = 0; i < 50; i++) {
		snprintf(spec->name, sizeof(spec->name), "s%02d", i * 37 % 50);
		spec->options.len = 0;
		opt.len = i * 20;
		for (opt.code = 224; opt.code < 228; opt.code++)
			KUNIT_ASSERT_EQ(test, vdhcp_optlist_set(&spec->options, &opt), 0);
		KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_subnet_add(spec, &cfg_err)));
	}

	dump_objects(test, VDHCP_CMD_SUBNET_GET, &answer);

	KUNIT_EXPECT_EQ(test, answer.n, 50u);
	KUNIT_EXPECT_FALSE(test, answer.intr);
	i = 0;
	skb_queue_walk(&answer.objects, object) {
		name = vtest_attr(object, VDHCP_A_SUBNET_NAME);
		snprintf(want, sizeof(want), "s%02d", i);
		if (!name || nla_strcmp(name, want))
			break;
		i++;
	}
	vtest_answer_free(&answer);
	KUNIT_EXPECT_EQ(test, i, 50);
}

static const struct empty_case {
	const char *desc;
	u8 cmd;
} empty_cases[] = {
	{ "subnets", VDHCP_CMD_SUBNET_GET },
	{ "ports", VDHCP_CMD_PORT_GET },
	{ "counters", VDHCP_CMD_STATS_GET },
};

VTEST_PARAMS(empty, empty_cases)

static void empty_test(struct kunit *test)
{
	const struct empty_case *c = test->param_value;
	struct vtest_answer answer;

	dump_objects(test, c->cmd, &answer);
	vtest_answer_free(&answer);
	KUNIT_EXPECT_EQ(test, answer.n, 0u);
}

static int change_nothing(void)
{
	return 0;
}

static int remove_passed(void)
{
	return vtest_port_del("tap000", 0);
}

static int remove_device(void)
{
	int err = vtest_port_del("tap095", 0);

	err = err ?: vtest_port_del("tap095", 2000);
	return err ?: vtest_port_del("tap095", 4000);
}

static int remove_all(void)
{
	vtest_flush();
	return 0;
}

static int add_device(void)
{
	return vtest_dev_new(&init_net, "tap099", ARPHRD_ETHER) ? 0 : -ENOMEM;
}

static const struct intr_case {
	const char *desc;
	int (*act)(void);
	bool intr;
	unsigned int n;
} intr_cases[] = {
	{ "nothing", change_nothing, false, DEVICES * VLANS },
	{ "a port already shown is removed", remove_passed, true, DEVICES * VLANS },
	{ "a device not yet shown is removed", remove_device, true, (DEVICES - 1) * VLANS },
	{ "a device is added", add_device, true, DEVICES * VLANS },
	{ "everything is removed", remove_all, true, 0 },
};

VTEST_PARAMS(intr, intr_cases)

/* The reader of a dump learns that it is inconsistent. */
static void interrupted_test(struct kunit *test)
{
	const struct intr_case *c = test->param_value;
	struct vtest_client *client = test->priv;
	struct vtest_answer answer;
	int ret, n = 0;

	add_ports(test);
	vtest_answer_init(&answer);
	ret = vtest_send(client, vtest_request(VDHCP_CMD_PORT_GET, NLM_F_DUMP));
	KUNIT_ASSERT_EQ(test, ret, 0);
	ret = vtest_receive(client, &answer);
	KUNIT_EXPECT_EQ(test, ret, 1);
	KUNIT_EXPECT_FALSE(test, answer.intr);
	KUNIT_EXPECT_EQ(test, c->act(), 0);
	while (ret == 1 && n++ < 100)
		ret = vtest_receive(client, &answer);
	vtest_answer_free(&answer);

	KUNIT_EXPECT_EQ(test, ret, 0);
	KUNIT_EXPECT_EQ(test, answer.err, 0);
	KUNIT_EXPECT_EQ(test, answer.intr, c->intr);
	if (c->n)
		KUNIT_EXPECT_EQ(test, answer.n, c->n);
}

/* An unfinished dump leaks no memory; kmemleak and the end of the suite check that. */
static void abandoned_test(struct kunit *test)
{
	struct vtest_client *client = test->priv;
	struct vtest_answer answer;

	add_ports(test);
	vtest_answer_init(&answer);
	KUNIT_EXPECT_EQ(test, vtest_send(client, vtest_request(VDHCP_CMD_PORT_GET, NLM_F_DUMP)),
			0);
	KUNIT_EXPECT_EQ(test, vtest_receive(client, &answer), 1);
	vtest_answer_free(&answer);
	KUNIT_EXPECT_GT(test, answer.n, 0u);
	KUNIT_EXPECT_LT(test, answer.n, DEVICES * VLANS + 0u);
}

static u64 read_counter(const struct sk_buff *object, int nest_type, u32 which)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)object->data;
	const struct nlattr *nest, *attr;
	int rem;

	nlmsg_for_each_attr(nest, nlh, GENL_HDRLEN, rem) {
		if (nla_type(nest) != nest_type)
			continue;
		attr = nla_find_nested(nest, VDHCP_A_VERDICT_COUNT_VERDICT);
		if (!attr || nla_get_u32(attr) != which)
			continue;
		attr = nla_find_nested(nest, VDHCP_A_VERDICT_COUNT_PACKETS);
		return attr ? nla_get_u64(attr) : U64_MAX;
	}
	return U64_MAX;
}

static void expect_counters(struct kunit *test, const struct sk_buff *object, u64 offers)
{
	KUNIT_EXPECT_EQ(test, vtest_attr_count(object, VDHCP_A_STATS_VERDICT),
			(unsigned int)VDHCP_VERDICTS);
	KUNIT_EXPECT_EQ(test, vtest_attr_count(object, VDHCP_A_STATS_MESSAGE),
			(unsigned int)VDHCP_MESSAGES);
	KUNIT_EXPECT_EQ(test, vtest_attr_count(object, VDHCP_A_STATS_NOTE),
			(unsigned int)VDHCP_NOTES);
	KUNIT_EXPECT_EQ(test, read_counter(object, VDHCP_A_STATS_VERDICT, VDHCP_VERDICT_OFFER),
			offers);
	KUNIT_EXPECT_EQ(test, read_counter(object, VDHCP_A_STATS_MESSAGE, VDHCP_MESSAGE_DISCOVER),
			offers);
	KUNIT_EXPECT_EQ(test, read_counter(object, VDHCP_A_STATS_VERDICT,
					   VDHCP_VERDICT_PASS_UNICAST), 0ull);
	KUNIT_EXPECT_EQ(test, read_counter(object, VDHCP_A_STATS_NOTE, VDHCP_NOTE_OPTION_LEFT_OUT),
			0ull);
}

static void count_test(struct kunit *test)
{
	static const struct vtest_put port[] = { PUT_TEXT(STATS_DEV, "tap007"), {} };
	static const struct vtest_put vlan[] = {
		PUT_TEXT(STATS_DEV, "tap007"), PUT_U16(STATS_VLAN, 2000), {}
	};
	static const struct vtest_put none[] = { {} };
	struct vtest_frame *f = vtest_frame_dhcp(test, VDHCP_DISCOVER);
	u64 before = vdhcp_stats_total(vtest_net(), VDHCP_VERDICT_OFFER);
	struct vtest_dev *vdev;
	struct sk_buff *skb;
	int i;

	add_ports(test);
	vdev = vtest_dev_new(&init_net, "tap007", ARPHRD_ETHER);
	KUNIT_ASSERT_NOT_NULL(test, vdev);
	for (i = 0; i < 3; i++) {
		skb = vtest_skb_new(f->data, f->len, VTEST_LINEAR, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, skb);
		vtest_dev_receive(vdev, skb);
	}

	skb = vtest_get(test, VDHCP_CMD_STATS_GET, port);
	expect_counters(test, skb, 3);
	KUNIT_EXPECT_EQ(test, vtest_attr_count(skb, VDHCP_A_STATS_DEV), 1u);
	skb = vtest_get(test, VDHCP_CMD_STATS_GET, vlan);
	expect_counters(test, skb, 0);
	/* The totals stay when ports are removed, and name no device. */
	vtest_flush();
	skb = vtest_get(test, VDHCP_CMD_STATS_GET, none);
	KUNIT_EXPECT_EQ(test, read_counter(skb, VDHCP_A_STATS_VERDICT, VDHCP_VERDICT_OFFER),
			before + 3);
	KUNIT_EXPECT_EQ(test, vtest_attr_count(skb, VDHCP_A_STATS_DEV), 0u);
}

/* Each namespace has its own tables. */
static void netns_test(struct kunit *test)
{
	static const struct vtest_put subnet[] = {
		PUT_TEXT(SUBNET_NAME, "s2"), PUT_IP(SUBNET_NETWORK, 0x0a000000),
		PUT_U8(SUBNET_PREFIX_LEN, 8), {}
	};
	struct net *net = vtest_netns_new(test);
	struct vtest_answer answer;

	add_ports(test);
	vtest_client_close(test->priv);
	KUNIT_ASSERT_EQ(test, vtest_client_open(test->priv, net, NETLINK_GENERIC), 0);
	dump_objects(test, VDHCP_CMD_PORT_GET, &answer);
	vtest_answer_free(&answer);
	KUNIT_EXPECT_EQ(test, answer.n, 0u);
	vtest_change(test, VDHCP_CMD_SUBNET_NEW, subnet);
	dump_objects(test, VDHCP_CMD_SUBNET_GET, &answer);
	vtest_answer_free(&answer);
	KUNIT_EXPECT_EQ(test, answer.n, 1u);
	KUNIT_EXPECT_NULL(test, vtest_subnet_find("s2"));
	KUNIT_EXPECT_NOT_NULL(test, vtest_subnet_find("s1"));
}

static struct kunit_case dump_test_cases[] = {
	KUNIT_CASE(ports_test),
	KUNIT_CASE(counters_test),
	KUNIT_CASE(subnets_test),
	KUNIT_CASE_PARAM(empty_test, empty_gen_params),
	KUNIT_CASE_PARAM(interrupted_test, intr_gen_params),
	KUNIT_CASE(abandoned_test),
	KUNIT_CASE(count_test),
	KUNIT_CASE(netns_test),
	{}
};

static struct kunit_suite dump_test_suite = {
	.name = "vdhcp_dump",
	.suite_init = vtest_begin_netlink,
	.suite_exit = vtest_end,
	.init = vtest_client_init,
	.exit = vtest_client_exit,
	.test_cases = dump_test_cases,
};

kunit_test_suite(dump_test_suite);
