// SPDX-License-Identifier: GPL-2.0
/* Registers the module as main.c does, and calls its tables with their locks. */
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>
#include <netlink.h>
#include "fixture.h"

const u8 vtest_mac[VDHCP_ETH_ALEN] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };
const u8 vtest_other_mac[VDHCP_ETH_ALEN] = { 0x52, 0x54, 0x00, 0x65, 0x43, 0x21 };

/* In a kernel tree the suites are part of the module, which main.c has registered. */
static const bool is_registered = IS_ENABLED(CONFIG_VDHCP_KUNIT_TEST);
static bool with_netlink;

/**
 * vtest_begin() - register the tables and the notifier
 * @suite: unused
 *
 * Return: 0 or a negative errno.
 */
int vtest_begin(struct kunit_suite *suite)
{
	int err;

	if (is_registered)
		return 0;
	err = vdhcp_port_register();
	if (err)
		return err;
	err = vdhcp_pernet_register();
	if (err)
		goto err_port;
	err = vdhcp_tap_register();
	if (err)
		goto err_pernet;
	return 0;

err_pernet:
	vdhcp_pernet_unregister();
err_port:
	vdhcp_port_unregister();
	return err;
}

/**
 * vtest_begin_netlink() - register everything that main.c registers
 * @suite: unused
 *
 * Return: 0 or a negative errno.
 */
int vtest_begin_netlink(struct kunit_suite *suite)
{
	int err;

	if (is_registered)
		return 0;
	err = vtest_begin(suite);
	if (err)
		return err;
	err = vdhcp_netlink_register();
	if (err)
		vtest_end(suite);
	with_netlink = !err;
	return err;
}

/**
 * vtest_end() - unregister what was registered
 * @suite: unused
 */
void vtest_end(struct kunit_suite *suite)
{
	if (is_registered)
		return;
	if (with_netlink)
		vdhcp_netlink_unregister();
	with_netlink = false;
	vdhcp_tap_unregister();
	vdhcp_pernet_unregister();
	vdhcp_port_unregister();
}

/**
 * vtest_reset() - remove everything that a test has made
 * @test: unused
 */
void vtest_reset(struct kunit *test)
{
	vtest_fail_end();
	vtest_flush();
	vtest_dev_reset();
	vtest_netns_reset();
}

/**
 * vtest_net() - vdhcp in the first namespace
 *
 * Return: never NULL.
 */
struct vdhcp_net *vtest_net(void)
{
	return vdhcp_pernet(&init_net);
}

/**
 * vtest_counts() - get the counters that a port has for frames of any kind
 * @port: the port
 *
 * Return: never NULL.
 */
atomic64_t *vtest_counts(const struct vdhcp_port *port)
{
	return rcu_dereference_protected(port->counts[VDHCP_GROUP_FRAME], true);
}

/**
 * vtest_lock() - take all locks of configuration
 * @vn: the namespace
 */
void vtest_lock(struct vdhcp_net *vn)
{
	rtnl_lock();
	mutex_lock(&vn->lock);
}

/**
 * vtest_unlock() - release all locks of configuration
 * @vn: the namespace
 */
void vtest_unlock(struct vdhcp_net *vn)
{
	mutex_unlock(&vn->lock);
	rtnl_unlock();
}

/**
 * vtest_subnet_spec() - make the spec of 192.0.2.0/24 with a gateway
 * @test: owner of the memory
 * @name: name of the subnet
 *
 * Return: never NULL.
 */
struct vdhcp_subnet_spec *vtest_subnet_spec(struct kunit *test, const char *name)
{
	struct vdhcp_subnet_spec *spec = kunit_kzalloc(test, sizeof(*spec), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, spec);
	vdhcp_subnet_init(spec);
	strscpy(spec->name, name, sizeof(spec->name));
	spec->network = cpu_to_be32(VTEST_NETWORK);
	spec->prefix_len = 24;
	spec->gateway = cpu_to_be32(VTEST_GATEWAY);
	spec->present = BIT_ULL(VDHCP_A_SUBNET_NAME) | BIT_ULL(VDHCP_A_SUBNET_NETWORK) |
		      BIT_ULL(VDHCP_A_SUBNET_PREFIX_LEN) | BIT_ULL(VDHCP_A_SUBNET_GATEWAY);
	return spec;
}

/**
 * vtest_port_spec() - make the spec of a port in mode serve in that subnet
 * @test: owner of the memory
 *
 * Return: never NULL.
 */
struct vdhcp_port_spec *vtest_port_spec(struct kunit *test)
{
	struct vdhcp_port_spec *spec = kunit_kzalloc(test, sizeof(*spec), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, spec);
	vdhcp_port_init(spec);
	spec->addresses.n = 1;
	spec->addresses.entry[0].family = AF_INET;
	spec->addresses.entry[0].ip4 = cpu_to_be32(VTEST_ADDR);
	memcpy(spec->mac, vtest_mac, sizeof(spec->mac));
	spec->rate = 0;
	spec->present = BIT_ULL(VDHCP_A_PORT_ADDRESS) | BIT_ULL(VDHCP_A_PORT_MAC) |
		      BIT_ULL(VDHCP_A_PORT_RATE);
	return spec;
}

struct vdhcp_subnet *vtest_subnet_add(const struct vdhcp_subnet_spec *spec,
				      struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_subnet *subnet;

	mutex_lock(&vtest_net()->lock);
	subnet = vdhcp_subnet_add(vtest_net(), spec, cfg_err);
	mutex_unlock(&vtest_net()->lock);
	return subnet;
}

