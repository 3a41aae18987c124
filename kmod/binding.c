// SPDX-License-Identifier: GPL-2.0
/* Bindings of addresses to subnets. Locking is described in port.c. */
#include "binding.h"
#include "port.h"
#include "subnet.h"
#include "tap.h"

/**
 * vdhcp_binding_link() - add a binding to the list of its subnet
 * @binding: the binding; its subnet cannot be removed until
 *	vdhcp_binding_unlink()
 * @port: the port whose current snapshot has the binding
 */
void vdhcp_binding_link(struct vdhcp_binding *binding, struct vdhcp_port *port)
{
	struct vdhcp_subnet *subnet = binding->subnet;

	binding->port = port;
	if (!subnet)
		return;
	list_add_tail(&binding->node, &subnet->bindings);
	subnet->n_bindings++;
}

/**
 * vdhcp_binding_unlink() - remove a binding from the list of its subnet
 * @binding: the binding
 */
void vdhcp_binding_unlink(struct vdhcp_binding *binding)
{
	struct vdhcp_subnet *subnet = binding->subnet;

	if (!subnet)
		return;
	list_del(&binding->node);
	subnet->n_bindings--;
}

/**
 * vdhcp_binding_label_port() - name a port for an error text
 * @label: buffer
 * @dev: name of the port's device
 * @vlan: VLAN id of the port
 *
 * Return: @label, with "tap0" or "tap0 vlan 5".
 */
const char *vdhcp_binding_label_port(char label[VDHCP_PORT_LABEL_LEN],
				     const char *dev, u16 vlan)
{
	if (vlan)
		snprintf(label, VDHCP_PORT_LABEL_LEN, "%s vlan %u", dev, vlan);
	else
		strscpy(label, dev, VDHCP_PORT_LABEL_LEN);
	return label;
}

/**
 * vdhcp_binding_check() - check whether an address of a port fits a subnet
 * @dev: name of the port's device
 * @vlan: VLAN id of the port
 * @snap: a snapshot of the port
 * @binding: a binding of @snap
 * @subnet: a configuration of the subnet
 * @cfg_err: filled in on failure; the text names the port, but no attribute is
 *	at fault, because the request may change another object
 *
 * Return: 0 or -EINVAL.
 */
int vdhcp_binding_check(const char *dev, u16 vlan,
			const struct vdhcp_port_snap *snap,
			const struct vdhcp_binding *binding,
			const struct vdhcp_subnet_conf *subnet,
			struct vdhcp_cfg_err *cfg_err)
{
	unsigned int index = binding - vdhcp_port_bindings(snap);
	struct vdhcp_cfg_err why;
	char name[VDHCP_PORT_LABEL_LEN];

	if (!vdhcp_port_fits(&snap->conf, vdhcp_port_mac_of(&snap->conf, index),
			     binding->ip4, subnet, &why))
		return 0;
	return vdhcp_cfg_err_set(cfg_err, -EINVAL, 0, "port %s: %s",
				 vdhcp_binding_label_port(name, dev, vlan),
				 why.text);
}

/**
 * vdhcp_binding_check_subnet() - check whether all ports of a subnet fit
 * @vn: the namespace; the caller holds its lock
 * @subnet: the subnet
 * @conf: a configuration of the subnet
 * @cfg_err: filled in on failure; the text names the port that does not fit
 *
 * Return: 0 or -EINVAL.
 */
int vdhcp_binding_check_subnet(const struct vdhcp_net *vn,
			       const struct vdhcp_subnet *subnet,
			       const struct vdhcp_subnet_conf *conf,
			       struct vdhcp_cfg_err *cfg_err)
{
	const struct vdhcp_binding *binding;
	const struct vdhcp_port *port;
	int err;

	list_for_each_entry(binding, &subnet->bindings, node) {
		port = binding->port;
		err = vdhcp_binding_check(port->tap->name, port->vlan,
					  vdhcp_port_get_snap(vn, port),
					  binding, conf, cfg_err);
		if (err)
			return err;
	}
	return 0;
}

/**
 * vdhcp_binding_refuse_used() - refuse to remove a subnet that has bindings
 * @subnet: the subnet
 * @attr: attribute at fault, 0 if no single attribute is
 * @cfg_err: filled in; the text names the oldest binding's port
 *
 * Return: -EBUSY.
 */
int vdhcp_binding_refuse_used(const struct vdhcp_subnet *subnet, u16 attr,
			      struct vdhcp_cfg_err *cfg_err)
{
	const struct vdhcp_binding *first;
	char name[VDHCP_PORT_LABEL_LEN];

	first = list_first_entry(&subnet->bindings, struct vdhcp_binding, node);
	vdhcp_binding_label_port(name, first->port->tap->name,
				 first->port->vlan);
	if (subnet->n_bindings == 1)
		return vdhcp_cfg_err_set(cfg_err, -EBUSY, attr,
					 "subnet is used by port %s", name);
	return vdhcp_cfg_err_set(cfg_err, -EBUSY, attr,
				 "subnet is used by port %s and %u more", name,
				 subnet->n_bindings - 1);
}
