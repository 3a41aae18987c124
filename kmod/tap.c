// SPDX-License-Identifier: GPL-2.0
/*
 * Taps: a name that ports are configured on, and the device of that name
 * while there is one. Follows devices as they come, go and change names.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/if_arp.h>
#include <linux/pci.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/rtnetlink.h>
#include "event.h"
#include "hook.h"
#include "port.h"
#include "trace.h"

/*
 * After chains that drop early, which sit at -500 so that they see packets
 * before anything else does, and before "filter" at 0, so that a ruleset for
 * the guest's traffic need not know of DHCP.
 */
#define PRIORITY (-300)

static struct vdhcp_tap *by_name(struct rb_node *node)
{
	return rb_entry_safe(node, struct vdhcp_tap, by_name);
}

static struct vdhcp_tap *by_dev(struct rb_node *node)
{
	return rb_entry_safe(node, struct vdhcp_tap, by_dev);
}

/**
 * vdhcp_tap_from() - the first tap in alphabetical order from a name on
 * @vn: the namespace; the caller holds its lock
 * @name: where to begin; "" comes before all
 *
 * Return: the tap with the lowest name that is @name or above, NULL if there
 * is none.
 */
struct vdhcp_tap *vdhcp_tap_from(const struct vdhcp_net *vn, const char *name)
{
	struct rb_node *node = vn->taps.rb_node;
	struct vdhcp_tap *tap, *best = NULL;

	lockdep_assert_held(&vn->lock);
	while (node) {
		tap = by_name(node);
		if (strcmp(tap->name, name) >= 0) {
			best = tap;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return best;
}

/**
 * vdhcp_tap_find() - the tap of a name
 * @vn: the namespace; the caller holds its lock
 * @name: name of a device
 *
 * Return: the tap, NULL if no port is on that name.
 */
struct vdhcp_tap *vdhcp_tap_find(const struct vdhcp_net *vn, const char *name)
{
	struct vdhcp_tap *tap = vdhcp_tap_from(vn, name);

	return tap && !strcmp(tap->name, name) ? tap : NULL;
}

static struct vdhcp_tap *find_attached(const struct vdhcp_net *vn,
				       const struct net_device *dev)
{
	struct rb_node *node = vn->attached.rb_node;
	struct vdhcp_tap *tap;

	while (node) {
		tap = by_dev(node);
		if (tap->dev == dev)
			return tap;
		node = dev < tap->dev ? node->rb_left : node->rb_right;
	}
	return NULL;
}

static void insert_name(struct vdhcp_net *vn, struct vdhcp_tap *tap)
{
	struct rb_node **link = &vn->taps.rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		if (strcmp(tap->name, by_name(parent)->name) < 0)
			link = &parent->rb_left;
		else
			link = &parent->rb_right;
	}
	rb_link_node(&tap->by_name, parent, link);
	rb_insert_color(&tap->by_name, &vn->taps);
}

static void insert_dev(struct vdhcp_net *vn, struct vdhcp_tap *tap)
{
	struct rb_node **link = &vn->attached.rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		if (tap->dev < by_dev(parent)->dev)
			link = &parent->rb_left;
		else
			link = &parent->rb_right;
	}
	rb_link_node(&tap->by_dev, parent, link);
	rb_insert_color(&tap->by_dev, &vn->attached);
}

/**
 * vdhcp_tap_unfit() - the kind of a device whose guest can never be served
 * @dev: the device
 *
 * What a guest sends into one of these goes out by the device below it, or by the
 * card itself, and is received nowhere on this host, so no hook sees it. A guest
 * on vhost-user has no device here at all.
 *
 * Context: RTNL or an RCU read-side critical section.
 *
 * Return: its kind as ip(8) calls it, NULL if nothing is known against the device.
 */
