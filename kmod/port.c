// SPDX-License-Identifier: GPL-2.0
/**
 * DOC: locking
 *
 * There is one mutex per network namespace, vdhcp_net.lock. All tables belong
 * to it, and so does every pointer that only process context follows.
 *
 * Order: genl_mutex, then RTNL, then vdhcp_net.lock, then what netfilter takes
 * to register a hook. RTNL is needed wherever a tap may attach or detach, that
 * is to add or remove ports and in the netdev notifier, and nowhere else:
 * subnets and existing ports change without it. A function says by assertion
 * what it needs.
 *
 * Packets take no lock. Softirq goes from the hook's private pointer to
 *
 *	tap -> slots -> port -> snapshot -> subnet -> snapshot
 *
 * where each arrow through an __rcu pointer is followed once per packet. What
 * is behind them never changes but is replaced (rcu_assign_pointer()) and
 * freed a grace period later (kvfree_rcu()). A port's snapshot holds its subnet
 * and its addresses together, so they change together. For the length of one
 * packet a snapshot may meet a newer snapshot of its subnet, in which the address no
 * longer fits; that answer is as good as one sent a moment earlier.
 *
 * A subnet is only removed when no port's current snapshot refers to it. A packet
 * may still hold an old snapshot that does: it got that snapshot before the subnet
 * was freed, so the grace period waits for it. Taps and ports likewise.
 *
 * What packets write: vdhcp_port.full_at (atomic, lossy under contention),
 * vdhcp_port.counts (atomic), what a port remembers of them (WRITE_ONCE(),
 * lossy, see stats.c) and the per-CPU vdhcp_net.totals. The configuration
 * writes vdhcp_port.acked, too.
 */
#include <linux/mm.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include "port.h"
#include "trace.h"

/**
 * vdhcp_port_refuse() - say why not
 * @cfg_err: filled in
 * @err: negative errno
 * @attr: attribute at fault, 0 if none in particular
 * @fmt: one sentence without a full stop
 *
 * Return: @err.
 */
int vdhcp_port_refuse(struct vdhcp_cfg_err *cfg_err, int err, u16 attr, const char *fmt, ...)
{
	va_list args;

	cfg_err->attr = attr;
	va_start(args, fmt);
	vsnprintf(cfg_err->text, sizeof(cfg_err->text), fmt, args);
	va_end(args);
	return err;
}

/**
 * vdhcp_port_refuse_port() - say which port is why not
 * @cfg_err: filled in; of no attribute, for the request is about something else
 * @port: the port
 * @why: what is wrong with it
 *
 * Return: -EINVAL.
 */
int vdhcp_port_refuse_port(struct vdhcp_cfg_err *cfg_err, const struct vdhcp_port *port,
			   const struct vdhcp_cfg_err *why)
{
	if (port->vlan)
		return vdhcp_port_refuse(cfg_err, -EINVAL, 0, "port %s vlan %u: %s",
					 port->tap->name, port->vlan, why->text);
	return vdhcp_port_refuse(cfg_err, -EINVAL, 0, "port %s: %s", port->tap->name, why->text);
}

