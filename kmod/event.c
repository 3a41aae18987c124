// SPDX-License-Identifier: GPL-2.0
/*
 * Events for netlink listeners. If there are no listeners, an event costs one
 * test of a bit.
 *
 * A listener cannot delay the sender. If its socket buffer is full, or if there
 * is no memory for an event, it gets ENOBUFS and has to read the state again.
 * Gaps in the numbers of the events show how many it missed.
 */
#include <linux/atomic.h>
#include <linux/if.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/genetlink.h>
#include "engine/engine.h"
#include "event.h"
#include "net.h"
#include "port.h"

/* The tables hold events and limits as u8, and 0 means "no event". */
static_assert(VDHCP_EVENT_MAX <= 255 && VDHCP_EVENT_ATTACHED > 0,
	      "events do not fit the table of verdicts");
static_assert(VDHCP_EVENT_LIMITS <= VDHCP_EVENT_MAX,
	      "more limits than events");

/*
 * The family is read only while @is_started is set, because the id of its
 * multicast group is not valid while the family is not registered.
 */
static const struct genl_family *event_family;
static bool is_started;

/**
 * vdhcp_event_start() - start to send events
 * @family: the registered family
 */
void vdhcp_event_start(const struct genl_family *family)
{
	event_family = family;
	/* Pairs with has_listeners(). */
	smp_store_release(&is_started, true);
}

/**
 * vdhcp_event_stop() - stop sending events before the family is unregistered
 *
 * Events of packets are sent under RCU and events of devices under RTNL, so
 * none is being sent when the function returns. Requests may still send events;
 * unregistering the family waits for them.
 */
void vdhcp_event_stop(void)
{
	rtnl_lock();
	WRITE_ONCE(is_started, false);
	rtnl_unlock();
	synchronize_net();
}

/* May be true without need, because the core has one bit for all namespaces. */
static bool has_listeners(const struct vdhcp_net *vn)
{
	/* Pairs with vdhcp_event_start(). */
	return smp_load_acquire(&is_started) &&
	       genl_has_listeners(event_family, vn->net, VDHCP_EVENT_GROUP);
}

/* The most bytes of one event, without the options of an ACK. */
static size_t event_size(void)
{
	return nla_total_size_64bit(sizeof(u64)) +
	       7 * nla_total_size(sizeof(u32)) +
	       nla_total_size(IFNAMSIZ) + nla_total_size(sizeof(u16)) +
	       nla_total_size(VDHCP_ETH_ALEN) + nla_total_size(sizeof(u8)) +
	       nla_total_size(VDHCP_NAME_MAX + 1);
}

static struct sk_buff *begin_event(size_t more, gfp_t gfp)
{
	struct sk_buff *skb = genlmsg_new(event_size() + more, gfp);

	if (skb && !genlmsg_put(skb, 0, 0, event_family, 0,
				VDHCP_CMD_EVENT_NTF)) {
		nlmsg_free(skb);
		skb = NULL;
	}
	return skb;
}

/*
 * Number an event and send @skb, which is consumed. If @err is set, the event
 * is lost. It gets a number nevertheless, so that listeners notice the loss.
 */
static void send_event(struct vdhcp_net *vn, struct sk_buff *skb, int err,
		       u8 event)
{
	u64 number = atomic64_inc_return(&vn->events);

	if (!err)
		err = nla_put_u64_64bit(skb, VDHCP_A_EVENT_NUMBER, number,
					VDHCP_A_EVENT_PAD) ?:
		      nla_put_u32(skb, VDHCP_A_EVENT_EVENT, event);
	if (err) {
		nlmsg_free(skb);
		genl_set_err(event_family, vn->net, 0, VDHCP_EVENT_GROUP,
			     -ENOBUFS);
		return;
	}
	nlmsg_end(skb, nlmsg_hdr(skb));
	/* With GFP_KERNEL, the core would yield to a slow listener. */
	genlmsg_multicast_netns(event_family, vn->net, skb, 0,
				VDHCP_EVENT_GROUP, GFP_ATOMIC);
}

static int put_option(struct sk_buff *skb, int attr,
		      const struct vdhcp_txn *txn,
		      const struct vdhcp_span *value)
{
	return value->at ? nla_put(skb, attr, value->len,
				   txn->frame.payload + value->at) : 0;
}

/**
 * vdhcp_event_begin_ack() - begin the event of an ACK
 * @net: the network namespace
 * @txn: the transaction, whose request is still in memory
 *
 * Must be called before the reply is sent, because the copy of a nonlinear
 * request is freed with the reply.
 *
 * Context: softirq, or BH disabled.
 * Return: the event, which vdhcp_event_packet() or vdhcp_event_drop() consumes;
 * NULL if there are no listeners, an ERR_PTR() if there is no memory.
 */
