// SPDX-License-Identifier: GPL-2.0
/*
 * Ethernet, VLAN tags, 802.2 SNAP, IPv4 and UDP: parsing a frame, and
 * validating it before its payload is read.
 *
 * DHCP clients with raw sockets read frames in their own ways, and no two of
 * them in the same way. So a frame is parsed as RFC 791 says, for the reply,
 * and searched for what any receiver may read in it, for the guard.
 */
#include "protocols.h"

static u16 tag_vid(struct vdhcp_tag tag)
{
	return tag.tci & VDHCP_VLAN_VID;
}

/* A tag with VID 0 has a priority, but says nothing about the VLAN. */
static void collect_vid(struct vdhcp_frame *frame, struct vdhcp_tag tag)
{
	if (tag_vid(tag))
		frame->vids[frame->n_vids++] = tag_vid(tag);
}

/* The reply has the tag of the VLAN, or the last priority tag. */
static void collect_tag(struct vdhcp_frame *frame, struct vdhcp_tag tag)
{
	/* Guests expect 802.1Q for the priority tag of a reply. */
	if (!tag_vid(tag))
		tag.proto = cpu_to_be16(VDHCP_ETHERTYPE_8021Q);
	if (!tag_vid(frame->tag))
		frame->tag = tag;
	collect_vid(frame, tag);
}

/* Is this LLC with a SNAP header whose type is an EtherType? */
static bool is_snap(const struct vdhcp_snap *snap)
{
	u32 llc = get_unaligned_be32(snap->llc) >> 8;
	u32 oui = get_unaligned_be32(snap->oui) >> 8;

	return (llc & VDHCP_SNAP_LLC_MASK) == VDHCP_SNAP_LLC &&
	       (oui == VDHCP_OUI_ETHERNET || oui == VDHCP_OUI_BRIDGE);
}

/*
 * Ports are in 802.1Q VLANs. A VLAN within a VLAN is another link, and so is a
 * VLAN of 802.1ad, even with the VLAN ID of a port.
 */
static void set_vlan(struct vdhcp_frame *frame)
{
	frame->vlan = VDHCP_VLAN_NONE;
	if (frame->flaw == VDHCP_VERDICT_TOO_MANY_TAGS) {
		frame->vids[frame->n_vids++] = VDHCP_VLAN_NONE;
	} else if (!frame->n_vids) {
		frame->vlan = 0;
		frame->vids[frame->n_vids++] = 0;
	} else if (frame->n_vids == 1 &&
		   frame->tag.proto == cpu_to_be16(VDHCP_ETHERTYPE_8021Q)) {
		frame->vlan = frame->vids[0];
	}
}

/*
 * Parse the tags of both protocols, because receivers remove tags in any
 * number, and some read a frame in a VLAN that they do not know; and one SNAP
 * header, before, between or after the tags, whatever the length before it
 * says. Sets the members of @frame that tell of tags and SNAP, also if the
 * frame ends within a tag. Returns the EtherType after all of them, which is
 * that of a tag if there are too many.
 */
static __be16 parse_link(struct vdhcp_frame *frame, __be16 ethertype,
			 const u8 *bytes, unsigned int len)
{
	unsigned int at = 0, n = frame->tag.proto ? 1 : 0;
	const struct vdhcp_snap *snap;
	const struct vdhcp_vlan *vlan;
	struct vdhcp_tag tag;

	frame->n_vids = 0;
	collect_vid(frame, frame->tag);
	for (;;) {
		frame->l3_offset = at;
		if (vdhcp_is_tag(ethertype) && n < VDHCP_TAGS_MAX &&
		    len - at >= VDHCP_VLAN_HLEN) {
			vlan = (const struct vdhcp_vlan *)(bytes + at);
			tag.tci = get_unaligned_be16(&vlan->tci);
			tag.proto = ethertype;
			collect_tag(frame, tag);
			ethertype = vlan->type;
			at += VDHCP_VLAN_HLEN;
			n++;
		} else if (vdhcp_is_length(ethertype) && !frame->snap &&
			   len - at >= VDHCP_SNAP_HLEN) {
			snap = (const struct vdhcp_snap *)(bytes + at);
			if (!is_snap(snap))
				break;
			frame->snap = true;
			ethertype = snap->type;
			at += VDHCP_SNAP_HLEN;
		} else {
			break;
		}
	}
	if (n == VDHCP_TAGS_MAX && vdhcp_is_tag(ethertype))
		frame->flaw = VDHCP_VERDICT_TOO_MANY_TAGS;
	set_vlan(frame);
	return ethertype;
}

