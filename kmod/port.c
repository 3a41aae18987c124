// SPDX-License-Identifier: GPL-2.0
/**
 * DOC: locking
 *
 * There is one mutex per network namespace, vdhcp_net.lock. It protects all
 * tables and every pointer that is only used in process context.
 *
 * Lock order: genl_mutex, RTNL, vdhcp_net.lock, netfilter's locks for
 * registering a hook. RTNL is needed only where a tap may attach or detach:
 * when ports are added or removed, and in the netdevice notifier. Changes of
 * subnets and of existing ports do not need it. Functions assert the locks that
 * they need.
 *
 * Packets take no lock. Softirq goes from the hook's private pointer to
 *
 *	tap -> array of ports -> port -> snapshot -> subnet -> snapshot
 *
 * and dereferences each __rcu pointer once per packet. Arrays and snapshots are
 * never modified. They are replaced (rcu_assign_pointer()) and freed a grace
 * period later (kvfree_rcu()). A port's snapshot holds its subnet and its
 * addresses, so they change together. A packet may combine a port's snapshot
 * with a newer snapshot of the subnet, in which the address no longer fits.
 * That answer is as valid as one sent a moment earlier.
 *
 * A subnet is removed only if no port's current snapshot points to it. A packet
 * may still use an older snapshot that does. The packet got that snapshot
 * before the subnet was freed, so the grace period waits for the packet. The
 * same holds for taps and ports.
 *
 * Packets write vdhcp_port.full_at and .event_jiffies (atomic, lossy under
 * contention), the port's counters (atomic), the guest's state in struct
 * vdhcp_client (WRITE_ONCE(), lossy, see client.c) and the per-CPU
 * vdhcp_net.totals. Changes of the configuration write the guest's state, too.
 */
#include <linux/mm.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include "binding.h"
#include "net.h"
#include "port.h"
#include "scratch.h"
#include "subnet.h"
#include "tap.h"
#include "trace.h"

static struct kmem_cache *port_cache __read_mostly;

/**
 * vdhcp_port_register() - create the caches of ports and of their counters
 *
 * Return: 0 or -ENOMEM.
 */
int vdhcp_port_register(void)
{
	int err = vdhcp_stats_register();

	if (err)
		return err;
	port_cache = KMEM_CACHE(vdhcp_port, SLAB_ACCOUNT);
	if (port_cache)
		return 0;
	vdhcp_stats_unregister();
	return -ENOMEM;
}

/**
 * vdhcp_port_unregister() - destroy the caches
 *
 * The caller has removed all ports. Waits until they are freed.
 */
void vdhcp_port_unregister(void)
{
	rcu_barrier();
	kmem_cache_destroy(port_cache);
	vdhcp_stats_unregister();
}

/**
 * vdhcp_port_alloc() - allocate a port
 *
 * Return: the port, all zero; NULL if there is no memory. vdhcp_port_free()
 * frees it.
 */
struct vdhcp_port *vdhcp_port_alloc(void)
{
	return kmem_cache_zalloc(port_cache, GFP_KERNEL);
}

/**
 * vdhcp_port_free() - free a port and its counters
 * @port: the port, which packets cannot see
 *
 * Context: any but hard interrupt.
 */
void vdhcp_port_free(struct vdhcp_port *port)
{
	vdhcp_stats_free_port(port);
	kmem_cache_free(port_cache, port);
}

static void free_port_rcu(struct rcu_head *rcu)
{
	vdhcp_port_free(container_of(rcu, struct vdhcp_port, rcu));
}

/**
 * vdhcp_port_reserve() - allocate the counters that a snapshot needs
 * @vn: the namespace; the caller holds its lock
 * @port: the port
 * @snap: the next snapshot of the port
 *
 * Return: 0 or -ENOMEM. Packets are not affected in either case.
 */
int vdhcp_port_reserve(struct vdhcp_net *vn, struct vdhcp_port *port,
		       const struct vdhcp_port_snap *snap)
{
	unsigned long groups = BIT(VDHCP_GROUP_FRAME);

	if (snap->conf.mode == VDHCP_MODE_SERVE)
		groups |= BIT(VDHCP_GROUP_DHCP4);
	return vdhcp_stats_reserve(vn, port, groups);
}

/**
 * vdhcp_port_find() - find the port with a device and a VLAN id
 * @vn: the namespace; the caller holds its lock
 * @dev: name of the device
 * @vlan: VLAN id, 0 for untagged
 *
 * Return: the port, NULL if there is none.
 */
