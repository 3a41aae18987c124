// SPDX-License-Identifier: GPL-2.0
/* Netlink requests: callbacks for ports. */
#include <linux/ctype.h>
#include <linux/mm.h>
#include <linux/stringify.h>
#include "batch.h"
#include "engine/keys.h"
#include "netlink.h"
#include "port.h"
#include "scratch.h"
#include "subnet.h"

static const char *port_dev(const struct genl_info *info)
{
	return nla_data(info->attrs[VDHCP_A_PORT_DEV]);
}

static u16 port_vlan(const struct genl_info *info)
{
	const struct nlattr *vlan = info->attrs[VDHCP_A_PORT_VLAN];

	return vlan ? nla_get_u16(vlan) : 0;
}

/* The name of a port is printed, so it must not control a terminal. */
static bool is_port_dev(const char *dev)
{
	const char *c;

	for (c = dev; *c; c++)
		if (iscntrl(*c))
			return false;
	return dev_valid_name(dev);
}

static void *find_named_port(const struct vdhcp_net *vn,
			     const struct genl_info *info)
{
	return vdhcp_port_find(vn, port_dev(info), port_vlan(info));
}

static bool is_port_staged(const struct vdhcp_nl_request *req)
{
	return vdhcp_batch_find_port(req->batch, port_dev(req->info),
				     port_vlan(req->info));
}

static void load_port(struct vdhcp_nl_request *req)
{
	vdhcp_port_get_spec(req->vn, req->object, req->spec);
}

static int set_subnet(const struct vdhcp_nl_request *req,
		      struct vdhcp_address *address, const struct nlattr *attr)
{
	const struct vdhcp_batch_subnet *staged = NULL;
	const char *name = nla_data(attr);

	if (req->batch)
		staged = vdhcp_batch_find_subnet(req->batch, name);
	address->subnet =
		staged ? staged->subnet : vdhcp_subnet_find(req->vn, name);
	if (address->subnet)
		return 0;
	return vdhcp_nl_refuse_attr(req->info->extack, attr, -ENOENT,
				    "no such subnet");
}

static int set_addr(const struct vdhcp_nl_request *req,
		    struct vdhcp_address *address, const struct nlattr *attr)
{
	switch (nla_len(attr)) {
	case sizeof(address->ip4):
		address->family = AF_INET;
		address->ip4 = nla_get_in_addr(attr);
		return 0;
	case sizeof(address->ip6):
		address->family = AF_INET6;
		memcpy(address->ip6, nla_data(attr), sizeof(address->ip6));
		return 0;
	default:
		return vdhcp_nl_refuse_attr(req->info->extack, attr, -EINVAL,
					    "an address has 4 or 16 bytes");
	}
}

/*
 * Get the entry of the list that a nest fills in. A request replaces the whole
 * list, with one exception: if the port has one address and the request has one
 * nest, an attribute that the nest lacks keeps its value. So an address can
 * move to another subnet, or change within its subnet.
 */
static struct vdhcp_address *get_entry(struct vdhcp_nl_request *req,
				       const struct nlattr *nest)
{
	struct vdhcp_port_spec *spec = req->spec;
	struct vdhcp_addresses *list = &spec->addresses;
	bool last = nest == req->info->attrs[VDHCP_A_PORT_ADDRESS];

	if (!req->n_nests++) {
		if (last && list->n == 1)
			return &list->entry[0];
		list->n = 0;
		spec->present &= ~BIT_ULL(VDHCP_A_PORT_ADDRESS);
	}
	if (list->n == VDHCP_ADDRESSES_MAX)
		return NULL;
	memset(&list->entry[list->n], 0, sizeof(list->entry[0]));
	return &list->entry[list->n++];
}

/* An entry keeps nothing of an address that is for another MAC. */
static bool is_same_client(const struct vdhcp_address *address,
			   const struct nlattr *mac)
{
	if (!mac || !address->has_mac)
		return !mac == !address->has_mac;
	return !memcmp(address->mac, nla_data(mac), sizeof(address->mac));
}

