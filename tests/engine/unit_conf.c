// SPDX-License-Identifier: GPL-2.0
/* Compiling a spec into a conf, and back. */
#include "keys.h"
#include "unit.h"

static struct config cfg;
static struct compiled conf;
static struct vdhcp_cfg_err cfg_err;

/* Gets the value of a configured option from the compiled set. */
static bool compiled_value(const struct vdhcp_optset *opts, u8 code, struct bytes *out)
{
	const u8 *p = (const u8 *)&opts->at[opts->n + 1];
	u32 c, at, end, i = 0;

	out->len = 0;
	for (c = 0; c < code; c++)
		i += opts->have[c / 64] >> (c % 64) & 1;
	if (!(opts->have[code / 64] >> (code % 64) & 1))
		return false;
	for (at = opts->at[i], end = opts->at[i + 1]; at < end; at += 2u + p[at + 1]) {
		if (p[at] != code || (p[at + 1] != 255 && at + 2 + p[at + 1] != end))
			return false;
		bytes_add(out, p + at + 2, p[at + 1]);
	}
	return at == end;
}

static bool raw_lengths(void)
{
	static const u16 lengths[] = { 0, 1, 254, 255, 256, 510, 511, 765, 1023, 1024 };
	static u8 data[VDHCP_OPTION_MAX + 1];
	struct vdhcp_option opt = { .code = 224, .form = VDHCP_OPTION_FORM_HEX, .data = data };
	struct bytes value;
	unsigned int i;

	for (i = 0; i < sizeof(data); i++)
		data[i] = (u8)(i * 7 + i / 256);
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		configs_get(0, &cfg);
		opt.len = lengths[i];
		CHECK(!vdhcp_optlist_set(&cfg.subnet.options, &opt));
		CHECK(!vdhcp_optlist_set(&cfg.port.options, &opt));
		CHECK(!config_compile(&cfg, &conf, &cfg_err));
		CHECK(compiled_value(&conf.subnet->opts, 224, &value));
		CHECK(value.len == lengths[i] && !memcmp(value.data, data, value.len));
		CHECK(compiled_value(&conf.port->opts, 224, &value));
		CHECK(value.len == lengths[i] && !memcmp(value.data, data, value.len));
		/* The options next to it do not change. */
		CHECK(compiled_value(&conf.subnet->opts, 6, &value) && value.len == 4);
		CHECK(!compiled_value(&conf.subnet->opts, 225, &value));
		config_free(&conf);
	}
	configs_get(0, &cfg);
	opt.len = VDHCP_OPTION_MAX + 1;
	if (!vdhcp_optlist_set(&cfg.subnet.options, &opt)) {
		CHECK(config_compile(&cfg, &conf, &cfg_err) == CONFIG_SUBNET);
		CHECK(cfg_err.attr == VDHCP_A_SUBNET_OPTION && strstr(cfg_err.text, "1024"));
	}
	return true;
}

/* The length of a number is not that of its form. */
static bool raw_forms(void)
{
	static const struct {
		u8 form;
		u16 good, bad;
	} list[] = {
		{ VDHCP_OPTION_FORM_U8, 1, 2 }, { VDHCP_OPTION_FORM_U16, 2, 1 },
		{ VDHCP_OPTION_FORM_U32, 4, 2 }, { VDHCP_OPTION_FORM_IP, 8, 6 },
		{ VDHCP_OPTION_FORM_IP, 4, 0 }, { VDHCP_OPTION_FORM_U8, 1, 0 },
	};
	static const u8 data[8] = { 192, 0, 2, 1, 192, 0, 2, 2 };
	struct vdhcp_option opt = { .code = 224, .data = data };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(list); i++) {
		configs_get(0, &cfg);
		opt.form = list[i].form;
		opt.len = list[i].good;
		CHECK(!vdhcp_optlist_set(&cfg.subnet.options, &opt));
		CHECK(!config_compile(&cfg, &conf, &cfg_err));
		config_free(&conf);
		opt.len = list[i].bad;
		CHECK(!vdhcp_optlist_set(&cfg.subnet.options, &opt));
		CHECK(config_compile(&cfg, &conf, &cfg_err) == CONFIG_SUBNET);
		CHECK(cfg_err.attr == VDHCP_A_SUBNET_OPTION && cfg_err.text[0]);
	}
	return true;
}

