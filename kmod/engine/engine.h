/* SPDX-License-Identifier: GPL-2.0 */
/**
 * DOC: The engine
 *
 * The engine takes one frame and one configuration, decides on the frame and
 * builds the reply. It uses no skb, no device, no lock and no allocator, and it
 * keeps no state, so the same input always gives the same bytes. The same files
 * are compiled into the module, into its KUnit suites, and in user space into
 * the vector runner, the fuzzers and the benchmark.
 *
 * The caller calls four functions in this order: vdhcp_frame_parse(),
 * vdhcp_engine_filter(), vdhcp_engine_decide() and vdhcp_engine_build(). The
 * first three return a verdict, or %VDHCP_VERDICT_CONTINUE if the next function
 * is to be called. Between filter and decide, the packet path takes a token of
 * the rate limit, makes the frame linear, and selects the client with
 * vdhcp_engine_listed_mac() if the port lists several MACs.
 *
 * A protocol consists of a file with the steps of protocols.h and a case in
 * each switch of engine.c. There are no function pointers, because the stack
 * checker cannot follow them.
 */
#ifndef VDHCP_ENGINE_ENGINE_H
#define VDHCP_ENGINE_ENGINE_H

#include "conf.h"
#include "dhcp4.h"
#include "frame.h"
#include "verdict.h"
#include "wire.h"

/* Bytes of an ARP reply; a DHCP reply has at most VDHCP_FRAME_MAX. */
#define VDHCP_ARP_FRAME		(VDHCP_ETH_HLEN + VDHCP_ARP_LEN)

/**
 * struct vdhcp_txn - a transaction: one frame, its verdict and its reply
 * @conf: configuration of the port
 * @frame: the parsed frame
 * @wrong_mac: MAC in the frame that is not the guest's; NULL unless the frame
 *	is dropped for that reason
 * @received: ktime_get_ns() when the frame was received; 0 if not known yet
 * @started: @received of the first message with this @xid; 0 if unknown
 * @verdict: the verdict
 * @xid: transaction ID, 0 if there is none
 * @message: enum vdhcp_message, or %VDHCP_MESSAGES if it was not parsed
 * @notes: bit per enum vdhcp_note
 * @first_ack: the guest did not hold its address before this ACK
 * @to_other: the message is addressed to another server; set by
 *	vdhcp_engine_filter() for client messages that it lets continue
 * @dhcp4: the parsed request; present if @frame.proto is
 *	%VDHCP_PROTO_DHCP4_CLIENT
 *
 * The caller sets @conf, and the members of @frame that struct vdhcp_frame
 * names. The engine does not use @verdict, @received, @started and @first_ack.
 * vdhcp_client_update() sets the last two after the verdict.
 */
struct vdhcp_txn {
	struct vdhcp_conf conf;
	struct vdhcp_frame frame;
	const u8 *wrong_mac;
	u64 received;
	u64 started;
	enum vdhcp_verdict verdict;
	__be32 xid;
	u8 message;
	u8 notes;
	bool first_ack;
	bool to_other;
	union {
		struct vdhcp_dhcp4 dhcp4;
	};
};

/**
 * vdhcp_txn_init() - initialise a transaction
 * @txn: the transaction; its conf, frame, dhcp4, started, first_ack and
 *	to_other are left as they are
 */
static inline void vdhcp_txn_init(struct vdhcp_txn *txn)
{
	txn->wrong_mac = NULL;
	txn->received = 0;
	txn->verdict = VDHCP_VERDICT_CONTINUE;
	txn->xid = 0;
	txn->message = VDHCP_MESSAGES;
	txn->notes = 0;
}

/**
 * vdhcp_txn_reply_max() - get the size of the longest reply
 * @txn: the transaction, with a parsed frame
 *
 * Return: bytes of the buffer that vdhcp_engine_build() needs.
 */
static inline unsigned int vdhcp_txn_reply_max(const struct vdhcp_txn *txn)
{
	return txn->frame.proto == VDHCP_PROTO_ARP ? VDHCP_ARP_FRAME :
						     VDHCP_FRAME_MAX;
}

/**
 * vdhcp_txn_is_in_vlan() - check whether a frame is in the VLAN of its port
 * @txn: the transaction, with a parsed frame
 *
 * Return: false if the port only judges the frame, because no port of the
 * device is in the VLAN, or VLANs, of the frame.
 */
static inline bool vdhcp_txn_is_in_vlan(const struct vdhcp_txn *txn)
{
	return txn->frame.vlan == txn->conf.vlan;
}

enum vdhcp_verdict vdhcp_engine_filter(struct vdhcp_txn *txn);
const struct vdhcp_listed_mac *
vdhcp_engine_listed_mac(const struct vdhcp_txn *txn);
enum vdhcp_verdict vdhcp_engine_decide(struct vdhcp_txn *txn);
u16 vdhcp_engine_build(struct vdhcp_txn *txn, u8 *out);
bool vdhcp_txn_has_option(const struct vdhcp_txn *txn, u8 code,
			  struct vdhcp_span *value);

/**
 * vdhcp_txn_parse() - parse a linear frame
 * @txn: the transaction; its frame is filled in, except for csum_at, csum_ok
 *	and gso
 * @bytes: the frame, from the Ethernet header on
 * @len: bytes at @bytes
 * @hw_tag: VLAN tag that is not in the frame
 *
 * Return: see vdhcp_frame_parse().
 */
static inline enum vdhcp_verdict
vdhcp_txn_parse(struct vdhcp_txn *txn, const u8 *bytes, unsigned int len,
		struct vdhcp_tag hw_tag)
{
	const struct vdhcp_eth *eth = (const struct vdhcp_eth *)bytes;

	if (len < VDHCP_ETH_HLEN)
		return VDHCP_VERDICT_NOT_OURS;
	txn->frame.eth = eth;
	return vdhcp_frame_parse(&txn->frame, eth->type, bytes + VDHCP_ETH_HLEN,
				 len - VDHCP_ETH_HLEN, hw_tag);
}

/**
 * vdhcp_engine_answer() - decide on a parsed frame and build the reply
 * @txn: the transaction, with a linear frame
 * @out: buffer of vdhcp_txn_reply_max() bytes
 * @len: set to the bytes of the reply, 0 for none
 *
 * Calls all steps in their order, for callers that have no rate limit and no
 * buffers to allocate.
 *
 * Return: the verdict.
 */
static inline enum vdhcp_verdict
vdhcp_engine_answer(struct vdhcp_txn *txn, u8 *out, u16 *len)
{
	enum vdhcp_verdict verdict;

	*len = 0;
	verdict = vdhcp_engine_filter(txn);
	if (verdict == VDHCP_VERDICT_CONTINUE)
		verdict = vdhcp_engine_decide(txn);
	if (!vdhcp_verdict_replies(verdict))
		return verdict;
	*len = vdhcp_engine_build(txn, out);
	return *len ? verdict : VDHCP_VERDICT_NO_ROOM;
}

#endif /* VDHCP_ENGINE_ENGINE_H */
