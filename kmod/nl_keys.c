// SPDX-License-Identifier: GPL-2.0
/*
 * Reads keys from netlink attributes into a spec and writes them back, with one
 * case for each kind of value. The defaults, checks and DHCP options of the
 * kinds are in engine/keys.c.
 */
#include <linux/stringify.h>
#include "engine/keys.h"
#include "netlink.h"

#define VDHCP_IP6_ALEN 16

/**
 * vdhcp_nl_refuse_attr() - refuse a request because of one attribute
 * @extack: filled in, or NULL
 * @attr: the attribute
 * @err: negative errno
 * @text: error text, which is not copied
 *
 * Return: @err.
 */
int vdhcp_nl_refuse_attr(struct netlink_ext_ack *extack,
			 const struct nlattr *attr, int err, const char *text)
{
	if (extack)
		extack->_msg = text;
	NL_SET_BAD_ATTR(extack, attr);
	return err;
}

/**
 * vdhcp_nl_read_addr() - read an IPv4 address
 * @addr: set to the address
 * @attr: attribute of 4 to 16 bytes, because the policy allows no other length
 * @extack: filled in on failure
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_nl_read_addr(__be32 *addr, const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	if (nla_len(attr) == VDHCP_IP6_ALEN)
		return vdhcp_nl_refuse_attr(extack, attr, -EOPNOTSUPP,
					    "IPv6 is not supported yet");
	if (nla_len(attr) != sizeof(*addr))
		return vdhcp_nl_refuse_attr(extack, attr, -EINVAL,
					    "an address has 4 or 16 bytes");
	*addr = nla_get_in_addr(attr);
	return 0;
}

static int apply_addrs(struct vdhcp_addrs *addrs, const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	if (addrs->n == VDHCP_LIST_MAX)
		return vdhcp_nl_refuse_attr(extack, attr, -EINVAL,
					    "more than "
					    __stringify(VDHCP_LIST_MAX)
					    " addresses in a list");
	return vdhcp_nl_read_addr(&addrs->addr[addrs->n++], attr, extack);
}

static int apply_names(struct vdhcp_names *names, const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	size_t len = strlen(nla_data(attr)) + 1;

	if (len > sizeof(names->text) - names->len)
		return vdhcp_nl_refuse_attr(extack, attr, -EINVAL,
					    "search list is longer than "
					    __stringify(VDHCP_SEARCH_MAX)
					    " bytes");
	memcpy(names->text + names->len, nla_data(attr), len);
	names->len += len;
	return 0;
}

static int apply_route(struct vdhcp_routes *routes, const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[VDHCP_A_ROUTE_MAX + 1];
	struct vdhcp_route *route;
	int err;

	err = nla_parse_nested(tb, VDHCP_A_ROUTE_MAX, attr, NULL, extack);
	if (err)
		return err;
	if (!tb[VDHCP_A_ROUTE_DST] || !tb[VDHCP_A_ROUTE_DST_LEN]) {
		NL_SET_ERR_ATTR_MISS(extack, attr,
				     tb[VDHCP_A_ROUTE_DST]
					     ? VDHCP_A_ROUTE_DST_LEN
					     : VDHCP_A_ROUTE_DST);
		return vdhcp_nl_refuse_attr(extack, attr, -EINVAL,
					    "route needs a destination and its length");
	}
	if (routes->n == VDHCP_ROUTES_MAX)
		return vdhcp_nl_refuse_attr(extack, attr, -EINVAL,
					    "more than "
					    __stringify(VDHCP_ROUTES_MAX)
					    " routes");
	route = &routes->route[routes->n++];
	route->dst_len = nla_get_u8(tb[VDHCP_A_ROUTE_DST_LEN]);
	route->via = 0;
	err = vdhcp_nl_read_addr(&route->dst, tb[VDHCP_A_ROUTE_DST], extack);
	if (!err && tb[VDHCP_A_ROUTE_VIA])
		err = vdhcp_nl_read_addr(&route->via, tb[VDHCP_A_ROUTE_VIA],
					 extack);
	return err;
}

static int apply_option(struct vdhcp_optlist *list, const struct nlattr *attr,
			bool create, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[VDHCP_A_OPTION_MAX + 1];
	struct vdhcp_option opt;
	int err;

	err = nla_parse_nested(tb, VDHCP_A_OPTION_MAX, attr, NULL, extack);
	if (err)
		return err;
	if (!tb[VDHCP_A_OPTION_CODE]) {
		NL_SET_ERR_ATTR_MISS(extack, attr, VDHCP_A_OPTION_CODE);
		return vdhcp_nl_refuse_attr(extack, attr, -EINVAL,
					    "option needs a code");
	}
	opt.code = nla_get_u8(tb[VDHCP_A_OPTION_CODE]);
	if (!tb[VDHCP_A_OPTION_DATA] && create) {
		NL_SET_ERR_ATTR_MISS(extack, attr, VDHCP_A_OPTION_DATA);
		return vdhcp_nl_refuse_attr(extack, attr, -EINVAL,
					    "option needs data");
	}
	if (!tb[VDHCP_A_OPTION_DATA]) {
		vdhcp_optlist_remove(list, opt.code);
		return 0;
	}
	opt.form = VDHCP_OPTION_FORM_HEX;
	if (tb[VDHCP_A_OPTION_FORM])
		opt.form = nla_get_u8(tb[VDHCP_A_OPTION_FORM]);
	opt.len = nla_len(tb[VDHCP_A_OPTION_DATA]);
	opt.data = nla_data(tb[VDHCP_A_OPTION_DATA]);
	err = vdhcp_optlist_set(list, &opt);
	if (!err)
		return 0;
	return vdhcp_nl_refuse_attr(extack, attr, err,
				    "raw options exceed "
				    __stringify(VDHCP_OPTLIST_MAX) " bytes");
}

static int apply_key(struct vdhcp_nl_request *req, const struct vdhcp_key *key,
		     const struct nlattr *attr)
{
	void *field = vdhcp_key_field(req->spec, key);
	struct netlink_ext_ack *extack = req->info->extack;

	switch (key->kind) {
	case VDHCP_KEY_RESERVED:
		return vdhcp_nl_refuse_attr(extack, attr, -EOPNOTSUPP,
					    key->fixed);
	case VDHCP_KEY_BINDINGS:
		return req->type->bind(req, attr);
	case VDHCP_KEY_NETWORK:
	case VDHCP_KEY_ADDRESS:
		return vdhcp_nl_read_addr(field, attr, extack);
	case VDHCP_KEY_PREFIX_LEN:
	case VDHCP_KEY_BOOL:
	case VDHCP_KEY_ENUM:
		*(u8 *)field = nla_get_u8(attr);
		return 0;
	case VDHCP_KEY_U16:
		*(u16 *)field = nla_get_u16(attr);
		return 0;
	case VDHCP_KEY_U32:
	case VDHCP_KEY_SECONDS:
		*(u32 *)field = nla_get_u32(attr);
		return 0;
	case VDHCP_KEY_TEXT:
	case VDHCP_KEY_DOMAIN:
		strscpy(field, nla_data(attr), VDHCP_TEXT_MAX + 1);
		return 0;
	case VDHCP_KEY_MAC:
		memcpy(field, nla_data(attr), VDHCP_ETH_ALEN);
		return 0;
	case VDHCP_KEY_ADDRESSES:
		return apply_addrs(field, attr, extack);
	case VDHCP_KEY_DOMAINS:
		return apply_names(field, attr, extack);
	case VDHCP_KEY_ROUTES:
		return apply_route(field, attr, extack);
	case VDHCP_KEY_OPTIONS:
		return apply_option(field, attr, req->create, extack);
	default:
		return 0;
	}
}

static int clear_key(struct vdhcp_nl_request *req, const struct nlattr *attr)
{
	const struct vdhcp_key_set *set = req->type->keys;
	const struct vdhcp_key *key = vdhcp_key_find(set, nla_get_u32(attr));

	if (!key)
		return vdhcp_nl_refuse_attr(req->info->extack, attr, -EINVAL,
					    "no such attribute to clear");
	if (key->fixed)
		return vdhcp_nl_refuse_attr(req->info->extack, attr, -EINVAL,
					    key->fixed);
	vdhcp_key_clear(req->spec, set, nla_get_u32(attr));
	return 0;
}

/* A list in the request replaces the old list as a whole. */
static void clear_lists(struct vdhcp_nl_request *req)
{
	const struct vdhcp_key_set *set = req->type->keys;
	u16 attr;

	for (attr = 0; attr < set->n; attr++)
		if (vdhcp_key_is_list(&set->keys[attr]) &&
		    req->info->attrs[attr])
			vdhcp_key_clear(req->spec, set, attr);
}

