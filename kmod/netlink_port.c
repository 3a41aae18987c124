// SPDX-License-Identifier: GPL-2.0
/* Requests about ports: attributes to spec and conf to attributes. */
#include <linux/mm.h>
#include <linux/slab.h>
#include <net/sock.h>
#include "batch.h"
#include "event.h"
#include "netlink.h"
#include "port.h"
#include "scratch.h"
#include "subnet.h"

/* The key of a request: device, and VLAN id in *@vlan. NULL if there is none. */
static const char *key_of(struct genl_info *info, u16 *vlan)
{
	const struct nlattr *dev = info->attrs[VDHCP_A_PORT_DEV];
	const struct nlattr *attr = info->attrs[VDHCP_A_PORT_VLAN];

	*vlan = attr ? nla_get_u16(attr) : 0;
	if (dev)
		return nla_data(dev);
	NL_SET_ERR_MSG(info->extack, "dev is missing");
	NL_SET_ERR_ATTR_MISS(info->extack, NULL, VDHCP_A_PORT_DEV);
	return NULL;
}

static struct vdhcp_port *find(const struct vdhcp_net *vn, struct genl_info *info)
{
	struct vdhcp_port *port;
	const char *dev;
	u16 vlan;

	dev = key_of(info, &vlan);
	if (!dev)
		return ERR_PTR(-EINVAL);
	port = vdhcp_port_find(vn, dev, vlan);
	if (port)
		return port;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VDHCP_A_PORT_DEV], "no such port");
	return ERR_PTR(-ENOENT);
}

static int apply_clear(struct vdhcp_port_edit *edit, const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	u32 which = nla_get_u32(attr);

	switch (which) {
	case VDHCP_A_PORT_DEV:
		NL_SET_ERR_MSG_ATTR(extack, attr, "dev cannot be cleared");
		return -EINVAL;
	case VDHCP_A_PORT_VLAN:
		NL_SET_ERR_MSG_ATTR(extack, attr, "vlan cannot be cleared");
		return -EINVAL;
	case VDHCP_A_PORT_SUBNET:
		edit->subnet = NULL;
		edit->spec.present &= ~BIT_ULL(VDHCP_A_PORT_SUBNET);
		return 0;
	case VDHCP_A_PORT_MAC:
	case VDHCP_A_PORT_ADDR:
	case VDHCP_A_PORT_HOSTNAME ... VDHCP_A_PORT_OPTION:
		vdhcp_port_clear(&edit->spec, which);
		return 0;
	default:
		NL_SET_ERR_MSG_ATTR(extack, attr, "no such attribute to clear");
		return -EINVAL;
	}
}

static int apply_subnet(const struct vdhcp_net *vn, struct vdhcp_port_edit *edit,
			const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	const struct vdhcp_batch_subnet *staged = NULL;
	const char *name = nla_data(attr);

	if (edit->batch)
		staged = vdhcp_batch_find_subnet(edit->batch, name);
	edit->subnet = staged ? staged->subnet : vdhcp_subnet_find(vn, name);
	if (edit->subnet)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "no such subnet");
	return -ENOENT;
}

static int apply_one(const struct vdhcp_net *vn, struct vdhcp_port_edit *edit,
		     const struct nlattr *attr, bool create,
		     struct netlink_ext_ack *extack)
{
	struct vdhcp_port_spec *spec = &edit->spec;

	switch (nla_type(attr)) {
	case VDHCP_A_PORT_MAC:
		memcpy(spec->mac, nla_data(attr), sizeof(spec->mac));
		return 0;
	case VDHCP_A_PORT_ADDR:
		spec->addr = nla_get_in_addr(attr);
		return 0;
	case VDHCP_A_PORT_SUBNET:
		return apply_subnet(vn, edit, attr, extack);
	case VDHCP_A_PORT_HOSTNAME:
		strscpy(spec->hostname, nla_data(attr), sizeof(spec->hostname));
		return 0;
	case VDHCP_A_PORT_MODE:
		spec->mode = nla_get_u8(attr);
		return 0;
	case VDHCP_A_PORT_GUARD:
		spec->guard = nla_get_u8(attr);
		return 0;
	case VDHCP_A_PORT_RATE:
		spec->rate = nla_get_u32(attr);
		return 0;
	case VDHCP_A_PORT_OPTION:
		return vdhcp_netlink_option_apply(&spec->options, attr, create, extack);
	default:
		return 0;
	}
}

