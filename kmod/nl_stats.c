// SPDX-License-Identifier: GPL-2.0
/* Netlink requests that read counters. */
#include <net/sock.h>
#include "netlink.h"
#include "port.h"
#include "stats.h"

/**
 * struct counter_group - counters that are written with the same attributes
 * @nest: enum vdhcp_a_stats of the nest that holds one counter
 * @first: enum vdhcp_counter of the first counter
 * @n: number of counters
 * @which: attribute in the nest that identifies the counter
 * @packets: attribute in the nest that holds the count
 * @pad: attribute in the nest that aligns the count
 */
struct counter_group {
	int nest;
	unsigned int first;
	unsigned int n;
	int which;
	int packets;
	int pad;
};

static const struct counter_group counter_groups[] = {
	{ VDHCP_A_STATS_VERDICT, VDHCP_COUNT_VERDICT, VDHCP_VERDICTS,
	  VDHCP_A_VERDICT_COUNT_VERDICT, VDHCP_A_VERDICT_COUNT_PACKETS,
	  VDHCP_A_VERDICT_COUNT_PAD },
	{ VDHCP_A_STATS_MESSAGE, VDHCP_COUNT_MESSAGE, VDHCP_MESSAGES,
	  VDHCP_A_MESSAGE_COUNT_MESSAGE, VDHCP_A_MESSAGE_COUNT_PACKETS,
	  VDHCP_A_MESSAGE_COUNT_PAD },
	{ VDHCP_A_STATS_NOTE, VDHCP_COUNT_NOTE, VDHCP_NOTES,
	  VDHCP_A_NOTE_COUNT_NOTE, VDHCP_A_NOTE_COUNT_PACKETS,
	  VDHCP_A_NOTE_COUNT_PAD },
};

static int put_group(struct sk_buff *skb, const struct counter_group *group,
		     const struct vdhcp_net *vn, const struct vdhcp_port *port)
{
	struct nlattr *nest;
	unsigned int i;
	u64 count;

	for (i = 0; i < group->n; i++) {
		count = port ? vdhcp_stats_port(port, group->first + i)
			     : vdhcp_stats_total(vn, group->first + i);
		nest = nla_nest_start(skb, group->nest);
		if (!nest || nla_put_u32(skb, group->which, i) ||
		    nla_put_u64_64bit(skb, group->packets, count, group->pad))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

/* Write the counters of @port, or the totals of @vn if @port is NULL. */
static int put_stats(struct sk_buff *skb, void *hdr, const struct vdhcp_net *vn,
		     const struct vdhcp_port *port)
{
	size_t i;

	if (!hdr)
		return -EMSGSIZE;
	if (port && (nla_put_string(skb, VDHCP_A_STATS_DEV, port->tap->name) ||
		     nla_put_u16(skb, VDHCP_A_STATS_VLAN, port->vlan)))
		goto cancel;
	for (i = 0; i < ARRAY_SIZE(counter_groups); i++)
		if (put_group(skb, &counter_groups[i], vn, port))
			goto cancel;
	genlmsg_end(skb, hdr);
	return 0;

cancel:
	genlmsg_cancel(skb, hdr);
	return -EMSGSIZE;
}

/* The most bytes that put_stats() writes. */
static size_t stats_size(void)
{
	return nla_total_size(IFNAMSIZ) + nla_total_size(sizeof(u16)) +
	       VDHCP_COUNTERS *
		       nla_total_size(nla_total_size(sizeof(u32)) +
				      nla_total_size_64bit(sizeof(u64)));
}

/* Find the port that the request names; NULL if it asks for the totals. */
static struct vdhcp_port *find_counted(const struct vdhcp_net *vn,
				       struct genl_info *info)
{
	const struct nlattr *dev = info->attrs[VDHCP_A_STATS_DEV];
	const struct nlattr *vlan = info->attrs[VDHCP_A_STATS_VLAN];
	struct vdhcp_port *port;

	if (!dev && vlan) {
		NL_SET_ERR_MSG_ATTR(info->extack, vlan, "vlan without dev");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, VDHCP_A_STATS_DEV);
		return ERR_PTR(-EINVAL);
	}
	if (!dev)
		return NULL;
	port = vdhcp_port_find(vn, nla_data(dev), vlan ? nla_get_u16(vlan) : 0);
	if (port)
		return port;
	NL_SET_ERR_MSG_ATTR(info->extack, dev, "no such port");
	return ERR_PTR(-ENOENT);
}

/**
 * vdhcp_nl_stats_reset() - set the counters of a port or of all to 0
 * @vn: the namespace; the caller holds its lock
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_nl_stats_reset(struct vdhcp_net *vn, struct genl_info *info)
{
	struct vdhcp_port *port = find_counted(vn, info);
	struct vdhcp_nl_cursor at = {};
	int err;

	if (IS_ERR(port))
		return PTR_ERR(port);
	if (port) {
		vdhcp_stats_reset_port(port);
		return 0;
	}
	err = vdhcp_stats_reset_totals(vn);
	while (!err && (port = vdhcp_nl_next_port(vn, &at))) {
		vdhcp_stats_reset_port(port);
		cond_resched();
	}
	return err;
}

/**
 * vdhcp_nl_stats_get() - reply with the counters of a port or of the namespace
 * @skb: not used
 * @info: the request
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_nl_stats_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vdhcp_net *vn = vdhcp_pernet(genl_info_net(info));
	struct vdhcp_port *port;
	struct sk_buff *reply;
	int err;

	reply = genlmsg_new(stats_size(), GFP_KERNEL);
	if (!reply)
		return -ENOMEM;
	mutex_lock(&vn->lock);
	port = find_counted(vn, info);
	err = IS_ERR(port) ? PTR_ERR(port)
			   : put_stats(reply, vdhcp_nl_put_reply(reply, info),
				       vn, port);
	mutex_unlock(&vn->lock);
	if (!err)
		return genlmsg_reply(reply, info);
	nlmsg_free(reply);
	return err;
}

/**
 * vdhcp_nl_stats_start() - begin a dump of the counters of all ports
 * @cb: the dump
 *
 * Return: 0.
 */
int vdhcp_nl_stats_start(struct netlink_callback *cb)
{
	vdhcp_nl_start_dump(cb, stats_size());
	return 0;
}

/**
 * vdhcp_nl_stats_dump() - dump counters in the order of device and VLAN id
 * @skb: message
 * @cb: the dump
 *
 * Return: bytes written, 0 at the end, or a negative errno.
 */
int vdhcp_nl_stats_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vdhcp_net *vn = vdhcp_pernet(sock_net(skb->sk));
	struct vdhcp_nl_cursor at = *vdhcp_nl_get_cursor(cb);
	struct vdhcp_port *port;
	int err;

	mutex_lock(&vn->lock);
	err = vdhcp_nl_check_dump(cb, vn->seq);
	while (!err && (port = vdhcp_nl_next_port(vn, &at))) {
		err = put_stats(skb, vdhcp_nl_put_dump(skb, cb), vn, port);
		if (!err)
			*vdhcp_nl_get_cursor(cb) = at;
	}
	mutex_unlock(&vn->lock);
	return skb->len ? skb->len : err;
}
