// SPDX-License-Identifier: GPL-2.0
/* Validation of the addresses of a port. */
#include <linux/vdhcp.h>
#include "addr.h"
#include "address.h"

/* An entry with a subnet but without an address is for IPv4. */
static bool is_ip4(const struct vdhcp_address *address)
{
	return address->family != AF_INET6;
}

static const u8 *get_owner_mac(const struct vdhcp_address *address,
			       const u8 *mac)
{
	return address->has_mac ? address->mac : mac;
}

/**
 * vdhcp_addresses_ip4() - find the IPv4 address of the port's MAC
 * @list: the addresses of a port
 *
 * Return: the entry, which may have a subnet but no address; NULL if there is
 * none.
 */
const struct vdhcp_address *
vdhcp_addresses_ip4(const struct vdhcp_addresses *list)
{
	unsigned int i;

	for (i = 0; i < list->n; i++)
		if (is_ip4(&list->entry[i]) && !list->entry[i].has_mac)
			return &list->entry[i];
	return NULL;
}

/* A MAC of its own makes the entry a client, which needs an address. */
static int validate_mac(const struct vdhcp_address *address, const u8 *mac,
			struct vdhcp_cfg_err *cfg_err)
{
	if (!vdhcp_is_mac(address->mac))
		return vdhcp_fail(cfg_err, VDHCP_AT_MAC,
				  "the MAC of an address is not a unicast address");
	if (!memcmp(address->mac, mac, VDHCP_ETH_ALEN))
		return vdhcp_fail(cfg_err, VDHCP_AT_MAC,
				  "the MAC of an address is that of the port; leave it out");
	if (!address->family)
		return vdhcp_fail(cfg_err, VDHCP_AT_ADDR,
				  "the MAC of an address needs an addr");
	return 0;
}

static int validate_address(const struct vdhcp_address *address, const u8 *mac,
			    struct vdhcp_cfg_err *cfg_err)
{
	int err;

	if (address->family == AF_INET6)
		return vdhcp_cfg_err_set(cfg_err, -EOPNOTSUPP, VDHCP_AT_ADDR,
					 "IPv6 is not supported yet");
	err = address->has_mac ? validate_mac(address, mac, cfg_err) : 0;
	if (err)
		return err;
	if (address->family && !vdhcp_is_host(address->ip4))
		return vdhcp_fail(cfg_err, VDHCP_AT_ADDR,
				  "addr is not a unicast address");
	return 0;
}

/* DHCPv4 identifies a client by its MAC and assigns it one address. */
static int validate_only(const struct vdhcp_addresses *list, unsigned int n,
			 const u8 *mac, struct vdhcp_cfg_err *cfg_err)
{
	const u8 *m = get_owner_mac(&list->entry[n], mac);
	unsigned int i = 0;
	u16 attr;

	while (i < n &&
	       (!is_ip4(&list->entry[i]) || !is_ip4(&list->entry[n]) ||
		memcmp(get_owner_mac(&list->entry[i], mac), m,
		       VDHCP_ETH_ALEN)))
		i++;
	if (i == n)
		return 0;
	attr = list->entry[n].family ? VDHCP_AT_ADDR : VDHCP_AT_SUBNET;
	if (!vdhcp_is_mac(m))
		return vdhcp_fail(cfg_err, attr,
				  "a second IPv4 address: DHCPv4 can give one");
	return vdhcp_fail(cfg_err, attr,
			  "a second IPv4 address for MAC %02x:%02x:%02x:%02x:%02x:%02x: DHCPv4 can give one",
			  m[0], m[1], m[2], m[3], m[4], m[5]);
}

/**
 * vdhcp_addresses_check() - check whether a port can have these addresses
 * @list: the addresses
 * @mac: the port's MAC, all zero if the port has none
 * @cfg_err: filled in on failure; its entry is the index of the address
 *
 * Return: 0, -EINVAL or -EOPNOTSUPP.
 */
int vdhcp_addresses_check(const struct vdhcp_addresses *list, const u8 *mac,
			  struct vdhcp_cfg_err *cfg_err)
{
	unsigned int i;
	int err;

	for (i = 0; i < list->n; i++) {
		cfg_err->entry = i;
		err = validate_address(&list->entry[i], mac, cfg_err);
		if (!err)
			err = validate_only(list, i, mac, cfg_err);
		if (err)
			return err;
	}
	return 0;
}
