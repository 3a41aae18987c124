/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Layouts and numbers of the protocols, with their sources. All fields are in
 * network order and may be unaligned.
 */
#ifndef VDHCP_ENGINE_WIRE_H
#define VDHCP_ENGINE_WIRE_H

#include "env.h"

#define VDHCP_ETH_ALEN		6
#define VDHCP_ETH_HLEN		14
#define VDHCP_ETHERTYPE_IPV4	0x0800
#define VDHCP_ETHERTYPE_ARP	0x0806
#define VDHCP_ETHERTYPE_8021Q	0x8100
#define VDHCP_ETHERTYPE_8021AD	0x88a8

/**
 * struct vdhcp_eth - Ethernet II header without a VLAN tag
 * @dst: destination
 * @src: source
 * @type: EtherType
 */
struct vdhcp_eth {
	u8 dst[VDHCP_ETH_ALEN];
	u8 src[VDHCP_ETH_ALEN];
	__be16 type;
} __packed;

/**
 * struct vdhcp_vlan - VLAN tag after its EtherType (IEEE 802.1Q)
 * @tci: priority and VLAN ID
 * @type: EtherType of the data after the tag
 */
struct vdhcp_vlan {
	__be16 tci;
	__be16 type;
} __packed;

#define VDHCP_VLAN_HLEN		4
#define VDHCP_VLAN_VID		0x0fff	/* bits of the VLAN ID in @tci */

/**
 * struct vdhcp_snap - LLC and SNAP headers (IEEE 802.2, RFC 1042)
 * @llc: destination and source SAP, control
 * @oui: organisation that assigned @type
 * @type: EtherType of the data that follows
 *
 * They follow an Ethernet header that has a length instead of an EtherType.
 */
struct vdhcp_snap {
	u8 llc[3];
	u8 oui[3];
	__be16 type;
} __packed;

#define VDHCP_SNAP_HLEN		8
#define VDHCP_ETHERTYPE_MIN	0x0600	/* smaller values are lengths */
#define VDHCP_SNAP_LLC		0xaaaa03
/* Receivers ignore the bits for groups, responses and polls. */
#define VDHCP_SNAP_LLC_MASK	0xfefeef
#define VDHCP_OUI_ETHERNET	0x000000
#define VDHCP_OUI_BRIDGE	0x0000f8	/* IEEE 802.1H */

/**
 * struct vdhcp_ip4 - IPv4 header without options (RFC 791)
 * @ver_ihl: version and header length in words
 * @tos: type of service
 * @tot_len: length of header and payload
 * @id: identification
 * @frag: flags and fragment offset
 * @ttl: time to live
 * @protocol: payload protocol
 * @check: header checksum
 * @saddr: source
 * @daddr: destination
 */
struct vdhcp_ip4 {
	u8 ver_ihl;
	u8 tos;
	__be16 tot_len;
	__be16 id;
	__be16 frag;
	u8 ttl;
	u8 protocol;
	__be16 check;
	__be32 saddr;
	__be32 daddr;
} __packed;

#define VDHCP_IP4_HLEN		20
#define VDHCP_IP4_HLEN_MAX	60
#define VDHCP_IP4_DF		0x4000
#define VDHCP_IP4_MF		0x2000
#define VDHCP_IP4_OFFSET	0x1fff
#define VDHCP_IP4_UDP		17

/**
 * struct vdhcp_udp - UDP header (RFC 768)
 * @source: source port
 * @dest: destination port
 * @len: length of header and payload
 * @check: checksum, 0 for none
 */
struct vdhcp_udp {
	__be16 source;
	__be16 dest;
	__be16 len;
	__be16 check;
} __packed;

#define VDHCP_UDP_HLEN		8
#define VDHCP_UDP_PORTS_LEN	4

/**
 * struct vdhcp_arp - ARP for IPv4 over Ethernet (RFC 826)
 * @htype: hardware type
 * @ptype: protocol type
 * @hlen: length of a hardware address
 * @plen: length of a protocol address
 * @op: request or reply
 * @sha: sender's hardware address
 * @spa: sender's protocol address
 * @tha: target's hardware address
 * @tpa: target's protocol address
 */
struct vdhcp_arp {
	__be16 htype;
	__be16 ptype;
	u8 hlen;
	u8 plen;
	__be16 op;
	u8 sha[VDHCP_ETH_ALEN];
	__be32 spa;
	u8 tha[VDHCP_ETH_ALEN];
	__be32 tpa;
} __packed;

#define VDHCP_ARP_LEN		28
#define VDHCP_ARP_REQUEST	1
#define VDHCP_ARP_REPLY		2

/**
 * struct vdhcp_bootp - fixed part of a DHCP message (RFC 2131 section 2)
 * @op: request or reply
 * @htype: hardware type
 * @hlen: length of a hardware address
 * @hops: relay count
 * @xid: transaction ID
 * @secs: seconds since the client started
 * @flags: bit 15 requests broadcast replies
 * @ciaddr: address of a client that is bound
 * @yiaddr: address assigned to the client
 * @siaddr: next server for booting
 * @giaddr: relay
 * @chaddr: client's hardware address
 * @sname: server name, or options (option 52)
 * @file: boot file, or options (option 52)
 * @cookie: RFC 1497
 */
struct vdhcp_bootp {
	u8 op;
	u8 htype;
	u8 hlen;
	u8 hops;
	__be32 xid;
	__be16 secs;
	__be16 flags;
	__be32 ciaddr;
	__be32 yiaddr;
	__be32 siaddr;
	__be32 giaddr;
	u8 chaddr[16];
	u8 sname[64];
	u8 file[128];
	__be32 cookie;
} __packed;

