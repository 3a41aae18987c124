// SPDX-License-Identifier: GPL-2.0
/* The table of subnets. Locking is described in port.c. */
#include <linux/mm.h>
#include <linux/slab.h>
#include "binding.h"
#include "net.h"
#include "scratch.h"
#include "subnet.h"
#include "trace.h"

static struct vdhcp_subnet *subnet_of_node(const struct rb_node *node)
{
	return rb_entry_safe(node, struct vdhcp_subnet, node);
}

static bool is_subnet_less(struct rb_node *a, const struct rb_node *b)
{
	return strcmp(subnet_of_node(a)->spec->name,
		      subnet_of_node(b)->spec->name) < 0;
}

static int compare_subnet(const void *name, const struct rb_node *node)
{
	return strcmp(name, subnet_of_node(node)->spec->name);
}

/**
 * vdhcp_subnet_find() - find a subnet by name
 * @vn: the namespace; the caller holds its lock
 * @name: the name
 *
 * Return: the subnet, NULL if there is none.
 */
struct vdhcp_subnet *vdhcp_subnet_find(const struct vdhcp_net *vn,
				       const char *name)
{
	lockdep_assert_held(&vn->lock);
	return subnet_of_node(rb_find(name, &vn->subnets, compare_subnet));
}

static struct vdhcp_subnet *subnet_of_id_node(const struct rb_node *node)
{
	return rb_entry_safe(node, struct vdhcp_subnet, by_id);
}

static bool is_id_less(struct rb_node *a, const struct rb_node *b)
{
	return subnet_of_id_node(a)->id < subnet_of_id_node(b)->id;
}

static int compare_id(const void *id, const struct rb_node *node)
{
	u32 want = *(const u32 *)id, have = subnet_of_id_node(node)->id;

	return want < have ? -1 : want > have;
}

static struct vdhcp_subnet *find_subnet_id(const struct vdhcp_net *vn, u32 id)
{
	return subnet_of_id_node(rb_find(&id, &vn->subnet_ids, compare_id));
}

/* Ids wrap after 4 billion subnets, so the next id may be in use. */
static void add_subnet_id(struct vdhcp_net *vn, struct vdhcp_subnet *subnet)
{
	do {
		subnet->id = ++vn->last_subnet_id;
	} while (!subnet->id || find_subnet_id(vn, subnet->id));
	rb_add(&subnet->by_id, &vn->subnet_ids, is_id_less);
}

/**
 * vdhcp_subnet_next() - find the next subnet of a dump
 * @vn: the namespace; the caller holds its lock
 * @id: id of the last subnet that the dump has written; 0 for none
 * @n: number of subnets that the dump has written
 *
 * If the last subnet was removed, the dump goes on at position @n. It may then
 * miss subnets, but vdhcp_net.seq has changed and marks the dump as
 * inconsistent.
 *
 * Return: the next subnet in the order of the names, NULL at the end.
 */
struct vdhcp_subnet *vdhcp_subnet_next(const struct vdhcp_net *vn, u32 id,
				       u32 n)
{
	const struct vdhcp_subnet *last = id ? find_subnet_id(vn, id) : NULL;
	struct rb_node *node;

	lockdep_assert_held(&vn->lock);
	if (last)
		return subnet_of_node(rb_next(&last->node));
	node = rb_first(&vn->subnets);
	while (node && n-- > 1)
		node = rb_next(node);
	return subnet_of_node(node);
}

/* Compile in scratch memory and return a copy of the right size. */
static struct vdhcp_subnet_snap *
compile_subnet(struct vdhcp_net *vn, const struct vdhcp_subnet_spec *spec,
	       struct vdhcp_cfg_err *cfg_err)
{
	const size_t head = offsetof(struct vdhcp_subnet_snap, conf);
	struct vdhcp_scratch *scratch = vdhcp_net_scratch(vn);
	struct vdhcp_subnet_snap *large, *snap;
	int err;

	if (!scratch)
		return ERR_PTR(-ENOMEM);
	large = &scratch->subnet_snap;
	err = vdhcp_subnet_compile(spec, &large->conf, cfg_err);
	if (err)
		return ERR_PTR(err);
	snap = kvmalloc(head + large->conf.size, GFP_KERNEL_ACCOUNT);
	if (snap)
		memcpy(snap, large, head + large->conf.size);
	return snap ?: ERR_PTR(-ENOMEM);
}

static struct vdhcp_subnet_spec *
copy_subnet_spec(const struct vdhcp_subnet_spec *spec)
{
	struct vdhcp_subnet_spec *copy =
		kvmalloc(sizeof(*copy), GFP_KERNEL_ACCOUNT);

	if (copy)
		*copy = *spec;
	return copy;
}

/**
 * vdhcp_subnet_make() - make a subnet that is in no table yet
 * @vn: the namespace; the caller holds its lock
 * @spec: the subnet as the operator described it
 * @cfg_err: filled in on failure, except for -ENOMEM
 *
 * Return: the subnet, for vdhcp_subnet_insert() or vdhcp_subnet_free(); or an
 * ERR_PTR().
 */
struct vdhcp_subnet *vdhcp_subnet_make(struct vdhcp_net *vn,
				       const struct vdhcp_subnet_spec *spec,
				       struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_subnet_snap *snap;
	struct vdhcp_subnet *subnet;

	snap = compile_subnet(vn, spec, cfg_err);
	if (IS_ERR(snap))
		return ERR_CAST(snap);
	subnet = kzalloc(sizeof(*subnet), GFP_KERNEL_ACCOUNT);
	if (!subnet)
		goto err_snap;
	subnet->spec = copy_subnet_spec(spec);
	if (!subnet->spec)
		goto err_subnet;

	INIT_LIST_HEAD(&subnet->bindings);
	RCU_INIT_POINTER(subnet->snap, snap);
	return subnet;

err_subnet:
	kfree(subnet);
err_snap:
	kvfree(snap);
	return ERR_PTR(-ENOMEM);
}

