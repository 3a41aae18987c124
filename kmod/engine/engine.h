/* SPDX-License-Identifier: GPL-2.0 */
/**
 * DOC: The engine
 *
 * Bytes in, bytes out. The engine knows no skb, no device, no lock and no
 * allocator: it decides from one frame and one configuration what to answer
 * and writes the answer. The same files build into the module, into its KUnit
 * suite, and in user space into the replayer, the fuzzer and the benchmark.
 *
 * Configuration: a *spec* is what the operator said, flat and without
 * pointers, so that copying it and changing a field is a complete edit.
 * vdhcp_subnet_compile() and vdhcp_port_compile() check a spec and turn it into
 * a *conf*, in which everything that does not depend on the request is
 * encoded. A conf never changes; it is replaced.
 *
 * Packets: classify → claim → check → parse → decide → write. Each step either
 * ends with a verdict or hands on to the next. Nothing here is kept between
 * packets, so that the same input gives the same bytes.
 *
 * Another protocol (DHCPv6, router advertisements) is another file beside
 * dhcp4.c with the same three steps over the same conf.
 */
#ifndef VDHCP_ENGINE_ENGINE_H
#define VDHCP_ENGINE_ENGINE_H

#include <linux/vdhcp.h>
#include "wire.h"

/* Beside the verdicts of the uapi: the packet's way is not decided yet. */
#define VDHCP_CONTINUE		(-1)
/* The packet is none of our business; it passes and is not counted. */
#define VDHCP_NOT_OURS		(-2)

#define VDHCP_VERDICTS		(VDHCP_VERDICT_MAX + 1)
#define VDHCP_MESSAGES		(VDHCP_MESSAGE_MAX + 1)
#define VDHCP_NOTES		(VDHCP_NOTE_MAX + 1)

#define VDHCP_ROUTES_MAX	128
#define VDHCP_SEARCH_MAX	1024
#define VDHCP_OPTLIST_MAX	4096
#define VDHCP_LEASE_INFINITE	0xffffffffu
#define VDHCP_LEASE_DEFAULT	86400
#define VDHCP_RATE_DEFAULT	100

/*
 * Configuration: what was said
 */

/**
 * struct vdhcp_route - one route
 * @dst: destination, host bits zero
 * @via: router, 0 if the destination is on the link
 * @dst_len: prefix length of @dst
 */
struct vdhcp_route {
	__be32 dst;
	__be32 via;
	u8 dst_len;
};

/**
 * struct vdhcp_optlist - raw options as the operator gave them
 * @len: bytes used in @data
 * @data: entries of code (1), form (1), length (2, network order), value
 *
 * Sorted by code, each code at most once.
 */
struct vdhcp_optlist {
	u16 len;
	u8 data[VDHCP_OPTLIST_MAX];
};

/**
 * struct vdhcp_option - one raw option of a list
 * @code: option code
 * @form: how it was written, enum vdhcp_option_form
 * @len: bytes at @data
 * @data: the value, without code and length
 */
struct vdhcp_option {
	u8 code;
	u8 form;
	u16 len;
	const u8 *data;
};

/**
 * struct vdhcp_subnet_spec - a subnet as the operator described it
 * @present: bit N is set when attribute N of enum vdhcp_a_subnet was given
 * @name: key, NUL-terminated
 * @network: cidr's address, host bits zero
 * @gateway: default router
 * @server_id: option 54 and IPv4 source of replies
 * @next_server: siaddr of replies
 * @lease: seconds
 * @t1: seconds
 * @t2: seconds
 * @ipv6_only: V6ONLY_WAIT, seconds
 * @mtu: bytes
 * @prefix_len: cidr's prefix length
 * @server_mac: Ethernet source of replies
 * @rapid_commit: 0 or 1
 * @send_router: enum vdhcp_send_router
 * @n_dns: entries of @dns
 * @n_ntp: entries of @ntp
 * @n_routes: entries of @routes
 * @search_len: bytes used in @search
 * @dns: name servers
 * @ntp: time servers
 * @routes: classless routes
 * @domain: domain name
 * @boot_file: boot file
 * @captive_portal: URI of option 114
 * @search: search list, each name NUL-terminated
 * @options: raw options
 *
 * A field whose bit in @present is clear has its default (vdhcp_subnet_init()).
 */
