// SPDX-License-Identifier: GPL-2.0
/*
 * The packet path: every frame that a device with ports receives comes here,
 * in softirq and under the RCU read lock, before bridge, switch or stack.
 *
 * Almost all of them are not for us, and to tell takes a few loads. What costs
 * stack is kept out of that path (noinline_for_stack). The request is never
 * written to: it may be shared, and it may have to be passed on.
 */
#include <linux/atomic.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ktime.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include "engine/engine.h"
#include "event.h"
#include "hook.h"
#include "port.h"
#include "trace.h"
#include "xmit.h"

/* Tags within a frame that are looked at; one of VID 0 is what the standard knows. */
#define TAGS_MAX 4

/**
 * struct inner - what there is before the network header
 * @at: offset of that header from skb->data on: the length of the tags within the frame
 * @tag: the frame's, see step_over(), if @at is not 0; else it is the one beside the frame
 */
struct inner {
	unsigned int at;
	struct vdhcp_tag tag;
};

/**
 * struct job - one packet that may be ours
 * @skb: the packet
 * @at: offset of its network header from skb->data on
 * @tag: of the reply, and of the packet: that of the VLAN, or one of VID 0, or none
 * @port: where it came from
 * @snap: what @port is now; read once
 * @conf: the same for the engine
 * @pkt: the same as @skb for the engine
 * @reply: the frame to send if one is allocated yet
 * @draft: the event that an ACK will be
 * @mac: chaddr if that is what is wrong; maybe in @reply
 * @out: what became of it
 */
struct job {
	struct sk_buff *skb;
	unsigned int at;
	struct vdhcp_tag tag;
	struct vdhcp_port *port;
	const struct vdhcp_port_snap *snap;
	struct vdhcp_conf conf;
	struct vdhcp_packet pkt;
	struct sk_buff *reply;
	struct sk_buff *draft;
	const u8 *mac;
	struct vdhcp_outcome out;
};

static struct vdhcp_tag tag_beside(const struct sk_buff *skb)
{
	struct vdhcp_tag tag = {};

	if (skb_vlan_tag_present(skb)) {
		tag.proto = skb->vlan_proto;
		tag.tci = skb_vlan_tag_get(skb);
	}
	return tag;
}

static bool is_vlan(struct vdhcp_tag tag)
{
	return tag.tci & VLAN_VID_MASK;
}

/* The port of the packet's VLAN; what has another kind of VLAN is on another link. */
static struct vdhcp_port *find_port(const struct vdhcp_tap *tap, struct vdhcp_tag tag)
{
	if (is_vlan(tag) && tag.proto != htons(ETH_P_8021Q))
		return NULL;
	return vdhcp_port_lookup(tap, tag.tci & VLAN_VID_MASK);
}

/* False if no port is concerned. */
static bool enter(struct job *job, struct vdhcp_port *port)
{
	const struct sk_buff *skb = job->skb;
	const struct vdhcp_subnet *subnet;

	if (!port || !skb_mac_header_was_set(skb) || skb->mac_len < ETH_HLEN)
		return false;
	job->port = port;
	job->snap = rcu_dereference(job->port->snap);
	subnet = job->snap->subnet;
	job->conf.port = &job->snap->conf;
	job->conf.subnet = subnet ? &rcu_dereference(subnet->snap)->conf : NULL;
	job->conf.mtu = min_t(unsigned int, READ_ONCE(skb->dev->mtu), U16_MAX);
	job->pkt.eth = (const struct vdhcp_eth *)skb_mac_header(skb);
	job->pkt.csum_ok = skb->ip_summed == CHECKSUM_PARTIAL ||
			   skb->ip_summed == CHECKSUM_UNNECESSARY;
	job->reply = NULL;
	job->draft = NULL;
	job->mac = NULL;
	job->out.message = VDHCP_MESSAGES;
	job->out.notes = 0;
	job->out.xid = 0;
	job->out.at = 0;
	return true;
}

static bool begin(struct job *job, const struct vdhcp_tap *tap, struct sk_buff *skb,
		  struct inner in)
{
	job->skb = skb;
	job->at = in.at;
	job->tag = in.at ? in.tag : tag_beside(skb);
	return enter(job, find_port(tap, job->tag));
}

