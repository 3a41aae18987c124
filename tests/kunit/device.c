// SPDX-License-Identifier: GPL-2.0
/* Devices that keep the skbs that they send, and those that they receive after the hook. */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/netlink.h>
#include "client.h"
#include "fixture.h"

static LIST_HEAD(devices);

static struct vtest_dev *vdev_of(const struct net_device *dev)
{
	return *(struct vtest_dev **)netdev_priv(dev);
}

static netdev_tx_t start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct vtest_dev *vdev = vdev_of(dev);

	/* IPv6 sends packets through a new device; they are no replies. */
	if (skb->protocol == htons(ETH_P_IPV6)) {
		consume_skb(skb);
		return NETDEV_TX_OK;
	}
	vdev->tries++;
	/* A tap with a full ring does the same. */
	if (vdev->result == NET_XMIT_DROP)
		dev_core_stats_tx_dropped_inc(dev);
	if (vdev->result == NETDEV_TX_OK && !vdev->forget)
		skb_queue_tail(&vdev->sent, skb);
	else if (vdev->result != NETDEV_TX_BUSY)
		kfree_skb(skb);
	return vdev->result;
}

static const struct net_device_ops device_ops = {
	.ndo_start_xmit = start_xmit,
};

/* Runs after the hook, in the place of a bridge's rx handler. */
static rx_handler_result_t keep_passed(struct sk_buff **pskb)
{
	struct vtest_dev *vdev = rcu_dereference((*pskb)->dev->rx_handler_data);

	skb_queue_tail(&vdev->passed, *pskb);
	return RX_HANDLER_CONSUMED;
}

static void setup_device(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &device_ops;
	/* No queue between the reply and the device, as on veth. */
	dev->priv_flags |= IFF_NO_QUEUE;
	dev->features |= NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_STAG_TX;
}

static int bring_up(struct vtest_dev *vdev)
{
	int err;

	rtnl_lock();
	err = register_netdevice(vdev->dev);
	if (!err) {
		err = netdev_rx_handler_register(vdev->dev, keep_passed, vdev);
		if (!err)
			err = dev_open(vdev->dev, NULL);
		if (err)
			unregister_netdevice(vdev->dev);
	}
	rtnl_unlock();
	return err;
}

static void setup_queued(struct net_device *dev)
{
	setup_device(dev);
	dev->priv_flags &= ~IFF_NO_QUEUE;
}

static struct vtest_dev *dev_new(struct net *net, const char *name, unsigned short type,
				 void (*how)(struct net_device *dev))
{
	struct vtest_dev *vdev = kzalloc(sizeof(*vdev), GFP_KERNEL);
	struct net_device *dev;

	if (!vdev)
		return NULL;
	dev = alloc_netdev(sizeof(vdev), name, NET_NAME_USER, how);
	if (!dev)
		goto err_free;
	vdev->dev = dev;
	vdev->result = NETDEV_TX_OK;
	skb_queue_head_init(&vdev->sent);
	skb_queue_head_init(&vdev->passed);
	*(struct vtest_dev **)netdev_priv(dev) = vdev;
	dev_net_set(dev, net);
	eth_hw_addr_random(dev);
	dev->type = type;
	if (bring_up(vdev))
		goto err_dev;
	list_add(&vdev->node, &devices);
	return vdev;

err_dev:
	free_netdev(dev);
err_free:
	kfree(vdev);
	return NULL;
}

/**
 * vtest_dev_new() - register a device and set it up
 * @net: its namespace
 * @name: its name
 * @type: ARPHRD_*
 *
 * Return: the device, or NULL.
 */
struct vtest_dev *vtest_dev_new(struct net *net, const char *name, unsigned short type)
{
	return dev_new(net, name, type, setup_device);
}

/**
 * vtest_dev_new_queued() - register a device with a queueing discipline, as taps have one
 * @net: its namespace
 * @name: its name
 *
 * Return: the device, or NULL.
 */
struct vtest_dev *vtest_dev_new_queued(struct net *net, const char *name)
{
	return dev_new(net, name, ARPHRD_ETHER, setup_queued);
}