static int bind_port(struct vdhcp_nl_request *req, const struct nlattr *nest)
{
	struct vdhcp_address *address = get_entry(req, nest);
	struct netlink_ext_ack *extack = req->info->extack;
	struct nlattr *tb[VDHCP_A_ADDRESS_MAX + 1];
	struct vdhcp_port_spec *spec = req->spec;
	int err;

	if (!address)
		return vdhcp_nl_refuse_attr(extack, nest, -EINVAL,
					    "more than "
					    __stringify(VDHCP_ADDRESSES_MAX)
					    " addresses");
	err = nla_parse_nested(tb, VDHCP_A_ADDRESS_MAX, nest, NULL, extack);
	if (err)
		return err;
	if (!tb[VDHCP_A_ADDRESS_ADDR] && !tb[VDHCP_A_ADDRESS_SUBNET])
		return vdhcp_nl_refuse_attr(extack, nest, -EINVAL,
					    "address needs addr or subnet");
	if (!is_same_client(address, tb[VDHCP_A_ADDRESS_MAC]))
		memset(address, 0, sizeof(*address));
	if (tb[VDHCP_A_ADDRESS_MAC]) {
		address->has_mac = true;
		memcpy(address->mac, nla_data(tb[VDHCP_A_ADDRESS_MAC]),
		       sizeof(address->mac));
	}
	if (tb[VDHCP_A_ADDRESS_ADDR]) {
		err = set_addr(req, address, tb[VDHCP_A_ADDRESS_ADDR]);
		spec->present |= BIT_ULL(VDHCP_A_PORT_ADDRESS);
	}
	if (!err && tb[VDHCP_A_ADDRESS_SUBNET])
		err = set_subnet(req, address, tb[VDHCP_A_ADDRESS_SUBNET]);
	return err;
}

static int commit_port(struct vdhcp_nl_request *req)
{
	if (req->object)
		return vdhcp_port_set(req->vn, req->object, req->spec,
				      &req->cfg_err);
	req->object =
		vdhcp_port_add(req->vn, port_dev(req->info),
			       port_vlan(req->info), req->spec, &req->cfg_err);
	return PTR_ERR_OR_ZERO(req->object);
}

static int stage_port(struct vdhcp_nl_request *req)
{
	struct vdhcp_port_snap *snap;

	snap = vdhcp_port_compile_snap(req->vn, req->spec, &req->cfg_err);
	if (IS_ERR(snap))
		return PTR_ERR(snap);
	if (vdhcp_batch_stage_port(req->vn, req->batch, port_dev(req->info),
				   port_vlan(req->info), req->object, snap))
		return 0;
	kvfree(snap);
	return -ENOMEM;
}

static int remove_port(struct vdhcp_nl_request *req)
{
	return vdhcp_port_del(req->vn, req->object);
}

static int stage_port_removal(struct vdhcp_nl_request *req)
{
	return vdhcp_batch_stage_port(req->vn, req->batch, port_dev(req->info),
				      port_vlan(req->info), req->object, NULL)
		       ? 0
		       : -ENOMEM;
}

/* Restore the spec from the port's snapshot into the scratch memory. */
static const struct vdhcp_port_spec *restore_port(struct vdhcp_net *vn,
						  const struct vdhcp_port *port)
{
	struct vdhcp_scratch *scratch = vdhcp_net_scratch(vn);

	if (!scratch)
		return NULL;
	vdhcp_port_get_spec(vn, port, &scratch->spec.port);
	return &scratch->spec.port;
}

