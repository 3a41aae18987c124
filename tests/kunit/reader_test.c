// SPDX-License-Identifier: GPL-2.0
/*
 * The tables under stress: softirqs that read them during changes, and
 * allocations that fail.
 */
#include <linux/if_arp.h>
#include <linux/jiffies.h>
#include <net/net_namespace.h>
#include "fixture.h"

static const char port_dev[] = "vtest0";

static void add_subnet(struct kunit *test, const char *name, u32 network)
{
	struct vdhcp_subnet_spec *spec = vtest_subnet_spec(test, name);
	struct vdhcp_cfg_err cfg_err;

	spec->network = cpu_to_be32(network);
	spec->gateway = cpu_to_be32(network + 1);
	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_subnet_add(spec, &cfg_err)));
}

/**
 * struct reader - a timer that reads all snapshots of a tap, as packets do
 * @timer: timer of the next run
 * @tap: the tap
 * @runs: number of runs
 * @ports: number of ports that were read
 * @wrong: number of these that did not fit their subnet
 * @sum: sum of all bytes, so that the compiler keeps the reads
 */
struct reader {
	struct hrtimer timer;
	const struct vdhcp_tap *tap;
	u32 runs;
	u32 ports;
	u32 wrong;
	u32 sum;
};

static void read_port(struct reader *reader, const struct vdhcp_port *port)
{
	const struct vdhcp_port_snap *snap = rcu_dereference(port->snap);
	const struct vdhcp_subnet_conf *subnet;
	u32 lease, t1;

	reader->ports++;
	reader->sum = vdhcp_sum(&snap->conf, snap->conf.size, reader->sum);
	subnet = &rcu_dereference(snap->ip4_subnet->snap)->conf;
	reader->sum = vdhcp_sum(subnet, subnet->size, reader->sum);
	lease = get_unaligned_be32(subnet->lease + 2);
	t1 = get_unaligned_be32(subnet->lease + 8);
	if ((snap->conf.addr & subnet->mask) != subnet->network || t1 != lease / 2)
		reader->wrong++;
}

static enum hrtimer_restart read_all(struct hrtimer *timer)
{
	struct reader *reader = container_of(timer, struct reader, timer);
	const struct vdhcp_port *port;
	u16 vlan;

	rcu_read_lock();
	for (vlan = 0; vlan < 8; vlan++) {
		port = vdhcp_port_array_find(rcu_dereference(reader->tap->ports), vlan);
		if (port)
			read_port(reader, port);
	}
	rcu_read_unlock();
	reader->runs++;
	hrtimer_forward_now(timer, ns_to_ktime(100 * NSEC_PER_USEC));
	return HRTIMER_RESTART;
}

/* Makes one round of changes. Each of them must succeed. */
static int change_tables(struct vdhcp_port_spec *spec, struct vdhcp_subnet_spec *near, u32 i)
{
	struct vdhcp_cfg_err cfg_err;
	u16 vlan = 1 + i % 7;
	bool far = i & 1;
	int err;

	near->lease = 3600 + i % 1000;
	spec->addresses.entry[0].ip4 = cpu_to_be32(far ? 0x0a000005 : VTEST_ADDR);
	err = vtest_port_set(port_dev, 0, far ? "far" : "near", spec, &cfg_err);
	if (!err)
		err = vtest_subnet_set(near, &cfg_err);
	if (err)
		return err;
	if (vtest_port_find(port_dev, vlan))
		return vtest_port_del(port_dev, vlan);
	return PTR_ERR_OR_ZERO(vtest_port_add(port_dev, vlan, far ? "far" : "near", spec,
					      &cfg_err));
}

