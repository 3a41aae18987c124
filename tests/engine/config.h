/* SPDX-License-Identifier: GPL-2.0 */
/* Configuration in the words of vdhcpctl's document. */
#ifndef VDHCP_TESTS_CONFIG_H
#define VDHCP_TESTS_CONFIG_H

#include "text.h"

/**
 * struct config - what a frame is answered from
 * @subnet: as said
 * @has_subnet: @subnet was said
 * @port: as said
 * @vlan: VLAN ID of the port, 0 for untagged
 * @mtu: of the device
 */
struct config {
	struct vdhcp_subnet_spec subnet;
	bool has_subnet;
	struct vdhcp_port_spec port;
	u16 vlan;
	u16 mtu;
};

/* Which object a fault is in. */
enum config_object {
	CONFIG_OK,
	CONFIG_SUBNET,
	CONFIG_PORT,
	CONFIG_FITS,
};

/**
 * struct compiled - a configuration ready for frames
 * @conf: points to the two below
 * @vlan: VLAN ID of the port, 0 for untagged
 * @subnet: exactly as long as it says, or NULL
 * @port: exactly as long as it says
 */
struct compiled {
	struct vdhcp_conf conf;
	u16 vlan;
	struct vdhcp_subnet_conf *subnet;
	struct vdhcp_port_conf *port;
};

void config_init(struct config *cfg);
bool config_line(struct config *cfg, const struct text *text);
enum config_object config_compile(const struct config *cfg, struct compiled *out,
				  struct vdhcp_cfg_err *cfg_err);
void config_free(struct compiled *c);
u16 config_attr(bool subnet, const char *key);
const char *config_key(bool subnet, u16 attr);

#endif /* VDHCP_TESTS_CONFIG_H */
