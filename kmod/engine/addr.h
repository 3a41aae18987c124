/* SPDX-License-Identifier: GPL-2.0 */
/* Properties of addresses. */
#ifndef VDHCP_ENGINE_ADDR_H
#define VDHCP_ENGINE_ADDR_H

#include "wire.h"

/**
 * vdhcp_prefix_to_mask() - convert a prefix length to a network mask
 * @prefix_len: 0 to 32
 *
 * Return: the mask.
 */
static inline __be32 vdhcp_prefix_to_mask(u8 prefix_len)
{
	return cpu_to_be32(prefix_len ? ~0u << (32 - prefix_len) : 0);
}

/**
 * vdhcp_is_host() - check whether an address can be that of a single host
 * @addr: the address
 *
 * Return: true unless RFC 1122 section 3.2.1.3 excludes it.
 */
static inline bool vdhcp_is_host(__be32 addr)
{
	u8 top = be32_to_cpu(addr) >> 24;

	return top && top != 127 && top < 224;
}

/**
 * vdhcp_is_mac() - check whether an address can be that of a single interface
 * @mac: the address
 *
 * Return: true if it is neither a group address nor all zero.
 */
static inline bool vdhcp_is_mac(const u8 *mac)
{
	static const u8 zero[VDHCP_ETH_ALEN];

	return !(mac[0] & 1) && memcmp(mac, zero, VDHCP_ETH_ALEN);
}

#endif /* VDHCP_ENGINE_ADDR_H */