struct vdhcp_port *vdhcp_port_find(const struct vdhcp_net *vn, const char *dev,
				   u16 vlan)
{
	const struct vdhcp_tap *tap = vdhcp_tap_find(vn, dev);

	return tap ? vdhcp_port_array_find(vdhcp_tap_ports(vn, tap), vlan)
		   : NULL;
}

/**
 * vdhcp_port_after() - find the next port after a device and a VLAN id
 * @vn: the namespace; the caller holds its lock
 * @dev: name of a device, which need not have ports; "" is below all names
 * @vlan: VLAN id
 *
 * Return: the port with the lowest (device, VLAN id) above (@dev, @vlan), NULL
 * if there is none.
 */
struct vdhcp_port *vdhcp_port_after(const struct vdhcp_net *vn, const char *dev,
				    u16 vlan)
{
	const struct vdhcp_tap *tap = vdhcp_tap_from(vn, dev);
	const struct vdhcp_port_array *ports;
	struct rb_node *next;
	unsigned int i;

	if (tap && !strcmp(tap->name, dev)) {
		ports = vdhcp_tap_ports(vn, tap);
		i = vdhcp_port_array_seek(ports, vlan + 1);
		if (i < ports->n)
			return ports->port[i];
		next = rb_next(&tap->by_name);
		tap = rb_entry_safe(next, struct vdhcp_tap, by_name);
	}
	return tap ? vdhcp_tap_ports(vn, tap)->port[0] : NULL;
}

static int check_subnets(const struct vdhcp_net *vn,
			 const struct vdhcp_port_snap *snap,
			 const struct vdhcp_addresses *list,
			 struct vdhcp_cfg_err *cfg_err)
{
	const struct vdhcp_address *address;
	unsigned int i;
	int err;

	if (snap->conf.mode != VDHCP_MODE_SERVE)
		return 0;
	for (i = 0; i < list->n; i++) {
		address = &list->entry[i];
		cfg_err->entry = i;
		if (!address->subnet)
			return vdhcp_cfg_err_set(cfg_err, -EINVAL,
						 VDHCP_AT_SUBNET,
						 "mode serve needs a subnet");
		err = vdhcp_port_fits(&snap->conf,
				      vdhcp_port_mac_of(&snap->conf, i),
				      address->ip4,
				      vdhcp_subnet_get_conf(vn,
							    address->subnet),
				      cfg_err);
		if (err)
			return err;
	}
	return 0;
}

/* Bytes from the beginning of a snapshot to the end of its bindings. */
static size_t snap_size(const struct vdhcp_port_snap *snap)
{
	return (u8 *)(vdhcp_port_bindings(snap) + snap->conf.n_addresses) -
	       (u8 *)snap;
}

static void init_bindings(struct vdhcp_port_snap *snap,
			  const struct vdhcp_addresses *list)
{
	struct vdhcp_binding *binding = vdhcp_port_bindings(snap);
	unsigned int i;

	for (i = 0; i < snap->conf.n_addresses; i++) {
		binding[i].subnet = list->entry[i].subnet;
		binding[i].ip4 = list->entry[i].ip4;
		binding[i].family = list->entry[i].family;
	}
}

/* Copy a snapshot from scratch memory to memory of the right size. */
static struct vdhcp_port_snap *keep_snap(const struct vdhcp_port_snap *large,
					 const struct vdhcp_addresses *list)
{
	struct vdhcp_port_snap *snap;

	snap = kvmalloc(snap_size(large), GFP_KERNEL_ACCOUNT);
	if (!snap)
		return NULL;
	memcpy(snap, large,
	       offsetof(struct vdhcp_port_snap, conf) + large->conf.size);
	init_bindings(snap, list);
	return snap;
}

/**
 * vdhcp_port_compile_snap() - compile a snapshot that no port has yet
 * @vn: the namespace; the caller holds its lock
 * @spec: the port as the operator described it, with the subnets of its
 *	addresses
 * @cfg_err: filled in on failure, except for -ENOMEM
 *
 * Return: the snapshot, for vdhcp_port_publish() or kvfree(); or an ERR_PTR().
 */
