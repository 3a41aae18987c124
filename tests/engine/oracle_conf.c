// SPDX-License-Identifier: GPL-2.0
/* Checks that a reply has all configured options that it should have, and no others. */
#include "keys.h"
#include "oracle.h"

static void put_addr(struct bytes *out, __be32 value)
{
	bytes_be(out, be32_to_cpu(value), 4);
}

static u32 get_mask(const struct vdhcp_subnet_spec *s)
{
	return s->prefix_len ? ~0u << (32 - s->prefix_len) : 0;
}

/* Puts a name or a text, without a dot at the end of a name. */
static void put_text(struct bytes *out, const char *value, bool name)
{
	u32 len = (u32)strlen(value);

	bytes_add(out, value, len - (name && len && value[len - 1] == '.'));
}

/* Finds a raw option in a list of code, form, length (2 bytes) and value. */
static bool find_raw(const struct vdhcp_optlist *list, u8 code, struct bytes *out)
{
	const u8 *p = list->data, *end = p + list->len;
	u32 len;

	for (; p < end; p += 4 + len) {
		len = get_unaligned_be16(p + 2);
		if (*p != code)
			continue;
		bytes_add(out, p + 4, len);
		return true;
	}
	/* Option 249 has the value of 121 unless it is configured. */
	return code == 249 && find_raw(list, 121, out);
}

static void put_route(struct bytes *out, __be32 dst, u8 dst_len, __be32 via)
{
	bytes_fill(out, dst_len, 1);
	put_addr(out, dst);
	out->len -= 4 - (dst_len + 7u) / 8;
	put_addr(out, via);
}

/* RFC 3442: first a route to a router that is not on the link, then the default route. */
static bool put_routes(const struct vdhcp_subnet_spec *s, struct bytes *out)
{
	bool off_link = s->gateway && (be32_to_cpu(s->gateway) & get_mask(s)) !=
			be32_to_cpu(s->network);
	bool reaches_all = !s->gateway;
	u32 i;

	for (i = 0; i < s->routes.n; i++)
		reaches_all |= !s->routes.route[i].dst_len;
	if (off_link)
		put_route(out, s->gateway, 32, 0);
	if (!reaches_all)
		put_route(out, 0, 0, s->gateway);
	for (i = 0; i < s->routes.n; i++)
		put_route(out, s->routes.route[i].dst, s->routes.route[i].dst_len,
			  s->routes.route[i].via);
	return off_link || s->routes.n;
}

/* Encodes a key by its kind: each key that find_key() has no case for. */
static bool find_by_kind(const struct vdhcp_subnet_spec *s, u8 code, struct bytes *out)
{
	const struct vdhcp_addrs *addrs;
	const struct vdhcp_key *key;
	const void *field;
	u16 attr = 0;
	u32 i;

	while (attr < vdhcp_subnet_keys.n &&
	       (vdhcp_subnet_keys.keys[attr].code != code || !vdhcp_key_present(s, attr)))
		attr++;
	if (attr == vdhcp_subnet_keys.n)
		return false;
	key = &vdhcp_subnet_keys.keys[attr];
	field = vdhcp_key_field(s, key);
	switch (key->kind) {
	case VDHCP_KEY_ADDRESS:
		put_addr(out, *(const __be32 *)field);
		return true;
	case VDHCP_KEY_ADDRESSES:
		addrs = field;
		if (key->prefix)
			bytes_fill(out, key->prefix, 1);
		for (i = 0; i < addrs->n; i++)
			put_addr(out, addrs->addr[i]);
		return addrs->n;
	case VDHCP_KEY_U16:
		bytes_be(out, *(const u16 *)field, 2);
		return true;
	case VDHCP_KEY_U32:
	case VDHCP_KEY_SECONDS:
		bytes_be(out, *(const u32 *)field, 4);
		return true;
	case VDHCP_KEY_TEXT:
	case VDHCP_KEY_DOMAIN:
		put_text(out, field, key->kind == VDHCP_KEY_DOMAIN);
		return true;
	default:
		return false;
	}
}

