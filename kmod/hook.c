// SPDX-License-Identifier: GPL-2.0
/*
 * The packet path: every frame that a device with ports receives comes here,
 * in softirq and under the RCU read lock, before bridge, switch or stack.
 *
 * Almost all frames are none of our business, and a few loads find that out.
 * Functions that need much stack are kept out of that path
 * (noinline_for_stack). The request is never modified, because it may be shared
 * or may have to be passed on.
 */
#include <linux/atomic.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ktime.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include "engine/bucket.h"
#include "engine/engine.h"
#include "event.h"
#include "hook.h"
#include "port.h"
#include "stats.h"
#include "subnet.h"
#include "trace.h"
#include "xmit.h"

/**
 * struct request - a received packet that concerns a port
 * @txn: the engine's view of the packet
 * @skb: the packet
 * @port: port that received the packet
 * @snap: snapshot of @port, dereferenced once
 * @reply: buffer for the reply, NULL until it is allocated; the copy of a
 *	nonlinear packet follows the space for the reply
 * @event_skb: event of an ACK, begun before the reply is sent; NULL or an
 *	ERR_PTR() if there is none
 */
struct request {
	struct vdhcp_txn txn;
	struct sk_buff *skb;
	struct vdhcp_port *port;
	const struct vdhcp_port_snap *snap;
	struct sk_buff *reply;
	struct sk_buff *event_skb;
};

static struct vdhcp_tag get_hw_tag(const struct sk_buff *skb)
{
	struct vdhcp_tag tag = {};

	if (skb_vlan_tag_present(skb)) {
		tag.proto = skb->vlan_proto;
		tag.tci = skb_vlan_tag_get(skb);
	}
	return tag;
}

/* The position of a partial checksum, see struct vdhcp_frame. */
static s32 get_csum_at(const struct sk_buff *skb)
{
	return skb->ip_summed == CHECKSUM_PARTIAL ?
	       skb_checksum_start_offset(skb) + skb->csum_offset :
	       VDHCP_CSUM_NONE;
}

static unsigned int get_strictness(const struct vdhcp_port *port)
{
	return vdhcp_port_strictness(&rcu_dereference(port->snap)->conf);
}

/* Of the ports that judge the VLANs of the frame, the strictest one decides. */
static struct vdhcp_port *find_port(const struct vdhcp_tap *tap,
				    const struct vdhcp_frame *frame)
{
	struct vdhcp_port *port = vdhcp_port_judge(tap, frame->vids[0]);
	struct vdhcp_port *judge;
	unsigned int i;

	for (i = 1; i < frame->n_vids && port; i++) {
		judge = vdhcp_port_judge(tap, frame->vids[i]);
		if (judge && get_strictness(judge) > get_strictness(port))
			port = judge;
	}
	return port;
}

/* The port may list MACs that have addresses of their own. */
static void set_client(struct request *rq,
		       const struct vdhcp_listed_mac *listed)
{
	struct vdhcp_conf *conf = &rq->txn.conf;
	const struct vdhcp_binding *binding;
	const struct vdhcp_subnet *subnet;

	if (!listed)
		return;
	binding = &vdhcp_port_bindings(rq->snap)[listed->index];
	subnet = binding->subnet;
	conf->mac = listed->mac;
	conf->addr = binding->ip4;
	/* Only in mode serve does each address have a subnet. */
	conf->subnet = subnet ? &rcu_dereference(subnet->snap)->conf : NULL;
}

static void init_request(struct request *rq, struct sk_buff *skb,
			 struct vdhcp_port *port)
{
	const struct vdhcp_subnet *subnet;
	struct vdhcp_txn *txn = &rq->txn;

