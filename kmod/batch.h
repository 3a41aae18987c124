/* SPDX-License-Identifier: GPL-2.0 */
/* Batches: several requests of one socket that belong together. */
#ifndef VDHCP_BATCH_H
#define VDHCP_BATCH_H

#include "port.h"

struct sock;

/**
 * struct vdhcp_subnet_draft - what a batch does with one subnet
 * @node: in vdhcp_batch.subnets
 * @name: which one
 * @old: what there is of that name, or NULL
 * @subnet: what there will be, in no table yet; NULL if it is removed
 */
struct vdhcp_subnet_draft {
	struct rb_node node;
	char name[VDHCP_NAME_MAX + 1];
	struct vdhcp_subnet *old;
	struct vdhcp_subnet *subnet;
};

/**
 * struct vdhcp_port_draft - what a batch does with one port
 * @node: in vdhcp_batch.ports
 * @dev: name of its device
 * @vlan: VLAN id, 0 for untagged
 * @added: @port is new and in no slot yet
 * @removed: @port goes
 * @moved: first draft of a device of which ports come or go
 * @made: with @moved, @tap was made for this batch
 * @port: the port
 * @snap: what it will be; NULL if it goes
 * @tap: with @moved, the device
 * @slots: with @moved, the ports of the device to be; NULL if there are none
 *
 * @moved and what depends on it are set by a commit.
 */
struct vdhcp_port_draft {
	struct rb_node node;
	char dev[IFNAMSIZ];
	u16 vlan;
	bool added;
	bool removed;
	bool moved;
	bool made;
	struct vdhcp_port *port;
	struct vdhcp_port_snap *snap;
	struct vdhcp_tap *tap;
	struct vdhcp_slots *slots;
};

/**
 * struct vdhcp_batch - what a socket has begun
 * @node: in vdhcp_net.batches
 * @sk: the socket, held; its number may be another's before it is gone
 * @mode: enum vdhcp_batch_mode
 * @failed: one request was refused, so all that follow are
 * @requests: how many an atomic batch has kept
 * @generation: of the configuration that an atomic batch was made for, whole:
 *	32 bits can be gone through
 * @subnets: struct vdhcp_subnet_draft by name
 * @ports: struct vdhcp_port_draft by device name and VLAN id
 *
 * Belongs to vdhcp_net.lock. Drafts point into the tables; that the generation
 * is still the same says that what they point to is still there.
 */
struct vdhcp_batch {
	struct list_head node;
	struct sock *sk;
	u8 mode;
	bool failed;
	u32 requests;
	u64 generation;
	struct rb_root subnets;
	struct rb_root ports;
};

static inline struct vdhcp_subnet_draft *vdhcp_subnet_draft(struct rb_node *node)
{
	return rb_entry_safe(node, struct vdhcp_subnet_draft, node);
}

static inline struct vdhcp_port_draft *vdhcp_port_draft(struct rb_node *node)
{
	return rb_entry_safe(node, struct vdhcp_port_draft, node);
}

/* batch.c */
struct vdhcp_batch *vdhcp_batch_find(const struct vdhcp_net *vn, const struct sock *sk);
struct vdhcp_batch *vdhcp_batch_new(struct sock *sk, u8 mode);
void vdhcp_batch_begin(struct vdhcp_net *vn, struct vdhcp_batch *batch);
struct vdhcp_batch *vdhcp_batch_end(struct vdhcp_net *vn, const struct sock *sk);
struct vdhcp_batch *vdhcp_batch_end_dead(struct vdhcp_net *vn);
struct vdhcp_batch *vdhcp_batch_end_any(struct vdhcp_net *vn);
void vdhcp_batch_free(struct vdhcp_batch *batch);
struct vdhcp_subnet_draft *vdhcp_batch_subnet(const struct vdhcp_batch *batch,
					      const char *name);
struct vdhcp_port_draft *vdhcp_batch_port(const struct vdhcp_batch *batch, const char *dev,
					  u16 vlan);
int vdhcp_batch_put_subnet(struct vdhcp_batch *batch, const char *name,
			   struct vdhcp_subnet *old, struct vdhcp_subnet *subnet);
struct vdhcp_port_draft *vdhcp_batch_put_port(struct vdhcp_batch *batch, const char *dev,
					      u16 vlan, struct vdhcp_port *port,
					      struct vdhcp_port_snap *snap);
void vdhcp_batch_forget_port(struct vdhcp_batch *batch, struct vdhcp_port_draft *draft);

/* batch_commit.c */
int vdhcp_batch_commit(struct vdhcp_net *vn, struct vdhcp_batch *batch,
		       struct vdhcp_cfg_err *cfg_err);

#endif /* VDHCP_BATCH_H */
