// SPDX-License-Identifier: GPL-2.0
/*
 * Commit of an atomic batch. The commit first prepares every step that can
 * fail, outside of the tables, where packets do not see it. Then it publishes
 * the changes, which cannot fail.
 *
 * Each port changes in one step: one pointer assignment gives it a new
 * snapshot, and the snapshot points to the subnet. A changed subnet is a new
 * object; the snapshots of its ports are replaced by snapshots that point to
 * the new object. So no packet sees a new address with an old subnet, and no
 * packet misses its port.
 */
#include <linux/mm.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include "batch.h"
#include "binding.h"
#include "commit.h"
#include "net.h"
#include "port.h"
#include "subnet.h"
#include "tap.h"

static struct vdhcp_batch_subnet *first_subnet(const struct vdhcp_batch *batch)
{
	return vdhcp_batch_subnet_of(rb_first(&batch->subnets));
}

static struct vdhcp_batch_subnet *
next_subnet(const struct vdhcp_batch_subnet *staged)
{
	return vdhcp_batch_subnet_of(rb_next(&staged->node));
}

static struct vdhcp_batch_port *first_port(const struct vdhcp_batch *batch)
{
	return vdhcp_batch_port_of(rb_first(&batch->ports));
}

static struct vdhcp_batch_port *next_port(const struct vdhcp_batch_port *staged)
{
	return vdhcp_batch_port_of(rb_next(&staged->node));
}

/* The staged ports of one device are neighbours in the tree. */
static struct vdhcp_batch_port *
next_port_on_tap(const struct vdhcp_batch_port *staged)
{
	struct vdhcp_batch_port *next = next_port(staged);

	return next && !strcmp(next->dev, staged->dev) ? next : NULL;
}

static int refuse_used_subnet(struct vdhcp_cfg_err *cfg_err,
			      const struct vdhcp_batch_subnet *subnet,
			      const char *dev, u16 vlan)
{
	char label[VDHCP_PORT_LABEL_LEN];

	/* The name is cut because an error text has 79 characters. */
	return vdhcp_cfg_err_set(cfg_err, -EBUSY, 0,
				 "subnet %.30s is used by port %s",
				 subnet->name,
				 vdhcp_binding_label_port(label, dev, vlan));
}

static int stage_current_snap(struct vdhcp_net *vn, struct vdhcp_batch *batch,
			      struct vdhcp_port *port)
{
	struct vdhcp_port_snap *snap = vdhcp_port_copy_snap(vn, port);
	struct vdhcp_batch_port *staged;

	if (!snap)
		return -ENOMEM;
	staged = vdhcp_batch_stage_port(vn, batch, port->tap->name, port->vlan,
					port, snap);
	if (!staged) {
		kvfree(snap);
		return -ENOMEM;
	}
	staged->change = 0;
	return 0;
}

/*
 * Stage the ports of a subnet that the batch does not change itself, so that
 * they get a snapshot that points to the new subnet. A subnet with such ports
 * cannot be removed.
 */
static int stage_ports_of(struct vdhcp_net *vn, struct vdhcp_batch *batch,
			  const struct vdhcp_batch_subnet *subnet,
			  struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_binding *binding;
	struct vdhcp_port *port;
	int err;

	list_for_each_entry(binding, &subnet->old->bindings, node) {
		cond_resched();
		port = binding->port;
		if (vdhcp_batch_find_port(batch, port->tap->name, port->vlan))
			continue;
		if (!subnet->subnet)
			return refuse_used_subnet(cfg_err, subnet,
						  port->tap->name, port->vlan);
		err = stage_current_snap(vn, batch, port);
		if (err)
			return err;
	}
	return 0;
}

/*
 * Find the change of subnet @old; NULL if the batch does not change @old, or if
 * @old is itself staged by the batch.
 */
static const struct vdhcp_batch_subnet *
find_change(const struct vdhcp_batch *batch, const struct vdhcp_subnet *old)
{
	const struct vdhcp_batch_subnet *change;

	change = old ? vdhcp_batch_find_subnet(batch, old->spec->name) : NULL;
	return change && change->old == old ? change : NULL;
}