static void readers_test(struct kunit *test)
{
	struct vdhcp_subnet_spec *near = vtest_subnet_spec(test, "near");
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	unsigned long end = jiffies + 20 * HZ;
	struct vdhcp_cfg_err cfg_err;
	struct reader *reader;
	int err = 0;
	u32 i;

	reader = kunit_kzalloc(test, sizeof(*reader), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, reader);
	add_subnet(test, "near", VTEST_NETWORK);
	add_subnet(test, "far", 0x0a000000);
	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_port_add(port_dev, 0, "near", spec, &cfg_err)));
	reader->tap = vtest_port_find(port_dev, 0)->tap;

	hrtimer_setup(&reader->timer, read_all, CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
	hrtimer_start(&reader->timer, ns_to_ktime(100 * NSEC_PER_USEC), HRTIMER_MODE_REL_SOFT);
	for (i = 0; i < 1000 || READ_ONCE(reader->runs) < 50; i++) {
		err = change_tables(spec, near, i);
		if (err || time_after(jiffies, end))
			break;
		cond_resched();
	}
	hrtimer_cancel(&reader->timer);

	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_GE(test, reader->runs, 50u);
	KUNIT_EXPECT_GE(test, reader->ports, reader->runs);
	KUNIT_EXPECT_EQ(test, reader->wrong, 0u);
}

/* Parts of the tables that packets read, which must not change under a reader. */

static const void *get_port_snap(const struct vdhcp_subnet *subnet, const struct vdhcp_port *port,
				 size_t *len)
{
	const struct vdhcp_port_conf *conf = &vtest_port_snap(port)->conf;

	*len = conf->size;
	return conf;
}

static const void *get_subnet_snap(const struct vdhcp_subnet *subnet,
				   const struct vdhcp_port *port, size_t *len)
{
	const struct vdhcp_subnet_conf *conf;

	conf = &rcu_dereference_protected(subnet->snap, true)->conf;
	*len = conf->size;
	return conf;
}

static const void *get_ports(const struct vdhcp_subnet *subnet, const struct vdhcp_port *port,
			     size_t *len)
{
	const struct vdhcp_port_array *ports = rcu_dereference_protected(port->tap->ports, true);

	*len = ports->n * sizeof(ports->port[0]);
	return ports->port;
}

static const void *get_counters(const struct vdhcp_subnet *subnet, const struct vdhcp_port *port,
				size_t *len)
{
	*len = VDHCP_GROUP_FRAME_VERDICTS * sizeof(atomic64_t);
	return vtest_counts(port);
}

static const void *get_tap_name(const struct vdhcp_subnet *subnet, const struct vdhcp_port *port,
				size_t *len)
{
	*len = sizeof(port->tap->name);
	return port->tap->name;
}

static int remove_port(struct vdhcp_subnet_spec *subnet, struct vdhcp_port_spec *port)
{
	return vtest_port_del(port_dev, 0);
}

static int remove_all(struct vdhcp_subnet_spec *subnet, struct vdhcp_port_spec *port)
{
	vtest_flush();
	return 0;
}

static int subnet_add(struct vdhcp_subnet_spec *subnet, struct vdhcp_port_spec *port)
{
	struct vdhcp_cfg_err cfg_err;

	strscpy(subnet->name, "new", sizeof(subnet->name));
	return PTR_ERR_OR_ZERO(vtest_subnet_add(subnet, &cfg_err));
}

static int subnet_del(struct vdhcp_subnet_spec *subnet, struct vdhcp_port_spec *port)
{
	struct vdhcp_cfg_err cfg_err;

	return vtest_subnet_del("new", &cfg_err);
}

static int subnet_set(struct vdhcp_subnet_spec *subnet, struct vdhcp_port_spec *port)
{
	struct vdhcp_cfg_err cfg_err;

	subnet->lease = 7200;
	return vtest_subnet_set(subnet, &cfg_err);
}

static int subnet_unset(struct vdhcp_subnet_spec *subnet, struct vdhcp_port_spec *port)
{
	struct vdhcp_cfg_err cfg_err;

	subnet->lease = VDHCP_SUBNET_LEASE_DEFAULT;
	return vtest_subnet_set(subnet, &cfg_err);
}

static int port_add(struct vdhcp_subnet_spec *subnet, struct vdhcp_port_spec *port)
{
	struct vdhcp_cfg_err cfg_err;

	return PTR_ERR_OR_ZERO(vtest_port_add("vtest1", 0, "s1", port, &cfg_err));
}