const char *vdhcp_tap_unfit(const struct net_device *dev)
{
	static const char * const kinds[] = { "macvtap", "macvlan", "ipvtap", "ipvlan" };
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

/* Caller holds RTNL and the lock; @tap has no device. */
static int attach(struct vdhcp_net *vn, struct vdhcp_tap *tap, struct net_device *dev,
		  struct vdhcp_cfg_err *cfg_err)
{
	const char *unfit = vdhcp_tap_unfit(dev);
	int err;

	ASSERT_RTNL();
	lockdep_assert_held(&vn->lock);
	if (unfit)
		return vdhcp_port_refuse(cfg_err, -EINVAL, VDHCP_A_PORT_DEV,
					 "device %s is %s: no guest on it can be served",
					 dev->name, unfit);
	/*
	 * After a rename, packets may still be on their way from the device
	 * before; they read nothing here but what stays the same.
	 */
	tap->ops = (struct nf_hook_ops) {
		.hook = vdhcp_hook,
		.priv = tap,
		.dev = dev,
		.pf = NFPROTO_NETDEV,
		.hooknum = NF_NETDEV_INGRESS,
		.priority = PRIORITY,
	};
	err = nf_register_net_hook(vn->net, &tap->ops);
	if (err)
		return vdhcp_port_refuse(cfg_err, err, VDHCP_A_PORT_DEV,
					 "no hook on device %s (error %d)", dev->name, -err);
	tap->dev = dev;
	insert_dev(vn, tap);
	vdhcp_net_changed(vn);
	trace_vdhcp_config(VDHCP_OP_ATTACH, VDHCP_OBJECT_TAP, tap->name, 0);
	vdhcp_event_device(vn, VDHCP_EVENT_ATTACHED, tap->name, dev->ifindex);
	return 0;
}

/* Whoever comes with the next device has been granted nothing yet. */
static void forget_guests(const struct vdhcp_net *vn, const struct vdhcp_tap *tap)
{
	const struct vdhcp_slots *slots = vdhcp_port_slots(vn, tap);
	unsigned int i;

	for (i = 0; slots && i < slots->n; i++)
		WRITE_ONCE(slots->port[i]->acked, false);
}

/* Caller holds RTNL and the lock; @tap has a device. */
static void detach(struct vdhcp_net *vn, struct vdhcp_tap *tap)
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
	vdhcp_event_device(vn, VDHCP_EVENT_DETACHED, tap->name, ifindex);
}

/**
 * vdhcp_tap_get() - the tap of a name, made and attached if need be
 * @vn: the namespace; the caller holds RTNL and its lock
 * @name: valid name of a device
 * @cfg_err: why not, unless for -ENOMEM
 *
 * A tap without slots is new, and the caller gives it some or removes it.
 *
 * Return: the tap, or an ERR_PTR() if there is no memory or there is a device
 * of that name and no way to attach to it.
 */
struct vdhcp_tap *vdhcp_tap_get(struct vdhcp_net *vn, const char *name,
				struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_tap *tap = vdhcp_tap_find(vn, name);
	bool made = !tap;
	struct net_device *dev;
	int err;

	ASSERT_RTNL();
	if (tap && tap->dev)
		return tap;
	if (made) {
		tap = kzalloc(sizeof(*tap), GFP_KERNEL_ACCOUNT);
		if (!tap)
			return ERR_PTR(-ENOMEM);
		strscpy(tap->name, name, sizeof(tap->name));
	}
	dev = __dev_get_by_name(vn->net, name);
	/* It also finds by alternative names, of which no event tells. */
	if (dev && !strcmp(dev->name, name)) {
		err = attach(vn, tap, dev, cfg_err);
		if (err) {
			if (made)
				kfree(tap);
			return ERR_PTR(err);
		}
	}
	if (made)
		insert_name(vn, tap);
	return tap;
}

/**
 * vdhcp_tap_del() - remove a tap
 * @vn: the namespace; the caller holds RTNL and its lock
 * @tap: the tap; the caller removes its ports
 *
 * Packets may see it for the rest of the grace period.
 */
void vdhcp_tap_del(struct vdhcp_net *vn, struct vdhcp_tap *tap)
{
	if (tap->dev)
		detach(vn, tap);
	rb_erase(&tap->by_name, &vn->taps);
	kfree_rcu(tap, rcu);
}

static void device_gone(struct vdhcp_net *vn, struct net_device *dev)
{
	struct vdhcp_tap *tap = find_attached(vn, dev);

	if (tap)
		detach(vn, tap);
}

/* What cannot be attached to keeps waiting, maybe for a better device. */
static void device_came(struct vdhcp_net *vn, struct net_device *dev)
{
	struct vdhcp_tap *tap = vdhcp_tap_find(vn, dev->name);
	struct vdhcp_cfg_err cfg_err;

	if (tap && attach(vn, tap, dev, &cfg_err))
		pr_warn_ratelimited("%s\n", cfg_err.text);
}

/* Context: process, RTNL held by the core. */
static int device_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct vdhcp_net *vn = vdhcp_pernet(dev_net(dev));
	bool gone = event == NETDEV_UNREGISTER || event == NETDEV_CHANGENAME;
	bool came = event == NETDEV_REGISTER || event == NETDEV_CHANGENAME;

	if (!gone && !came)
		return NOTIFY_DONE;
	mutex_lock(&vn->lock);
	if (gone)
		device_gone(vn, dev);
	if (came)
		device_came(vn, dev);
	mutex_unlock(&vn->lock);
	return NOTIFY_DONE;
}

static struct notifier_block notifier = {
	.notifier_call = device_event,
};

/**
 * vdhcp_tap_register() - begin to follow devices
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_tap_register(void)
{
	return register_netdevice_notifier(&notifier);
}

/**
 * vdhcp_tap_unregister() - follow devices no more
 *
 * The core makes up an event for each device, so all taps are detached.
 */
void vdhcp_tap_unregister(void)
{
	unregister_netdevice_notifier(&notifier);
}
