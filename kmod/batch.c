// SPDX-License-Identifier: GPL-2.0
/*
 * Batches: what a socket has begun, and the drafts that an atomic one keeps.
 * A batch ends with its commit, with its socket, or with the module.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <net/sock.h>
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
 * @snap: what there will be, which is the batch's from now on; NULL to remove
 *	@port
 *
 * Return: the draft, or NULL if there is no memory and nothing has changed.
 */
struct vdhcp_port_draft *vdhcp_batch_put_port(struct vdhcp_batch *batch, const char *dev,
					      u16 vlan, struct vdhcp_port *port,
					      struct vdhcp_port_snap *snap)
{
	struct rb_node **link = &batch->ports.rb_node, *parent = NULL;
	struct vdhcp_port_draft *draft;

	draft = kzalloc(sizeof(*draft), GFP_KERNEL_ACCOUNT);
	if (!draft)
		return NULL;
	strscpy(draft->dev, dev, sizeof(draft->dev));
	draft->vlan = vlan;
	draft->port = port;
	draft->snap = snap;
	draft->removed = !snap;
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
	kvfree(draft->snap);
	kfree(draft);
}

/**
 * vdhcp_batch_find() - the batch of a socket
 * @vn: the namespace; the caller holds its lock
 * @sk: the socket
 *
 * There are few batches at a time, so this is a list.
 *
 * Return: the batch, NULL if the socket has none.
 */
struct vdhcp_batch *vdhcp_batch_find(const struct vdhcp_net *vn, const struct sock *sk)
{
	struct vdhcp_batch *batch;

	lockdep_assert_held(&vn->lock);
	list_for_each_entry(batch, &vn->batches, node)
		if (batch->sk == sk)
			return batch;
	return NULL;
}

/**
 * vdhcp_batch_new() - make an empty batch
 * @sk: the socket that asks for it
 * @mode: enum vdhcp_batch_mode
 *
 * Return: the batch, for vdhcp_batch_begin() or vdhcp_batch_free(), or NULL if
 * there is no memory.
 */
struct vdhcp_batch *vdhcp_batch_new(struct sock *sk, u8 mode)
{
	struct vdhcp_batch *batch = kzalloc(sizeof(*batch), GFP_KERNEL_ACCOUNT);

	if (!batch)
		return NULL;
	sock_hold(sk);
	batch->sk = sk;
	batch->mode = mode;
	batch->subnets = RB_ROOT;
	batch->ports = RB_ROOT;
	return batch;
}

/**
 * vdhcp_batch_begin() - begin a batch
 * @vn: the namespace; the caller holds its lock
 * @batch: the batch, of a socket that has none
 */
void vdhcp_batch_begin(struct vdhcp_net *vn, struct vdhcp_batch *batch)
{
	lockdep_assert_held(&vn->lock);
	batch->generation = vn->generation;
	list_add(&batch->node, &vn->batches);
}

static struct vdhcp_batch *take(struct vdhcp_batch *batch)
{
	if (batch)
		list_del(&batch->node);
	return batch;
}

/**
 * vdhcp_batch_end() - end the batch of a socket
 * @vn: the namespace; the caller holds its lock
 * @sk: the socket
 *
 * Return: the batch, for vdhcp_batch_free() without the lock, as it may be
 * large; NULL if there was none.
 */
struct vdhcp_batch *vdhcp_batch_end(struct vdhcp_net *vn, const struct sock *sk)
{
	return take(vdhcp_batch_find(vn, sk));
}

/**
 * vdhcp_batch_end_dead() - end the batch of a socket that is closed
 * @vn: the namespace; the caller holds its lock
 *
 * Return: as vdhcp_batch_end().
 */
struct vdhcp_batch *vdhcp_batch_end_dead(struct vdhcp_net *vn)
{
	struct vdhcp_batch *batch;

	lockdep_assert_held(&vn->lock);
	list_for_each_entry(batch, &vn->batches, node)
		if (sock_flag(batch->sk, SOCK_DEAD))
			return take(batch);
	return NULL;
}

/**
 * vdhcp_batch_end_any() - end some batch
 * @vn: the namespace; the caller holds its lock
 *
 * Return: as vdhcp_batch_end().
 */
struct vdhcp_batch *vdhcp_batch_end_any(struct vdhcp_net *vn)
{
	lockdep_assert_held(&vn->lock);
	return take(list_first_entry_or_null(&vn->batches, struct vdhcp_batch, node));
}

/**
 * vdhcp_batch_free() - free a batch that has ended, and what it did not publish
 * @batch: the batch or NULL
 *
 * Context: process.
 */
void vdhcp_batch_free(struct vdhcp_batch *batch)
{
	struct vdhcp_subnet_draft *subnet;
	struct rb_node *node;

	if (!batch)
		return;
	while ((node = rb_first(&batch->ports))) {
		vdhcp_batch_forget_port(batch, vdhcp_port_draft(node));
		cond_resched();
	}
	while ((node = rb_first(&batch->subnets))) {
		subnet = vdhcp_subnet_draft(node);
		rb_erase(node, &batch->subnets);
		vdhcp_subnet_free(subnet->subnet);
		kfree(subnet);
		cond_resched();
	}
	sock_put(batch->sk);
	kfree(batch);
}