/* Many long options are all in the set, or refused with a reason. */
static bool raw_many(void)
{
	static u8 data[VDHCP_OPTION_MAX];
	struct vdhcp_option opt = { .form = VDHCP_OPTION_FORM_HEX, .data = data };
	struct bytes value;
	u32 round, code, n, tries;
	u8 codes[32];

	for (round = 0; round < 300; round++) {
		configs_get(random_u32() % 6, &cfg);
		for (n = 0, tries = 0; tries < 32; tries++) {
			opt.code = (u8)(160 + random_u32() % 90);
			opt.len = (u16)(random_u32() % (VDHCP_OPTION_MAX + 1));
			if (opt.code == 249)
				continue;
			memset(data, opt.code, sizeof(data));
			if (vdhcp_optlist_set(&cfg.subnet.options, &opt))
				break;
			codes[n++] = opt.code;
		}
		if (config_compile(&cfg, &conf, &cfg_err)) {
			CHECK(cfg_err.text[0]);
			continue;
		}
		for (code = 0; code < n; code++) {
			CHECK(compiled_value(&conf.subnet->opts, codes[code], &value));
			CHECK(!value.len || value.data[value.len - 1] == codes[code]);
		}
		config_free(&conf);
	}
	return true;
}

/* Expands names with pointers (RFC 1035), each with a NUL, as in the spec. */
static bool decode_search(const struct bytes *value, char *out, u32 room, u32 *len)
{
	u32 at = 0, p, hops, used = 0;
	bool jumped, first;

	while (at < value->len) {
		p = at;
		jumped = false;
		first = true;
		for (hops = 0; ; hops++) {
			if (p >= value->len || hops > 200)
				return false;
			if (value->data[p] >= 0xc0) {
				if (p + 1 >= value->len)
					return false;
				if (!jumped)
					at = p + 2;
				/* Pointers point backwards, so that they end. */
				if ((get_unaligned_be16(value->data + p) & 0x3fff) >= p)
					return false;
				p = get_unaligned_be16(value->data + p) & 0x3fff;
				jumped = true;
				continue;
			}
			if (value->data[p] > 63 || p + value->data[p] >= value->len)
				return false;
			if (!value->data[p]) {
				if (!jumped)
					at = p + 1;
				break;
			}
			if (used + value->data[p] + 2 > room)
				return false;
			if (!first)
				out[used++] = '.';
			first = false;
			memcpy(out + used, value->data + p + 1, value->data[p]);
			used += value->data[p];
			p += 1u + value->data[p];
		}
		out[used++] = 0;
	}
	*len = used;
	return true;
}

static bool search_random(void)
{
	static const char *const parts[] = {
		"a", "b", "ab", "example", "org", "net", "sub", "sub-2", "x_y", "department",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	};
	static char said[VDHCP_SEARCH_MAX], back[4 * VDHCP_SEARCH_MAX];
	struct bytes value;
	u32 round, names, labels, len, plain, got;

	for (round = 0; round < 3000; round++) {
		configs_get(0, &cfg);
		len = 0;
		for (names = 1 + random_u32() % 40; names--;) {
			char name[512] = "";

			for (labels = 1 + random_u32() % 3; labels--;) {
				strcat(name, parts[random_u32() % ARRAY_SIZE(parts)]);
				strcat(name, labels ? "." : "");
			}
			if (len + strlen(name) + 1 > sizeof(said))
				break;
			strcpy(said + len, name);
			len += (u32)strlen(name) + 1;
		}
		memcpy(cfg.subnet.search.text, said, len);
		cfg.subnet.search.len = (u16)len;
		cfg.subnet.present |= BIT_ULL(VDHCP_A_SUBNET_SEARCH);
		CHECK(!config_compile(&cfg, &conf, &cfg_err));
		CHECK(compiled_value(&conf.subnet->opts, 119, &value));
		CHECK(decode_search(&value, back, sizeof(back), &got));
		CHECK(got == len && !memcmp(back, said, len));
		/* Without pointers each name takes one byte more than in the spec. */
		for (plain = 0, names = 0; plain < len; plain++)
			names += !said[plain];
		CHECK(value.len <= len + names);
		config_free(&conf);
	}
	return true;
}