/**
 * vdhcp_nl_keys_apply() - apply the keys of a request to its spec
 * @req: the request
 *
 * Keys that the request clears are cleared before the others are set.
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_nl_keys_apply(struct vdhcp_nl_request *req)
{
	const struct nlmsghdr *nlh = req->info->nlhdr;
	const struct vdhcp_key *key;
	const struct nlattr *attr;
	int rem, err;

	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rem) {
		if (nla_type(attr) != req->type->clear)
			continue;
		err = clear_key(req, attr);
		if (err)
			return err;
	}
	clear_lists(req);
	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rem) {
		key = vdhcp_key_find(req->type->keys, nla_type(attr));
		if (!key)
			continue;
		err = apply_key(req, key, attr);
		if (err)
			return err;
		/* The callback marks these keys as present if needed. */
		if (key->kind != VDHCP_KEY_BINDINGS)
			*(u64 *)req->spec |= BIT_ULL(nla_type(attr));
	}
	return 0;
}

static int put_addrs(struct sk_buff *skb, int attr,
		     const struct vdhcp_addrs *addrs)
{
	unsigned int i;

	for (i = 0; i < addrs->n; i++)
		if (nla_put_in_addr(skb, attr, addrs->addr[i]))
			return -EMSGSIZE;
	return 0;
}

