// SPDX-License-Identifier: GPL-2.0
/* DHCPv4: Ethernet, IPv4 and UDP headers of a reply. */
#include "protocols.h"

/**
 * vdhcp_dhcp4_build_headers() - build the headers of a reply
 * @txn: the transaction
 * @out: the reply, from the Ethernet header on
 * @len: bytes of the DHCP message, which is already in place
 */
void vdhcp_dhcp4_build_headers(const struct vdhcp_txn *txn, u8 *out, u16 len)
{
	struct vdhcp_ip4 *ip = (struct vdhcp_ip4 *)(out + VDHCP_ETH_HLEN);
	struct vdhcp_udp *udp =
		(struct vdhcp_udp *)(out + VDHCP_ETH_HLEN + VDHCP_IP4_HLEN);
	const struct vdhcp_subnet_conf *subnet = txn->conf.subnet;
	struct vdhcp_eth *eth = (struct vdhcp_eth *)out;
	u32 sum;

	if (txn->dhcp4.broadcast)
		memset(eth->dst, 0xff, VDHCP_ETH_ALEN);
	else
		memcpy(eth->dst, txn->frame.eth->src, VDHCP_ETH_ALEN);
	memcpy(eth->src, subnet->server_mac, VDHCP_ETH_ALEN);
	eth->type = cpu_to_be16(VDHCP_ETHERTYPE_IPV4);

	ip->ver_ihl = 0x45;
	ip->tos = 0;
	ip->tot_len = cpu_to_be16(VDHCP_HEADERS + len);
	ip->id = 0;
	ip->frag = cpu_to_be16(VDHCP_IP4_DF);
	ip->ttl = 64;
	ip->protocol = VDHCP_IP4_UDP;
	ip->check = 0;
	ip->saddr = txn->dhcp4.src;
	ip->daddr = txn->dhcp4.dst;
	ip->check = vdhcp_fold(vdhcp_sum(ip, VDHCP_IP4_HLEN, 0));

	udp->source = cpu_to_be16(VDHCP_PORT_SERVER);
	udp->dest = cpu_to_be16(VDHCP_PORT_CLIENT);
	udp->len = cpu_to_be16(VDHCP_UDP_HLEN + len);
	udp->check = 0;
	sum = (__force u32)cpu_to_be16(VDHCP_IP4_UDP) + (__force u32)udp->len;
	sum = vdhcp_sum(&ip->saddr, 2 * sizeof(ip->saddr), sum);
	udp->check = vdhcp_fold(vdhcp_sum(udp, VDHCP_UDP_HLEN + len, sum));
	/* 0 means that there is no checksum (RFC 768). */
	if (!udp->check)
		udp->check = (__force __be16)0xffff;
}