/**
 * vdhcp_subnet_free() - free a subnet that was never in the table
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
	rb_add(&subnet->node, &vn->subnets, is_subnet_less);
	add_subnet_id(vn, subnet);
	vn->n_subnets++;
	vdhcp_net_configured(vn);
	trace_vdhcp_config(VDHCP_OP_NEW, VDHCP_OBJECT_SUBNET,
			   subnet->spec->name, 0);
}

/* Free @subnet, which was removed from the table, after a grace period. */
static void retire_subnet(struct vdhcp_net *vn, struct vdhcp_subnet *subnet)
{
	struct vdhcp_subnet_snap *snap = vdhcp_subnet_get_snap(vn, subnet);

	kvfree(subnet->spec);
	kvfree_rcu(snap, rcu);
	kfree_rcu(subnet, rcu);
	vdhcp_net_configured(vn);
}

/**
 * vdhcp_subnet_replace() - replace a subnet of the table by another
 * @vn: the namespace; the caller holds its lock
 * @old: a subnet of the table, which is freed
 * @subnet: from vdhcp_subnet_make(), with the same name
 *
 * The caller has moved all bindings from @old to @subnet.
 */
void vdhcp_subnet_replace(struct vdhcp_net *vn, struct vdhcp_subnet *old,
			  struct vdhcp_subnet *subnet)
{
	lockdep_assert_held(&vn->lock);
	WARN_ON_ONCE(old->n_bindings);
	rb_replace_node(&old->node, &subnet->node, &vn->subnets);
	subnet->id = old->id;
	rb_replace_node(&old->by_id, &subnet->by_id, &vn->subnet_ids);
	trace_vdhcp_config(VDHCP_OP_SET, VDHCP_OBJECT_SUBNET,
			   subnet->spec->name, 0);
	retire_subnet(vn, old);
}

/**
 * vdhcp_subnet_erase() - remove a subnet from the table and free it
 * @vn: the namespace; the caller holds its lock
 * @subnet: a subnet without bindings
 */
void vdhcp_subnet_erase(struct vdhcp_net *vn, struct vdhcp_subnet *subnet)
{
	lockdep_assert_held(&vn->lock);
	WARN_ON_ONCE(subnet->n_bindings);
	trace_vdhcp_config(VDHCP_OP_DEL, VDHCP_OBJECT_SUBNET,
			   subnet->spec->name, 0);
	rb_erase(&subnet->node, &vn->subnets);
	rb_erase(&subnet->by_id, &vn->subnet_ids);
	vn->n_subnets--;
	retire_subnet(vn, subnet);
}

/**
 * vdhcp_subnet_add() - add a subnet
 * @vn: the namespace; the caller holds its lock
 * @spec: the subnet as the operator described it, with a name that no subnet
 *	has
 * @cfg_err: filled in on failure, except for -ENOMEM
 *
 * Return: the subnet, or an ERR_PTR(); nothing has changed then.
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

/**
 * vdhcp_subnet_set() - change the configuration of a subnet
 * @vn: the namespace; the caller holds its lock
 * @subnet: the subnet
 * @spec: the complete new spec, with the same name
 * @cfg_err: filled in on failure, except for -ENOMEM
 *
 * Fails if one of the subnet's ports would no longer fit.
 *
 * Return: 0, or a negative errno; nothing has changed then.
 */
int vdhcp_subnet_set(struct vdhcp_net *vn, struct vdhcp_subnet *subnet,
		     const struct vdhcp_subnet_spec *spec,
		     struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_subnet_snap *snap, *old;
	int err;

	lockdep_assert_held(&vn->lock);
	snap = compile_subnet(vn, spec, cfg_err);
	if (IS_ERR(snap))
		return PTR_ERR(snap);
	err = vdhcp_binding_check_subnet(vn, subnet, &snap->conf, cfg_err);
	if (err) {
		kvfree(snap);
		return err;
	}

	*subnet->spec = *spec;
	old = rcu_replace_pointer(subnet->snap, snap,
				  lockdep_is_held(&vn->lock));
	kvfree_rcu(old, rcu);
	vdhcp_net_configured(vn);
	trace_vdhcp_config(VDHCP_OP_SET, VDHCP_OBJECT_SUBNET, spec->name, 0);
	return 0;
}

/**
 * vdhcp_subnet_del() - remove a subnet
 * @vn: the namespace; the caller holds its lock
 * @subnet: the subnet
 * @cfg_err: filled in on failure
 *
 * Return: 0, or -EBUSY if a port has an address from the subnet.
 */
int vdhcp_subnet_del(struct vdhcp_net *vn, struct vdhcp_subnet *subnet,
		     struct vdhcp_cfg_err *cfg_err)
{
	lockdep_assert_held(&vn->lock);
	if (subnet->n_bindings)
		return vdhcp_binding_refuse_used(subnet, VDHCP_A_SUBNET_NAME,
						 cfg_err);
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
	struct vdhcp_subnet *subnet;

	while ((subnet = subnet_of_node(rb_first(&vn->subnets)))) {
		if (WARN_ON_ONCE(vdhcp_subnet_del(vn, subnet, &cfg_err)))
			return;
		cond_resched();
	}
}
