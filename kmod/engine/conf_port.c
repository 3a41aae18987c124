// SPDX-License-Identifier: GPL-2.0
/*
 * Ports: compiling a spec into a conf, and restoring it. Subnets are in conf.c.
 */
#include "conf.h"
#include "conf_options.h"
#include "keys.h"

#define IS_PRESENT(spec, attr) \
	((spec)->present & BIT_ULL(VDHCP_A_PORT_##attr))

/**
 * vdhcp_port_init() - initialise a spec with the defaults
 * @spec: the spec, in which no attribute is present from now on; unused space
 *	for raw options is not cleared
 */
void vdhcp_port_init(struct vdhcp_port_spec *spec)
{
	vdhcp_keys_init(spec, &vdhcp_port_keys);
}

static int validate_port(const struct vdhcp_port_spec *spec,
			 struct vdhcp_cfg_err *cfg_err)
{
	const struct vdhcp_address *ip4;
	int ret;

	ret = vdhcp_keys_validate(spec, &vdhcp_port_keys, cfg_err);
	if (!ret)
		ret = vdhcp_addresses_check(&spec->addresses, spec->mac,
					    cfg_err);
	if (ret || spec->mode != VDHCP_MODE_SERVE)
		return ret;
	if (!IS_PRESENT(spec, MAC))
		return vdhcp_fail(cfg_err, VDHCP_A_PORT_MAC,
				  "mode serve needs a mac");
	ip4 = vdhcp_addresses_ip4(&spec->addresses);
	if (!ip4 || !ip4->family)
		return vdhcp_fail(cfg_err, VDHCP_AT_ADDR,
				  "mode serve needs an addr");
	return 0;
}

/* No trailing dot, because the subnet's domain may be appended. */
static int compile_hostname(const struct vdhcp_port_spec *spec,
			    struct vdhcp_port_conf *conf,
			    struct vdhcp_cfg_err *cfg_err)
{
	if (!IS_PRESENT(spec, HOSTNAME))
		return 0;
	conf->host_len = strlen(spec->hostname);
	if (spec->hostname[conf->host_len - 1] == '.')
		return vdhcp_fail(cfg_err, VDHCP_A_PORT_HOSTNAME,
				  "hostname ends in a dot");
	conf->host_fqdn = strchr(spec->hostname, '.');
	return 0;
}

/* The options are followed by the host name, then by the raw options. */
static u8 *get_tail(const struct vdhcp_port_conf *conf)
{
	return (u8 *)&conf->opts.at[0] + vdhcp_optset_size(&conf->opts);
}

/* Write the MACs that addresses have of their own. Returns their end. */
static u8 *write_macs(const struct vdhcp_port_spec *spec,
		      struct vdhcp_port_conf *conf, u8 *end)
{
	struct vdhcp_listed_mac *other = (struct vdhcp_listed_mac *)end;
	const struct vdhcp_address *address;
	unsigned int i;

	for (i = 0; i < spec->addresses.n; i++) {
		address = &spec->addresses.entry[i];
		if (!address->has_mac)
			continue;
		memcpy(other->mac, address->mac, VDHCP_ETH_ALEN);
		other->index = i;
		other++;
		conf->n_macs++;
	}
	return (u8 *)other;
}

/**
 * vdhcp_port_compile() - validate a port and compile it
 * @spec: the spec
 * @conf: buffer of %VDHCP_PORT_CONF_MAX bytes; the result is the first
 *	@conf->size bytes
 * @cfg_err: filled in on failure
 *
 * vdhcp_port_fits() validates the port against its subnet.
 *
 * Context: process; does not sleep or allocate.
 *
 * Return: 0 or -EINVAL.
 */
int vdhcp_port_compile(const struct vdhcp_port_spec *spec,
		       struct vdhcp_port_conf *conf,
		       struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_optset_builder *builder;
	const struct vdhcp_address *ip4;
	u8 *end;
	int ret;

	builder = (void *)((u8 *)conf + VDHCP_PORT_CONF_MAX - sizeof(*builder));
	memset(conf, 0, sizeof(*conf));
	vdhcp_optset_builder_init(builder);
	ret = validate_port(spec, cfg_err);
	if (!ret)
		ret = vdhcp_keys_compile(spec, &vdhcp_port_keys, builder,
					 cfg_err);
	if (!ret)
		ret = compile_hostname(spec, conf, cfg_err);
	if (!ret)
		ret = vdhcp_raw_compile(&spec->options, builder,
					VDHCP_A_PORT_OPTION, cfg_err);
	if (ret)
		return ret;

	ip4 = vdhcp_addresses_ip4(&spec->addresses);
	if (ip4)
		conf->addr = ip4->ip4;
	conf->n_addresses = spec->addresses.n;
	conf->rate = spec->rate;
	conf->present = spec->present;
	memcpy(conf->mac, spec->mac, VDHCP_ETH_ALEN);
	conf->mode = spec->mode;
	conf->guard = spec->guard;
	conf->other_mac = spec->other_mac;
	conf->unicast = spec->unicast;
	conf->raw_len = spec->options.len;
	vdhcp_optset_build(&conf->opts, builder);
	end = get_tail(conf);
	memcpy(end, spec->hostname, conf->host_len);
	end += conf->host_len;
	memcpy(end, spec->options.data, conf->raw_len);
	end += conf->raw_len;
	end = write_macs(spec, conf, end);
	conf->size = end - (u8 *)conf;
	return 0;
}

/**
 * vdhcp_port_hostname() - get the host name of a port
 * @conf: the port
 *
 * Return: @conf->host_len bytes without NUL.
 */
const u8 *vdhcp_port_hostname(const struct vdhcp_port_conf *conf)
{
	return get_tail(conf);
}

/* The raw options, as in struct vdhcp_optlist. */
static const u8 *get_raw_options(const struct vdhcp_port_conf *conf)
{
	return get_tail(conf) + conf->host_len;
}

/**
 * vdhcp_port_option_next() - iterate over the raw options of a port
 * @conf: the port
 * @at: position, 0 at the start; advanced
 * @opt: set to the next option
 *
 * Return: true, or false at the end.
 */
bool vdhcp_port_option_next(const struct vdhcp_port_conf *conf, u16 *at,
			    struct vdhcp_option *opt)
{
	return vdhcp_entry_next(get_raw_options(conf), conf->raw_len, at, opt);
}

/**
 * vdhcp_port_listed_macs() - get the MACs of a port in addition to the guest's
 * @conf: the port
 *
 * Return: an array of @conf->n_macs entries.
 */
const struct vdhcp_listed_mac *
vdhcp_port_listed_macs(const struct vdhcp_port_conf *conf)
{
	return (const struct vdhcp_listed_mac *)(get_raw_options(conf) +
						conf->raw_len);
}

/**
 * vdhcp_port_find_mac() - find a MAC among those that a port lists
 * @conf: the port
 * @mac: the MAC
 *
 * Return: the entry; NULL if the port does not list the MAC, or if it is the
 * guest's own MAC.
 */
const struct vdhcp_listed_mac *
vdhcp_port_find_mac(const struct vdhcp_port_conf *conf, const u8 *mac)
{
	const struct vdhcp_listed_mac *other = vdhcp_port_listed_macs(conf);
	const struct vdhcp_listed_mac *end = other + conf->n_macs;

	for (; other != end; other++)
		if (!memcmp(other->mac, mac, VDHCP_ETH_ALEN))
			return other;
	return NULL;
}

/**
 * vdhcp_port_mac_of() - get the MAC that an address belongs to
 * @conf: the port
 * @index: index of the address
 *
 * Return: the MAC.
 */
const u8 *vdhcp_port_mac_of(const struct vdhcp_port_conf *conf, u8 index)
{
	const struct vdhcp_listed_mac *other = vdhcp_port_listed_macs(conf);
	const struct vdhcp_listed_mac *end = other + conf->n_macs;

	for (; other != end; other++)
		if (other->index == index)
			return other->mac;
	return conf->mac;
}

/**
 * vdhcp_port_restore() - restore the spec that a conf was compiled from
 * @conf: compiled port
 * @spec: filled in, except for the addresses, which are stored outside of the
 *	conf
 */
void vdhcp_port_restore(const struct vdhcp_port_conf *conf,
			struct vdhcp_port_spec *spec)
{
	vdhcp_port_init(spec);
	spec->present = conf->present;
	spec->rate = conf->rate;
	memcpy(spec->mac, conf->mac, VDHCP_ETH_ALEN);
	spec->mode = conf->mode;
	spec->guard = conf->guard;
	spec->other_mac = conf->other_mac;
	spec->unicast = conf->unicast;
	memcpy(spec->hostname, vdhcp_port_hostname(conf), conf->host_len);
	spec->options.len = conf->raw_len;
	memcpy(spec->options.data, get_raw_options(conf), conf->raw_len);
}

/*
 * Does option 121 of the port override the subnet's routes without a default
 * route, although the subnet has a gateway?
 */
static bool loses_gateway(const struct vdhcp_port_conf *port,
			  const struct vdhcp_subnet_conf *subnet)
{
	struct vdhcp_option opt;
	u16 at = 0;

	while (subnet->gateway && vdhcp_port_option_next(port, &at, &opt))
		if (opt.code == VDHCP_OPT_CLASSLESS_ROUTE)
			return !vdhcp_has_default_route(opt.data, opt.len);
	return false;
}

/**
 * vdhcp_port_fits() - validate an address of a port against its subnet
 * @port: compiled port
 * @mac: MAC that the address belongs to
 * @addr: the address
 * @subnet: compiled subnet of the address
 * @cfg_err: filled in on failure, with an attribute of the port
 *
 * Must be called when either of them changes. A port that is not in mode serve
 * fits any subnet.
 *
 * Return: 0 or -EINVAL.
 */
int vdhcp_port_fits(const struct vdhcp_port_conf *port, const u8 *mac,
		    __be32 addr, const struct vdhcp_subnet_conf *subnet,
		    struct vdhcp_cfg_err *cfg_err)
{
	if (port->mode != VDHCP_MODE_SERVE)
		return 0;
	if ((addr & subnet->mask) != subnet->network)
		return vdhcp_fail(cfg_err, VDHCP_AT_ADDR,
				  "addr is outside of the subnet's cidr");
	if (subnet->broadcast && addr == subnet->network)
		return vdhcp_fail(cfg_err, VDHCP_AT_ADDR,
				  "addr is the subnet's network address");
	if (subnet->broadcast && addr == subnet->broadcast)
		return vdhcp_fail(cfg_err, VDHCP_AT_ADDR,
				  "addr is the subnet's broadcast address");
	if (addr == subnet->server_id)
		return vdhcp_fail(cfg_err, VDHCP_AT_ADDR,
				  "addr is the subnet's server-id");
	if (!memcmp(mac, subnet->server_mac, VDHCP_ETH_ALEN))
		return vdhcp_fail(cfg_err, VDHCP_A_PORT_MAC,
				  "mac is the subnet's server-mac");
	cfg_err->entry = VDHCP_OPT_CLASSLESS_ROUTE;
	if (loses_gateway(port, subnet))
		return vdhcp_fail(cfg_err, VDHCP_A_PORT_OPTION,
				  "option 121 needs a default route");
	return 0;
}
