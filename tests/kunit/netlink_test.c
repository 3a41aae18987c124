// SPDX-License-Identifier: GPL-2.0
/* Requests of a client: get returns what new and set were given; nothing else changes. */
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>
#include "frame.h"
#include "put.h"
#include "skb.h"

/* Finds attribute number @n of a type, counted from 0. */
static const struct nlattr *find_nth(const struct sk_buff *object, int type, unsigned int n)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)object->data;
	const struct nlattr *attr;
	int rem;

	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rem)
		if (nla_type(attr) == type && !n--)
			return attr;
	return NULL;
}

static bool attrs_equal(const struct nlattr *a, const struct nlattr *b)
{
	return a && b && nla_len(a) == nla_len(b) && !memcmp(nla_data(a), nla_data(b), nla_len(a));
}

/* Returns the type of the first attribute of @a that @b lacks, 0 if @b has them all. */
static int find_missing(const struct sk_buff *a, const struct sk_buff *b)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)a->data;
	unsigned int seen[32] = {};
	const struct nlattr *attr;
	int rem;

	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rem)
		if (!attrs_equal(attr, find_nth(b, nla_type(attr), seen[nla_type(attr) % 32]++)))
			return nla_type(attr);
	return 0;
}

/* Both have the same attributes; the order of different types may differ. */
static void expect_same(struct kunit *test, const struct sk_buff *a, const struct sk_buff *b)
{
	KUNIT_EXPECT_EQ(test, find_missing(a, b), 0);
	KUNIT_EXPECT_EQ(test, find_missing(b, a), 0);
}

/* Makes a request that is not sent, only compared with an answer. */
static struct sk_buff *make_request(struct kunit *test, const struct vtest_put *put)
{
	struct sk_buff *skb = vtest_request(0, 0);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	vtest_put(skb, put);
	nlmsg_hdr(skb)->nlmsg_len = skb->len;
	return vtest_keep(skb);
}

static const struct vtest_put subnet_key[] = { PUT_TEXT(SUBNET_NAME, "s1"), {} };
static const struct vtest_put listed_key[] = { PUT_TEXT(PORT_DEV, "vtest0"), {} };
static const struct vtest_put port_key[] = {
	PUT_TEXT(PORT_DEV, "vtest0"), PUT_U16(PORT_VLAN, 5), {}
};

static const struct vtest_put small_subnet[] = {
	PUT_TEXT(SUBNET_NAME, "s1"), PUT_IP(SUBNET_NETWORK, VTEST_NETWORK),
	PUT_U8(SUBNET_PREFIX_LEN, 24), {}
};

/* A subnet with a value for every attribute. */
static const struct vtest_put full_subnet[] = {
	PUT_TEXT(SUBNET_NAME, "s1"), PUT_IP(SUBNET_NETWORK, VTEST_NETWORK),
	PUT_U8(SUBNET_PREFIX_LEN, 24), PUT_IP(SUBNET_GATEWAY, VTEST_GATEWAY),
	PUT_IP(SUBNET_SERVER_ID, VTEST_SERVER), PUT_BYTES(SUBNET_SERVER_MAC, 6, "\2\3\4\5\6\7"),
	PUT_IP(SUBNET_DNS, 0x08080808, .repeat = 62), PUT_U16(SUBNET_MTU, 1400),
	PUT_ROUTE(0x0a000000, 24, 0xc0000203, .repeat = 99), PUT_ROUTE(0x0b000000, 8, 0),
	PUT_TEXT(SUBNET_DOMAIN, "example.org"), PUT_TEXT(SUBNET_SEARCH, "example.org"),
	PUT_TEXT(SUBNET_SEARCH, "b.example.org", .repeat = 20),
	PUT_IP(SUBNET_NTP, 0x7b000001, .repeat = 2), PUT_U32(SUBNET_LEASE, 7200),
	PUT_U32(SUBNET_T1, 1000), PUT_U32(SUBNET_T2, 6000), PUT_U8(SUBNET_RAPID_COMMIT, 0),
	PUT_IP(SUBNET_NEXT_SERVER, 0xc0000204), PUT_TEXT(SUBNET_BOOT_FILE, "undionly.kpxe"),
	PUT_U32(SUBNET_IPV6_ONLY, 300), PUT_TEXT(SUBNET_CAPTIVE_PORTAL, "https://example.org/"),
	PUT_U8(SUBNET_SEND_ROUTER, VDHCP_SEND_ROUTER_ALWAYS),
	PUT_OPTION(SUBNET, 43, VDHCP_OPTION_FORM_HEX, 3, "\1\2\377"),
	PUT_OPTION(SUBNET, 66, VDHCP_OPTION_FORM_STRING, 4, "tftp"),
	PUT_OPTION(SUBNET, 224, VDHCP_OPTION_FORM_U16, 2, "\1\2"),
	PUT_OPTION(SUBNET, 225, VDHCP_OPTION_FORM_HEX, VDHCP_OPTION_MAX, NULL, .repeat = 2), {}
};