struct sk_buff *vdhcp_event_begin_ack(const struct net *net,
				      const struct vdhcp_txn *txn)
{
	struct vdhcp_span hostname = {}, class = {};
	struct sk_buff *skb;

	if (!has_listeners(vdhcp_pernet(net)))
		return NULL;
	vdhcp_txn_has_option(txn, VDHCP_OPT_HOST_NAME, &hostname);
	vdhcp_txn_has_option(txn, VDHCP_OPT_VENDOR_CLASS, &class);
	skb = begin_event(nla_total_size(hostname.len) +
			  nla_total_size(class.len), GFP_ATOMIC);
	if (!skb)
		return ERR_PTR(-ENOMEM);
	if (put_option(skb, VDHCP_A_EVENT_HOSTNAME, txn, &hostname) ||
	    put_option(skb, VDHCP_A_EVENT_VENDOR_CLASS, txn, &class)) {
		nlmsg_free(skb);
		return ERR_PTR(-EMSGSIZE);
	}
	return skb;
}

/**
 * vdhcp_event_drop() - drop the event of an ACK that was not sent
 * @event_skb: from vdhcp_event_begin_ack(); it is consumed
 */
void vdhcp_event_drop(struct sk_buff *event_skb)
{
	if (!IS_ERR(event_skb))
		nlmsg_free(event_skb);
}

/*
 * Check a limited event against its limit. Returns 0 if it may be reported now
 * and sets *@suppressed to the number of events that were not reported since
 * the last report. If two CPUs have an event at once, one CPU reports its event
 * and the other counts its event as suppressed.
 */
static int pass_limit(struct vdhcp_port *port, unsigned int limit,
		      u32 *suppressed)
{
	u32 *last = &port->event_jiffies[limit];
	u32 now = (u32)jiffies | 1;
	u32 then = READ_ONCE(*last);

	if ((then && now - then < HZ) || cmpxchg(last, then, now) != then) {
		atomic_inc(&port->suppressed[limit]);
		return -EAGAIN;
	}
	*suppressed = atomic_xchg(&port->suppressed[limit], 0);
	return 0;
}

static int put_event_port(struct sk_buff *skb, const struct vdhcp_port *port,
			  const struct vdhcp_txn *txn)
{
	const struct vdhcp_conf *conf = &txn->conf;
	const u8 *mac = txn->wrong_mac;

	if (!mac && conf->port->present & BIT_ULL(VDHCP_A_PORT_MAC))
		mac = conf->mac;
	if (mac && nla_put(skb, VDHCP_A_EVENT_MAC, VDHCP_ETH_ALEN, mac))
		return -EMSGSIZE;
	if (conf->addr && nla_put_in_addr(skb, VDHCP_A_EVENT_ADDR, conf->addr))
		return -EMSGSIZE;
	return nla_put_string(skb, VDHCP_A_EVENT_DEV, port->tap->name) ?:
	       nla_put_u16(skb, VDHCP_A_EVENT_VLAN, port->vlan);
}

static int put_event_ack(struct sk_buff *skb, const struct vdhcp_txn *txn)
{
	u64 time = div_u64(ktime_get_ns() - txn->started, NSEC_PER_USEC);

	return nla_put_u8(skb, VDHCP_A_EVENT_FIRST, txn->first_ack) ?:
	       nla_put_u32(skb, VDHCP_A_EVENT_TIME, min_t(u64, time, U32_MAX));
}

static int put_event_packet(struct sk_buff *skb, const struct vdhcp_port *port,
			    const struct vdhcp_txn *txn, u8 event,
			    u32 suppressed)
{
	if (put_event_port(skb, port, txn) ||
	    nla_put_u32(skb, VDHCP_A_EVENT_VERDICT, txn->verdict))
		return -EMSGSIZE;
	/* A message that was parsed has a transaction ID. */
	if (txn->message < VDHCP_MESSAGES &&
	    nla_put_be32(skb, VDHCP_A_EVENT_XID, txn->xid))
		return -EMSGSIZE;
	if (event == VDHCP_EVENT_ACK)
		return put_event_ack(skb, txn);
	return suppressed ?
	       nla_put_u32(skb, VDHCP_A_EVENT_SUPPRESSED, suppressed) : 0;
}

/**
 * vdhcp_event_packet() - report a packet
 * @vn: the namespace
 * @port: port that received the packet
 * @txn: the transaction; vdhcp_event_of() its verdict is an event
 * @event_skb: for an ACK, from vdhcp_event_begin_ack(); it is consumed
 *
 * An ACK without @event_skb is not reported, because there were no listeners
 * when the ACK was sent.
 *
 * Context: softirq, or BH disabled.
 */
