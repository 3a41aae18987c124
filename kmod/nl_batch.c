// SPDX-License-Identifier: GPL-2.0
/* Requests that change the configuration, alone or in a batch. */
#include <linux/netlink.h>
#include <linux/notifier.h>
#include <linux/rtnetlink.h>
#include <net/sock.h>
#include "batch.h"
#include "commit.h"
#include "event.h"
#include "netlink.h"
#include "port.h"
#include "subnet.h"

/* Most changes of a batch that are reported one by one. */
#define REPORTED_MAX 256

static int flush_all(const struct vdhcp_nl_object *type, struct vdhcp_net *vn,
		     struct genl_info *info, struct vdhcp_batch *batch)
{
	vdhcp_port_flush(vn);
	vdhcp_subnet_flush(vn);
	vdhcp_event_config(vn, VDHCP_CHANGE_FLUSHED, NULL, NULL, 0);
	return 0;
}

static int reset_stats(const struct vdhcp_nl_object *type,
		       struct vdhcp_net *vn, struct genl_info *info,
		       struct vdhcp_batch *batch)
{
	return vdhcp_nl_stats_reset(vn, info);
}

/**
 * struct write_op - an operation that changes the configuration
 * @run: runs the operation with the lock held; @batch is an atomic batch or
 *	NULL
 * @type: kind of object that the operation changes; NULL for all objects
 * @rtnl: the operation needs RTNL, unless a batch stages it
 * @stageable: the operation is allowed in an atomic batch
 */
struct write_op {
	int (*run)(const struct vdhcp_nl_object *type, struct vdhcp_net *vn,
		   struct genl_info *info, struct vdhcp_batch *batch);
	const struct vdhcp_nl_object *type;
	bool rtnl;
	bool stageable;
};

static const struct write_op write_ops[VDHCP_CMD_MAX + 1] = {
	[VDHCP_CMD_SUBNET_NEW] = {
		.run = vdhcp_nl_new,
		.type = &vdhcp_nl_subnet,
		.stageable = true,
	},
	[VDHCP_CMD_SUBNET_SET] = {
		.run = vdhcp_nl_set,
		.type = &vdhcp_nl_subnet,
	},
	[VDHCP_CMD_SUBNET_DEL] = {
		.run = vdhcp_nl_del,
		.type = &vdhcp_nl_subnet,
		.stageable = true,
	},
	[VDHCP_CMD_PORT_NEW] = {
		.run = vdhcp_nl_new,
		.type = &vdhcp_nl_port,
		.rtnl = true,
		.stageable = true,
	},
	[VDHCP_CMD_PORT_SET] = {
		.run = vdhcp_nl_set,
		.type = &vdhcp_nl_port,
	},
	[VDHCP_CMD_PORT_DEL] = {
		.run = vdhcp_nl_del,
		.type = &vdhcp_nl_port,
		.rtnl = true,
		.stageable = true,
	},
	[VDHCP_CMD_STATS_RESET] = {
		.run = reset_stats,
	},
	[VDHCP_CMD_FLUSH] = {
		.run = flush_all,
		.rtnl = true,
	},
};

static bool is_atomic(const struct vdhcp_batch *batch)
{
	return batch && batch->mode == VDHCP_BATCH_MODE_ATOMIC;
}

/* The sender's socket cannot be closed while its request is handled. */
static struct sock *sender_of(struct sk_buff *skb)
{
	return NETLINK_CB(skb).sk;
}

/*
 * Only requests on the socket itself change its batch, so the result stays
 * valid after the lock is released.
 */
static bool has_atomic_batch(struct vdhcp_net *vn, const struct sock *sk)
{
	bool atomic;

	mutex_lock(&vn->lock);
	atomic = is_atomic(vdhcp_batch_find(vn, sk));
	mutex_unlock(&vn->lock);
	return atomic;
}

static int check_generation(struct genl_info *info, bool same)
{
	if (same)
		return 0;
	NL_SET_ERR_MSG(info->extack,
		       "configuration changed since it was read, try again");
	return -EAGAIN;
}

/* Refuse a request whose batch has failed or is for an older configuration. */
static int check_batch(const struct vdhcp_net *vn, struct genl_info *info,
		       const struct vdhcp_batch *batch)
{
	if (batch->failed) {
		NL_SET_ERR_MSG(info->extack,
			       "an earlier request of this batch failed");
		return -ECANCELED;
	}
	return is_atomic(batch) ? check_generation(info, batch->generation ==
								 vn->generation)
				: 0;
}

static int run_write(const struct write_op *op, struct vdhcp_net *vn,
		     struct genl_info *info, struct vdhcp_batch *batch)
{
	int err = batch ? check_batch(vn, info, batch) : 0;

