// SPDX-License-Identifier: GPL-2.0
/* The table of subnets. Locking is described in port.c. */
#include <linux/mm.h>
#include <linux/slab.h>
#include "port.h"
#include "trace.h"

static struct vdhcp_subnet *entry(struct rb_node *node)
{
	return rb_entry_safe(node, struct vdhcp_subnet, node);
}

/**
 * vdhcp_subnet_find() - the subnet of a name
 * @vn: the namespace; the caller holds its lock
 * @name: the name
 *
 * Return: the subnet, NULL if there is none.
 */
struct vdhcp_subnet *vdhcp_subnet_find(const struct vdhcp_net *vn, const char *name)
{
	struct vdhcp_subnet *subnet;
	struct rb_node *node;
	int diff;

	lockdep_assert_held(&vn->lock);
	for (node = vn->subnets.rb_node; node;
	     node = diff < 0 ? node->rb_left : node->rb_right) {
		subnet = entry(node);
		diff = strcmp(name, subnet->spec->name);
		if (!diff)
			return subnet;
	}
	return NULL;
}

/**
 * vdhcp_subnet_after() - the subnet that follows a name
 * @vn: the namespace; the caller holds its lock
 * @name: a name, of a subnet or not; "" comes before all
 *
 * Return: the subnet with the lowest name above @name, NULL if there is none.
 */
struct vdhcp_subnet *vdhcp_subnet_after(const struct vdhcp_net *vn, const char *name)
{
	struct vdhcp_subnet *subnet, *best = NULL;
	struct rb_node *node = vn->subnets.rb_node;

	lockdep_assert_held(&vn->lock);
	while (node) {
		subnet = entry(node);
		if (strcmp(subnet->spec->name, name) > 0) {
			best = subnet;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return best;
}

static void insert(struct vdhcp_net *vn, struct vdhcp_subnet *subnet)
{
	struct rb_node **link = &vn->subnets.rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		if (strcmp(subnet->spec->name, entry(parent)->spec->name) < 0)
			link = &parent->rb_left;
		else
			link = &parent->rb_right;
	}
	rb_link_node(&subnet->node, parent, link);
	rb_insert_color(&subnet->node, &vn->subnets);
	vn->n_subnets++;
}

static struct vdhcp_subnet_snap *snap_of(const struct vdhcp_net *vn,
					 const struct vdhcp_subnet *subnet)
{
	return rcu_dereference_protected(subnet->snap, lockdep_is_held(&vn->lock));
}

/**
 * vdhcp_subnet_get_conf() - a subnet as it is answered from
 * @vn: the namespace; the caller holds its lock
 * @subnet: the subnet
 *
 * Return: never NULL.
 */
const struct vdhcp_subnet_conf *vdhcp_subnet_get_conf(const struct vdhcp_net *vn,
						      const struct vdhcp_subnet *subnet)
{
	return &snap_of(vn, subnet)->conf;
}

/* Compiled in a large room, kept in one that fits. */
static struct vdhcp_subnet_snap *compile(struct vdhcp_net *vn,
					 const struct vdhcp_subnet_spec *spec,
					 struct vdhcp_cfg_err *cfg_err)
{
	const size_t head = offsetof(struct vdhcp_subnet_snap, conf);
	struct vdhcp_scratch *scratch = vdhcp_net_scratch(vn);
	struct vdhcp_subnet_snap *draft, *snap;
	int err;

	static_assert(sizeof(scratch->conf) >= VDHCP_SUBNET_CONF_MAX +
		      offsetof(struct vdhcp_subnet_snap, conf));
	if (!scratch)
		return ERR_PTR(-ENOMEM);
	draft = (struct vdhcp_subnet_snap *)scratch->conf;
	err = vdhcp_subnet_compile(spec, &draft->conf, cfg_err);
	if (err)
		return ERR_PTR(err);
	snap = kvmalloc(head + draft->conf.size, GFP_KERNEL_ACCOUNT);
	if (snap)
		memcpy(snap, draft, head + draft->conf.size);
	return snap ?: ERR_PTR(-ENOMEM);
}

static struct vdhcp_subnet_spec *copy_spec(const struct vdhcp_subnet_spec *spec)
{
	struct vdhcp_subnet_spec *copy = kvmalloc(sizeof(*copy), GFP_KERNEL_ACCOUNT);