/* The network of full_subnet, so that its ports fit. */
static const struct vtest_put second_subnet[] = {
	PUT_TEXT(SUBNET_NAME, "s2"), PUT_IP(SUBNET_NETWORK, VTEST_NETWORK),
	PUT_U8(SUBNET_PREFIX_LEN, 24), {}
};

static const struct vtest_put full_port[] = {
	PUT_TEXT(PORT_DEV, "vtest0"), PUT_U16(PORT_VLAN, 5),
	PUT_BYTES(PORT_MAC, 6, "\x52\x54\0\x12\x34\x56"), PUT_BOUND(VTEST_ADDR, "s1"),
	PUT_TEXT(PORT_HOSTNAME, "vm5.example.org"),
	PUT_U8(PORT_MODE, VDHCP_MODE_SERVE), PUT_U8(PORT_GUARD, 0), PUT_U32(PORT_RATE, 7),
	PUT_U8(PORT_OTHER_MAC, VDHCP_OTHER_MAC_PASS),
	PUT_OPTION(PORT, 43, VDHCP_OPTION_FORM_HEX, 0, ""),
	PUT_OPTION(PORT, 67, VDHCP_OPTION_FORM_STRING, 3, "a.b"),
	PUT_OPTION(PORT, 224, VDHCP_OPTION_FORM_HEX, VDHCP_OPTION_MAX, NULL, .repeat = 2), {}
};

static const struct vtest_put listed_port[] = {
	PUT_TEXT(PORT_DEV, "vtest0"), PUT_BYTES(PORT_MAC, 6, "\x52\x54\0\x12\x34\x56"),
	PUT_BOUND(VTEST_ADDR, "s1"), PUT_NEST(PORT_ADDRESS),
	PUT_IP(ADDRESS_ADDR, VTEST_ADDR + 3), PUT_TEXT(ADDRESS_SUBNET, "s1"),
	PUT_BYTES(ADDRESS_MAC, 6, "\2\0\0\0\0\1"), PUT_NEST_END, {}
};

static u32 nested_u32(const struct sk_buff *object, int nest, int type)
{
	const struct nlattr *attr = find_nth(object, nest, 0), *inner;

	inner = attr ? nla_find_nested(attr, type) : NULL;
	return inner ? nla_get_u32(inner) : 0;
}

static const struct nlattr *unsupported_of(const struct sk_buff *port)
{
	const struct nlattr *state = find_nth(port, VDHCP_A_PORT_STATE, 0);

	return state ? nla_find_nested(state, VDHCP_A_PORT_STATE_UNSUPPORTED) :
		       NULL;
}

static void expect_device(struct kunit *test, const struct sk_buff *port,
			  enum vdhcp_device device)
{
	KUNIT_EXPECT_EQ(test, nested_u32(port, VDHCP_A_PORT_STATE,
					 VDHCP_A_PORT_STATE_DEVICE), (u32)device);
}

static void info_test(struct kunit *test)
{
	static const struct vtest_put none[] = { {} };
	struct sk_buff *object = vtest_get(test, VDHCP_CMD_INFO_GET, none);
	const struct nlattr *version = find_nth(object, VDHCP_A_INFO_VERSION, 0);
	const struct nlattr *abi = find_nth(object, VDHCP_A_INFO_ABI, 0);

	KUNIT_EXPECT_TRUE(test, version && !nla_strcmp(version, VDHCP_VERSION));
	KUNIT_EXPECT_TRUE(test, abi && nla_get_u32(abi) == VDHCP_ABI);
}