/**
 * vtest_dev_del() - unregister and free a device
 * @vdev: the device
 */
void vtest_dev_del(struct vtest_dev *vdev)
{
	list_del(&vdev->node);
	rtnl_lock();
	netdev_rx_handler_unregister(vdev->dev);
	unregister_netdevice(vdev->dev);
	rtnl_unlock();
	free_netdev(vdev->dev);
	skb_queue_purge(&vdev->sent);
	skb_queue_purge(&vdev->passed);
	kfree(vdev);
}

/**
 * vtest_dev_reset() - unregister and free all devices of tests
 */
void vtest_dev_reset(void)
{
	struct vtest_dev *vdev, *next;

	list_for_each_entry_safe(vdev, next, &devices, node)
		vtest_dev_del(vdev);
}

/* Sends an rtnetlink request for a device, with a name in @attr. */
static int set_name(struct vtest_dev *vdev, u16 type, u16 nest_type, u16 attr, const char *name)
{
	struct vtest_answer answer;
	struct vtest_client client;
	struct sk_buff *request;
	struct ifinfomsg *info;
	struct nlattr *nest;
	struct nlmsghdr *nlh;
	int err;

	request = nlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!request)
		return -ENOMEM;
	nlh = nlmsg_put(request, 0, 1, type, sizeof(*info), NLM_F_REQUEST | NLM_F_ACK);
	info = nlmsg_data(nlh);
	memset(info, 0, sizeof(*info));
	info->ifi_index = vdev->dev->ifindex;
	nest = nest_type ? nla_nest_start(request, nest_type) : NULL;
	nla_put_string(request, attr, name);
	if (nest)
		nla_nest_end(request, nest);
	err = vtest_client_open(&client, dev_net(vdev->dev), NETLINK_ROUTE);
	if (err) {
		kfree_skb(request);
		return err;
	}
	vtest_ask(&client, request, &answer);
	vtest_answer_free(&answer);
	vtest_client_close(&client);
	return answer.err;
}

/**
 * vtest_dev_rename() - give a device another name
 * @vdev: the device
 * @name: the name
 *
 * Return: 0 or a negative errno.
 */
int vtest_dev_rename(struct vtest_dev *vdev, const char *name)
{
	int err;

	/* Older kernels do not rename a device that is up. */
	rtnl_lock();
	dev_close(vdev->dev);
	rtnl_unlock();
	err = set_name(vdev, RTM_SETLINK, 0, IFLA_IFNAME, name);
	rtnl_lock();
	err = err ?: dev_open(vdev->dev, NULL);
	rtnl_unlock();
	return err;
}

/**
 * vtest_dev_altname() - give a device an alternative name
 * @vdev: the device
 * @name: the name
 *
 * Return: 0 or a negative errno.
 */
int vtest_dev_altname(struct vtest_dev *vdev, const char *name)
{
	return set_name(vdev, RTM_NEWLINKPROP, IFLA_PROP_LIST, IFLA_ALT_IFNAME, name);
}

/**
 * vtest_dev_move() - move a device to another namespace
 * @vdev: the device
 * @net: the namespace
 *
 * Return: 0 or a negative errno.
 */
int vtest_dev_move(struct vtest_dev *vdev, struct net *net)
{
	int err;

	rtnl_lock();
	err = dev_change_net_namespace(vdev->dev, net, NULL);
	if (!err)
		err = dev_open(vdev->dev, NULL);
	rtnl_unlock();
	return err;
}

/**
 * vtest_dev_receive() - let a device receive a frame
 * @vdev: the device
 * @skb: the frame from the Ethernet header on; it is consumed
 *
 * Return: the result of netif_receive_skb().
 */
int vtest_dev_receive(struct vtest_dev *vdev, struct sk_buff *skb)
{
	int ret;

	skb->dev = vdev->dev;
	skb->protocol = eth_type_trans(skb, vdev->dev);
	local_bh_disable();
	ret = netif_receive_skb(skb);
	local_bh_enable();
	return ret;
}