static int put_names(struct sk_buff *skb, int attr,
		     const struct vdhcp_names *names)
{
	const char *name = names->text;

	for (; name < names->text + names->len; name += strlen(name) + 1)
		if (nla_put_string(skb, attr, name))
			return -EMSGSIZE;
	return 0;
}

static int put_routes(struct sk_buff *skb, int attr,
		      const struct vdhcp_routes *routes)
{
	const struct vdhcp_route *route = routes->route;
	struct nlattr *nest;

	for (; route < routes->route + routes->n; route++) {
		nest = nla_nest_start(skb, attr);
		if (!nest ||
		    nla_put_in_addr(skb, VDHCP_A_ROUTE_DST, route->dst) ||
		    nla_put_u8(skb, VDHCP_A_ROUTE_DST_LEN, route->dst_len) ||
		    nla_put_in_addr(skb, VDHCP_A_ROUTE_VIA, route->via))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

static int put_options(struct sk_buff *skb, int attr,
		       const struct vdhcp_optlist *list)
{
	struct vdhcp_option opt;
	struct nlattr *nest;
	u16 at = 0;

	while (vdhcp_optlist_next(list, &at, &opt)) {
		nest = nla_nest_start(skb, attr);
		if (!nest || nla_put_u8(skb, VDHCP_A_OPTION_CODE, opt.code) ||
		    nla_put(skb, VDHCP_A_OPTION_DATA, opt.len, opt.data) ||
		    nla_put_u8(skb, VDHCP_A_OPTION_FORM, opt.form))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

static int put_key(struct sk_buff *skb, const struct vdhcp_key *key, int attr,
		   const void *field)
{
	switch (key->kind) {
	case VDHCP_KEY_NETWORK:
	case VDHCP_KEY_ADDRESS:
		return nla_put_in_addr(skb, attr, *(const __be32 *)field);
	case VDHCP_KEY_PREFIX_LEN:
	case VDHCP_KEY_BOOL:
	case VDHCP_KEY_ENUM:
		return nla_put_u8(skb, attr, *(const u8 *)field);
	case VDHCP_KEY_U16:
		return nla_put_u16(skb, attr, *(const u16 *)field);
	case VDHCP_KEY_U32:
	case VDHCP_KEY_SECONDS:
		return nla_put_u32(skb, attr, *(const u32 *)field);
	case VDHCP_KEY_TEXT:
	case VDHCP_KEY_DOMAIN:
		return nla_put_string(skb, attr, field);
	case VDHCP_KEY_MAC:
		return nla_put(skb, attr, VDHCP_ETH_ALEN, field);
	case VDHCP_KEY_ADDRESSES:
		return put_addrs(skb, attr, field);
	case VDHCP_KEY_DOMAINS:
		return put_names(skb, attr, field);
	case VDHCP_KEY_ROUTES:
		return put_routes(skb, attr, field);
	case VDHCP_KEY_OPTIONS:
		return put_options(skb, attr, field);
	default:
		return 0;
	}
}

/**
 * vdhcp_nl_keys_put() - write the keys of a spec
 * @skb: message
 * @spec: the spec
 * @set: keys of the object
 *
 * Does not write the keys that name the object, nor the addresses of a port,
 * because the callbacks of the object write them.
 *
 * Return: 0 or -EMSGSIZE.
 */
int vdhcp_nl_keys_put(struct sk_buff *skb, const void *spec,
		      const struct vdhcp_key_set *set)
{
	const struct vdhcp_key *key;
	u16 attr;

	for (attr = 0; attr < set->n; attr++) {
		key = &set->keys[attr];
		if (!key->shown && !vdhcp_key_present(spec, attr))
			continue;
		if (put_key(skb, key, attr, vdhcp_key_field(spec, key)))
			return -EMSGSIZE;
	}
	return 0;
}

static size_t names_size(const struct vdhcp_names *names)
{
	const char *name = names->text;
	size_t total = 0;

	for (; name < names->text + names->len; name += strlen(name) + 1)
		total += nla_total_size(strlen(name) + 1);
	return total;
}

static size_t options_size(const struct vdhcp_optlist *list)
{
	struct vdhcp_option opt;
	size_t total = 0;
	u16 at = 0;

	while (vdhcp_optlist_next(list, &at, &opt))
		total += nla_total_size(2 * nla_total_size(sizeof(u8)) +
					nla_total_size(opt.len));
	return total;
}

static size_t key_size(const struct vdhcp_key *key, const void *field)
{
	const size_t word = nla_total_size(sizeof(u32));

	switch (key->kind) {
	case VDHCP_KEY_NONE:
	case VDHCP_KEY_ID:
	case VDHCP_KEY_VLAN:
	case VDHCP_KEY_RESERVED:
		return 0;
	case VDHCP_KEY_BINDINGS:
		return ((const struct vdhcp_addresses *)field)->n *
		       nla_total_size(word + nla_total_size(VDHCP_ETH_ALEN) +
				      nla_total_size(VDHCP_NAME_MAX + 1));
	case VDHCP_KEY_TEXT:
	case VDHCP_KEY_DOMAIN:
		return nla_total_size(strlen(field) + 1);
	case VDHCP_KEY_MAC:
		return nla_total_size(VDHCP_ETH_ALEN);
	case VDHCP_KEY_ADDRESSES:
		return ((const struct vdhcp_addrs *)field)->n * word;
	case VDHCP_KEY_DOMAINS:
		return names_size(field);
	case VDHCP_KEY_ROUTES:
		return ((const struct vdhcp_routes *)field)->n *
		       nla_total_size(3 * word);
	case VDHCP_KEY_OPTIONS:
		return options_size(field);
	default:
		return word;
	}
}

/**
 * vdhcp_nl_keys_size() - get the size that the keys of a spec need
 * @spec: the spec
 * @set: keys of the object
 *
 * Return: bytes, including those of the addresses of a port.
 */
size_t vdhcp_nl_keys_size(const void *spec, const struct vdhcp_key_set *set)
{
	const struct vdhcp_key *key;
	size_t total = 0;
	u16 attr;

	for (attr = 0; attr < set->n; attr++) {
		key = &set->keys[attr];
		if (key->shown || vdhcp_key_present(spec, attr))
			total += key_size(key, vdhcp_key_field(spec, key));
	}
	return total;
}
