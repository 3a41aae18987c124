// SPDX-License-Identifier: GPL-2.0
/*
 * Sends the reply out of the device that received the request.
 *
 * The reply is transmitted from within the receive path of the same device. If
 * the transmission leads straight to a reception (veth, ifb, a redirecting tc
 * action), the reply may reach the hook, but it causes no further reply: it is
 * UDP to port 68 or an ARP reply, and the hook answers neither. The core limits
 * any other recursion (dev_xmit_recursion()).
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/pkt_sched.h>
#include <linux/skbuff.h>
#include "engine/wire.h"
#include "xmit.h"

/**
 * vdhcp_xmit_alloc() - allocate a buffer for a frame
 * @dev: device that will send the frame
 * @room: bytes that may be written at skb->data, from the Ethernet header on
 *
 * Context: any.
 * Return: the buffer, NULL if there is no memory.
 */
struct sk_buff *vdhcp_xmit_alloc(struct net_device *dev, unsigned int room)
{
	unsigned int head = LL_RESERVED_SPACE(dev);
	struct sk_buff *skb;

	skb = alloc_skb(head + room + READ_ONCE(dev->needed_tailroom),
			GFP_ATOMIC);
	if (!skb)
		return NULL;
	/* Aligns the IPv4 header. */
	skb_reserve(skb, head - ETH_HLEN);
	skb->dev = dev;
	return skb;
}

/**
 * vdhcp_xmit_send() - send a reply
 * @reply: from vdhcp_xmit_alloc(), with a frame at skb->data; it is consumed
 * @tag: VLAN tag, proto 0 for none
 * @len: bytes of the frame
 *
 * Checksums must be complete, because clients that read raw frames see a
 * partial checksum and verify it.
 *
 * The qdisc discards the driver's return code, so a full ring of a tap is only
 * visible in the per-CPU tx_dropped counter. If the counter changed, this frame
 * or one queued before it was dropped. A frame that stays in the qdisc counts
 * as sent.
 *
 * Context: softirq, or BH disabled.
 * Return: 0, or another value if the reply was dropped.
 */
int vdhcp_xmit_send(struct sk_buff *reply, struct vdhcp_tag tag,
		    unsigned int len)
{
	struct net_device *dev = reply->dev;
	unsigned long dropped;
	int err;

	/*
	 * The noop qdisc of a device that is down drops the frame and returns
	 * NET_XMIT_CN, which net_xmit_eval() would turn into success.
	 */
	if (!netif_running(dev)) {
		kfree_skb(reply);
		return -ENETDOWN;
	}
	skb_put(reply, len);
	skb_reset_mac_header(reply);
	skb_set_network_header(reply, ETH_HLEN);
	skb_set_transport_header(reply, ETH_HLEN + VDHCP_IP4_HLEN);
	skb_reset_mac_len(reply);
	reply->protocol = eth_hdr(reply)->h_proto;
	reply->ip_summed = CHECKSUM_NONE;
	reply->priority = TC_PRIO_CONTROL;
	if (tag.proto)
		__vlan_hwaccel_put_tag(reply, tag.proto, tag.tci);
	dropped = vdhcp_compat_tx_dropped(dev);
	err = dev_queue_xmit(reply);
	if (vdhcp_compat_tx_dropped(dev) != dropped)
		return -ENOBUFS;
	return net_xmit_eval(err);
}