static void subnet_full_test(struct kunit *test)
{
	struct sk_buff *want = make_request(test, full_subnet), *got;
	const struct nlattr *mac;

	vtest_change(test, VDHCP_CMD_SUBNET_NEW, full_subnet);
	got = vtest_get(test, VDHCP_CMD_SUBNET_GET, subnet_key);
	KUNIT_EXPECT_EQ(test, find_missing(want, got), 0);
	/* The only other attribute is the state. */
	KUNIT_EXPECT_EQ(test, find_missing(got, want), (int)VDHCP_A_SUBNET_STATE);
	KUNIT_EXPECT_EQ(test, nested_u32(got, VDHCP_A_SUBNET_STATE,
					 VDHCP_A_SUBNET_STATE_SERVER_ID),
			(__force u32)cpu_to_be32(VTEST_SERVER));
	mac = nla_find_nested(find_nth(got, VDHCP_A_SUBNET_STATE, 0),
			      VDHCP_A_SUBNET_STATE_SERVER_MAC);
	KUNIT_EXPECT_TRUE(test, mac && !memcmp(nla_data(mac), "\2\3\4\5\6\7", 6));
	KUNIT_EXPECT_EQ(test, nested_u32(got, VDHCP_A_SUBNET_STATE, VDHCP_A_SUBNET_STATE_PORTS),
			0u);
	vtest_change(test, VDHCP_CMD_PORT_NEW, full_port);
	got = vtest_get(test, VDHCP_CMD_SUBNET_GET, subnet_key);
	KUNIT_EXPECT_EQ(test, nested_u32(got, VDHCP_A_SUBNET_STATE, VDHCP_A_SUBNET_STATE_PORTS),
			1u);
}

static void subnet_small_test(struct kunit *test)
{
	static const struct vtest_put shown[] = {
		PUT_TEXT(SUBNET_NAME, "s1"), PUT_IP(SUBNET_NETWORK, VTEST_NETWORK),
		PUT_U8(SUBNET_PREFIX_LEN, 24), PUT_U32(SUBNET_LEASE, 86400),
		PUT_U8(SUBNET_RAPID_COMMIT, 1), {}
	};
	struct sk_buff *want = make_request(test, shown), *got;

	vtest_change(test, VDHCP_CMD_SUBNET_NEW, small_subnet);
	got = vtest_get(test, VDHCP_CMD_SUBNET_GET, subnet_key);
	KUNIT_EXPECT_EQ(test, find_missing(want, got), 0);
	KUNIT_EXPECT_EQ(test, find_missing(got, want), (int)VDHCP_A_SUBNET_STATE);
	KUNIT_EXPECT_EQ(test, nested_u32(got, VDHCP_A_SUBNET_STATE,
					 VDHCP_A_SUBNET_STATE_SERVER_ID),
			(__force u32)cpu_to_be32(0xa9fea9fe));
}

static void port_full_test(struct kunit *test)
{
	struct sk_buff *want = make_request(test, full_port), *got;
	struct vtest_dev *vdev;

	vtest_change(test, VDHCP_CMD_SUBNET_NEW, full_subnet);
	vtest_change(test, VDHCP_CMD_PORT_NEW, full_port);
	got = vtest_get(test, VDHCP_CMD_PORT_GET, port_key);
	KUNIT_EXPECT_EQ(test, find_missing(want, got), 0);
	KUNIT_EXPECT_EQ(test, find_missing(got, want), (int)VDHCP_A_PORT_STATE);
	KUNIT_EXPECT_EQ(test, nested_u32(got, VDHCP_A_PORT_STATE, VDHCP_A_PORT_STATE_IFINDEX),
			0u);
	vdev = vtest_dev_new(&init_net, "vtest0", ARPHRD_ETHER);
	KUNIT_ASSERT_NOT_NULL(test, vdev);
	got = vtest_get(test, VDHCP_CMD_PORT_GET, port_key);
	KUNIT_EXPECT_EQ(test, nested_u32(got, VDHCP_A_PORT_STATE, VDHCP_A_PORT_STATE_IFINDEX),
			(u32)vdev->dev->ifindex);
	KUNIT_EXPECT_NULL(test, unsupported_of(got));
}