/* First what is cleared, then what is given. */
static int apply(const struct vdhcp_net *vn, struct vdhcp_port_edit *edit, struct genl_info *info,
		 bool create)
{
	const struct nlattr *attr;
	int rem, err;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != VDHCP_A_PORT_CLEAR)
			continue;
		err = apply_clear(edit, attr, info->extack);
		if (err)
			return err;
	}
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) == VDHCP_A_PORT_CLEAR ||
		    nla_type(attr) == VDHCP_A_PORT_REPLACE)
			continue;
		err = apply_one(vn, edit, attr, create, info->extack);
		if (err)
			return err;
		edit->spec.present |= BIT_ULL(nla_type(attr));
	}
	return 0;
}

static int put_subnet(struct sk_buff *skb, const struct vdhcp_subnet *subnet)
{
	return subnet ? nla_put_string(skb, VDHCP_A_PORT_SUBNET, subnet->spec->name) : 0;
}

static int put_hostname(struct sk_buff *skb, const struct vdhcp_port_conf *conf)
{
	struct nlattr *attr;
	char *text;

	if (!conf->host_len)
		return 0;
	attr = nla_reserve(skb, VDHCP_A_PORT_HOSTNAME, conf->host_len + 1);
	if (!attr)
		return -EMSGSIZE;
	text = nla_data(attr);
	memcpy(text, vdhcp_port_hostname(conf), conf->host_len);
	text[conf->host_len] = '\0';
	return 0;
}

static int put_options(struct sk_buff *skb, const struct vdhcp_port_conf *conf)
{
	struct vdhcp_option opt;
	u16 at = 0;

	while (vdhcp_port_option_next(conf, &at, &opt))
		if (vdhcp_netlink_option_put(skb, VDHCP_A_PORT_OPTION, &opt))
			return -EMSGSIZE;
	return 0;
}

static int put_conf(struct sk_buff *skb, const struct vdhcp_port_conf *conf)
{
	if (conf->present & BIT(VDHCP_A_PORT_MAC) &&
	    nla_put(skb, VDHCP_A_PORT_MAC, sizeof(conf->mac), conf->mac))
		return -EMSGSIZE;
	if (conf->present & BIT(VDHCP_A_PORT_ADDR) &&
	    nla_put_in_addr(skb, VDHCP_A_PORT_ADDR, conf->addr))
		return -EMSGSIZE;
	if (nla_put_u8(skb, VDHCP_A_PORT_MODE, conf->mode) ||
	    nla_put_u8(skb, VDHCP_A_PORT_GUARD, conf->guard) ||
	    nla_put_u32(skb, VDHCP_A_PORT_RATE, conf->rate) || put_hostname(skb, conf) ||
	    put_options(skb, conf))
		return -EMSGSIZE;
	return 0;
}

/* One port, for get, dump and echo; @hdr is what it begins with or NULL. */
static int fill(struct sk_buff *skb, void *hdr, const struct vdhcp_net *vn,
		const struct vdhcp_port *port)
{
	const struct vdhcp_port_snap *snap = vdhcp_port_get_snap(vn, port);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_string(skb, VDHCP_A_PORT_DEV, port->tap->name) ||
	    nla_put_u16(skb, VDHCP_A_PORT_VLAN, port->vlan) ||
	    put_subnet(skb, snap->ip4_subnet) || put_conf(skb, &snap->conf) ||
	    vdhcp_nl_port_state_put(skb, vn, port)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/* What fill() writes at most, but for raw options. */
static size_t base_size(void)
{
	return nla_total_size(IFNAMSIZ) + nla_total_size(sizeof(u16)) +
	       nla_total_size(VDHCP_ETH_ALEN) + nla_total_size(sizeof(__be32)) +
	       nla_total_size(VDHCP_NAME_MAX + 1) + nla_total_size(VDHCP_TEXT_MAX + 1) +
	       2 * nla_total_size(sizeof(u8)) + nla_total_size(sizeof(u32)) +
	       vdhcp_nl_port_state_size();
}

static size_t spec_size(const struct vdhcp_port_spec *spec)
{
	size_t total = base_size();
	struct vdhcp_option opt;
	u16 at = 0;

	while (vdhcp_optlist_next(&spec->options, &at, &opt))
		total += vdhcp_netlink_option_size(&opt);
	return total;
}

static size_t conf_size(const struct vdhcp_port_conf *conf)
{
	size_t total = base_size();
	struct vdhcp_option opt;
	u16 at = 0;

	while (vdhcp_port_option_next(conf, &at, &opt))
		total += vdhcp_netlink_option_size(&opt);
	return total;
}

/* An object is in a batch once: what came first might refer to what it was then. */
static int check_draft(struct genl_info *info, const struct vdhcp_batch *batch)
{
	const char *dev;
	u16 vlan;

	dev = key_of(info, &vlan);
	if (!batch || !dev || !vdhcp_batch_find_port(batch, dev, vlan))
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VDHCP_A_PORT_DEV],
			    "port is in this batch already");
	return -EEXIST;
}