static int port_del(struct vdhcp_subnet_spec *subnet, struct vdhcp_port_spec *port)
{
	return vtest_port_del("vtest1", 0);
}

static int vlan_add(struct vdhcp_subnet_spec *subnet, struct vdhcp_port_spec *port)
{
	struct vdhcp_cfg_err cfg_err;

	return PTR_ERR_OR_ZERO(vtest_port_add(port_dev, 9, "s1", port, &cfg_err));
}

static int vlan_del(struct vdhcp_subnet_spec *subnet, struct vdhcp_port_spec *port)
{
	return vtest_port_del(port_dev, 9);
}

static int first_vlan_del(struct vdhcp_subnet_spec *subnet, struct vdhcp_port_spec *port)
{
	return vtest_port_del(port_dev, 5);
}

static int first_vlan_add(struct vdhcp_subnet_spec *subnet, struct vdhcp_port_spec *port)
{
	struct vdhcp_cfg_err cfg_err;

	return PTR_ERR_OR_ZERO(vtest_port_add(port_dev, 5, "s1", port, &cfg_err));
}

static int port_set(struct vdhcp_subnet_spec *subnet, struct vdhcp_port_spec *port)
{
	struct vdhcp_cfg_err cfg_err;

	port->addresses.entry[0].ip4 = cpu_to_be32(VTEST_ADDR + 7);
	return vtest_port_set(port_dev, 0, "s2", port, &cfg_err);
}

static int port_unset(struct vdhcp_subnet_spec *subnet, struct vdhcp_port_spec *port)
{
	struct vdhcp_cfg_err cfg_err;

	port->addresses.entry[0].ip4 = cpu_to_be32(VTEST_ADDR);
	return vtest_port_set(port_dev, 0, "s1", port, &cfg_err);
}

/*
 * A change during which allocations fail: whether its device exists, the change,
 * and the change that restores the tables.
 */
static const struct fail_case {
	const char *desc;
	bool device;
	int (*act)(struct vdhcp_subnet_spec *subnet, struct vdhcp_port_spec *port);
	int (*undo)(struct vdhcp_subnet_spec *subnet, struct vdhcp_port_spec *port);
} fail_cases[] = {
	{ "add a subnet", false, subnet_add, subnet_del },
	{ "set a subnet", false, subnet_set, subnet_unset },
	{ "add a port without its device", false, port_add, port_del },
	{ "add a port to a device", true, port_add, port_del },
	{ "add a VLAN", true, vlan_add, vlan_del },
	{ "remove a VLAN", true, first_vlan_del, first_vlan_add },
	{ "set a port", false, port_set, port_unset },
};

VTEST_PARAMS(fail, fail_cases)

/* Prints the contents of the tables in one line. */
static void print_state(char *buf, size_t size)
{
	struct vdhcp_subnet *subnet;
	struct vdhcp_port *port;
	size_t n = 0;

	for (subnet = vtest_subnet_after(""); subnet;
	     subnet = vtest_subnet_after(subnet->spec->name))
		n += scnprintf(buf + n, size - n, " %s,%u,%u", subnet->spec->name,
			       subnet->spec->lease, subnet->n_bindings);
	for (port = vtest_port_after("", 0); port;
	     port = vtest_port_after(port->tap->name, port->vlan))
		n += scnprintf(buf + n, size - n, " %s/%u,%x", port->tap->name, port->vlan,
			       be32_to_cpu(vtest_port_snap(port)->conf.addr));
}

