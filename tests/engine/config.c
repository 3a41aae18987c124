// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <vdhcp-names-gen.h>
#include "config.h"
#include "keys.h"
#include "poison.h"

u8 poison_byte = 0xa5;

static const struct vdhcp_key_set *keys_of(bool subnet)
{
	return subnet ? &vdhcp_subnet_keys : &vdhcp_port_keys;
}

u16 config_attr(bool subnet, const char *name)
{
	const struct vdhcp_key_set *set = keys_of(subnet);
	u16 attr;

	/* Both attributes of a cidr have its name; the first comes with the second. */
	if (!strcmp(name, "prefix-len"))
		return VDHCP_A_SUBNET_PREFIX_LEN;
	if (!subnet && !strcmp(name, "addr"))
		return VDHCP_AT_ADDR;
	if (!subnet && !strcmp(name, "subnet"))
		return VDHCP_AT_SUBNET;
	for (attr = 0; attr < set->n; attr++)
		if (set->keys[attr].name && !strcmp(set->keys[attr].name, name))
			return attr;
	return 0;
}

const char *config_key(bool subnet, u16 attr)
{
	const struct vdhcp_key *key = vdhcp_key_find(keys_of(subnet), attr);

	if (!subnet && attr == VDHCP_AT_ADDR)
		return "addr";
	if (!subnet && attr == VDHCP_AT_SUBNET)
		return "subnet";
	if (key && key->kind == VDHCP_KEY_PREFIX_LEN)
		return "prefix-len";
	return key ? key->name : "-";
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

static const char *const other_macs[] = {
	VDHCP_OTHER_MAC_LIST(X)
};

static const char *const unicasts[] = {
	VDHCP_UNICAST_LIST(X)
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

static void parse_addrs(const struct text *text, const char *word, struct vdhcp_addrs *addrs)
{
	char copied[2048], *one, *save;

	addrs->n = 0;
	snprintf(copied, sizeof(copied), "%s", word);
	for (one = strtok_r(copied, ",", &save); one; one = strtok_r(NULL, ",", &save)) {
		if (addrs->n == VDHCP_LIST_MAX)
			text_die(text, "too many addresses for the spec");
		addrs->addr[addrs->n++] = cpu_to_be32(text_addr(text, one));
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

static void parse_names(const struct text *text, struct vdhcp_names *list, const char *word)
{
	size_t i, len = strlen(word) + 1;

	if (len > sizeof(list->text))
		text_die(text, "the names have no room in the spec");
	memset(list->text, 0, sizeof(list->text));
	for (i = 0; i < len; i++)
		list->text[i] = word[i] == ',' ? 0 : word[i];
	list->len = (u16)len;
}

/* route DST via A: @w is at DST. */
static int parse_route(const struct text *text, struct vdhcp_routes *routes, int w)
{
	struct vdhcp_route *r;

	if (w + 2 >= text->n || strcmp(text->words[w + 1], "via"))
		text_die(text, "route DST via A");
	if (routes->n == VDHCP_ROUTES_MAX)
		text_die(text, "too many routes for the spec");
	r = &routes->route[routes->n++];
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

/* The only address of the port becomes @addr, in host byte order. */
void config_set_addr(struct vdhcp_port_spec *port, u32 addr)
{
	struct vdhcp_address *address = &port->addresses.entry[0];

	memset(address, 0, sizeof(*address));
	address->family = AF_INET;
	address->ip4 = cpu_to_be32(addr);
	port->addresses.n = 1;
	port->present |= BIT_ULL(VDHCP_A_PORT_ADDRESS);
}

/* for MAC ADDR: a further address, of a MAC of its own; @w is at MAC. */
static int parse_listed_mac(const struct text *text, struct vdhcp_port_spec *port, int w)
{
	struct vdhcp_address *address;

	if (w + 1 >= text->n)
		text_die(text, "for MAC ADDR");
	if (port->addresses.n == VDHCP_ADDRESSES_MAX)
		text_die(text, "too many addresses for the spec");
	address = &port->addresses.entry[port->addresses.n++];
	memset(address, 0, sizeof(*address));
	address->family = AF_INET;
	address->has_mac = true;
	text_mac(text, text->words[w], address->mac);
	address->ip4 = cpu_to_be32(text_addr(text, text->words[w + 1]));
	return w + 2;
}

static u8 enum_value(const struct text *text, const struct vdhcp_key *key, const char *word)
{
	if (!strcmp(key->name, "mode"))
		return (u8)ENUM(text, word, modes);
	if (!strcmp(key->name, "other-mac"))
		return (u8)ENUM(text, word, other_macs);
	if (!strcmp(key->name, "unicast"))
		return (u8)ENUM(text, word, unicasts);
	return (u8)ENUM(text, word, routers);
}

/* KEY VALUE: @w is at VALUE. */
static int read_key(void *spec, bool subnet, const struct text *text, u16 attr, int w)
{
	const struct vdhcp_key *key = vdhcp_key_find(keys_of(subnet), attr & 0xff);
	void *field = vdhcp_key_field(spec, key);
	const char *v = text->words[w];
	struct vdhcp_subnet_spec *s = spec;

	if (!strcmp(v, "none")) {
		vdhcp_key_clear(spec, keys_of(subnet), attr & 0xff);
		return w + 1;
	}
	*(u64 *)spec |= BIT_ULL(attr & 0xff);
	switch (key->kind) {
	case VDHCP_KEY_ID:
		copy_word(text, s->name, sizeof(s->name), v);
		break;
	case VDHCP_KEY_NETWORK:
		s->present |= BIT_ULL(VDHCP_A_SUBNET_PREFIX_LEN);
		s->prefix_len = parse_cidr(text, v, &s->network);
		break;
	case VDHCP_KEY_BINDINGS:
		config_set_addr(spec, text_addr(text, v));
		break;
	case VDHCP_KEY_ADDRESS:
		*(__be32 *)field = cpu_to_be32(text_addr(text, v));
		break;
	case VDHCP_KEY_ADDRESSES:
		parse_addrs(text, v, field);
		break;
	case VDHCP_KEY_MAC:
		text_mac(text, v, field);
		break;
	case VDHCP_KEY_U16:
		*(u16 *)field = (u16)text_number(text, v, 10);
		break;
	case VDHCP_KEY_U32:
	case VDHCP_KEY_SECONDS:
		*(u32 *)field = text_number(text, v, 10);
		break;
	case VDHCP_KEY_BOOL:
		*(u8 *)field = (u8)ENUM(text, v, switches);
		break;
	case VDHCP_KEY_ENUM:
		*(u8 *)field = enum_value(text, key, v);
		break;
	case VDHCP_KEY_TEXT:
	case VDHCP_KEY_DOMAIN:
		copy_word(text, field, VDHCP_TEXT_MAX + 1, v);
		break;
	case VDHCP_KEY_DOMAINS:
		parse_names(text, field, v);
		break;
	case VDHCP_KEY_ROUTES:
		return parse_route(text, field, w);
	case VDHCP_KEY_OPTIONS:
		return parse_option(text, field, w);
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
	config_set_addr(&cfg->port, 0xc000020a);
	cfg->port.present |= BIT_ULL(VDHCP_A_PORT_MAC);
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
		if (!subnet && !strcmp(text->words[w], "for")) {
			w = parse_listed_mac(text, &cfg->port, w + 1);
			continue;
		}
		attr = config_attr(subnet, text->words[w]);
		if (!attr || w + 1 == text->n)
			text_die(text, "'%s' is no key, or has no value", text->words[w]);
		w = subnet ? read_key(&cfg->subnet, subnet, text, attr, w + 1) :
			     read_key(&cfg->port, subnet, text, attr, w + 1);
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
static int check_fit(const struct vdhcp_port_conf *port, const struct vdhcp_addresses *list,
		     const struct vdhcp_subnet_conf *subnet, struct vdhcp_cfg_err *cfg_err)
{
	int err = 0;
	u8 i;

	if (!subnet && port->mode == VDHCP_MODE_SERVE)
		return vdhcp_fail(cfg_err, VDHCP_AT_SUBNET, "mode serve needs a subnet");
	for (i = 0; subnet && i < list->n && !err; i++)
		err = vdhcp_port_fits(port, vdhcp_port_mac_of(port, i), list->entry[i].ip4, subnet,
				      cfg_err);
	return err;
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
	else if (check_fit(port, &cfg->port.addresses, cfg->has_subnet ? subnet : NULL, cfg_err))
		at = CONFIG_FITS;
	if (!at) {
		if (cfg->has_subnet)
			out->subnet = copy_exact(subnet, subnet->size);
		out->port = copy_exact(port, port->size);
		out->conf.subnet = out->subnet;
		out->conf.port = out->port;
		vdhcp_conf_set_client(&out->conf);
		out->addresses = cfg->port.addresses;
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
