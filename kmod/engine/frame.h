/* SPDX-License-Identifier: GPL-2.0 */
/* Ethernet frames: VLAN tags, IPv4, UDP, ARP. */
#ifndef VDHCP_ENGINE_FRAME_H
#define VDHCP_ENGINE_FRAME_H

#include "verdict.h"
#include "wire.h"

/* Most VLAN tags to parse, in addition to a hardware-accelerated tag. */
#define VDHCP_TAGS_MAX	4

/*
 * Bytes after the Ethernet header that vdhcp_frame_parse() may read: all tags,
 * the longest IPv4 header and a UDP header. ARP is shorter.
 */
#define VDHCP_WINDOW_LEN \
	(VDHCP_TAGS_MAX * VDHCP_VLAN_HLEN + VDHCP_IP4_HLEN_MAX + VDHCP_UDP_HLEN)

/**
 * struct vdhcp_tag - a VLAN tag
 * @proto: %VDHCP_ETHERTYPE_8021Q or %VDHCP_ETHERTYPE_8021AD in network byte
 *	order, 0 for no tag
 * @tci: priority and VLAN ID
 */
struct vdhcp_tag {
	__be16 proto;
	u16 tci;
};

/**
 * enum vdhcp_proto - protocol of a frame, by EtherType and UDP port
 * @VDHCP_PROTO_OTHER: a protocol that vdhcp does not handle
 * @VDHCP_PROTO_DHCP4_CLIENT: IPv4 UDP to port 67, or its first fragment
 * @VDHCP_PROTO_DHCP4_SERVER: IPv4 UDP to port 68, or its first fragment
 * @VDHCP_PROTO_ARP: ARP
 * @VDHCP_PROTO_TAGGED: unknown, because a VLAN tag precedes it
 */
enum vdhcp_proto {
	VDHCP_PROTO_OTHER,
	VDHCP_PROTO_DHCP4_CLIENT,
	VDHCP_PROTO_DHCP4_SERVER,
	VDHCP_PROTO_ARP,
	VDHCP_PROTO_TAGGED,
};

/**
 * struct vdhcp_frame - a parsed frame
 * @eth: Ethernet header; only the addresses are read
 * @l3: network header; while @payload is NULL, only the first
 *	%VDHCP_WINDOW_LEN bytes after the Ethernet header are read
 * @payload: UDP payload, NULL until the frame is validated
 * @len: bytes from @l3 to the end of the frame, padding included
 * @l3_offset: bytes of VLAN tags between the Ethernet header and @l3
 * @payload_len: bytes at @payload
 * @saddr: IPv4 source
 * @daddr: IPv4 destination
 * @tag: VLAN tag for the reply: that of the VLAN; a priority tag if there is no
 *	VLAN; otherwise none
 * @vlan: VLAN ID, 0 for untagged
 * @proto: enum vdhcp_proto; %VDHCP_PROTO_TAGGED if there are too many tags
 * @csum_ok: the UDP checksum is partial or was verified by the device
 * @gso: the frame will be segmented, so it is longer than its headers say
 *
 * The caller sets @eth, @csum_ok and @gso.
 */
struct vdhcp_frame {
	const struct vdhcp_eth *eth;
	const u8 *l3;
	const u8 *payload;
	u32 len;
	u16 l3_offset;
	u16 payload_len;
	__be32 saddr;
	__be32 daddr;
	struct vdhcp_tag tag;
	u16 vlan;
	u8 proto;
	bool csum_ok;
	bool gso;
};

/**
 * vdhcp_is_tag() - check whether an EtherType is that of a VLAN tag
 * @ethertype: EtherType
 *
 * Return: true if it is.
 */
static inline bool vdhcp_is_tag(__be16 ethertype)
{
	return ethertype == cpu_to_be16(VDHCP_ETHERTYPE_8021Q) ||
	       ethertype == cpu_to_be16(VDHCP_ETHERTYPE_8021AD);
}

/**
 * vdhcp_ip4_udp_offset() - get the offset of the UDP header
 * @ip: at least 20 bytes of an IPv4 header
 *
 * Return: offset of the UDP header from @ip, or 0 if this is not UDP, not
 * IPv4, or a fragment other than the first, which has no ports.
 */
static inline unsigned int vdhcp_ip4_udp_offset(const struct vdhcp_ip4 *ip)
{
	unsigned int hlen = (ip->ver_ihl & 0xf) * 4;

	if (ip->protocol != VDHCP_IP4_UDP || ip->ver_ihl >> 4 != 4 ||
	    hlen < VDHCP_IP4_HLEN || ip->frag & cpu_to_be16(VDHCP_IP4_OFFSET))
		return 0;
	return hlen;
}

static inline enum vdhcp_proto vdhcp_ip4_classify(const u8 *l3,
						  unsigned int len)
{
	const struct vdhcp_udp *udp;
	unsigned int at;

	if (len < VDHCP_IP4_HLEN)
		return VDHCP_PROTO_OTHER;
	at = vdhcp_ip4_udp_offset((const struct vdhcp_ip4 *)l3);
	if (!at || len < at + offsetof(struct vdhcp_udp, len))
		return VDHCP_PROTO_OTHER;
	udp = (const struct vdhcp_udp *)(l3 + at);
	if (udp->dest == cpu_to_be16(VDHCP_PORT_SERVER))
		return VDHCP_PROTO_DHCP4_CLIENT;
	if (udp->dest == cpu_to_be16(VDHCP_PORT_CLIENT))
		return VDHCP_PROTO_DHCP4_SERVER;
	return VDHCP_PROTO_OTHER;
}

/**
 * vdhcp_frame_classify() - get the protocol of a frame
 * @ethertype: EtherType of the data at @l3
 * @l3: data after the Ethernet header
 * @len: bytes at @l3: the whole frame, or at least %VDHCP_WINDOW_LEN bytes
 *
 * Called for every frame of a guest, so it needs only a few loads.
 *
 * Return: the protocol; %VDHCP_PROTO_OTHER if the frame is too short for its
 * headers.
 */
static inline enum vdhcp_proto
vdhcp_frame_classify(__be16 ethertype, const u8 *l3, unsigned int len)
{
	if (ethertype == cpu_to_be16(VDHCP_ETHERTYPE_IPV4))
		return vdhcp_ip4_classify(l3, len);
	if (ethertype == cpu_to_be16(VDHCP_ETHERTYPE_ARP))
		return VDHCP_PROTO_ARP;
	if (vdhcp_is_tag(ethertype))
		return VDHCP_PROTO_TAGGED;
	return VDHCP_PROTO_OTHER;
}

/**
 * vdhcp_frame_is_of_any_vlan() - check whether the VLAN of a frame is unknown
 * @frame: a parsed frame
 *
 * Return: true if the frame has too many tags and none of the parsed tags has a
 * VLAN ID.
 */
static inline bool vdhcp_frame_is_of_any_vlan(const struct vdhcp_frame *frame)
{
	return frame->proto == VDHCP_PROTO_TAGGED && !frame->vlan;
}

enum vdhcp_verdict vdhcp_frame_parse(struct vdhcp_frame *frame,
				     __be16 ethertype, const u8 *bytes,
				     unsigned int len, struct vdhcp_tag hw_tag);

#endif /* VDHCP_ENGINE_FRAME_H */