/* Tie one address of a staged port to the subnet that replaces its subnet. */
static int rebind_address(const struct vdhcp_net *vn,
			  const struct vdhcp_batch *batch,
			  struct vdhcp_batch_port *staged,
			  const struct vdhcp_binding *binding,
			  struct vdhcp_cfg_err *cfg_err)
{
	const struct vdhcp_batch_subnet *change;
	int err;

	change = find_change(batch, binding->subnet);
	if (!change)
		return 0;
	if (!change->subnet)
		return refuse_used_subnet(cfg_err, change, staged->dev,
					  staged->vlan);
	err = vdhcp_binding_check(staged->dev, staged->vlan,
				  staged->snap, binding,
				  vdhcp_subnet_get_conf(vn, change->subnet),
				  cfg_err);
	if (!err)
		vdhcp_port_rebind_snap(staged->snap, change->old,
				       change->subnet);
	return err;
}

/* Needed because a port may be staged before a change of its subnet. */
static int rebind_port(const struct vdhcp_net *vn,
		       const struct vdhcp_batch *batch,
		       struct vdhcp_batch_port *staged,
		       struct vdhcp_cfg_err *cfg_err)
{
	const struct vdhcp_binding *binding;
	unsigned int i;
	int err;

	if (!staged->snap)
		return 0;
	binding = vdhcp_port_bindings(staged->snap);
	for (i = 0; i < staged->snap->conf.n_addresses; i++) {
		err = rebind_address(vn, batch, staged, &binding[i], cfg_err);
		if (err)
			return err;
	}
	return 0;
}

/* Merge the current and the staged ports of a device, sorted by VLAN id. */
static void merge_ports(struct vdhcp_port_array *ports,
			const struct vdhcp_port_array *old,
			const struct vdhcp_batch_port *staged)
{
	unsigned int i, n = 0;

	for (i = 0; old && i < old->n; i++) {
		for (; staged && staged->vlan < old->port[i]->vlan;
		     staged = next_port_on_tap(staged))
			ports->port[n++] = staged->port;
		if (staged && staged->port == old->port[i]) {
			if (!staged->removed)
				ports->port[n++] = staged->port;
			staged = next_port_on_tap(staged);
		} else {
			ports->port[n++] = old->port[i];
		}
	}
	for (; staged; staged = next_port_on_tap(staged))
		ports->port[n++] = staged->port;
	WARN_ON_ONCE(n != ports->n);
}

/*
 * Prepare the next array of ports of a device; @first is the device's first
 * staged port. A tap that is created here has no ports, so it answers nothing.
 */
static int prepare_tap(struct vdhcp_net *vn, struct vdhcp_batch_port *first,
		       struct vdhcp_cfg_err *cfg_err)
{
	unsigned int added = 0, removed = 0, n;
	const struct vdhcp_batch_port *staged;
	const struct vdhcp_port_array *old;
	struct vdhcp_tap *tap;

	for (staged = first; staged; staged = next_port_on_tap(staged)) {
		added += staged->added;
		removed += staged->removed;
	}
	if (!added && !removed)
		return 0;
	tap = vdhcp_tap_find(vn, first->dev);
	first->tap_created = !tap;
	/* A port can be removed even if its device cannot be attached. */
	if (added)
		tap = vdhcp_tap_get(vn, first->dev, cfg_err);
	if (IS_ERR(tap))
		return PTR_ERR(tap);
	first->tap = tap;
	first->array_changed = true;
	old = vdhcp_tap_ports(vn, tap);
	n = (old ? old->n : 0) + added - removed;
	if (!n)
		return 0;
	first->ports = vdhcp_port_array_alloc(n);
	if (!first->ports)
		return -ENOMEM;
	merge_ports(first->ports, old, first);
	return 0;
}

static int prepare_taps(struct vdhcp_net *vn, struct vdhcp_batch *batch,
			struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_batch_port *staged, *last = NULL;
	int err = 0;

	for (staged = first_port(batch); staged; staged = next_port(staged)) {
		if (!last || strcmp(last->dev, staged->dev))
			err = prepare_tap(vn, staged, cfg_err);
		if (err)
			return err;
		last = staged;
		cond_resched();
	}
	return 0;
}

