// SPDX-License-Identifier: GPL-2.0
/* Ports: compiling a spec into a conf, and back. Subnets are in conf.c. */
#include "conf.h"
#include "conf_options.h"
#include "name.h"

#define IS_PRESENT(spec, attr) \
	((spec)->present & BIT_ULL(VDHCP_A_PORT_##attr))

/**
 * vdhcp_port_init() - initialise a spec without any attribute
 * @spec: filled with the defaults, except for unused space of the raw options
 */
void vdhcp_port_init(struct vdhcp_port_spec *spec)
{
	memset(spec, 0, offsetof(struct vdhcp_port_spec, options.data));
	spec->mode = VDHCP_MODE_SERVE;
	spec->guard = 1;
	spec->rate = VDHCP_RATE_DEFAULT;
}

/**
 * vdhcp_port_clear() - reset one attribute to its default
 * @spec: the spec
 * @attr: enum vdhcp_a_port
 */
void vdhcp_port_clear(struct vdhcp_port_spec *spec, u16 attr)
{
	switch (attr) {
	case VDHCP_A_PORT_MAC:
		memset(spec->mac, 0, sizeof(spec->mac));
		break;
	case VDHCP_A_PORT_ADDR:
		spec->addr = 0;
		break;
	case VDHCP_A_PORT_HOSTNAME:
		spec->hostname[0] = '\0';
		break;
	case VDHCP_A_PORT_MODE:
		spec->mode = VDHCP_MODE_SERVE;
		break;
	case VDHCP_A_PORT_GUARD:
		spec->guard = 1;
		break;
	case VDHCP_A_PORT_RATE:
		spec->rate = VDHCP_RATE_DEFAULT;
		break;
	case VDHCP_A_PORT_OPTION:
		spec->options.len = 0;
		break;
	default:
		return;
	}
	spec->present &= ~BIT_ULL(attr);
}

static int validate_port(const struct vdhcp_port_spec *spec,
			 struct vdhcp_cfg_err *cfg_err)
{
	if (IS_PRESENT(spec, MAC) && !vdhcp_is_mac(spec->mac))
		return vdhcp_fail(cfg_err, VDHCP_A_PORT_MAC,
				  "mac is not a unicast address");
	if (IS_PRESENT(spec, ADDR) && !vdhcp_is_host(spec->addr))
		return vdhcp_fail(cfg_err, VDHCP_A_PORT_ADDR,
				  "addr is not a unicast address");
	if (spec->mode < VDHCP_MODE_SERVE || spec->mode > VDHCP_MODE_MAX)
		return vdhcp_fail(cfg_err, VDHCP_A_PORT_MODE, "no such mode");
	if (spec->rate > VDHCP_RATE_MAX)
		return vdhcp_fail(cfg_err, VDHCP_A_PORT_RATE,
				  "rate is above %u", VDHCP_RATE_MAX);
	if (spec->mode != VDHCP_MODE_SERVE)
		return 0;
	if (!IS_PRESENT(spec, MAC))
		return vdhcp_fail(cfg_err, VDHCP_A_PORT_MAC,
				  "mode serve needs a mac");
	if (!IS_PRESENT(spec, ADDR))
		return vdhcp_fail(cfg_err, VDHCP_A_PORT_ADDR,
				  "mode serve needs an addr");
	return 0;
}

/* What follows the options: the host name, then the raw options. */
static u8 *get_tail(const struct vdhcp_port_conf *conf)
{
	return (u8 *)&conf->opts.at[0] + vdhcp_optset_size(&conf->opts);
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
	u8 *end;
	int ret;

	builder = (void *)((u8 *)conf + VDHCP_PORT_CONF_MAX - sizeof(*builder));
	memset(conf, 0, sizeof(*conf));
	vdhcp_optset_builder_init(builder);
	ret = validate_port(spec, cfg_err);
	if (ret)
		return ret;
	if (IS_PRESENT(spec, HOSTNAME)) {
		ret = vdhcp_name_encode(spec->hostname, builder->labels,
					cfg_err, VDHCP_A_PORT_HOSTNAME);
		if (ret < 0)
			return ret;
		conf->host_len = strlen(spec->hostname);
		if (spec->hostname[conf->host_len - 1] == '.')
			return vdhcp_fail(cfg_err, VDHCP_A_PORT_HOSTNAME,
					  "hostname ends in a dot");
		conf->host_fqdn = strchr(spec->hostname, '.');
		if (vdhcp_optset_add(builder, VDHCP_OPT_HOST_NAME,
				     spec->hostname, conf->host_len))
			return vdhcp_fail(cfg_err, VDHCP_A_PORT_HOSTNAME,
					  "too many options");
	}
	ret = vdhcp_raw_compile(&spec->options, builder, VDHCP_A_PORT_OPTION,
				cfg_err);
	if (ret)
		return ret;

	conf->addr = spec->addr;
	conf->rate = spec->rate;
	conf->present = spec->present;
	memcpy(conf->mac, spec->mac, VDHCP_ETH_ALEN);
	conf->mode = spec->mode;
	conf->guard = spec->guard;
	conf->raw_len = spec->options.len;
	vdhcp_optset_build(&conf->opts, builder);
	end = get_tail(conf);
	memcpy(end, spec->hostname, conf->host_len);
	end += conf->host_len;
	memcpy(end, spec->options.data, conf->raw_len);
	end += conf->raw_len;
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
 * vdhcp_port_option_next() - walk over the raw options of a port
 * @conf: the port
 * @at: position; 0 to begin with
 * @opt: the option found
 *
 * Return: false at the end.
 */
bool vdhcp_port_option_next(const struct vdhcp_port_conf *conf, u16 *at,
			    struct vdhcp_option *opt)
{
	return vdhcp_entry_next(get_raw_options(conf), conf->raw_len, at, opt);
}

/**
 * vdhcp_port_restore() - get the spec that a conf was compiled from
 * @conf: compiled port
 * @spec: filled in
 */
void vdhcp_port_restore(const struct vdhcp_port_conf *conf,
			struct vdhcp_port_spec *spec)
{
	vdhcp_port_init(spec);
	spec->present = conf->present;
	spec->addr = conf->addr;
	spec->rate = conf->rate;
	memcpy(spec->mac, conf->mac, VDHCP_ETH_ALEN);
	spec->mode = conf->mode;
	spec->guard = conf->guard;
	memcpy(spec->hostname, vdhcp_port_hostname(conf), conf->host_len);
	spec->options.len = conf->raw_len;
	memcpy(spec->options.data, get_raw_options(conf), conf->raw_len);
}

/* Do the port's own routes replace those of the subnet without a gateway? */
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
 * vdhcp_port_fits() - validate a port against its subnet
 * @port: compiled port
 * @subnet: compiled subnet
 * @cfg_err: filled in on failure, with an attribute of the port
 *
 * To be called when either of them changes. A port that is not in mode serve
 * fits into any subnet.
 *
 * Return: 0 or -EINVAL.
 */
int vdhcp_port_fits(const struct vdhcp_port_conf *port,
		    const struct vdhcp_subnet_conf *subnet,
		    struct vdhcp_cfg_err *cfg_err)
{
	if (port->mode != VDHCP_MODE_SERVE)
		return 0;
	if ((port->addr & subnet->mask) != subnet->network)
		return vdhcp_fail(cfg_err, VDHCP_A_PORT_ADDR,
				  "addr is outside of the subnet's cidr");
	if (subnet->broadcast && port->addr == subnet->network)
		return vdhcp_fail(cfg_err, VDHCP_A_PORT_ADDR,
				  "addr is the subnet's network address");
	if (subnet->broadcast && port->addr == subnet->broadcast)
		return vdhcp_fail(cfg_err, VDHCP_A_PORT_ADDR,
				  "addr is the subnet's broadcast address");
	if (port->addr == subnet->server_id)
		return vdhcp_fail(cfg_err, VDHCP_A_PORT_ADDR,
				  "addr is the subnet's server-id");
	if (!memcmp(port->mac, subnet->server_mac, VDHCP_ETH_ALEN))
		return vdhcp_fail(cfg_err, VDHCP_A_PORT_MAC,
				  "mac is the subnet's server-mac");
	cfg_err->entry = VDHCP_OPT_CLASSLESS_ROUTE;
	if (loses_gateway(port, subnet))
		return vdhcp_fail(cfg_err, VDHCP_A_PORT_OPTION,
				  "option 121 needs a default route");
	return 0;
}
