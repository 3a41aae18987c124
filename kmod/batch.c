// SPDX-License-Identifier: GPL-2.0
/*
 * Batches: what a socket has begun, and the drafts that an atomic one keeps.
 * A batch ends with its commit, with its socket, or with the module.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include "batch.h"

/* The order of the tables: by device, then by VLAN id. */
static int compare(const struct vdhcp_port_draft *draft, const char *dev, u16 vlan)
{
	return strcmp(dev, draft->dev) ?: (int)vlan - draft->vlan;
}

/**
 * vdhcp_batch_subnet() - what a batch does with a subnet
 * @batch: the batch
 * @name: name of the subnet
 *
 * Return: the draft, NULL if the batch does nothing with it.
 */
struct vdhcp_subnet_draft *vdhcp_batch_subnet(const struct vdhcp_batch *batch, const char *name)
{
	struct vdhcp_subnet_draft *draft;
	struct rb_node *node;
	int diff;

	for (node = batch->subnets.rb_node; node;
	     node = diff < 0 ? node->rb_left : node->rb_right) {
		draft = vdhcp_subnet_draft(node);
		diff = strcmp(name, draft->name);
		if (!diff)
			return draft;
	}
	return NULL;
}

/**
 * vdhcp_batch_port() - what a batch does with a port
 * @batch: the batch
 * @dev: name of the port's device
 * @vlan: VLAN id of the port
 *
 * Return: the draft, NULL if the batch does nothing with it.
 */
struct vdhcp_port_draft *vdhcp_batch_port(const struct vdhcp_batch *batch, const char *dev,
					  u16 vlan)
{
	struct vdhcp_port_draft *draft;
	struct rb_node *node;
	int diff;

	for (node = batch->ports.rb_node; node;
	     node = diff < 0 ? node->rb_left : node->rb_right) {
		draft = vdhcp_port_draft(node);
		diff = compare(draft, dev, vlan);
		if (!diff)
			return draft;
	}
	return NULL;
}

/**
 * vdhcp_batch_put_subnet() - add a subnet to a batch
 * @batch: the batch, which does nothing with it yet
 * @name: name of the subnet
 * @old: what there is of that name, or NULL
 * @subnet: from vdhcp_subnet_make(), which is the batch's from now on; NULL to
 *	remove @old
 *
 * Return: 0, or -ENOMEM and nothing has changed.
 */
int vdhcp_batch_put_subnet(struct vdhcp_batch *batch, const char *name,
			   struct vdhcp_subnet *old, struct vdhcp_subnet *subnet)
{
	struct rb_node **link = &batch->subnets.rb_node, *parent = NULL;
	struct vdhcp_subnet_draft *draft;

	draft = kzalloc(sizeof(*draft), GFP_KERNEL_ACCOUNT);
	if (!draft)
		return -ENOMEM;
	strscpy(draft->name, name, sizeof(draft->name));
	draft->old = old;
	draft->subnet = subnet;
	while (*link) {
		parent = *link;
		if (strcmp(name, vdhcp_subnet_draft(parent)->name) < 0)
			link = &parent->rb_left;
		else
			link = &parent->rb_right;
	}
	rb_link_node(&draft->node, parent, link);
	rb_insert_color(&draft->node, &batch->subnets);
	return 0;
}

/**
 * vdhcp_batch_put_port() - add a port to a batch
 * @batch: the batch, which does nothing with it yet
 * @dev: name of the port's device
 * @vlan: VLAN id of the port
 * @port: what there is of that key, or NULL
 * @view: what there will be, which is the batch's from now on; NULL to remove
 *	@port
 *
 * Return: the draft, or NULL if there is no memory and nothing has changed.
 */
struct vdhcp_port_draft *vdhcp_batch_put_port(struct vdhcp_batch *batch, const char *dev,
					      u16 vlan, struct vdhcp_port *port,
					      struct vdhcp_port_view *view)
{
	struct rb_node **link = &batch->ports.rb_node, *parent = NULL;
	struct vdhcp_port_draft *draft;

