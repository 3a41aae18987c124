// SPDX-License-Identifier: GPL-2.0
/*
 * Batches: requests that a socket sends as one unit, and the changes that an
 * atomic batch stages. A batch ends when it is committed, when its socket is
 * closed, or when its namespace exits.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <net/sock.h>
#include "batch.h"
#include "port.h"
#include "subnet.h"

/* Key of a staged port. Staged ports have the order of the tables. */
struct port_key {
	const char *dev;
	u16 vlan;
};

static int compare_staged_port(const void *key, const struct rb_node *node)
{
	const struct vdhcp_batch_port *staged = vdhcp_batch_port_of(node);
	const struct port_key *port = key;

	return strcmp(port->dev, staged->dev) ?: (int)port->vlan - staged->vlan;
}

static bool is_staged_port_less(struct rb_node *a, const struct rb_node *b)
{
	const struct vdhcp_batch_port *staged = vdhcp_batch_port_of(a);
	const struct port_key key = {
		.dev = staged->dev, .vlan = staged->vlan,
	};

	return compare_staged_port(&key, b) < 0;
}

static int compare_staged_subnet(const void *name, const struct rb_node *node)
{
	return strcmp(name, vdhcp_batch_subnet_of(node)->name);
}

static bool is_staged_subnet_less(struct rb_node *a, const struct rb_node *b)
{
	return compare_staged_subnet(vdhcp_batch_subnet_of(a)->name, b) < 0;
}

/**
 * vdhcp_batch_find_subnet() - find the staged change of a subnet
 * @batch: the batch
 * @name: name of the subnet
 *
 * Return: the staged change, NULL if the batch does not change the subnet.
 */
struct vdhcp_batch_subnet *
vdhcp_batch_find_subnet(const struct vdhcp_batch *batch, const char *name)
{
	struct rb_node *node = rb_find(name, &batch->subnets,
				       compare_staged_subnet);

	return vdhcp_batch_subnet_of(node);
}

/**
 * vdhcp_batch_find_port() - find the staged change of a port
 * @batch: the batch
 * @dev: name of the port's device
 * @vlan: VLAN id of the port
 *
 * Return: the staged change, NULL if the batch does not change the port.
 */
struct vdhcp_batch_port *vdhcp_batch_find_port(const struct vdhcp_batch *batch,
					       const char *dev, u16 vlan)
{
	const struct port_key key = { .dev = dev, .vlan = vlan };
	struct rb_node *node;

	node = rb_find(&key, &batch->ports, compare_staged_port);
	return vdhcp_batch_port_of(node);
}

/* How an object changes: does it exist before the batch, and after it? */
static enum vdhcp_change classify_change(bool before, bool after)
{
	if (!before)
		return VDHCP_CHANGE_ADDED;
	return after ? VDHCP_CHANGE_CHANGED : VDHCP_CHANGE_REMOVED;
}

/**
 * vdhcp_batch_stage_subnet() - stage a change of a subnet
 * @batch: the batch, which has not staged a change of the subnet yet
 * @name: name of the subnet
 * @old: the subnet of that name in the table, or NULL
 * @subnet: from vdhcp_subnet_make(), owned by the batch from now on; NULL to
 *	remove @old
 *
 * Return: 0, or -ENOMEM; nothing has changed then.
 */
int vdhcp_batch_stage_subnet(struct vdhcp_batch *batch, const char *name,
			     struct vdhcp_subnet *old,
			     struct vdhcp_subnet *subnet)
{
	struct vdhcp_batch_subnet *staged;

	staged = kzalloc(sizeof(*staged), GFP_KERNEL_ACCOUNT);
	if (!staged)
		return -ENOMEM;
	strscpy(staged->name, name, sizeof(staged->name));
	staged->change = classify_change(old, subnet);
	staged->old = old;
	staged->subnet = subnet;
	rb_add(&staged->node, &batch->subnets, is_staged_subnet_less);
	return 0;
}

/**
 * vdhcp_batch_stage_port() - stage a change of a port
 * @vn: the namespace; the caller holds its lock
 * @batch: the batch, which has not staged a change of the port yet
 * @dev: name of the port's device
 * @vlan: VLAN id of the port
 * @port: the port in the table, or NULL
 * @snap: the port's next snapshot, owned by the batch from now on; NULL to
 *	remove @port
 *
 * Return: the staged change, or NULL if there is no memory; nothing has changed
 * then.
 */
struct vdhcp_batch_port *vdhcp_batch_stage_port(struct vdhcp_net *vn,
						struct vdhcp_batch *batch,
						const char *dev, u16 vlan,
						struct vdhcp_port *port,
						struct vdhcp_port_snap *snap)
{
	struct vdhcp_batch_port *staged;

