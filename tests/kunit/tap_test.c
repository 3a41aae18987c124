// SPDX-License-Identifier: GPL-2.0
/* Ports wait for their device by name and follow its life. */
#include <linux/if_arp.h>
#include <linux/pci.h>
#include <net/net_namespace.h>
#include <net/rtnetlink.h>
#include "fixture.h"

static const char tap_name0[] = "vtest0", tap_name1[] = "vtest1", tap_name2[] = "vtest2";

/* A port on a device, in a subnet of its own so that any namespace has one. */
static int add_port_in(struct kunit *test, struct vdhcp_net *vn, const char *dev, u16 vlan,
		       struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_subnet_spec *subnet_spec = vtest_subnet_spec(test, "s1");
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	struct vdhcp_subnet *subnet;
	struct vdhcp_port *port;

	vtest_lock(vn);
	subnet = vdhcp_subnet_find(vn, "s1");
	if (!subnet)
		subnet = vdhcp_subnet_add(vn, subnet_spec, cfg_err);
	spec->addresses.entry[0].subnet = subnet;
	port = IS_ERR(subnet) ? ERR_CAST(subnet) :
				vdhcp_port_add(vn, dev, vlan, spec, cfg_err);
	vtest_unlock(vn);
	return PTR_ERR_OR_ZERO(port);
}

static void add_port(struct kunit *test, const char *dev, u16 vlan)
{
	struct vdhcp_cfg_err cfg_err = {};

	KUNIT_ASSERT_EQ_MSG(test, add_port_in(test, vtest_net(), dev, vlan, &cfg_err), 0, "%s",
			    cfg_err.text);
}

static struct vtest_dev *add_dev(struct kunit *test, const char *name)
{
	struct vtest_dev *vdev = vtest_dev_new(&init_net, name, ARPHRD_ETHER);

	KUNIT_ASSERT_NOT_NULL(test, vdev);
	return vdev;
}

/* Compare the hooks that netfilter has on the device with the table. */
static bool has_hook(const struct vtest_dev *vdev)
{
	return rcu_access_pointer(vdev->dev->nf_hooks_ingress);
}

static void expect_on(struct kunit *test, const char *dev, const struct vtest_dev *vdev)
{
	KUNIT_EXPECT_PTR_EQ(test, vtest_attached(vtest_net(), dev), vdev ? vdev->dev : NULL);
	if (vdev)
		KUNIT_EXPECT_TRUE(test, has_hook(vdev));
}

static void device_first_test(struct kunit *test)
{
	struct vtest_dev *vdev = add_dev(test, tap_name0);

	KUNIT_EXPECT_FALSE(test, has_hook(vdev));
	add_port(test, tap_name0, 0);
	expect_on(test, tap_name0, vdev);

	/* A second port shares the hook; the hook goes with the last one. */
	add_port(test, tap_name0, 5);
	KUNIT_EXPECT_EQ(test, vtest_port_del(tap_name0, 0), 0);
	expect_on(test, tap_name0, vdev);
	KUNIT_EXPECT_EQ(test, vtest_port_del(tap_name0, 5), 0);
	KUNIT_EXPECT_FALSE(test, has_hook(vdev));
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&vtest_net()->attached));
}

static void port_first_test(struct kunit *test)
{
	struct vtest_dev *vdev;
	u32 seq;

	add_port(test, tap_name0, 0);
	expect_on(test, tap_name0, NULL);
	seq = vtest_seq();
	vdev = add_dev(test, tap_name0);
	expect_on(test, tap_name0, vdev);
	/* A dump shows whether a port is attached. */
	KUNIT_EXPECT_NE(test, vtest_seq(), seq);
}

static void created_again_test(struct kunit *test)
{
	struct vtest_dev *vdev;
	u32 seq;
	int i;

	add_port(test, tap_name0, 0);
	for (i = 0; i < 3; i++) {
		vdev = add_dev(test, tap_name0);
		expect_on(test, tap_name0, vdev);
		seq = vtest_seq();
		vtest_dev_del(vdev);
		expect_on(test, tap_name0, NULL);
		KUNIT_EXPECT_NE(test, vtest_seq(), seq);
	}
	KUNIT_EXPECT_NOT_NULL(test, vtest_port_find(tap_name0, 0));
}