struct vdhcp_port_snap *
vdhcp_port_compile_snap(struct vdhcp_net *vn,
			const struct vdhcp_port_spec *spec,
			struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_scratch *scratch = vdhcp_net_scratch(vn);
	const struct vdhcp_address *ip4;
	struct vdhcp_port_snap *large;
	int err;

	if (!scratch)
		return ERR_PTR(-ENOMEM);
	large = &scratch->port_snap;
	err = vdhcp_port_compile(spec, &large->conf, cfg_err);
	if (err)
		return ERR_PTR(err);
	ip4 = vdhcp_addresses_ip4(&spec->addresses);
	large->ip4_subnet = ip4 ? ip4->subnet : NULL;
	err = check_subnets(vn, large, &spec->addresses, cfg_err);
	if (err)
		return ERR_PTR(err);
	vdhcp_bucket_init(&large->bucket, spec->rate);
	return keep_snap(large, &spec->addresses) ?: ERR_PTR(-ENOMEM);
}

/**
 * vdhcp_port_get_spec() - restore the spec of a port
 * @vn: the namespace; the caller holds its lock
 * @port: the port
 * @spec: filled in, with the subnets of the addresses
 */
void vdhcp_port_get_spec(const struct vdhcp_net *vn,
			 const struct vdhcp_port *port,
			 struct vdhcp_port_spec *spec)
{
	const struct vdhcp_port_snap *snap = vdhcp_port_get_snap(vn, port);
	const struct vdhcp_binding *binding = vdhcp_port_bindings(snap);
	struct vdhcp_address *address = spec->addresses.entry;
	const struct vdhcp_listed_mac *listed;
	unsigned int i;

	vdhcp_port_restore(&snap->conf, spec);
	spec->addresses.n = snap->conf.n_addresses;
	for (i = 0; i < spec->addresses.n; i++) {
		address[i].family = binding[i].family;
		address[i].has_mac = false;
		address[i].ip4 = binding[i].ip4;
		address[i].subnet = binding[i].subnet;
	}
	listed = vdhcp_port_listed_macs(&snap->conf);
	for (i = 0; i < snap->conf.n_macs; i++) {
		address[listed[i].index].has_mac = true;
		memcpy(address[listed[i].index].mac, listed[i].mac,
		       VDHCP_ETH_ALEN);
	}
}

/**
 * vdhcp_port_copy_snap() - copy the current snapshot of a port
 * @vn: the namespace; the caller holds its lock
 * @port: the port
 *
 * Return: the copy, which no port has yet; NULL if there is no memory.
 */
struct vdhcp_port_snap *vdhcp_port_copy_snap(const struct vdhcp_net *vn,
					     const struct vdhcp_port *port)
{
	const struct vdhcp_port_snap *old = vdhcp_port_get_snap(vn, port);
	struct vdhcp_port_snap *snap;

	snap = kvmalloc(snap_size(old), GFP_KERNEL_ACCOUNT);
	if (snap)
		memcpy(snap, old, snap_size(old));
	return snap;
}

/**
 * vdhcp_port_rebind_snap() - replace a subnet in a snapshot
 * @snap: a snapshot that no port has yet
 * @old: the subnet to replace
 * @subnet: the new subnet
 */
void vdhcp_port_rebind_snap(struct vdhcp_port_snap *snap,
			    const struct vdhcp_subnet *old,
			    struct vdhcp_subnet *subnet)
{
	struct vdhcp_binding *binding = vdhcp_port_bindings(snap);
	unsigned int i;

	for (i = 0; i < snap->conf.n_addresses; i++)
		if (binding[i].subnet == old)
			binding[i].subnet = subnet;
	if (snap->ip4_subnet == old)
		snap->ip4_subnet = subnet;
}

/* Link the bindings of @snap, which becomes the current snapshot of @port. */
static void link_bindings(struct vdhcp_port *port, struct vdhcp_port_snap *snap)
{
	struct vdhcp_binding *binding = vdhcp_port_bindings(snap);
	unsigned int i;

	for (i = 0; i < snap->conf.n_addresses; i++)
		vdhcp_binding_link(&binding[i], port);
}

static void unlink_bindings(struct vdhcp_port_snap *snap)
{
	struct vdhcp_binding *binding = vdhcp_port_bindings(snap);
	unsigned int i;

	for (i = 0; i < snap->conf.n_addresses; i++)
		vdhcp_binding_unlink(&binding[i]);
}

/**
 * vdhcp_port_init_snap() - set the first snapshot of a port
 * @vn: the namespace; the caller holds its lock
 * @port: the port, whose device and VLAN id are set; packets cannot see it yet
 * @snap: the snapshot
 */
void vdhcp_port_init_snap(struct vdhcp_net *vn, struct vdhcp_port *port,
			  struct vdhcp_port_snap *snap)
{
	RCU_INIT_POINTER(port->snap, snap);
	link_bindings(port, snap);
	vn->n_ports++;
	vdhcp_net_configured(vn);
	trace_vdhcp_config(VDHCP_OP_NEW, VDHCP_OBJECT_PORT, port->tap->name,
			   port->vlan);
}

