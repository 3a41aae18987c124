// SPDX-License-Identifier: GPL-2.0
/* Netlink requests: callbacks for subnets. */
#include <linux/ctype.h>
#include "batch.h"
#include "engine/keys.h"
#include "netlink.h"
#include "subnet.h"

static bool valid_subnet_name(const char *name)
{
	if (!*name)
		return false;
	for (; *name; name++)
		if (!isascii(*name) ||
		    !(isalnum(*name) || strchr("._:-", *name)))
			return false;
	return true;
}

static const char *subnet_name(const struct genl_info *info)
{
	return nla_data(info->attrs[VDHCP_A_SUBNET_NAME]);
}

static void *find_named_subnet(const struct vdhcp_net *vn,
			       const struct genl_info *info)
{
	return vdhcp_subnet_find(vn, subnet_name(info));
}

static bool is_subnet_staged(const struct vdhcp_nl_request *req)
{
	return vdhcp_batch_find_subnet(req->batch, subnet_name(req->info));
}

static void load_subnet(struct vdhcp_nl_request *req)
{
	const struct vdhcp_subnet *subnet = req->object;

	*(struct vdhcp_subnet_spec *)req->spec = *subnet->spec;
}

static int commit_subnet(struct vdhcp_nl_request *req)
{
	struct vdhcp_subnet_spec *spec = req->spec;

	strscpy(spec->name, subnet_name(req->info), sizeof(spec->name));
	if (req->object)
		return vdhcp_subnet_set(req->vn, req->object, spec,
					&req->cfg_err);
	req->object = vdhcp_subnet_add(req->vn, spec, &req->cfg_err);
	return PTR_ERR_OR_ZERO(req->object);
}

static int stage_subnet(struct vdhcp_nl_request *req)
{
	struct vdhcp_subnet_spec *spec = req->spec;
	struct vdhcp_subnet *subnet;
	int err;

	strscpy(spec->name, subnet_name(req->info), sizeof(spec->name));
	subnet = vdhcp_subnet_make(req->vn, spec, &req->cfg_err);
	if (IS_ERR(subnet))
		return PTR_ERR(subnet);
	err = vdhcp_batch_stage_subnet(req->batch, subnet->spec->name,
				       req->object, subnet);
	if (err)
		vdhcp_subnet_free(subnet);
	return err;
}

static int remove_subnet(struct vdhcp_nl_request *req)
{
	return vdhcp_subnet_del(req->vn, req->object, &req->cfg_err);
}

static int stage_subnet_removal(struct vdhcp_nl_request *req)
{
	return vdhcp_batch_stage_subnet(req->batch, subnet_name(req->info),
					req->object, NULL);
}

static int put_subnet_attrs(struct sk_buff *skb, struct vdhcp_net *vn,
			    const void *object)
{
	const struct vdhcp_subnet *subnet = object;
	const struct vdhcp_subnet_conf *conf =
		vdhcp_subnet_get_conf(vn, subnet);
	struct nlattr *nest;

	if (nla_put_string(skb, VDHCP_A_SUBNET_NAME, subnet->spec->name) ||
	    vdhcp_nl_keys_put(skb, subnet->spec, &vdhcp_subnet_keys))
		return -EMSGSIZE;
	nest = nla_nest_start(skb, VDHCP_A_SUBNET_STATE);
	if (!nest ||
	    nla_put_in_addr(skb, VDHCP_A_SUBNET_STATE_SERVER_ID,
			    conf->server_id) ||
	    nla_put(skb, VDHCP_A_SUBNET_STATE_SERVER_MAC,
		    sizeof(conf->server_mac), conf->server_mac) ||
	    nla_put_u32(skb, VDHCP_A_SUBNET_STATE_PORTS, subnet->n_bindings))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static size_t subnet_state_size(void)
{
	return nla_total_size(VDHCP_NAME_MAX + 1) +
	       nla_total_size(2 * nla_total_size(sizeof(u32)) +
			      nla_total_size(VDHCP_ETH_ALEN));
}

static size_t subnet_size(struct vdhcp_net *vn, const void *object)
{
	const struct vdhcp_subnet *subnet = object;

	return subnet_state_size() +
	       vdhcp_nl_keys_size(subnet->spec, &vdhcp_subnet_keys);
}

static size_t *largest_subnet(struct vdhcp_net *vn)
{
	return &vn->subnet_size;
}

static void *dump_next_subnet(const struct vdhcp_net *vn,
			      struct vdhcp_nl_cursor *cursor)
{
	struct vdhcp_subnet *subnet =
		vdhcp_subnet_next(vn, cursor->subnet, cursor->n);

	if (subnet) {
		cursor->subnet = subnet->id;
		cursor->n++;
	}
	return subnet;
}

static void notify_subnet(struct vdhcp_nl_request *req,
			  enum vdhcp_change change)
{
	vdhcp_event_config(req->vn, change, subnet_name(req->info), NULL, 0);
}

const struct vdhcp_nl_object vdhcp_nl_subnet = {
	.keys = &vdhcp_subnet_keys,
	.name = VDHCP_A_SUBNET_NAME,
	.clear = VDHCP_A_SUBNET_CLEAR,
	.replace = VDHCP_A_SUBNET_REPLACE,
	.missing = "name is missing",
	.invalid = "name may have letters, digits and . _ : - only",
	.absent = "no such subnet",
	.exists = "subnet exists",
	.staged = "subnet is in this batch already",
	.valid_name = valid_subnet_name,
	.find = find_named_subnet,
	.is_staged = is_subnet_staged,
	.load = load_subnet,
	.commit = commit_subnet,
	.stage = stage_subnet,
	.remove = remove_subnet,
	.stage_removal = stage_subnet_removal,
	.put = put_subnet_attrs,
	.size = subnet_size,
	.state_size = subnet_state_size,
	.largest = largest_subnet,
	.next = dump_next_subnet,
	.notify = notify_subnet,
};