/* The UDP destination port if the UDP header is at @at, 0 if it is cut. */
static u16 get_dest(const struct vdhcp_frame *frame, unsigned int at)
{
	const u8 *dest = frame->l3 + at + offsetof(struct vdhcp_udp, dest);

	return frame->len < at + VDHCP_UDP_PORTS_LEN ?
	       0 : get_unaligned_be16(dest);
}

/* Is this a first fragment that does not hold the whole UDP header? */
static bool is_udp_cut(const struct vdhcp_frame *frame, unsigned int hlen)
{
	const struct vdhcp_ip4 *ip = (const struct vdhcp_ip4 *)frame->l3;
	unsigned int len = min_t(unsigned int, frame->len,
				 get_unaligned_be16(&ip->tot_len));

	return ip->frag & cpu_to_be16(VDHCP_IP4_MF) &&
	       len < hlen + VDHCP_UDP_HLEN;
}

/*
 * Read UDP after the options, as RFC 791 says, and at byte 20, as some clients
 * do whatever the header length is.
 */
static void parse_udp(struct vdhcp_frame *frame, unsigned int hlen)
{
	u16 dest = get_dest(frame, hlen);
	u16 fixed = hlen == VDHCP_IP4_HLEN ?
		    dest : get_dest(frame, VDHCP_IP4_HLEN);

	frame->reaches_clients = dest == VDHCP_PORT_CLIENT ||
				 fixed == VDHCP_PORT_CLIENT;
	if (frame->flaw == VDHCP_VERDICT_BAD_IP_HEADER)
		return;
	if (dest == VDHCP_PORT_SERVER)
		frame->proto = VDHCP_PROTO_DHCP4_CLIENT;
	if (dest == VDHCP_PORT_CLIENT)
		frame->proto = VDHCP_PROTO_DHCP4_SERVER;
	if (hlen > VDHCP_IP4_HLEN && fixed == VDHCP_PORT_SERVER)
		frame->flaw = VDHCP_VERDICT_BAD_IP_HEADER;
	else if (is_udp_cut(frame, hlen))
		frame->flaw = VDHCP_VERDICT_FRAGMENT;
}

/* Returns the bytes after @frame->l3 into which no checksum may be written. */
static unsigned int parse_ip4(struct vdhcp_frame *frame)
{
	const struct vdhcp_ip4 *ip = (const struct vdhcp_ip4 *)frame->l3;
	unsigned int hlen = max_t(unsigned int, (ip->ver_ihl & 0xf) * 4,
				  VDHCP_IP4_HLEN);

	frame->saddr = ip->saddr;
	frame->daddr = ip->daddr;
	/* No host accepts such a header, but some clients do. */
	if (!vdhcp_ip4_is_sane(ip))
		frame->flaw = VDHCP_VERDICT_BAD_IP_HEADER;
	/* Without the first fragment, the others are never read. */
	if (ip->protocol == VDHCP_IP4_UDP &&
	    !(ip->frag & cpu_to_be16(VDHCP_IP4_OFFSET)))
		parse_udp(frame, hlen);
	return hlen + VDHCP_UDP_PORTS_LEN;
}

/*
 * Is the partial checksum written where it changes what was parsed before @end,
 * or anything in a DHCP message but the UDP checksum?
 */