static void other_device_test(struct kunit *test)
{
	struct vtest_dev *vdev;

	add_port(test, tap_name0, 0);
	vdev = add_dev(test, tap_name1);
	expect_on(test, tap_name0, NULL);
	KUNIT_EXPECT_FALSE(test, has_hook(vdev));
	vtest_dev_del(vdev);
	expect_on(test, tap_name0, NULL);
}

static void rename_to_test(struct kunit *test)
{
	struct vtest_dev *vdev = add_dev(test, tap_name1);

	add_port(test, tap_name0, 0);
	expect_on(test, tap_name0, NULL);
	KUNIT_ASSERT_EQ(test, vtest_dev_rename(vdev, tap_name0), 0);
	expect_on(test, tap_name0, vdev);
}

static void rename_away_test(struct kunit *test)
{
	struct vtest_dev *vdev = add_dev(test, tap_name0);

	add_port(test, tap_name0, 0);
	KUNIT_ASSERT_EQ(test, vtest_dev_rename(vdev, tap_name1), 0);
	expect_on(test, tap_name0, NULL);
	KUNIT_EXPECT_FALSE(test, has_hook(vdev));
	/* Another device can have the name now. */
	vdev = add_dev(test, tap_name0);
	expect_on(test, tap_name0, vdev);
}

/* A rename moves the device from one port to another. */
static void rename_between_test(struct kunit *test)
{
	struct vtest_dev *a = add_dev(test, tap_name0), *b = add_dev(test, tap_name1);

	add_port(test, tap_name0, 0);
	add_port(test, tap_name1, 0);
	KUNIT_ASSERT_EQ(test, vtest_dev_rename(a, tap_name2), 0);
	expect_on(test, tap_name0, NULL);
	KUNIT_ASSERT_EQ(test, vtest_dev_rename(b, tap_name0), 0);
	expect_on(test, tap_name0, b);
	expect_on(test, tap_name1, NULL);
	KUNIT_ASSERT_EQ(test, vtest_dev_rename(a, tap_name1), 0);
	expect_on(test, tap_name0, b);
	expect_on(test, tap_name1, a);
}

/* A port is on the device of that name, not on one with that alternative name. */
static void altname_test(struct kunit *test)
{
	struct vtest_dev *vdev = add_dev(test, tap_name1);

	KUNIT_ASSERT_EQ(test, vtest_dev_altname(vdev, tap_name0), 0);
	add_port(test, tap_name0, 0);
	expect_on(test, tap_name0, NULL);
	KUNIT_EXPECT_FALSE(test, has_hook(vdev));
}

static void not_ethernet_test(struct kunit *test)
{
	struct vtest_dev *vdev = vtest_dev_new(&init_net, tap_name0, ARPHRD_NONE);
	struct vdhcp_cfg_err cfg_err = {};

	KUNIT_ASSERT_NOT_NULL(test, vdev);
	KUNIT_EXPECT_EQ(test, add_port_in(test, vtest_net(), tap_name0, 0, &cfg_err), -EINVAL);
	KUNIT_EXPECT_EQ(test, cfg_err.attr, (u16)VDHCP_A_PORT_DEV);
	KUNIT_EXPECT_STREQ(test, (const char *)cfg_err.text,
			   "device vtest0 is not Ethernet: no guest on it can be served");
	KUNIT_EXPECT_NULL(test, vtest_port_find(tap_name0, 0));
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&vtest_net()->taps));
}

/* Kinds of devices whose guests' packets bypass the hook. */
static const struct unsupported_case {
	const char *desc;
	struct rtnl_link_ops ops;
	const char *text;	/* NULL if it is supported */
} unsupported_cases[] = {
	{ "macvtap", { .kind = "macvtap" },
	  "device vtest0 is macvtap: no guest on it can be served" },
	{ "macvlan", { .kind = "macvlan" },
	  "device vtest0 is macvlan: no guest on it can be served" },
	{ "ipvtap", { .kind = "ipvtap" },
	  "device vtest0 is ipvtap: no guest on it can be served" },
	{ "ipvlan", { .kind = "ipvlan" },
	  "device vtest0 is ipvlan: no guest on it can be served" },
	{ "tun", { .kind = "tun" } },
	{ "veth", { .kind = "veth" } },
};