static int prepare_batch(struct vdhcp_net *vn, struct vdhcp_batch *batch,
			 struct vdhcp_cfg_err *cfg_err)
{
	const struct vdhcp_batch_subnet *subnet;
	struct vdhcp_batch_port *port;
	int err;

	for (subnet = first_subnet(batch); subnet;
	     subnet = next_subnet(subnet)) {
		err = subnet->old ? stage_ports_of(vn, batch, subnet, cfg_err)
				  : 0;
		if (err)
			return err;
	}
	for (port = first_port(batch); port; port = next_port(port)) {
		cond_resched();
		err = rebind_port(vn, batch, port, cfg_err);
		if (err)
			return err;
	}
	return prepare_taps(vn, batch, cfg_err);
}

/* Undo the changes that prepare_batch() made outside of the batch. */
static void undo_batch(struct vdhcp_net *vn, struct vdhcp_batch *batch)
{
	struct vdhcp_batch_port *staged;

	for (staged = first_port(batch); staged; staged = next_port(staged)) {
		cond_resched();
		if (!staged->array_changed)
			continue;
		kvfree(staged->ports);
		if (staged->tap_created)
			vdhcp_tap_del(vn, staged->tap);
		staged->array_changed = false;
	}
}

/* Publish the ports of one device; @first is its first staged port. */
static void publish_tap(struct vdhcp_net *vn, struct vdhcp_batch_port *first)
{
	struct vdhcp_batch_port *staged;
	struct vdhcp_tap *tap = first->tap;
	struct vdhcp_port_array *old;

	for (staged = first; staged; staged = next_port_on_tap(staged)) {
		if (staged->added) {
			staged->port->tap = tap;
			staged->port->vlan = staged->vlan;
			vdhcp_port_init_snap(vn, staged->port, staged->snap);
			staged->added = false;
		} else if (staged->snap) {
			vdhcp_port_publish(vn, staged->port, staged->snap);
		}
		staged->snap = NULL;
	}
	if (!first->array_changed)
		return;
	old = vdhcp_tap_ports(vn, tap);
	rcu_assign_pointer(tap->ports, first->ports);
	for (staged = first; staged; staged = next_port_on_tap(staged))
		if (staged->removed)
			vdhcp_port_drop(vn, staged->port);
	if (!first->ports)
		vdhcp_tap_del(vn, tap);
	if (old)
		kvfree_rcu(old, rcu);
}

static void publish_batch(struct vdhcp_net *vn, struct vdhcp_batch *batch)
{
	struct vdhcp_batch_port *port, *last = NULL;
	struct vdhcp_batch_subnet *subnet;

	for (subnet = first_subnet(batch); subnet;
	     subnet = next_subnet(subnet)) {
		if (!subnet->old)
			vdhcp_subnet_insert(vn, subnet->subnet);
		cond_resched();
	}
	for (port = first_port(batch); port; port = next_port(port)) {
		if (!last || strcmp(last->dev, port->dev))
			publish_tap(vn, port);
		last = port;
		cond_resched();
	}
	for (subnet = first_subnet(batch); subnet;
	     subnet = next_subnet(subnet)) {
		if (subnet->old && subnet->subnet)
			vdhcp_subnet_replace(vn, subnet->old, subnet->subnet);
		else if (subnet->old)
			vdhcp_subnet_erase(vn, subnet->old);
		subnet->subnet = NULL;
		cond_resched();
	}
}

/**
 * vdhcp_commit_batch() - apply all changes of an atomic batch, or none
 * @vn: the namespace; the caller holds RTNL and its lock
 * @batch: the batch, of the current generation; the caller frees it, even on
 *	failure
 * @cfg_err: filled in on failure, except for -ENOMEM
 *
 * Return: 0, or a negative errno; nothing has changed then.
 */
int vdhcp_commit_batch(struct vdhcp_net *vn, struct vdhcp_batch *batch,
		       struct vdhcp_cfg_err *cfg_err)
{
	int err;

	ASSERT_RTNL();
	lockdep_assert_held(&vn->lock);
	err = prepare_batch(vn, batch, cfg_err);
	if (err)
		undo_batch(vn, batch);
	else
		publish_batch(vn, batch);
	return err;
}
