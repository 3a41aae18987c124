// SPDX-License-Identifier: GPL-2.0
/* Ports: one interface of one guest each. */
#include <linux/vdhcp.h>

#include "name.h"
#include "option.h"
#include "port.h"
#include "port_state.h"
#include "request.h"
#include "vdhcp-names-gen.h"

#define A(name)		VDHCP_A_PORT_##name

static const char *const mode_names[] = { VDHCP_MODE_LIST(NAME_OF) };

static const struct attr attrs[] = {
	{ "dev", A(DEV), &type_text, ATTR_ID | ATTR_FIRST, .max = 15 },
	{ "vlan", A(VLAN), &type_u16, ATTR_ID | ATTR_ZERO, .max = 4094, .preset = "0",
	  .doc = "VLAN of a subport; untagged if 0 or not given" },
	{ "mac", A(MAC), &type_mac,
	  .doc = "MAC address of the guest, nothing else is answered" },
	{ "addr", A(ADDR), &type_ip,
	  .doc = "address of the guest" },
	{ "subnet", A(SUBNET), &type_text, .max = VDHCP_NAME_MAX,
	  .doc = "subnet that the address is from" },
	{ "hostname", A(HOSTNAME), &type_text, .max = VDHCP_TEXT_MAX,
	  .doc = "host name of the guest" },
	{ "mode", A(MODE), &type_enum, .max = VDHCP_MODE_MAX, .names = mode_names,
	  .preset = "serve",
	  .doc = "answer here, leave DHCP to the network, or drop it; serve if not set" },
	{ "guard", A(GUARD), &type_bool, .preset = "on",
	  .doc = "drop what a DHCP server would send; on if not set" },
	{ "rate", A(RATE), &type_u32, .max = VDHCP_RATE_MAX, .preset = "100",
	  .doc = "packets a second, 0 is no limit; 100 if not set" },
	{ "option", A(OPTION), &type_option, ATTR_REPEAT, "options",
	  .doc = "raw option, stronger than the subnet's; FORM as in \"vdhcpctl subnet help\"" },
	{ 0 },
};

const struct object port_object = {
	.set = { "port", attrs, VDHCP_A_PORT_CLEAR },
	.add = VDHCP_CMD_PORT_NEW,
	.change = VDHCP_CMD_PORT_SET,
	.del = VDHCP_CMD_PORT_DEL,
	.get = VDHCP_CMD_PORT_GET,
	.replace = VDHCP_A_PORT_REPLACE,
	.state = VDHCP_A_PORT_STATE,
	.print_state = port_state_print,
};
