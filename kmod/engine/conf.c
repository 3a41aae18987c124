// SPDX-License-Identifier: GPL-2.0
/*
 * Subnets: validating a spec, and compiling it into a conf, so that all work
 * that does not depend on a request is done once. Ports are in conf_port.c.
 */
#include "conf.h"
#include "conf_options.h"

#define IS_PRESENT(spec, attr) \
	((spec)->present & BIT_ULL(VDHCP_A_SUBNET_##attr))

/**
 * vdhcp_subnet_init() - initialise a spec without any attribute
 * @spec: filled with the defaults
 */
void vdhcp_subnet_init(struct vdhcp_subnet_spec *spec)
{
	memset(spec, 0, sizeof(*spec));
	spec->lease = VDHCP_LEASE_DEFAULT;
	spec->rapid_commit = 1;
	spec->send_router = VDHCP_SEND_ROUTER_AUTO;
}

/**
 * vdhcp_subnet_clear() - reset one attribute to its default
 * @spec: the spec
 * @attr: enum vdhcp_a_subnet
 */
void vdhcp_subnet_clear(struct vdhcp_subnet_spec *spec, u16 attr)
{
	switch (attr) {
	case VDHCP_A_SUBNET_GATEWAY:
		spec->gateway = 0;
		break;
	case VDHCP_A_SUBNET_SERVER_ID:
		spec->server_id = 0;
		break;
	case VDHCP_A_SUBNET_SERVER_MAC:
		memset(spec->server_mac, 0, sizeof(spec->server_mac));
		break;
	case VDHCP_A_SUBNET_DNS:
		spec->n_dns = 0;
		break;
	case VDHCP_A_SUBNET_MTU:
		spec->mtu = 0;
		break;
	case VDHCP_A_SUBNET_ROUTE:
		spec->n_routes = 0;
		break;
	case VDHCP_A_SUBNET_DOMAIN:
		spec->domain[0] = '\0';
		break;
	case VDHCP_A_SUBNET_SEARCH:
		spec->search_len = 0;
		break;
	case VDHCP_A_SUBNET_NTP:
		spec->n_ntp = 0;
		break;
	case VDHCP_A_SUBNET_LEASE:
		spec->lease = VDHCP_LEASE_DEFAULT;
		break;
	case VDHCP_A_SUBNET_T1:
		spec->t1 = 0;
		break;
	case VDHCP_A_SUBNET_T2:
		spec->t2 = 0;
		break;
	case VDHCP_A_SUBNET_RAPID_COMMIT:
		spec->rapid_commit = 1;
		break;
	case VDHCP_A_SUBNET_NEXT_SERVER:
		spec->next_server = 0;
		break;
	case VDHCP_A_SUBNET_BOOT_FILE:
		spec->boot_file[0] = '\0';
		break;
	case VDHCP_A_SUBNET_IPV6_ONLY:
		spec->ipv6_only = 0;
		break;
	case VDHCP_A_SUBNET_CAPTIVE_PORTAL:
		spec->captive_portal[0] = '\0';
		break;
	case VDHCP_A_SUBNET_SEND_ROUTER:
		spec->send_router = VDHCP_SEND_ROUTER_AUTO;
		break;
	case VDHCP_A_SUBNET_OPTION:
		spec->options.len = 0;
		break;
	default:
		return;
	}
	spec->present &= ~BIT_ULL(attr);
}

static int validate_list(const __be32 *addr, u8 n, u16 attr, const char *key,
			 struct vdhcp_cfg_err *cfg_err)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		cfg_err->entry = i;
		if (!vdhcp_is_host(addr[i]))
			return vdhcp_fail(cfg_err, attr,
					  "%s has an address that is not unicast",
					  key);
	}
	return 0;
}

static int validate_addresses(const struct vdhcp_subnet_spec *spec,
			      struct vdhcp_cfg_err *cfg_err)
{
	int ret;

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
	if (IS_PRESENT(spec, GATEWAY) && !vdhcp_is_host(spec->gateway))
		return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_GATEWAY,
				  "gateway is not a unicast address");
	if (IS_PRESENT(spec, SERVER_ID) && !vdhcp_is_host(spec->server_id))
		return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_SERVER_ID,
				  "server-id is not a unicast address");
	if (IS_PRESENT(spec, NEXT_SERVER) && !vdhcp_is_host(spec->next_server))
		return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_NEXT_SERVER,
				  "next-server is not a unicast address");
	if (IS_PRESENT(spec, SERVER_MAC) && !vdhcp_is_mac(spec->server_mac))
		return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_SERVER_MAC,
				  "server-mac is not a unicast address");
	ret = validate_list(spec->dns, spec->n_dns, VDHCP_A_SUBNET_DNS, "dns",
			    cfg_err);
	if (!ret)
		ret = validate_list(spec->ntp, spec->n_ntp, VDHCP_A_SUBNET_NTP,
				    "ntp", cfg_err);
	return ret;
}

/* Sets the addresses that follow from others, and the flags. */
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

	if (lease < 60)
		return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_LEASE,
				  "lease is below 60 seconds");
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
	ret = validate_addresses(spec, cfg_err);
	if (ret)
		return ret;
	derive_addresses(spec, conf);
	ret = compile_lease(spec, conf, cfg_err);
	if (!ret)
		ret = vdhcp_options_compile(spec, conf, builder, cfg_err);
	if (ret)
		return ret;

	routes = vdhcp_optset_value(builder, VDHCP_OPT_CLASSLESS_ROUTE, &len);
	/* A client that knows 121 ignores 3 and would have no gateway. */
	cfg_err->entry = VDHCP_OPT_CLASSLESS_ROUTE;
	if (routes && conf->gateway && !vdhcp_has_default_route(routes, len))
		return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_OPTION,
				  "option 121 needs a default route beside a gateway");
	vdhcp_optset_build(&conf->opts, builder);
	conf->size = offsetof(struct vdhcp_subnet_conf, opts.at) +
		     vdhcp_optset_size(&conf->opts);
	return 0;
}
