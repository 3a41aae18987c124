// SPDX-License-Identifier: GPL-2.0
/*
 * Taps. A tap is a device name that has ports, together with the device of that
 * name while one exists. A netdevice notifier attaches and detaches taps when
 * devices register, unregister or are renamed.
 */
#include <linux/if_arp.h>
#include <linux/pci.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/rtnetlink.h>
#include "engine/cfg_err.h"
#include "event.h"
#include "hook.h"
#include "net.h"
#include "port.h"
#include "tap.h"
#include "trace.h"

/*
 * After chains at -500, which drop packets as early as possible, and before
 * "filter" at 0, so that a ruleset for the guest's traffic need not mention
 * DHCP.
 */
#define HOOK_PRIORITY (-300)

static struct vdhcp_tap *tap_by_name(const struct rb_node *node)
{
	return rb_entry_safe(node, struct vdhcp_tap, by_name);
}

static struct vdhcp_tap *tap_by_dev(const struct rb_node *node)
{
	return rb_entry_safe(node, struct vdhcp_tap, by_dev);
}

static bool is_name_less(struct rb_node *a, const struct rb_node *b)
{
	return strcmp(tap_by_name(a)->name, tap_by_name(b)->name) < 0;
}

static bool is_dev_less(struct rb_node *a, const struct rb_node *b)
{
	return tap_by_dev(a)->dev < tap_by_dev(b)->dev;
}

static int compare_name(const void *name, const struct rb_node *node)
{
	return strcmp(name, tap_by_name(node)->name);
}

/* Treats all names from @name on as equal; rb_find_first() finds the lowest. */
static int compare_name_from(const void *name, const struct rb_node *node)
{
	return compare_name(name, node) > 0;
}

static int compare_dev(const void *dev, const struct rb_node *node)
{
	const void *other = tap_by_dev(node)->dev;

	return dev < other ? -1 : dev > other;
}

/**
 * vdhcp_tap_from() - find the first tap in alphabetical order from a name on
 * @vn: the namespace; the caller holds its lock
 * @name: lowest name to consider; "" is below all names
 *
 * Return: the tap with the lowest name that is @name or above, NULL if none
 * is.
 */
struct vdhcp_tap *vdhcp_tap_from(const struct vdhcp_net *vn, const char *name)
{
	lockdep_assert_held(&vn->lock);
	return tap_by_name(rb_find_first(name, &vn->taps, compare_name_from));
}

/**
 * vdhcp_tap_find() - find a tap by name
 * @vn: the namespace; the caller holds its lock
 * @name: name of a device
 *
 * Return: the tap, NULL if no port has that device name.
 */
struct vdhcp_tap *vdhcp_tap_find(const struct vdhcp_net *vn, const char *name)
{
	lockdep_assert_held(&vn->lock);
	return tap_by_name(rb_find(name, &vn->taps, compare_name));
}

static struct vdhcp_tap *find_attached_tap(const struct vdhcp_net *vn,
					   const struct net_device *dev)
{
	return tap_by_dev(rb_find(dev, &vn->attached, compare_dev));
}

/**
 * vdhcp_tap_unfit() - get the kind of a device that is not supported
 * @dev: the device
 *
 * On such devices the frames of a guest leave through the lower device, or
 * through the network card itself. This host never receives them, so no ingress
 * hook sees them. A guest on vhost-user has no device on the host at all.
 *
 * Context: RTNL or an RCU read-side critical section.
 *
 * Return: the kind as ip(8) calls it, NULL if guests on the device can be
 * served.
 */
const char *vdhcp_tap_unfit(const struct net_device *dev)
{
	static const char * const kinds[] = {
		"macvtap", "macvlan", "ipvtap", "ipvlan"
	};
	const struct rtnl_link_ops *ops = dev->rtnl_link_ops;
	int i;

	if (dev->type != ARPHRD_ETHER)
		return "not Ethernet";
	i = ops ? match_string(kinds, ARRAY_SIZE(kinds), ops->kind) : -ENOENT;
	if (i >= 0)
		return kinds[i];
	if (dev->dev.parent && dev_is_pci(dev->dev.parent) &&
	    to_pci_dev(dev->dev.parent)->is_virtfn)
		return "SR-IOV";
	return NULL;
}

/* The caller holds RTNL and the lock; @tap is detached. */
static int attach_tap(struct vdhcp_net *vn, struct vdhcp_tap *tap,
		      struct net_device *dev, struct vdhcp_cfg_err *cfg_err)
{
	const char *unfit = vdhcp_tap_unfit(dev);
	int err;

	ASSERT_RTNL();
	lockdep_assert_held(&vn->lock);
	if (unfit)
		return vdhcp_cfg_err_set(cfg_err, -EINVAL, VDHCP_A_PORT_DEV,
					 "device %s is %s: no guest on it can be served",
					 dev->name, unfit);
	/*
	 * After a rename, packets of the previous device may still be in the
	 * hook. They read none of the members that are written here.
	 */
	tap->ops = (struct nf_hook_ops) {
		.hook = vdhcp_hook,
		.priv = tap,
		.dev = dev,
		.pf = NFPROTO_NETDEV,
		.hooknum = NF_NETDEV_INGRESS,
		.priority = HOOK_PRIORITY,
	};
	err = nf_register_net_hook(vn->net, &tap->ops);
	if (err)
		return vdhcp_cfg_err_set(cfg_err, err, VDHCP_A_PORT_DEV,
					 "cannot register the ingress hook on %s: %pe",
					 dev->name, ERR_PTR(err));
	tap->dev = dev;
	rb_add(&tap->by_dev, &vn->attached, is_dev_less);
	vdhcp_net_changed(vn);
	trace_vdhcp_config(VDHCP_OP_ATTACH, VDHCP_OBJECT_TAP, tap->name, 0);
	vdhcp_event_device(vn, VDHCP_EVENT_ATTACHED, tap->name, dev->ifindex,
			   NULL);
	return 0;
}

