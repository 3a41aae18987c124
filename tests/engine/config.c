// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <vdhcp-names-gen.h>
#include "config.h"
#include "poison.h"

u8 poison_byte = 0xa5;

struct key {
	const char *name;
	u16 attr;
};

static const struct key subnet_keys[] = {
	{ "name", VDHCP_A_SUBNET_NAME },
	{ "cidr", VDHCP_A_SUBNET_NETWORK },
	{ "prefix-len", VDHCP_A_SUBNET_PREFIX_LEN },
	{ "gateway", VDHCP_A_SUBNET_GATEWAY },
	{ "server-id", VDHCP_A_SUBNET_SERVER_ID },
	{ "server-mac", VDHCP_A_SUBNET_SERVER_MAC },
	{ "dns", VDHCP_A_SUBNET_DNS },
	{ "mtu", VDHCP_A_SUBNET_MTU },
	{ "route", VDHCP_A_SUBNET_ROUTE },
	{ "domain", VDHCP_A_SUBNET_DOMAIN },
	{ "search", VDHCP_A_SUBNET_SEARCH },
	{ "ntp", VDHCP_A_SUBNET_NTP },
	{ "lease", VDHCP_A_SUBNET_LEASE },
	{ "t1", VDHCP_A_SUBNET_T1 },
	{ "t2", VDHCP_A_SUBNET_T2 },
	{ "rapid-commit", VDHCP_A_SUBNET_RAPID_COMMIT },
	{ "next-server", VDHCP_A_SUBNET_NEXT_SERVER },
	{ "boot-file", VDHCP_A_SUBNET_BOOT_FILE },
	{ "ipv6-only", VDHCP_A_SUBNET_IPV6_ONLY },
	{ "captive-portal", VDHCP_A_SUBNET_CAPTIVE_PORTAL },
	{ "send-router", VDHCP_A_SUBNET_SEND_ROUTER },
	{ "option", VDHCP_A_SUBNET_OPTION },
	{ NULL, 0 },
};

static const struct key port_keys[] = {
	{ "mac", VDHCP_A_PORT_MAC },
	{ "addr", VDHCP_A_PORT_ADDR },
	{ "subnet", VDHCP_A_PORT_SUBNET },
	{ "hostname", VDHCP_A_PORT_HOSTNAME },
	{ "mode", VDHCP_A_PORT_MODE },
	{ "guard", VDHCP_A_PORT_GUARD },
	{ "rate", VDHCP_A_PORT_RATE },
	{ "option", VDHCP_A_PORT_OPTION },
	{ NULL, 0 },
};

u16 config_attr(bool subnet, const char *key)
{
	const struct key *k;

	for (k = subnet ? subnet_keys : port_keys; k->name; k++)
		if (!strcmp(k->name, key))
			return k->attr;
	return 0;
}

const char *config_key(bool subnet, u16 attr)
{
	const struct key *k;

	for (k = subnet ? subnet_keys : port_keys; k->name; k++)
		if (k->attr == attr)
			return k->name;
	return "-";
}

static u32 parse_enum(const struct text *text, const char *word, const char *const *list,
		      u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		if (list[i] && !strcmp(list[i], word))
			return i;
	/* A number stands for a value that must be refused. */
	return text_number(text, word, 10);
}

static const char *const switches[] = { "off", "on" };
static const char *const modes[] = {
#define X(constant, name) \
	[constant] = name,
	VDHCP_MODE_LIST(X)
};

static const char *const routers[] = {
	VDHCP_SEND_ROUTER_LIST(X)
};

static const char *const forms[] = {
	VDHCP_OPTION_FORM_LIST(X)
#undef X
};

#define ENUM(text, word, list) parse_enum(text, word, list, ARRAY_SIZE(list))

static void copy_word(const struct text *text, char *to, size_t room, const char *from)
{
	if (strlen(from) >= room)
		text_die(text, "'%s' has no room in the spec", from);
	memset(to, 0, room);
	strcpy(to, from);
}