	staged = kzalloc(sizeof(*staged), GFP_KERNEL_ACCOUNT);
	if (!staged)
		return NULL;
	strscpy(staged->dev, dev, sizeof(staged->dev));
	staged->vlan = vlan;
	staged->change = classify_change(port, snap);
	staged->port = port;
	staged->snap = snap;
	staged->removed = !snap;
	if (!port) {
		staged->added = true;
		staged->port = vdhcp_port_alloc();
		if (!staged->port)
			goto err_staged;
	}
	if (snap && vdhcp_port_reserve(vn, staged->port, snap))
		goto err_port;
	rb_add(&staged->node, &batch->ports, is_staged_port_less);
	return staged;

err_port:
	if (staged->added)
		vdhcp_port_free(staged->port);
err_staged:
	kfree(staged);
	return NULL;
}

/**
 * vdhcp_batch_unstage_port() - drop the staged change of a port
 * @batch: the batch
 * @staged: a staged change of the batch; it is freed with its snapshot, and
 *	with its port if the port is in no table
 */
void vdhcp_batch_unstage_port(struct vdhcp_batch *batch,
			      struct vdhcp_batch_port *staged)
{
	rb_erase(&staged->node, &batch->ports);
	if (staged->added)
		vdhcp_port_free(staged->port);
	kvfree(staged->snap);
	kfree(staged);
}

/**
 * vdhcp_batch_find() - find the batch of a socket
 * @vn: the namespace; the caller holds its lock
 * @sk: the socket
 *
 * Searches a list, because few batches are open at a time.
 *
 * Return: the batch, NULL if the socket has none.
 */
struct vdhcp_batch *vdhcp_batch_find(const struct vdhcp_net *vn,
				     const struct sock *sk)
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
 * @sk: the socket that sent the request
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
 * @batch: a batch of a socket that has no other batch
 */
void vdhcp_batch_begin(struct vdhcp_net *vn, struct vdhcp_batch *batch)
{
	lockdep_assert_held(&vn->lock);
	batch->generation = vn->generation;
	list_add(&batch->node, &vn->batches);
}

static struct vdhcp_batch *unlink_batch(struct vdhcp_batch *batch)
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
 * The caller passes the batch to vdhcp_batch_free() without the lock, because
 * freeing a large batch takes long.
 *
 * Return: the batch, NULL if there is none.
 */
struct vdhcp_batch *vdhcp_batch_end(struct vdhcp_net *vn, const struct sock *sk)
{
	return unlink_batch(vdhcp_batch_find(vn, sk));
}

/**
 * vdhcp_batch_end_dead() - end the batch of any closed socket
 * @vn: the namespace; the caller holds its lock
 *
 * Return: the batch as for vdhcp_batch_end(), NULL if there is none.
 */
struct vdhcp_batch *vdhcp_batch_end_dead(struct vdhcp_net *vn)
{
	struct vdhcp_batch *batch;

	lockdep_assert_held(&vn->lock);
	list_for_each_entry(batch, &vn->batches, node)
		if (sock_flag(batch->sk, SOCK_DEAD))
			return unlink_batch(batch);
	return NULL;
}

/**
 * vdhcp_batch_end_any() - end any batch
 * @vn: the namespace; the caller holds its lock
 *
 * Return: the batch as for vdhcp_batch_end(), NULL if there is none.
 */
struct vdhcp_batch *vdhcp_batch_end_any(struct vdhcp_net *vn)
{
	lockdep_assert_held(&vn->lock);
	return unlink_batch(list_first_entry_or_null(&vn->batches,
						     struct vdhcp_batch, node));
}

/**
 * vdhcp_batch_free() - free a batch that has ended, with its staged changes
 * @batch: the batch or NULL
 *
 * Context: process.
 */
void vdhcp_batch_free(struct vdhcp_batch *batch)
{
	struct vdhcp_batch_subnet *staged;
	struct rb_node *node;

	if (!batch)
		return;
	while ((node = rb_first(&batch->ports))) {
		vdhcp_batch_unstage_port(batch, vdhcp_batch_port_of(node));
		cond_resched();
	}
	while ((node = rb_first(&batch->subnets))) {
		staged = vdhcp_batch_subnet_of(node);
		rb_erase(node, &batch->subnets);
		vdhcp_subnet_free(staged->subnet);
		kfree(staged);
		cond_resched();
	}
	sock_put(batch->sk);
	kfree(batch);
}