struct vdhcp_subnet_spec {
	u64 present;
	char name[VDHCP_NAME_MAX + 1];
	__be32 network;
	__be32 gateway;
	__be32 server_id;
	__be32 next_server;
	u32 lease;
	u32 t1;
	u32 t2;
	u32 ipv6_only;
	u16 mtu;
	u8 prefix_len;
	u8 server_mac[VDHCP_ETH_ALEN];
	u8 rapid_commit;
	u8 send_router;
	u8 n_dns;
	u8 n_ntp;
	u8 n_routes;
	u16 search_len;
	__be32 dns[VDHCP_LIST_MAX];
	__be32 ntp[VDHCP_LIST_MAX];
	struct vdhcp_route routes[VDHCP_ROUTES_MAX];
	char domain[VDHCP_TEXT_MAX + 1];
	char boot_file[VDHCP_TEXT_MAX + 1];
	char captive_portal[VDHCP_TEXT_MAX + 1];
	char search[VDHCP_SEARCH_MAX];
	struct vdhcp_optlist options;
};

/**
 * struct vdhcp_port_spec - a port as the operator described it
 * @present: bit N is set when attribute N of enum vdhcp_a_port was given
 * @addr: the guest's address
 * @rate: packets a second, 0 for no limit
 * @mac: the guest's MAC
 * @mode: enum vdhcp_mode
 * @guard: drop what a DHCP server would send, 0 or 1
 * @hostname: option 12
 * @options: raw options
 *
 * Device, VLAN and subnet are the table's business, not the engine's.
 */
struct vdhcp_port_spec {
	u64 present;
	__be32 addr;
	u32 rate;
	u8 mac[VDHCP_ETH_ALEN];
	u8 mode;
	u8 guard;
	char hostname[VDHCP_TEXT_MAX + 1];
	struct vdhcp_optlist options;
};

/**
 * struct vdhcp_cfg_err - why a spec was refused
 * @attr: attribute at fault, in the enum of the object; 0 if none in particular
 * @entry: which of several of that attribute: code of a raw option, else index
 * @text: one sentence without a full stop, for the operator
 */
struct vdhcp_cfg_err {
	u16 attr;
	u16 entry;
	char text[96];
};

void vdhcp_subnet_init(struct vdhcp_subnet_spec *spec);
void vdhcp_subnet_clear(struct vdhcp_subnet_spec *spec, u16 attr);
void vdhcp_port_init(struct vdhcp_port_spec *spec);
void vdhcp_port_clear(struct vdhcp_port_spec *spec, u16 attr);

bool vdhcp_optlist_next(const struct vdhcp_optlist *list, u16 *at,
			struct vdhcp_option *opt);
int vdhcp_optlist_set(struct vdhcp_optlist *list, const struct vdhcp_option *opt);
void vdhcp_optlist_remove(struct vdhcp_optlist *list, u8 code);

/*
 * Configuration: what is answered from
 */

/**
 * struct vdhcp_opts - options ready to be copied into a reply
 * @have: bit per code
 * @below: how many codes have their bits in the words of @have before this one
 * @n: how many codes
 * @at: @n + 1 offsets into the bytes that follow, in the order of the codes
 *
 * The bytes after @at are whole options with code and length; a value of more
 * than 255 bytes is already split (RFC 3396 section 6).
 */
struct vdhcp_opts {
	u64 have[4];
	u8 below[4];
	u16 n;
	u16 at[];
};

/**
 * struct vdhcp_subnet_conf - compiled subnet
 * @size: bytes of this structure with all that follows it
 * @network: first address
 * @mask: network mask
 * @broadcast: directed broadcast address, 0 if the subnet has none
 * @gateway: default router or 0
 * @server_id: option 54 and IPv4 source of replies
 * @next_server: siaddr
 * @server_mac: Ethernet source of replies
 * @answer_arp: the server identifier is nobody else's, so ARP for it is ours
 * @rapid_commit: option 80 is honoured
 * @ipv6_only: option 108 is configured
 * @router_always: option 3 goes out beside 121
 * @has_default: the routes reach everything, option 121 need not name a router
 * @lease_len: bytes used in @lease
 * @lease: options 51, 58 and 59
 * @domain_len: bytes used in @domain
 * @domain: the domain name as DNS labels, with the root label
 * @opts: options of the subnet
 */
struct vdhcp_subnet_conf {
	u16 size;
	__be32 network;
	__be32 mask;
	__be32 broadcast;
	__be32 gateway;
	__be32 server_id;
	__be32 next_server;
	u8 server_mac[VDHCP_ETH_ALEN];
	bool answer_arp;
	bool rapid_commit;
	bool ipv6_only;
	bool router_always;
	u8 lease_len;
	u8 lease[18];
	u8 domain_len;
	u8 domain[VDHCP_TEXT_MAX];
	struct vdhcp_opts opts;
};