/* *@port is what a new one may replace, or NULL. */
static int check_new(const struct vdhcp_net *vn, struct genl_info *info,
		     const struct vdhcp_batch *batch, struct vdhcp_port **port)
{
	const struct nlattr *attr = info->attrs[VDHCP_A_PORT_DEV];
	const char *dev;
	u16 vlan;

	dev = key_of(info, &vlan);
	if (!dev)
		return -EINVAL;
	if (!dev_valid_name(dev)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "dev is not a device name");
		return -EINVAL;
	}
	*port = vdhcp_port_find(vn, dev, vlan);
	if (*port && !info->attrs[VDHCP_A_PORT_REPLACE]) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "port exists");
		return -EEXIST;
	}
	return check_draft(info, batch);
}

/* From what there is to what the request wants; *@port is NULL if it is new. */
static int prepare(const struct vdhcp_net *vn, struct genl_info *info, bool create,
		   struct vdhcp_port_edit *edit, struct vdhcp_port **port)
{
	const struct vdhcp_port_snap *snap;
	int err;

	if (create) {
		err = check_new(vn, info, edit->batch, port);
		if (err)
			return err;
		vdhcp_port_init(&edit->spec);
	} else {
		*port = find(vn, info);
		if (IS_ERR(*port))
			return PTR_ERR(*port);
		snap = vdhcp_port_get_snap(vn, *port);
		vdhcp_port_restore(&snap->conf, &edit->spec);
		edit->subnet = snap->ip4_subnet;
	}
	return apply(vn, edit, info, create);
}

/* Keep it for the end of the batch. */
static int draft(struct vdhcp_net *vn, struct genl_info *info, struct vdhcp_port_edit *edit,
		 struct vdhcp_port *port)
{
	struct vdhcp_port_snap *snap;
	const char *dev;
	u16 vlan;

	dev = key_of(info, &vlan);
	snap = vdhcp_port_compile_snap(vn, edit->subnet, &edit->spec, &edit->cfg_err);
	if (IS_ERR(snap))
		return PTR_ERR(snap);
	if (vdhcp_batch_stage_port(vn, edit->batch, dev, vlan, port, snap))
		return 0;
	kvfree(snap);
	return -ENOMEM;
}

/* Make it so, and tell in @reply if it is not NULL. */
static int commit(struct vdhcp_net *vn, struct genl_info *info, struct vdhcp_port_edit *edit,
		  struct vdhcp_port *port, struct sk_buff *reply)
{
	const char *dev;
	u16 vlan;
	int err;

	dev = key_of(info, &vlan);
	if (edit->batch) {
		err = draft(vn, info, edit, port);
	} else if (port) {
		err = vdhcp_port_set(vn, port, edit->subnet, &edit->spec, &edit->cfg_err);
	} else {
		port = vdhcp_port_add(vn, dev, vlan, edit->subnet, &edit->spec, &edit->cfg_err);
		err = PTR_ERR_OR_ZERO(port);
	}
	if (err)
		return vdhcp_netlink_refuse(info, err, &edit->cfg_err, edit->spec.present,
					    VDHCP_A_PORT_OPTION);
	if (reply)
		WARN_ON_ONCE(fill(reply, vdhcp_netlink_put_reply(reply, info), vn, port));
	return 0;
}

static void tell(struct vdhcp_net *vn, struct genl_info *info, enum vdhcp_change change)
{
	const char *dev;
	u16 vlan;

	dev = key_of(info, &vlan);
	vdhcp_event_config(vn, change, NULL, dev, vlan);
}

