// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family: who may ask what, and what all answers share.
 * It is described in uapi/vdhcp.yaml; the attributes of each object are in
 * netlink_subnet.c, netlink_port.c and netlink_stats.c.
 */
#include <linux/slab.h>
#include <net/genetlink.h>
#include "event.h"
#include "netlink.h"
#include "netlink-gen.h"
#include "port.h"

/* Is this nest the raw option of that code? */
static bool is_option(const struct nlattr *nest, u16 code)
{
	const struct nlattr *attr = nla_find_nested(nest, VDHCP_A_OPTION_CODE);

	return attr && nla_get_u8(attr) == code;
}

/* The attribute of a request that a fault is about; NULL if it is not there. */
static const struct nlattr *find_bad_attr(const struct genl_info *info,
					  const struct vdhcp_cfg_err *cfg_err, u16 option)
{
	const struct nlattr *attr;
	u16 index = 0;
	int rem;

	if (!info->attrs[cfg_err->attr])
		return NULL;
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != cfg_err->attr)
			continue;
		if (cfg_err->attr == option ? is_option(attr, cfg_err->entry) :
					    index++ == cfg_err->entry)
			return attr;
	}
	/* There is only one of most. */
	return cfg_err->attr == option ? NULL : info->attrs[cfg_err->attr];
}

/**
 * vdhcp_netlink_refuse() - tell the sender why not
 * @info: the request
 * @err: negative errno
 * @cfg_err: why; with an empty text if @err says it all
 * @present: bit N is set if attribute N is known from this or former requests
 * @option: number of the attribute that holds raw options
 *
 * Return: @err.
 */
int vdhcp_netlink_refuse(struct genl_info *info, int err, const struct vdhcp_cfg_err *cfg_err,
			 u64 present, u16 option)
{
	const struct nlattr *attr;

	if (!cfg_err->text[0])
		return err;
	NL_SET_ERR_MSG_FMT(info->extack, "%.*s", NETLINK_MAX_FMTMSG_LEN - 1, cfg_err->text);
	if (!cfg_err->attr)
		return err;
	attr = find_bad_attr(info, cfg_err, option);
	if (attr)
		NL_SET_BAD_ATTR(info->extack, attr);
	else if (!(present & BIT_ULL(cfg_err->attr)))
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, cfg_err->attr);
	return err;
}

/**
 * vdhcp_netlink_put_reply() - begin the reply to a request
 * @skb: to write to
 * @info: the request
 *
 * Return: the header for genlmsg_end(), NULL if there is no room.
 */
void *vdhcp_netlink_put_reply(struct sk_buff *skb, const struct genl_info *info)
{
	return genlmsg_put(skb, info->snd_portid, info->snd_seq, &vdhcp_netlink_family, 0,
			   info->genlhdr->cmd);
}

/**
 * vdhcp_netlink_echo_new() - room for an echo if one is wanted
 * @info: a request to add or change
 * @payload: bytes of the object to be
 * @echo: the message, NULL if none is wanted
 *
 * To be called before anything is changed, for it may fail.
 *
 * Return: 0 or -ENOMEM.
 */
int vdhcp_netlink_echo_new(const struct genl_info *info, size_t payload,
			   struct sk_buff **echo)
{
	*echo = NULL;
	if (!(info->nlhdr->nlmsg_flags & NLM_F_ECHO))
		return 0;
	*echo = genlmsg_new(payload, GFP_KERNEL);
	return *echo ? 0 : -ENOMEM;
}

/**
 * vdhcp_netlink_echo_send() - send an echo if there is one
 * @info: the request
 * @err: what became of the request; there is no echo of an error
 * @echo: the message or NULL; it is consumed
 *
 * That the sender has no room for it does not undo what was done.
 */
void vdhcp_netlink_echo_send(struct genl_info *info, int err, struct sk_buff *echo)
{
	if (err)
		nlmsg_free(echo);
	else if (echo)
		genlmsg_reply(echo, info);
}

