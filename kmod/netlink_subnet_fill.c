// SPDX-License-Identifier: GPL-2.0
/* Subnets: spec to attributes. */
#include "netlink.h"
#include "subnet.h"

static bool given(const struct vdhcp_subnet_spec *spec, int attr)
{
	return spec->present & BIT_ULL(attr);
}

static int put_addr(struct sk_buff *skb, const struct vdhcp_subnet_spec *spec, int attr,
		    __be32 addr)
{
	return given(spec, attr) ? nla_put_in_addr(skb, attr, addr) : 0;
}

static int put_u32(struct sk_buff *skb, const struct vdhcp_subnet_spec *spec, int attr,
		   u32 value)
{
	return given(spec, attr) ? nla_put_u32(skb, attr, value) : 0;
}

static int put_text(struct sk_buff *skb, const struct vdhcp_subnet_spec *spec, int attr,
		    const char *text)
{
	return given(spec, attr) ? nla_put_string(skb, attr, text) : 0;
}

static int put_addrs(struct sk_buff *skb, int attr, const __be32 *list, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (nla_put_in_addr(skb, attr, list[i]))
			return -EMSGSIZE;
	return 0;
}

static int put_routes(struct sk_buff *skb, const struct vdhcp_subnet_spec *spec)
{
	const struct vdhcp_route *route = spec->routes;
	struct nlattr *nest;

	for (; route < spec->routes + spec->n_routes; route++) {
		nest = nla_nest_start(skb, VDHCP_A_SUBNET_ROUTE);
		if (!nest || nla_put_in_addr(skb, VDHCP_A_ROUTE_DST, route->dst) ||
		    nla_put_u8(skb, VDHCP_A_ROUTE_DST_LEN, route->dst_len) ||
		    nla_put_in_addr(skb, VDHCP_A_ROUTE_VIA, route->via))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

static int put_search(struct sk_buff *skb, const struct vdhcp_subnet_spec *spec)
{
	const char *name = spec->search;

	for (; name < spec->search + spec->search_len; name += strlen(name) + 1)
		if (nla_put_string(skb, VDHCP_A_SUBNET_SEARCH, name))
			return -EMSGSIZE;
	return 0;
}

static int put_options(struct sk_buff *skb, const struct vdhcp_subnet_spec *spec)
{
	struct vdhcp_option opt;
	u16 at = 0;

	while (vdhcp_optlist_next(&spec->options, &at, &opt))
		if (vdhcp_netlink_option_put(skb, VDHCP_A_SUBNET_OPTION, &opt))
			return -EMSGSIZE;
	return 0;
}

static int put_state(struct sk_buff *skb, const struct vdhcp_net *vn,
		     const struct vdhcp_subnet *subnet)
{
	const struct vdhcp_subnet_conf *conf = vdhcp_subnet_get_conf(vn, subnet);
	struct nlattr *nest = nla_nest_start(skb, VDHCP_A_SUBNET_STATE);

	if (!nest || nla_put_in_addr(skb, VDHCP_A_SUBNET_STATE_SERVER_ID, conf->server_id) ||
	    nla_put(skb, VDHCP_A_SUBNET_STATE_SERVER_MAC, sizeof(conf->server_mac),
		    conf->server_mac) ||
	    nla_put_u32(skb, VDHCP_A_SUBNET_STATE_PORTS, subnet->n_bindings))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_scalars(struct sk_buff *skb, const struct vdhcp_subnet_spec *spec)
{
	if (nla_put_string(skb, VDHCP_A_SUBNET_NAME, spec->name) ||
	    nla_put_in_addr(skb, VDHCP_A_SUBNET_NETWORK, spec->network) ||
	    nla_put_u8(skb, VDHCP_A_SUBNET_PREFIX_LEN, spec->prefix_len) ||
	    put_addr(skb, spec, VDHCP_A_SUBNET_GATEWAY, spec->gateway) ||
	    put_addr(skb, spec, VDHCP_A_SUBNET_SERVER_ID, spec->server_id) ||
	    put_addr(skb, spec, VDHCP_A_SUBNET_NEXT_SERVER, spec->next_server) ||
	    put_text(skb, spec, VDHCP_A_SUBNET_DOMAIN, spec->domain) ||
	    put_text(skb, spec, VDHCP_A_SUBNET_BOOT_FILE, spec->boot_file) ||
	    put_text(skb, spec, VDHCP_A_SUBNET_CAPTIVE_PORTAL, spec->captive_portal) ||
	    put_u32(skb, spec, VDHCP_A_SUBNET_T1, spec->t1) ||
	    put_u32(skb, spec, VDHCP_A_SUBNET_T2, spec->t2) ||
	    put_u32(skb, spec, VDHCP_A_SUBNET_IPV6_ONLY, spec->ipv6_only) ||
	    nla_put_u32(skb, VDHCP_A_SUBNET_LEASE, spec->lease) ||
	    nla_put_u8(skb, VDHCP_A_SUBNET_RAPID_COMMIT, spec->rapid_commit))
		return -EMSGSIZE;
	if (given(spec, VDHCP_A_SUBNET_SERVER_MAC) &&
	    nla_put(skb, VDHCP_A_SUBNET_SERVER_MAC, sizeof(spec->server_mac), spec->server_mac))
		return -EMSGSIZE;
	if (given(spec, VDHCP_A_SUBNET_MTU) &&
	    nla_put_u16(skb, VDHCP_A_SUBNET_MTU, spec->mtu))
		return -EMSGSIZE;
	if (given(spec, VDHCP_A_SUBNET_SEND_ROUTER) &&
	    nla_put_u8(skb, VDHCP_A_SUBNET_SEND_ROUTER, spec->send_router))
		return -EMSGSIZE;
	return 0;
}

/**
 * vdhcp_netlink_subnet_fill() - write one subnet, for get, dump and echo
 * @skb: to write to
 * @hdr: what the message begins with, NULL if there was no room for it
 * @vn: the namespace; the caller holds its lock
 * @subnet: the subnet
 *
 * Return: 0, or -EMSGSIZE and nothing is written.
 */
int vdhcp_netlink_subnet_fill(struct sk_buff *skb, void *hdr, const struct vdhcp_net *vn,
			      const struct vdhcp_subnet *subnet)
{
	const struct vdhcp_subnet_spec *spec = subnet->spec;

	if (!hdr)
		return -EMSGSIZE;
	if (put_scalars(skb, spec) ||
	    put_addrs(skb, VDHCP_A_SUBNET_DNS, spec->dns, spec->n_dns) ||
	    put_addrs(skb, VDHCP_A_SUBNET_NTP, spec->ntp, spec->n_ntp) ||
	    put_routes(skb, spec) || put_search(skb, spec) || put_options(skb, spec) ||
	    put_state(skb, vn, subnet)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/**
 * vdhcp_netlink_subnet_size() - what vdhcp_netlink_subnet_fill() writes at most
 * @spec: what the operator said of the subnet
 *
 * Return: bytes.
 */
size_t vdhcp_netlink_subnet_size(const struct vdhcp_subnet_spec *spec)
{
	const size_t addr = nla_total_size(sizeof(__be32)), byte = nla_total_size(sizeof(u8));
	const size_t mac = nla_total_size(VDHCP_ETH_ALEN), mtu = nla_total_size(sizeof(u16));
	const char *name = spec->search;
	struct vdhcp_option opt;
	size_t total;
	u16 at = 0;

	total = nla_total_size(sizeof(spec->name)) + 4 * addr + mac + 3 * byte + mtu;
	total += 4 * nla_total_size(sizeof(u32));
	total += 3 * nla_total_size(VDHCP_TEXT_MAX + 1);
	total += (spec->n_dns + spec->n_ntp) * addr;
	total += spec->n_routes * nla_total_size(2 * addr + byte);
	for (; name < spec->search + spec->search_len; name += strlen(name) + 1)
		total += nla_total_size(strlen(name) + 1);
	while (vdhcp_optlist_next(&spec->options, &at, &opt))
		total += vdhcp_netlink_option_size(&opt);
	return total + nla_total_size(addr + mac + nla_total_size(sizeof(u32)));
}
