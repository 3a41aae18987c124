// SPDX-License-Identifier: GPL-2.0
/*
 * Ethernet, IPv4 and UDP: what a frame is, whether it is ours, and whether it
 * is sound enough to look at its payload.
 */
#include "engine.h"

/**
 * vdhcp_frame_classify() - what a linear frame is, by protocol and ports
 * @ethertype: host order, after any VLAN tag
 * @l3: what follows the Ethernet header
 * @len: bytes at @l3
 *
 * The hook does the same on an skb, piece by piece, with the same helpers.
 *
 * Return: the class; a frame too short to tell is %VDHCP_CLASS_OTHER.
 */
enum vdhcp_class vdhcp_frame_classify(u16 ethertype, const u8 *l3, u32 len)
{
	const struct vdhcp_udp *udp;
	unsigned int at;

	if (ethertype == VDHCP_ETHERTYPE_ARP)
		return VDHCP_CLASS_ARP;
	if (ethertype != VDHCP_ETHERTYPE_IPV4 || len < VDHCP_IP4_HLEN)
		return VDHCP_CLASS_OTHER;
	at = vdhcp_ip4_udp_offset((const struct vdhcp_ip4 *)l3);
	if (!at || len < at + offsetof(struct vdhcp_udp, len))
		return VDHCP_CLASS_OTHER;
	udp = (const struct vdhcp_udp *)(l3 + at);
	return vdhcp_udp_class(udp->dest);
}

/* A message to all, or to us; whatever else is between the guest and others. */
static bool to_us(const struct vdhcp_subnet_conf *subnet, const struct vdhcp_eth *eth,
		  __be32 daddr)
{
	return daddr == subnet->server_id || daddr == cpu_to_be32(0xffffffff) ||
	       (subnet->broadcast && daddr == subnet->broadcast) || eth->dst[0] & 1;
}

/**
 * vdhcp_frame_claim() - whose is a DHCP frame?
 * @conf: configuration of the port
 * @class: what vdhcp_udp_class() says; client or server
 * @eth: Ethernet header
 * @ip: IPv4 header
 *
 * Looks at addresses only, so it is cheap and may come before the rate limit.
 *
 * Return: a verdict, %VDHCP_NOT_OURS, or %VDHCP_CONTINUE if the frame is a
 * client's message that this port answers.
 */
int vdhcp_frame_claim(const struct vdhcp_conf *conf, enum vdhcp_class class,
		      const struct vdhcp_eth *eth, const struct vdhcp_ip4 *ip)
{
	const struct vdhcp_port_conf *port = conf->port;

	if (class == VDHCP_CLASS_SERVER)
		return port->guard ? VDHCP_VERDICT_ROGUE_SERVER : VDHCP_NOT_OURS;
	if (class != VDHCP_CLASS_CLIENT)
		return VDHCP_NOT_OURS;
	if (port->mode == VDHCP_MODE_DENY)
		return VDHCP_VERDICT_DENIED;
	if (port->mode != VDHCP_MODE_SERVE)
		return VDHCP_VERDICT_PASS_MODE;
	return to_us(conf->subnet, eth, ip->daddr) ? VDHCP_CONTINUE :
						     VDHCP_VERDICT_PASS_UNICAST;
}

/* RFC 768: pseudo header, header and payload sum up to all ones. */
static bool udp_sum_ok(const struct vdhcp_ip4 *ip, const struct vdhcp_udp *udp, u16 len)
{
	u32 sum = (__force u32)cpu_to_be16(VDHCP_IP4_UDP) + (__force u32)cpu_to_be16(len);

	sum = vdhcp_sum(&ip->saddr, 2 * sizeof(ip->saddr), sum);
	return !vdhcp_fold(vdhcp_sum(udp, len, sum));
}

/**
 * vdhcp_frame_check() - is a claimed frame sound?
 * @conf: configuration of the port
 * @pkt: the frame, UDP over IPv4 by vdhcp_ip4_udp_offset()
 * @frame: filled in for %VDHCP_CONTINUE
 *
 * Lengths are those of the headers, never the frame's: a short frame comes
 * padded. Ethernet's source is checked here because only a sound frame tells
 * who is lying.
 *
 * Return: a verdict of the drop kind or %VDHCP_CONTINUE.
 */
int vdhcp_frame_check(const struct vdhcp_conf *conf, const struct vdhcp_packet *pkt,
		      struct vdhcp_frame *frame)
{
	const struct vdhcp_ip4 *ip = (const struct vdhcp_ip4 *)pkt->l3;
	unsigned int hlen, total, udp_len;
	const struct vdhcp_udp *udp;