/* The MAC of an address comes back. */
static void port_listed_test(struct kunit *test)
{
	struct sk_buff *want = make_request(test, listed_port), *got;

	vtest_change(test, VDHCP_CMD_SUBNET_NEW, full_subnet);
	vtest_change(test, VDHCP_CMD_PORT_NEW, listed_port);
	got = vtest_get(test, VDHCP_CMD_PORT_GET, listed_key);
	KUNIT_EXPECT_EQ(test, find_missing(want, got), 0);
}

/* The state of a port shows whether guests on the device of its name can be served. */
static void port_unsupported_test(struct kunit *test)
{
	struct vtest_dev *vdev;
	struct sk_buff *got;

	vtest_change(test, VDHCP_CMD_SUBNET_NEW, full_subnet);
	vtest_change(test, VDHCP_CMD_PORT_NEW, full_port);
	got = vtest_get(test, VDHCP_CMD_PORT_GET, port_key);
	KUNIT_EXPECT_NULL(test, unsupported_of(got));
	expect_device(test, got, VDHCP_DEVICE_ABSENT);
	vdev = vtest_dev_new(&init_net, "vtest0", ARPHRD_NONE);
	KUNIT_ASSERT_NOT_NULL(test, vdev);
	got = vtest_get(test, VDHCP_CMD_PORT_GET, port_key);
	expect_device(test, got, VDHCP_DEVICE_UNSUPPORTED);
	KUNIT_ASSERT_NOT_NULL(test, unsupported_of(got));
	KUNIT_EXPECT_EQ(test, nla_strcmp(unsupported_of(got), "not Ethernet"), 0);
	/* A port is not attached to a device that has its name as an alternative name. */
	KUNIT_ASSERT_EQ(test, vtest_dev_rename(vdev, "vtest1"), 0);
	KUNIT_ASSERT_EQ(test, vtest_dev_altname(vdev, "vtest0"), 0);
	got = vtest_get(test, VDHCP_CMD_PORT_GET, port_key);
	KUNIT_EXPECT_NULL(test, unsupported_of(got));
	expect_device(test, got, VDHCP_DEVICE_ABSENT);
}

static void close_device(struct vtest_dev *vdev)
{
	rtnl_lock();
	dev_close(vdev->dev);
	rtnl_unlock();
}

static void port_device_test(struct kunit *test)
{
	struct vtest_dev *vdev;

	vtest_change(test, VDHCP_CMD_SUBNET_NEW, full_subnet);
	vtest_change(test, VDHCP_CMD_PORT_NEW, full_port);
	vdev = vtest_dev_new(&init_net, "vtest0", ARPHRD_ETHER);
	KUNIT_ASSERT_NOT_NULL(test, vdev);
	expect_device(test, vtest_get(test, VDHCP_CMD_PORT_GET, port_key),
		      VDHCP_DEVICE_UP);
	netif_carrier_off(vdev->dev);
	expect_device(test, vtest_get(test, VDHCP_CMD_PORT_GET, port_key),
		      VDHCP_DEVICE_NO_CARRIER);
	close_device(vdev);
	expect_device(test, vtest_get(test, VDHCP_CMD_PORT_GET, port_key),
		      VDHCP_DEVICE_DOWN);
}

static int link_master(struct vtest_dev *vdev, struct vtest_dev *master)
{
	int err;

	rtnl_lock();
	err = netdev_master_upper_dev_link(vdev->dev, master->dev, NULL, NULL, NULL);
	rtnl_unlock();
	return err;
}

static void unlink_master(struct vtest_dev *vdev, struct vtest_dev *master)
{
	rtnl_lock();
	netdev_upper_dev_unlink(vdev->dev, master->dev);
	rtnl_unlock();
}

static void expect_master(struct kunit *test, const char *name)
{
	struct sk_buff *got = vtest_get(test, VDHCP_CMD_PORT_GET, port_key);
	const struct nlattr *master;

	master = nla_find_nested(find_nth(got, VDHCP_A_PORT_STATE, 0),
				 VDHCP_A_PORT_STATE_MASTER);
	KUNIT_ASSERT_EQ(test, !master, !name);
	if (name)
		KUNIT_EXPECT_EQ(test, nla_strcmp(master, name), 0);
}

