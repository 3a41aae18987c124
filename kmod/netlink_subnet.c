// SPDX-License-Identifier: GPL-2.0
/* Requests about subnets: attributes to spec. */
#include <linux/ctype.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <net/sock.h>
#include "batch.h"
#include "event.h"
#include "netlink.h"
#include "scratch.h"
#include "subnet.h"

static bool valid_name(const char *name)
{
	if (!*name)
		return false;
	for (; *name; name++)
		if (!isascii(*name) || !(isalnum(*name) || strchr("._:-", *name)))
			return false;
	return true;
}

/* The key of a request; NULL and a text if there is none. */
static const char *name_of(struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[VDHCP_A_SUBNET_NAME];

	if (attr)
		return nla_data(attr);
	NL_SET_ERR_MSG(info->extack, "name is missing");
	NL_SET_ERR_ATTR_MISS(info->extack, NULL, VDHCP_A_SUBNET_NAME);
	return NULL;
}

static struct vdhcp_subnet *find(const struct vdhcp_net *vn, struct genl_info *info)
{
	const char *name = name_of(info);
	struct vdhcp_subnet *subnet;

	if (!name)
		return ERR_PTR(-EINVAL);
	subnet = vdhcp_subnet_find(vn, name);
	if (subnet)
		return subnet;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VDHCP_A_SUBNET_NAME], "no such subnet");
	return ERR_PTR(-ENOENT);
}

static int apply_clear(struct vdhcp_subnet_spec *spec, const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	u32 which = nla_get_u32(attr);

	switch (which) {
	case VDHCP_A_SUBNET_NAME:
		NL_SET_ERR_MSG_ATTR(extack, attr, "name cannot be cleared");
		return -EINVAL;
	case VDHCP_A_SUBNET_NETWORK:
	case VDHCP_A_SUBNET_PREFIX_LEN:
		NL_SET_ERR_MSG_ATTR(extack, attr, "cidr cannot be cleared");
		return -EINVAL;
	case VDHCP_A_SUBNET_GATEWAY ... VDHCP_A_SUBNET_OPTION:
		vdhcp_subnet_clear(spec, which);
		return 0;
	default:
		NL_SET_ERR_MSG_ATTR(extack, attr, "no such attribute to clear");
		return -EINVAL;
	}
}

static int apply_addr(__be32 *list, u8 *n, const struct nlattr *attr,
		      struct netlink_ext_ack *extack)
{
	if (*n == VDHCP_LIST_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "more than 63 addresses in a list");
		return -EINVAL;
	}
	list[(*n)++] = nla_get_in_addr(attr);
	return 0;
}

static int apply_route(struct vdhcp_subnet_spec *spec, const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[VDHCP_A_ROUTE_MAX + 1];
	struct vdhcp_route *route;
	int err;

	err = nla_parse_nested(tb, VDHCP_A_ROUTE_MAX, attr, NULL, extack);
	if (err)
		return err;
	if (!tb[VDHCP_A_ROUTE_DST] || !tb[VDHCP_A_ROUTE_DST_LEN]) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "route needs a destination and its length");
		NL_SET_ERR_ATTR_MISS(extack, attr,
				     tb[VDHCP_A_ROUTE_DST] ? VDHCP_A_ROUTE_DST_LEN :
							     VDHCP_A_ROUTE_DST);
		return -EINVAL;
	}
	if (spec->n_routes == VDHCP_ROUTES_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "more than 128 routes");
		return -EINVAL;
	}
	route = &spec->routes[spec->n_routes++];
	route->dst = nla_get_in_addr(tb[VDHCP_A_ROUTE_DST]);
	route->dst_len = nla_get_u8(tb[VDHCP_A_ROUTE_DST_LEN]);
	route->via = tb[VDHCP_A_ROUTE_VIA] ? nla_get_in_addr(tb[VDHCP_A_ROUTE_VIA]) : 0;
	return 0;
}

static int apply_search(struct vdhcp_subnet_spec *spec, const struct nlattr *attr,
			struct netlink_ext_ack *extack)
{
	size_t len = strlen(nla_data(attr)) + 1;

	if (len > sizeof(spec->search) - spec->search_len) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "search list is longer than 1024 bytes");
		return -EINVAL;
	}
	memcpy(spec->search + spec->search_len, nla_data(attr), len);
	spec->search_len += len;
	return 0;
}