	if (pkt->len < VDHCP_IP4_HLEN)
		return VDHCP_VERDICT_BAD_IP_LENGTH;
	hlen = (ip->ver_ihl & 0xf) * 4;
	total = get_unaligned_be16(&ip->tot_len);
	if (hlen < VDHCP_IP4_HLEN || total < hlen || total > pkt->len)
		return VDHCP_VERDICT_BAD_IP_LENGTH;
	/* Never offloaded, so wrong is wrong. */
	if (vdhcp_fold(vdhcp_sum(ip, hlen, 0)))
		return VDHCP_VERDICT_BAD_IP_CHECKSUM;
	if (ip->frag & cpu_to_be16(VDHCP_IP4_MF | VDHCP_IP4_OFFSET))
		return VDHCP_VERDICT_FRAGMENT;

	total -= hlen;
	if (total < VDHCP_UDP_HLEN)
		return VDHCP_VERDICT_BAD_UDP_LENGTH;
	udp = (const struct vdhcp_udp *)(pkt->l3 + hlen);
	udp_len = get_unaligned_be16(&udp->len);
	/* Shorter than IPv4's payload is legal: what follows is not ours. */
	if (udp_len < VDHCP_UDP_HLEN || udp_len > total)
		return VDHCP_VERDICT_BAD_UDP_LENGTH;
	if (!pkt->csum_ok && udp->check && !udp_sum_ok(ip, udp, udp_len))
		return VDHCP_VERDICT_BAD_UDP_CHECKSUM;
	if (memcmp(pkt->eth->src, conf->port->mac, VDHCP_ETH_ALEN))
		return VDHCP_VERDICT_SPOOFED_SOURCE;

	frame->saddr = ip->saddr;
	frame->daddr = ip->daddr;
	frame->dhcp = (const u8 *)udp + VDHCP_UDP_HLEN;
	frame->len = udp_len - VDHCP_UDP_HLEN;
	return VDHCP_CONTINUE;
}

/**
 * vdhcp_arp_decide() - is an ARP packet a question for our address?
 * @conf: configuration of the port, with a subnet
 * @pkt: the frame
 *
 * A server identifier that is not the gateway is on nobody's interface; if it
 * did not resolve, renewals would fail (Windows gives up the network then).
 *
 * Return: %VDHCP_VERDICT_ARP_REPLY or %VDHCP_NOT_OURS.
 */
int vdhcp_arp_decide(const struct vdhcp_conf *conf, const struct vdhcp_packet *pkt)
{
	const struct vdhcp_arp *arp = (const struct vdhcp_arp *)pkt->l3;

	if (conf->port->mode != VDHCP_MODE_SERVE || !conf->subnet->answer_arp ||
	    pkt->len < VDHCP_ARP_LEN || arp->tpa != conf->subnet->server_id ||
	    arp->op != cpu_to_be16(VDHCP_ARP_REQUEST) ||
	    arp->htype != cpu_to_be16(VDHCP_HTYPE_ETHERNET) ||
	    arp->ptype != cpu_to_be16(VDHCP_ETHERTYPE_IPV4) ||
	    arp->hlen != VDHCP_ETH_ALEN || arp->plen != sizeof(arp->tpa))
		return VDHCP_NOT_OURS;
	/* Answering a forged sender would plant our address in its cache. */
	if (memcmp(pkt->eth->src, conf->port->mac, VDHCP_ETH_ALEN) ||
	    memcmp(arp->sha, conf->port->mac, VDHCP_ETH_ALEN))
		return VDHCP_NOT_OURS;
	return VDHCP_VERDICT_ARP_REPLY;
}

/**
 * vdhcp_arp_write() - answer an ARP request
 * @conf: configuration of the port
 * @pkt: the request, for which vdhcp_arp_decide() said yes
 * @out: room for %VDHCP_ARP_FRAME bytes
 *
 * Return: bytes written, from the Ethernet header on.
 */
u16 vdhcp_arp_write(const struct vdhcp_conf *conf, const struct vdhcp_packet *pkt,
		    u8 *out)
{
	const struct vdhcp_arp *asked = (const struct vdhcp_arp *)pkt->l3;
	struct vdhcp_eth *eth = (struct vdhcp_eth *)out;
	struct vdhcp_arp *arp = (struct vdhcp_arp *)(out + VDHCP_ETH_HLEN);

	memcpy(eth->dst, conf->port->mac, VDHCP_ETH_ALEN);
	memcpy(eth->src, conf->subnet->server_mac, VDHCP_ETH_ALEN);
	eth->type = cpu_to_be16(VDHCP_ETHERTYPE_ARP);
	arp->htype = cpu_to_be16(VDHCP_HTYPE_ETHERNET);
	arp->ptype = cpu_to_be16(VDHCP_ETHERTYPE_IPV4);
	arp->hlen = VDHCP_ETH_ALEN;
	arp->plen = sizeof(arp->tpa);
	arp->op = cpu_to_be16(VDHCP_ARP_REPLY);
	memcpy(arp->sha, conf->subnet->server_mac, VDHCP_ETH_ALEN);
	arp->spa = conf->subnet->server_id;
	memcpy(arp->tha, asked->sha, VDHCP_ETH_ALEN);
	arp->tpa = asked->spa;
	return VDHCP_ARP_FRAME;
}