int vtest_subnet_set(const struct vdhcp_subnet_spec *spec, struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_subnet *subnet;
	int err = -ENOENT;

	mutex_lock(&vtest_net()->lock);
	subnet = vdhcp_subnet_find(vtest_net(), spec->name);
	if (subnet)
		err = vdhcp_subnet_set(vtest_net(), subnet, spec, cfg_err);
	mutex_unlock(&vtest_net()->lock);
	return err;
}

int vtest_subnet_del(const char *name, struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_subnet *subnet;
	int err = -ENOENT;

	mutex_lock(&vtest_net()->lock);
	subnet = vdhcp_subnet_find(vtest_net(), name);
	if (subnet)
		err = vdhcp_subnet_del(vtest_net(), subnet, cfg_err);
	mutex_unlock(&vtest_net()->lock);
	return err;
}

struct vdhcp_subnet *vtest_subnet_find(const char *name)
{
	struct vdhcp_subnet *subnet;

	mutex_lock(&vtest_net()->lock);
	subnet = vdhcp_subnet_find(vtest_net(), name);
	mutex_unlock(&vtest_net()->lock);
	return subnet;
}

/* Finds the first subnet with a name above @name; the caller holds the lock. */
struct vdhcp_subnet *vtest_subnet_above(const char *name)
{
	struct vdhcp_subnet *subnet;
	struct rb_node *node;

	for (node = rb_first(&vtest_net()->subnets); node; node = rb_next(node)) {
		subnet = rb_entry(node, struct vdhcp_subnet, node);
		if (strcmp(subnet->spec->name, name) > 0)
			return subnet;
	}
	return NULL;
}

struct vdhcp_subnet *vtest_subnet_after(const char *name)
{
	struct vdhcp_subnet *subnet;

	mutex_lock(&vtest_net()->lock);
	subnet = vtest_subnet_above(name);
	mutex_unlock(&vtest_net()->lock);
	return subnet;
}

/* Sets the subnet of a spec's first address; NULL if no subnet has that name. */
static void bind_spec(struct vdhcp_net *vn, struct vdhcp_port_spec *spec, const char *subnet)
{
	struct vdhcp_address *address = &spec->addresses.entry[0];

	if (!spec->addresses.n)
		memset(address, 0, sizeof(*address));
	address->subnet = subnet ? vdhcp_subnet_find(vn, subnet) : NULL;
	if (spec->addresses.n <= 1)
		spec->addresses.n = address->family || address->subnet;
}

/* @subnet may be NULL; an unknown name has the same effect. */
struct vdhcp_port *vtest_port_add(const char *dev, u16 vlan, const char *subnet,
				  struct vdhcp_port_spec *spec,
				  struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_net *vn = vtest_net();
	struct vdhcp_port *port;

	vtest_lock(vn);
	bind_spec(vn, spec, subnet);
	port = vdhcp_port_add(vn, dev, vlan, spec, cfg_err);
	vtest_unlock(vn);
	return port;
}

int vtest_port_set(const char *dev, u16 vlan, const char *subnet,
		   struct vdhcp_port_spec *spec, struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_net *vn = vtest_net();
	struct vdhcp_port *port;
	int err = -ENOENT;

	mutex_lock(&vn->lock);
	bind_spec(vn, spec, subnet);
	port = vdhcp_port_find(vn, dev, vlan);
	if (port)
		err = vdhcp_port_set(vn, port, spec, cfg_err);
	mutex_unlock(&vn->lock);
	return err;
}

int vtest_port_del(const char *dev, u16 vlan)
{
	struct vdhcp_net *vn = vtest_net();
	struct vdhcp_port *port;
	int err = -ENOENT;

	vtest_lock(vn);
	port = vdhcp_port_find(vn, dev, vlan);
	if (port)
		err = vdhcp_port_del(vn, port);
	vtest_unlock(vn);
	return err;
}

struct vdhcp_port *vtest_port_find(const char *dev, u16 vlan)
{
	struct vdhcp_port *port;

	mutex_lock(&vtest_net()->lock);
	port = vdhcp_port_find(vtest_net(), dev, vlan);
	mutex_unlock(&vtest_net()->lock);
	return port;
}

struct vdhcp_port *vtest_port_after(const char *dev, u16 vlan)
{
	struct vdhcp_port *port;

	mutex_lock(&vtest_net()->lock);
	port = vdhcp_port_after(vtest_net(), dev, vlan);
	mutex_unlock(&vtest_net()->lock);
	return port;
}

/* The snapshot is valid until the test changes or removes the port. */
const struct vdhcp_port_snap *vtest_port_snap(const struct vdhcp_port *port)
{
	const struct vdhcp_port_snap *snap;

	mutex_lock(&vtest_net()->lock);
	snap = vdhcp_port_get_snap(vtest_net(), port);
	mutex_unlock(&vtest_net()->lock);
	return snap;
}

void vtest_flush(void)
{
	struct vdhcp_net *vn = vtest_net();

	vtest_lock(vn);
	vdhcp_port_flush(vn);
	vdhcp_subnet_flush(vn);
	vtest_unlock(vn);
}

u32 vtest_seq(void)
{
	u32 seq;

	mutex_lock(&vtest_net()->lock);
	seq = vtest_net()->seq;
	mutex_unlock(&vtest_net()->lock);
	return seq;
}

/* Gets the device that ports are attached to, only to compare the pointer. */
struct net_device *vtest_attached(struct vdhcp_net *vn, const char *dev)
{
	struct net_device *attached = NULL;
	struct vdhcp_tap *tap;

	vtest_lock(vn);
	tap = vdhcp_tap_find(vn, dev);
	if (tap)
		attached = tap->dev;
	vtest_unlock(vn);
	return attached;
}

#ifndef CONFIG_VDHCP_KUNIT_TEST
MODULE_DESCRIPTION("KUnit tests of vdhcp");
MODULE_LICENSE("GPL");
#endif