static void parse_addrs(const struct text *text, const char *word, __be32 *to, u8 *n)
{
	char copied[2048], *one, *save;

	*n = 0;
	snprintf(copied, sizeof(copied), "%s", word);
	for (one = strtok_r(copied, ",", &save); one; one = strtok_r(NULL, ",", &save)) {
		if (*n == VDHCP_LIST_MAX)
			text_die(text, "too many addresses for the spec");
		to[(*n)++] = cpu_to_be32(text_addr(text, one));
	}
}

static u8 parse_cidr(const struct text *text, const char *word, __be32 *network)
{
	char addr[32] = "";
	const char *slash = strchr(word, '/');

	if (!slash || slash - word >= (int)sizeof(addr))
		text_die(text, "'%s' is not a prefix", word);
	memcpy(addr, word, (size_t)(slash - word));
	*network = cpu_to_be32(text_addr(text, addr));
	return (u8)text_number(text, slash + 1, 10);
}

static void parse_search(const struct text *text, struct vdhcp_subnet_spec *spec, const char *word)
{
	size_t i, len = strlen(word) + 1;

	if (len > sizeof(spec->search))
		text_die(text, "the search list has no room in the spec");
	memset(spec->search, 0, sizeof(spec->search));
	for (i = 0; i < len; i++)
		spec->search[i] = word[i] == ',' ? 0 : word[i];
	spec->search_len = (u16)len;
}

/* route DST via A: @w is at DST. */
static int parse_route(const struct text *text, struct vdhcp_subnet_spec *spec, int w)
{
	struct vdhcp_route *r;

	if (!strcmp(text->words[w], "none")) {
		vdhcp_subnet_clear(spec, VDHCP_A_SUBNET_ROUTE);
		return w + 1;
	}
	if (w + 2 >= text->n || strcmp(text->words[w + 1], "via"))
		text_die(text, "route DST via A");
	if (spec->n_routes == VDHCP_ROUTES_MAX)
		text_die(text, "too many routes for the spec");
	r = &spec->routes[spec->n_routes++];
	r->dst_len = parse_cidr(text, text->words[w], &r->dst);
	r->via = cpu_to_be32(text_addr(text, text->words[w + 2]));
	return w + 3;
}

/* option CODE FORM VALUE: @w is at CODE. The value is one word. */
static int parse_option(const struct text *text, struct vdhcp_optlist *options, int w)
{
	struct text value = *text;
	struct bytes b = { 0 };
	struct vdhcp_option opt;

	if (w + 1 >= text->n)
		text_die(text, "option CODE FORM VALUE");
	opt.code = (u8)text_number(text, text->words[w], 10);
	if (!strcmp(text->words[w + 1], "none")) {
		vdhcp_optlist_remove(options, opt.code);
		return w + 2;
	}
	if (w + 2 >= text->n)
		text_die(text, "option CODE FORM VALUE");
	opt.form = (u8)ENUM(text, text->words[w + 1], forms);
	value.n = w + 3;
	/* Long values: "fill BYTE COUNT" in the place of one word. */
	if (!strcmp(text->words[w + 2], "fill")) {
		value.n = w + 5;
		text_value(&value, w + 2, &b);
	} else if (*text->words[w + 2]) {
		text_value(&value, w + 1, &b);
	}
	opt.len = (u16)b.len;
	opt.data = b.data;
	if (vdhcp_optlist_set(options, &opt))
		text_die(text, "the option has no room in the spec");
	return value.n;
}