/**
 * vdhcp_netlink_dump_start() - prepare for a dump
 * @cb: the dump
 * @payload: bytes of the largest object; a dump cannot split one
 *
 * Return: 0 or -ENOMEM.
 */
int vdhcp_netlink_dump_start(struct netlink_callback *cb, size_t payload)
{
	struct vdhcp_netlink_cursor *cursor = kzalloc(sizeof(*cursor), GFP_KERNEL);

	if (!cursor)
		return -ENOMEM;
	cb->args[0] = (unsigned long)cursor;
	cb->min_dump_alloc = nlmsg_total_size(genlmsg_total_size(payload));
	return 0;
}

/**
 * vdhcp_netlink_dump_at() - remember how far a dump has got
 * @cursor: where to remember it
 * @name: name of the subnet or device that was written
 * @vlan: VLAN id of the port that was written
 */
void vdhcp_netlink_dump_at(struct vdhcp_netlink_cursor *cursor, const char *name, u16 vlan)
{
	strscpy(cursor->name, name, sizeof(cursor->name));
	cursor->vlan = vlan;
}

static int dump_done(struct netlink_callback *cb)
{
	kfree((struct vdhcp_netlink_cursor *)cb->args[0]);
	return 0;
}

/**
 * vdhcp_netlink_dump_begin() - begin one buffer of a dump
 * @cb: the dump
 * @seq: vdhcp_net.seq, by which the reader learns of changes between buffers
 * @cursor: where to go on
 *
 * Return: 0 or -EINVAL.
 */
int vdhcp_netlink_dump_begin(struct netlink_callback *cb, u32 seq,
			     struct vdhcp_netlink_cursor **cursor)
{
	if (nlmsg_attrlen(cb->nlh, GENL_HDRLEN)) {
		NL_SET_ERR_MSG(cb->extack, "a dump takes no attributes");
		return -EINVAL;
	}
	cb->seq = seq;
	*cursor = (struct vdhcp_netlink_cursor *)cb->args[0];
	return 0;
}

/**
 * vdhcp_netlink_dump_put() - begin one object of a dump
 * @skb: to write to
 * @cb: the dump
 *
 * Return: the header for genlmsg_end(), NULL if there is no room.
 */
void *vdhcp_netlink_dump_put(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct genlmsghdr *genlhdr = nlmsg_data(cb->nlh);
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &vdhcp_netlink_family, NLM_F_MULTI, genlhdr->cmd);
	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
}

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
	return nla_put(skb, VDHCP_A_INFO_DIGEST, sizeof(vn->digest), vn->digest);
}

static int info_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vdhcp_net *vn = vdhcp_pernet(genl_info_net(info));
	struct sk_buff *reply;
	void *hdr;
	int err;

	reply = genlmsg_new(nla_total_size(sizeof(VDHCP_VERSION)) +
			    4 * nla_total_size(sizeof(u32)) + nla_total_size(VDHCP_DIGEST_LEN),
			    GFP_KERNEL);
	if (!reply)
		return -ENOMEM;
	hdr = vdhcp_netlink_put_reply(reply, info);
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

