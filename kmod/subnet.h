/* SPDX-License-Identifier: GPL-2.0 */
/* The table of subnets. */
#ifndef VDHCP_SUBNET_H
#define VDHCP_SUBNET_H

#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include "engine/conf.h"
#include "net.h"

/**
 * struct vdhcp_subnet_snap - the part of a subnet that the packet path reads
 * @rcu: for freeing
 * @conf: compiled subnet, the last member because it has no fixed size
 *
 * A snapshot is never modified, but replaced.
 */
struct vdhcp_subnet_snap {
	struct rcu_head rcu;
	struct vdhcp_subnet_conf conf;
};

/**
 * struct vdhcp_subnet - a subnet
 * @node: in vdhcp_net.subnets
 * @by_id: in vdhcp_net.subnet_ids
 * @id: number for the cursor of a dump
 * @bindings: struct vdhcp_binding of port addresses from the subnet
 * @n_bindings: number of bindings in @bindings
 * @spec: the subnet as the operator described it
 * @snap: @spec compiled for the packet path, never NULL
 * @rcu: for freeing; an old snapshot of a port may still point to the subnet
 *
 * All members except @snap and @rcu are protected by vdhcp_net.lock.
 */
struct vdhcp_subnet {
	struct rb_node node;
	struct rb_node by_id;
	u32 id;
	struct list_head bindings;
	u32 n_bindings;
	struct vdhcp_subnet_spec *spec;
	struct vdhcp_subnet_snap __rcu *snap;
	struct rcu_head rcu;
};

/**
 * vdhcp_subnet_get_snap() - get the current snapshot of a subnet
 * @vn: the namespace; the caller holds its lock
 * @subnet: the subnet
 *
 * Return: never NULL.
 */
static inline struct vdhcp_subnet_snap *
vdhcp_subnet_get_snap(const struct vdhcp_net *vn,
		      const struct vdhcp_subnet *subnet)
{
	return rcu_dereference_protected(subnet->snap,
					 lockdep_is_held(&vn->lock));
}

/**
 * vdhcp_subnet_get_conf() - get the current configuration of a subnet
 * @vn: the namespace; the caller holds its lock
 * @subnet: the subnet
 *
 * Return: never NULL.
 */
static inline const struct vdhcp_subnet_conf *
vdhcp_subnet_get_conf(const struct vdhcp_net *vn,
		      const struct vdhcp_subnet *subnet)
{
	return &vdhcp_subnet_get_snap(vn, subnet)->conf;
}

struct vdhcp_subnet *vdhcp_subnet_find(const struct vdhcp_net *vn,
				       const char *name);
struct vdhcp_subnet *vdhcp_subnet_next(const struct vdhcp_net *vn, u32 id,
				       u32 n);
struct vdhcp_subnet *vdhcp_subnet_make(struct vdhcp_net *vn,
				       const struct vdhcp_subnet_spec *spec,
				       struct vdhcp_cfg_err *cfg_err);
void vdhcp_subnet_free(struct vdhcp_subnet *subnet);
void vdhcp_subnet_insert(struct vdhcp_net *vn, struct vdhcp_subnet *subnet);
void vdhcp_subnet_replace(struct vdhcp_net *vn, struct vdhcp_subnet *old,
			  struct vdhcp_subnet *subnet);
void vdhcp_subnet_erase(struct vdhcp_net *vn, struct vdhcp_subnet *subnet);
struct vdhcp_subnet *vdhcp_subnet_add(struct vdhcp_net *vn,
				      const struct vdhcp_subnet_spec *spec,
				      struct vdhcp_cfg_err *cfg_err);
int vdhcp_subnet_set(struct vdhcp_net *vn, struct vdhcp_subnet *subnet,
		     const struct vdhcp_subnet_spec *spec,
		     struct vdhcp_cfg_err *cfg_err);
int vdhcp_subnet_del(struct vdhcp_net *vn, struct vdhcp_subnet *subnet,
		     struct vdhcp_cfg_err *cfg_err);
void vdhcp_subnet_flush(struct vdhcp_net *vn);

#endif /* VDHCP_SUBNET_H */