/* Who loses the race for a token four times in a row goes without. */
static bool take_token(struct job *job)
{
	const struct vdhcp_bucket *bucket = &job->snap->bucket;
	atomic64_t *state = &job->port->full_at;
	s64 old = atomic64_read(state);
	unsigned int tries;
	u64 full_at, now;

	if (!bucket->interval)
		return true;
	now = ktime_get_ns();
	job->out.at = now;
	for (tries = 0; tries < 4; tries++) {
		full_at = old;
		if (!vdhcp_bucket_take(bucket, &full_at, now))
			return false;
		if (atomic64_try_cmpxchg_relaxed(state, &old, full_at))
			return true;
	}
	return false;
}

/* A frame of up to @len bytes is in job->reply; send it. */
static int send(struct job *job, unsigned int len, int verdict)
{
	struct sk_buff *reply = job->reply;

	job->reply = NULL;
	return vdhcp_xmit_send(reply, job->tag, len) ? VDHCP_VERDICT_TX_DROPPED : verdict;
}

static int reply_dhcp(struct job *job, struct vdhcp_dhcp4 *req, int verdict)
{
	unsigned int len;

	if (!job->reply)
		job->reply = vdhcp_xmit_alloc(job->skb->dev, VDHCP_FRAME_MAX);
	if (!job->reply)
		return VDHCP_VERDICT_NO_MEMORY;
	len = vdhcp_dhcp4_write(&job->conf, req, job->reply->data);
	if (!len)
		return VDHCP_VERDICT_NO_ROOM;
	return send(job, len, verdict);
}

static noinline_for_stack int decide_dhcp(struct job *job, const struct vdhcp_frame *frame)
{
	const struct vdhcp_bootp *bootp = (const struct vdhcp_bootp *)frame->dhcp;
	struct vdhcp_dhcp4 req;
	int verdict;

	verdict = vdhcp_dhcp4_parse(&job->conf, frame, &req);
	if (verdict == VDHCP_CONTINUE)
		verdict = vdhcp_dhcp4_decide(&job->conf, &req);
	/* All that is wanted of the request: its copy goes with the reply. */
	if (frame->len >= VDHCP_BOOTP_LEN)
		job->out.xid = bootp->xid;
	if (verdict == VDHCP_VERDICT_SPOOFED_CHADDR)
		job->mac = bootp->chaddr;
	if (vdhcp_event_of(verdict) == VDHCP_EVENT_ACK)
		job->draft = vdhcp_event_draft(vdhcp_pernet(dev_net(job->skb->dev)), &req);
	if (vdhcp_verdict_replies(verdict))
		verdict = reply_dhcp(job, &req, verdict);
	job->out.message = req.message;
	job->out.notes = req.notes;
	return verdict;
}

/*
 * Let the engine see the packet in one piece: in place if it is, else as a
 * copy behind the room for the reply, so that one allocation does for both.
 */
static bool look(struct job *job)
{
	struct sk_buff *skb = job->skb;
	u8 *copy;

	job->pkt.len = skb->len - job->at;
	job->pkt.l3 = skb->data + job->at;
	if (!skb_is_nonlinear(skb))
		return true;
	job->reply = vdhcp_xmit_alloc(skb->dev, VDHCP_FRAME_MAX + VDHCP_IP4_MAX);
	if (!job->reply)
		return false;
	copy = job->reply->data + VDHCP_FRAME_MAX;
	job->pkt.l3 = copy;
	return !skb_copy_bits(skb, job->at, copy, job->pkt.len);
}

static int serve(struct job *job)
{
	struct vdhcp_frame frame;
	int verdict;

	if (!take_token(job))
		return VDHCP_VERDICT_RATE_LIMITED;
	if (job->skb->len - job->at > VDHCP_IP4_MAX || skb_is_gso(job->skb))
		return VDHCP_VERDICT_TOO_LONG;
	if (!look(job))
		return VDHCP_VERDICT_NO_MEMORY;
	verdict = vdhcp_frame_check(&job->conf, &job->pkt, &frame);
	if (verdict == VDHCP_CONTINUE)
		verdict = decide_dhcp(job, &frame);
	return verdict;
}