VTEST_PARAMS(unsupported, unsupported_cases);

static void unsupported_test(struct kunit *test)
{
	const struct unsupported_case *row = test->param_value;
	struct vtest_dev *vdev = add_dev(test, tap_name0);
	struct vdhcp_cfg_err cfg_err = {};
	int err;

	vdev->dev->rtnl_link_ops = &row->ops;
	err = add_port_in(test, vtest_net(), tap_name0, 0, &cfg_err);
	KUNIT_EXPECT_EQ(test, err, row->text ? -EINVAL : 0);
	KUNIT_EXPECT_EQ(test, cfg_err.attr, (u16)(row->text ? VDHCP_A_PORT_DEV : 0));
	if (row->text)
		KUNIT_EXPECT_STREQ(test, (const char *)cfg_err.text, row->text);
	KUNIT_EXPECT_EQ(test, has_hook(vdev), !row->text);
	KUNIT_EXPECT_EQ(test, !vtest_port_find(tap_name0, 0), !!row->text);
	vdev->dev->rtnl_link_ops = NULL;
}

#ifdef CONFIG_PCI
/* A virtual function belongs to the guest; a physical function is a network card. */
static void unsupported_pci_test(struct kunit *test)
{
	struct pci_dev *pdev = kunit_kzalloc(test, sizeof(*pdev), GFP_KERNEL);
	struct vtest_dev *vdev = add_dev(test, tap_name0);
	struct vdhcp_cfg_err cfg_err = {};

	KUNIT_ASSERT_NOT_NULL(test, pdev);
	pdev->dev.bus = &pci_bus_type;
	vdev->dev->dev.parent = &pdev->dev;
	KUNIT_EXPECT_EQ(test, add_port_in(test, vtest_net(), tap_name0, 0, &cfg_err), 0);
	KUNIT_EXPECT_EQ(test, vtest_port_del(tap_name0, 0), 0);
	pdev->is_virtfn = 1;
	KUNIT_EXPECT_EQ(test, add_port_in(test, vtest_net(), tap_name0, 0, &cfg_err), -EINVAL);
	KUNIT_EXPECT_STREQ(test, (const char *)cfg_err.text,
			   "device vtest0 is SR-IOV: no guest on it can be served");
	vdev->dev->dev.parent = NULL;
}
#endif

/* A port goes on waiting after a device of its name could not be attached. */
static void not_ethernet_later_test(struct kunit *test)
{
	struct vdhcp_cfg_err cfg_err = {};
	struct vtest_dev *vdev;

	add_port(test, tap_name0, 0);
	vdev = vtest_dev_new(&init_net, tap_name0, ARPHRD_NONE);
	KUNIT_ASSERT_NOT_NULL(test, vdev);
	expect_on(test, tap_name0, NULL);
	KUNIT_EXPECT_FALSE(test, has_hook(vdev));
	/* A second port on that device is refused, and the first stays. */
	KUNIT_EXPECT_EQ(test, add_port_in(test, vtest_net(), tap_name0, 7, &cfg_err), -EINVAL);
	KUNIT_EXPECT_NULL(test, vtest_port_find(tap_name0, 7));
	KUNIT_EXPECT_NOT_NULL(test, vtest_port_find(tap_name0, 0));

	vtest_dev_del(vdev);
	vdev = add_dev(test, tap_name0);
	expect_on(test, tap_name0, vdev);
}

static void flush_test(struct kunit *test)
{
	struct vtest_dev *a = add_dev(test, tap_name0), *b = add_dev(test, tap_name1);

	add_port(test, tap_name0, 0);
	add_port(test, tap_name0, 9);
	add_port(test, tap_name1, 0);
	add_port(test, tap_name2, 0);
	vtest_flush();
	KUNIT_EXPECT_FALSE(test, has_hook(a));
	KUNIT_EXPECT_FALSE(test, has_hook(b));
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&vtest_net()->attached));
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&vtest_net()->taps));
}

