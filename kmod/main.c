// SPDX-License-Identifier: GPL-2.0
/* Load and unload, in order and in reverse order. */
#include <linux/module.h>
#include <net/genetlink.h>
#include "netlink.h"
#include "port.h"

static int __init vdhcp_init(void)
{
	int err;

	err = vdhcp_net_register();
	if (err)
		return err;
	err = vdhcp_tap_register();
	if (err)
		goto err_net;
	err = vdhcp_netlink_register();
	if (err)
		goto err_tap;
	return 0;

err_tap:
	vdhcp_tap_unregister();
err_net:
	vdhcp_net_unregister();
	return err;
}

/*
 * First nobody can configure, then nothing can attach, then all hooks go and
 * a grace period ends. What is still to be freed then needs no code of ours,
 * for it is all kfree_rcu()'s, so there is no rcu_barrier().
 */
static void __exit vdhcp_exit(void)
{
	vdhcp_netlink_unregister();
	vdhcp_tap_unregister();
	vdhcp_net_unregister();
}

module_init(vdhcp_init);
module_exit(vdhcp_exit);

MODULE_DESCRIPTION("DHCP for virtual machines, answered by their host");
MODULE_AUTHOR("The vdhcp authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(VDHCP_VERSION);
MODULE_ALIAS_GENL_FAMILY(VDHCP_FAMILY_NAME);
