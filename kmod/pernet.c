// SPDX-License-Identifier: GPL-2.0
/*
 * Setup and cleanup of a network namespace. Cleanup is here and not in the
 * tables, so that the tables need not call each other for it.
 */
#include <linux/mutex.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>
#include "batch.h"
#include "net.h"
#include "pernet.h"
#include "port.h"
#include "subnet.h"

static int __net_init init_namespace(struct net *net)
{
	vdhcp_net_init(vdhcp_pernet(net), net);
	return 0;
}

/*
 * Unregister all hooks, so that no packet is in a hook when exit_namespace()
 * frees the state.
 */
static void __net_exit stop_namespace(struct net *net)
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

/* The core has waited for a grace period since stop_namespace(). */
static void __net_exit exit_namespace(struct net *net)
{
	vdhcp_net_free(vdhcp_pernet(net));
}

static struct pernet_operations pernet_ops = {
	.init = init_namespace,
	.pre_exit = stop_namespace,
	.exit = exit_namespace,
	.id = &vdhcp_net_id,
	.size = sizeof(struct vdhcp_net),
};

/**
 * vdhcp_pernet_register() - start in all network namespaces
 *
 * Return: 0 or a negative errno.
 */
int vdhcp_pernet_register(void)
{
	return register_pernet_subsys(&pernet_ops);
}

/**
 * vdhcp_pernet_unregister() - stop in all network namespaces
 *
 * Removes all ports and subnets. When it returns, no hook is registered and
 * none is running.
 */
void vdhcp_pernet_unregister(void)
{
	unregister_pernet_subsys(&pernet_ops);
}
