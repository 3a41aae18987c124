// SPDX-License-Identifier: GPL-2.0
/* Packet counters: groups, blocks and totals. */
#include <linux/etherdevice.h>
#include <engine.h>
#include <stats.h>
#include "fixture.h"

#define DEV "vtest0"

/* Returns one bit for each group of counters that the port has. */
static unsigned long groups_of(const struct vdhcp_port *port)
{
	unsigned long groups = 0;
	unsigned int i;

	for (i = 0; i < VDHCP_GROUPS; i++)
		if (rcu_access_pointer(port->counts[i]))
			groups |= BIT(i);
	return groups;
}

static struct vdhcp_port *add_port(struct kunit *test, u16 vlan, u8 mode)
{
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	struct vdhcp_cfg_err cfg_err;
	struct vdhcp_port *port;

	spec->mode = mode;
	spec->present |= BIT_ULL(VDHCP_A_PORT_MODE);
	port = vtest_port_add(DEV, vlan, "s1", spec, &cfg_err);
	KUNIT_ASSERT_FALSE(test, IS_ERR(port));
	return port;
}

static int stats_init(struct kunit *test)
{
	struct vdhcp_cfg_err cfg_err;

	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_subnet_add(vtest_subnet_spec(test, "s1"),
							 &cfg_err)));
	return 0;
}

static void count_packet(struct vdhcp_port *port, u8 verdict, u8 message, u8 notes)
{
	struct vdhcp_txn txn;

	vdhcp_txn_init(&txn);
	txn.verdict = verdict;
	txn.message = message;
	txn.notes = notes;
	local_bh_disable();
	rcu_read_lock();
	vdhcp_stats_count(vtest_net(), port, &txn);
	rcu_read_unlock();
	local_bh_enable();
}

/* The port has the counters @want, and the totals grew from @total by as much. */
static void expect_counts(struct kunit *test, const struct vdhcp_port *port,
			  const u64 *want, const u64 *total)
{
	unsigned int i;

	for (i = 0; i < VDHCP_COUNTERS; i++) {
		KUNIT_ASSERT_EQ_MSG(test, vdhcp_stats_port(port, i), want[i], "counter %u", i);
		KUNIT_ASSERT_EQ_MSG(test, vdhcp_stats_total(vtest_net(), i), total[i] + want[i],
				    "total %u", i);
	}
}

/* No two counters share memory, and none is outside of its block (KASAN). */
static void count_test(struct kunit *test)
{
	struct vdhcp_port *port = add_port(test, 0, VDHCP_MODE_SERVE);
	struct vdhcp_port *other = add_port(test, 5, VDHCP_MODE_SERVE);
	u64 want[VDHCP_COUNTERS] = {}, total[VDHCP_COUNTERS];
	const u64 none[VDHCP_COUNTERS] = {};
	u64 sums[VDHCP_KINDS], sum = 0;
	unsigned int i;

	for (i = 0; i < VDHCP_COUNTERS; i++)
		total[i] = vdhcp_stats_total(vtest_net(), i);
	for (i = 0; i < VDHCP_VERDICTS; i++) {
		count_packet(port, i, VDHCP_MESSAGES, 0);
		want[VDHCP_COUNT_VERDICT + i]++;
		expect_counts(test, port, want, total);
	}
	for (i = 0; i < VDHCP_MESSAGES; i++) {
		count_packet(port, VDHCP_VERDICT_OFFER, i, 0);
		want[VDHCP_COUNT_VERDICT + VDHCP_VERDICT_OFFER]++;
		want[VDHCP_COUNT_MESSAGE + i]++;
		expect_counts(test, port, want, total);
	}
	for (i = 0; i < VDHCP_NOTES; i++) {
		count_packet(port, VDHCP_VERDICT_DENIED, VDHCP_MESSAGES, BIT(i));
		want[VDHCP_COUNT_VERDICT + VDHCP_VERDICT_DENIED]++;
		want[VDHCP_COUNT_NOTE + i]++;
		expect_counts(test, port, want, total);
	}
	vdhcp_stats_sum(port, sums);
	for (i = 0; i < VDHCP_KINDS; i++)
		sum += sums[i];
	KUNIT_EXPECT_EQ(test, sum, (u64)VDHCP_VERDICTS + VDHCP_MESSAGES + VDHCP_NOTES);
	for (i = 0; i < VDHCP_COUNTERS; i++)
		KUNIT_EXPECT_EQ(test, vdhcp_stats_port(other, i), none[i]);
}

/* The counters of a port and the totals begin again at 0, each by itself. */
static void reset_test(struct kunit *test)
{
	struct vdhcp_port *port = add_port(test, 0, VDHCP_MODE_SERVE);
	struct vdhcp_port *bare = add_port(test, 5, VDHCP_MODE_DENY);
	const unsigned int offer = VDHCP_COUNT_VERDICT + VDHCP_VERDICT_OFFER;
	u64 total = vdhcp_stats_total(vtest_net(), offer);
	unsigned int i;
	int round, err;

	for (round = 0; round < 3; round++) {
		count_packet(port, VDHCP_VERDICT_OFFER, 0, 1);
		KUNIT_EXPECT_EQ(test, vdhcp_stats_port(port, offer), 1u);
		total = vdhcp_stats_total(vtest_net(), offer);
		KUNIT_EXPECT_GE(test, total, 1u);
		vdhcp_stats_reset_port(port);
		vdhcp_stats_reset_port(bare);
		for (i = 0; i < VDHCP_COUNTERS; i++)
			KUNIT_EXPECT_EQ(test, vdhcp_stats_port(port, i), 0u);
		KUNIT_EXPECT_EQ(test, vdhcp_stats_total(vtest_net(), offer), total);
		vtest_lock(vtest_net());
		err = vdhcp_stats_reset_totals(vtest_net());
		vtest_unlock(vtest_net());
		KUNIT_ASSERT_EQ(test, err, 0);
		for (i = 0; i < VDHCP_COUNTERS; i++)
			KUNIT_EXPECT_EQ(test, vdhcp_stats_total(vtest_net(), i), 0u);
		count_packet(port, VDHCP_VERDICT_OFFER, 0, 0);
		KUNIT_EXPECT_EQ(test, vdhcp_stats_total(vtest_net(), offer), 1u);
		vdhcp_stats_reset_port(port);
	}
}

