/* SPDX-License-Identifier: GPL-2.0 */
/* Batches: several requests of one socket that belong together. */
#ifndef VDHCP_BATCH_H
#define VDHCP_BATCH_H

#include <linux/if.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/vdhcp.h>
#include "net.h"

struct sock;
struct vdhcp_port;
struct vdhcp_port_array;
struct vdhcp_port_snap;
struct vdhcp_subnet;
struct vdhcp_tap;

/**
 * struct vdhcp_batch_subnet - a change of one subnet that a batch has staged
 * @node: in vdhcp_batch.subnets
 * @name: name of the subnet
 * @change: how the batch changes the subnet
 * @old: the subnet of that name in the table, or NULL
 * @subnet: the subnet that replaces @old, in no table yet; NULL if @old is
 *	removed
 */
struct vdhcp_batch_subnet {
	struct rb_node node;
	char name[VDHCP_NAME_MAX + 1];
	enum vdhcp_change change;
	struct vdhcp_subnet *old;
	struct vdhcp_subnet *subnet;
};

/**
 * struct vdhcp_batch_port - a change of one port that a batch has staged
 * @node: in vdhcp_batch.ports
 * @dev: name of the port's device
 * @vlan: VLAN id, 0 for untagged
 * @change: how the batch changes the port; 0 if only a subnet of the port
 *	changes
 * @added: @port is new and in no array yet
 * @removed: @port is removed
 * @array_changed: the device's array of ports changes, and this is the first
 *	staged port of the device
 * @tap_created: @tap was created for this batch; present if @array_changed is
 *	set
 * @port: the port
 * @snap: the port's next snapshot; NULL if the port is removed
 * @tap: the device; present if @array_changed is set
 * @ports: the device's next array of ports, NULL if no port is left; present if
 *	@array_changed is set
 *
 * A commit sets @array_changed and the members that depend on it.
 */
struct vdhcp_batch_port {
	struct rb_node node;
	char dev[IFNAMSIZ];
	u16 vlan;
	enum vdhcp_change change;
	bool added;
	bool removed;
	bool array_changed;
	bool tap_created;
	struct vdhcp_port *port;
	struct vdhcp_port_snap *snap;
	struct vdhcp_tap *tap;
	struct vdhcp_port_array *ports;
};

/**
 * struct vdhcp_batch - a batch of a socket
 * @node: in vdhcp_net.batches
 * @sk: the socket; the batch holds a reference, because a new socket can get
 *	the port id of a closed one
 * @mode: enum vdhcp_batch_mode
 * @failed: one request was refused, so all later requests are refused
 * @requests: number of requests that an atomic batch has received
 * @generation: generation of the configuration when the batch began; 64 bits,
 *	because 32 bits can wrap
 * @subnets: struct vdhcp_batch_subnet by name
 * @ports: struct vdhcp_batch_port by device name and VLAN id
 *
 * Protected by vdhcp_net.lock. Staged changes point into the tables. These
 * pointers are valid as long as vdhcp_net.generation equals @generation.
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

/**
 * vdhcp_batch_subnet_of() - get the staged subnet of a tree's node
 * @node: node in vdhcp_batch.subnets, or NULL
 *
 * Return: the staged subnet, NULL for NULL.
 */
static inline struct vdhcp_batch_subnet *
vdhcp_batch_subnet_of(const struct rb_node *node)
{
	return rb_entry_safe(node, struct vdhcp_batch_subnet, node);
}

/**
 * vdhcp_batch_port_of() - get the staged port of a tree's node
 * @node: node in vdhcp_batch.ports, or NULL
 *
 * Return: the staged port, NULL for NULL.
 */
static inline struct vdhcp_batch_port *
vdhcp_batch_port_of(const struct rb_node *node)
{
	return rb_entry_safe(node, struct vdhcp_batch_port, node);
}

struct vdhcp_batch *vdhcp_batch_find(const struct vdhcp_net *vn,
				     const struct sock *sk);
struct vdhcp_batch *vdhcp_batch_new(struct sock *sk, u8 mode);
void vdhcp_batch_begin(struct vdhcp_net *vn, struct vdhcp_batch *batch);
struct vdhcp_batch *vdhcp_batch_end(struct vdhcp_net *vn,
				    const struct sock *sk);
struct vdhcp_batch *vdhcp_batch_end_dead(struct vdhcp_net *vn);
struct vdhcp_batch *vdhcp_batch_end_any(struct vdhcp_net *vn);
void vdhcp_batch_free(struct vdhcp_batch *batch);
struct vdhcp_batch_subnet *
vdhcp_batch_find_subnet(const struct vdhcp_batch *batch, const char *name);
struct vdhcp_batch_port *vdhcp_batch_find_port(const struct vdhcp_batch *batch,
					       const char *dev, u16 vlan);
int vdhcp_batch_stage_subnet(struct vdhcp_batch *batch, const char *name,
			     struct vdhcp_subnet *old,
			     struct vdhcp_subnet *subnet);
struct vdhcp_batch_port *vdhcp_batch_stage_port(struct vdhcp_net *vn,
						struct vdhcp_batch *batch,
						const char *dev, u16 vlan,
						struct vdhcp_port *port,
						struct vdhcp_port_snap *snap);
void vdhcp_batch_unstage_port(struct vdhcp_batch *batch,
			      struct vdhcp_batch_port *staged);

#endif /* VDHCP_BATCH_H */
