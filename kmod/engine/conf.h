/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Configuration. A *spec* is an object as the operator described it. It has no
 * pointers, so a copy can be changed without further allocations.
 * vdhcp_subnet_compile() and vdhcp_port_compile() validate a spec and compile
 * it into a *conf*, in which all options that do not depend on the request are
 * encoded. A conf is never modified, but replaced.
 */
#ifndef VDHCP_ENGINE_CONF_H
#define VDHCP_ENGINE_CONF_H

#include <linux/vdhcp.h>
#include "address.h"
#include "cfg_err.h"
#include "optlist.h"
#include "optset.h"
#include "wire.h"

#define VDHCP_ROUTES_MAX	128
#define VDHCP_SEARCH_MAX	1024
#define VDHCP_LEASE_INFINITE	0xffffffffu

/**
 * struct vdhcp_route - one route
 * @dst: destination, host bits zero
 * @via: router, 0 if the destination is on link
 * @dst_len: prefix length of @dst
 */
struct vdhcp_route {
	__be32 dst;
	__be32 via;
	u8 dst_len;
};

/**
 * struct vdhcp_addrs - a list of addresses
 * @n: number of entries in @addr
 * @addr: the addresses
 */
struct vdhcp_addrs {
	u8 n;
	__be32 addr[VDHCP_LIST_MAX];
};

/**
 * struct vdhcp_names - a list of names
 * @len: bytes used in @text
 * @text: the names, each NUL-terminated
 */
struct vdhcp_names {
	u16 len;
	char text[VDHCP_SEARCH_MAX];
};

/**
 * struct vdhcp_routes - a list of routes
 * @n: number of entries in @route
 * @route: the routes
 */
struct vdhcp_routes {
	u8 n;
	struct vdhcp_route route[VDHCP_ROUTES_MAX];
};

#include "spec-gen.h"

void vdhcp_subnet_init(struct vdhcp_subnet_spec *spec);
void vdhcp_port_init(struct vdhcp_port_spec *spec);

/**
 * struct vdhcp_subnet_conf - compiled subnet
 * @size: bytes of this structure and of the options that follow it
 * @network: first address
 * @mask: network mask
 * @broadcast: directed broadcast address; 0 for /31 and /32, which have none
 * @gateway: default router, 0 if there is none
 * @server_id: option 54 and IPv4 source of replies
 * @next_server: siaddr
 * @server_mac: Ethernet source of replies
 * @answer_arp: answer ARP for the server identifier, because no host has it
 * @rapid_commit: answer a DISCOVER with option 80 with an ACK
 * @ipv6_only: option 108 is configured
 * @router_always: send option 3 in addition to option 121
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
	struct vdhcp_optset opts;
};

/**
 * struct vdhcp_listed_mac - a MAC of a port in addition to the guest's MAC
 * @mac: the MAC
 * @index: index of its address among the addresses of the port
 */
struct vdhcp_listed_mac {
	u8 mac[VDHCP_ETH_ALEN];
	u8 index;
};

/**
 * struct vdhcp_port_conf - compiled port
 * @size: bytes of this structure and of the data that follows it
 * @addr: the guest's address
 * @mac: the guest's MAC
 * @mode: enum vdhcp_mode
 * @guard: drop DHCP server messages of the guest
 * @unicast: enum vdhcp_unicast
 * @rate: packets per second, 0 for no limit
 * @present: as in the spec
 * @host_len: bytes of the host name, without NUL
 * @host_fqdn: the host name has a dot, so the subnet's domain is not appended
 * @n_addresses: number of addresses, which are stored outside of the conf
 * @n_macs: number of MACs in addition to @mac
 * @other_mac: enum vdhcp_other_mac
 * @raw_len: bytes of the raw options
 * @opts: options of the port; they override the subnet's options
 *
 * @opts is followed by the host name (@host_len bytes), the raw options in the
 * format of struct vdhcp_optlist (@raw_len bytes), and @n_macs entries of
 * struct vdhcp_listed_mac. vdhcp_port_restore() restores the spec from them.
 */
