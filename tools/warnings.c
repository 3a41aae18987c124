// SPDX-License-Identifier: GPL-2.0
/*
 * What is allowed in a configuration, but is more often a mistake than not: an address or
 * a MAC that two ports of a subnet have, and a gateway or next hop that guests cannot
 * reach. Allowed, because agents replace ports in any order, and because a migration and
 * a bond have an address twice.
 */
#include <linux/vdhcp.h>
#include <netlink/genl/genl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attrs.h"
#include "request.h"
#include "value.h"
#include "warnings.h"

/* More warnings are only counted. */
#define PRINTED_MAX 20

/* First size of the list of entries. */
#define ROOM_MIN 64

/**
 * struct entry - an address of a port
 * @subnet: name of its subnet
 * @addr: attribute of the address, NULL if it has none
 * @mac: attribute of the port's MAC, NULL if it has none
 * @port: the port
 */
struct entry {
	const char *subnet;
	const struct nlattr *addr;
	const struct nlattr *mac;
	const struct nlmsghdr *port;
};

static bool is_new_warning(struct warnings *warnings)
{
	return warnings->found++ < PRINTED_MAX;
}

static struct in_addr read_addr(const struct nlattr *nla)
{
	struct in_addr addr = { 0 };

	if (nla && nla_len(nla) == sizeof(addr))
		memcpy(&addr, nla_data(nla), sizeof(addr));
	return addr;
}

/* Warns if guests of a subnet cannot reach a router by ARP. */
static void check_router(struct warnings *warnings, const struct nlmsghdr *hdr, const char *what,
			 struct in_addr router)
{
	const struct nlattr *name = attr_find(hdr, VDHCP_A_SUBNET_NAME);
	const struct nlattr *network = attr_find(hdr, VDHCP_A_SUBNET_NETWORK);
	const struct nlattr *len = attr_find(hdr, VDHCP_A_SUBNET_PREFIX_LEN);
	char prefix[PREFIX_STRLEN], ip[INET_ADDRSTRLEN];
	uint32_t mask;

	if (!router.s_addr || !network || !len || !nla_len(len) || !nla_get_u8(len) ||
	    nla_get_u8(len) >= 32)
		return;
	mask = htonl(UINT32_MAX << (32 - nla_get_u8(len)));
	if (!((router.s_addr ^ read_addr(network).s_addr) & mask) || !is_new_warning(warnings))
		return;
	warn("subnet %s: %s %s is not in %s, so guests reach it only with a route to it",
	     name ? attr_text(name) : "", what, show_ip(&router, ip),
	     show_prefix(nla_data(network), nla_get_u8(len), prefix));
}

/**
 * warnings_check_subnet() - check the routers of a subnet
 * @warnings: search
 * @hdr: message that holds the subnet
 *
 * The address of a /32 is on no link anyhow, so its routers are not checked.
 */
void warnings_check_subnet(struct warnings *warnings, const struct nlmsghdr *hdr)
{
	struct in_addr gateway = read_addr(attr_find(hdr, VDHCP_A_SUBNET_GATEWAY)), via;
	const struct nlattr *nla;
	int rem;

	check_router(warnings, hdr, "gateway", gateway);
	nlmsg_for_each_attr(nla, (struct nlmsghdr *)hdr, GENL_HDRLEN, rem) {
		if (nla_type(nla) != VDHCP_A_SUBNET_ROUTE)
			continue;
		via = read_addr(nla_find(nla_data(nla), nla_len(nla), VDHCP_A_ROUTE_VIA));
		if (via.s_addr != gateway.s_addr)
			check_router(warnings, hdr, "next hop", via);
	}
}

static int add_entry(struct warnings *warnings, const struct entry *entry)
{
	size_t room = warnings->room ?: ROOM_MIN;
	struct entry *entries;

	if (warnings->count == room)
		room *= 2;
	if (room != warnings->room) {
		entries = reallocarray(warnings->entries, room, sizeof(*entries));
		if (!entries)
			return fail_memory();
		warnings->entries = entries;
		warnings->room = room;
	}
	warnings->entries[warnings->count++] = *entry;
	return STATUS_OK;
}

/**
 * warnings_add_port() - add a port to those that warnings_check_ports() compares
 * @warnings: search
 * @hdr: message that holds the port; it has to stay
 *
 * Return: a status.
 */
