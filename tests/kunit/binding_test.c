// SPDX-License-Identifier: GPL-2.0
/* Bindings of the addresses of ports to subnets. */
#include <binding.h>
#include <keys.h>
#include <port.h>
#include <subnet.h>
#include "fixture.h"

#define S2_NETWORK	0xc6336400	/* 198.51.100.0 */

static void add_subnet(struct kunit *test, const char *name, u32 network)
{
	struct vdhcp_subnet_spec *spec = vtest_subnet_spec(test, name);
	struct vdhcp_cfg_err cfg_err = {};

	spec->network = cpu_to_be32(network);
	spec->gateway = cpu_to_be32(network + 1);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(vtest_subnet_add(spec, &cfg_err)), "%s",
			       cfg_err.text);
}

static struct vdhcp_port *add_port(struct kunit *test, const char *dev, u16 vlan,
				   const char *subnet, u32 addr)
{
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	struct vdhcp_cfg_err cfg_err = {};
	struct vdhcp_port *port;

	spec->addresses.entry[0].ip4 = cpu_to_be32(addr);
	port = vtest_port_add(dev, vlan, subnet, spec, &cfg_err);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(port), "%s", cfg_err.text);
	return port;
}

/* Compares the list of a subnet as text: "DEV.VLAN=LAST-BYTE " for each binding. */
static void expect_bindings(struct kunit *test, const char *name, const char *want)
{
	const struct vdhcp_subnet *subnet = vtest_subnet_find(name);
	const struct vdhcp_binding *binding;
	char got[128] = "";
	size_t n = 0;
	u32 count = 0;

	KUNIT_ASSERT_NOT_NULL(test, subnet);
	vtest_lock(vtest_net());
	list_for_each_entry(binding, &subnet->bindings, node) {
		n += scnprintf(got + n, sizeof(got) - n, "%s.%u=%u ",
			       binding->port->tap->name, binding->port->vlan,
			       ntohl(binding->ip4) & 0xff);
		KUNIT_EXPECT_PTR_EQ(test, (const void *)binding->subnet,
				    (const void *)subnet);
		count++;
	}
	vtest_unlock(vtest_net());
	KUNIT_EXPECT_STREQ(test, (char *)got, want);
	KUNIT_EXPECT_EQ(test, subnet->n_bindings, count);
}

static void list_test(struct kunit *test)
{
	add_subnet(test, "s1", VTEST_NETWORK);
	add_subnet(test, "s2", S2_NETWORK);
	expect_bindings(test, "s1", "");
	add_port(test, "vtest1", 0, "s1", VTEST_NETWORK + 10);
	add_port(test, "vtest0", 5, "s1", VTEST_NETWORK + 11);
	add_port(test, "vtest0", 0, "s2", S2_NETWORK + 12);
	add_port(test, "vtest0", 7, "s1", VTEST_NETWORK + 13);
	expect_bindings(test, "s1", "vtest1.0=10 vtest0.5=11 vtest0.7=13 ");
	expect_bindings(test, "s2", "vtest0.0=12 ");

	KUNIT_EXPECT_EQ(test, vtest_port_del("vtest0", 5), 0);
	expect_bindings(test, "s1", "vtest1.0=10 vtest0.7=13 ");
	KUNIT_EXPECT_EQ(test, vtest_port_del("vtest0", 0), 0);
	expect_bindings(test, "s2", "");
}

/* The bindings of a replaced snapshot leave their lists. */
static void replace_test(struct kunit *test)
{
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	const struct vdhcp_binding *old, *binding;
	struct vdhcp_cfg_err cfg_err = {};
	struct vdhcp_port *port;

	add_subnet(test, "s1", VTEST_NETWORK);
	add_subnet(test, "s2", S2_NETWORK);
	port = add_port(test, "vtest0", 0, "s1", VTEST_NETWORK + 10);
	old = vdhcp_port_bindings(vtest_port_snap(port));

	spec->addresses.entry[0].ip4 = cpu_to_be32(VTEST_NETWORK + 20);
	KUNIT_EXPECT_EQ(test, vtest_port_set("vtest0", 0, "s1", spec, &cfg_err), 0);
	expect_bindings(test, "s1", "vtest0.0=20 ");
	binding = vdhcp_port_bindings(vtest_port_snap(port));
	KUNIT_EXPECT_PTR_NE(test, old, binding);
	KUNIT_EXPECT_PTR_EQ(test, binding->port, port);

	spec->addresses.entry[0].ip4 = cpu_to_be32(S2_NETWORK + 20);
	KUNIT_EXPECT_EQ(test, vtest_port_set("vtest0", 0, "s2", spec, &cfg_err), 0);
	expect_bindings(test, "s1", "");
	expect_bindings(test, "s2", "vtest0.0=20 ");

	/* A refused change leaves the list as it is. */
	KUNIT_EXPECT_EQ(test, vtest_port_set("vtest0", 0, "s1", spec, &cfg_err), -EINVAL);
	expect_bindings(test, "s2", "vtest0.0=20 ");
}

