/* SPDX-License-Identifier: GPL-2.0 */
/* Configurations, in the notation of vdhcpctl's document. */
#ifndef VDHCP_TESTS_CONFIG_H
#define VDHCP_TESTS_CONFIG_H

#include "text.h"

/**
 * struct config - a configuration as the operator writes it
 * @subnet: spec of the subnet
 * @has_subnet: there is a subnet
 * @port: spec of the port
 * @vlan: VLAN ID of the port, 0 for untagged
 * @mtu: MTU of the device
 */
struct config {
	struct vdhcp_subnet_spec subnet;
	bool has_subnet;
	struct vdhcp_port_spec port;
	u16 vlan;
	u16 mtu;
};

/* Object that is refused. */
enum config_object {
	CONFIG_OK,
	CONFIG_SUBNET,
	CONFIG_PORT,
	CONFIG_FITS,
};

/**
 * struct compiled - a compiled configuration
 * @conf: configuration for the engine
 * @vlan: VLAN ID of the port, 0 for untagged
 * @subnet: conf of the subnet in a block of exactly its size, or NULL
 * @port: conf of the port in a block of exactly its size
 * @addresses: the addresses of the port, which its conf does not hold
 */
struct compiled {
	struct vdhcp_conf conf;
	u16 vlan;
	struct vdhcp_subnet_conf *subnet;
	struct vdhcp_port_conf *port;
	struct vdhcp_addresses addresses;
};

void config_init(struct config *cfg);
void config_set_addr(struct vdhcp_port_spec *port, u32 addr);
bool config_line(struct config *cfg, const struct text *text);
enum config_object config_compile(const struct config *cfg, struct compiled *out,
				  struct vdhcp_cfg_err *cfg_err);
void config_free(struct compiled *c);
u16 config_attr(bool subnet, const char *key);
const char *config_key(bool subnet, u16 attr);

#endif /* VDHCP_TESTS_CONFIG_H */
