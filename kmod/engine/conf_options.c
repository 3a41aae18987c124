// SPDX-License-Identifier: GPL-2.0
/* Compiling the options of subnets and ports. */
#include "conf_options.h"
#include "keys.h"
#include "name.h"
#include "optval.h"

#define IS_PRESENT(spec, attr) \
	((spec)->present & BIT_ULL(VDHCP_A_SUBNET_##attr))

static u8 *write_route(u8 *out, __be32 dst, u8 dst_len, __be32 via)
{
	*out++ = dst_len;
	memcpy(out, &dst, (dst_len + 7) / 8);
	out += (dst_len + 7) / 8;
	vdhcp_put_addr(via, out);
	return out + sizeof(via);
}

/* Validate the routes, and set @has_default if there is a default route. */
static int validate_routes(const struct vdhcp_subnet_spec *spec,
			   bool *has_default, struct vdhcp_cfg_err *cfg_err)
{
	const struct vdhcp_route *route;
	unsigned int i;

	*has_default = false;
	for (i = 0; i < spec->routes.n; i++) {
		route = &spec->routes.route[i];
		cfg_err->entry = i;
		if (route->dst_len > 32)
			return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_ROUTE,
					  "a route's prefix length is above 32");
		if (route->dst & ~vdhcp_prefix_to_mask(route->dst_len))
			return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_ROUTE,
					  "a route's destination has host bits set");
		if (route->via && !vdhcp_is_host(route->via))
			return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_ROUTE,
					  "a route's via is not a unicast address");
		if (!route->dst_len)
			*has_default = true;
	}
	return 0;
}

/*
 * Option 121. A client that requests 121 ignores option 3, so 121 includes the
 * default route (RFC 3442). If the gateway is not on link, a host route to it
 * comes first.
 */
static int compile_routes(const struct vdhcp_subnet_spec *spec,
			  const struct vdhcp_subnet_conf *conf,
			  struct vdhcp_optset_builder *builder,
			  struct vdhcp_cfg_err *cfg_err)
{
	bool off_link = conf->gateway &&
			(conf->gateway & conf->mask) != conf->network;
	const struct vdhcp_route *route;
	u8 *value = builder->work;
	u8 *out = value;
	bool has_default;
	unsigned int i;
	int ret;

	ret = validate_routes(spec, &has_default, cfg_err);
	if (ret || (!spec->routes.n && !off_link))
		return ret;
	if (off_link)
		out = write_route(out, conf->gateway, 32, 0);
	if (conf->gateway && !has_default)
		out = write_route(out, 0, 0, conf->gateway);
	for (i = 0; i < spec->routes.n; i++) {
		route = &spec->routes.route[i];
		cfg_err->entry = i;
		if (out - value + 1 + (route->dst_len + 7) / 8 + 4 >
		    VDHCP_OPTION_MAX)
			return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_ROUTE,
					  "routes take more than %u bytes",
					  VDHCP_OPTION_MAX);
		out = write_route(out, route->dst, route->dst_len, route->via);
	}
	if (vdhcp_optset_add(builder, VDHCP_OPT_CLASSLESS_ROUTE, value,
			     out - value))
		return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_ROUTE,
				  VDHCP_OPTSET_FULL);
	return 0;
}

/* Encode the domain as DNS labels, which option 81 needs. */
static int compile_domain(const struct vdhcp_subnet_spec *spec,
			  struct vdhcp_subnet_conf *conf,
			  struct vdhcp_cfg_err *cfg_err)
{
	int len;

	if (!IS_PRESENT(spec, DOMAIN))
		return 0;
	len = vdhcp_name_encode(spec->domain, conf->domain, cfg_err,
				VDHCP_A_SUBNET_DOMAIN);
	if (len < 0)
		return len;
	conf->domain_len = len;
	return 0;
}

/**
 * vdhcp_options_compile() - compile the options of a subnet
 * @spec: the spec
 * @conf: conf of the subnet, whose addresses are set; its domain is filled in
 * @builder: the builder to which the options are added
 * @cfg_err: filled in on failure
 *
 * Return: 0 or -EINVAL.
 */
int vdhcp_options_compile(const struct vdhcp_subnet_spec *spec,
			  struct vdhcp_subnet_conf *conf,
			  struct vdhcp_optset_builder *builder,
			  struct vdhcp_cfg_err *cfg_err)
{
	int ret;

	ret = vdhcp_keys_compile(spec, &vdhcp_subnet_keys, builder, cfg_err);
	if (!ret && conf->broadcast &&
	    vdhcp_optset_add(builder, VDHCP_OPT_BROADCAST, &conf->broadcast, 4))
		ret = vdhcp_fail(cfg_err, 0, VDHCP_OPTSET_FULL);
	if (!ret)
		ret = compile_routes(spec, conf, builder, cfg_err);
	if (!ret)
		ret = compile_domain(spec, conf, cfg_err);
	if (!ret)
		ret = vdhcp_raw_compile(&spec->options, builder,
					VDHCP_A_SUBNET_OPTION, cfg_err);
	return ret;
}

/**
 * vdhcp_raw_compile() - add raw options to a builder
 * @list: the options
 * @builder: the builder; raw options replace values with the same code
 * @attr: attribute of the options, for @cfg_err
 * @cfg_err: filled in on failure
 *
 * Old versions of Windows request option 249 instead of 121. It has the same
 * format, so it gets the value of 121 unless it is configured itself.
 *
 * Return: 0 or -EINVAL.
 */
int vdhcp_raw_compile(const struct vdhcp_optlist *list,
		      struct vdhcp_optset_builder *builder, u16 attr,
		      struct vdhcp_cfg_err *cfg_err)
{
	bool has_ms_routes = false;
	struct vdhcp_option opt;
	const u8 *routes;
	u16 at = 0, len;
	int ret;

	while (vdhcp_optlist_next(list, &at, &opt)) {
		ret = vdhcp_optval_validate(&opt, attr, cfg_err);
		if (ret)
			return ret;
		if (vdhcp_optset_add(builder, opt.code, opt.data, opt.len))
			return vdhcp_fail(cfg_err, attr, VDHCP_OPTSET_FULL);
		if (opt.code == VDHCP_OPT_MS_CLASSLESS_ROUTE)
			has_ms_routes = true;
	}
	routes = vdhcp_optset_value(builder, VDHCP_OPT_CLASSLESS_ROUTE, &len);
	if (routes && !has_ms_routes &&
	    vdhcp_optset_add(builder, VDHCP_OPT_MS_CLASSLESS_ROUTE, routes,
			     len))
		return vdhcp_fail(cfg_err, attr, VDHCP_OPTSET_FULL);
	return 0;
}

/**
 * vdhcp_has_default_route() - check whether routes include a default route
 * @p: valid value of option 121
 * @len: bytes at @p
 *
 * Return: true if they do.
 */
bool vdhcp_has_default_route(const u8 *p, u16 len)
{
	const u8 *end = p + len;

	for (; p < end; p += 1 + (*p + 7) / 8 + 4)
		if (!*p)
			return true;
	return false;
}
