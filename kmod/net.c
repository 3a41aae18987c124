// SPDX-License-Identifier: GPL-2.0
/* The state of vdhcp in one network namespace, which all tables are part of. */
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "net.h"
#include "scratch.h"
#include "stats.h"

/* Set by the core when pernet.c registers. */
unsigned int vdhcp_net_id __read_mostly;

/**
 * vdhcp_pernet() - find the state of vdhcp in a network namespace
 * @net: the namespace
 *
 * Context: any, while @net exists and vdhcp_pernet_register() is in effect.
 * Return: never NULL.
 */
struct vdhcp_net *vdhcp_pernet(const struct net *net)
{
	return net_generic(net, vdhcp_net_id);
}

/**
 * vdhcp_net_init() - initialise the state of a namespace
 * @vn: the state; all bytes are zero
 * @net: the namespace
 */
void vdhcp_net_init(struct vdhcp_net *vn, struct net *net)
{
	vn->net = net;
	vn->subnets = RB_ROOT;
	vn->subnet_ids = RB_ROOT;
	vn->taps = RB_ROOT;
	vn->attached = RB_ROOT;
	vn->seq = 1;
	/* A client must not mistake it for a generation before a reload. */
	vn->generation = get_random_u32();
	INIT_LIST_HEAD(&vn->batches);
	mutex_init(&vn->lock);
}

/**
 * vdhcp_net_free() - free the memory that the state of a namespace points to
 * @vn: the namespace, whose tables are empty and whose hooks have returned
 */
void vdhcp_net_free(struct vdhcp_net *vn)
{
	kvfree(vn->scratch);
	vdhcp_stats_free_net(vn);
}

/**
 * vdhcp_net_changed() - record a change of anything that a dump contains
 * @vn: the namespace; the caller holds its lock
 */
void vdhcp_net_changed(struct vdhcp_net *vn)
{
	lockdep_assert_held(&vn->lock);
	/* Netlink takes a sequence number of 0 as the first part of a dump. */
	if (!++vn->seq)
		vn->seq = 1;
}

/**
 * vdhcp_net_configured() - record a change of the configuration
 * @vn: the namespace; the caller holds its lock
 */
void vdhcp_net_configured(struct vdhcp_net *vn)
{
	vdhcp_net_changed(vn);
	vn->generation++;
}

/**
 * vdhcp_net_scratch() - get the scratch memory of a namespace
 * @vn: the namespace; the caller uses the memory only while it holds the lock
 *
 * Return: the scratch memory with undefined contents, NULL if there is no
 * memory.
 */
struct vdhcp_scratch *vdhcp_net_scratch(struct vdhcp_net *vn)
{
	lockdep_assert_held(&vn->lock);
	if (!vn->scratch)
		vn->scratch =
			kvmalloc(sizeof(*vn->scratch), GFP_KERNEL_ACCOUNT);
	return vn->scratch;
}