/**
 * struct vdhcp_port_conf - compiled port
 * @size: bytes of this structure with all that follows it
 * @addr: the guest's address
 * @mac: the guest's MAC
 * @mode: enum vdhcp_mode
 * @guard: drop what a DHCP server would send
 * @rate: packets a second, 0 for no limit
 * @present: as in the spec
 * @host_len: bytes of the host name, without NUL
 * @host_fqdn: the host name has a dot, so the subnet's domain is not added
 * @raw_len: bytes of the raw options
 * @opts: options of the port; they win over the subnet's
 *
 * After @opts come the host name (@host_len bytes) and the raw options as in
 * struct vdhcp_optlist (@raw_len bytes), from which the spec is made again.
 */
struct vdhcp_port_conf {
	u16 size;
	u16 raw_len;
	__be32 addr;
	u32 rate;
	u32 present;
	u8 mac[VDHCP_ETH_ALEN];
	u8 mode;
	u8 guard;
	u8 host_len;
	bool host_fqdn;
	struct vdhcp_opts opts;
};

/*
 * Room that the caller of a compile function provides at conf. Its end is
 * scratch; the result is the first conf->size bytes, for the caller to keep.
 */
#define VDHCP_SUBNET_CONF_MAX	32768
#define VDHCP_PORT_CONF_MAX	32768

int vdhcp_subnet_compile(const struct vdhcp_subnet_spec *spec,
			 struct vdhcp_subnet_conf *conf, struct vdhcp_cfg_err *cfg_err);
int vdhcp_port_compile(const struct vdhcp_port_spec *spec,
		       struct vdhcp_port_conf *conf, struct vdhcp_cfg_err *cfg_err);
int vdhcp_port_fits(const struct vdhcp_port_conf *port,
		    const struct vdhcp_subnet_conf *subnet, struct vdhcp_cfg_err *cfg_err);
void vdhcp_port_restore(const struct vdhcp_port_conf *conf, struct vdhcp_port_spec *spec);
const u8 *vdhcp_port_hostname(const struct vdhcp_port_conf *conf);
bool vdhcp_port_option_next(const struct vdhcp_port_conf *conf, u16 *at,
			    struct vdhcp_option *opt);

/**
 * struct vdhcp_conf - all that one answer depends on beside the request
 * @port: the port, never NULL
 * @subnet: its subnet; may be NULL unless the mode is serve
 * @mtu: MTU of the device, bytes
 */
struct vdhcp_conf {
	const struct vdhcp_port_conf *port;
	const struct vdhcp_subnet_conf *subnet;
	u16 mtu;
};

/*
 * Packets
 */

/**
 * enum vdhcp_class - what a frame is, by protocol and ports alone
 * @VDHCP_CLASS_OTHER: not for us
 * @VDHCP_CLASS_CLIENT: IPv4 UDP to port 67, or its first fragment
 * @VDHCP_CLASS_SERVER: IPv4 UDP to port 68, or its first fragment
 * @VDHCP_CLASS_ARP: ARP
 */
enum vdhcp_class {
	VDHCP_CLASS_OTHER,
	VDHCP_CLASS_CLIENT,
	VDHCP_CLASS_SERVER,
	VDHCP_CLASS_ARP,
};

/**
 * struct vdhcp_packet - one frame, linear and read only
 * @eth: Ethernet header, of which only the addresses are read
 * @l3: what follows the Ethernet header and any VLAN tag
 * @len: bytes at @l3, with padding
 * @csum_ok: the UDP checksum needs no look: it is partial or was verified
 */
struct vdhcp_packet {
	const struct vdhcp_eth *eth;
	const u8 *l3;
	u32 len;
	bool csum_ok;
};

/**
 * vdhcp_ip4_udp_offset() - where the UDP header would be
 * @ip: at least 20 bytes of an IPv4 header
 *
 * Return: offset of the UDP header from @ip, or 0 if this is not UDP, not
 * IPv4, or a fragment other than the first, which has no ports to look at.
 */
static inline unsigned int vdhcp_ip4_udp_offset(const struct vdhcp_ip4 *ip)
{
	unsigned int hlen = (ip->ver_ihl & 0xf) * 4;

	if (ip->protocol != VDHCP_IP4_UDP || ip->ver_ihl >> 4 != 4 ||
	    hlen < VDHCP_IP4_HLEN || ip->frag & cpu_to_be16(VDHCP_IP4_OFFSET))
		return 0;
	return hlen;
}