/* Index of the first port whose VLAN id is @vlan or above. */
static unsigned int seek(const struct vdhcp_slots *slots, u16 vlan)
{
	unsigned int low = 0, high = slots->n, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (slots->port[mid]->vlan < vlan)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct vdhcp_port *slot(const struct vdhcp_slots *slots, u16 vlan)
{
	unsigned int i;

	if (!slots)
		return NULL;
	i = seek(slots, vlan);
	return i < slots->n && slots->port[i]->vlan == vlan ? slots->port[i] : NULL;
}

/**
 * vdhcp_port_slots() - the ports of a device
 * @vn: the namespace; the caller holds its lock
 * @tap: the device
 *
 * Return: its ports, NULL while the first is added.
 */
struct vdhcp_slots *vdhcp_port_slots(const struct vdhcp_net *vn, const struct vdhcp_tap *tap)
{
	return rcu_dereference_protected(tap->slots, lockdep_is_held(&vn->lock));
}

/**
 * vdhcp_port_lookup() - the port that a packet belongs to
 * @tap: the device it came from
 * @vlan: VLAN id, 0 for untagged
 *
 * Context: RCU read side.
 * Return: the port, NULL if there is none.
 */
struct vdhcp_port *vdhcp_port_lookup(const struct vdhcp_tap *tap, u16 vlan)
{
	return slot(rcu_dereference(tap->slots), vlan);
}

/**
 * vdhcp_port_first() - the port of a device with the lowest VLAN id
 * @tap: the device
 *
 * Context: RCU read side.
 * Return: the port, NULL while the first is added.
 */
struct vdhcp_port *vdhcp_port_first(const struct vdhcp_tap *tap)
{
	const struct vdhcp_slots *slots = rcu_dereference(tap->slots);

	return slots ? slots->port[0] : NULL;
}

/**
 * vdhcp_port_find() - the port of a key
 * @vn: the namespace; the caller holds its lock
 * @dev: name of the device
 * @vlan: VLAN id, 0 for untagged
 *
 * Return: the port, NULL if there is none.
 */
struct vdhcp_port *vdhcp_port_find(const struct vdhcp_net *vn, const char *dev, u16 vlan)
{
	const struct vdhcp_tap *tap = vdhcp_tap_find(vn, dev);

	return tap ? slot(vdhcp_port_slots(vn, tap), vlan) : NULL;
}

/**
 * vdhcp_port_after() - the port that follows a key
 * @vn: the namespace; the caller holds its lock
 * @dev: name of a device, with ports or not; "" comes before all
 * @vlan: VLAN id
 *
 * Return: the port with the lowest (device, VLAN id) above the one given,
 * NULL if there is none.
 */
struct vdhcp_port *vdhcp_port_after(const struct vdhcp_net *vn, const char *dev, u16 vlan)
{
	const struct vdhcp_tap *tap = vdhcp_tap_from(vn, dev);
	const struct vdhcp_slots *slots;
	struct rb_node *next;
	unsigned int i;

	if (tap && !strcmp(tap->name, dev)) {
		slots = vdhcp_port_slots(vn, tap);
		i = seek(slots, vlan + 1);
		if (i < slots->n)
			return slots->port[i];
		next = rb_next(&tap->by_name);
		tap = rb_entry_safe(next, struct vdhcp_tap, by_name);
	}
	return tap ? vdhcp_port_slots(vn, tap)->port[0] : NULL;
}

/**
 * vdhcp_port_get_snap() - a port as it is answered from
 * @vn: the namespace; the caller holds its lock
 * @port: the port
 *
 * Return: never NULL.
 */
const struct vdhcp_port_snap *vdhcp_port_get_snap(const struct vdhcp_net *vn,
						  const struct vdhcp_port *port)
{
	return rcu_dereference_protected(port->snap, lockdep_is_held(&vn->lock));
}

static int check(const struct vdhcp_net *vn, const struct vdhcp_port_conf *conf,
		 const struct vdhcp_subnet *subnet, struct vdhcp_cfg_err *cfg_err)
{
	if (conf->mode == VDHCP_MODE_SERVE && !subnet)
		return vdhcp_port_refuse(cfg_err, -EINVAL, VDHCP_A_PORT_SUBNET,
					 "mode serve needs a subnet");
	if (!subnet)
		return 0;
	return vdhcp_port_fits(conf, vdhcp_subnet_get_conf(vn, subnet), cfg_err);
}

/**
 * vdhcp_port_compile_snap() - make a snapshot that no port has yet
 * @vn: the namespace; the caller holds its lock
 * @subnet: its subnet or NULL
 * @spec: what the operator said
 * @cfg_err: why not, unless for -ENOMEM
 *
 * Compiled in a large room, kept in one that fits.
 *
 * Return: the snap, for vdhcp_port_publish() or kvfree(), or an ERR_PTR().
 */
struct vdhcp_port_snap *vdhcp_port_compile_snap(struct vdhcp_net *vn,
						struct vdhcp_subnet *subnet,
						const struct vdhcp_port_spec *spec,
						struct vdhcp_cfg_err *cfg_err)
{
	const size_t head = offsetof(struct vdhcp_port_snap, conf);
	struct vdhcp_scratch *scratch = vdhcp_net_scratch(vn);
	struct vdhcp_port_snap *draft, *snap = NULL;
	int err;

	static_assert(sizeof(scratch->conf) >= VDHCP_PORT_CONF_MAX +
		      offsetof(struct vdhcp_port_snap, conf));
	if (!scratch)
		return ERR_PTR(-ENOMEM);
	draft = (struct vdhcp_port_snap *)scratch->conf;
	err = vdhcp_port_compile(spec, &draft->conf, cfg_err);
	if (!err)
		err = check(vn, &draft->conf, subnet, cfg_err);
	if (!err) {
		draft->subnet = subnet;
		vdhcp_bucket_init(&draft->bucket, spec->rate);
		err = -ENOMEM;
		snap = kvmalloc(head + draft->conf.size, GFP_KERNEL_ACCOUNT);
		if (snap)
			memcpy(snap, draft, head + draft->conf.size);
	}
	return snap ?: ERR_PTR(err);
}

/**
 * vdhcp_port_copy_snap() - make the snapshot that a port has, in another subnet
 * @vn: the namespace; the caller holds its lock
 * @port: the port
 * @subnet: its subnet to be
 * @cfg_err: why not, unless for -ENOMEM
 *
 * Return: as vdhcp_port_compile_snap().
 */
struct vdhcp_port_snap *vdhcp_port_copy_snap(const struct vdhcp_net *vn,
					     const struct vdhcp_port *port,
					     struct vdhcp_subnet *subnet,
					     struct vdhcp_cfg_err *cfg_err)
{
	const struct vdhcp_port_snap *old = vdhcp_port_get_snap(vn, port);
	size_t size = offsetof(struct vdhcp_port_snap, conf) + old->conf.size;
	struct vdhcp_port_snap *snap;
	struct vdhcp_cfg_err why;

	if (vdhcp_port_fits(&old->conf, vdhcp_subnet_get_conf(vn, subnet), &why))
		return ERR_PTR(vdhcp_port_refuse_port(cfg_err, port, &why));
	snap = kvmalloc(size, GFP_KERNEL_ACCOUNT);
	if (!snap)
		return ERR_PTR(-ENOMEM);
	memcpy(snap, old, size);
	snap->subnet = subnet;
	return snap;
}

/* From here on the subnet cannot be removed. */
static void join(struct vdhcp_subnet *subnet, struct vdhcp_port *port)
{
	if (!subnet)
		return;
	list_add_tail(&port->peers, &subnet->ports);
	subnet->n_ports++;
}

static void leave(struct vdhcp_subnet *subnet, struct vdhcp_port *port)
{
	if (!subnet)
		return;
	list_del(&port->peers);
	subnet->n_ports--;
}

/**
 * vdhcp_port_enter() - give a port its first snapshot
 * @vn: the namespace; the caller holds its lock
 * @port: the port, with its device and VLAN id, which is about to be found
 * @snap: the snapshot
 */
void vdhcp_port_enter(struct vdhcp_net *vn, struct vdhcp_port *port,
		      struct vdhcp_port_snap *snap)
{
	RCU_INIT_POINTER(port->snap, snap);
	join(snap->subnet, port);
	vn->n_ports++;
	vdhcp_net_configured(vn);
	trace_vdhcp_config(VDHCP_OP_NEW, VDHCP_OBJECT_PORT, port->tap->name, port->vlan);
}

/* Is what a guest was granted no longer what it would be granted? */
static bool is_moved(const struct vdhcp_port_snap *old, const struct vdhcp_port_snap *snap)
{
	if (old->conf.addr != snap->conf.addr ||
	    memcmp(old->conf.mac, snap->conf.mac, sizeof(snap->conf.mac)))
		return true;
	if (!old->subnet || !snap->subnet)
		return old->subnet != snap->subnet;
	/* A batch may put a new subnet into the place of one of the same name. */
	return strcmp(old->subnet->spec->name, snap->subnet->spec->name);
}

/**
 * vdhcp_port_publish() - give a port another snapshot
 * @vn: the namespace; the caller holds its lock
 * @port: the port
 * @snap: the snap; the one that the port has is freed
 *
 * Counters and tokens stay.
 */
void vdhcp_port_publish(struct vdhcp_net *vn, struct vdhcp_port *port,
			struct vdhcp_port_snap *snap)
{
	struct vdhcp_port_snap *old;

	old = rcu_replace_pointer(port->snap, snap, lockdep_is_held(&vn->lock));
	if (is_moved(old, snap))
		WRITE_ONCE(port->acked, false);
	leave(old->subnet, port);
	join(snap->subnet, port);
	kvfree_rcu(old, rcu);
	vdhcp_net_configured(vn);
	trace_vdhcp_config(VDHCP_OP_SET, VDHCP_OBJECT_PORT, port->tap->name, port->vlan);
}

/**
 * vdhcp_slots_alloc() - room for the ports of a device
 * @n: how many
 *
 * Return: with @n set and the rest undefined, NULL if there is no memory.
 */
struct vdhcp_slots *vdhcp_slots_alloc(unsigned int n)
{
	struct vdhcp_slots *slots;

	slots = kvmalloc(struct_size(slots, port, n), GFP_KERNEL_ACCOUNT);
	if (slots)
		slots->n = n;
	return slots;
}

/* A copy of @old, which may be NULL, with one port more. */
static struct vdhcp_slots *slots_with(const struct vdhcp_slots *old, struct vdhcp_port *port)
{
	unsigned int n = old ? old->n : 0, i = old ? seek(old, port->vlan) : 0;
	struct vdhcp_slots *slots = vdhcp_slots_alloc(n + 1);

	if (!slots)
		return NULL;
	slots->port[i] = port;
	if (old) {
		memcpy(slots->port, old->port, i * sizeof(port));
		memcpy(slots->port + i + 1, old->port + i, (n - i) * sizeof(port));
	}
	return slots;
}

/* A copy of @old, which has others, with one port less. */
static struct vdhcp_slots *slots_without(const struct vdhcp_slots *old,
					 const struct vdhcp_port *port)
{
	unsigned int n = old->n - 1, i = seek(old, port->vlan);
	struct vdhcp_slots *slots = vdhcp_slots_alloc(n);

	if (!slots)
		return NULL;
	memcpy(slots->port, old->port, i * sizeof(port));
	memcpy(slots->port + i, old->port + i + 1, (n - i) * sizeof(port));
	return slots;
}

/**
 * vdhcp_port_add() - add a port
 * @vn: the namespace; the caller holds RTNL and its lock
 * @dev: valid name of a device, which need not exist
 * @vlan: VLAN id, 0 for untagged; no port has this key
 * @subnet: its subnet or NULL
 * @spec: what the operator said
 * @cfg_err: why not, unless for -ENOMEM
 *
 * The port answers from now on if the device exists.
 *
 * Return: the port, or an ERR_PTR() and nothing has changed.
 */
struct vdhcp_port *vdhcp_port_add(struct vdhcp_net *vn, const char *dev, u16 vlan,
				  struct vdhcp_subnet *subnet,
				  const struct vdhcp_port_spec *spec,
				  struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_slots *slots, *old;
	struct vdhcp_port_snap *snap;
	struct vdhcp_port *port;
	struct vdhcp_tap *tap;
	int err = -ENOMEM;

	ASSERT_RTNL();
	lockdep_assert_held(&vn->lock);
	snap = vdhcp_port_compile_snap(vn, subnet, spec, cfg_err);
	if (IS_ERR(snap))
		return ERR_CAST(snap);
	port = kzalloc(sizeof(*port), GFP_KERNEL_ACCOUNT);
	if (!port)
		goto err_snap;
	tap = vdhcp_tap_get(vn, dev, cfg_err);
	if (IS_ERR(tap)) {
		err = PTR_ERR(tap);
		goto err_port;
	}
	port->tap = tap;
	port->vlan = vlan;
	old = vdhcp_port_slots(vn, tap);
	slots = slots_with(old, port);
	if (!slots)
		goto err_tap;

	vdhcp_port_enter(vn, port, snap);
	rcu_assign_pointer(tap->slots, slots);
	if (old)
		kvfree_rcu(old, rcu);
	return port;

err_tap:
	if (!old)
		vdhcp_tap_del(vn, tap);
err_port:
	kfree(port);
err_snap:
	kvfree(snap);
	return ERR_PTR(err);
}

/**
 * vdhcp_port_set() - give a port another configuration
 * @vn: the namespace; the caller holds its lock
 * @port: the port
 * @subnet: its subnet from now on, or NULL
 * @spec: what the operator said, complete
 * @cfg_err: why not, for -EINVAL
 *
 * Return: 0, or a negative errno and nothing has changed.
 */
int vdhcp_port_set(struct vdhcp_net *vn, struct vdhcp_port *port,
		   struct vdhcp_subnet *subnet, const struct vdhcp_port_spec *spec,
		   struct vdhcp_cfg_err *cfg_err)
{
	struct vdhcp_port_snap *snap;

	lockdep_assert_held(&vn->lock);
	snap = vdhcp_port_compile_snap(vn, subnet, spec, cfg_err);
	if (IS_ERR(snap))
		return PTR_ERR(snap);
	vdhcp_port_publish(vn, port, snap);
	return 0;
}

/**
 * vdhcp_port_drop() - free a port
 * @vn: the namespace; the caller holds its lock
 * @port: the port, which is in no slot any more; packets may still see it
 */
void vdhcp_port_drop(struct vdhcp_net *vn, struct vdhcp_port *port)
{
	struct vdhcp_port_snap *snap;

	snap = rcu_dereference_protected(port->snap, lockdep_is_held(&vn->lock));
	trace_vdhcp_config(VDHCP_OP_DEL, VDHCP_OBJECT_PORT, port->tap->name, port->vlan);
	leave(snap->subnet, port);
	kvfree_rcu(snap, rcu);
	kfree_rcu(port, rcu);
	vn->n_ports--;
	vdhcp_net_configured(vn);
}

/* The tap goes with all its ports, which takes no memory. */
static void drop_all(struct vdhcp_net *vn, struct vdhcp_tap *tap)
{
	struct vdhcp_slots *slots = vdhcp_port_slots(vn, tap);
	unsigned int i;

	/* Out of packets' reach before the first grace period begins. */
	rcu_assign_pointer(tap->slots, NULL);
	for (i = 0; i < slots->n; i++)
		vdhcp_port_drop(vn, slots->port[i]);
	vdhcp_tap_del(vn, tap);
	kvfree_rcu(slots, rcu);
}

/**
 * vdhcp_port_del() - remove a port
 * @vn: the namespace; the caller holds RTNL and its lock
 * @port: the port
 *
 * Return: 0, or -ENOMEM and nothing has changed.
 */
int vdhcp_port_del(struct vdhcp_net *vn, struct vdhcp_port *port)
{
	struct vdhcp_slots *slots, *old = vdhcp_port_slots(vn, port->tap);

	ASSERT_RTNL();
	lockdep_assert_held(&vn->lock);
	if (old->n == 1) {
		drop_all(vn, port->tap);
		return 0;
	}
	slots = slots_without(old, port);
	if (!slots)
		return -ENOMEM;
	rcu_assign_pointer(port->tap->slots, slots);
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
		drop_all(vn, tap);
		cond_resched();
	}
}
