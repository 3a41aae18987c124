// SPDX-License-Identifier: GPL-2.0
/* The engine's front door: selects the protocol that a frame is of. */
#include "protocols.h"

/*
 * What comes after too many VLAN tags is unknown. A port that keeps anything
 * from leaving keeps this from leaving as well.
 */
static enum vdhcp_verdict filter_tagged(const struct vdhcp_port_conf *port)
{
	return port->guard || port->mode == VDHCP_MODE_DENY ?
	       VDHCP_VERDICT_TOO_LONG : VDHCP_VERDICT_NOT_OURS;
}

/**
 * vdhcp_engine_filter() - apply the policy of a port: mode, guard, addressee
 * @txn: the transaction, with a parsed frame
 *
 * Reads no more than the frame's window and costs little, so it comes before
 * the rate limit.
 *
 * Return: a verdict, or %VDHCP_VERDICT_CONTINUE if the port answers such
 * frames.
 */
enum vdhcp_verdict vdhcp_engine_filter(const struct vdhcp_txn *txn)
{
	switch (txn->frame.proto) {
	case VDHCP_PROTO_DHCP4_CLIENT:
	case VDHCP_PROTO_DHCP4_SERVER:
		return vdhcp_dhcp4_filter(txn);
	case VDHCP_PROTO_ARP:
		return vdhcp_arp_filter(txn);
	case VDHCP_PROTO_TAGGED:
		return filter_tagged(txn->conf.port);
	default:
		return VDHCP_VERDICT_NOT_OURS;
	}
}

static enum vdhcp_verdict decide_dhcp4(struct vdhcp_txn *txn)
{
	struct vdhcp_frame *frame = &txn->frame;
	const struct vdhcp_bootp *bootp;
	enum vdhcp_verdict verdict;

	verdict = vdhcp_frame_validate(frame, txn->conf.port->mac);
	if (verdict == VDHCP_VERDICT_SPOOFED_SOURCE)
		txn->wrong_mac = frame->eth->src;
	if (verdict != VDHCP_VERDICT_CONTINUE)
		return verdict;
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
 * vdhcp_engine_decide() - validate and parse a frame, and decide on it
 * @txn: the transaction, for which vdhcp_engine_filter() said continue; its
 *	frame is linear from now on unless it is longer than %VDHCP_IP4_MAX,
 *	to be segmented, or ARP
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
 * vdhcp_engine_build() - build the reply that was decided on
 * @txn: the transaction, with a verdict that replies; notes are added
 * @out: buffer of vdhcp_txn_reply_max() bytes
 *
 * Return: bytes of the reply from the Ethernet header on, without a VLAN tag;
 * all of them are set. 0 if the client does not accept the shortest reply.
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
 * vdhcp_txn_has_option() - does the request carry an option?
 * @txn: the transaction, after vdhcp_engine_decide()
 * @code: option code
 * @value: set to the place of the value in the payload; for an option in
 *	several pieces to that of the first
 *
 * For options that no reply depends on, so that parsing does not pay for them.
 * The frame must still be there.
 *
 * Return: true if it does.
 */
bool vdhcp_txn_has_option(const struct vdhcp_txn *txn, u8 code,
			  struct vdhcp_span *value)
{
	return txn->frame.proto == VDHCP_PROTO_DHCP4_CLIENT &&
	       txn->frame.payload && vdhcp_dhcp4_has_option(txn, code, value);
}