	rq->skb = skb;
	rq->port = port;
	rq->snap = rcu_dereference(port->snap);
	rq->reply = NULL;
	rq->event_skb = NULL;
	vdhcp_txn_init(txn);
	subnet = rq->snap->ip4_subnet;
	txn->conf.port = &rq->snap->conf;
	txn->conf.subnet = subnet ? &rcu_dereference(subnet->snap)->conf : NULL;
	vdhcp_conf_set_client(&txn->conf);
	txn->conf.vlan = port->vlan;
	txn->conf.mtu = min_t(unsigned int, READ_ONCE(skb->dev->mtu), U16_MAX);
	txn->frame.eth = (const struct vdhcp_eth *)skb_mac_header(skb);
	txn->frame.len = skb->len - txn->frame.l3_offset;
	txn->frame.csum_ok = skb->ip_summed == CHECKSUM_PARTIAL ||
			     skb->ip_summed == CHECKSUM_UNNECESSARY;
	/* The guest resolves the server identifier of the client's subnet. */
	if (txn->conf.port->n_macs && txn->frame.proto == VDHCP_PROTO_ARP)
		set_client(rq, vdhcp_port_find_mac(txn->conf.port,
						   txn->frame.eth->src));
}

/* Fails if four attempts to update the bucket lose a race. */
static int take_token(struct request *rq)
{
	const struct vdhcp_bucket *bucket = &rq->snap->bucket;
	atomic64_t *state = &rq->port->full_at;
	s64 old = atomic64_read(state);
	unsigned int tries;
	u64 full_at, now;

	if (!bucket->interval)
		return 0;
	now = ktime_get_ns();
	rq->txn.received = now;
	for (tries = 0; tries < 4; tries++) {
		full_at = old;
		if (vdhcp_bucket_take(bucket, &full_at, now))
			return -EAGAIN;
		if (atomic64_try_cmpxchg_relaxed(state, &old, full_at))
			return 0;
	}
	return -EAGAIN;
}

/*
 * The engine needs the packet in one piece. No copy is made of a packet that is
 * too long, because it is dropped, or of ARP, because the window holds it all.
 * One allocation serves both the copy and the reply.
 */
static int linearize_packet(struct request *rq)
{
	struct vdhcp_frame *frame = &rq->txn.frame;
	u8 *copy;

	frame->gso = skb_is_gso(rq->skb);
	if (!skb_is_nonlinear(rq->skb) || frame->len > VDHCP_IP4_MAX ||
	    frame->gso || frame->proto == VDHCP_PROTO_ARP)
		return 0;
	rq->reply = vdhcp_xmit_alloc(rq->skb->dev,
				     VDHCP_FRAME_MAX + VDHCP_IP4_MAX);
	if (!rq->reply)
		return -ENOMEM;
	copy = rq->reply->data + VDHCP_FRAME_MAX;
	frame->l3 = copy;
	return skb_copy_bits(rq->skb, frame->l3_offset, copy, frame->len);
}

static enum vdhcp_verdict send_reply(struct request *rq,
				     enum vdhcp_verdict verdict)
{
	struct net_device *dev = rq->skb->dev;
	struct vdhcp_txn *txn = &rq->txn;
	struct sk_buff *reply;
	unsigned int len;

	/* The copy of a nonlinear request is freed with the reply. */
	if (vdhcp_event_of(verdict) == VDHCP_EVENT_ACK)
		rq->event_skb = vdhcp_event_begin_ack(dev_net(dev), txn);
	if (!rq->reply)
		rq->reply = vdhcp_xmit_alloc(dev, vdhcp_txn_reply_max(txn));
	if (!rq->reply)
		return VDHCP_VERDICT_NO_MEMORY;
	len = vdhcp_engine_build(txn, rq->reply->data);
	if (!len)
		return VDHCP_VERDICT_NO_ROOM;
	reply = rq->reply;
	rq->reply = NULL;
	return vdhcp_xmit_send(reply, txn->frame.tag, len) ?
	       VDHCP_VERDICT_TX_DROPPED : verdict;
}

/* Filter, rate limit, decide and reply. */
static enum vdhcp_verdict answer_request(struct request *rq)
{
	struct vdhcp_txn *txn = &rq->txn;
	enum vdhcp_verdict verdict;

	verdict = vdhcp_engine_filter(txn);	/* mode, guard, addressee */
	if (verdict != VDHCP_VERDICT_CONTINUE)
		return verdict;
	if (take_token(rq))			/* rate limit */
		return VDHCP_VERDICT_RATE_LIMITED;
	if (linearize_packet(rq))
		return VDHCP_VERDICT_NO_MEMORY;
	if (txn->conf.port->n_macs)
		set_client(rq, vdhcp_engine_listed_mac(txn));
	verdict = vdhcp_engine_decide(txn);	/* validate, parse, decide */
	if (!vdhcp_verdict_replies(verdict))
		return verdict;
	return send_reply(rq, verdict);		/* allocate, build, transmit */
}

