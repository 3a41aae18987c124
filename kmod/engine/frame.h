/* SPDX-License-Identifier: GPL-2.0 */
/* Ethernet frames: VLAN tags, 802.2 SNAP, IPv4, UDP, ARP. */
#ifndef VDHCP_ENGINE_FRAME_H
#define VDHCP_ENGINE_FRAME_H

#include "verdict.h"
#include "wire.h"

/* Most VLAN tags to parse, including a hardware-accelerated tag. */
#define VDHCP_TAGS_MAX	8

/*
 * Bytes after the Ethernet header that vdhcp_frame_parse() may read: all tags,
 * SNAP, the longest IPv4 header and a UDP header. ARP is shorter.
 */
#define VDHCP_WINDOW_LEN \
	(VDHCP_TAGS_MAX * VDHCP_VLAN_HLEN + VDHCP_SNAP_HLEN + \
	 VDHCP_IP4_HLEN_MAX + VDHCP_UDP_HLEN)

/* The frame has no partial checksum. */
#define VDHCP_CSUM_NONE	0x7fffffff

/*
 * The VLAN of a frame that no port answers: several VLANs, a VLAN of 802.1ad,
 * or too many tags. No port has this VLAN ID.
 */
#define VDHCP_VLAN_NONE	0xffff

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
 */
enum vdhcp_proto {
	VDHCP_PROTO_OTHER,
	VDHCP_PROTO_DHCP4_CLIENT,
	VDHCP_PROTO_DHCP4_SERVER,
	VDHCP_PROTO_ARP,
};

/**
 * struct vdhcp_frame - a parsed frame
 * @eth: Ethernet header; only the addresses are read
 * @l3: network header; while @payload is NULL, only the first
 *	%VDHCP_WINDOW_LEN bytes after the Ethernet header are read
 * @payload: UDP payload, NULL until the frame is validated
 * @len: bytes from @l3 to the end of the frame, padding included
 * @csum_at: position of the two bytes into which the host will write the
 *	checksum, counted from the end of the Ethernet header and negative
 *	within it; %VDHCP_CSUM_NONE if the checksum is not partial
 * @l3_offset: bytes of VLAN tags and SNAP between the Ethernet header and @l3
 * @payload_len: bytes at @payload
 * @saddr: IPv4 source
 * @daddr: IPv4 destination
 * @tag: VLAN tag for the reply: that of the VLAN; a priority tag if there is no
 *	VLAN; otherwise none
 * @vlan: VLAN whose port may answer, 0 for untagged, or %VDHCP_VLAN_NONE
 * @vids: VLAN IDs whose ports judge the frame: those of all tags; 0 if there is
 *	none; %VDHCP_VLAN_NONE stands for the tags after the first
 *	%VDHCP_TAGS_MAX
 * @n_vids: entries of @vids, at least 1
 * @proto: enum vdhcp_proto, read as RFC 791 says
 * @reaches_clients: a client may read UDP to port 68 in it
 * @snap: the network header follows 802.2 SNAP instead of an EtherType
 * @flaw: enum vdhcp_verdict of ports that drop what receivers may read in
 *	another way than RFC 791 says; %VDHCP_VERDICT_CONTINUE if there is none
 * @csum_ok: the UDP checksum is partial or was verified by the device
 * @gso: the frame will be segmented, so it is longer than its headers say
 *
 * The caller sets @csum_at before vdhcp_frame_parse(), and @eth, @csum_ok and
 * @gso before vdhcp_engine_filter().
 */
struct vdhcp_frame {
	const struct vdhcp_eth *eth;
	const u8 *l3;
	const u8 *payload;
	u32 len;
	s32 csum_at;
	__be32 saddr;
	__be32 daddr;
	u16 l3_offset;
	u16 payload_len;
	struct vdhcp_tag tag;
	u16 vlan;
	u16 vids[VDHCP_TAGS_MAX + 1];
	u16 flaw;
	u8 n_vids;
	u8 proto;
	bool reaches_clients;
	bool snap;
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
 * vdhcp_is_length() - check whether a frame has a length for an EtherType
 * @ethertype: EtherType; Linux has small numbers of its own for such frames
 *
 * Return: true if it is.
 */
static inline bool vdhcp_is_length(__be16 ethertype)
{
	return be16_to_cpu(ethertype) < VDHCP_ETHERTYPE_MIN;
}

/**
 * vdhcp_ip4_is_sane() - check version and length of an IPv4 header
 * @ip: at least 20 bytes
 *
 * Return: true if the version is 4 and the length is at least 20 bytes.
 */
static inline bool vdhcp_ip4_is_sane(const struct vdhcp_ip4 *ip)
{
	return (u8)(ip->ver_ihl - 0x45) <= 0x4f - 0x45;
}

static inline bool vdhcp_ip4_is_bystander(const u8 *l3, unsigned int len,
					  s32 csum_at)
{
	const struct vdhcp_ip4 *ip = (const struct vdhcp_ip4 *)l3;
	const struct vdhcp_udp *udp;

	if (len < VDHCP_IP4_HLEN)
		return csum_at >= 0;
	if (!vdhcp_ip4_is_sane(ip) ||
	    csum_at < (ip->ver_ihl & 0xf) * 4 + VDHCP_UDP_PORTS_LEN)
		return false;
	if (ip->protocol != VDHCP_IP4_UDP ||
	    ip->frag & cpu_to_be16(VDHCP_IP4_OFFSET))
		return true;
	if (ip->ver_ihl != 0x45 || ip->frag & cpu_to_be16(VDHCP_IP4_MF))
		return false;
	if (len < VDHCP_IP4_HLEN + VDHCP_UDP_PORTS_LEN)
		return true;
	udp = (const struct vdhcp_udp *)(l3 + VDHCP_IP4_HLEN);
	return udp->dest != cpu_to_be16(VDHCP_PORT_SERVER) &&
	       udp->dest != cpu_to_be16(VDHCP_PORT_CLIENT);
}

/**
 * vdhcp_frame_is_bystander() - check whether a frame is none of our business
 * @ethertype: EtherType of the data at @l3
 * @l3: data after the Ethernet header
 * @len: bytes at @l3: the whole frame, or at least %VDHCP_WINDOW_LEN bytes
 * @csum_at: see struct vdhcp_frame
 *
 * Called for every frame of a guest, so it needs only a few loads.
 *
 * Return: true if no port drops, counts or answers the frame; false if
 * vdhcp_frame_parse() has to find out.
 */
static inline bool vdhcp_frame_is_bystander(__be16 ethertype, const u8 *l3,
					    unsigned int len, s32 csum_at)
{
	if (ethertype == cpu_to_be16(VDHCP_ETHERTYPE_IPV4))
		return vdhcp_ip4_is_bystander(l3, len, csum_at);
	return ethertype != cpu_to_be16(VDHCP_ETHERTYPE_ARP) &&
	       !vdhcp_is_tag(ethertype) && !vdhcp_is_length(ethertype) &&
	       csum_at >= 0;
}

enum vdhcp_verdict vdhcp_frame_parse(struct vdhcp_frame *frame,
				     __be16 ethertype, const u8 *bytes,
				     unsigned int len, struct vdhcp_tag hw_tag);

#endif /* VDHCP_ENGINE_FRAME_H */
