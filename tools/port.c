// SPDX-License-Identifier: GPL-2.0
/* Ports: one interface of one guest each. */
#include <linux/vdhcp.h>

#include "keys.h"
#include "netdev.h"
#include "port.h"
#include "port_show.h"
#include "port_state.h"

const struct object port_object = {
	.set = { "port", port_keys, VDHCP_A_PORT_CLEAR },
	.add = VDHCP_CMD_PORT_NEW,
	.change = VDHCP_CMD_PORT_SET,
	.del = VDHCP_CMD_PORT_DEL,
	.get = VDHCP_CMD_PORT_GET,
	.replace = VDHCP_A_PORT_REPLACE,
	.state = VDHCP_A_PORT_STATE,
	.print_state = port_state_print,
	.resolve = netdev_resolve,
	.show = port_show,
	.show_usage =
		"  vdhcpctl port show [-brief] [dev GLOB] [vlan N] [subnet NAME] [mac MAC]\n"
		"                     [addr ADDR] [waiting] [unfit] [unbound] [asked-within SECONDS]\n",
};