static int apply_one(struct vdhcp_subnet_spec *spec, const struct nlattr *attr, bool create,
		     struct netlink_ext_ack *extack)
{
	switch (nla_type(attr)) {
	case VDHCP_A_SUBNET_NAME:
		strscpy(spec->name, nla_data(attr), sizeof(spec->name));
		return 0;
	case VDHCP_A_SUBNET_NETWORK:
		spec->network = nla_get_in_addr(attr);
		return 0;
	case VDHCP_A_SUBNET_PREFIX_LEN:
		spec->prefix_len = nla_get_u8(attr);
		return 0;
	case VDHCP_A_SUBNET_GATEWAY:
		spec->gateway = nla_get_in_addr(attr);
		return 0;
	case VDHCP_A_SUBNET_SERVER_ID:
		spec->server_id = nla_get_in_addr(attr);
		return 0;
	case VDHCP_A_SUBNET_SERVER_MAC:
		memcpy(spec->server_mac, nla_data(attr), sizeof(spec->server_mac));
		return 0;
	case VDHCP_A_SUBNET_DNS:
		return apply_addr(spec->dns, &spec->n_dns, attr, extack);
	case VDHCP_A_SUBNET_MTU:
		spec->mtu = nla_get_u16(attr);
		return 0;
	case VDHCP_A_SUBNET_ROUTE:
		return apply_route(spec, attr, extack);
	case VDHCP_A_SUBNET_DOMAIN:
		strscpy(spec->domain, nla_data(attr), sizeof(spec->domain));
		return 0;
	case VDHCP_A_SUBNET_SEARCH:
		return apply_search(spec, attr, extack);
	case VDHCP_A_SUBNET_NTP:
		return apply_addr(spec->ntp, &spec->n_ntp, attr, extack);
	case VDHCP_A_SUBNET_LEASE:
		spec->lease = nla_get_u32(attr);
		return 0;
	case VDHCP_A_SUBNET_T1:
		spec->t1 = nla_get_u32(attr);
		return 0;
	case VDHCP_A_SUBNET_T2:
		spec->t2 = nla_get_u32(attr);
		return 0;
	case VDHCP_A_SUBNET_RAPID_COMMIT:
		spec->rapid_commit = nla_get_u8(attr);
		return 0;
	case VDHCP_A_SUBNET_NEXT_SERVER:
		spec->next_server = nla_get_in_addr(attr);
		return 0;
	case VDHCP_A_SUBNET_BOOT_FILE:
		strscpy(spec->boot_file, nla_data(attr), sizeof(spec->boot_file));
		return 0;
	case VDHCP_A_SUBNET_IPV6_ONLY:
		spec->ipv6_only = nla_get_u32(attr);
		return 0;
	case VDHCP_A_SUBNET_CAPTIVE_PORTAL:
		strscpy(spec->captive_portal, nla_data(attr), sizeof(spec->captive_portal));
		return 0;
	case VDHCP_A_SUBNET_SEND_ROUTER:
		spec->send_router = nla_get_u8(attr);
		return 0;
	case VDHCP_A_SUBNET_OPTION:
		return vdhcp_netlink_option_apply(&spec->options, attr, create, extack);
	default:
		return 0;
	}
}

/* First what is cleared, then what is given; a list that is given begins anew. */
static int apply(struct vdhcp_subnet_spec *spec, struct genl_info *info, bool create)
{
	static const u8 lists[] = {
		VDHCP_A_SUBNET_DNS, VDHCP_A_SUBNET_ROUTE, VDHCP_A_SUBNET_SEARCH,
		VDHCP_A_SUBNET_NTP,
	};
	const struct nlattr *attr;
	int rem, err;
	size_t i;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != VDHCP_A_SUBNET_CLEAR)
			continue;
		err = apply_clear(spec, attr, info->extack);
		if (err)
			return err;
	}
	for (i = 0; i < ARRAY_SIZE(lists); i++)
		if (info->attrs[lists[i]])
			vdhcp_subnet_clear(spec, lists[i]);
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) == VDHCP_A_SUBNET_CLEAR ||
		    nla_type(attr) == VDHCP_A_SUBNET_REPLACE)
			continue;
		err = apply_one(spec, attr, create, info->extack);
		if (err)
			return err;
		spec->present |= BIT_ULL(nla_type(attr));
	}
	return 0;
}

