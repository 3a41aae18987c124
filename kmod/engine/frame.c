// SPDX-License-Identifier: GPL-2.0
/*
 * Ethernet, VLAN tags, IPv4 and UDP: parsing a frame, and validating it before
 * its payload is read.
 */
#include "protocols.h"

static u16 tag_vid(struct vdhcp_tag tag)
{
	return tag.tci & VDHCP_VLAN_VID;
}

/*
 * Skip priority tags (VID 0) of both protocols, before and after the tag of the
 * VLAN, because receivers skip them as well and a guest could otherwise hide
 * its frames from us. A VLAN within a VLAN is another link. Returns the
 * EtherType after the tags; that of a tag if there are too many tags; 0 if the
 * frame is none of our business.
 */
static __be16 parse_tags(struct vdhcp_frame *frame, __be16 ethertype,
			 const u8 *bytes, unsigned int len)
{
	const struct vdhcp_vlan *vlan;
	struct vdhcp_tag tag;
	unsigned int at = 0;

	while (vdhcp_is_tag(ethertype) &&
	       at < VDHCP_TAGS_MAX * VDHCP_VLAN_HLEN) {
		if (len - at < VDHCP_VLAN_HLEN)
			return 0;
		vlan = (const struct vdhcp_vlan *)(bytes + at);
		tag.tci = get_unaligned_be16(&vlan->tci);
		tag.proto = ethertype;
		/* Guests expect 802.1Q for the priority tag of a reply. */
		if (!tag_vid(tag))
			tag.proto = cpu_to_be16(VDHCP_ETHERTYPE_8021Q);
		if (!tag_vid(frame->tag))
			frame->tag = tag;
		else if (tag_vid(tag))
			return 0;
		ethertype = vlan->type;
		at += VDHCP_VLAN_HLEN;
	}
	frame->l3_offset = at;
	return ethertype;
}

/**
 * vdhcp_frame_parse() - parse the headers of a frame
 * @frame: filled in, except for the members that the caller sets
 * @ethertype: EtherType of the data at @bytes
 * @bytes: data after the Ethernet header, without a hardware-accelerated tag
 * @len: bytes at @bytes: the whole frame, or at least %VDHCP_WINDOW_LEN bytes,
 *	if the caller corrects @frame->len
 * @hw_tag: hardware-accelerated VLAN tag, proto 0 for none
 *
 * Ports are only in 802.1Q VLANs; an 802.1ad VLAN is another link.
 *
 * Return: %VDHCP_VERDICT_CONTINUE, or %VDHCP_VERDICT_NOT_OURS if the frame is
 * none of our business.
 */
enum vdhcp_verdict vdhcp_frame_parse(struct vdhcp_frame *frame,
				     __be16 ethertype, const u8 *bytes,
				     unsigned int len, struct vdhcp_tag hw_tag)
{
	const struct vdhcp_ip4 *ip;

	frame->tag = hw_tag;
	frame->l3_offset = 0;
	if (vdhcp_is_tag(ethertype))
		ethertype = parse_tags(frame, ethertype, bytes, len);
	frame->l3 = bytes + frame->l3_offset;
	frame->len = len - frame->l3_offset;
	frame->proto = vdhcp_frame_classify(ethertype, frame->l3, frame->len);
	if (frame->proto == VDHCP_PROTO_OTHER)
		return VDHCP_VERDICT_NOT_OURS;
	frame->vlan = tag_vid(frame->tag);
	if (frame->vlan &&
	    frame->tag.proto != cpu_to_be16(VDHCP_ETHERTYPE_8021Q))
		return VDHCP_VERDICT_NOT_OURS;
	frame->payload = NULL;
	if (ethertype == cpu_to_be16(VDHCP_ETHERTYPE_IPV4)) {
		ip = (const struct vdhcp_ip4 *)frame->l3;
		frame->saddr = ip->saddr;
		frame->daddr = ip->daddr;
	}
	return VDHCP_VERDICT_CONTINUE;
}

/* Pseudo header, header and payload must sum up to all ones (RFC 768). */
static bool is_udp_sum_good(const struct vdhcp_ip4 *ip,
			    const struct vdhcp_udp *udp, u16 len)
{
	u32 sum = (__force u32)cpu_to_be16(VDHCP_IP4_UDP) +
		  (__force u32)cpu_to_be16(len);

	sum = vdhcp_sum(&ip->saddr, 2 * sizeof(ip->saddr), sum);
	return !vdhcp_fold(vdhcp_sum(udp, len, sum));
}

/**
 * vdhcp_frame_validate() - validate a UDP frame and find its payload
 * @frame: a parsed and linear frame with IPv4 and UDP; sets @frame->payload and
 *	@frame->payload_len
 *
 * Lengths are taken from the headers, because Ethernet pads short frames.
 *
 * Return: a verdict that drops the frame, or %VDHCP_VERDICT_CONTINUE.
 */
enum vdhcp_verdict vdhcp_frame_validate(struct vdhcp_frame *frame)
{
	const struct vdhcp_ip4 *ip = (const struct vdhcp_ip4 *)frame->l3;
	unsigned int hlen, total, udp_len;
	const struct vdhcp_udp *udp;

	/* No DHCP datagram is longer, and buffers have no room for more. */
	if (frame->len > VDHCP_IP4_MAX || frame->gso)
		return VDHCP_VERDICT_TOO_LONG;
	if (frame->len < VDHCP_IP4_HLEN)
		return VDHCP_VERDICT_BAD_IP_LENGTH;
	hlen = (ip->ver_ihl & 0xf) * 4;
	total = get_unaligned_be16(&ip->tot_len);
	if (hlen < VDHCP_IP4_HLEN || total < hlen || total > frame->len)
		return VDHCP_VERDICT_BAD_IP_LENGTH;
	/* Devices do not offload this checksum, so it is always complete. */
	if (vdhcp_fold(vdhcp_sum(ip, hlen, 0)))
		return VDHCP_VERDICT_BAD_IP_CHECKSUM;
	if (ip->frag & cpu_to_be16(VDHCP_IP4_MF | VDHCP_IP4_OFFSET))
		return VDHCP_VERDICT_FRAGMENT;

	total -= hlen;
	if (total < VDHCP_UDP_HLEN)
		return VDHCP_VERDICT_BAD_UDP_LENGTH;
	udp = (const struct vdhcp_udp *)(frame->l3 + hlen);
	udp_len = get_unaligned_be16(&udp->len);
	/* UDP may be shorter than the IPv4 payload; the rest is ignored. */
	if (udp_len < VDHCP_UDP_HLEN || udp_len > total)
		return VDHCP_VERDICT_BAD_UDP_LENGTH;
	if (!frame->csum_ok && udp->check && !is_udp_sum_good(ip, udp, udp_len))
		return VDHCP_VERDICT_BAD_UDP_CHECKSUM;

	frame->payload = (const u8 *)udp + VDHCP_UDP_HLEN;
	frame->payload_len = udp_len - VDHCP_UDP_HLEN;
	return VDHCP_VERDICT_CONTINUE;
}
