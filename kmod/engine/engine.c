// SPDX-License-Identifier: GPL-2.0
/* Entry points of the engine, which select the protocol of a frame. */
#include "protocols.h"

/**
 * vdhcp_engine_filter() - apply the policy of a port: mode, guard, addressee
 * @txn: the transaction, with a parsed frame
 *
 * Reads only the window of the frame and is cheap, so it comes before the rate
 * limit.
 *
 * Return: a verdict, or %VDHCP_VERDICT_CONTINUE if the port may answer the
 * frame.
 */
enum vdhcp_verdict vdhcp_engine_filter(struct vdhcp_txn *txn)
{
	const struct vdhcp_port_conf *port = txn->conf.port;
	const struct vdhcp_frame *frame = &txn->frame;

	/* ARP comes first, because guests send more of it than of DHCP. */
	if (frame->proto == VDHCP_PROTO_ARP &&
	    frame->flaw == VDHCP_VERDICT_CONTINUE)
		return vdhcp_arp_filter(txn);
	if (frame->reaches_clients && port->guard)
		return VDHCP_VERDICT_ROGUE_SERVER;
	if (frame->flaw != VDHCP_VERDICT_CONTINUE &&
	    vdhcp_port_strictness(port))
		return frame->flaw;
	switch (frame->proto) {
	case VDHCP_PROTO_DHCP4_CLIENT:
		return vdhcp_dhcp4_filter(txn);
	default:
		return VDHCP_VERDICT_NOT_OURS;
	}
}

static enum vdhcp_verdict decide_dhcp4(struct vdhcp_txn *txn)
{
	struct vdhcp_frame *frame = &txn->frame;
	const struct vdhcp_bootp *bootp;
	enum vdhcp_verdict verdict;

	if (frame->flaw != VDHCP_VERDICT_CONTINUE)
		return frame->flaw;
	verdict = vdhcp_frame_validate(frame);
	if (verdict != VDHCP_VERDICT_CONTINUE)
		return verdict;
	/* Only a frame without errors proves that its MAC is wrong. */
	if (!vdhcp_conf_is_own_mac(&txn->conf, frame->eth->src)) {
		txn->wrong_mac = frame->eth->src;
		return VDHCP_VERDICT_SPOOFED_SOURCE;
	}
	if (txn->conf.port->n_macs) {
		verdict = vdhcp_dhcp4_filter_server(txn);
		if (verdict != VDHCP_VERDICT_CONTINUE)
			return verdict;
	}
	bootp = (const struct vdhcp_bootp *)frame->payload;
	if (frame->payload_len >= VDHCP_BOOTP_LEN)
		txn->xid = bootp->xid;
	verdict = vdhcp_dhcp4_parse(txn);
	if (verdict == VDHCP_VERDICT_SPOOFED_CHADDR)
		txn->wrong_mac = bootp->chaddr;
	if (verdict != VDHCP_VERDICT_CONTINUE)
		return verdict;
	return vdhcp_dhcp4_decide(txn);
}

/**
 * vdhcp_engine_listed_mac() - find the client among the MACs that a port lists
 * @txn: the transaction, after vdhcp_engine_filter() has returned
 *	%VDHCP_VERDICT_CONTINUE; linear as for vdhcp_engine_decide()
 *
 * The client is identified by chaddr, because a guest with several interfaces
 * may send a message about one interface out of another one. The caller sets
 * the client of @txn->conf.
 *
 * Return: the entry; NULL if chaddr is not one of these MACs, or if the frame
 * has none.
 */
const struct vdhcp_listed_mac *
vdhcp_engine_listed_mac(const struct vdhcp_txn *txn)
{
	const struct vdhcp_frame *frame = &txn->frame;
	const struct vdhcp_bootp *bootp;
	unsigned int at;

	if (!txn->conf.port->n_macs ||
	    frame->proto != VDHCP_PROTO_DHCP4_CLIENT || frame->gso ||
	    frame->flaw != VDHCP_VERDICT_CONTINUE || frame->len > VDHCP_IP4_MAX)
		return NULL;
	at = (((const struct vdhcp_ip4 *)frame->l3)->ver_ihl & 0xf) * 4 +
	     VDHCP_UDP_HLEN;
	if (frame->len < at + VDHCP_BOOTP_LEN)
		return NULL;
	bootp = (const struct vdhcp_bootp *)(frame->l3 + at);
	return vdhcp_port_find_mac(txn->conf.port, bootp->chaddr);
}

/**
 * vdhcp_engine_decide() - validate and parse a frame, and decide on it
 * @txn: the transaction, after vdhcp_engine_filter() has returned
 *	%VDHCP_VERDICT_CONTINUE; the frame must be linear, unless it is longer
 *	than %VDHCP_IP4_MAX, GSO, or ARP
 *
 * Return: the verdict.
 */
enum vdhcp_verdict vdhcp_engine_decide(struct vdhcp_txn *txn)
{
	switch (txn->frame.proto) {
	case VDHCP_PROTO_DHCP4_CLIENT:
		return decide_dhcp4(txn);
	case VDHCP_PROTO_ARP:
		return VDHCP_VERDICT_ARP_REPLY;
	default:
		return VDHCP_VERDICT_NOT_OURS;
	}
}

/**
 * vdhcp_engine_build() - build a reply
 * @txn: the transaction, after vdhcp_engine_decide() has returned a verdict of
 *	kind reply; may add notes
 * @out: buffer of vdhcp_txn_reply_max() bytes
 *
 * Return: bytes of the reply, from the Ethernet header on, without a VLAN tag,
 * all of them set; 0 if the shortest reply exceeds the client's maximum size.
 */
u16 vdhcp_engine_build(struct vdhcp_txn *txn, u8 *out)
{
	switch (txn->frame.proto) {
	case VDHCP_PROTO_DHCP4_CLIENT:
		return vdhcp_dhcp4_build(txn, out);
	case VDHCP_PROTO_ARP:
		return vdhcp_arp_build(txn, out);
	default:
		return 0;
	}
}

/**
 * vdhcp_txn_has_option() - check whether the request has an option
 * @txn: the transaction, after vdhcp_engine_decide()
 * @code: option code
 * @value: set to the position of the value in the payload; if the option is
 *	split, to that of the first piece
 *
 * For options that do not affect the reply and are not parsed for that reason.
 * The frame must still be in memory.
 *
 * Return: true if it does.
 */
bool vdhcp_txn_has_option(const struct vdhcp_txn *txn, u8 code,
			  struct vdhcp_span *value)
{
	return txn->frame.proto == VDHCP_PROTO_DHCP4_CLIENT &&
	       txn->frame.payload && vdhcp_dhcp4_has_option(txn, code, value);
}