struct vdhcp_port_conf {
	u16 size;
	u16 raw_len;
	__be32 addr;
	u32 rate;
	u64 present;
	u8 mac[VDHCP_ETH_ALEN];
	u8 mode;
	u8 guard;
	u8 unicast;
	u8 host_len;
	bool host_fqdn;
	u8 n_addresses;
	u8 n_macs;
	u8 other_mac;
	struct vdhcp_optset opts;
};

/*
 * Sizes of the buffers for the compile functions. The end of a buffer is
 * scratch memory; the result is the first conf->size bytes.
 */
#define VDHCP_SUBNET_CONF_MAX	32768
#define VDHCP_PORT_CONF_MAX	32768

int vdhcp_subnet_compile(const struct vdhcp_subnet_spec *spec,
			 struct vdhcp_subnet_conf *conf,
			 struct vdhcp_cfg_err *cfg_err);
int vdhcp_port_compile(const struct vdhcp_port_spec *spec,
		       struct vdhcp_port_conf *conf,
		       struct vdhcp_cfg_err *cfg_err);
int vdhcp_port_fits(const struct vdhcp_port_conf *port, const u8 *mac,
		    __be32 addr, const struct vdhcp_subnet_conf *subnet,
		    struct vdhcp_cfg_err *cfg_err);
void vdhcp_port_restore(const struct vdhcp_port_conf *conf,
			struct vdhcp_port_spec *spec);
const u8 *vdhcp_port_hostname(const struct vdhcp_port_conf *conf);
bool vdhcp_port_option_next(const struct vdhcp_port_conf *conf, u16 *at,
			    struct vdhcp_option *opt);
const struct vdhcp_listed_mac *
vdhcp_port_listed_macs(const struct vdhcp_port_conf *conf);
const struct vdhcp_listed_mac *
vdhcp_port_find_mac(const struct vdhcp_port_conf *conf, const u8 *mac);
const u8 *vdhcp_port_mac_of(const struct vdhcp_port_conf *conf, u8 index);

/**
 * vdhcp_port_strictness() - compare what ports drop
 * @port: compiled port
 *
 * A frame in several VLANs is judged by the strictest of their ports. No port
 * answers such a frame, so only the frames matter that a port drops: with
 * guard, all of DHCP; in mode deny, messages of clients.
 *
 * Return: more for a port that drops more, 0 for a port that drops nothing.
 */
static inline unsigned int
vdhcp_port_strictness(const struct vdhcp_port_conf *port)
{
	return port->guard ? 2 : port->mode == VDHCP_MODE_DENY;
}

/**
 * struct vdhcp_conf - configuration that a reply depends on
 * @port: the port, never NULL
 * @subnet: subnet of @addr; may be NULL unless the mode is serve
 * @mac: MAC of the client: that of the port, or another MAC that it lists
 * @addr: address of that MAC, 0 if it has none
 * @vlan: VLAN ID of the port, 0 for untagged
 * @mtu: MTU of the device in bytes
 */
struct vdhcp_conf {
	const struct vdhcp_port_conf *port;
	const struct vdhcp_subnet_conf *subnet;
	const u8 *mac;
	__be32 addr;
	u16 vlan;
	u16 mtu;
};

/**
 * vdhcp_conf_set_client() - set the client to the guest's own MAC and address
 * @conf: the configuration, whose port is set
 */
static inline void vdhcp_conf_set_client(struct vdhcp_conf *conf)
{
	conf->mac = conf->port->mac;
	conf->addr = conf->port->addr;
}

/**
 * vdhcp_conf_is_own_mac() - check whether a MAC is one of the port's
 * @conf: the configuration
 * @mac: the MAC
 *
 * Return: true if it is the guest's MAC or another MAC that the port lists.
 */
static inline bool vdhcp_conf_is_own_mac(const struct vdhcp_conf *conf,
					 const u8 *mac)
{
	return !memcmp(mac, conf->port->mac, VDHCP_ETH_ALEN) ||
	       (conf->port->n_macs && vdhcp_port_find_mac(conf->port, mac));
}

#endif /* VDHCP_ENGINE_CONF_H */
