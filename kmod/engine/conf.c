// SPDX-License-Identifier: GPL-2.0
/*
 * From spec to conf for subnets: check what the operator said and do all the
 * work that no request can change. Ports are in conf_port.c.
 */
#include "conf.h"
#include "name.h"
#include "optval.h"

#define IS_PRESENT(spec, attr) ((spec)->present & BIT_ULL(VDHCP_A_SUBNET_##attr))

/**
 * vdhcp_subnet_init() - a spec in which nothing is given
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
 * vdhcp_subnet_clear() - put one attribute back to its default
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

static __be32 prefix_to_mask(u8 prefix_len)
{
	return cpu_to_be32(prefix_len ? ~0u << (32 - prefix_len) : 0);
}

/**
 * vdhcp_is_host() - can one host have this address (RFC 1122 section 3.2.1.3)?
 * @addr: the address
 *
 * Return: true if it can.
 */
bool vdhcp_is_host(__be32 addr)
{
	u8 top = be32_to_cpu(addr) >> 24;

	return top && top != 127 && top < 224;
}

/**
 * vdhcp_is_mac() - can one interface have this address?
 * @mac: the address
 *
 * Return: true if it can.
 */
bool vdhcp_is_mac(const u8 *mac)
{
	static const u8 zero[VDHCP_ETH_ALEN];

	return !(mac[0] & 1) && memcmp(mac, zero, VDHCP_ETH_ALEN);
}

static int validate_addresses(const struct vdhcp_subnet_spec *spec, struct vdhcp_cfg_err *cfg_err)
{
	unsigned int i;

	if (!IS_PRESENT(spec, NETWORK) || !IS_PRESENT(spec, PREFIX_LEN))
		return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_NETWORK, "a subnet needs a cidr");
	if (!spec->prefix_len || spec->prefix_len > 32)
		return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_PREFIX_LEN,
				  "cidr has a prefix length other than 1 to 32");
	if (spec->network & ~prefix_to_mask(spec->prefix_len))
		return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_NETWORK, "cidr has host bits set");
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
	for (i = 0; i < spec->n_dns; i++) {
		cfg_err->entry = i;
		if (!vdhcp_is_host(spec->dns[i]))
			return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_DNS,
					  "dns has an address that is not unicast");
	}
	for (i = 0; i < spec->n_ntp; i++) {
		cfg_err->entry = i;
		if (!vdhcp_is_host(spec->ntp[i]))
			return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_NTP,
					  "ntp has an address that is not unicast");
	}
	return 0;
}

/* Addresses that follow from others. */
static void derive_addresses(const struct vdhcp_subnet_spec *spec, struct vdhcp_subnet_conf *conf)
{
	conf->network = spec->network;
	conf->mask = prefix_to_mask(spec->prefix_len);
	conf->broadcast = spec->prefix_len < 31 ? spec->network | ~conf->mask : 0;
	conf->gateway = spec->gateway;
	conf->next_server = spec->next_server;
	conf->server_id = spec->server_id;
	if (!conf->server_id)
		conf->server_id = spec->gateway;
	if (!conf->server_id)
		conf->server_id = cpu_to_be32(0xa9fea9fe);	/* 169.254.169.254 */
	if (IS_PRESENT(spec, SERVER_MAC)) {
		memcpy(conf->server_mac, spec->server_mac, VDHCP_ETH_ALEN);
	} else {
		/* The same on every host, so that it survives live migration. */
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
			 struct vdhcp_subnet_conf *conf, struct vdhcp_cfg_err *cfg_err)
{
	u32 lease = spec->lease, t1 = lease / 2, t2 = lease - lease / 8;
	u8 *out = conf->lease;

	if (lease < 60)
		return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_LEASE, "lease is below 60 seconds");
	out = write_u32_option(out, VDHCP_OPT_LEASE, lease);
	if (lease != VDHCP_LEASE_INFINITE) {
		t1 = IS_PRESENT(spec, T1) ? spec->t1 : t1;
		t2 = IS_PRESENT(spec, T2) ? spec->t2 : t2;
		if (t2 >= lease)
			return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_T2,
					  "t2 is not below the lease of %u", lease);
		if (t1 >= t2)
			return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_T1,
					  "t1 is not below the t2 of %u",
					  t2);
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