/* Parses option 121: prefix length, significant octets, router. */
static bool decode_routes(const struct bytes *value, struct vdhcp_route *out, u32 *n)
{
	u32 at = 0, octets;
	u8 dst[4];

	for (*n = 0; at < value->len; ++*n) {
		octets = (value->data[at] + 7u) / 8;
		if (value->data[at] > 32 || at + 1 + octets + 4 > value->len || *n == 200)
			return false;
		memset(dst, 0, 4);
		memcpy(dst, value->data + at + 1, octets);
		out[*n].dst_len = value->data[at];
		memcpy(&out[*n].dst, dst, 4);
		memcpy(&out[*n].via, value->data + at + 1 + octets, 4);
		at += 1 + octets + 4;
	}
	return true;
}

static bool routes_of(u32 count, u8 width)
{
	struct vdhcp_route back[201];
	struct vdhcp_route *r;
	struct bytes value;
	u32 i, n;

	configs_get(0, &cfg);
	for (i = 0; i < count; i++) {
		r = &cfg.subnet.routes.route[i];
		r->dst_len = width;
		r->dst = cpu_to_be32(width ? (0x0a000000 + (i << (32 - width))) : 0);
		r->via = cpu_to_be32(i % 3 ? 0xc00002fe : 0);
	}
	cfg.subnet.routes.n = (u8)count;
	cfg.subnet.present |= BIT_ULL(VDHCP_A_SUBNET_ROUTE);
	/* 10.0.0.0 has host bits below /8. */
	if (width && width < 8)
		for (i = 0; i < count; i++)
			cfg.subnet.routes.route[i].dst = cpu_to_be32(0x80000000);
	CHECK(!config_compile(&cfg, &conf, &cfg_err));
	CHECK(compiled_value(&conf.subnet->opts, 121, &value));
	CHECK(decode_routes(&value, back, &n));
	if (width) {
		CHECK(n == count + 1 && !back[0].dst_len && !back[0].dst);
		CHECK(back[0].via == cfg.subnet.gateway);
	} else {
		CHECK(n == count);
	}
	for (i = 0; i < count; i++) {
		r = &back[n - count + i];
		CHECK(r->dst == cfg.subnet.routes.route[i].dst &&
		      r->via == cfg.subnet.routes.route[i].via);
		CHECK(r->dst_len == width);
	}
	CHECK(compiled_value(&conf.subnet->opts, 249, &value));
	config_free(&conf);
	return true;
}

static bool check_routes(void)
{
	static const u8 widths[] = { 0, 1, 8, 9, 16, 17, 24, 25, 31, 32 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(widths); i++) {
		CHECK(routes_of(1, widths[i]));
		CHECK(widths[i] < 8 || routes_of(40, widths[i]));
	}
	return routes_of(128, 16) && routes_of(112, 32);
}

/* Are two specs equal, apart from bytes after a NUL and after a length? */
static bool same_port(const struct vdhcp_port_spec *a, const struct vdhcp_port_spec *b)
{
	return a->present == b->present && a->rate == b->rate &&
	       !memcmp(a->mac, b->mac, VDHCP_ETH_ALEN) && a->mode == b->mode &&
	       a->guard == b->guard && a->unicast == b->unicast &&
	       !strcmp(a->hostname, b->hostname) &&
	       a->options.len == b->options.len &&
	       !memcmp(a->options.data, b->options.data, a->options.len);
}