/* Finds the value that a key of the subnet gives to an option. */
static bool find_key(const struct vdhcp_subnet_spec *s, u8 code, struct bytes *out)
{
	bool ends = s->lease != VDHCP_LEASE_INFINITE;
	u32 i;

	switch (code) {
	case 1:
		bytes_be(out, get_mask(s), 4);
		return true;
	case 3:
		put_addr(out, s->gateway);
		return s->gateway;
	case 6:
		for (i = 0; i < s->dns.n; i++)
			put_addr(out, s->dns.addr[i]);
		return s->dns.n;
	case 15:
		put_text(out, s->domain, true);
		return out->len;
	case 26:
		bytes_be(out, s->mtu, 2);
		return s->mtu;
	case 28:
		bytes_be(out, be32_to_cpu(s->network) | ~get_mask(s), 4);
		return s->prefix_len < 31;
	case 42:
		for (i = 0; i < s->ntp.n; i++)
			put_addr(out, s->ntp.addr[i]);
		return s->ntp.n;
	case 51:
		bytes_be(out, s->lease, 4);
		return true;
	case 58:
		bytes_be(out, s->present & BIT_ULL(VDHCP_A_SUBNET_T1) ? s->t1 : s->lease / 2, 4);
		return ends;
	case 59:
		bytes_be(out, s->present & BIT_ULL(VDHCP_A_SUBNET_T2) ? s->t2 :
			 s->lease - s->lease / 8, 4);
		return ends;
	case 67:
		put_text(out, s->boot_file, false);
		return out->len;
	case 108:
		bytes_be(out, s->ipv6_only, 4);
		return s->present & BIT_ULL(VDHCP_A_SUBNET_IPV6_ONLY);
	case 114:
		put_text(out, s->captive_portal, false);
		return out->len;
	case 121:
	case 249:
		return put_routes(s, out);
	case 119:
		return false;	/* the search list is checked by itself */
	default:
		return find_by_kind(s, code, out);
	}
}

/* Finds the value of an option: the port's wins, then a raw option of the subnet. */
static bool find_configured(const struct config *cfg, u8 code, struct bytes *out)
{
	out->len = 0;
	if (find_raw(&cfg->port.options, code, out))
		return true;
	if (code == 12 && cfg->port.hostname[0]) {
		put_text(out, cfg->port.hostname, false);
		return true;
	}
	return find_raw(&cfg->subnet.options, code, out) || find_key(&cfg->subnet, code, out);
}

/* Expands option 119 (RFC 3397 and 1035) to texts, each with a NUL. */
static bool expand_search(const struct bytes *in, struct bytes *out)
{
	u32 at, from, hops, next;
	const u8 *p = in->data;

	for (at = 0; at < in->len; at = next) {
		next = 0;
		hops = 0;
		for (from = at;; from += 1u + p[from]) {
			while (from + 1 < in->len && p[from] >= 0xc0 && hops++ < 128) {
				next = next ? next : from + 2;
				from = get_unaligned_be16(p + from) & 0x3fff;
			}
			if (from >= in->len || p[from] > 63 || from + p[from] >= in->len)
				return false;
			if (!p[from])
				break;
			bytes_add(out, p + from + 1, p[from]);
			bytes_fill(out, '.', 1);
		}
		next = next ? next : from + 1;
		/* The dot after the last label. */
		if (!out->len || !out->data[out->len - 1])
			return false;
		out->data[out->len - 1] = 0;
	}
	return true;
}