static u8 *write_route(u8 *out, __be32 dst, u8 dst_len, __be32 via)
{
	*out++ = dst_len;
	memcpy(out, &dst, (dst_len + 7) / 8);
	out += (dst_len + 7) / 8;
	vdhcp_put_addr(via, out);
	return out + sizeof(via);
}

/*
 * Option 121 and its twin 249. Who asked for 121 ignores option 3, so the
 * default route is repeated inside (RFC 3442); a gateway that is not on the
 * link is made reachable first.
 */
static int compile_routes(const struct vdhcp_subnet_spec *spec,
			  const struct vdhcp_subnet_conf *conf,
			  struct vdhcp_optset_builder *builder, struct vdhcp_cfg_err *cfg_err)
{
	bool off_link = conf->gateway && (conf->gateway & conf->mask) != conf->network;
	const struct vdhcp_route *route;
	bool has_default = false;
	u8 *value = builder->work;
	u8 *out = value;
	unsigned int i;

	for (i = 0; i < spec->n_routes; i++) {
		route = &spec->routes[i];
		cfg_err->entry = i;
		if (route->dst_len > 32 || route->dst & ~prefix_to_mask(route->dst_len))
			return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_ROUTE,
					  "a route's destination has host bits set");
		if (route->via && !vdhcp_is_host(route->via))
			return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_ROUTE,
					  "a route's via is not a unicast address");
		if (!route->dst_len)
			has_default = true;
	}
	if (!spec->n_routes && !off_link)
		return 0;
	if (off_link)
		out = write_route(out, conf->gateway, 32, 0);
	if (conf->gateway && !has_default)
		out = write_route(out, 0, 0, conf->gateway);
	for (i = 0; i < spec->n_routes; i++) {
		route = &spec->routes[i];
		cfg_err->entry = i;
		if (out - value + 1 + (route->dst_len + 7) / 8 + 4 > VDHCP_OPTION_MAX)
			return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_ROUTE,
					  "routes take more than %u bytes", VDHCP_OPTION_MAX);
		out = write_route(out, route->dst, route->dst_len, route->via);
	}
	if (vdhcp_optset_add(builder, VDHCP_OPT_CLASSLESS_ROUTE, value, out - value))
		return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_ROUTE, "too many options");
	return 0;
}

/* Where in @value labels equal to @labels stand already, or -1. */
static int find_labels(const u8 *value, unsigned int len, const u8 *labels,
		       unsigned int labels_len)
{
	unsigned int at, from, to, hops;

	for (at = 0; at < len; at++) {
		from = at;
		to = 0;
		hops = 0;
		/* Follow pointers, which only ever point backwards. */
		while (from < len && to < labels_len && hops < 128) {
			hops++;
			if (value[from] >= 0xc0) {
				from = get_unaligned_be16(value + from) & 0x3fff;
				continue;
			}
			if (value[from] != labels[to] ||
			    memcmp(value + from, labels + to, 1 + labels[to]))
				break;
			to += 1 + labels[to];
			from += 1 + value[from];
		}
		if (to == labels_len)
			return at;
		/* On to the next label or name. */
		at += value[at] >= 0xc0 ? 1 : value[at];
	}
	return -1;
}

/* Option 119: compressed against what the option already holds (RFC 3397). */
static int compile_search(const struct vdhcp_subnet_spec *spec,
			  struct vdhcp_optset_builder *builder, struct vdhcp_cfg_err *cfg_err)
{
	u8 *value = builder->work, *labels = builder->labels;
	unsigned int len = 0, start;
	int size, at, seen;
	u16 name, n = 0;