static int subnet_key(struct vdhcp_subnet_spec *s, const struct text *text, u16 attr, int w)
{
	const char *v = text->words[w];

	if (attr != VDHCP_A_SUBNET_ROUTE && !strcmp(v, "none")) {
		vdhcp_subnet_clear(s, attr);
		return w + 1;
	}
	s->present |= BIT_ULL(attr);
	switch (attr) {
	case VDHCP_A_SUBNET_NAME:
		copy_word(text, s->name, sizeof(s->name), v);
		break;
	case VDHCP_A_SUBNET_NETWORK:
		s->present |= BIT_ULL(VDHCP_A_SUBNET_PREFIX_LEN);
		s->prefix_len = parse_cidr(text, v, &s->network);
		break;
	case VDHCP_A_SUBNET_GATEWAY:
		s->gateway = cpu_to_be32(text_addr(text, v));
		break;
	case VDHCP_A_SUBNET_SERVER_ID:
		s->server_id = cpu_to_be32(text_addr(text, v));
		break;
	case VDHCP_A_SUBNET_SERVER_MAC:
		text_mac(text, v, s->server_mac);
		break;
	case VDHCP_A_SUBNET_DNS:
		parse_addrs(text, v, s->dns, &s->n_dns);
		break;
	case VDHCP_A_SUBNET_NTP:
		parse_addrs(text, v, s->ntp, &s->n_ntp);
		break;
	case VDHCP_A_SUBNET_MTU:
		s->mtu = (u16)text_number(text, v, 10);
		break;
	case VDHCP_A_SUBNET_ROUTE:
		return parse_route(text, s, w);
	case VDHCP_A_SUBNET_DOMAIN:
		copy_word(text, s->domain, sizeof(s->domain), v);
		break;
	case VDHCP_A_SUBNET_SEARCH:
		parse_search(text, s, v);
		break;
	case VDHCP_A_SUBNET_LEASE:
		s->lease = text_number(text, v, 10);
		break;
	case VDHCP_A_SUBNET_T1:
		s->t1 = text_number(text, v, 10);
		break;
	case VDHCP_A_SUBNET_T2:
		s->t2 = text_number(text, v, 10);
		break;
	case VDHCP_A_SUBNET_RAPID_COMMIT:
		s->rapid_commit = (u8)ENUM(text, v, switches);
		break;
	case VDHCP_A_SUBNET_NEXT_SERVER:
		s->next_server = cpu_to_be32(text_addr(text, v));
		break;
	case VDHCP_A_SUBNET_BOOT_FILE:
		copy_word(text, s->boot_file, sizeof(s->boot_file), v);
		break;
	case VDHCP_A_SUBNET_IPV6_ONLY:
		s->ipv6_only = text_number(text, v, 10);
		break;
	case VDHCP_A_SUBNET_CAPTIVE_PORTAL:
		copy_word(text, s->captive_portal, sizeof(s->captive_portal), v);
		break;
	case VDHCP_A_SUBNET_SEND_ROUTER:
		s->send_router = (u8)ENUM(text, v, routers);
		break;
	case VDHCP_A_SUBNET_OPTION:
		return parse_option(text, &s->options, w);
	}
	return w + 1;
}

static int port_key(struct vdhcp_port_spec *p, const struct text *text, u16 attr, int w)
{
	const char *v = text->words[w];

	if (!strcmp(v, "none")) {
		vdhcp_port_clear(p, attr);
		return w + 1;
	}
	p->present |= BIT_ULL(attr);
	switch (attr) {
	case VDHCP_A_PORT_MAC:
		text_mac(text, v, p->mac);
		break;
	case VDHCP_A_PORT_ADDR:
		p->addr = cpu_to_be32(text_addr(text, v));
		break;
	case VDHCP_A_PORT_HOSTNAME:
		copy_word(text, p->hostname, sizeof(p->hostname), v);
		break;
	case VDHCP_A_PORT_MODE:
		p->mode = (u8)ENUM(text, v, modes);
		break;
	case VDHCP_A_PORT_GUARD:
		p->guard = (u8)ENUM(text, v, switches);
		break;
	case VDHCP_A_PORT_RATE:
		p->rate = text_number(text, v, 10);
		break;
	case VDHCP_A_PORT_OPTION:
		return parse_option(text, &p->options, w);
	}
	return w + 1;
}

