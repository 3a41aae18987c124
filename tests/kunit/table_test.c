// SPDX-License-Identifier: GPL-2.0
/* The tables of subnets and ports, through the functions that netlink calls. */
#include <keys.h>
#include <linux/if_arp.h>
#include <net/net_namespace.h>
#include "fixture.h"

static void expect_refused(struct kunit *test, const struct vdhcp_cfg_err *cfg_err, u16 attr,
			   const char *text)
{
	KUNIT_EXPECT_EQ(test, cfg_err->attr, attr);
	KUNIT_EXPECT_STREQ(test, (const char *)cfg_err->text, text);
}

static void add_subnet(struct kunit *test, const char *name)
{
	struct vdhcp_subnet_spec *spec = vtest_subnet_spec(test, name);
	struct vdhcp_cfg_err cfg_err;

	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_subnet_add(spec, &cfg_err)));
}

static void add_port(struct kunit *test, const char *dev, u16 vlan, const char *subnet)
{
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	struct vdhcp_cfg_err cfg_err = {};
	struct vdhcp_port *port;

	spec->addresses.entry[0].ip4 = cpu_to_be32(VTEST_ADDR + vlan % 128);
	port = vtest_port_add(dev, vlan, subnet, spec, &cfg_err);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(port), "%s", cfg_err.text);
}

static u32 ports_of(const char *name)
{
	struct vdhcp_subnet *subnet = vtest_subnet_find(name);

	return subnet ? subnet->n_bindings : U32_MAX;
}

static void subnet_order_test(struct kunit *test)
{
	static const char * const names[] = { "m", "b", "z", "a", "bb", "B", "k", "zz", "0" };
	static const char order[] = "0 B a b bb k m z zz ";
	struct vdhcp_subnet *subnet;
	char got[64];
	size_t i, n = 0;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		add_subnet(test, names[i]);

	for (subnet = vtest_subnet_after(""); subnet;
	     subnet = vtest_subnet_after(subnet->spec->name))
		n += scnprintf(got + n, sizeof(got) - n, "%s ", subnet->spec->name);
	KUNIT_EXPECT_STREQ(test, (char *)got, order);

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		subnet = vtest_subnet_find(names[i]);
		KUNIT_ASSERT_NOT_NULL(test, subnet);
		KUNIT_EXPECT_STREQ(test, (const char *)subnet->spec->name, names[i]);
	}
	KUNIT_EXPECT_NULL(test, vtest_subnet_find("c"));
	/* After a name that no subnet has. */
	KUNIT_EXPECT_PTR_EQ(test, vtest_subnet_after("c"), vtest_subnet_find("k"));
	KUNIT_EXPECT_NULL(test, vtest_subnet_after("zz"));
}

static void subnet_set_test(struct kunit *test)
{
	struct vdhcp_subnet_spec *spec = vtest_subnet_spec(test, "s1");
	struct vdhcp_cfg_err cfg_err = {};
	struct vdhcp_subnet *subnet;
	u32 seq;

	subnet = vtest_subnet_add(spec, &cfg_err);
	KUNIT_ASSERT_FALSE(test, IS_ERR(subnet));
	seq = vtest_seq();
	spec->lease = 7200;
	KUNIT_EXPECT_EQ(test, vtest_subnet_set(spec, &cfg_err), 0);
	KUNIT_EXPECT_EQ(test, subnet->spec->lease, 7200u);
	KUNIT_EXPECT_NE(test, vtest_seq(), seq);

	/* A refused change changes nothing. */
	seq = vtest_seq();
	spec->lease = 59;
	KUNIT_EXPECT_EQ(test, vtest_subnet_set(spec, &cfg_err), -EINVAL);
	expect_refused(test, &cfg_err, VDHCP_A_SUBNET_LEASE, "lease is below 60 seconds");
	KUNIT_EXPECT_EQ(test, subnet->spec->lease, 7200u);
	KUNIT_EXPECT_EQ(test, vtest_seq(), seq);
}