	for (name = 0; name < spec->search_len; name += strlen(spec->search + name) + 1) {
		cfg_err->entry = n++;
		size = vdhcp_name_encode(spec->search + name, labels, cfg_err,
					 VDHCP_A_SUBNET_SEARCH);
		if (size < 0)
			return size;
		start = len;
		for (at = 0; at < size; at += 1 + labels[at]) {
			if (len + 1 + labels[at] + 1 > VDHCP_OPTION_MAX)
				return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_SEARCH,
						  "search takes more than %u bytes",
						  VDHCP_OPTION_MAX);
			/* The root label alone is shorter than a pointer to it. */
			seen = labels[at] ? find_labels(value, start, labels + at, size - at) : -1;
			if (seen >= 0) {
				put_unaligned_be16(0xc000 | seen, value + len);
				len += 2;
				break;
			}
			memcpy(value + len, labels + at, 1 + labels[at]);
			len += 1 + labels[at];
		}
	}
	if (len && vdhcp_optset_add(builder, VDHCP_OPT_SEARCH, value, len))
		return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_SEARCH, "too many options");
	return 0;
}

static int add_text(struct vdhcp_optset_builder *builder, u8 code, const char *text, u16 attr,
		    struct vdhcp_cfg_err *cfg_err)
{
	const u8 *p = (const u8 *)text;

	if (!*p)
		return vdhcp_fail(cfg_err, attr, "empty text");
	for (; *p; p++)
		if (*p < 0x20 || *p == 0x7f)
			return vdhcp_fail(cfg_err, attr, "text has a control character");
	if (vdhcp_optset_add(builder, code, text, strlen(text)))
		return vdhcp_fail(cfg_err, attr, "too many options");
	return 0;
}

static int compile_texts(const struct vdhcp_subnet_spec *spec,
			 struct vdhcp_subnet_conf *conf, struct vdhcp_optset_builder *builder,
			 struct vdhcp_cfg_err *cfg_err)
{
	unsigned int len;
	int ret = 0;

	if (IS_PRESENT(spec, DOMAIN)) {
		ret = vdhcp_name_encode(spec->domain, conf->domain, cfg_err, VDHCP_A_SUBNET_DOMAIN);
		if (ret < 0)
			return ret;
		conf->domain_len = ret;
		len = strlen(spec->domain);
		/* Clients take the option as it is; a dot at its end is noise. */
		if (spec->domain[len - 1] == '.')
			len--;
		ret = vdhcp_optset_add(builder, VDHCP_OPT_DOMAIN_NAME, spec->domain, len);
		if (ret)
			return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_DOMAIN, "too many options");
	}
	if (IS_PRESENT(spec, BOOT_FILE))
		ret = add_text(builder, VDHCP_OPT_BOOT_FILE, spec->boot_file,
			       VDHCP_A_SUBNET_BOOT_FILE, cfg_err);
	if (!ret && IS_PRESENT(spec, CAPTIVE_PORTAL))
		ret = add_text(builder, VDHCP_OPT_CAPTIVE_PORTAL, spec->captive_portal,
			       VDHCP_A_SUBNET_CAPTIVE_PORTAL, cfg_err);
	return ret;
}

static int compile_numbers(const struct vdhcp_subnet_spec *spec,
			   const struct vdhcp_subnet_conf *conf,
			   struct vdhcp_optset_builder *builder, struct vdhcp_cfg_err *cfg_err)
{
	u8 value[4];
	int ret = 0;

	if (conf->gateway)
		ret = vdhcp_optset_add(builder, VDHCP_OPT_ROUTER, &conf->gateway, 4);
	if (!ret && spec->n_dns)
		ret = vdhcp_optset_add(builder, VDHCP_OPT_DNS, spec->dns, spec->n_dns * 4);
	if (!ret && spec->n_ntp)
		ret = vdhcp_optset_add(builder, VDHCP_OPT_NTP, spec->ntp, spec->n_ntp * 4);
	if (!ret && conf->broadcast)
		ret = vdhcp_optset_add(builder, VDHCP_OPT_BROADCAST, &conf->broadcast, 4);
	if (!ret && IS_PRESENT(spec, MTU)) {
		if (spec->mtu < 68)	/* RFC 2132 section 5.1 */
			return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_MTU, "mtu is below 68");
		put_unaligned_be16(spec->mtu, value);
		ret = vdhcp_optset_add(builder, VDHCP_OPT_MTU, value, 2);
	}
	if (!ret && IS_PRESENT(spec, IPV6_ONLY)) {
		put_unaligned_be32(spec->ipv6_only, value);
		ret = vdhcp_optset_add(builder, VDHCP_OPT_IPV6_ONLY, value, 4);
	}
	return ret ? vdhcp_fail(cfg_err, 0, "too many options") : 0;
}

