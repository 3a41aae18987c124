// SPDX-License-Identifier: GPL-2.0
/*
 * An atomic batch takes effect: first all is prepared that can fail, beside
 * the tables and out of packets' sight, then all is published, which cannot.
 *
 * For each guest it is one step from old to new. A port that stays gets
 * another snap, by one pointer, and that snapshot leads to its subnet; a subnet
 * that changes is another object, to which its ports change over with their
 * snapshots. So no packet meets a new address in an old subnet, and none meets no
 * port at all.
 */
#include <linux/mm.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include "batch.h"

static struct vdhcp_subnet_draft *first_subnet(const struct vdhcp_batch *batch)
{
	return vdhcp_subnet_draft(rb_first(&batch->subnets));
}

static struct vdhcp_subnet_draft *next_subnet(const struct vdhcp_subnet_draft *draft)
{
	return vdhcp_subnet_draft(rb_next(&draft->node));
}

static struct vdhcp_port_draft *first_port(const struct vdhcp_batch *batch)
{
	return vdhcp_port_draft(rb_first(&batch->ports));
}

static struct vdhcp_port_draft *next_port(const struct vdhcp_port_draft *draft)
{
	return vdhcp_port_draft(rb_next(&draft->node));
}

/* The drafts of one device are neighbours. */
static struct vdhcp_port_draft *next_on_tap(const struct vdhcp_port_draft *draft)
{
	struct vdhcp_port_draft *next = next_port(draft);

	return next && !strcmp(next->dev, draft->dev) ? next : NULL;
}

static int refuse_used(struct vdhcp_cfg_err *cfg_err, const struct vdhcp_subnet_draft *subnet,
		       const char *dev)
{
	return vdhcp_port_refuse(cfg_err, -EBUSY, 0, "subnet %.31s is used by port %s",
				 subnet->name, dev);
}

/* The ports of a subnet that is replaced change over, those of one that goes are in the way. */
static int move_ports(const struct vdhcp_net *vn, struct vdhcp_batch *batch,
		      const struct vdhcp_subnet_draft *subnet, struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_port_snap *snap;
	struct vdhcp_port *port;

	list_for_each_entry(port, &subnet->old->ports, peers) {
		cond_resched();
		if (vdhcp_batch_port(batch, port->tap->name, port->vlan))
			continue;
		if (!subnet->subnet)
			return refuse_used(cfg_err, subnet, port->tap->name);
		snap = vdhcp_port_copy_snap(vn, port, subnet->subnet, cfg_err);
		if (IS_ERR(snap))
			return PTR_ERR(snap);
		if (!vdhcp_batch_put_port(batch, port->tap->name, port->vlan, port, snap)) {
			kvfree(snap);
			return -ENOMEM;
		}
	}
	return 0;
}

/* A port may have been drafted before its subnet was. */
static int move_draft(const struct vdhcp_net *vn, const struct vdhcp_batch *batch,
		      struct vdhcp_port_draft *draft, struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_subnet *old = draft->snap ? draft->snap->subnet : NULL;
	const struct vdhcp_subnet_draft *subnet;
	struct vdhcp_cfg_err why;

	subnet = old ? vdhcp_batch_subnet(batch, old->spec->name) : NULL;
	if (!subnet || subnet->old != old)
		return 0;
	if (!subnet->subnet)
		return refuse_used(cfg_err, subnet, draft->dev);
	if (vdhcp_port_fits(&draft->snap->conf, vdhcp_subnet_get_conf(vn, subnet->subnet), &why))
		return vdhcp_port_refuse(cfg_err, -EINVAL, 0, "port %s vlan %u: %s", draft->dev,
					 draft->vlan, why.text);
	draft->snap->subnet = subnet->subnet;
	return 0;
}

/* The old ports of a device and the drafts, in the order of their VLAN ids. */
static void merge(struct vdhcp_slots *slots, const struct vdhcp_slots *old,
		  const struct vdhcp_port_draft *draft)
{
	unsigned int i, n = 0;

	for (i = 0; old && i < old->n; i++) {
		for (; draft && draft->vlan < old->port[i]->vlan; draft = next_on_tap(draft))
			slots->port[n++] = draft->port;
		if (draft && draft->port == old->port[i]) {
			if (!draft->removed)
				slots->port[n++] = draft->port;
			draft = next_on_tap(draft);
		} else {
			slots->port[n++] = old->port[i];
		}
	}
	for (; draft; draft = next_on_tap(draft))
		slots->port[n++] = draft->port;
	WARN_ON_ONCE(n != slots->n);
}

/* @first is the first draft of a device. A tap that is made here answers nobody yet. */
static int prepare_tap(struct vdhcp_net *vn, struct vdhcp_port_draft *first,
		       struct vdhcp_cfg_err *cfg_err)
{
	const struct vdhcp_port_draft *draft;
	const struct vdhcp_slots *old;
	unsigned int added = 0, removed = 0, n;
	struct vdhcp_tap *tap;