/**
 * vdhcp_udp_class() - what UDP to a port is to us
 * @dest: destination port
 *
 * Return: client, server or other.
 */
static inline enum vdhcp_class vdhcp_udp_class(__be16 dest)
{
	if (dest == cpu_to_be16(VDHCP_PORT_SERVER))
		return VDHCP_CLASS_CLIENT;
	if (dest == cpu_to_be16(VDHCP_PORT_CLIENT))
		return VDHCP_CLASS_SERVER;
	return VDHCP_CLASS_OTHER;
}

/**
 * struct vdhcp_frame - addresses of a checked frame
 * @saddr: IPv4 source
 * @daddr: IPv4 destination
 * @len: bytes of UDP payload
 * @dhcp: UDP payload
 */
struct vdhcp_frame {
	__be32 saddr;
	__be32 daddr;
	u16 len;
	const u8 *dhcp;
};

enum vdhcp_class vdhcp_frame_classify(u16 ethertype, const u8 *l3, u32 len);
int vdhcp_frame_claim(const struct vdhcp_conf *conf, enum vdhcp_class class,
		      const struct vdhcp_eth *eth, const struct vdhcp_ip4 *ip);
int vdhcp_frame_check(const struct vdhcp_conf *conf, const struct vdhcp_packet *pkt,
		      struct vdhcp_frame *frame);

int vdhcp_arp_decide(const struct vdhcp_conf *conf, const struct vdhcp_packet *pkt);
u16 vdhcp_arp_write(const struct vdhcp_conf *conf, const struct vdhcp_packet *pkt,
		    u8 *out);
/* What vdhcp_arp_write() writes; vdhcp_dhcp4_write() writes VDHCP_FRAME_MAX at most. */
#define VDHCP_ARP_FRAME		(VDHCP_ETH_HLEN + VDHCP_ARP_LEN)

/**
 * struct vdhcp_span - some bytes of a DHCP message
 * @at: offset from its first byte
 * @len: how many bytes
 */
struct vdhcp_span {
	u16 at;
	u16 len;
};

/**
 * struct vdhcp_opt_ref - an option that may have come in several pieces
 * @first: value of the first piece
 * @total: bytes of all pieces (RFC 3396 section 7)
 * @pieces: how many pieces; 0 if the option was not sent. Of option 55 those that
 *	are empty do not count
 */
struct vdhcp_opt_ref {
	struct vdhcp_span first;
	u16 total;
	u16 pieces;
};

/**
 * struct vdhcp_opt_small - a short option, put together from its pieces
 * @total: bytes of all pieces, which may be more than were kept
 * @seen: the option was sent
 * @v: the first bytes of the value
 */
struct vdhcp_opt_small {
	u16 total;
	bool seen;
	u8 v[4];
};

/**
 * enum vdhcp_prl_flag - codes asked for on which more depends than their option
 * @VDHCP_PRL_MASK: 1
 * @VDHCP_PRL_ROUTER: 3
 * @VDHCP_PRL_IPV6_ONLY: 108
 * @VDHCP_PRL_ROUTES: 121
 * @VDHCP_PRL_MS_ROUTES: 249
 */
enum vdhcp_prl_flag {
	VDHCP_PRL_MASK = 1 << 0,
	VDHCP_PRL_ROUTER = 1 << 1,
	VDHCP_PRL_IPV6_ONLY = 1 << 2,
	VDHCP_PRL_ROUTES = 1 << 3,
	VDHCP_PRL_MS_ROUTES = 1 << 4,
};

/*
 * Options that a message may have. Clients send less than 30; whoever sends as
 * many as there is room for only makes us read them.
 */
#define VDHCP_OPTIONS_MAX 64

