/* SPDX-License-Identifier: GPL-2.0 */
/* The tie between a port and its subnet. */
#ifndef VDHCP_BINDING_H
#define VDHCP_BINDING_H

#include "engine/conf.h"
#include "net.h"

struct vdhcp_port;
struct vdhcp_subnet;

void vdhcp_binding_join(struct vdhcp_subnet *subnet, struct vdhcp_port *port);
void vdhcp_binding_leave(struct vdhcp_subnet *subnet, struct vdhcp_port *port);
int vdhcp_binding_check_port(const struct vdhcp_port *port,
			     const struct vdhcp_port_conf *conf,
			     const struct vdhcp_subnet_conf *subnet,
			     struct vdhcp_cfg_err *cfg_err);
int vdhcp_binding_check_subnet(const struct vdhcp_net *vn,
			       const struct vdhcp_subnet *subnet,
			       const struct vdhcp_subnet_conf *conf,
			       struct vdhcp_cfg_err *cfg_err);

#endif /* VDHCP_BINDING_H */
