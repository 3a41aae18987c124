// SPDX-License-Identifier: GPL-2.0
/* Module init, and module exit in reverse order. */
#include <linux/module.h>
#include <net/genetlink.h>
#include "netlink.h"
#include "pernet.h"
#include "port.h"
#include "tap.h"

static int __init vdhcp_init(void)
{
	int err;

	err = vdhcp_port_register();
	if (err)
		return err;
	err = vdhcp_pernet_register();
	if (err)
		goto err_port;
	err = vdhcp_tap_register();
	if (err)
		goto err_pernet;
	err = vdhcp_netlink_register();
	if (err)
		goto err_tap;
	return 0;

err_tap:
	vdhcp_tap_unregister();
err_pernet:
	vdhcp_pernet_unregister();
err_port:
	vdhcp_port_unregister();
	return err;
}

/*
 * Unregistering netlink waits for requests. After the notifier is unregistered,
 * taps can no longer attach. Leaving all namespaces unregisters all hooks and
 * waits for a grace period. Removed ports return to their cache by call_rcu(),
 * for which vdhcp_port_unregister() waits. All other memory is freed by
 * kfree_rcu(), which calls no code of this module.
 */
static void __exit vdhcp_exit(void)
{
	vdhcp_netlink_unregister();
	vdhcp_tap_unregister();
	vdhcp_pernet_unregister();
	vdhcp_port_unregister();
}

module_init(vdhcp_init);
module_exit(vdhcp_exit);

MODULE_DESCRIPTION("DHCP for virtual machines, answered by their host");
MODULE_AUTHOR("The vdhcp authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(VDHCP_VERSION);
MODULE_ALIAS_GENL_FAMILY(VDHCP_FAMILY_NAME);