/* A port allocates only the groups that it uses, and keeps its counters. */
static void group_test(struct kunit *test)
{
	const unsigned long frame = BIT(VDHCP_GROUP_FRAME);
	const unsigned long both = frame | BIT(VDHCP_GROUP_DHCP4);
	struct vdhcp_port *port = add_port(test, 0, VDHCP_MODE_PASS);
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	struct vdhcp_cfg_err cfg_err;
	const atomic64_t *counts;

	KUNIT_EXPECT_EQ(test, groups_of(add_port(test, 1, VDHCP_MODE_DENY)), frame);
	KUNIT_EXPECT_EQ(test, groups_of(add_port(test, 2, VDHCP_MODE_SERVE)), both);
	KUNIT_EXPECT_EQ(test, groups_of(port), frame);
	KUNIT_EXPECT_NULL(test, vdhcp_port_client(port));
	counts = vtest_counts(port);
	count_packet(port, VDHCP_VERDICT_PASS_MODE, VDHCP_MESSAGES, 0);
	KUNIT_EXPECT_EQ(test, vdhcp_stats_port(port, VDHCP_VERDICT_OFFER), 0ull);

	KUNIT_ASSERT_EQ(test, vtest_port_set(DEV, 0, "s1", spec, &cfg_err), 0);
	KUNIT_EXPECT_EQ(test, groups_of(port), both);
	KUNIT_EXPECT_NOT_NULL(test, vdhcp_port_client(port));
	KUNIT_EXPECT_PTR_EQ(test, counts, (const atomic64_t *)vtest_counts(port));
	count_packet(port, VDHCP_VERDICT_OFFER, VDHCP_MESSAGE_DISCOVER, 0);

	spec->mode = VDHCP_MODE_DENY;
	spec->present |= BIT_ULL(VDHCP_A_PORT_MODE);
	KUNIT_ASSERT_EQ(test, vtest_port_set(DEV, 0, "s1", spec, &cfg_err), 0);
	KUNIT_EXPECT_EQ(test, vdhcp_stats_port(port, VDHCP_VERDICT_OFFER), 1ull);
	KUNIT_EXPECT_EQ(test, vdhcp_stats_port(port, VDHCP_VERDICT_PASS_MODE), 1ull);
}

/* Each allocation fails once: the port has all of the change or none of it. */
static void memory_test(struct kunit *test)
{
	struct vdhcp_port *port = add_port(test, 0, VDHCP_MODE_PASS);
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	struct vdhcp_cfg_err cfg_err;
	bool failed = true;
	unsigned int n;
	int err = 0;

	for (n = 1; failed && n < 50; n++) {
		vtest_fail_begin(n);
		err = vtest_port_set(DEV, 0, "s1", spec, &cfg_err);
		failed = vtest_fail_end();
		if (!err)
			break;
		KUNIT_EXPECT_EQ(test, err, -ENOMEM);
		KUNIT_EXPECT_EQ(test, vtest_port_snap(port)->conf.mode, VDHCP_MODE_PASS);
	}
	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_EQ(test, vtest_port_snap(port)->conf.mode, VDHCP_MODE_SERVE);
	KUNIT_EXPECT_EQ(test, groups_of(port), BIT(VDHCP_GROUP_FRAME) | BIT(VDHCP_GROUP_DHCP4));
	if (n == 1)
		kunit_skip(test, "no allocation fails here");
}

/* A namespace without ports has no totals, and shows zeros. */
static void namespace_test(struct kunit *test)
{
	struct net *net = vtest_netns_new(test);
	const struct vdhcp_net *vn = vdhcp_pernet(net);
	unsigned int i;

	for (i = 0; i < VDHCP_GROUPS; i++)
		KUNIT_EXPECT_TRUE(test, !vn->totals[i]);
	for (i = 0; i < VDHCP_COUNTERS; i++)
		KUNIT_EXPECT_EQ(test, vdhcp_stats_total(vn, i), 0ull);
	vtest_netns_put(net);
}

static struct kunit_case stats_test_cases[] = {
	KUNIT_CASE(count_test),
	KUNIT_CASE(reset_test),
	KUNIT_CASE(group_test),
	KUNIT_CASE(memory_test),
	KUNIT_CASE(namespace_test),
	{}
};

static struct kunit_suite stats_test_suite = {
	.name = "vdhcp_stats",
	.suite_init = vtest_begin,
	.suite_exit = vtest_end,
	.init = stats_init,
	.exit = vtest_reset,
	.test_cases = stats_test_cases,
};

kunit_test_suite(stats_test_suite);