static void port_master_test(struct kunit *test)
{
	struct vtest_dev *vdev, *master;

	vtest_change(test, VDHCP_CMD_SUBNET_NEW, full_subnet);
	vtest_change(test, VDHCP_CMD_PORT_NEW, full_port);
	vdev = vtest_dev_new(&init_net, "vtest0", ARPHRD_ETHER);
	KUNIT_ASSERT_NOT_NULL(test, vdev);
	master = vtest_dev_new(&init_net, "vtest1", ARPHRD_ETHER);
	KUNIT_ASSERT_NOT_NULL(test, master);
	expect_master(test, NULL);
	KUNIT_ASSERT_EQ(test, link_master(vdev, master), 0);
	expect_master(test, "vtest1");
	KUNIT_EXPECT_EQ(test, vtest_dev_rename(master, "vtest2"), 0);
	expect_master(test, "vtest2");
	unlink_master(vdev, master);
	expect_master(test, NULL);
}

/* A change of the full object, and the attributes of the changed type afterwards. */
static const struct set_case {
	const char *desc;
	bool port;
	struct vtest_put put[8];
	int type;		/* the one attribute that may change */
	struct vtest_put after[6];
} set_cases[] = {
	{ "mtu", false, { PUT_U16(SUBNET_MTU, 9000) }, VDHCP_A_SUBNET_MTU,
	  { PUT_U16(SUBNET_MTU, 9000) } },
	{ "a list is replaced", false,
	  { PUT_IP(SUBNET_DNS, 0x01010101), PUT_IP(SUBNET_DNS, 0x09090909) }, VDHCP_A_SUBNET_DNS,
	  { PUT_IP(SUBNET_DNS, 0x01010101), PUT_IP(SUBNET_DNS, 0x09090909) } },
	{ "routes are replaced", false, { PUT_ROUTE(0, 0, VTEST_GATEWAY) }, VDHCP_A_SUBNET_ROUTE,
	  { PUT_ROUTE(0, 0, VTEST_GATEWAY) } },
	{ "search is replaced", false, { PUT_TEXT(SUBNET_SEARCH, "c.org") },
	  VDHCP_A_SUBNET_SEARCH, { PUT_TEXT(SUBNET_SEARCH, "c.org") } },
	{ "cleared and given again", false,
	  { PUT_TEXT(SUBNET_DOMAIN, "c.org"), PUT_U32(SUBNET_CLEAR, VDHCP_A_SUBNET_DOMAIN) },
	  VDHCP_A_SUBNET_DOMAIN, { PUT_TEXT(SUBNET_DOMAIN, "c.org") } },
#define CLEAR(name) \
	{ "clear " #name, false, { PUT_U32(SUBNET_CLEAR, VDHCP_A_SUBNET_##name) }, \
	  VDHCP_A_SUBNET_##name, {} }
	CLEAR(GATEWAY), CLEAR(SERVER_ID), CLEAR(SERVER_MAC), CLEAR(DNS), CLEAR(MTU),
	CLEAR(ROUTE), CLEAR(DOMAIN), CLEAR(SEARCH), CLEAR(NTP), CLEAR(T1), CLEAR(T2),
	CLEAR(NEXT_SERVER), CLEAR(BOOT_FILE), CLEAR(IPV6_ONLY), CLEAR(CAPTIVE_PORTAL),
	CLEAR(SEND_ROUTER), CLEAR(OPTION),
	{ "clear LEASE", false, { PUT_U32(SUBNET_CLEAR, VDHCP_A_SUBNET_LEASE) },
	  VDHCP_A_SUBNET_LEASE, { PUT_U32(SUBNET_LEASE, VDHCP_SUBNET_LEASE_DEFAULT) } },
	{ "clear RAPID_COMMIT", false, { PUT_U32(SUBNET_CLEAR, VDHCP_A_SUBNET_RAPID_COMMIT) },
	  VDHCP_A_SUBNET_RAPID_COMMIT, { PUT_U8(SUBNET_RAPID_COMMIT, 1) } },
	{ "rate", true, { PUT_U32(PORT_RATE, 0) }, VDHCP_A_PORT_RATE, { PUT_U32(PORT_RATE, 0) } },
	{ "addr alone", true, { PUT_ADDRESS(PUT_IP(ADDRESS_ADDR, VTEST_ADDR + 1)) },
	  VDHCP_A_PORT_ADDRESS, { PUT_BOUND(VTEST_ADDR + 1, "s1") } },
	{ "subnet alone", true, { PUT_ADDRESS(PUT_TEXT(ADDRESS_SUBNET, "s2")) },
	  VDHCP_A_PORT_ADDRESS, { PUT_BOUND(VTEST_ADDR, "s2") } },
	{ "addr and subnet", true, { PUT_BOUND(VTEST_ADDR + 1, "s2") }, VDHCP_A_PORT_ADDRESS,
	  { PUT_BOUND(VTEST_ADDR + 1, "s2") } },
	{ "clear address", true,
	  { PUT_U32(PORT_CLEAR, VDHCP_A_PORT_ADDRESS), PUT_U8(PORT_MODE, VDHCP_MODE_SERVE),
	    PUT_BOUND(VTEST_ADDR + 2, "s2") },
	  VDHCP_A_PORT_ADDRESS, { PUT_BOUND(VTEST_ADDR + 2, "s2") } },
	{ "mode", true, { PUT_U8(PORT_MODE, VDHCP_MODE_DENY) }, VDHCP_A_PORT_MODE,
	  { PUT_U8(PORT_MODE, VDHCP_MODE_DENY) } },
	{ "clear hostname", true, { PUT_U32(PORT_CLEAR, VDHCP_A_PORT_HOSTNAME) },
	  VDHCP_A_PORT_HOSTNAME, {} },
	{ "clear guard", true, { PUT_U32(PORT_CLEAR, VDHCP_A_PORT_GUARD) }, VDHCP_A_PORT_GUARD,
	  { PUT_U8(PORT_GUARD, 1) } },
	{ "clear rate", true, { PUT_U32(PORT_CLEAR, VDHCP_A_PORT_RATE) }, VDHCP_A_PORT_RATE,
	  { PUT_U32(PORT_RATE, VDHCP_PORT_RATE_DEFAULT) } },
	{ "clear mode", true, { PUT_U32(PORT_CLEAR, VDHCP_A_PORT_MODE) }, VDHCP_A_PORT_MODE,
	  { PUT_U8(PORT_MODE, VDHCP_MODE_SERVE) } },
	{ "clear option", true, { PUT_U32(PORT_CLEAR, VDHCP_A_PORT_OPTION) },
	  VDHCP_A_PORT_OPTION, {} },
};

VTEST_PARAMS(set, set_cases)

/* A set changes the attributes of one type and keeps all others. */
static void set_test(struct kunit *test)
{
	const struct set_case *c = test->param_value;
	const struct vtest_put *key = c->port ? port_key : subnet_key;
	u8 get = c->port ? VDHCP_CMD_PORT_GET : VDHCP_CMD_SUBNET_GET;
	u8 set = c->port ? VDHCP_CMD_PORT_SET : VDHCP_CMD_SUBNET_SET;
	int state = c->port ? VDHCP_A_PORT_STATE : VDHCP_A_SUBNET_STATE;
	struct sk_buff *before, *after, *want = make_request(test, c->after);
	struct vtest_put put[ARRAY_SIZE(c->put) + 3] = {};
	int type, n, i = 0;

	vtest_change(test, VDHCP_CMD_SUBNET_NEW, full_subnet);
	vtest_change(test, VDHCP_CMD_SUBNET_NEW, second_subnet);
	vtest_change(test, VDHCP_CMD_PORT_NEW, full_port);
	before = vtest_get(test, get, key);
	for (; key->kind != VTEST_END; key++)
		put[i++] = *key;
	memcpy(put + i, c->put, sizeof(c->put));

	vtest_change(test, set, put);

	after = vtest_get(test, get, c->port ? port_key : subnet_key);
	KUNIT_EXPECT_EQ(test, find_missing(want, after), 0);
	KUNIT_EXPECT_EQ(test, vtest_attr_count(after, c->type), vtest_attr_count(want, c->type));
	for (type = 1; type < 32; type++) {
		if (type == c->type || type == state)
			continue;
		n = vtest_attr_count(before, type);
		KUNIT_EXPECT_EQ_MSG(test, vtest_attr_count(after, type), (unsigned int)n,
				    "attribute %d", type);
		while (n--)
			KUNIT_EXPECT_TRUE_MSG(test, attrs_equal(find_nth(before, type, n),
								find_nth(after, type, n)),
					      "attribute %d", type);
	}
}

/* Raw options are replaced one by one; an option without data is removed. */
static void set_option_test(struct kunit *test)
{
	static const struct vtest_put change[] = {
		PUT_TEXT(SUBNET_NAME, "s1"),
		PUT_OPTION(SUBNET, 66, VDHCP_OPTION_FORM_STRING, 2, "t2"),
		PUT_NEST(SUBNET_OPTION), PUT_U8(OPTION_CODE, 43), PUT_NEST_END,
		PUT_NEST(SUBNET_OPTION), PUT_U8(OPTION_CODE, 44), PUT_NEST_END,
		PUT_OPTION(SUBNET, 17, 0, 2, "/r"), {}
	};
	static const struct vtest_put after[] = {
		PUT_OPTION(SUBNET, 17, VDHCP_OPTION_FORM_HEX, 2, "/r"),
		PUT_OPTION(SUBNET, 66, VDHCP_OPTION_FORM_STRING, 2, "t2"),
		PUT_OPTION(SUBNET, 224, VDHCP_OPTION_FORM_U16, 2, "\1\2"),
		PUT_OPTION(SUBNET, 225, VDHCP_OPTION_FORM_HEX, VDHCP_OPTION_MAX, NULL,
			   .repeat = 2), {}
	};
	struct sk_buff *want = make_request(test, after), *got;

	vtest_change(test, VDHCP_CMD_SUBNET_NEW, full_subnet);
	vtest_change(test, VDHCP_CMD_SUBNET_SET, change);
	got = vtest_get(test, VDHCP_CMD_SUBNET_GET, subnet_key);
	KUNIT_EXPECT_EQ(test, find_missing(want, got), 0);
	KUNIT_EXPECT_EQ(test, vtest_attr_count(got, VDHCP_A_SUBNET_OPTION), 6u);
}

static const struct echo_case {
	const char *desc;
	bool port;
	bool set;
} echo_cases[] = {
	{ "subnet-new" }, { "subnet-set", false, true },
	{ "port-new", true }, { "port-set", true, true },
};

VTEST_PARAMS(echo, echo_cases)

/* An echo is the object as get returns it. */
static void echo_test(struct kunit *test)
{
	const struct echo_case *c = test->param_value;
	u8 cmd = c->port ? VDHCP_CMD_PORT_NEW : VDHCP_CMD_SUBNET_NEW;
	struct vtest_answer answer;
	struct sk_buff *request, *echo, *got;

	if (c->port || c->set)
		vtest_change(test, VDHCP_CMD_SUBNET_NEW, full_subnet);
	if (c->port && c->set)
		vtest_change(test, VDHCP_CMD_PORT_NEW, full_port);
	if (c->set)
		cmd = c->port ? VDHCP_CMD_PORT_SET : VDHCP_CMD_SUBNET_SET;
	request = vtest_request(cmd, NLM_F_ACK | NLM_F_ECHO);
	KUNIT_ASSERT_NOT_NULL(test, request);
	vtest_put(request, c->port ? full_port : full_subnet);
	vtest_ask(test->priv, request, &answer);
	echo = skb_dequeue(&answer.objects);
	vtest_answer_free(&answer);
	KUNIT_EXPECT_EQ(test, answer.err, 0);
	KUNIT_EXPECT_EQ(test, answer.n, 1u);
	KUNIT_ASSERT_NOT_NULL(test, echo);
	vtest_keep(echo);
	KUNIT_EXPECT_EQ(test, vtest_cmd(echo), cmd);
	got = vtest_get(test, c->port ? VDHCP_CMD_PORT_GET : VDHCP_CMD_SUBNET_GET,
			c->port ? port_key : subnet_key);
	expect_same(test, echo, got);
}

static void del_test(struct kunit *test)
{
	static const struct vtest_put untagged[] = {
		PUT_TEXT(PORT_DEV, "vtest0"), PUT_U8(PORT_MODE, VDHCP_MODE_PASS), {}
	};

	vtest_change(test, VDHCP_CMD_SUBNET_NEW, full_subnet);
	vtest_change(test, VDHCP_CMD_PORT_NEW, full_port);
	vtest_change(test, VDHCP_CMD_PORT_NEW, untagged);
	vtest_change(test, VDHCP_CMD_PORT_DEL, port_key);
	KUNIT_EXPECT_NULL(test, vtest_port_find("vtest0", 5));
	KUNIT_EXPECT_NOT_NULL(test, vtest_port_find("vtest0", 0));
	vtest_change(test, VDHCP_CMD_SUBNET_DEL, subnet_key);
	KUNIT_EXPECT_NULL(test, vtest_subnet_find("s1"));
}

static void flush_test(struct kunit *test)
{
	static const struct vtest_put none[] = { {} };

	vtest_change(test, VDHCP_CMD_SUBNET_NEW, full_subnet);
	vtest_change(test, VDHCP_CMD_PORT_NEW, full_port);
	vtest_change(test, VDHCP_CMD_FLUSH, none);
	KUNIT_EXPECT_NULL(test, vtest_subnet_after(""));
	KUNIT_EXPECT_NULL(test, vtest_port_after("", 0));
	vtest_change(test, VDHCP_CMD_FLUSH, none);
	vtest_change(test, VDHCP_CMD_SUBNET_NEW, full_subnet);
}

/* Each allocation of a request fails once: all of the change is made or none of it. */
static void memory_test(struct kunit *test)
{
	struct sk_buff *request, *before, *after;
	struct vtest_answer answer;
	unsigned int n, refused = 0;
	bool failed = true;

	vtest_change(test, VDHCP_CMD_SUBNET_NEW, full_subnet);
	before = vtest_get(test, VDHCP_CMD_SUBNET_GET, subnet_key);
	for (n = 1; failed && n < 100; n++) {
		request = vtest_request(VDHCP_CMD_SUBNET_SET, NLM_F_ACK | NLM_F_ECHO);
		KUNIT_ASSERT_NOT_NULL(test, request);
		vtest_put(request, small_subnet);
		nla_put_u16(request, VDHCP_A_SUBNET_MTU, 1000 + n);
		vtest_fail_begin(n);
		vtest_ask(test->priv, request, &answer);
		failed = vtest_fail_end();
		/* An echo may have come without an acknowledgment. */
		vtest_drain(test->priv, &answer);
		vtest_answer_free(&answer);
		after = vtest_get(test, VDHCP_CMD_SUBNET_GET, subnet_key);
		/* Unchanged after an error, changed after a success. */
		if (find_missing(before, after)) {
			KUNIT_EXPECT_NE(test, answer.err, -ENOMEM);
			KUNIT_EXPECT_EQ(test, nla_get_u16(find_nth(after, VDHCP_A_SUBNET_MTU, 0)),
					(u16)(1000 + n));
		} else {
			KUNIT_EXPECT_NE(test, answer.err, 0);
			refused++;
		}
		before = after;
	}
	KUNIT_EXPECT_FALSE(test, failed);
	if (!refused)
		kunit_skip(test, "no allocation fails here");
}

static struct kunit_case netlink_test_cases[] = {
	KUNIT_CASE(info_test),
	KUNIT_CASE(subnet_full_test),
	KUNIT_CASE(subnet_small_test),
	KUNIT_CASE(port_full_test),
	KUNIT_CASE(port_listed_test),
	KUNIT_CASE(port_unsupported_test),
	KUNIT_CASE(port_device_test),
	KUNIT_CASE(port_master_test),
	KUNIT_CASE_PARAM(set_test, set_gen_params),
	KUNIT_CASE(set_option_test),
	KUNIT_CASE_PARAM(echo_test, echo_gen_params),
	KUNIT_CASE(del_test),
	KUNIT_CASE(flush_test),
	KUNIT_CASE(memory_test),
	{}
};

static struct kunit_suite netlink_test_suite = {
	.name = "vdhcp_netlink",
	.suite_init = vtest_begin_netlink,
	.suite_exit = vtest_end,
	.init = vtest_client_init,
	.exit = vtest_client_exit,
	.test_cases = netlink_test_cases,
};

kunit_test_suite(netlink_test_suite);