/* From what became of a packet to what netfilter does with it. */
static const u8 fates[VDHCP_KINDS] = {
	[VDHCP_KIND_REPLY] = NF_STOLEN,
	[VDHCP_KIND_CONSUMED] = NF_STOLEN,
	[VDHCP_KIND_DROP] = NF_DROP,
	[VDHCP_KIND_PASS] = NF_ACCEPT,
};

static noinline_for_stack void report(const struct job *job, struct vdhcp_net *vn)
{
	struct vdhcp_notice notice = {
		.port = job->port,
		.conf = &job->snap->conf,
		.out = &job->out,
		.mac = job->out.verdict == VDHCP_VERDICT_SPOOFED_SOURCE ? job->pkt.eth->src :
									  job->mac,
	};

	vdhcp_event_packet(vn, &notice, job->draft);
}

static unsigned int finish(struct job *job, int verdict, const struct nf_hook_state *state)
{
	struct vdhcp_net *vn;
	unsigned int fate;

	/* Said before anything is allocated. */
	if (verdict == VDHCP_NOT_OURS)
		return NF_ACCEPT;
	vn = vdhcp_pernet(state->net);
	job->out.verdict = verdict;
	vdhcp_stats_count(vn, job->port, &job->out);
	vdhcp_stats_remember(job->port, &job->out);
	trace_vdhcp_request(job->skb->dev, job->port->vlan, job->pkt.eth->src, &job->out);
	if (vdhcp_event_of(verdict) != VDHCP_EVENT_NONE)
		report(job, vn);
	else
		vdhcp_event_drop(job->draft);
	consume_skb(job->reply);
	fate = fates[vdhcp_verdict_kind(verdict)];
	if (fate == NF_STOLEN)
		consume_skb(job->skb);
	return fate;
}

static noinline_for_stack
unsigned int handle_dhcp(const struct vdhcp_tap *tap, struct sk_buff *skb, struct inner in,
			 enum vdhcp_class class, const struct vdhcp_ip4 *ip,
			 const struct nf_hook_state *state)
{
	struct job job;
	int verdict;

	if (!begin(&job, tap, skb, in))
		return NF_ACCEPT;
	verdict = vdhcp_frame_claim(&job.conf, class, job.pkt.eth, ip);
	if (verdict == VDHCP_CONTINUE)
		verdict = serve(&job);
	return finish(&job, verdict, state);
}

static int reply_arp(struct job *job)
{
	unsigned int len;

	if (!take_token(job))
		return VDHCP_VERDICT_RATE_LIMITED;
	job->reply = vdhcp_xmit_alloc(job->skb->dev, VDHCP_ARP_FRAME);
	if (!job->reply)
		return VDHCP_VERDICT_NO_MEMORY;
	len = vdhcp_arp_write(&job->conf, &job->pkt, job->reply->data);
	return send(job, len, VDHCP_VERDICT_ARP_REPLY);
}

static noinline_for_stack
unsigned int handle_arp(const struct vdhcp_tap *tap, struct sk_buff *skb, struct inner in,
			const struct nf_hook_state *state)
{
	struct vdhcp_arp buf;
	struct job job;
	int verdict;

	if (!begin(&job, tap, skb, in))
		return NF_ACCEPT;
	job.pkt.l3 = skb_header_pointer(skb, in.at, sizeof(buf), &buf);
	job.pkt.len = sizeof(buf);
	if (!job.pkt.l3)
		return NF_ACCEPT;
	verdict = vdhcp_arp_decide(&job.conf, &job.pkt);
	if (verdict == VDHCP_VERDICT_ARP_REPLY)
		verdict = reply_arp(&job);
	return finish(&job, verdict, state);
}

static unsigned int handle_ip4(const struct vdhcp_tap *tap, struct sk_buff *skb,
			       struct inner in, const struct nf_hook_state *state)
{
	const unsigned int ports = offsetofend(struct vdhcp_udp, dest);
	const struct vdhcp_udp *udp;
	const struct vdhcp_ip4 *ip;
	struct vdhcp_ip4 ipbuf;
	struct vdhcp_udp udpbuf;
	enum vdhcp_class class;
	unsigned int hlen;