	if (err)
		return err;
	if (!is_atomic(batch))
		return op->run(op->type, vn, info, NULL);
	batch->requests++;
	if (op->stageable)
		return op->run(op->type, vn, info, batch);
	NL_SET_ERR_MSG(info->extack,
		       "only subnet/port new and del are allowed in an atomic batch");
	return -EINVAL;
}

/**
 * vdhcp_nl_write() - handle a request that changes subnets or ports
 * @skb: the message, for the socket that sent it
 * @info: the parsed request
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_nl_write(struct sk_buff *skb, struct genl_info *info)
{
	const struct write_op *op = &write_ops[info->genlhdr->cmd];
	struct vdhcp_net *vn = vdhcp_pernet(genl_info_net(info));
	struct vdhcp_batch *batch;
	bool rtnl;
	int err;

	rtnl = op->rtnl &&
	       !(op->stageable && has_atomic_batch(vn, sender_of(skb)));
	if (rtnl)
		rtnl_lock();
	mutex_lock(&vn->lock);
	batch = vdhcp_batch_find(vn, sender_of(skb));
	err = run_write(op, vn, info, batch);
	if (err && batch)
		batch->failed = true;
	mutex_unlock(&vn->lock);
	if (rtnl)
		rtnl_unlock();
	return err;
}

static int begin_batch(struct vdhcp_net *vn, struct genl_info *info,
		       struct vdhcp_batch *batch)
{
	const struct nlattr *generation = info->attrs[VDHCP_A_BATCH_GENERATION];
	int err = 0;

	if (generation)
		err = check_generation(info, nla_get_u32(generation) ==
						     (u32)vn->generation);
	if (!err)
		vdhcp_batch_begin(vn, batch);
	return err;
}

/**
 * vdhcp_nl_batch_begin() - begin a batch on a socket
 * @skb: the message, for the socket that sent it
 * @info: the parsed request
 *
 * Ends an earlier batch of the socket, also if the request is refused; a
 * request that violates a policy does not get here.
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_nl_batch_begin(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *mode = info->attrs[VDHCP_A_BATCH_MODE];
	struct vdhcp_net *vn = vdhcp_pernet(genl_info_net(info));
	struct vdhcp_batch *batch;
	int err;

	/* Requests that are under way must not join an old batch. */
	mutex_lock(&vn->lock);
	batch = vdhcp_batch_end(vn, sender_of(skb));
	mutex_unlock(&vn->lock);
	vdhcp_batch_free(batch);
	if (!mode) {
		NL_SET_ERR_MSG(info->extack, "mode is missing");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, VDHCP_A_BATCH_MODE);
		return -EINVAL;
	}
	if (nla_get_u8(mode) == VDHCP_BATCH_MODE_ATOMIC &&
	    !info->attrs[VDHCP_A_BATCH_GENERATION]) {
		NL_SET_ERR_MSG(info->extack,
			       "an atomic batch needs a generation");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL,
				     VDHCP_A_BATCH_GENERATION);
		return -EINVAL;
	}
	batch = vdhcp_batch_new(sender_of(skb), nla_get_u8(mode));
	if (!batch)
		return -ENOMEM;
	mutex_lock(&vn->lock);
	err = begin_batch(vn, info, batch);
	mutex_unlock(&vn->lock);
	if (err)
		vdhcp_batch_free(batch);
	return err;
}

/* The core refuses some requests by itself, so the sender counts them. */
static int check_requests(struct genl_info *info,
			  const struct vdhcp_batch *batch)
{
	const struct nlattr *requests = info->attrs[VDHCP_A_BATCH_REQUESTS];

	if (!requests) {
		NL_SET_ERR_MSG(info->extack,
			       "an atomic batch needs the number of requests");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL,
				     VDHCP_A_BATCH_REQUESTS);
		return -EINVAL;
	}
	if (nla_get_u32(requests) == batch->requests)
		return 0;
	NL_SET_ERR_MSG_FMT(info->extack,
			   "batch incomplete: the kernel holds %u requests, the client sent %u",
			   batch->requests, nla_get_u32(requests));
	NL_SET_BAD_ATTR(info->extack, requests);
	return -ECANCELED;
}

static void keep_digest(struct vdhcp_net *vn, const struct nlattr *digest)
{
	vn->has_digest = digest;
	vn->digest_of = vn->generation;
	if (digest)
		memcpy(vn->digest, nla_data(digest), sizeof(vn->digest));
}