/* The next device of the name may belong to another guest. */
static void forget_guests(const struct vdhcp_net *vn,
			  const struct vdhcp_tap *tap)
{
	const struct vdhcp_port_array *ports = vdhcp_tap_ports(vn, tap);
	unsigned int i;

	for (i = 0; ports && i < ports->n; i++)
		vdhcp_client_unbind(vdhcp_port_client(ports->port[i]));
}

/* The caller holds RTNL and the lock; @tap is attached. */
static void detach_tap(struct vdhcp_net *vn, struct vdhcp_tap *tap)
{
	int ifindex = tap->dev->ifindex;

	ASSERT_RTNL();
	lockdep_assert_held(&vn->lock);
	nf_unregister_net_hook(vn->net, &tap->ops);
	rb_erase(&tap->by_dev, &vn->attached);
	tap->dev = NULL;
	forget_guests(vn, tap);
	vdhcp_net_changed(vn);
	trace_vdhcp_config(VDHCP_OP_DETACH, VDHCP_OBJECT_TAP, tap->name, 0);
	vdhcp_event_device(vn, VDHCP_EVENT_DETACHED, tap->name, ifindex, NULL);
}

/**
 * vdhcp_tap_get() - find a tap by name, or create and attach it
 * @vn: the namespace; the caller holds RTNL and its lock
 * @name: valid name of a device
 * @cfg_err: filled in on failure, except for -ENOMEM
 *
 * A new tap has no ports. The caller gives it ports or removes it.
 *
 * Return: the tap, or an ERR_PTR() if there is no memory, or if a device of
 * that name exists but cannot be attached.
 */
struct vdhcp_tap *vdhcp_tap_get(struct vdhcp_net *vn, const char *name,
				struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_tap *tap = vdhcp_tap_find(vn, name);
	struct net_device *dev;
	bool created = !tap;
	int err;

	ASSERT_RTNL();
	if (tap && tap->dev)
		return tap;
	if (created) {
		tap = kzalloc(sizeof(*tap), GFP_KERNEL_ACCOUNT);
		if (!tap)
			return ERR_PTR(-ENOMEM);
		strscpy(tap->name, name, sizeof(tap->name));
	}
	dev = __dev_get_by_name(vn->net, name);
	/* The lookup also finds alternative names, which taps do not follow. */
	if (dev && !strcmp(dev->name, name)) {
		err = attach_tap(vn, tap, dev, cfg_err);
		if (err) {
			if (created)
				kfree(tap);
			return ERR_PTR(err);
		}
	}
	if (created)
		rb_add(&tap->by_name, &vn->taps, is_name_less);
	return tap;
}

/**
 * vdhcp_tap_del() - remove a tap
 * @vn: the namespace; the caller holds RTNL and its lock
 * @tap: the tap; the caller removes its ports
 *
 * Packets may read the tap until a grace period has ended.
 */
void vdhcp_tap_del(struct vdhcp_net *vn, struct vdhcp_tap *tap)
{
	if (tap->dev)
		detach_tap(vn, tap);
	rb_erase(&tap->by_name, &vn->taps);
	kfree_rcu(tap, rcu);
}

static void handle_device_gone(struct vdhcp_net *vn, struct net_device *dev)
{
	struct vdhcp_tap *tap = find_attached_tap(vn, dev);

	if (tap)
		detach_tap(vn, tap);
}

/*
 * If attaching fails, the tap waits for another device of its name. That is an
 * event and a state of its ports, and no line in the host's log, because the
 * root user of any user namespace can add such devices.
 */
static void handle_device_new(struct vdhcp_net *vn, struct net_device *dev)
{
	struct vdhcp_tap *tap = vdhcp_tap_find(vn, dev->name);
	struct vdhcp_cfg_err cfg_err;

	if (tap && attach_tap(vn, tap, dev, &cfg_err))
		vdhcp_event_device(vn, VDHCP_EVENT_NOT_ATTACHED, tap->name,
				   dev->ifindex, cfg_err.text);
}

/* Context: process, RTNL held by the core. */
static int handle_device_event(struct notifier_block *nb, unsigned long event,
			       void *ptr)
{
	bool is_gone = event == NETDEV_UNREGISTER || event == NETDEV_CHANGENAME;
	bool is_new = event == NETDEV_REGISTER || event == NETDEV_CHANGENAME;
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct vdhcp_net *vn = vdhcp_pernet(dev_net(dev));

	if (!is_gone && !is_new)
		return NOTIFY_DONE;
	mutex_lock(&vn->lock);
	if (is_gone)
		handle_device_gone(vn, dev);
	if (is_new)
		handle_device_new(vn, dev);
	mutex_unlock(&vn->lock);
	return NOTIFY_DONE;
}

static struct notifier_block device_notifier = {
	.notifier_call = handle_device_event,
};

/**
 * vdhcp_tap_register() - start to follow devices
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_tap_register(void)
{
	return register_netdevice_notifier(&device_notifier);
}

/**
 * vdhcp_tap_unregister() - stop following devices
 *
 * The core sends an unregister event for each device, so all taps are detached.
 */
void vdhcp_tap_unregister(void)
{
	unregister_netdevice_notifier(&device_notifier);
}