	draft = kzalloc(sizeof(*draft), GFP_KERNEL_ACCOUNT);
	if (!draft)
		return NULL;
	strscpy(draft->dev, dev, sizeof(draft->dev));
	draft->vlan = vlan;
	draft->port = port;
	draft->view = view;
	draft->removed = !view;
	if (!port) {
		draft->added = true;
		draft->port = kzalloc(sizeof(*port), GFP_KERNEL_ACCOUNT);
		if (!draft->port) {
			kfree(draft);
			return NULL;
		}
	}
	while (*link) {
		parent = *link;
		if (compare(vdhcp_port_draft(parent), dev, vlan) < 0)
			link = &parent->rb_left;
		else
			link = &parent->rb_right;
	}
	rb_link_node(&draft->node, parent, link);
	rb_insert_color(&draft->node, &batch->ports);
	return draft;
}

/**
 * vdhcp_batch_forget_port() - take a port out of a batch
 * @batch: the batch
 * @draft: one of its drafts; what the tables do not own is freed with it
 */
void vdhcp_batch_forget_port(struct vdhcp_batch *batch, struct vdhcp_port_draft *draft)
{
	rb_erase(&draft->node, &batch->ports);
	if (draft->added)
		kfree(draft->port);
	kvfree(draft->view);
	kfree(draft);
}

/**
 * vdhcp_batch_find() - the batch of a socket
 * @vn: the namespace; the caller holds its lock
 * @portid: the socket
 *
 * There are few batches at a time, so this is a list.
 *
 * Return: the batch, NULL if the socket has none.
 */
struct vdhcp_batch *vdhcp_batch_find(const struct vdhcp_net *vn, u32 portid)
{
	struct vdhcp_batch *batch;

	lockdep_assert_held(&vn->lock);
	list_for_each_entry(batch, &vn->batches, node)
		if (batch->portid == portid)
			return batch;
	return NULL;
}

/**
 * vdhcp_batch_begin() - begin a batch, instead of one that the socket has
 * @vn: the namespace; the caller holds its lock
 * @portid: the socket
 * @mode: enum vdhcp_batch_mode
 * @generation: of the configuration that it is for, if atomic
 *
 * Return: 0, or -ENOMEM and the socket has none.
 */
int vdhcp_batch_begin(struct vdhcp_net *vn, u32 portid, u8 mode, u32 generation)
{
	struct vdhcp_batch *batch;

	vdhcp_batch_drop(vn, portid);
	batch = kzalloc(sizeof(*batch), GFP_KERNEL_ACCOUNT);
	if (!batch)
		return -ENOMEM;
	batch->portid = portid;
	batch->mode = mode;
	batch->generation = generation;
	batch->subnets = RB_ROOT;
	batch->ports = RB_ROOT;
	list_add(&batch->node, &vn->batches);
	return 0;
}

static void drop(struct vdhcp_batch *batch)
{
	struct vdhcp_subnet_draft *subnet;
	struct rb_node *node;

	while ((node = rb_first(&batch->ports))) {
		vdhcp_batch_forget_port(batch, vdhcp_port_draft(node));
		cond_resched();
	}
	while ((node = rb_first(&batch->subnets))) {
		subnet = vdhcp_subnet_draft(node);
		rb_erase(node, &batch->subnets);
		vdhcp_subnet_free(subnet->subnet);
		kfree(subnet);
	}
	list_del(&batch->node);
	kfree(batch);
}

/**
 * vdhcp_batch_drop() - forget the batch of a socket if it has one
 * @vn: the namespace; the caller holds its lock
 * @portid: the socket
 */
void vdhcp_batch_drop(struct vdhcp_net *vn, u32 portid)
{
	struct vdhcp_batch *batch = vdhcp_batch_find(vn, portid);

	if (batch)
		drop(batch);
}

/**
 * vdhcp_batch_drop_all() - forget the batches of all sockets
 * @vn: the namespace; the caller holds its lock
 */
void vdhcp_batch_drop_all(struct vdhcp_net *vn)
{
	struct vdhcp_batch *batch, *next;

	lockdep_assert_held(&vn->lock);
	list_for_each_entry_safe(batch, next, &vn->batches, node)
		drop(batch);
}