static bool search_ok(const struct vdhcp_subnet_spec *s, const struct bytes *got)
{
	struct bytes names = { 0 }, want = { 0 };
	u32 at;

	for (at = 0; at < s->search.len; at += (u32)strlen(s->search.text + at) + 1) {
		put_text(&want, s->search.text + at, true);
		bytes_fill(&want, 0, 1);
	}
	return got->len <= VDHCP_OPTION_MAX && expand_search(got, &names) &&
	       names.len == want.len &&
	       !memcmp(names.data, want.data, want.len);
}

/* RFC 4702: checks the name of option 81, which is in the client's encoding. */
static const char *check_fqdn(const struct config *cfg, const struct oracle_message *req,
			      const struct oracle_message *rep)
{
	const char *host = cfg->port.hostname, *domain = cfg->subnet.domain, *p, *dot;
	struct bytes asked, got, want = { 0 };
	char name[2 * VDHCP_TEXT_MAX + 2];
	u8 flags;

	if (!oracle_value(rep, 81, &got))
		return NULL;
	if (!oracle_value(req, 81, &asked) || asked.len < 3)
		return "option 81 to a client that sent none, or less than its header";
	flags = asked.data[0];
	bytes_fill(&want, (u8)((flags & 4) | 8 | (flags & 1 ? 2 : 0)), 1);
	bytes_fill(&want, 255, 2);
	if (!(cfg->port.present & BIT_ULL(VDHCP_A_PORT_HOSTNAME))) {
		bytes_add(&want, asked.data + 3, asked.len - 3);
	} else {
		if (strchr(host, '.') || !(cfg->subnet.present & BIT_ULL(VDHCP_A_SUBNET_DOMAIN)))
			domain = "";
		snprintf(name, sizeof(name), "%s%s%s", host, *domain ? "." : "", domain);
		if (*domain && domain[strlen(domain) - 1] == '.')
			name[strlen(name) - 1] = 0;
		if (!(flags & 4))
			bytes_add(&want, name, (u32)strlen(name));
		for (p = flags & 4 ? name : NULL; p; p = dot ? dot + 1 : NULL) {
			dot = strchr(p, '.');
			bytes_fill(&want, (u8)(dot ? dot - p : (long)strlen(p)), 1);
			bytes_add(&want, p, want.data[want.len - 1]);
		}
		if (flags & 4 && strchr(name, '.'))
			bytes_fill(&want, 0, 1);
	}
	if (got.len != want.len || memcmp(got.data, want.data, got.len))
		return "option 81 has other flags or another name";
	return NULL;
}

/* The field has the boot file if there is space for a NUL. */
static bool file_ok(const struct config *cfg, const u8 *file)
{
	static const u8 zero[128];
	struct bytes want;

	if (!find_configured(cfg, 67, &want) || want.len >= sizeof(zero))
		want.len = 0;
	return !memcmp(file, want.data, want.len) && !memcmp(file + want.len, zero, 128 - want.len);
}

const char *oracle_configured(const struct config *cfg, const struct oracle_message *req,
			      const struct oracle_message *rep)
{
	/* These come from the protocol or from the client. */
	static const char others[] = { 53, 54, 56, 61, 80, 81, 97, 0 };
	struct bytes want, got, unused = { 0 };
	u8 code;
	u32 i;

	for (i = 0; i < rep->n; i++) {
		code = rep->options[i].code;
		if (strchr(others, code))
			continue;
		oracle_value(rep, code, &got);
		if (code == 119 && !find_raw(&cfg->port.options, code, &unused) &&
		    !find_raw(&cfg->subnet.options, code, &unused)) {
			if (!search_ok(&cfg->subnet, &got))
				return "option 119 has other names than the search list";
			continue;
		}
		if (!find_configured(cfg, code, &want))
			return "an option that is not configured";
		if (got.len != want.len || memcmp(got.data, want.data, got.len))
			return "an option is not what was configured";
	}
	if (rep->options[0].v[0] != 6 && !file_ok(cfg, rep->bootp + 108))
		return "file is not the boot file, ended by a NUL";
	return check_fqdn(cfg, req, rep);
}