/* The guest of all vectors, unless a vector configures another. */
void config_init(struct config *cfg)
{
	static const u8 guest[VDHCP_ETH_ALEN] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };

	memset(cfg, 0, sizeof(*cfg));
	vdhcp_subnet_init(&cfg->subnet);
	vdhcp_port_init(&cfg->port);
	memcpy(cfg->port.mac, guest, sizeof(guest));
	cfg->port.addr = cpu_to_be32(0xc000020a);
	cfg->port.present |= BIT_ULL(VDHCP_A_PORT_MAC) | BIT_ULL(VDHCP_A_PORT_ADDR);
	cfg->mtu = 1500;
}

bool config_line(struct config *cfg, const struct text *text)
{
	bool subnet = !strcmp(text->words[0], "subnet");
	u16 attr;
	int w = 1;

	if (!strcmp(text->words[0], "mtu")) {
		cfg->mtu = (u16)text_number(text, text->words[1], 10);
		return true;
	}
	if (!subnet && strcmp(text->words[0], "port"))
		return false;
	cfg->has_subnet |= subnet;
	while (w < text->n) {
		/* The engine does not know this key: it belongs to the table of ports. */
		if (!subnet && !strcmp(text->words[w], "vlan") && w + 1 < text->n) {
			cfg->vlan = (u16)text_number(text, text->words[w + 1], 10);
			w += 2;
			continue;
		}
		attr = config_attr(subnet, text->words[w]);
		if (!attr || w + 1 == text->n)
			text_die(text, "'%s' is no key, or has no value", text->words[w]);
		w = subnet ? subnet_key(&cfg->subnet, text, attr, w + 1) :
			     port_key(&cfg->port, text, attr, w + 1);
	}
	return true;
}

/* Copies into a block of exactly @size bytes, so that a sanitizer sees a byte too many. */
static void *copy_exact(const void *p, u16 size)
{
	void *q = malloc(size);

	if (!q)
		abort();
	poison_check(p, size);
	return memcpy(q, p, size);
}

/* In the kernel, port.c does this: the engine does not know whether there is a subnet. */
static int check_fit(const struct vdhcp_port_conf *port, const struct vdhcp_subnet_conf *subnet,
		     struct vdhcp_cfg_err *cfg_err)
{
	if (subnet)
		return vdhcp_port_fits(port, subnet, cfg_err);
	if (port->mode == VDHCP_MODE_SERVE)
		return vdhcp_fail(cfg_err, VDHCP_A_PORT_SUBNET, "mode serve needs a subnet");
	return 0;
}

enum config_object config_compile(const struct config *cfg, struct compiled *out,
				  struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_subnet_conf *subnet = malloc(VDHCP_SUBNET_CONF_MAX);
	struct vdhcp_port_conf *port = malloc(VDHCP_PORT_CONF_MAX);
	enum config_object at = CONFIG_OK;

	if (!subnet || !port)
		abort();
	memset(out, 0, sizeof(*out));
	memset(cfg_err, 0, sizeof(*cfg_err));
	poison_fill(subnet, VDHCP_SUBNET_CONF_MAX, poison_byte);
	poison_fill(port, VDHCP_PORT_CONF_MAX, poison_byte);
	if (cfg->has_subnet && vdhcp_subnet_compile(&cfg->subnet, subnet, cfg_err))
		at = CONFIG_SUBNET;
	else if (vdhcp_port_compile(&cfg->port, port, cfg_err))
		at = CONFIG_PORT;
	else if (check_fit(port, cfg->has_subnet ? subnet : NULL, cfg_err))
		at = CONFIG_FITS;
	if (!at) {
		if (cfg->has_subnet)
			out->subnet = copy_exact(subnet, subnet->size);
		out->port = copy_exact(port, port->size);
		out->conf.subnet = out->subnet;
		out->conf.port = out->port;
		out->conf.mtu = cfg->mtu;
		out->vlan = cfg->vlan;
	}
	free(subnet);
	free(port);
	return at;
}

void config_free(struct compiled *c)
{
	free(c->subnet);
	free(c->port);
}