static void subnet_in_use_test(struct kunit *test)
{
	struct vdhcp_cfg_err cfg_err = {};

	add_subnet(test, "s1");
	add_port(test, "vtest0", 0, "s1");
	KUNIT_EXPECT_EQ(test, vtest_subnet_del("s1", &cfg_err), -EBUSY);
	expect_refused(test, &cfg_err, VDHCP_A_SUBNET_NAME, "subnet is used by port vtest0");
	add_port(test, "vtest0", 2, "s1");
	KUNIT_EXPECT_EQ(test, vtest_subnet_del("s1", &cfg_err), -EBUSY);
	expect_refused(test, &cfg_err, VDHCP_A_SUBNET_NAME,
		       "subnet is used by port vtest0 and 1 more");

	KUNIT_EXPECT_EQ(test, vtest_port_del("vtest0", 0), 0);
	KUNIT_EXPECT_EQ(test, vtest_subnet_del("s1", &cfg_err), -EBUSY);
	KUNIT_EXPECT_EQ(test, vtest_port_del("vtest0", 2), 0);
	KUNIT_EXPECT_EQ(test, vtest_subnet_del("s1", &cfg_err), 0);
	KUNIT_EXPECT_NULL(test, vtest_subnet_find("s1"));
}

/* A change of a subnet is refused if one of its ports would not fit. */
static void subnet_checks_ports_test(struct kunit *test)
{
	struct vdhcp_subnet_spec *spec = vtest_subnet_spec(test, "s1");
	struct vdhcp_cfg_err cfg_err = {};

	add_subnet(test, "s1");
	add_port(test, "vtest0", 0, "s1");
	add_port(test, "vtest0", 100, "s1");

	spec->prefix_len = 26;
	KUNIT_EXPECT_EQ(test, vtest_subnet_set(spec, &cfg_err), -EINVAL);
	expect_refused(test, &cfg_err, 0,
		       "port vtest0 vlan 100: addr is outside of the subnet's cidr");
	KUNIT_EXPECT_EQ(test, vtest_subnet_find("s1")->spec->prefix_len, 24);

	KUNIT_EXPECT_EQ(test, vtest_port_del("vtest0", 100), 0);
	KUNIT_EXPECT_EQ(test, vtest_subnet_set(spec, &cfg_err), 0);
	spec->present |= BIT_ULL(VDHCP_A_SUBNET_SERVER_ID);
	spec->server_id = cpu_to_be32(VTEST_ADDR);
	KUNIT_EXPECT_EQ(test, vtest_subnet_set(spec, &cfg_err), -EINVAL);
	expect_refused(test, &cfg_err, 0,
		       "port vtest0: addr is the subnet's server-id");
}