static int put_address(struct sk_buff *skb, const struct vdhcp_address *address)
{
	struct nlattr *nest = nla_nest_start(skb, VDHCP_A_PORT_ADDRESS);

	if (!nest ||
	    (address->family &&
	     nla_put_in_addr(skb, VDHCP_A_ADDRESS_ADDR, address->ip4)) ||
	    (address->subnet && nla_put_string(skb, VDHCP_A_ADDRESS_SUBNET,
					       address->subnet->spec->name)) ||
	    (address->has_mac && nla_put(skb, VDHCP_A_ADDRESS_MAC,
					 VDHCP_ETH_ALEN, address->mac)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_addresses(struct sk_buff *skb,
			 const struct vdhcp_addresses *list)
{
	unsigned int i;

	for (i = 0; i < list->n; i++)
		if (put_address(skb, &list->entry[i]))
			return -EMSGSIZE;
	return 0;
}

static int put_port_attrs(struct sk_buff *skb, struct vdhcp_net *vn,
			  const void *object)
{
	const struct vdhcp_port *port = object;
	const struct vdhcp_port_spec *spec = restore_port(vn, port);

	if (!spec || nla_put_string(skb, VDHCP_A_PORT_DEV, port->tap->name) ||
	    nla_put_u16(skb, VDHCP_A_PORT_VLAN, port->vlan))
		return -EMSGSIZE;
	return put_addresses(skb, &spec->addresses) ?:
	       vdhcp_nl_keys_put(skb, spec, &vdhcp_port_keys) ?:
	       vdhcp_nl_port_state_put(skb, vn, port);
}

static size_t port_state_size(void)
{
	return nla_total_size(IFNAMSIZ) + nla_total_size(sizeof(u16)) +
	       vdhcp_nl_port_state_size();
}

static size_t port_size(struct vdhcp_net *vn, const void *object)
{
	const struct vdhcp_port_spec *spec = restore_port(vn, object);

	return port_state_size() +
	       (spec ? vdhcp_nl_keys_size(spec, &vdhcp_port_keys) : 0);
}

static size_t *largest_port(struct vdhcp_net *vn)
{
	return &vn->port_size;
}

static void *dump_next_port(const struct vdhcp_net *vn,
			    struct vdhcp_nl_cursor *cursor)
{
	return vdhcp_nl_next_port(vn, cursor);
}

static void notify_port(struct vdhcp_nl_request *req, enum vdhcp_change change)
{
	vdhcp_event_config(req->vn, change, NULL, port_dev(req->info),
			   port_vlan(req->info));
}

/**
 * vdhcp_nl_next_port() - find the port after the cursor of a dump
 * @vn: the namespace; the caller holds its lock
 * @cursor: the cursor, which is moved to that port
 *
 * Return: the port, NULL at the end.
 */
struct vdhcp_port *vdhcp_nl_next_port(const struct vdhcp_net *vn,
				      struct vdhcp_nl_cursor *cursor)
{
	struct vdhcp_port *port =
		vdhcp_port_after(vn, cursor->dev, cursor->vlan);

	if (port) {
		strscpy(cursor->dev, port->tap->name, sizeof(cursor->dev));
		cursor->vlan = port->vlan;
	}
	return port;
}

const struct vdhcp_nl_object vdhcp_nl_port = {
	.keys = &vdhcp_port_keys,
	.name = VDHCP_A_PORT_DEV,
	.clear = VDHCP_A_PORT_CLEAR,
	.replace = VDHCP_A_PORT_REPLACE,
	.missing = "dev is missing",
	.invalid = "dev is not a device name, or has control characters",
	.absent = "no such port",
	.exists = "port exists",
	.staged = "port is in this batch already",
	.valid_name = is_port_dev,
	.find = find_named_port,
	.is_staged = is_port_staged,
	.load = load_port,
	.bind = bind_port,
	.commit = commit_port,
	.stage = stage_port,
	.remove = remove_port,
	.stage_removal = stage_port_removal,
	.put = put_port_attrs,
	.size = port_size,
	.state_size = port_state_size,
	.largest = largest_port,
	.next = dump_next_port,
	.notify = notify_port,
};