void vdhcp_event_packet(struct vdhcp_net *vn, struct vdhcp_port *port,
			const struct vdhcp_txn *txn, struct sk_buff *event_skb)
{
	u8 event = vdhcp_event_of(txn->verdict);
	unsigned int limit = vdhcp_event_limit[event];
	struct sk_buff *skb = event_skb;
	u32 suppressed = 0;
	int err;

	if (event == VDHCP_EVENT_ACK ? !event_skb : !has_listeners(vn))
		return;
	if (limit < VDHCP_EVENT_LIMITS && pass_limit(port, limit, &suppressed))
		return;
	if (event != VDHCP_EVENT_ACK)
		skb = begin_event(0, GFP_ATOMIC) ?: ERR_PTR(-ENOMEM);
	if (IS_ERR(skb)) {
		send_event(vn, NULL, PTR_ERR(skb), event);
		return;
	}
	err = put_event_packet(skb, port, txn, event, suppressed);
	send_event(vn, skb, err, event);
}

static int put_event_device(struct sk_buff *skb, const char *dev, int ifindex,
			    const char *reason)
{
	if (nla_put_string(skb, VDHCP_A_EVENT_DEV, dev) ||
	    nla_put_u32(skb, VDHCP_A_EVENT_IFINDEX, ifindex))
		return -EMSGSIZE;
	return reason ? nla_put_string(skb, VDHCP_A_EVENT_REASON, reason) : 0;
}

/**
 * vdhcp_event_device() - report that a device was attached, detached or found
 * @vn: the namespace
 * @event: %VDHCP_EVENT_ATTACHED, %VDHCP_EVENT_DETACHED or
 *	%VDHCP_EVENT_NOT_ATTACHED
 * @dev: device name of the ports
 * @ifindex: index of the device
 * @reason: why the device was not attached, or NULL
 *
 * Context: process, RTNL held.
 */
void vdhcp_event_device(struct vdhcp_net *vn, enum vdhcp_event event,
			const char *dev, int ifindex, const char *reason)
{
	size_t more = reason ? nla_total_size(strlen(reason) + 1) : 0;
	struct sk_buff *skb;
	int err = -ENOMEM;

	ASSERT_RTNL();
	if (!has_listeners(vn))
		return;
	skb = begin_event(more, GFP_KERNEL);
	if (skb)
		err = put_event_device(skb, dev, ifindex, reason);
	send_event(vn, skb, err, event);
}

static int put_event_config(struct sk_buff *skb, enum vdhcp_change change,
			    u32 generation, const char *subnet,
			    const char *dev, u16 vlan)
{
	if (nla_put_u32(skb, VDHCP_A_EVENT_CHANGE, change) ||
	    nla_put_u32(skb, VDHCP_A_EVENT_GENERATION, generation))
		return -EMSGSIZE;
	if (subnet && nla_put_string(skb, VDHCP_A_EVENT_SUBNET, subnet))
		return -EMSGSIZE;
	if (!dev)
		return 0;
	return nla_put_string(skb, VDHCP_A_EVENT_DEV, dev) ?:
	       nla_put_u16(skb, VDHCP_A_EVENT_VLAN, vlan);
}

/**
 * vdhcp_event_config() - report a change of the configuration
 * @vn: the namespace; the caller holds its lock, so that events are in the
 *	order of their generations
 * @change: kind of the change
 * @subnet: name of the subnet that changed, or NULL
 * @dev: name of the device of the port that changed, or NULL
 * @vlan: VLAN id of that port
 *
 * Context: process.
 */
void vdhcp_event_config(struct vdhcp_net *vn, enum vdhcp_change change,
			const char *subnet, const char *dev, u16 vlan)
{
	struct sk_buff *skb;
	int err = -ENOMEM;

	lockdep_assert_held(&vn->lock);
	if (!has_listeners(vn))
		return;
	skb = begin_event(0, GFP_KERNEL);
	if (skb)
		err = put_event_config(skb, change, vn->generation, subnet, dev,
				       vlan);
	send_event(vn, skb, err, VDHCP_EVENT_CONFIG);
}

/**
 * vdhcp_event_committed() - report that an atomic batch took effect
 * @vn: the namespace; the caller holds its lock
 * @n_subnets: number of subnets that the batch changed
 * @n_ports: number of ports that the batch changed
 *
 * Context: process.
 */
void vdhcp_event_committed(struct vdhcp_net *vn, u32 n_subnets, u32 n_ports)
{
	struct sk_buff *skb;
	int err = -ENOMEM;

	lockdep_assert_held(&vn->lock);
	if (!has_listeners(vn))
		return;
	skb = begin_event(0, GFP_KERNEL);
	if (skb)
		err = put_event_config(skb, VDHCP_CHANGE_COMMITTED,
				       vn->generation, NULL, NULL, 0) ?:
		      nla_put_u32(skb, VDHCP_A_EVENT_SUBNETS, n_subnets) ?:
		      nla_put_u32(skb, VDHCP_A_EVENT_PORTS, n_ports);
	send_event(vn, skb, err, VDHCP_EVENT_CONFIG);
}