static void port_move_test(struct kunit *test)
{
	struct vdhcp_subnet_spec *far = vtest_subnet_spec(test, "far");
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	struct vdhcp_cfg_err cfg_err = {};
	struct vdhcp_port *port;

	far->network = cpu_to_be32(0x0a000000);
	far->gateway = cpu_to_be32(0x0a000001);
	add_subnet(test, "s1");
	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_subnet_add(far, &cfg_err)));
	add_port(test, "vtest0", 0, "s1");
	port = vtest_port_find("vtest0", 0);
	KUNIT_ASSERT_NOT_NULL(test, port);
	atomic64_set(vtest_counts(port), 5);

	/* Neither the subnet nor the address can be changed alone. */
	KUNIT_EXPECT_EQ(test, vtest_port_set("vtest0", 0, "far", spec, &cfg_err), -EINVAL);
	expect_refused(test, &cfg_err, VDHCP_AT_ADDR, "addr is outside of the subnet's cidr");
	spec->addresses.entry[0].ip4 = cpu_to_be32(0x0a000005);
	KUNIT_EXPECT_EQ(test, vtest_port_set("vtest0", 0, "s1", spec, &cfg_err), -EINVAL);
	KUNIT_EXPECT_EQ(test, ports_of("s1"), 1u);
	KUNIT_EXPECT_EQ(test, ports_of("far"), 0u);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(vtest_port_snap(port)->conf.addr), VTEST_ADDR);

	/* Both can be changed together; the counters stay. */
	KUNIT_EXPECT_EQ(test, vtest_port_set("vtest0", 0, "far", spec, &cfg_err), 0);
	KUNIT_EXPECT_EQ(test, ports_of("s1"), 0u);
	KUNIT_EXPECT_EQ(test, ports_of("far"), 1u);
	KUNIT_EXPECT_PTR_EQ(test, vtest_port_find("vtest0", 0), port);
	KUNIT_EXPECT_PTR_EQ(test, vtest_port_snap(port)->ip4_subnet, vtest_subnet_find("far"));
	KUNIT_EXPECT_EQ(test, atomic64_read(vtest_counts(port)), 5);
	KUNIT_EXPECT_EQ(test, vtest_subnet_del("s1", &cfg_err), 0);

	/* The port leaves all subnets. */
	spec->mode = VDHCP_MODE_PASS;
	KUNIT_EXPECT_EQ(test, vtest_port_set("vtest0", 0, NULL, spec, &cfg_err), 0);
	KUNIT_EXPECT_EQ(test, ports_of("far"), 0u);
	KUNIT_EXPECT_NULL(test, vtest_port_snap(port)->ip4_subnet);
	KUNIT_EXPECT_EQ(test, vtest_subnet_del("far", &cfg_err), 0);
}

static void no_edit(struct vdhcp_port_spec *spec)
{
}

static void network_address(struct vdhcp_port_spec *spec)
{
	spec->addresses.entry[0].ip4 = cpu_to_be32(VTEST_NETWORK);
}

static void broadcast_address(struct vdhcp_port_spec *spec)
{
	spec->addresses.entry[0].ip4 = cpu_to_be32(VTEST_NETWORK | 0xff);
}

static void server_address(struct vdhcp_port_spec *spec)
{
	spec->addresses.entry[0].ip4 = cpu_to_be32(VTEST_GATEWAY);
}

static void server_mac(struct vdhcp_port_spec *spec)
{
	static const u8 mac[] = { 0x02, 0x00, 0xc0, 0x00, 0x02, 0x01 };

	memcpy(spec->mac, mac, sizeof(mac));
}

static void multicast_mac(struct vdhcp_port_spec *spec)
{
	spec->mac[0] |= 1;
}

static void no_mac(struct vdhcp_port_spec *spec)
{
	vdhcp_key_clear(spec, &vdhcp_port_keys, VDHCP_A_PORT_MAC);
}

static void no_addr(struct vdhcp_port_spec *spec)
{
	vdhcp_key_clear(spec, &vdhcp_port_keys, VDHCP_A_PORT_ADDRESS);
}

static void bad_rate(struct vdhcp_port_spec *spec)
{
	spec->rate = VDHCP_RATE_MAX + 1;
}

static void lost_gateway(struct vdhcp_port_spec *spec)
{
	static const u8 route[] = { 8, 10, 192, 0, 2, 2 };
	const struct vdhcp_option opt = {
		.code = VDHCP_OPT_CLASSLESS_ROUTE, .form = VDHCP_OPTION_FORM_HEX,
		.len = sizeof(route), .data = route,
	};

	vdhcp_optlist_set(&spec->options, &opt);
}