static int change(struct vdhcp_net *vn, struct genl_info *info, struct vdhcp_batch *batch,
		  bool create)
{
	struct sk_buff *reply = NULL;
	bool replaced;
	struct vdhcp_port *port;
	struct vdhcp_scratch *scratch = vdhcp_net_scratch(vn);
	struct vdhcp_port_edit *edit;
	size_t size;
	int err;

	if (!scratch)
		return -ENOMEM;
	edit = &scratch->port;
	edit->batch = batch;
	edit->cfg_err.text[0] = '\0';
	edit->subnet = NULL;
	err = prepare(vn, info, create, edit, &port);
	if (err)
		return err;
	size = spec_size(&edit->spec);
	vn->port_size = max(vn->port_size, size);
	if (!batch)
		err = vdhcp_netlink_echo_new(info, size, &reply);
	if (err)
		return err;
	replaced = port;
	err = commit(vn, info, edit, port, reply);
	vdhcp_netlink_echo_send(info, err, reply);
	if (!err && !batch)
		tell(vn, info, replaced ? VDHCP_CHANGE_CHANGED : VDHCP_CHANGE_ADDED);
	return err;
}

/**
 * vdhcp_netlink_port_new() - add a port, or replace one
 * @vn: the namespace; the caller holds RTNL, but for a batch, and its lock
 * @info: the request
 * @batch: atomic batch to add it to, or NULL
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_netlink_port_new(struct vdhcp_net *vn, struct genl_info *info,
			   struct vdhcp_batch *batch)
{
	return change(vn, info, batch, true);
}

/**
 * vdhcp_netlink_port_set() - change a port
 * @vn: the namespace; the caller holds its lock
 * @info: the request
 * @batch: NULL
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_netlink_port_set(struct vdhcp_net *vn, struct genl_info *info,
			   struct vdhcp_batch *batch)
{
	return change(vn, info, batch, false);
}

/**
 * vdhcp_netlink_port_del() - remove a port
 * @vn: the namespace; the caller holds RTNL, but for a batch, and its lock
 * @info: the request
 * @batch: atomic batch to add this to, or NULL
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_netlink_port_del(struct vdhcp_net *vn, struct genl_info *info,
			   struct vdhcp_batch *batch)
{
	struct vdhcp_port *port;
	int err;

	port = find(vn, info);
	if (IS_ERR(port))
		return PTR_ERR(port);
	if (batch) {
		err = check_draft(info, batch);
		if (err)
			return err;
		return vdhcp_batch_stage_port(vn, batch, port->tap->name, port->vlan, port,
					      NULL) ? 0 : -ENOMEM;
	}
	err = vdhcp_port_del(vn, port);
	if (!err)
		tell(vn, info, VDHCP_CHANGE_REMOVED);
	return err;
}

/**
 * vdhcp_netlink_port_get() - show a port
 * @skb: not used
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_netlink_port_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vdhcp_net *vn = vdhcp_pernet(genl_info_net(info));
	struct sk_buff *reply = NULL;
	struct vdhcp_port *port;
	int err;

	mutex_lock(&vn->lock);
	port = find(vn, info);
	err = PTR_ERR_OR_ZERO(port);
	if (err)
		goto unlock;
	reply = genlmsg_new(conf_size(&vdhcp_port_get_snap(vn, port)->conf), GFP_KERNEL);
	if (reply)
		err = fill(reply, vdhcp_netlink_put_reply(reply, info), vn, port);
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
 * vdhcp_netlink_port_start() - begin to show all ports
 * @cb: the dump
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_netlink_port_start(struct netlink_callback *cb)
{
	struct vdhcp_net *vn = vdhcp_pernet(sock_net(cb->skb->sk));
	size_t most;

	mutex_lock(&vn->lock);
	most = vn->port_size;
	mutex_unlock(&vn->lock);
	return vdhcp_netlink_dump_start(cb, most);
}

/**
 * vdhcp_netlink_port_dump() - show ports in the order of device and VLAN id
 * @skb: to write to
 * @cb: the dump
 *
 * Return: bytes written, 0 at the end, or a negative errno.
 */
int vdhcp_netlink_port_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vdhcp_net *vn = vdhcp_pernet(sock_net(skb->sk));
	struct vdhcp_netlink_cursor *cursor;
	struct vdhcp_port *port;
	int err;

	mutex_lock(&vn->lock);
	err = vdhcp_netlink_dump_begin(cb, vn->seq, &cursor);
	while (!err && (port = vdhcp_port_after(vn, cursor->name, cursor->vlan))) {
		err = fill(skb, vdhcp_netlink_dump_put(skb, cb), vn, port);
		if (!err)
			vdhcp_netlink_dump_at(cursor, port->tap->name, port->vlan);
	}
	mutex_unlock(&vn->lock);
	return skb->len ? skb->len : err;
}