/* An object is in a batch once: what came first might refer to what it was then. */
static int check_draft(struct genl_info *info, const struct vdhcp_batch *batch)
{
	const char *name = name_of(info);

	if (!batch || !name || !vdhcp_batch_find_subnet(batch, name))
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VDHCP_A_SUBNET_NAME],
			    "subnet is in this batch already");
	return -EEXIST;
}

/* *@subnet is what a new one may replace, or NULL. */
static int check_new(const struct vdhcp_net *vn, struct genl_info *info,
		     const struct vdhcp_batch *batch, struct vdhcp_subnet **subnet)
{
	const struct nlattr *attr = info->attrs[VDHCP_A_SUBNET_NAME];
	const char *name;

	name = name_of(info);
	if (!name)
		return -EINVAL;
	if (!valid_name(name)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "name may have letters, digits and . _ : - only");
		return -EINVAL;
	}
	*subnet = vdhcp_subnet_find(vn, name);
	if (*subnet && !info->attrs[VDHCP_A_SUBNET_REPLACE]) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "subnet exists");
		return -EEXIST;
	}
	return check_draft(info, batch);
}

/* From what there is to what the request wants; *@subnet is NULL if it is new. */
static int prepare(const struct vdhcp_net *vn, struct genl_info *info, bool create,
		   struct vdhcp_subnet_edit *edit, struct vdhcp_subnet **subnet)
{
	int err;

	if (create) {
		err = check_new(vn, info, edit->batch, subnet);
		if (err)
			return err;
		vdhcp_subnet_init(&edit->spec);
	} else {
		*subnet = find(vn, info);
		if (IS_ERR(*subnet))
			return PTR_ERR(*subnet);
		edit->spec = *(*subnet)->spec;
	}
	return apply(&edit->spec, info, create);
}

/* Keep it for the end of the batch. */
static int draft(struct vdhcp_net *vn, struct vdhcp_subnet_edit *edit, struct vdhcp_subnet *old)
{
	struct vdhcp_subnet *subnet;
	int err;

	subnet = vdhcp_subnet_make(vn, &edit->spec, &edit->cfg_err);
	if (IS_ERR(subnet))
		return PTR_ERR(subnet);
	err = vdhcp_batch_stage_subnet(edit->batch, subnet->spec->name, old, subnet);
	if (err)
		vdhcp_subnet_free(subnet);
	return err;
}

/* Make it so, and tell in @reply if it is not NULL. */
static int commit(struct vdhcp_net *vn, struct genl_info *info, struct vdhcp_subnet_edit *edit,
		  struct vdhcp_subnet *subnet, struct sk_buff *reply)
{
	int err;

	if (edit->batch) {
		err = draft(vn, edit, subnet);
	} else if (subnet) {
		err = vdhcp_subnet_set(vn, subnet, &edit->spec, &edit->cfg_err);
	} else {
		subnet = vdhcp_subnet_add(vn, &edit->spec, &edit->cfg_err);
		err = PTR_ERR_OR_ZERO(subnet);
	}
	if (err)
		return vdhcp_netlink_refuse(info, err, &edit->cfg_err, edit->spec.present,
					    VDHCP_A_SUBNET_OPTION);
	if (reply)
		WARN_ON_ONCE(vdhcp_netlink_subnet_fill(reply,
						       vdhcp_netlink_put_reply(reply, info),
						       vn, subnet));
	return 0;
}

static int change(struct vdhcp_net *vn, struct genl_info *info, struct vdhcp_batch *batch,
		  bool create)
{
	struct vdhcp_subnet *subnet;
	struct sk_buff *reply = NULL;
	bool replaced;
	struct vdhcp_scratch *scratch = vdhcp_net_scratch(vn);
	struct vdhcp_subnet_edit *edit;
	size_t size;
	int err;

	if (!scratch)
		return -ENOMEM;
	edit = &scratch->subnet;
	edit->batch = batch;
	edit->cfg_err.text[0] = '\0';
	err = prepare(vn, info, create, edit, &subnet);
	if (err)
		return err;
	size = vdhcp_netlink_subnet_size(&edit->spec);
	vn->subnet_size = max(vn->subnet_size, size);
	if (!batch)
		err = vdhcp_netlink_echo_new(info, size, &reply);
	if (err)
		return err;
	replaced = subnet;
	err = commit(vn, info, edit, subnet, reply);
	vdhcp_netlink_echo_send(info, err, reply);
	if (!err && !batch)
		vdhcp_event_config(vn, replaced ? VDHCP_CHANGE_CHANGED : VDHCP_CHANGE_ADDED,
				   edit->spec.name, NULL, 0);
	return err;
}