	ip = skb_header_pointer(skb, in.at, sizeof(ipbuf), &ipbuf);
	hlen = ip ? vdhcp_ip4_udp_offset(ip) : 0;
	udp = hlen ? skb_header_pointer(skb, in.at + hlen, ports, &udpbuf) : NULL;
	class = udp ? vdhcp_udp_class(udp->dest) : VDHCP_CLASS_OTHER;
	if (class == VDHCP_CLASS_OTHER)
		return NF_ACCEPT;
	return handle_dhcp(tap, skb, in, class, ip, state);
}

static unsigned int handle(const struct vdhcp_tap *tap, struct sk_buff *skb, __be16 proto,
			   struct inner in, const struct nf_hook_state *state)
{
	if (proto == htons(ETH_P_IP))
		return handle_ip4(tap, skb, in, state);
	if (proto == htons(ETH_P_ARP))
		return handle_arp(tap, skb, in, state);
	return NF_ACCEPT;
}

/*
 * Nobody looks further. If no VLAN was told yet, what is there may be of any: that of the
 * first port will do. Where something is kept from getting out, so is this.
 */
static noinline_for_stack
unsigned int handle_deep(const struct vdhcp_tap *tap, struct sk_buff *skb, struct vdhcp_tag tag,
			 const struct nf_hook_state *state)
{
	struct job job = { .skb = skb };

	if (!enter(&job, is_vlan(tag) ? find_port(tap, tag) : vdhcp_port_first(tap)))
		return NF_ACCEPT;
	if (!job.conf.port->guard && job.conf.port->mode != VDHCP_MODE_DENY)
		return NF_ACCEPT;
	return finish(&job, VDHCP_VERDICT_TOO_LONG, state);
}

/*
 * VID 0 is a priority tag, which says nothing about the VLAN; so one is stepped over,
 * whatever its protocol, before the VLAN's tag and within it. Receivers do the same, or
 * guests could hide from us behind such tags. A VLAN within a VLAN is another link.
 */
static noinline_for_stack
unsigned int step_over(const struct vdhcp_tap *tap, struct sk_buff *skb,
		       const struct nf_hook_state *state)
{
	struct inner in = { .tag = tag_beside(skb) };
	const struct vlan_hdr *hdr;
	__be16 proto = skb->protocol;
	struct vdhcp_tag tag;
	struct vlan_hdr buf;

	while (eth_type_vlan(proto)) {
		if (in.at == TAGS_MAX * VLAN_HLEN)
			return handle_deep(tap, skb, in.tag, state);
		hdr = skb_header_pointer(skb, in.at, sizeof(buf), &buf);
		if (!hdr)
			return NF_ACCEPT;
		tag.tci = ntohs(hdr->h_vlan_TCI);
		/* A guest knows one of VID 0 best by this protocol. */
		tag.proto = is_vlan(tag) ? proto : htons(ETH_P_8021Q);
		if (!is_vlan(in.tag))
			in.tag = tag;
		else if (is_vlan(tag))
			return NF_ACCEPT;
		proto = hdr->h_vlan_encapsulated_proto;
		in.at += VLAN_HLEN;
	}
	return handle(tap, skb, proto, in, state);
}

/**
 * vdhcp_hook() - look at one received frame
 * @priv: the tap of the device
 * @skb: the frame; skb->data is behind the Ethernet header
 * @state: of which only the namespace is used
 *
 * Context: softirq, RCU read side; takes no lock and does not sleep.
 * Return: %NF_ACCEPT, or %NF_DROP, or %NF_STOLEN if @skb is consumed.
 */
unsigned int vdhcp_hook(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	const struct vdhcp_tap *tap = priv;

	/* The core has put the first tag beside the frame. */
	if (unlikely(eth_type_vlan(skb->protocol)))
		return step_over(tap, skb, state);
	return handle(tap, skb, skb->protocol, (struct inner){}, state);
}