static bool port_restore(void)
{
	static struct vdhcp_port_spec back;
	u32 i, changes, kept = 0;

	for (i = 0; i < 3000; i++) {
		configs_get(i, &cfg);
		for (changes = random_u32() % 4; changes--;)
			configs_mutate(&cfg, (u8)(18 + random_u32() % 3), (u16)random_u32());
		cfg.port.rate = random_u32() % 1000;
		cfg.port.guard = i & 1;
		if (config_compile(&cfg, &conf, &cfg_err))
			continue;
		memset(&back, 0xa5, sizeof(back));
		vdhcp_port_restore(conf.port, &back);
		CHECK(same_port(&back, &cfg.port));
		CHECK(conf.port->addr == cfg.port.addresses.entry[0].ip4);
		CHECK(conf.port->host_len == strlen(cfg.port.hostname));
		CHECK(!memcmp(vdhcp_port_hostname(conf.port), cfg.port.hostname,
			      conf.port->host_len));
		CHECK(conf.port->raw_len == cfg.port.options.len);
		config_free(&conf);
		kept++;
	}
	CHECK(kept > 500);
	return true;
}

/* A spec with every attribute cleared is equal to an initialised one. */
static bool check_clear(void)
{
	static struct vdhcp_subnet_spec fresh, s;
	static struct vdhcp_port_spec new_port;
	u16 attr;

	vdhcp_subnet_init(&fresh);
	vdhcp_port_init(&new_port);
	CHECK(fresh.lease == 86400 && fresh.rapid_commit == 1);
	CHECK(fresh.send_router == VDHCP_SEND_ROUTER_AUTO && !fresh.present);
	CHECK(new_port.mode == VDHCP_MODE_SERVE && new_port.guard == 1 && new_port.rate == 100);
	configs_get(1, &cfg);
	s = cfg.subnet;
	for (attr = 0; attr < 64; attr++) {
		vdhcp_key_clear(&s, &vdhcp_subnet_keys, attr);
		vdhcp_key_clear(&cfg.port, &vdhcp_port_keys, attr);
	}
	CHECK(!(s.present & ~(BIT_ULL(VDHCP_A_SUBNET_NAME) | BIT_ULL(VDHCP_A_SUBNET_NETWORK) |
			    BIT_ULL(VDHCP_A_SUBNET_PREFIX_LEN))));
	CHECK(!s.gateway && !s.server_id && !s.next_server && !s.dns.n && !s.ntp.n);
	CHECK(!s.routes.n && !s.search.len && !s.domain[0] && !s.boot_file[0]);
	CHECK(!s.captive_portal[0] && !s.options.len && !s.mtu && !s.ipv6_only);
	CHECK(s.lease == fresh.lease && s.t1 == fresh.t1 && s.t2 == fresh.t2);
	CHECK(s.rapid_commit == 1 && s.send_router == VDHCP_SEND_ROUTER_AUTO);
	CHECK(same_port(&cfg.port, &new_port));
	return true;
}

/* A spec compiles into the same bytes, whatever the buffer had. */
static bool check_reproducible(void)
{
	static union {
		struct vdhcp_subnet_conf conf;
		u8 room[VDHCP_SUBNET_CONF_MAX];
	} a, b;
	u32 i;

	for (i = 0; i < 6; i++) {
		configs_get(i, &cfg);
		memset(&a, 0xa5, sizeof(a));
		memset(&b, 0x5a, sizeof(b));
		CHECK(!vdhcp_subnet_compile(&cfg.subnet, &a.conf, &cfg_err));
		CHECK(!vdhcp_subnet_compile(&cfg.subnet, &b.conf, &cfg_err));
		CHECK(a.conf.size == b.conf.size && a.conf.size <= sizeof(a));
		CHECK(!memcmp(&a, &b, a.conf.size));
	}
	return true;
}

const struct unit unit_conf[] = {
	{ "raw options at the edges of a piece", raw_lengths },
	{ "raw options whose form cannot have their length", raw_forms },
	{ "raw options until nothing more fits", raw_many },
	{ "search lists, read back", search_random },
	{ "routes, read back", check_routes },
	{ "ports come back from their compiled form", port_restore },
	{ "cleared specs are like new ones", check_clear },
	{ "compiling is reproducible", check_reproducible },
	{ NULL, NULL },
};