/* As in module exit: no device can attach, the tables still exist. */
static void unregister_test(struct kunit *test)
{
	struct vtest_dev *vdev = add_dev(test, tap_name0);
	int err;

	add_port(test, tap_name0, 0);
	vdhcp_tap_unregister();
	KUNIT_EXPECT_FALSE(test, has_hook(vdev));
	KUNIT_EXPECT_NULL(test, vtest_attached(vtest_net(), tap_name0));
	KUNIT_EXPECT_NOT_NULL(test, vtest_port_find(tap_name0, 0));
	/* Registration replays events for existing devices. */
	err = vdhcp_tap_register();
	KUNIT_ASSERT_EQ(test, err, 0);
	expect_on(test, tap_name0, vdev);
}

static void move_test(struct kunit *test)
{
	struct vdhcp_cfg_err cfg_err = {};
	struct vdhcp_net *other;
	struct vtest_dev *vdev;
	struct net *net;

	net = vtest_netns_new(test);
	other = vdhcp_pernet(net);
	vdev = add_dev(test, tap_name0);
	add_port(test, tap_name0, 0);
	KUNIT_ASSERT_EQ(test, add_port_in(test, other, tap_name0, 0, &cfg_err), 0);
	expect_on(test, tap_name0, vdev);
	KUNIT_EXPECT_NULL(test, vtest_attached(other, tap_name0));

	KUNIT_ASSERT_EQ(test, vtest_dev_move(vdev, net), 0);
	expect_on(test, tap_name0, NULL);
	KUNIT_EXPECT_PTR_EQ(test, vtest_attached(other, tap_name0), vdev->dev);
	KUNIT_EXPECT_TRUE(test, has_hook(vdev));

	KUNIT_ASSERT_EQ(test, vtest_dev_move(vdev, &init_net), 0);
	expect_on(test, tap_name0, vdev);
	KUNIT_EXPECT_NULL(test, vtest_attached(other, tap_name0));
	/* The namespace is deleted with a port in it. */
	vtest_netns_put(net);
}

/* The core moves the device to the initial namespace, where a port waits for it. */
static void netns_ends_test(struct kunit *test)
{
	struct vdhcp_cfg_err cfg_err = {};
	struct vtest_dev *vdev;
	struct net *net;

	net = vtest_netns_new(test);
	vdev = vtest_dev_new(net, tap_name0, ARPHRD_ETHER);
	KUNIT_ASSERT_NOT_NULL(test, vdev);
	add_port(test, tap_name0, 0);
	KUNIT_ASSERT_EQ(test, add_port_in(test, vdhcp_pernet(net), tap_name0, 0, &cfg_err), 0);
	KUNIT_ASSERT_EQ(test, add_port_in(test, vdhcp_pernet(net), tap_name0, 5, &cfg_err), 0);
	KUNIT_EXPECT_TRUE(test, has_hook(vdev));
	expect_on(test, tap_name0, NULL);

	vtest_netns_put(net);

	KUNIT_EXPECT_PTR_EQ(test, dev_net(vdev->dev), &init_net);
	expect_on(test, tap_name0, vdev);
}

static struct kunit_case tap_test_cases[] = {
	KUNIT_CASE(device_first_test),
	KUNIT_CASE(port_first_test),
	KUNIT_CASE(created_again_test),
	KUNIT_CASE(other_device_test),
	KUNIT_CASE(rename_to_test),
	KUNIT_CASE(rename_away_test),
	KUNIT_CASE(rename_between_test),
	KUNIT_CASE(altname_test),
	KUNIT_CASE(not_ethernet_test),
	KUNIT_CASE_PARAM(unsupported_test, unsupported_gen_params),
#ifdef CONFIG_PCI
	KUNIT_CASE(unsupported_pci_test),
#endif
	KUNIT_CASE(not_ethernet_later_test),
	KUNIT_CASE(flush_test),
	KUNIT_CASE(unregister_test),
	KUNIT_CASE(move_test),
	KUNIT_CASE(netns_ends_test),
	{}
};

static struct kunit_suite tap_test_suite = {
	.name = "vdhcp_tap",
	.suite_init = vtest_begin,
	.suite_exit = vtest_end,
	.exit = vtest_reset,
	.test_cases = tap_test_cases,
};

kunit_test_suite(tap_test_suite);