	if (copy)
		*copy = *spec;
	return copy;
}

/**
 * vdhcp_subnet_make() - make a subnet that is in no table yet
 * @vn: the namespace; the caller holds its lock
 * @spec: what the operator said
 * @cfg_err: why not, for -EINVAL
 *
 * Return: the subnet, for vdhcp_subnet_insert() or vdhcp_subnet_free(), or an
 * ERR_PTR().
 */
struct vdhcp_subnet *vdhcp_subnet_make(struct vdhcp_net *vn,
				       const struct vdhcp_subnet_spec *spec,
				       struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_subnet_snap *snap;
	struct vdhcp_subnet *subnet;

	snap = compile(vn, spec, cfg_err);
	if (IS_ERR(snap))
		return ERR_CAST(snap);
	subnet = kzalloc(sizeof(*subnet), GFP_KERNEL_ACCOUNT);
	if (!subnet)
		goto err_snap;
	subnet->spec = copy_spec(spec);
	if (!subnet->spec)
		goto err_subnet;

	INIT_LIST_HEAD(&subnet->ports);
	RCU_INIT_POINTER(subnet->snap, snap);
	return subnet;

err_subnet:
	kfree(subnet);
err_snap:
	kvfree(snap);
	return ERR_PTR(-ENOMEM);
}

/**
 * vdhcp_subnet_free() - free a subnet that never was in a table
 * @subnet: from vdhcp_subnet_make(), or NULL
 */
void vdhcp_subnet_free(struct vdhcp_subnet *subnet)
{
	if (!subnet)
		return;
	kvfree(rcu_dereference_raw(subnet->snap));
	kvfree(subnet->spec);
	kfree(subnet);
}

/**
 * vdhcp_subnet_insert() - put a subnet into the table
 * @vn: the namespace; the caller holds its lock
 * @subnet: from vdhcp_subnet_make(), with a name that no subnet has
 */
void vdhcp_subnet_insert(struct vdhcp_net *vn, struct vdhcp_subnet *subnet)
{
	lockdep_assert_held(&vn->lock);
	insert(vn, subnet);
	vdhcp_net_configured(vn);
	trace_vdhcp_config(VDHCP_OP_NEW, VDHCP_OBJECT_SUBNET, subnet->spec->name, 0);
}

/* Nothing finds it any more; packets may still see it. */
static void retire(struct vdhcp_net *vn, struct vdhcp_subnet *subnet)
{
	struct vdhcp_subnet_snap *snap = snap_of(vn, subnet);

	kvfree(subnet->spec);
	kvfree_rcu(snap, rcu);
	kfree_rcu(subnet, rcu);
	vdhcp_net_configured(vn);
}

/**
 * vdhcp_subnet_replace() - put a subnet into the place of another
 * @vn: the namespace; the caller holds its lock
 * @old: a subnet of the table, which is freed
 * @subnet: from vdhcp_subnet_make(), with the same name
 *
 * The caller has moved all ports from @old to @subnet.
 */
void vdhcp_subnet_replace(struct vdhcp_net *vn, struct vdhcp_subnet *old,
			  struct vdhcp_subnet *subnet)
{
	lockdep_assert_held(&vn->lock);
	WARN_ON_ONCE(old->n_ports);
	rb_replace_node(&old->node, &subnet->node, &vn->subnets);
	trace_vdhcp_config(VDHCP_OP_SET, VDHCP_OBJECT_SUBNET, subnet->spec->name, 0);
	retire(vn, old);
}

/**
 * vdhcp_subnet_erase() - take a subnet out of the table
 * @vn: the namespace; the caller holds its lock
 * @subnet: a subnet that no port uses; it is freed
 */
void vdhcp_subnet_erase(struct vdhcp_net *vn, struct vdhcp_subnet *subnet)
{
	lockdep_assert_held(&vn->lock);
	WARN_ON_ONCE(subnet->n_ports);
	trace_vdhcp_config(VDHCP_OP_DEL, VDHCP_OBJECT_SUBNET, subnet->spec->name, 0);
	rb_erase(&subnet->node, &vn->subnets);
	vn->n_subnets--;
	retire(vn, subnet);
}

/**
 * vdhcp_subnet_add() - add a subnet
 * @vn: the namespace; the caller holds its lock
 * @spec: what the operator said, with a name that no subnet has
 * @cfg_err: why not, for -EINVAL
 *
 * Return: the subnet, or an ERR_PTR() and nothing has changed.
 */
struct vdhcp_subnet *vdhcp_subnet_add(struct vdhcp_net *vn,
				      const struct vdhcp_subnet_spec *spec,
				      struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_subnet *subnet = vdhcp_subnet_make(vn, spec, cfg_err);

	if (!IS_ERR(subnet))
		vdhcp_subnet_insert(vn, subnet);
	return subnet;
}

/* The fault is the subnet's then, so it has no attribute of a port. */
static int check_ports(const struct vdhcp_net *vn, const struct vdhcp_subnet *subnet,
		       const struct vdhcp_subnet_conf *conf, struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_cfg_err why;
	struct vdhcp_port *port;

	list_for_each_entry(port, &subnet->ports, peers)
		if (vdhcp_port_fits(&vdhcp_port_get_snap(vn, port)->conf, conf, &why))
			return vdhcp_port_refuse_port(cfg_err, port, &why);
	return 0;
}

/**
 * vdhcp_subnet_set() - give a subnet another configuration
 * @vn: the namespace; the caller holds its lock
 * @subnet: the subnet
 * @spec: what the operator said, complete and with the same name
 * @cfg_err: why not, for -EINVAL
 *
 * Refused if one of the subnet's ports would not fit any more.
 *
 * Return: 0, or a negative errno and nothing has changed.
 */
int vdhcp_subnet_set(struct vdhcp_net *vn, struct vdhcp_subnet *subnet,
		     const struct vdhcp_subnet_spec *spec, struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_subnet_snap *snap, *old = snap_of(vn, subnet);
	int err;

	lockdep_assert_held(&vn->lock);
	snap = compile(vn, spec, cfg_err);
	if (IS_ERR(snap))
		return PTR_ERR(snap);
	err = check_ports(vn, subnet, &snap->conf, cfg_err);
	if (err) {
		kvfree(snap);
		return err;
	}

	*subnet->spec = *spec;
	rcu_assign_pointer(subnet->snap, snap);
	kvfree_rcu(old, rcu);
	vdhcp_net_configured(vn);
	trace_vdhcp_config(VDHCP_OP_SET, VDHCP_OBJECT_SUBNET, spec->name, 0);
	return 0;
}

/**
 * vdhcp_subnet_del() - remove a subnet
 * @vn: the namespace; the caller holds its lock
 * @subnet: the subnet
 * @cfg_err: why not
 *
 * Return: 0, or -EBUSY while ports use it.
 */
int vdhcp_subnet_del(struct vdhcp_net *vn, struct vdhcp_subnet *subnet,
		     struct vdhcp_cfg_err *cfg_err)
{
	lockdep_assert_held(&vn->lock);
	if (subnet->n_ports)
		return vdhcp_port_refuse(cfg_err, -EBUSY, VDHCP_A_SUBNET_NAME,
					 "subnet is used by %u port%s", subnet->n_ports,
					 subnet->n_ports == 1 ? "" : "s");
	vdhcp_subnet_erase(vn, subnet);
	return 0;
}

/**
 * vdhcp_subnet_flush() - remove all subnets
 * @vn: the namespace; the caller holds its lock and has removed all ports
 */
void vdhcp_subnet_flush(struct vdhcp_net *vn)
{
	struct vdhcp_cfg_err cfg_err;

	while (!RB_EMPTY_ROOT(&vn->subnets)) {
		if (WARN_ON_ONCE(vdhcp_subnet_del(vn, entry(rb_first(&vn->subnets)), &cfg_err)))
			return;
		cond_resched();
	}
}