/**
 * vdhcp_raw_compile() - add raw options to a builder
 * @list: the options
 * @builder: the builder; what it has under the same codes is replaced
 * @attr: the attribute to blame
 * @cfg_err: why not
 *
 * Option 249 is option 121 under the code that old Windows asks for, so who
 * gives 121 gives both unless they say otherwise.
 *
 * Return: 0 or -EINVAL.
 */
int vdhcp_raw_compile(const struct vdhcp_optlist *list, struct vdhcp_optset_builder *builder,
		      u16 attr, struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_option opt;
	const u8 *routes;
	bool own249 = false;
	u16 at = 0, len;
	int ret;

	while (vdhcp_optlist_next(list, &at, &opt)) {
		ret = vdhcp_optval_validate(&opt, attr, cfg_err);
		if (ret)
			return ret;
		if (vdhcp_optset_add(builder, opt.code, opt.data, opt.len))
			return vdhcp_fail(cfg_err, attr, "too many options");
		if (opt.code == VDHCP_OPT_MS_CLASSLESS_ROUTE)
			own249 = true;
	}
	routes = vdhcp_optset_value(builder, VDHCP_OPT_CLASSLESS_ROUTE, &len);
	if (routes && !own249 &&
	    vdhcp_optset_add(builder, VDHCP_OPT_MS_CLASSLESS_ROUTE, routes, len))
		return vdhcp_fail(cfg_err, attr, "too many options");
	return 0;
}

/**
 * vdhcp_routes_default() - does a route list have a default route?
 * @p: value of option 121, well formed
 * @len: bytes of it
 *
 * Return: true if it has.
 */
bool vdhcp_routes_default(const u8 *p, u16 len)
{
	const u8 *end = p + len;

	for (; p < end; p += 1 + (*p + 7) / 8 + 4)
		if (!*p)
			return true;
	return false;
}

/**
 * vdhcp_subnet_compile() - check a subnet and make it ready for answering
 * @spec: what the operator said
 * @conf: room for %VDHCP_SUBNET_CONF_MAX bytes; the first @conf->size count
 * @cfg_err: filled in on failure
 *
 * Process context; sleeps nowhere and allocates nothing.
 *
 * Return: 0 or -EINVAL.
 */
int vdhcp_subnet_compile(const struct vdhcp_subnet_spec *spec,
			 struct vdhcp_subnet_conf *conf, struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_optset_builder *builder;
	const u8 *routes;
	u16 len;
	int ret;

	builder = (void *)((u8 *)conf + VDHCP_SUBNET_CONF_MAX - sizeof(*builder));
	memset(conf, 0, sizeof(*conf));
	vdhcp_optset_builder_init(builder);
	ret = validate_addresses(spec, cfg_err);
	if (ret)
		return ret;
	derive_addresses(spec, conf);
	ret = compile_lease(spec, conf, cfg_err);
	if (!ret)
		ret = compile_numbers(spec, conf, builder, cfg_err);
	if (!ret)
		ret = compile_routes(spec, conf, builder, cfg_err);
	if (!ret)
		ret = compile_search(spec, builder, cfg_err);
	if (!ret)
		ret = compile_texts(spec, conf, builder, cfg_err);
	if (!ret)
		ret = vdhcp_raw_compile(&spec->options, builder, VDHCP_A_SUBNET_OPTION, cfg_err);
	if (ret)
		return ret;

	routes = vdhcp_optset_value(builder, VDHCP_OPT_CLASSLESS_ROUTE, &len);
	/* Who knows 121 ignores 3, and would lose the gateway (RFC 3442). */
	cfg_err->entry = VDHCP_OPT_CLASSLESS_ROUTE;
	if (routes && conf->gateway && !vdhcp_routes_default(routes, len))
		return vdhcp_fail(cfg_err, VDHCP_A_SUBNET_OPTION,
				  "option 121 needs a default route beside a gateway");
	vdhcp_optset_build(&conf->opts, builder);
	conf->size = offsetof(struct vdhcp_subnet_conf, opts.at) + vdhcp_optset_size(&conf->opts);
	return 0;
}
