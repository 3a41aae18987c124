/* SPDX-License-Identifier: GPL-2.0 */
/* Bindings: each ties one address of a port to a subnet. */
#ifndef VDHCP_BINDING_H
#define VDHCP_BINDING_H

#include <linux/if.h>
#include <linux/list.h>
#include "engine/address.h"
#include "engine/conf.h"
#include "net.h"

struct vdhcp_port;
struct vdhcp_port_snap;
struct vdhcp_subnet;

/**
 * struct vdhcp_binding - one address of one port, tied to one subnet
 * @node: in vdhcp_subnet.bindings if @subnet is not NULL
 * @port: the port
 * @subnet: subnet of the address, or NULL
 * @ip4: the address; present if @family is AF_INET
 * @family: as in struct vdhcp_address
 *
 * Bindings are part of a port's snapshot, so they are replaced with it and need
 * no allocation of their own. Only the bindings of a current snapshot are in a
 * list. @node and @port are protected by vdhcp_net.lock; packets read the other
 * members. vdhcp_port_mac_of() has the MAC of the address.
 */
struct vdhcp_binding {
	struct list_head node;
	struct vdhcp_port *port;
	struct vdhcp_subnet *subnet;
	__be32 ip4;
	u8 family;
};

#ifdef CONFIG_64BIT
/* Limits the memory of a port, see port.h. */
static_assert(sizeof(struct vdhcp_binding) <= 40,
	      "binding outgrew a small snapshot");
#endif

/* Size of a port in a refusal: "tap0", or "tap0 vlan 5". */
#define VDHCP_PORT_LABEL_LEN	(IFNAMSIZ + sizeof(" vlan 4095"))

const char *vdhcp_binding_label_port(char label[VDHCP_PORT_LABEL_LEN],
				     const char *dev, u16 vlan);
void vdhcp_binding_link(struct vdhcp_binding *binding, struct vdhcp_port *port);
void vdhcp_binding_unlink(struct vdhcp_binding *binding);
int vdhcp_binding_check(const char *dev, u16 vlan,
			const struct vdhcp_port_snap *snap,
			const struct vdhcp_binding *binding,
			const struct vdhcp_subnet_conf *subnet,
			struct vdhcp_cfg_err *cfg_err);
int vdhcp_binding_check_subnet(const struct vdhcp_net *vn,
			       const struct vdhcp_subnet *subnet,
			       const struct vdhcp_subnet_conf *conf,
			       struct vdhcp_cfg_err *cfg_err);
int vdhcp_binding_refuse_used(const struct vdhcp_subnet *subnet, u16 attr,
			      struct vdhcp_cfg_err *cfg_err);

#endif /* VDHCP_BINDING_H */