/* Without mode serve an address needs no subnet, and a subnet no address. */
static void partial_test(struct kunit *test)
{
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	const struct vdhcp_port_snap *snap;
	struct vdhcp_cfg_err cfg_err = {};
	struct vdhcp_port *port;

	add_subnet(test, "s1", VTEST_NETWORK);
	spec->mode = VDHCP_MODE_PASS;
	port = vtest_port_add("vtest0", 0, NULL, spec, &cfg_err);
	KUNIT_ASSERT_FALSE(test, IS_ERR(port));
	snap = vtest_port_snap(port);
	KUNIT_ASSERT_EQ(test, snap->conf.n_addresses, 1);
	KUNIT_EXPECT_EQ(test, vdhcp_port_bindings(snap)->family, AF_INET);
	KUNIT_EXPECT_NULL(test, vdhcp_port_bindings(snap)->subnet);

	vdhcp_key_clear(spec, &vdhcp_port_keys, VDHCP_A_PORT_ADDRESS);
	KUNIT_ASSERT_EQ(test, vtest_port_set("vtest0", 0, "s1", spec, &cfg_err), 0);
	expect_bindings(test, "s1", "vtest0.0=0 ");
	snap = vtest_port_snap(port);
	KUNIT_EXPECT_EQ(test, vdhcp_port_bindings(snap)->family, 0);

	KUNIT_ASSERT_EQ(test, vtest_port_set("vtest0", 0, NULL, spec, &cfg_err), 0);
	expect_bindings(test, "s1", "");
	KUNIT_EXPECT_EQ(test, vtest_port_snap(port)->conf.n_addresses, 0);
}

static void used_subnet_test(struct kunit *test)
{
	struct vdhcp_cfg_err cfg_err = {};

	add_subnet(test, "s1", VTEST_NETWORK);
	add_port(test, "vtest0", 5, "s1", VTEST_NETWORK + 10);
	KUNIT_EXPECT_EQ(test, vtest_subnet_del("s1", &cfg_err), -EBUSY);
	KUNIT_EXPECT_STREQ(test, (char *)cfg_err.text,
			   "subnet is used by port vtest0 vlan 5");
	add_port(test, "vtest1", 0, "s1", VTEST_NETWORK + 11);
	add_port(test, "vtest2", 0, "s1", VTEST_NETWORK + 12);
	KUNIT_EXPECT_EQ(test, vtest_subnet_del("s1", &cfg_err), -EBUSY);
	KUNIT_EXPECT_STREQ(test, (char *)cfg_err.text,
			   "subnet is used by port vtest0 vlan 5 and 2 more");
	KUNIT_EXPECT_EQ(test, vtest_port_del("vtest0", 5), 0);
	KUNIT_EXPECT_EQ(test, vtest_subnet_del("s1", &cfg_err), -EBUSY);
	KUNIT_EXPECT_STREQ(test, (char *)cfg_err.text,
			   "subnet is used by port vtest1 and 1 more");
}

#define IP4(last)	{ .family = AF_INET, .ip4 = htonl(VTEST_NETWORK + (last)) }
#define LISTED(last, ...) \
	{ .family = AF_INET, .ip4 = htonl(VTEST_NETWORK + (last)), \
	  .has_mac = true, .mac = { __VA_ARGS__ } }