static const struct genl_ops ops[] = {
	{
		.cmd = VDHCP_CMD_INFO_GET,
		.doit = info_get,
	}, {
		.cmd = VDHCP_CMD_SUBNET_NEW,
		.doit = vdhcp_netlink_write,
		.policy = vdhcp_subnet_new_nl_policy,
		.maxattr = ARRAY_SIZE(vdhcp_subnet_new_nl_policy) - 1,
		.flags = GENL_UNS_ADMIN_PERM,
	}, {
		.cmd = VDHCP_CMD_SUBNET_SET,
		.doit = vdhcp_netlink_write,
		.policy = vdhcp_subnet_set_nl_policy,
		.maxattr = ARRAY_SIZE(vdhcp_subnet_set_nl_policy) - 1,
		.flags = GENL_UNS_ADMIN_PERM,
	}, {
		.cmd = VDHCP_CMD_SUBNET_DEL,
		.doit = vdhcp_netlink_write,
		.policy = vdhcp_subnet_del_nl_policy,
		.maxattr = ARRAY_SIZE(vdhcp_subnet_del_nl_policy) - 1,
		.flags = GENL_UNS_ADMIN_PERM,
	}, {
		.cmd = VDHCP_CMD_SUBNET_GET,
		.doit = vdhcp_netlink_subnet_get,
		.start = vdhcp_netlink_subnet_start,
		.dumpit = vdhcp_netlink_subnet_dump,
		.done = dump_done,
		.policy = vdhcp_subnet_get_nl_policy,
		.maxattr = ARRAY_SIZE(vdhcp_subnet_get_nl_policy) - 1,
	}, {
		.cmd = VDHCP_CMD_PORT_NEW,
		.doit = vdhcp_netlink_write,
		.policy = vdhcp_port_new_nl_policy,
		.maxattr = ARRAY_SIZE(vdhcp_port_new_nl_policy) - 1,
		.flags = GENL_UNS_ADMIN_PERM,
	}, {
		.cmd = VDHCP_CMD_PORT_SET,
		.doit = vdhcp_netlink_write,
		.policy = vdhcp_port_set_nl_policy,
		.maxattr = ARRAY_SIZE(vdhcp_port_set_nl_policy) - 1,
		.flags = GENL_UNS_ADMIN_PERM,
	}, {
		.cmd = VDHCP_CMD_PORT_DEL,
		.doit = vdhcp_netlink_write,
		.policy = vdhcp_port_del_nl_policy,
		.maxattr = ARRAY_SIZE(vdhcp_port_del_nl_policy) - 1,
		.flags = GENL_UNS_ADMIN_PERM,
	}, {
		.cmd = VDHCP_CMD_PORT_GET,
		.doit = vdhcp_netlink_port_get,
		.start = vdhcp_netlink_port_start,
		.dumpit = vdhcp_netlink_port_dump,
		.done = dump_done,
		.policy = vdhcp_port_get_nl_policy,
		.maxattr = ARRAY_SIZE(vdhcp_port_get_nl_policy) - 1,
	}, {
		.cmd = VDHCP_CMD_STATS_GET,
		.doit = vdhcp_netlink_stats_get,
		.start = vdhcp_netlink_stats_start,
		.dumpit = vdhcp_netlink_stats_dump,
		.done = dump_done,
		.policy = vdhcp_stats_get_nl_policy,
		.maxattr = ARRAY_SIZE(vdhcp_stats_get_nl_policy) - 1,
	}, {
		.cmd = VDHCP_CMD_FLUSH,
		.doit = vdhcp_netlink_write,
		.flags = GENL_UNS_ADMIN_PERM,
	}, {
		.cmd = VDHCP_CMD_BATCH_BEGIN,
		.doit = vdhcp_netlink_batch_begin,
		.policy = vdhcp_batch_begin_nl_policy,
		.maxattr = ARRAY_SIZE(vdhcp_batch_begin_nl_policy) - 1,
		.flags = GENL_UNS_ADMIN_PERM,
	}, {
		.cmd = VDHCP_CMD_BATCH_COMMIT,
		.doit = vdhcp_netlink_batch_commit,
		.policy = vdhcp_batch_commit_nl_policy,
		.maxattr = ARRAY_SIZE(vdhcp_batch_commit_nl_policy) - 1,
		.flags = GENL_UNS_ADMIN_PERM,
	},
};

static const struct genl_multicast_group groups[] = {
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
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

/**
 * vdhcp_netlink_register() - take requests
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_netlink_register(void)
{
	int err;

	err = vdhcp_netlink_batch_register();
	if (err)
		return err;
	err = genl_register_family(&vdhcp_netlink_family);
	if (err)
		vdhcp_netlink_batch_unregister();
	else
		vdhcp_event_start(&vdhcp_netlink_family);
	return err;
}

/**
 * vdhcp_netlink_unregister() - take no more requests
 *
 * Waits for those that are being handled.
 */
void vdhcp_netlink_unregister(void)
{
	vdhcp_event_stop();
	genl_unregister_family(&vdhcp_netlink_family);
	vdhcp_netlink_batch_unregister();
}
