/* SPDX-License-Identifier: GPL-2.0 */
/* The addresses of a port, as the operator configured them. */
#ifndef VDHCP_ENGINE_ADDRESS_H
#define VDHCP_ENGINE_ADDRESS_H

#include <linux/vdhcp.h>

#include "cfg_err.h"
#include "env.h"
#include "wire.h"

struct vdhcp_subnet;

/**
 * struct vdhcp_address - one address of a port
 * @family: AF_INET or AF_INET6; 0 if only the subnet is configured
 * @has_mac: @mac is set; otherwise the address belongs to the port's MAC
 * @mac: MAC that the address belongs to; present if @has_mac is set
 * @ip4: the address; present if @family is AF_INET
 * @ip6: the address; present if @family is AF_INET6
 * @subnet: subnet of the address, or NULL; opaque to the engine
 */
struct vdhcp_address {
	u8 family;
	bool has_mac;
	u8 mac[VDHCP_ETH_ALEN];
	union {
		__be32 ip4;
		u8 ip6[16];
	};
	struct vdhcp_subnet *subnet;
};

/**
 * struct vdhcp_addresses - the addresses of a port
 * @n: number of entries in @entry
 * @entry: the addresses, in the order of the configuration
 */
struct vdhcp_addresses {
	u8 n;
	struct vdhcp_address entry[VDHCP_ADDRESSES_MAX];
};

const struct vdhcp_address *
vdhcp_addresses_ip4(const struct vdhcp_addresses *list);
int vdhcp_addresses_check(const struct vdhcp_addresses *list, const u8 *mac,
			  struct vdhcp_cfg_err *cfg_err);

#endif /* VDHCP_ENGINE_ADDRESS_H */
