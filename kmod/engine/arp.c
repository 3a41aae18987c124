// SPDX-License-Identifier: GPL-2.0
/*
 * ARP for the server identifier. Unless it is the gateway, no interface has
 * this address. If it did not resolve, renewals would fail, and Windows would
 * then give up the network.
 */
#include "protocols.h"

static const struct vdhcp_arp *get_arp(const struct vdhcp_txn *txn)
{
	return (const struct vdhcp_arp *)txn->frame.l3;
}

/**
 * vdhcp_arp_filter() - decide whether an ARP frame is for this port
 * @txn: the transaction
 *
 * Return: %VDHCP_VERDICT_CONTINUE for a request that the port answers, or
 * %VDHCP_VERDICT_NOT_OURS.
 */
enum vdhcp_verdict vdhcp_arp_filter(const struct vdhcp_txn *txn)
{
	const struct vdhcp_subnet_conf *subnet = txn->conf.subnet;
	const struct vdhcp_port_conf *port = txn->conf.port;
	const struct vdhcp_arp *arp = get_arp(txn);

	if (port->mode != VDHCP_MODE_SERVE || !subnet->answer_arp ||
	    txn->frame.len < VDHCP_ARP_LEN || arp->tpa != subnet->server_id ||
	    arp->op != cpu_to_be16(VDHCP_ARP_REQUEST) ||
	    arp->htype != cpu_to_be16(VDHCP_HTYPE_ETHERNET) ||
	    arp->ptype != cpu_to_be16(VDHCP_ETHERTYPE_IPV4) ||
	    arp->hlen != VDHCP_ETH_ALEN || arp->plen != sizeof(arp->tpa) ||
	    !vdhcp_txn_is_in_vlan(txn))
		return VDHCP_VERDICT_NOT_OURS;
	/* A forged sender gets no reply, so its ARP cache does not change. */
	if (memcmp(txn->frame.eth->src, arp->sha, VDHCP_ETH_ALEN) ||
	    !vdhcp_conf_is_own_mac(&txn->conf, arp->sha))
		return VDHCP_VERDICT_NOT_OURS;
	return VDHCP_VERDICT_CONTINUE;
}

/**
 * vdhcp_arp_build() - build the reply to an ARP request
 * @txn: the transaction
 * @out: buffer of %VDHCP_ARP_FRAME bytes
 *
 * Return: bytes of the reply, from the Ethernet header on.
 */
u16 vdhcp_arp_build(const struct vdhcp_txn *txn, u8 *out)
{
	struct vdhcp_arp *arp = (struct vdhcp_arp *)(out + VDHCP_ETH_HLEN);
	const struct vdhcp_subnet_conf *subnet = txn->conf.subnet;
	struct vdhcp_eth *eth = (struct vdhcp_eth *)out;
	const struct vdhcp_arp *request = get_arp(txn);

	memcpy(eth->dst, txn->frame.eth->src, VDHCP_ETH_ALEN);
	memcpy(eth->src, subnet->server_mac, VDHCP_ETH_ALEN);
	eth->type = cpu_to_be16(VDHCP_ETHERTYPE_ARP);
	arp->htype = cpu_to_be16(VDHCP_HTYPE_ETHERNET);
	arp->ptype = cpu_to_be16(VDHCP_ETHERTYPE_IPV4);
	arp->hlen = VDHCP_ETH_ALEN;
	arp->plen = sizeof(arp->tpa);
	arp->op = cpu_to_be16(VDHCP_ARP_REPLY);
	memcpy(arp->sha, subnet->server_mac, VDHCP_ETH_ALEN);
	arp->spa = subnet->server_id;
	memcpy(arp->tha, request->sha, VDHCP_ETH_ALEN);
	arp->tpa = request->spa;
	return VDHCP_ARP_FRAME;
}