/* Does the guest get another address, or its address from another subnet? */
static bool is_regrant(const struct vdhcp_port_snap *old,
		       const struct vdhcp_port_snap *snap)
{
	if (old->conf.addr != snap->conf.addr ||
	    memcmp(old->conf.mac, snap->conf.mac, sizeof(snap->conf.mac)))
		return true;
	if (!old->ip4_subnet || !snap->ip4_subnet)
		return old->ip4_subnet != snap->ip4_subnet;
	/* A batch replaces a changed subnet by an object of the same name. */
	return strcmp(old->ip4_subnet->spec->name,
		      snap->ip4_subnet->spec->name);
}

/**
 * vdhcp_port_publish() - replace the snapshot of a port
 * @vn: the namespace; the caller holds its lock
 * @port: the port
 * @snap: the new snapshot; the current one is freed
 *
 * The port keeps its counters and the state of its token bucket.
 */
void vdhcp_port_publish(struct vdhcp_net *vn, struct vdhcp_port *port,
			struct vdhcp_port_snap *snap)
{
	struct vdhcp_port_snap *old;

	old = rcu_replace_pointer(port->snap, snap, lockdep_is_held(&vn->lock));
	if (is_regrant(old, snap))
		vdhcp_client_unbind(vdhcp_port_client(port));
	unlink_bindings(old);
	link_bindings(port, snap);
	kvfree_rcu(old, rcu);
	vdhcp_net_configured(vn);
	trace_vdhcp_config(VDHCP_OP_SET, VDHCP_OBJECT_PORT, port->tap->name,
			   port->vlan);
}

/**
 * vdhcp_port_array_alloc() - allocate an array for the ports of a device
 * @n: number of ports
 *
 * Return: the array, whose pointers are not initialised; NULL if there is no
 * memory.
 */
struct vdhcp_port_array *vdhcp_port_array_alloc(unsigned int n)
{
	struct vdhcp_port_array *ports;

	ports = kvmalloc(struct_size(ports, port, n), GFP_KERNEL_ACCOUNT);
	if (ports)
		ports->n = n;
	return ports;
}

/* Copy @old, which may be NULL, and insert @port. */
static struct vdhcp_port_array *
copy_ports_with(const struct vdhcp_port_array *old, struct vdhcp_port *port)
{
	unsigned int i = old ? vdhcp_port_array_seek(old, port->vlan) : 0;
	unsigned int n = old ? old->n : 0;
	struct vdhcp_port_array *ports;

	ports = vdhcp_port_array_alloc(n + 1);
	if (!ports)
		return NULL;
	ports->port[i] = port;
	if (old) {
		memcpy(ports->port, old->port, i * sizeof(port));
		memcpy(ports->port + i + 1, old->port + i,
		       (n - i) * sizeof(port));
	}
	return ports;
}

/* Copy @old, which has at least two ports, without @port. */
static struct vdhcp_port_array *
copy_ports_without(const struct vdhcp_port_array *old,
		   const struct vdhcp_port *port)
{
	unsigned int n = old->n - 1, i = vdhcp_port_array_seek(old, port->vlan);
	struct vdhcp_port_array *ports = vdhcp_port_array_alloc(n);

	if (!ports)
		return NULL;
	memcpy(ports->port, old->port, i * sizeof(port));
	memcpy(ports->port + i, old->port + i + 1, (n - i) * sizeof(port));
	return ports;
}

/**
 * vdhcp_port_add() - add a port
 * @vn: the namespace; the caller holds RTNL and its lock
 * @dev: valid name of a device, which need not exist
 * @vlan: VLAN id, 0 for untagged; no port has this device and VLAN id
 * @spec: the port as the operator described it
 * @cfg_err: filled in on failure, except for -ENOMEM
 *
 * The port answers from now on if its device exists.
 *
 * Return: the port, or an ERR_PTR(); nothing has changed then.
 */
