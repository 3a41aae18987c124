// SPDX-License-Identifier: GPL-2.0
/* Writes the state of a port: its device, its guest and its counters. */
#include <linux/netdevice.h>
#include <net/rtnetlink.h>
#include "client.h"
#include "netlink.h"
#include "net.h"
#include "port.h"
#include "stats.h"
#include "tap.h"

/* A device kind is truncated to this size with NUL; the longest needs 14. */
#define KIND_LEN	IFNAMSIZ

/*
 * Write the device that @dev is enslaved to. The master can be renamed at any
 * time, so its name is copied and the copy is looked up. A copy made during a
 * rename finds no device, and the name is left out.
 */
static int put_master(struct sk_buff *skb, const struct vdhcp_net *vn,
		      struct net_device *dev)
{
	struct net_device *master = netdev_master_upper_dev_get_rcu(dev);
	const struct rtnl_link_ops *ops;
	char name[IFNAMSIZ], kind[KIND_LEN];

	if (!master)
		return 0;
	strscpy(name, master->name, sizeof(name));
	if (dev_get_by_name_rcu(vn->net, name) != master)
		return 0;
	if (nla_put_string(skb, VDHCP_A_PORT_STATE_MASTER, name))
		return -EMSGSIZE;
	ops = master->rtnl_link_ops;
	if (!ops)
		return 0;
	strscpy(kind, ops->kind, sizeof(kind));
	return nla_put_string(skb, VDHCP_A_PORT_STATE_MASTER_KIND, kind);
}

static int put_attached(struct sk_buff *skb, const struct vdhcp_net *vn,
			struct net_device *dev)
{
	u32 state = VDHCP_DEVICE_UP;

	if (!netif_running(dev))
		state = VDHCP_DEVICE_DOWN;
	else if (!netif_carrier_ok(dev))
		state = VDHCP_DEVICE_NO_CARRIER;
	if (nla_put_u32(skb, VDHCP_A_PORT_STATE_IFINDEX, dev->ifindex) ||
	    nla_put_u32(skb, VDHCP_A_PORT_STATE_DEVICE, state))
		return -EMSGSIZE;
	return put_master(skb, vn, dev);
}

static int put_detached(struct sk_buff *skb, const struct vdhcp_net *vn,
			const struct vdhcp_tap *tap)
{
	const struct net_device *dev = dev_get_by_name_rcu(vn->net, tap->name);
	u32 state = VDHCP_DEVICE_ABSENT;
	const char *kind = NULL;

	/* The lookup also finds devices by their alternative names. */
	if (dev && !strcmp(dev->name, tap->name)) {
		kind = vdhcp_tap_unfit(dev);
		state = kind ? VDHCP_DEVICE_UNSUPPORTED : VDHCP_DEVICE_NO_HOOK;
	}
	if (nla_put_u32(skb, VDHCP_A_PORT_STATE_DEVICE, state))
		return -EMSGSIZE;
	return kind ? nla_put_string(skb, VDHCP_A_PORT_STATE_UNSUPPORTED,
				     kind) : 0;
}

static int put_device_state(struct sk_buff *skb, const struct vdhcp_net *vn,
			    const struct vdhcp_tap *tap)
{
	int err;

	rcu_read_lock();
	err = tap->dev ? put_attached(skb, vn, tap->dev) :
			 put_detached(skb, vn, tap);
	rcu_read_unlock();
	return err;
}

static int put_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, VDHCP_A_PORT_STATE_PAD);
}

/* After a change of the port's MAC, the wrong MAC may be the right one. */
static int put_wrong_mac(struct sk_buff *skb, const struct vdhcp_port *port,
			 const struct vdhcp_port_conf *conf)
{
	const struct vdhcp_client *client = vdhcp_port_client(port);
	u8 mac[VDHCP_ETH_ALEN];
	u64 ago;

	if (!client || !vdhcp_client_has_wrong_mac(client, mac, &ago) ||
	    !memcmp(mac, conf->mac, sizeof(mac)) ||
	    vdhcp_port_find_mac(conf, mac))
		return 0;
	if (nla_put(skb, VDHCP_A_PORT_STATE_WRONG_MAC, sizeof(mac), mac) ||
	    put_u64(skb, VDHCP_A_PORT_STATE_WRONG_MAC_AGO, ago))
		return -EMSGSIZE;
	return put_u64(skb, VDHCP_A_PORT_STATE_WRONG_MAC_COUNT,
		       vdhcp_stats_wrong_mac(port));
}

static int put_client(struct sk_buff *skb, const struct vdhcp_port *port)
{
	const struct vdhcp_client *client = vdhcp_port_client(port);
	bool bound = client && READ_ONCE(client->bound);
	u64 ago;

	if (nla_put_u8(skb, VDHCP_A_PORT_STATE_BOUND, bound))
		return -EMSGSIZE;
	if (!client || !vdhcp_client_has_asked(client, &ago))
		return 0;
	return put_u64(skb, VDHCP_A_PORT_STATE_LAST_ASKED, ago) ?:
	       nla_put_u32(skb, VDHCP_A_PORT_STATE_LAST_VERDICT,
			   READ_ONCE(client->last_verdict));
}

static int put_sums(struct sk_buff *skb, const struct vdhcp_port *port)
{
	static const u8 attrs[VDHCP_KINDS] = {
		[VDHCP_KIND_REPLY] = VDHCP_A_PORT_STATE_ANSWERED,
		[VDHCP_KIND_CONSUMED] = VDHCP_A_PORT_STATE_UNANSWERED,
		[VDHCP_KIND_DROP] = VDHCP_A_PORT_STATE_DROPPED,
		[VDHCP_KIND_PASS] = VDHCP_A_PORT_STATE_PASSED,
	};
	u64 sums[VDHCP_KINDS];
	unsigned int i;

	vdhcp_stats_sum(port, sums);
	for (i = 0; i < VDHCP_KINDS; i++)
		if (put_u64(skb, attrs[i], sums[i]))
			return -EMSGSIZE;
	return 0;
}

/**
 * vdhcp_nl_port_state_put() - write the state of a port
 * @skb: message
 * @vn: the namespace; the caller holds its lock
 * @port: the port
 *
 * Return: 0 or -EMSGSIZE.
 */
int vdhcp_nl_port_state_put(struct sk_buff *skb, const struct vdhcp_net *vn,
			    const struct vdhcp_port *port)
{
	const struct vdhcp_port_snap *snap = vdhcp_port_get_snap(vn, port);
	struct nlattr *nest = nla_nest_start(skb, VDHCP_A_PORT_STATE);

	if (!nest || put_device_state(skb, vn, port->tap) ||
	    put_client(skb, port) || put_wrong_mac(skb, port, &snap->conf) ||
	    put_sums(skb, port))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * vdhcp_nl_port_state_size() - get the size that the state of a port needs
 *
 * Return: bytes.
 */
size_t vdhcp_nl_port_state_size(void)
{
	const size_t u64_size = nla_total_size_64bit(sizeof(u64));
	const size_t u32_size = nla_total_size(sizeof(u32));

	/*
	 * Three u32: ifindex, device, last-verdict. Three u64 in addition to
	 * the sums: last-asked, wrong-mac-ago, wrong-mac-count.
	 */
	return nla_total_size(3 * u32_size + nla_total_size(sizeof(u8)) +
			      nla_total_size(IFNAMSIZ) +
			      nla_total_size(KIND_LEN) +
			      nla_total_size(VDHCP_ETH_ALEN) +
			      (3 + VDHCP_KINDS) * u64_size);
}
