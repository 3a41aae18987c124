// SPDX-License-Identifier: GPL-2.0
/* What vdhcp keeps in each network namespace: begin and end. */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "batch.h"
#include "port.h"

static unsigned int net_id __read_mostly;

/**
 * vdhcp_pernet() - vdhcp in a network namespace
 * @net: the namespace
 *
 * Context: any, while @net lives and vdhcp_net_register() is in effect.
 * Return: never NULL.
 */
struct vdhcp_net *vdhcp_pernet(const struct net *net)
{
	return net_generic(net, net_id);
}

/**
 * vdhcp_net_changed() - something that a dump shows has changed
 * @vn: the namespace; the caller holds its lock
 */
void vdhcp_net_changed(struct vdhcp_net *vn)
{
	lockdep_assert_held(&vn->lock);
	/* 0 would tell netlink that there was no dump before this one. */
	if (!++vn->seq)
		vn->seq = 1;
}

/**
 * vdhcp_net_configured() - the configuration has changed
 * @vn: the namespace; the caller holds its lock
 */
void vdhcp_net_configured(struct vdhcp_net *vn)
{
	vdhcp_net_changed(vn);
	vn->generation++;
}

/**
 * vdhcp_net_scratch() - where to work on a request
 * @vn: the namespace; the caller holds its lock, and uses the room no longer
 *
 * Return: the room, whatever is in it, or NULL if there is no memory.
 */
struct vdhcp_scratch *vdhcp_net_scratch(struct vdhcp_net *vn)
{
	lockdep_assert_held(&vn->lock);
	if (!vn->scratch)
		vn->scratch = kvmalloc(sizeof(*vn->scratch), GFP_KERNEL_ACCOUNT);
	return vn->scratch;
}

static int __net_init net_begin(struct net *net)
{
	struct vdhcp_net *vn = vdhcp_pernet(net);

	vn->totals = netdev_alloc_pcpu_stats(struct vdhcp_totals);
	if (!vn->totals)
		return -ENOMEM;
	vn->net = net;
	vn->subnets = RB_ROOT;
	vn->taps = RB_ROOT;
	vn->attached = RB_ROOT;
	vn->seq = 1;
	/* Not one that somebody remembers from before the module was reloaded. */
	vn->generation = get_random_u32();
	INIT_LIST_HEAD(&vn->batches);
	mutex_init(&vn->lock);
	return 0;
}

/* No packet may be on its way through a hook when net_end() frees. */
static void __net_exit net_stop(struct net *net)
{
	struct vdhcp_net *vn = vdhcp_pernet(net);
	struct vdhcp_batch *batch;

	do {
		mutex_lock(&vn->lock);
		batch = vdhcp_batch_end_any(vn);
		mutex_unlock(&vn->lock);
		vdhcp_batch_free(batch);
	} while (batch);
	rtnl_lock();
	mutex_lock(&vn->lock);
	vdhcp_port_flush(vn);
	vdhcp_subnet_flush(vn);
	mutex_unlock(&vn->lock);
	rtnl_unlock();
}

/* The core has waited for a grace period since net_stop(). */
static void __net_exit net_end(struct net *net)
{
	struct vdhcp_net *vn = vdhcp_pernet(net);

	kvfree(vn->scratch);
	free_percpu(vn->totals);
}

static struct pernet_operations net_ops = {
	.init = net_begin,
	.pre_exit = net_stop,
	.exit = net_end,
	.id = &net_id,
	.size = sizeof(struct vdhcp_net),
};

/**
 * vdhcp_net_register() - begin in all network namespaces
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_net_register(void)
{
	return register_pernet_subsys(&net_ops);
}

/**
 * vdhcp_net_unregister() - end in all network namespaces
 *
 * Removes all ports and subnets. When it returns, no hook is registered and
 * none is running.
 */
void vdhcp_net_unregister(void)
{
	unregister_pernet_subsys(&net_ops);
}
