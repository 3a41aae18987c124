// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family that uapi/vdhcp.yaml specifies. Its operations are
 * in the nl_*.c files.
 */
#include <linux/slab.h>
#include <net/genetlink.h>
#include "event.h"
#include "netlink.h"
#include "netlink-gen.h"
#include "port.h"

static int put_info(struct sk_buff *skb, const struct vdhcp_net *vn)
{
	if (nla_put_string(skb, VDHCP_A_INFO_VERSION, VDHCP_VERSION) ||
	    nla_put_u32(skb, VDHCP_A_INFO_ABI, VDHCP_ABI) ||
	    nla_put_u32(skb, VDHCP_A_INFO_GENERATION, vn->generation) ||
	    nla_put_u32(skb, VDHCP_A_INFO_SUBNETS, vn->n_subnets) ||
	    nla_put_u32(skb, VDHCP_A_INFO_PORTS, vn->n_ports))
		return -EMSGSIZE;
	if (!vn->has_digest || vn->digest_of != vn->generation)
		return 0;
	return nla_put(skb, VDHCP_A_INFO_DIGEST, sizeof(vn->digest),
		       vn->digest);
}

/**
 * vdhcp_nl_info_get() - reply with versions and the size of the configuration
 * @skb: not used
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_nl_info_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vdhcp_net *vn = vdhcp_pernet(genl_info_net(info));
	struct sk_buff *reply;
	void *hdr;
	int err;

	reply = genlmsg_new(nla_total_size(sizeof(VDHCP_VERSION)) +
				    4 * nla_total_size(sizeof(u32)) +
				    nla_total_size(VDHCP_DIGEST_LEN),
			    GFP_KERNEL);
	if (!reply)
		return -ENOMEM;
	hdr = vdhcp_nl_put_reply(reply, info);
	mutex_lock(&vn->lock);
	err = hdr ? put_info(reply, vn) : -EMSGSIZE;
	mutex_unlock(&vn->lock);
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}

#include "netlink-ops-gen.h"

static const struct genl_multicast_group event_groups[] = {
	[VDHCP_EVENT_GROUP] = {
		.name = VDHCP_MCGRP_EVENTS,
		VDHCP_COMPAT_MCAST_ADMIN
	},
};

struct genl_family vdhcp_netlink_family = {
	.name = VDHCP_FAMILY_NAME,
	.version = VDHCP_FAMILY_VERSION,
	.module = THIS_MODULE,
	.netnsok = true,
	.ops = vdhcp_nl_ops,
	.n_ops = ARRAY_SIZE(vdhcp_nl_ops),
	.mcgrps = event_groups,
	.n_mcgrps = ARRAY_SIZE(event_groups),
};

/**
 * vdhcp_netlink_register() - register the family and start to handle requests
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_netlink_register(void)
{
	int err;

	err = vdhcp_nl_batch_register();
	if (err)
		return err;
	vdhcp_nl_set_family(&vdhcp_netlink_family);
	err = genl_register_family(&vdhcp_netlink_family);
	if (err)
		vdhcp_nl_batch_unregister();
	else
		vdhcp_event_start(&vdhcp_netlink_family);
	return err;
}

/**
 * vdhcp_netlink_unregister() - unregister the family and stop handling requests
 *
 * Waits for the requests that are being handled.
 */
void vdhcp_netlink_unregister(void)
{
	vdhcp_event_stop();
	genl_unregister_family(&vdhcp_netlink_family);
	vdhcp_nl_batch_unregister();
}