struct vdhcp_port *vdhcp_port_add(struct vdhcp_net *vn, const char *dev,
				  u16 vlan, const struct vdhcp_port_spec *spec,
				  struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_port_array *ports, *old;
	struct vdhcp_port_snap *snap;
	struct vdhcp_port *port;
	struct vdhcp_tap *tap;
	int err = -ENOMEM;

	ASSERT_RTNL();
	lockdep_assert_held(&vn->lock);
	snap = vdhcp_port_compile_snap(vn, spec, cfg_err);
	if (IS_ERR(snap))
		return ERR_CAST(snap);
	port = vdhcp_port_alloc();
	if (!port)
		goto err_snap;
	err = vdhcp_port_reserve(vn, port, snap);
	if (err)
		goto err_port;
	err = -ENOMEM;
	tap = vdhcp_tap_get(vn, dev, cfg_err);
	if (IS_ERR(tap)) {
		err = PTR_ERR(tap);
		goto err_port;
	}
	port->tap = tap;
	port->vlan = vlan;
	old = vdhcp_tap_ports(vn, tap);
	ports = copy_ports_with(old, port);
	if (!ports)
		goto err_tap;

	vdhcp_port_init_snap(vn, port, snap);
	rcu_assign_pointer(tap->ports, ports);
	if (old)
		kvfree_rcu(old, rcu);
	return port;

err_tap:
	if (!old)
		vdhcp_tap_del(vn, tap);
err_port:
	vdhcp_port_free(port);
err_snap:
	kvfree(snap);
	return ERR_PTR(err);
}

/**
 * vdhcp_port_set() - change the configuration of a port
 * @vn: the namespace; the caller holds its lock
 * @port: the port
 * @spec: the complete new spec
 * @cfg_err: filled in on failure, except for -ENOMEM
 *
 * Return: 0, or a negative errno; nothing has changed then.
 */
int vdhcp_port_set(struct vdhcp_net *vn, struct vdhcp_port *port,
		   const struct vdhcp_port_spec *spec,
		   struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_port_snap *snap;
	int err;

	lockdep_assert_held(&vn->lock);
	snap = vdhcp_port_compile_snap(vn, spec, cfg_err);
	if (IS_ERR(snap))
		return PTR_ERR(snap);
	err = vdhcp_port_reserve(vn, port, snap);
	if (err) {
		kvfree(snap);
		return err;
	}
	vdhcp_port_publish(vn, port, snap);
	return 0;
}

/**
 * vdhcp_port_drop() - free a port after a grace period
 * @vn: the namespace; the caller holds its lock
 * @port: the port, which was removed from its array
 */
void vdhcp_port_drop(struct vdhcp_net *vn, struct vdhcp_port *port)
{
	struct vdhcp_port_snap *snap = vdhcp_port_get_snap(vn, port);

	trace_vdhcp_config(VDHCP_OP_DEL, VDHCP_OBJECT_PORT, port->tap->name,
			   port->vlan);
	unlink_bindings(snap);
	kvfree_rcu(snap, rcu);
	call_rcu(&port->rcu, free_port_rcu);
	vn->n_ports--;
	vdhcp_net_configured(vn);
}

/* Remove a tap and all of its ports. Allocates no memory, so it cannot fail. */
static void drop_tap(struct vdhcp_net *vn, struct vdhcp_tap *tap)
{
	struct vdhcp_port_array *ports = vdhcp_tap_ports(vn, tap);
	unsigned int i;

	/* Packets must not find a port after its grace period has begun. */
	rcu_assign_pointer(tap->ports, NULL);
	for (i = 0; i < ports->n; i++)
		vdhcp_port_drop(vn, ports->port[i]);
	vdhcp_tap_del(vn, tap);
	kvfree_rcu(ports, rcu);
}

/**
 * vdhcp_port_del() - remove a port
 * @vn: the namespace; the caller holds RTNL and its lock
 * @port: the port
 *
 * Return: 0, or -ENOMEM; nothing has changed then.
 */
int vdhcp_port_del(struct vdhcp_net *vn, struct vdhcp_port *port)
{
	struct vdhcp_port_array *ports, *old = vdhcp_tap_ports(vn, port->tap);

	ASSERT_RTNL();
	lockdep_assert_held(&vn->lock);
	if (old->n == 1) {
		drop_tap(vn, port->tap);
		return 0;
	}
	ports = copy_ports_without(old, port);
	if (!ports)
		return -ENOMEM;
	rcu_assign_pointer(port->tap->ports, ports);
	kvfree_rcu(old, rcu);
	vdhcp_port_drop(vn, port);
	return 0;
}

/**
 * vdhcp_port_flush() - remove all ports
 * @vn: the namespace; the caller holds RTNL and its lock
 */
void vdhcp_port_flush(struct vdhcp_net *vn)
{
	struct vdhcp_tap *tap;

	ASSERT_RTNL();
	lockdep_assert_held(&vn->lock);
	while ((tap = vdhcp_tap_from(vn, ""))) {
		drop_tap(vn, tap);
		cond_resched();
	}
}