/* Report each subnet and port that a batch changed. */
static void report_objects(struct vdhcp_net *vn,
			   const struct vdhcp_batch *batch)
{
	const struct vdhcp_batch_subnet *subnet;
	const struct vdhcp_batch_port *port;
	const struct rb_node *node;

	for (node = rb_first(&batch->subnets); node; node = rb_next(node)) {
		subnet = vdhcp_batch_subnet_of(node);
		vdhcp_event_config(vn, subnet->change, subnet->name, NULL, 0);
	}
	for (node = rb_first(&batch->ports); node; node = rb_next(node)) {
		port = vdhcp_batch_port_of(node);
		if (port->change)
			vdhcp_event_config(vn, port->change, NULL, port->dev,
					   port->vlan);
	}
}

/*
 * Report the objects that a batch changed, so that listeners need not read all
 * of the configuration again. Of a large batch only their number is reported,
 * because a listener would lose so many events.
 */
static void report_commit(struct vdhcp_net *vn, const struct vdhcp_batch *batch)
{
	u32 n_subnets = 0, n_ports = 0;
	const struct rb_node *node;

	for (node = rb_first(&batch->subnets); node; node = rb_next(node))
		n_subnets++;
	for (node = rb_first(&batch->ports); node; node = rb_next(node))
		n_ports += !!vdhcp_batch_port_of(node)->change;
	if (n_subnets + n_ports <= REPORTED_MAX)
		report_objects(vn, batch);
	vdhcp_event_committed(vn, n_subnets, n_ports);
}

static int commit_batch(struct vdhcp_net *vn, struct genl_info *info,
			struct vdhcp_batch *batch)
{
	struct vdhcp_cfg_err cfg_err = {};
	int err;

	if (!batch) {
		NL_SET_ERR_MSG(info->extack,
			       "no batch was begun on this socket");
		return -ENOENT;
	}
	err = check_batch(vn, info, batch);
	if (!err && is_atomic(batch))
		err = check_requests(info, batch);
	if (err || !is_atomic(batch))
		return err;
	err = vdhcp_commit_batch(vn, batch, &cfg_err);
	if (!err) {
		keep_digest(vn, info->attrs[VDHCP_A_BATCH_DIGEST]);
		/* An empty batch changes nothing, so it is no event. */
		if (vn->generation != batch->generation)
			report_commit(vn, batch);
		return 0;
	}
	/* The attribute at fault is in an earlier request, not in this one. */
	cfg_err.attr = 0;
	return vdhcp_nl_refuse(info, err, &cfg_err, 0, 0);
}

/**
 * vdhcp_nl_batch_commit() - commit and end the batch of a socket
 * @skb: the message, for the socket that sent it
 * @info: the parsed request
 *
 * Return: 0 or a negative errno; the batch has ended in both cases.
 */
int vdhcp_nl_batch_commit(struct sk_buff *skb, struct genl_info *info)
{
	struct vdhcp_net *vn = vdhcp_pernet(genl_info_net(info));
	struct vdhcp_batch *batch;
	int err;

	rtnl_lock();
	mutex_lock(&vn->lock);
	batch = vdhcp_batch_end(vn, sender_of(skb));
	err = commit_batch(vn, info, batch);
	mutex_unlock(&vn->lock);
	rtnl_unlock();
	vdhcp_batch_free(batch);
	return err;
}

/* Context: process. Called for every netlink socket of every namespace. */
static int socket_event(struct notifier_block *nb, unsigned long event,
			void *ptr)
{
	const struct netlink_notify *notify = ptr;
	struct vdhcp_batch *batch;
	struct vdhcp_net *vn;

	if (event != NETLINK_URELEASE || notify->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	vn = vdhcp_pernet(notify->net);
	/*
	 * A batch of the socket was added before the socket was closed, so the
	 * list does not look empty if there is one.
	 */
	if (list_empty_careful(&vn->batches))
		return NOTIFY_DONE;
	do {
		mutex_lock(&vn->lock);
		batch = vdhcp_batch_end_dead(vn);
		mutex_unlock(&vn->lock);
		vdhcp_batch_free(batch);
	} while (batch);
	return NOTIFY_DONE;
}

static struct notifier_block socket_notifier = {
	.notifier_call = socket_event,
};

/**
 * vdhcp_nl_batch_register() - start to watch for closed sockets
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_nl_batch_register(void)
{
	return netlink_register_notifier(&socket_notifier);
}

/**
 * vdhcp_nl_batch_unregister() - stop watching for closed sockets
 *
 * Batches that are still open end with their namespaces (pernet.c).
 */
void vdhcp_nl_batch_unregister(void)
{
	netlink_unregister_notifier(&socket_notifier);
}
