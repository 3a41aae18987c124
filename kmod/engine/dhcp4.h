/* SPDX-License-Identifier: GPL-2.0 */
/* DHCPv4: a parsed request. */
#ifndef VDHCP_ENGINE_DHCP4_H
#define VDHCP_ENGINE_DHCP4_H

#include "cursor.h"

/**
 * struct vdhcp_opt_ref - an option that the client may have split into pieces
 * @first: value of the first piece
 * @total: bytes of all pieces (RFC 3396 section 7)
 * @pieces: number of pieces, not counting empty pieces of option 55; 0 if the
 *	option was not sent
 */
struct vdhcp_opt_ref {
	struct vdhcp_span first;
	u16 total;
	u16 pieces;
};

/**
 * struct vdhcp_opt_small - a short option, collected from its pieces
 * @total: bytes of all pieces
 * @seen: the option was sent
 * @v: the value, cut to the size of this array
 */
struct vdhcp_opt_small {
	u16 total;
	bool seen;
	u8 v[4];
};

/**
 * enum vdhcp_prl_flag - requested options that affect other parts of the reply
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

/* Codes after the first 256 of a parameter request list are ignored. */
#define VDHCP_PRL_MAX 256

/**
 * vdhcp_prl_count() - get the number of codes to read from a piece of option 55
 * @before: number of codes in the previous pieces
 * @len: number of codes in the piece
 *
 * Return: number of codes to read; the rest of the piece is ignored.
 */
static inline u8 vdhcp_prl_count(unsigned int before, u8 len)
{
	return before < VDHCP_PRL_MAX ?
	       min_t(unsigned int, len, VDHCP_PRL_MAX - before) : 0;
}

/*
 * Most options of a message. Clients send fewer than 30. The limit bounds the
 * time to parse a message.
 */
#define VDHCP_OPTIONS_MAX 64

/**
 * struct vdhcp_dhcp4 - a parsed DHCPv4 request and the reply to it
 * @field: option fields in the order of RFC 3396 section 5: options, file,
 *	sname
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
 * @n_fields: number of entries in @field
 * @n_options: number of options in all fields
 * @reply: message type of the reply, 0 for none
 * @prl_flags: bit per enum vdhcp_prl_flag, from the parameter request list
 * @fqdn_flags: first byte of @fqdn
 * @broadcast: the reply goes to the Ethernet broadcast address
 * @send_rapid: the reply has option 80
 * @send_ipv6_only: the reply has option 108
 * @yiaddr: address assigned, 0 for none
 * @ciaddr: ciaddr of the reply
 * @src: IPv4 source of the reply, and its option 54
 * @dst: IPv4 destination of the reply
 *
 * Points into the request, which must not change until the reply is built.
 */
struct vdhcp_dhcp4 {
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
	u8 reply;
	u8 prl_flags;
	u8 fqdn_flags;
	bool broadcast;
	bool send_rapid;
	bool send_ipv6_only;
	__be32 yiaddr;
	__be32 ciaddr;
	__be32 src;
	__be32 dst;
};

#endif /* VDHCP_ENGINE_DHCP4_H */