/**
 * vdhcp_netlink_subnet_new() - add a subnet, or replace one
 * @vn: the namespace; the caller holds its lock
 * @info: the request
 * @batch: atomic batch to add it to, or NULL
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_netlink_subnet_new(struct vdhcp_net *vn, struct genl_info *info,
			     struct vdhcp_batch *batch)
{
	return change(vn, info, batch, true);
}

/**
 * vdhcp_netlink_subnet_set() - change a subnet
 * @vn: the namespace; the caller holds its lock
 * @info: the request
 * @batch: NULL
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_netlink_subnet_set(struct vdhcp_net *vn, struct genl_info *info,
			     struct vdhcp_batch *batch)
{
	return change(vn, info, batch, false);
}

/**
 * vdhcp_netlink_subnet_del() - remove a subnet
 * @vn: the namespace; the caller holds its lock
 * @info: the request
 * @batch: atomic batch to add this to, or NULL
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_netlink_subnet_del(struct vdhcp_net *vn, struct genl_info *info,
			     struct vdhcp_batch *batch)
{
	struct vdhcp_cfg_err cfg_err = {};
	struct vdhcp_subnet *subnet;
	int err;

	subnet = find(vn, info);
	if (IS_ERR(subnet))
		return PTR_ERR(subnet);
	if (batch) {
		err = check_draft(info, batch);
		return err ?: vdhcp_batch_stage_subnet(batch, subnet->spec->name, subnet, NULL);
	}
	err = vdhcp_subnet_del(vn, subnet, &cfg_err);
	if (err)
		return vdhcp_netlink_refuse(info, err, &cfg_err, 0, VDHCP_A_SUBNET_OPTION);
	vdhcp_event_config(vn, VDHCP_CHANGE_REMOVED, name_of(info), NULL, 0);
	return 0;
}

/**
 * vdhcp_netlink_subnet_get() - show a subnet
 * @skb: not used
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_netlink_subnet_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vdhcp_net *vn = vdhcp_pernet(genl_info_net(info));
	struct sk_buff *reply = NULL;
	struct vdhcp_subnet *subnet;
	int err;

	mutex_lock(&vn->lock);
	subnet = find(vn, info);
	err = PTR_ERR_OR_ZERO(subnet);
	if (err)
		goto unlock;
	reply = genlmsg_new(vdhcp_netlink_subnet_size(subnet->spec), GFP_KERNEL);
	if (reply)
		err = vdhcp_netlink_subnet_fill(reply, vdhcp_netlink_put_reply(reply, info),
						vn, subnet);
	else
		err = -ENOMEM;
unlock:
	mutex_unlock(&vn->lock);
	if (!err)
		return genlmsg_reply(reply, info);
	nlmsg_free(reply);
	return err;
}

/**
 * vdhcp_netlink_subnet_start() - begin to show all subnets
 * @cb: the dump
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_netlink_subnet_start(struct netlink_callback *cb)
{
	struct vdhcp_net *vn = vdhcp_pernet(sock_net(cb->skb->sk));
	size_t most;

	mutex_lock(&vn->lock);
	most = vn->subnet_size;
	mutex_unlock(&vn->lock);
	return vdhcp_netlink_dump_start(cb, most);
}

/**
 * vdhcp_netlink_subnet_dump() - show subnets in the order of their names
 * @skb: to write to
 * @cb: the dump
 *
 * Return: bytes written, 0 at the end, or a negative errno.
 */
int vdhcp_netlink_subnet_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vdhcp_net *vn = vdhcp_pernet(sock_net(skb->sk));
	struct vdhcp_netlink_cursor *cursor;
	struct vdhcp_subnet *subnet;
	int err;

	mutex_lock(&vn->lock);
	err = vdhcp_netlink_dump_begin(cb, vn->seq, &cursor);
	while (!err && (subnet = vdhcp_subnet_after(vn, cursor->name))) {
		err = vdhcp_netlink_subnet_fill(skb, vdhcp_netlink_dump_put(skb, cb), vn, subnet);
		if (!err)
			vdhcp_netlink_dump_at(cursor, subnet->spec->name, 0);
	}
	mutex_unlock(&vn->lock);
	return skb->len ? skb->len : err;
}