static const struct refuse_case {
	const char *desc;
	const char *subnet;
	void (*edit)(struct vdhcp_port_spec *spec);
	u16 attr;
	const char *text;
} refuse_cases[] = {
	{ "no subnet", NULL, no_edit, VDHCP_AT_SUBNET, "mode serve needs a subnet" },
	{ "network address", "s1", network_address, VDHCP_AT_ADDR,
	  "addr is the subnet's network address" },
	{ "broadcast address", "s1", broadcast_address, VDHCP_AT_ADDR,
	  "addr is the subnet's broadcast address" },
	{ "server's address", "s1", server_address, VDHCP_AT_ADDR,
	  "addr is the subnet's server-id" },
	{ "server's MAC", "s1", server_mac, VDHCP_A_PORT_MAC, "mac is the subnet's server-mac" },
	{ "multicast MAC", "s1", multicast_mac, VDHCP_A_PORT_MAC, "mac is not a unicast address" },
	{ "no MAC", "s1", no_mac, VDHCP_A_PORT_MAC, "mode serve needs a mac" },
	{ "no address", "s1", no_addr, VDHCP_AT_ADDR, "mode serve needs an addr" },
	{ "rate too high", "s1", bad_rate, VDHCP_A_PORT_RATE, "rate is above 1000000" },
	{ "routes without the gateway", "s1", lost_gateway, VDHCP_A_PORT_OPTION,
	  "option 121 needs a default route" },
};

VTEST_PARAMS(refuse, refuse_cases)

/* Refused for a new port and for a change of a port. */
static void port_refuse_test(struct kunit *test)
{
	const struct refuse_case *c = test->param_value;
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	struct vdhcp_cfg_err cfg_err = {};
	u32 seq;

	add_subnet(test, "s1");
	add_port(test, "vtest1", 0, "s1");
	seq = vtest_seq();
	c->edit(spec);

	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(vtest_port_add("vtest0", 0, c->subnet, spec,
							     &cfg_err)), -EINVAL);
	expect_refused(test, &cfg_err, c->attr, c->text);
	KUNIT_EXPECT_NULL(test, vtest_port_find("vtest0", 0));
	KUNIT_EXPECT_NULL(test, vtest_port_after("vtest1", 0));

	KUNIT_EXPECT_EQ(test, vtest_port_set("vtest1", 0, c->subnet, spec, &cfg_err), -EINVAL);
	expect_refused(test, &cfg_err, c->attr, c->text);
	KUNIT_EXPECT_EQ(test, ports_of("s1"), 1u);
	KUNIT_EXPECT_EQ(test, vtest_seq(), seq);
}

/* Ports are ordered by name and VLAN ID, in whichever order they were added. */
static void port_order_test(struct kunit *test)
{
	static const struct { const char *dev; u16 vlan; } keys[] = {
		{ "tapb", 7 }, { "tapc", 0 }, { "tapa", 4094 }, { "tapb", 0 }, { "tapa", 0 },
		{ "tapaa", 3 }, { "tapb", 4094 }, { "tapa", 1 }, { "tap", 9 },
	};
	struct vdhcp_port *port;
	char got[128];
	size_t i, n = 0;

	add_subnet(test, "s1");
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		add_port(test, keys[i].dev, keys[i].vlan, "s1");

	for (port = vtest_port_after("", 0); port;
	     port = vtest_port_after(port->tap->name, port->vlan))
		n += scnprintf(got + n, sizeof(got) - n, "%s/%u ", port->tap->name, port->vlan);
	KUNIT_EXPECT_STREQ(test, (char *)got,
			   "tap/9 tapa/0 tapa/1 tapa/4094 tapaa/3 tapb/0 tapb/7 tapb/4094 tapc/0 ");

	/* After keys that no port has. */
	KUNIT_EXPECT_PTR_EQ(test, vtest_port_after("tapa", 2), vtest_port_find("tapa", 4094));
	KUNIT_EXPECT_PTR_EQ(test, vtest_port_after("tapab", 0), vtest_port_find("tapb", 0));
	KUNIT_EXPECT_PTR_EQ(test, vtest_port_after("tapb", 4094), vtest_port_find("tapc", 0));
	KUNIT_EXPECT_NULL(test, vtest_port_after("tapc", 0));
	KUNIT_EXPECT_NULL(test, vtest_port_find("tapa", 2));
	KUNIT_EXPECT_NULL(test, vtest_port_find("tapx", 0));
}