static const struct address_case {
	const char *name;
	struct vdhcp_address entry[2];
	int err;
	u16 at;
	u16 attr;
	const char *text;
} address_cases[] = {
	{ "one IPv4", { IP4(5) }, 0, 0, 0, "" },
	{ "a subnet alone", { { .family = 0 } }, 0, 0, 0, "" },
	{ "multicast", { { .family = AF_INET, .ip4 = htonl(0xe0000001) } }, -EINVAL, 0,
	  VDHCP_AT_ADDR, "addr is not a unicast address" },
	{ "two IPv4", { IP4(5), IP4(6) }, -EINVAL, 1, VDHCP_AT_ADDR,
	  "a second IPv4 address for MAC 52:54:00:12:34:56: DHCPv4 can give one" },
	{ "IPv4 twice", { IP4(5), IP4(5) }, -EINVAL, 1, VDHCP_AT_ADDR,
	  "a second IPv4 address for MAC 52:54:00:12:34:56: DHCPv4 can give one" },
	{ "IPv4 and a subnet alone", { IP4(5), { .family = 0 } }, -EINVAL, 1, VDHCP_AT_SUBNET,
	  "a second IPv4 address for MAC 52:54:00:12:34:56: DHCPv4 can give one" },
	{ "IPv6", { { .family = AF_INET6, .ip6 = { 0x20, 0x01, 0x0d, 0xb8 } } },
	  -EOPNOTSUPP, 0, VDHCP_AT_ADDR, "IPv6 is not supported yet" },
	{ "IPv4 and IPv6", { IP4(5), { .family = AF_INET6 } }, -EOPNOTSUPP, 1, VDHCP_AT_ADDR,
	  "IPv6 is not supported yet" },
	{ "a MAC of its own", { IP4(5), LISTED(6, 2, 0, 0, 0, 0, 1) }, 0, 1, 0, "" },
	{ "one address for two MACs", { IP4(5), LISTED(5, 2, 0, 0, 0, 0, 1) }, 0, 1, 0, "" },
	{ "two addresses for a MAC", { LISTED(5, 2), LISTED(6, 2) }, -EINVAL, 1, VDHCP_AT_ADDR,
	  "a second IPv4 address for MAC 02:00:00:00:00:00: DHCPv4 can give one" },
	{ "the port's MAC", { LISTED(5, 0x52, 0x54, 0, 0x12, 0x34, 0x56) }, -EINVAL, 0,
	  VDHCP_AT_MAC, "the MAC of an address is that of the port; leave it out" },
	{ "a multicast MAC", { LISTED(5, 1) }, -EINVAL, 0, VDHCP_AT_MAC,
	  "the MAC of an address is not a unicast address" },
	{ "a MAC and no address", { { .has_mac = true, .mac = { 2 } } }, -EINVAL, 0,
	  VDHCP_AT_ADDR, "the MAC of an address needs an addr" },
};

static void name_case(const struct address_case *c, char *name)
{
	strscpy(name, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(address, address_cases, name_case);

static void address_test(struct kunit *test)
{
	const struct address_case *c = test->param_value;
	struct vdhcp_cfg_err cfg_err = {};
	struct vdhcp_addresses *list;

	list = kunit_kzalloc(test, sizeof(*list), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, list);
	memcpy(list->entry, c->entry, sizeof(c->entry));
	/* All cases of two addresses are about the second. */
	list->n = c->at || c->entry[1].family ? 2 : 1;
	KUNIT_EXPECT_EQ(test, vdhcp_addresses_check(list, vtest_mac, &cfg_err), c->err);
	KUNIT_EXPECT_STREQ(test, (char *)cfg_err.text, c->text);
	KUNIT_EXPECT_EQ(test, cfg_err.attr, c->attr);
	KUNIT_EXPECT_EQ(test, cfg_err.entry, c->at);
}

static struct kunit_case binding_test_cases[] = {
	KUNIT_CASE(list_test),
	KUNIT_CASE(replace_test),
	KUNIT_CASE(partial_test),
	KUNIT_CASE(used_subnet_test),
	KUNIT_CASE_PARAM(address_test, address_gen_params),
	{}
};

static struct kunit_suite binding_test_suite = {
	.name = "vdhcp_binding",
	.suite_init = vtest_begin,
	.suite_exit = vtest_end,
	.exit = vtest_reset,
	.test_cases = binding_test_cases,
};

kunit_test_suite(binding_test_suite);