static bool is_csum_bad(const struct vdhcp_frame *frame, unsigned int end)
{
	s32 at = frame->csum_at - frame->l3_offset;

	if (frame->proto == VDHCP_PROTO_DHCP4_CLIENT ||
	    frame->proto == VDHCP_PROTO_DHCP4_SERVER)
		end += offsetof(struct vdhcp_udp, check) - VDHCP_UDP_PORTS_LEN;
	else
		return at < (s32)end;
	return at != (s32)end;
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
 * Return: %VDHCP_VERDICT_CONTINUE, or %VDHCP_VERDICT_NOT_OURS if the frame is
 * none of our business, whatever the ports of its device are.
 */
enum vdhcp_verdict vdhcp_frame_parse(struct vdhcp_frame *frame,
				     __be16 ethertype, const u8 *bytes,
				     unsigned int len, struct vdhcp_tag hw_tag)
{
	unsigned int end = 0;

	frame->tag = hw_tag;
	frame->vlan = 0;
	frame->vids[0] = 0;
	frame->n_vids = 1;
	frame->proto = VDHCP_PROTO_OTHER;
	frame->reaches_clients = false;
	frame->snap = false;
	frame->flaw = VDHCP_VERDICT_CONTINUE;
	frame->payload = NULL;
	frame->l3_offset = 0;
	if (hw_tag.proto ||
	    (ethertype != cpu_to_be16(VDHCP_ETHERTYPE_IPV4) &&
	     ethertype != cpu_to_be16(VDHCP_ETHERTYPE_ARP)))
		ethertype = parse_link(frame, ethertype, bytes, len);
	frame->l3 = bytes + frame->l3_offset;
	frame->len = len - frame->l3_offset;
	if (ethertype == cpu_to_be16(VDHCP_ETHERTYPE_ARP) && !frame->snap)
		frame->proto = VDHCP_PROTO_ARP;
	else if (ethertype == cpu_to_be16(VDHCP_ETHERTYPE_IPV4) &&
		 frame->len >= VDHCP_IP4_HLEN)
		end = parse_ip4(frame);
	if (frame->csum_at != VDHCP_CSUM_NONE && is_csum_bad(frame, end))
		frame->flaw = VDHCP_VERDICT_BAD_PARTIAL_CHECKSUM;
	return frame->proto != VDHCP_PROTO_OTHER || frame->reaches_clients ||
	       frame->flaw != VDHCP_VERDICT_CONTINUE ?
	       VDHCP_VERDICT_CONTINUE : VDHCP_VERDICT_NOT_OURS;
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
 * vdhcp_frame_validate_ip4() - validate the IPv4 header of a DHCP frame
 * @frame: a parsed frame with all of the IPv4 header in its window
 *
 * Return: a verdict that drops the frame, or %VDHCP_VERDICT_CONTINUE.
 */
enum vdhcp_verdict vdhcp_frame_validate_ip4(const struct vdhcp_frame *frame)
{
	const struct vdhcp_ip4 *ip = (const struct vdhcp_ip4 *)frame->l3;

	/* Devices do not offload this checksum, so it is always complete. */
	if (vdhcp_fold(vdhcp_sum(ip, (ip->ver_ihl & 0xf) * 4, 0)))
		return VDHCP_VERDICT_BAD_IP_CHECKSUM;
	if (ip->frag & cpu_to_be16(VDHCP_IP4_MF | VDHCP_IP4_OFFSET))
		return VDHCP_VERDICT_FRAGMENT;
	return VDHCP_VERDICT_CONTINUE;
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
	enum vdhcp_verdict verdict;

	/* No DHCP datagram is longer, and buffers have no room for more. */
	if (frame->len > VDHCP_IP4_MAX || frame->gso)
		return VDHCP_VERDICT_TOO_LONG;
	if (frame->len < VDHCP_IP4_HLEN)
		return VDHCP_VERDICT_BAD_IP_LENGTH;
	hlen = (ip->ver_ihl & 0xf) * 4;
	total = get_unaligned_be16(&ip->tot_len);
	if (hlen < VDHCP_IP4_HLEN || total < hlen || total > frame->len)
		return VDHCP_VERDICT_BAD_IP_LENGTH;
	verdict = vdhcp_frame_validate_ip4(frame);
	if (verdict != VDHCP_VERDICT_CONTINUE)
		return verdict;

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