/* The lookup of packets finds every port while the device gains and loses VLANs. */
static void lookup_test(struct kunit *test)
{
	const unsigned int n = 100;
	struct vdhcp_tap *tap;
	unsigned int i, vlan;

	add_subnet(test, "s1");
	/* 37 is coprime to 100, so this adds each VLAN once, in mixed order. */
	for (i = 0; i < n; i++)
		add_port(test, "vtest0", 40 * (i * 37 % n), "s1");
	mutex_lock(&vtest_net()->lock);
	tap = vdhcp_tap_find(vtest_net(), "vtest0");
	mutex_unlock(&vtest_net()->lock);
	KUNIT_ASSERT_NOT_NULL(test, tap);

	for (i = 0; i < n; i++) {
		rcu_read_lock();
		for (vlan = 0; vlan < 4096; vlan++) {
			const struct vdhcp_port_array *ports = rcu_dereference(tap->ports);
			struct vdhcp_port *port = vdhcp_port_array_find(ports, vlan);
			bool has = vlan % 40 == 0 && vlan / 40 < n &&
				   vlan / 40 * 73 % n >= i;

			if (!!port != has || (port && port->vlan != vlan))
				break;
		}
		rcu_read_unlock();
		KUNIT_ASSERT_EQ_MSG(test, vlan, 4096u, "after removing %u", i);
		/* Ports are removed in the order in which they were added: 37 * 73 % 100 is 1. */
		KUNIT_ASSERT_EQ(test, vtest_port_del("vtest0", 40 * (i * 37 % n)), 0);
	}
	KUNIT_EXPECT_NULL(test, vtest_port_after("", 0));
}

static void flush_test(struct kunit *test)
{
	struct vdhcp_cfg_err cfg_err;
	u32 seq;

	add_subnet(test, "s1");
	add_subnet(test, "s2");
	add_port(test, "vtest0", 0, "s1");
	add_port(test, "vtest0", 5, "s2");
	add_port(test, "vtest1", 0, "s1");
	seq = vtest_seq();

	vtest_flush();

	KUNIT_EXPECT_NULL(test, vtest_port_after("", 0));
	KUNIT_EXPECT_NULL(test, vtest_subnet_after(""));
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&vtest_net()->taps));
	KUNIT_EXPECT_NE(test, vtest_seq(), seq);
	KUNIT_EXPECT_EQ(test, vtest_subnet_del("s1", &cfg_err), -ENOENT);
	add_subnet(test, "s1");
	add_port(test, "vtest0", 0, "s1");
}

/* The sequence number of dumps skips 0, because 0 means that there is no number. */
static void seq_test(struct kunit *test)
{
	mutex_lock(&vtest_net()->lock);
	vtest_net()->seq = U32_MAX;
	mutex_unlock(&vtest_net()->lock);
	add_subnet(test, "s1");
	KUNIT_EXPECT_EQ(test, vtest_seq(), 1u);
}

static struct kunit_case table_test_cases[] = {
	KUNIT_CASE(subnet_order_test),
	KUNIT_CASE(subnet_set_test),
	KUNIT_CASE(subnet_in_use_test),
	KUNIT_CASE(subnet_checks_ports_test),
	KUNIT_CASE(port_move_test),
	KUNIT_CASE_PARAM(port_refuse_test, refuse_gen_params),
	KUNIT_CASE(port_order_test),
	KUNIT_CASE(lookup_test),
	KUNIT_CASE(flush_test),
	KUNIT_CASE(seq_test),
	{}
};

static struct kunit_suite table_test_suite = {
	.name = "vdhcp_table",
	.suite_init = vtest_begin,
	.suite_exit = vtest_end,
	.exit = vtest_reset,
	.test_cases = table_test_cases,
};

kunit_test_suite(table_test_suite);
