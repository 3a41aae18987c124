// SPDX-License-Identifier: GPL-2.0
/*
 * Subnets: validating a spec and compiling it into a conf, so that work that
 * does not depend on a request is done only once. Ports are in conf_port.c.
 */
#include "conf.h"
#include "conf_options.h"
#include "keys.h"

#define IS_PRESENT(spec, attr) \
	((spec)->present & BIT_ULL(VDHCP_A_SUBNET_##attr))

/**
 * vdhcp_subnet_init() - initialise a spec with the defaults
 * @spec: the spec, in which no attribute is present from now on
 */
void vdhcp_subnet_init(struct vdhcp_subnet_spec *spec)
{
	vdhcp_keys_init(spec, &vdhcp_subnet_keys);
}

static int validate_network(const struct vdhcp_subnet_spec *spec,
			    struct vdhcp_cfg_err *cfg_err)
{
	if (!IS_PRESENT(spec, NETWORK) || !IS_PRESENT(spec, PREFIX_LEN))
		return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_NETWORK,
				  "a subnet needs a cidr");
	if (!spec->prefix_len || spec->prefix_len > 32)
		return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_PREFIX_LEN,
				  "cidr has a prefix length other than 1 to 32");
	if (spec->network & ~vdhcp_prefix_to_mask(spec->prefix_len))
		return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_NETWORK,
				  "cidr has host bits set");
	if (!vdhcp_is_host(spec->network))
		return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_NETWORK,
				  "cidr is not a network of unicast addresses");
	return 0;
}

/* Set the flags, and the addresses; some addresses follow from others. */
static void derive_addresses(const struct vdhcp_subnet_spec *spec,
			     struct vdhcp_subnet_conf *conf)
{
	conf->network = spec->network;
	conf->mask = vdhcp_prefix_to_mask(spec->prefix_len);
	if (spec->prefix_len < 31)
		conf->broadcast = spec->network | ~conf->mask;
	conf->gateway = spec->gateway;
	conf->next_server = spec->next_server;
	conf->server_id = spec->server_id;
	if (!conf->server_id)
		conf->server_id = spec->gateway;
	if (!conf->server_id)
		conf->server_id = cpu_to_be32(0xa9fea9fe); /* 169.254.169.254 */
	if (IS_PRESENT(spec, SERVER_MAC)) {
		memcpy(conf->server_mac, spec->server_mac, VDHCP_ETH_ALEN);
	} else {
		/* The same on every host, for live migration. */
		conf->server_mac[0] = 0x02;
		conf->server_mac[1] = 0x00;
		vdhcp_put_addr(conf->server_id, conf->server_mac + 2);
	}
	conf->answer_arp = conf->server_id != conf->gateway;
	conf->rapid_commit = spec->rapid_commit;
	conf->router_always = spec->send_router == VDHCP_SEND_ROUTER_ALWAYS;
	conf->ipv6_only = IS_PRESENT(spec, IPV6_ONLY);
}

static u8 *write_u32_option(u8 *out, u8 code, u32 value)
{
	out[0] = code;
	out[1] = sizeof(value);
	put_unaligned_be32(value, out + 2);
	return out + 6;
}

/* Options 51, 58 and 59; T1 < T2 < lease (RFC 2131 section 4.4.5). */
static int compile_lease(const struct vdhcp_subnet_spec *spec,
			 struct vdhcp_subnet_conf *conf,
			 struct vdhcp_cfg_err *cfg_err)
{
	u32 lease = spec->lease, t1 = lease / 2, t2 = lease - lease / 8;
	u8 *out = conf->lease;

	out = write_u32_option(out, VDHCP_OPT_LEASE, lease);
	if (lease != VDHCP_LEASE_INFINITE) {
		t1 = IS_PRESENT(spec, T1) ? spec->t1 : t1;
		t2 = IS_PRESENT(spec, T2) ? spec->t2 : t2;
		if (t2 >= lease)
			return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_T2,
					  "t2 is not below the lease of %u",
					  lease);
		if (t1 >= t2)
			return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_T1,
					  "t1 is not below the t2 of %u", t2);
		out = write_u32_option(out, VDHCP_OPT_T1, t1);
		out = write_u32_option(out, VDHCP_OPT_T2, t2);
	} else if (IS_PRESENT(spec, T1) || IS_PRESENT(spec, T2)) {
		return vdhcp_fail(cfg_err, IS_PRESENT(spec, T1) ?
				  VDHCP_A_SUBNET_T1 : VDHCP_A_SUBNET_T2,
				  "an infinite lease has neither t1 nor t2");
	}
	conf->lease_len = out - conf->lease;
	return 0;
}

/**
 * vdhcp_subnet_compile() - validate a subnet and compile it
 * @spec: the spec
 * @conf: buffer of %VDHCP_SUBNET_CONF_MAX bytes; the result is the first
 *	@conf->size bytes
 * @cfg_err: filled in on failure
 *
 * Context: process; does not sleep or allocate.
 *
 * Return: 0 or -EINVAL.
 */
int vdhcp_subnet_compile(const struct vdhcp_subnet_spec *spec,
			 struct vdhcp_subnet_conf *conf,
			 struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_optset_builder *builder;
	const u8 *routes;
	u16 len;
	int ret;

	builder = (void *)((u8 *)conf + VDHCP_SUBNET_CONF_MAX -
			   sizeof(*builder));
	memset(conf, 0, sizeof(*conf));
	vdhcp_optset_builder_init(builder);
	ret = validate_network(spec, cfg_err);
	if (!ret)
		ret = vdhcp_keys_validate(spec, &vdhcp_subnet_keys, cfg_err);
	if (ret)
		return ret;
	derive_addresses(spec, conf);
	ret = compile_lease(spec, conf, cfg_err);
	if (!ret)
		ret = vdhcp_options_compile(spec, conf, builder, cfg_err);
	if (ret)
		return ret;

	routes = vdhcp_optset_value(builder, VDHCP_OPT_CLASSLESS_ROUTE, &len);
	/* A client that uses 121 ignores 3, so it would have no gateway. */
	cfg_err->entry = VDHCP_OPT_CLASSLESS_ROUTE;
	if (routes && conf->gateway && !vdhcp_has_default_route(routes, len))
		return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_OPTION,
				  "option 121 needs a default route in addition to a gateway");
	vdhcp_optset_build(&conf->opts, builder);
	conf->size = offsetof(struct vdhcp_subnet_conf, opts.at) +
		     vdhcp_optset_size(&conf->opts);
	return 0;
}