/* Each allocation fails once: all of the change is made or none of it. */
static void fail_test(struct kunit *test)
{
	const struct fail_case *c = test->param_value;
	struct vdhcp_subnet_spec *subnet = vtest_subnet_spec(test, "s1");
	struct vdhcp_port_spec *port = vtest_port_spec(test);
	unsigned int nth, refused = 0;
	char before[160], after[160];
	struct vdhcp_cfg_err cfg_err;
	bool failed = true;
	int err;

	add_subnet(test, "s1", VTEST_NETWORK);
	add_subnet(test, "s2", VTEST_NETWORK);
	KUNIT_ASSERT_EQ(test, port_unset(subnet, port), -ENOENT);
	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_port_add(port_dev, 0, "s1", port,
						       &cfg_err)));
	KUNIT_ASSERT_EQ(test, first_vlan_add(subnet, port), 0);
	if (c->device)
		KUNIT_ASSERT_NOT_NULL(test, vtest_dev_new(&init_net, "vtest1", ARPHRD_ETHER));

	for (nth = 1; failed && nth < 100; nth++) {
		print_state(before, sizeof(before));
		vtest_fail_begin(nth);
		err = c->act(subnet, port);
		failed = vtest_fail_end();
		if (err) {
			KUNIT_EXPECT_EQ(test, err, -ENOMEM);
			refused++;
			print_state(after, sizeof(after));
			KUNIT_EXPECT_STREQ(test, (char *)after, (char *)before);
		} else {
			KUNIT_ASSERT_EQ(test, c->undo(subnet, port), 0);
		}
	}
	if (!refused)
		kunit_skip(test, "no allocation fails here");
	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_FALSE(test, failed);
}

/* Parts that a packet may still read after they were replaced or removed. */
static const struct late_case {
	const char *desc;
	const void *(*part)(const struct vdhcp_subnet *subnet, const struct vdhcp_port *port,
			    size_t *len);
	int (*act)(struct vdhcp_subnet_spec *subnet, struct vdhcp_port_spec *port);
} late_cases[] = {
	{ "snapshot of a port that is set", get_port_snap, port_set },
	{ "snapshot of a port that is removed", get_port_snap, remove_port },
	{ "snapshot of a subnet that is set", get_subnet_snap, subnet_set },
	{ "snapshot of a subnet that is removed", get_subnet_snap, remove_all },
	{ "ports when a VLAN is added", get_ports, vlan_add },
	{ "ports when a VLAN is removed", get_ports, first_vlan_del },
	{ "ports when all are removed", get_ports, remove_all },
	{ "port that is removed", get_counters, remove_port },
	{ "port that is removed by a flush", get_counters, remove_all },
	{ "tap that is removed", get_tap_name, remove_all },
};

VTEST_PARAMS(late, late_cases)

/*
 * On one CPU no grace period ends before the test sleeps, so the test may read what a
 * packet could still read. KASAN reports a part that was freed too early.
 */
static void late_reader_test(struct kunit *test)
{
	const struct late_case *c = test->param_value;
	struct vdhcp_subnet_spec *subnet = vtest_subnet_spec(test, "s1");
	struct vdhcp_port_spec *port = vtest_port_spec(test);
	struct vdhcp_cfg_err cfg_err;
	const void *part;
	size_t len;
	u8 *copy;
	int err;

	if (IS_ENABLED(CONFIG_SMP) || IS_ENABLED(CONFIG_PREEMPTION))
		kunit_skip(test, "grace periods end at any time here");
	add_subnet(test, "s1", VTEST_NETWORK);
	add_subnet(test, "s2", VTEST_NETWORK);
	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_port_add(port_dev, 0, "s1", port, &cfg_err)));
	KUNIT_ASSERT_EQ(test, first_vlan_add(subnet, port), 0);
	part = c->part(vtest_subnet_find("s1"), vtest_port_find(port_dev, 0), &len);
	copy = kunit_kmalloc(test, len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, part, len);

	err = c->act(subnet, port);

	KUNIT_EXPECT_EQ(test, vtest_differ(part, copy, len), -1);
	KUNIT_EXPECT_EQ(test, err, 0);
}

static struct kunit_case reader_test_cases[] = {
	KUNIT_CASE(readers_test),
	KUNIT_CASE_PARAM(late_reader_test, late_gen_params),
	KUNIT_CASE_PARAM(fail_test, fail_gen_params),
	{}
};

static struct kunit_suite reader_test_suite = {
	.name = "vdhcp_reader",
	.suite_init = vtest_begin,
	.suite_exit = vtest_end,
	.exit = vtest_reset,
	.test_cases = reader_test_cases,
};

kunit_test_suite(reader_test_suite);