	for (draft = first; draft; draft = next_on_tap(draft)) {
		added += draft->added;
		removed += draft->removed;
	}
	if (!added && !removed)
		return 0;
	tap = vdhcp_tap_find(vn, first->dev);
	first->made = !tap;
	/* A device that cannot be attached to is in the way of no port that goes. */
	if (added)
		tap = vdhcp_tap_get(vn, first->dev, cfg_err);
	if (IS_ERR(tap))
		return PTR_ERR(tap);
	first->tap = tap;
	first->moved = true;
	old = vdhcp_port_slots(vn, tap);
	n = (old ? old->n : 0) + added - removed;
	if (!n)
		return 0;
	first->slots = vdhcp_slots_alloc(n);
	if (!first->slots)
		return -ENOMEM;
	merge(first->slots, old, first);
	return 0;
}

static int prepare_taps(struct vdhcp_net *vn, struct vdhcp_batch *batch,
			struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_port_draft *draft, *last = NULL;
	int err = 0;

	for (draft = first_port(batch); draft; draft = next_port(draft)) {
		if (!last || strcmp(last->dev, draft->dev))
			err = prepare_tap(vn, draft, cfg_err);
		if (err)
			return err;
		last = draft;
		cond_resched();
	}
	return 0;
}

static int prepare(struct vdhcp_net *vn, struct vdhcp_batch *batch, struct vdhcp_cfg_err *cfg_err)
{
	const struct vdhcp_subnet_draft *subnet;
	struct vdhcp_port_draft *draft;
	int err;

	for (draft = first_port(batch); draft; draft = next_port(draft)) {
		cond_resched();
		err = move_draft(vn, batch, draft, cfg_err);
		if (err)
			return err;
	}
	for (subnet = first_subnet(batch); subnet; subnet = next_subnet(subnet)) {
		err = subnet->old ? move_ports(vn, batch, subnet, cfg_err) : 0;
		if (err)
			return err;
	}
	return prepare_taps(vn, batch, cfg_err);
}

/* What prepare() did outside of the batch. */
static void undo(struct vdhcp_net *vn, struct vdhcp_batch *batch)
{
	struct vdhcp_port_draft *draft;

	for (draft = first_port(batch); draft; draft = next_port(draft)) {
		cond_resched();
		if (!draft->moved)
			continue;
		kvfree(draft->slots);
		if (draft->made)
			vdhcp_tap_del(vn, draft->tap);
		draft->moved = false;
	}
}

/* The ports of one device, of which @first is the first draft. */
static void publish_tap(struct vdhcp_net *vn, struct vdhcp_port_draft *first)
{
	struct vdhcp_tap *tap = first->tap;
	struct vdhcp_port_draft *draft;
	struct vdhcp_slots *old;

	for (draft = first; draft; draft = next_on_tap(draft)) {
		if (draft->added) {
			draft->port->tap = tap;
			draft->port->vlan = draft->vlan;
			vdhcp_port_enter(vn, draft->port, draft->snap);
			draft->added = false;
		} else if (draft->snap) {
			vdhcp_port_publish(vn, draft->port, draft->snap);
		}
		draft->snap = NULL;
	}
	if (!first->moved)
		return;
	old = vdhcp_port_slots(vn, tap);
	rcu_assign_pointer(tap->slots, first->slots);
	for (draft = first; draft; draft = next_on_tap(draft))
		if (draft->removed)
			vdhcp_port_drop(vn, draft->port);
	if (!first->slots)
		vdhcp_tap_del(vn, tap);
	if (old)
		kvfree_rcu(old, rcu);
}

static void publish(struct vdhcp_net *vn, struct vdhcp_batch *batch)
{
	struct vdhcp_port_draft *draft, *last = NULL;
	struct vdhcp_subnet_draft *subnet;

	for (subnet = first_subnet(batch); subnet; subnet = next_subnet(subnet)) {
		if (!subnet->old)
			vdhcp_subnet_insert(vn, subnet->subnet);
		cond_resched();
	}
	for (draft = first_port(batch); draft; draft = next_port(draft)) {
		if (!last || strcmp(last->dev, draft->dev))
			publish_tap(vn, draft);
		last = draft;
		cond_resched();
	}
	for (subnet = first_subnet(batch); subnet; subnet = next_subnet(subnet)) {
		if (subnet->old && subnet->subnet)
			vdhcp_subnet_replace(vn, subnet->old, subnet->subnet);
		else if (subnet->old)
			vdhcp_subnet_erase(vn, subnet->old);
		subnet->subnet = NULL;
		cond_resched();
	}
}

/**
 * vdhcp_batch_commit() - let an atomic batch take effect
 * @vn: the namespace; the caller holds RTNL and its lock
 * @batch: the batch, of the current generation; the caller drops it, whatever
 *	the outcome
 * @cfg_err: why not, unless for -ENOMEM
 *
 * Return: 0, or a negative errno and nothing has changed.
 */
int vdhcp_batch_commit(struct vdhcp_net *vn, struct vdhcp_batch *batch,
		       struct vdhcp_cfg_err *cfg_err)
{
	int err;

	ASSERT_RTNL();
	lockdep_assert_held(&vn->lock);
	err = prepare(vn, batch, cfg_err);
	if (err)
		undo(vn, batch);
	else
		publish(vn, batch);
	return err;
}