int warnings_add_port(struct warnings *warnings, const struct nlmsghdr *hdr)
{
	struct entry entry = { .port = hdr, .mac = attr_find(hdr, VDHCP_A_PORT_MAC) };
	const struct nlattr *nest, *subnet, *own, *mac;
	int rem, err = STATUS_OK;

	if (entry.mac && nla_len(entry.mac) != MAC_LEN)
		entry.mac = NULL;
	own = entry.mac;
	nlmsg_for_each_attr(nest, (struct nlmsghdr *)hdr, GENL_HDRLEN, rem) {
		if (nla_type(nest) != VDHCP_A_PORT_ADDRESS || err)
			continue;
		subnet = nla_find(nla_data(nest), nla_len(nest), VDHCP_A_ADDRESS_SUBNET);
		if (!subnet)
			continue;
		mac = nla_find(nla_data(nest), nla_len(nest), VDHCP_A_ADDRESS_MAC);
		entry.mac = mac && nla_len(mac) == MAC_LEN ? mac : own;
		entry.subnet = attr_text(subnet);
		entry.addr = nla_find(nla_data(nest), nla_len(nest), VDHCP_A_ADDRESS_ADDR);
		if (read_addr(entry.addr).s_addr || entry.mac)
			err = add_entry(warnings, &entry);
	}
	return err;
}

/* Compares two values; one that is missing is the lowest. */
static int compare_values(const struct nlattr *a, const struct nlattr *b)
{
	if (!a || !b)
		return !!a - !!b;
	if (nla_len(a) != nla_len(b))
		return nla_len(a) - nla_len(b);
	return memcmp(nla_data(a), nla_data(b), (size_t)nla_len(a));
}

/* Keeps the order of equal entries, so that warnings do not depend on the sort. */
static int compare_places(const struct entry *x, const struct entry *y)
{
	return (x->port > y->port) - (x->port < y->port);
}

static int compare_addrs(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return strcmp(x->subnet, y->subnet) ?: compare_values(x->addr, y->addr) ?:
	       compare_places(x, y);
}

static int compare_macs(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return strcmp(x->subnet, y->subnet) ?: compare_values(x->mac, y->mac) ?:
	       compare_places(x, y);
}

/* Writes the name of a port: tap0, or tap0 vlan 7. */
static const char *show_port(const struct nlmsghdr *hdr, char *buf)
{
	const struct nlattr *dev = attr_find(hdr, VDHCP_A_PORT_DEV);
	const struct nlattr *vlan = attr_find(hdr, VDHCP_A_PORT_VLAN);
	unsigned int number = vlan && nla_len(vlan) >= 2 ? nla_get_u16(vlan) : 0;

	if (number)
		snprintf(buf, LABEL_SIZE, "%s vlan %u", dev ? attr_text(dev) : "", number);
	else
		snprintf(buf, LABEL_SIZE, "%s", dev ? attr_text(dev) : "");
	return buf;
}

static bool is_same(const struct nlattr *a, const struct nlattr *b)
{
	return a && b && !compare_values(a, b);
}

static void warn_pair(struct warnings *warnings, const struct entry *x, const struct entry *y,
		      bool addr, bool mac)
{
	char first[LABEL_SIZE], second[LABEL_SIZE], ip[INET_ADDRSTRLEN] = "";
	char hardware[MAC_STRLEN] = "";

	if (!is_new_warning(warnings))
		return;
	if (addr)
		show_ip(nla_data(x->addr), ip);
	if (mac)
		show_mac(nla_data(x->mac), hardware);
	warn("%s%s%s%s%s in subnet %s %s of port %s and of port %s", addr ? "address " : "", ip,
	     addr && mac ? " and " : "", mac ? "MAC " : "", hardware, x->subnet,
	     addr && mac ? "are those" : "is that", show_port(x->port, first),
	     show_port(y->port, second));
}

/**
 * warnings_check_ports() - warn about addresses and MACs that two ports of a subnet have
 * @warnings: search with all ports
 */
void warnings_check_ports(struct warnings *warnings)
{
	const struct entry *x, *end = warnings->entries + warnings->count;

	if (!warnings->count)
		return;
	qsort(warnings->entries, warnings->count, sizeof(*x), compare_addrs);
	for (x = warnings->entries; x + 1 < end; x++)
		if (!strcmp(x->subnet, x[1].subnet) && is_same(x->addr, x[1].addr) &&
		    x->port != x[1].port)
			warn_pair(warnings, x, x + 1, true, is_same(x->mac, x[1].mac));
	qsort(warnings->entries, warnings->count, sizeof(*x), compare_macs);
	for (x = warnings->entries; x + 1 < end; x++)
		if (!strcmp(x->subnet, x[1].subnet) && is_same(x->mac, x[1].mac) &&
		    !is_same(x->addr, x[1].addr) && x->port != x[1].port)
			warn_pair(warnings, x, x + 1, false, true);
}

/**
 * warnings_end() - end a search
 * @warnings: search; the number of warnings stays
 */
void warnings_end(struct warnings *warnings)
{
	if (warnings->found > PRINTED_MAX)
		warn("%zu more warnings like these", warnings->found - PRINTED_MAX);
	free(warnings->entries);
	*warnings = (struct warnings){ .found = warnings->found };
}