/**
 * struct vdhcp_dhcp4 - a DHCPv4 request, parsed, and what was decided
 * @frame: where it came from
 * @field: option fields in the order of RFC 3396 section 5: options, file, sname
 * @n_fields: how many of them hold options
 * @n_options: options in them
 * @type: option 53
 * @overload: option 52
 * @requested: option 50
 * @server_id: option 54
 * @max_size: option 57
 * @rapid: option 80
 * @prl: option 55
 * @client_id: option 61
 * @fqdn: option 81
 * @uuid: option 97
 * @message: enum vdhcp_message of @type, for the counters
 * @prl_flags: bit per enum vdhcp_prl_flag, from the parameter request list
 * @fqdn_flags: first byte of @fqdn
 * @notes: bit per enum vdhcp_note, set while parsing and writing
 * @reply: message type of the reply, 0 for none
 * @broadcast: the reply goes to the Ethernet broadcast address
 * @send_rapid: the reply carries option 80
 * @send_ipv6_only: the reply carries option 108
 * @yiaddr: address handed out, 0 if none is
 * @ciaddr: ciaddr of the reply
 * @dst: IPv4 destination of the reply
 *
 * Lives on the caller's stack for one packet; refers to the request, which
 * must stay as it is until the reply is written.
 */
struct vdhcp_dhcp4 {
	const struct vdhcp_frame *frame;
	struct vdhcp_span field[3];
	struct vdhcp_opt_small type;
	struct vdhcp_opt_small overload;
	struct vdhcp_opt_small requested;
	struct vdhcp_opt_small server_id;
	struct vdhcp_opt_small max_size;
	struct vdhcp_opt_small rapid;
	struct vdhcp_opt_ref prl;
	struct vdhcp_opt_ref client_id;
	struct vdhcp_opt_ref fqdn;
	struct vdhcp_opt_ref uuid;
	u8 n_fields;
	u8 n_options;
	u8 message;
	u8 notes;
	u8 reply;
	u8 prl_flags;
	u8 fqdn_flags;
	bool broadcast;
	bool send_rapid;
	bool send_ipv6_only;
	__be32 yiaddr;
	__be32 ciaddr;
	__be32 dst;
};

int vdhcp_dhcp4_parse(const struct vdhcp_conf *conf, const struct vdhcp_frame *frame,
		      struct vdhcp_dhcp4 *req);
int vdhcp_dhcp4_decide(const struct vdhcp_conf *conf, struct vdhcp_dhcp4 *req);
u16 vdhcp_dhcp4_write(const struct vdhcp_conf *conf, struct vdhcp_dhcp4 *req,
		      u8 *out);
bool vdhcp_dhcp4_option(const struct vdhcp_dhcp4 *req, u8 code, struct vdhcp_span *value);

/**
 * enum vdhcp_kind - what a verdict means for the packet
 * @VDHCP_KIND_REPLY: it is answered
 * @VDHCP_KIND_CONSUMED: it is noted, and nothing is to be answered
 * @VDHCP_KIND_DROP: it is refused
 * @VDHCP_KIND_PASS: it goes on its way
 * @VDHCP_KINDS: how many there are
 */
enum vdhcp_kind {
	VDHCP_KIND_REPLY,
	VDHCP_KIND_CONSUMED,
	VDHCP_KIND_DROP,
	VDHCP_KIND_PASS,
	VDHCP_KINDS,
};

/**
 * vdhcp_verdict_replies() - does this verdict come with a reply?
 * @verdict: enum vdhcp_verdict, VDHCP_CONTINUE or VDHCP_NOT_OURS
 *
 * Return: true if a reply is to be written.
 */
bool vdhcp_verdict_replies(int verdict);
bool vdhcp_verdict_passes(int verdict);
enum vdhcp_kind vdhcp_verdict_kind(u8 verdict);
const char *vdhcp_verdict_name(int verdict);

/**
 * struct vdhcp_bucket - token bucket of a port
 * @interval: ns that one packet costs, 0 for no limit
 * @burst: ns worth of packets that may come at once
 */
struct vdhcp_bucket {
	u64 interval;
	u64 burst;
};

void vdhcp_bucket_init(struct vdhcp_bucket *bucket, u32 rate);

/**
 * vdhcp_bucket_take() - may one more packet pass now?
 * @bucket: the limit
 * @full_at: in: when the bucket is full again, ns; out: the same after taking
 * @now: ns of the same clock
 *
 * A token bucket of which only the time is stored at which it is full again
 * ("virtual scheduling" of ITU-T I.371), so that one 64-bit word is all its
 * state and taking needs no division. The caller makes the update atomic.
 *
 * Return: true if there was a token; @full_at is changed only then.
 */
static inline bool vdhcp_bucket_take(const struct vdhcp_bucket *bucket, u64 *full_at,
				     u64 now)
{
	u64 at = max_t(u64, *full_at, now);

	if (at - now > bucket->burst)
		return false;
	*full_at = at + bucket->interval;
	return true;
}

#endif /* VDHCP_ENGINE_ENGINE_H */
