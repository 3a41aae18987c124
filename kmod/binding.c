// SPDX-License-Identifier: GPL-2.0
/* The tie between a port and its subnet. Locking is described in port.c. */
#include "binding.h"
#include "port.h"
#include "subnet.h"
#include "tap.h"

/**
 * vdhcp_binding_join() - add a port to the ports of a subnet
 * @subnet: the subnet, which cannot be removed from now on; or NULL
 * @port: the port
 */
void vdhcp_binding_join(struct vdhcp_subnet *subnet, struct vdhcp_port *port)
{
	if (!subnet)
		return;
	list_add_tail(&port->peers, &subnet->ports);
	subnet->n_ports++;
}

/**
 * vdhcp_binding_leave() - remove a port from the ports of a subnet
 * @subnet: the subnet or NULL
 * @port: the port
 */
void vdhcp_binding_leave(struct vdhcp_subnet *subnet, struct vdhcp_port *port)
{
	if (!subnet)
		return;
	list_del(&port->peers);
	subnet->n_ports--;
}

/**
 * vdhcp_binding_check_port() - check whether a port fits a subnet
 * @port: the port
 * @conf: a configuration of the port
 * @subnet: a configuration of the subnet
 * @cfg_err: on failure, names the port and no attribute, because the request
 *	is about another object
 *
 * Return: 0 or -EINVAL.
 */
int vdhcp_binding_check_port(const struct vdhcp_port *port,
			     const struct vdhcp_port_conf *conf,
			     const struct vdhcp_subnet_conf *subnet,
			     struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_cfg_err why;

	if (!vdhcp_port_fits(conf, subnet, &why))
		return 0;
	if (port->vlan)
		return vdhcp_cfg_err_set(cfg_err, -EINVAL, 0, "port %s vlan %u: %s",
					 port->tap->name, port->vlan, why.text);
	return vdhcp_cfg_err_set(cfg_err, -EINVAL, 0, "port %s: %s",
				 port->tap->name, why.text);
}

/**
 * vdhcp_binding_check_subnet() - check whether all ports of a subnet fit it
 * @vn: the namespace; the caller holds its lock
 * @subnet: the subnet
 * @conf: a configuration of the subnet
 * @cfg_err: on failure, names the port that does not fit
 *
 * Return: 0 or -EINVAL.
 */
int vdhcp_binding_check_subnet(const struct vdhcp_net *vn,
			       const struct vdhcp_subnet *subnet,
			       const struct vdhcp_subnet_conf *conf,
			       struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_port *port;
	int err;

	list_for_each_entry(port, &subnet->ports, peers) {
		err = vdhcp_binding_check_port(port, &vdhcp_port_get_snap(vn, port)->conf,
					       conf, cfg_err);
		if (err)
			return err;
	}
	return 0;
}