static const u8 verdict_to_nf[VDHCP_KINDS] = {
	[VDHCP_KIND_REPLY] = NF_STOLEN,
	[VDHCP_KIND_CONSUMED] = NF_STOLEN,
	[VDHCP_KIND_DROP] = NF_DROP,
	[VDHCP_KIND_PASS] = NF_ACCEPT,
};

/* Count and report a packet, and free its buffers. */
static unsigned int finish_request(struct request *rq, struct net *net)
{
	struct vdhcp_txn *txn = &rq->txn;
	struct vdhcp_net *vn;
	unsigned int nf;

	if (txn->verdict == VDHCP_VERDICT_NOT_OURS)
		return NF_ACCEPT;
	vn = vdhcp_pernet(net);
	vdhcp_stats_count(vn, rq->port, txn);
	vdhcp_client_update(vdhcp_port_client(rq->port), txn);
	trace_vdhcp_request(rq->skb->dev, rq->port->vlan, txn);
	if (vdhcp_event_of(txn->verdict) != VDHCP_EVENT_NONE)
		vdhcp_event_packet(vn, rq->port, txn, rq->event_skb);
	else
		vdhcp_event_drop(rq->event_skb);
	consume_skb(rq->reply);
	nf = verdict_to_nf[vdhcp_verdict_kind(txn->verdict)];
	if (nf == NF_STOLEN)
		consume_skb(rq->skb);
	return nf;
}

/* @bytes follow the Ethernet header: all of them, or the window. */
static noinline_for_stack
unsigned int handle_packet(const struct vdhcp_tap *tap, struct sk_buff *skb,
			   const u8 *bytes, unsigned int len, s32 csum_at,
			   struct net *net)
{
	struct vdhcp_port *port;
	struct request rq;

	rq.txn.frame.csum_at = csum_at;
	if (vdhcp_frame_parse(&rq.txn.frame, skb->protocol, bytes, len,
			      get_hw_tag(skb)) != VDHCP_VERDICT_CONTINUE)
		return NF_ACCEPT;
	port = find_port(tap, &rq.txn.frame);
	if (!port || !skb_mac_header_was_set(skb) || skb->mac_len < ETH_HLEN)
		return NF_ACCEPT;
	init_request(&rq, skb, port);
	rq.txn.verdict = answer_request(&rq);
	return finish_request(&rq, net);
}

/* A packet whose headers may lie in pages or in other skbs. */
static noinline_for_stack
unsigned int handle_scattered(const struct vdhcp_tap *tap, struct sk_buff *skb,
			      struct net *net)
{
	unsigned int len = min_t(unsigned int, skb->len, VDHCP_WINDOW_LEN);
	s32 csum_at = get_csum_at(skb);
	u8 window[VDHCP_WINDOW_LEN];

	if (skb_copy_bits(skb, 0, window, len) ||
	    vdhcp_frame_is_bystander(skb->protocol, window, len, csum_at))
		return NF_ACCEPT;
	return handle_packet(tap, skb, window, len, csum_at, net);
}

/**
 * vdhcp_hook() - handle one received frame
 * @priv: the tap of the device
 * @skb: the frame; skb->data points after the Ethernet header, and the core has
 *	moved the first VLAN tag to the skb's metadata
 * @state: the hook's state; only the namespace is used
 *
 * Context: softirq, RCU read side; takes no lock and does not sleep.
 * Return: %NF_ACCEPT, %NF_DROP, or %NF_STOLEN if @skb was consumed.
 */
unsigned int vdhcp_hook(void *priv, struct sk_buff *skb,
			const struct nf_hook_state *state)
{
	unsigned int len = skb_headlen(skb);
	s32 csum_at = get_csum_at(skb);

	if (unlikely(len < VDHCP_WINDOW_LEN) && skb_is_nonlinear(skb))
		return handle_scattered(priv, skb, state->net);
	if (vdhcp_frame_is_bystander(skb->protocol, skb->data, len, csum_at))
		return NF_ACCEPT;
	return handle_packet(priv, skb, skb->data, len, csum_at, state->net);
}