#define VDHCP_BOOTP_LEN		240	/* with the cookie */
#define VDHCP_BOOTP_MIN		300	/* least sent (RFC 1542 section 2.1) */
#define VDHCP_BOOTREQUEST	1
#define VDHCP_BOOTREPLY		2
#define VDHCP_HTYPE_ETHERNET	1
#define VDHCP_COOKIE		0x63825363
#define VDHCP_FLAG_BROADCAST	0x8000

#define VDHCP_PORT_SERVER	67
#define VDHCP_PORT_CLIENT	68

/* A DHCP message never exceeds what one Ethernet frame holds. */
#define VDHCP_IP4_MAX		1500
#define VDHCP_IP4_MIN_MAX	576	/* all clients accept it (RFC 2131) */
#define VDHCP_HEADERS		(VDHCP_IP4_HLEN + VDHCP_UDP_HLEN)
#define VDHCP_BOOTP_MAX		(VDHCP_IP4_MAX - VDHCP_HEADERS)
#define VDHCP_FRAME_MAX		(VDHCP_ETH_HLEN + VDHCP_IP4_MAX)

static_assert(sizeof(struct vdhcp_eth) == VDHCP_ETH_HLEN, "Ethernet header");
static_assert(sizeof(struct vdhcp_vlan) == VDHCP_VLAN_HLEN, "VLAN tag");
static_assert(sizeof(struct vdhcp_snap) == VDHCP_SNAP_HLEN, "SNAP");
static_assert(sizeof(struct vdhcp_ip4) == VDHCP_IP4_HLEN, "IPv4 header");
static_assert(sizeof(struct vdhcp_udp) == VDHCP_UDP_HLEN, "UDP header");
static_assert(sizeof(struct vdhcp_arp) == VDHCP_ARP_LEN, "ARP");
static_assert(sizeof(struct vdhcp_bootp) == VDHCP_BOOTP_LEN, "BOOTP");

/* DHCP message types (RFC 2132 section 9.6). */
enum vdhcp_type {
	VDHCP_DISCOVER = 1,
	VDHCP_OFFER,
	VDHCP_REQUEST,
	VDHCP_DECLINE,
	VDHCP_ACK,
	VDHCP_NAK,
	VDHCP_RELEASE,
	VDHCP_INFORM,
};

/* Option codes (RFC 2132 unless said otherwise). */
enum vdhcp_opt {
	VDHCP_OPT_PAD = 0,
	VDHCP_OPT_SUBNET_MASK = 1,
	VDHCP_OPT_ROUTER = 3,
	VDHCP_OPT_DNS = 6,
	VDHCP_OPT_HOST_NAME = 12,
	VDHCP_OPT_DOMAIN_NAME = 15,
	VDHCP_OPT_MTU = 26,
	VDHCP_OPT_BROADCAST = 28,
	VDHCP_OPT_STATIC_ROUTE = 33,
	VDHCP_OPT_NTP = 42,
	VDHCP_OPT_REQUESTED_ADDRESS = 50,
	VDHCP_OPT_LEASE = 51,
	VDHCP_OPT_OVERLOAD = 52,
	VDHCP_OPT_MESSAGE_TYPE = 53,
	VDHCP_OPT_SERVER_ID = 54,
	VDHCP_OPT_PARAMETER_LIST = 55,
	VDHCP_OPT_MESSAGE = 56,
	VDHCP_OPT_MAX_SIZE = 57,
	VDHCP_OPT_T1 = 58,
	VDHCP_OPT_T2 = 59,
	VDHCP_OPT_VENDOR_CLASS = 60,
	VDHCP_OPT_CLIENT_ID = 61,
	VDHCP_OPT_BOOT_FILE = 67,
	VDHCP_OPT_RAPID_COMMIT = 80,	/* RFC 4039 */
	VDHCP_OPT_FQDN = 81,		/* RFC 4702 */
	VDHCP_OPT_RELAY_AGENT = 82,	/* RFC 3046 */
	VDHCP_OPT_AUTHENTICATION = 90,	/* RFC 3118 */
	VDHCP_OPT_UUID = 97,		/* RFC 4578 */
	VDHCP_OPT_IPV6_ONLY = 108,	/* RFC 8925 */
	VDHCP_OPT_CAPTIVE_PORTAL = 114,	/* RFC 8910 */
	VDHCP_OPT_AUTO_CONFIGURE = 116,	/* RFC 2563 */
	VDHCP_OPT_SUBNET_SELECTION = 118, /* RFC 3011 */
	VDHCP_OPT_SEARCH = 119,		/* RFC 3397 */
	VDHCP_OPT_CLASSLESS_ROUTE = 121, /* RFC 3442 */
	VDHCP_OPT_NONCE_CAPABLE = 145,	/* RFC 6704 */
	VDHCP_OPT_MS_CLASSLESS_ROUTE = 249, /* MS-DHCPE section 2.2.8 */
	VDHCP_OPT_END = 255,
};

/* Flags of option 81 (RFC 4702 section 2.1). */
#define VDHCP_FQDN_S		0x01
#define VDHCP_FQDN_O		0x02
#define VDHCP_FQDN_E		0x04
#define VDHCP_FQDN_N		0x08

#endif /* VDHCP_ENGINE_WIRE_H */
