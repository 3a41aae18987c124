// SPDX-License-Identifier: GPL-2.0
/* Batches: all of them or nothing, and never a port in between. */
#include <linux/if_arp.h>
#include <net/net_namespace.h>
#include <batch.h>
#include <commit.h>
#include "put.h"

#define S2_NETWORK	0xc6336400u	/* 198.51.100.0/24 */

static const char dead[] = "an earlier request of this batch failed";
static const char stale[] = "the configuration is of another generation";

/* Requests of the batch under way. */
static u32 requests;

static u32 generation(void)
{
	u32 value;

	vtest_lock(vtest_net());
	value = vtest_net()->generation;
	vtest_unlock(vtest_net());
	return value;
}

/* One request and what becomes of it; @text is NULL for any. */
static void ask(struct kunit *test, u8 cmd, const struct vtest_put *put, int err,
		const char *text)
{
	struct sk_buff *request = vtest_request(cmd, NLM_F_ACK);
	struct vtest_answer answer;

	KUNIT_ASSERT_NOT_NULL(test, request);
	vtest_put(request, put);
	vtest_ask(test->priv, request, &answer);
	vtest_answer_free(&answer);
	KUNIT_ASSERT_EQ_MSG(test, answer.err, err, "command %u: %s", cmd, answer.text);
	if (text)
		KUNIT_EXPECT_STREQ(test, (const char *)answer.text, text);
}

static void begin(struct kunit *test, u8 mode)
{
	const struct vtest_put put[] = {
		PUT_U8(BATCH_MODE, mode), PUT_U32(BATCH_GENERATION, generation()), {}
	};

	ask(test, VDHCP_CMD_BATCH_BEGIN, put, 0, "");
	requests = 0;
}

static void commit(struct kunit *test, int err, const char *text)
{
	const struct vtest_put put[] = { PUT_U32(BATCH_REQUESTS, requests), {} };

	ask(test, VDHCP_CMD_BATCH_COMMIT, put, err, text);
}

enum how { ADD, REPLACE };

static void subnet(struct kunit *test, enum how how, const char *name, u32 network, u32 lease,
		   int err, const char *text)
{
	const struct vtest_put put[] = {
		PUT_TEXT(SUBNET_NAME, name), PUT_IP(SUBNET_NETWORK, network),
		PUT_U8(SUBNET_PREFIX_LEN, 24), PUT_U32(SUBNET_LEASE, lease),
		{ how == REPLACE ? VTEST_BYTES : VTEST_END, VDHCP_A_SUBNET_REPLACE, 0 }, {}
	};

	requests++;
	ask(test, VDHCP_CMD_SUBNET_NEW, put, err, text);
}

static void subnet_del(struct kunit *test, const char *name, int err, const char *text)
{
	const struct vtest_put put[] = { PUT_TEXT(SUBNET_NAME, name), {} };

	requests++;
	ask(test, VDHCP_CMD_SUBNET_DEL, put, err, text);
}

static void port(struct kunit *test, enum how how, const char *dev, u16 vlan, const char *name,
		 u32 addr, int err, const char *text)
{
	const struct vtest_put put[] = {
		PUT_TEXT(PORT_DEV, dev), PUT_U16(PORT_VLAN, vlan), PUT_BOUND(addr, name),
		PUT_BYTES(PORT_MAC, 6, "\x52\x54\0\x12\x34\x56"),
		{ how == REPLACE ? VTEST_BYTES : VTEST_END, VDHCP_A_PORT_REPLACE, 0 }, {}
	};

	requests++;
	ask(test, VDHCP_CMD_PORT_NEW, put, err, text);
}

static void port_del(struct kunit *test, const char *dev, u16 vlan, int err, const char *text)
{
	const struct vtest_put put[] = {
		PUT_TEXT(PORT_DEV, dev), PUT_U16(PORT_VLAN, vlan), {}
	};

	requests++;
	ask(test, VDHCP_CMD_PORT_DEL, put, err, text);
}

/* Bindings of a subnet that belong to a port's current snapshot and to no other subnet. */
static u32 count_bindings(const struct vdhcp_subnet *subnet)
{
	const struct vdhcp_binding *binding;
	const struct vdhcp_port_snap *snap;
	u32 n = 0;

	list_for_each_entry(binding, &subnet->bindings, node) {
		snap = vdhcp_port_get_snap(vtest_net(), binding->port);
		n += binding == vdhcp_port_bindings(snap) &&
		     binding->subnet == subnet;
	}
	return n;
}

/* The tables as a text: each subnet with its lease, each port with what it leads to. */
static const char *tables(char *buf, size_t size)
{
	const struct vdhcp_port_snap *snap;
	const struct vdhcp_subnet *s;
	const struct vdhcp_port *p;
	size_t n = 0;

	buf[0] = '\0';
	vtest_lock(vtest_net());
	for (s = vtest_subnet_above(""); s; s = vtest_subnet_above(s->spec->name))
		n += scnprintf(buf + n, size - n, "%s=%u/%u ", s->spec->name, s->spec->lease,
			       count_bindings(s));
	for (p = vdhcp_port_after(vtest_net(), "", 0); p;
	     p = vdhcp_port_after(vtest_net(), p->tap->name, p->vlan)) {
		snap = vdhcp_port_get_snap(vtest_net(), p);
		s = snap->ip4_subnet;
		n += scnprintf(buf + n, size - n, "%s.%u=%x@%s:%u%s ", p->tap->name, p->vlan,
			       ntohl(snap->conf.addr) & 0xff, s->spec->name, s->spec->lease,
			       p->tap->dev ? "+" : "");
	}
	vtest_unlock(vtest_net());
	return buf;
}

static void expect_tables(struct kunit *test, const char *want)
{
	char got[256];

	KUNIT_EXPECT_STREQ(test, tables(got, sizeof(got)), want);
}

/* Subnets s1 and s2, and of s1 the ports vtest0, vtest0.5 and vtest1. */
static void furnish(struct kunit *test)
{
	subnet(test, ADD, "s1", VTEST_NETWORK, 100, 0, "");
	subnet(test, ADD, "s2", S2_NETWORK, 200, 0, "");
	port(test, ADD, "vtest0", 0, "s1", VTEST_NETWORK + 10, 0, "");
	port(test, ADD, "vtest0", 5, "s1", VTEST_NETWORK + 11, 0, "");
	port(test, ADD, "vtest1", 0, "s1", VTEST_NETWORK + 12, 0, "");
}

static const char furnished[] =
	"s1=100/3 s2=200/0 vtest0.0=a@s1:100 vtest0.5=b@s1:100 vtest1.0=c@s1:100 ";

static void commit_test(struct kunit *test)
{
	furnish(test);
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	subnet(test, ADD, "s3", S2_NETWORK, 300, 0, "");
	port(test, ADD, "vtest0", 3, "s3", S2_NETWORK + 1, 0, "");
	port(test, ADD, "vtest2", 7, "s2", S2_NETWORK + 2, 0, "");
	port(test, REPLACE, "vtest0", 0, "s3", S2_NETWORK + 3, 0, "");
	port_del(test, "vtest0", 5, 0, "");
	port_del(test, "vtest1", 0, 0, "");
	subnet_del(test, "s1", 0, "");
	expect_tables(test, furnished);

	commit(test, 0, "");
	expect_tables(test, "s2=200/1 s3=300/2 vtest0.0=3@s3:300 vtest0.3=1@s3:300 "
		      "vtest2.7=2@s2:200 ");
	KUNIT_EXPECT_NULL(test, vtest_port_find("vtest1", 0));
	commit(test, -ENOENT, "no batch was begun on this socket");
}

/* A port that stays is the same object, so its counters stay; its subnet is another. */
static void replace_test(struct kunit *test)
{
	struct vdhcp_subnet *old;
	struct vdhcp_port *p;

	furnish(test);
	old = vtest_subnet_find("s1");
	p = vtest_port_find("vtest0", 5);
	atomic64_set(vtest_counts(p), 42);
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	/* Before and after its subnet. */
	port(test, REPLACE, "vtest0", 5, "s1", VTEST_NETWORK + 20, 0, "");
	subnet(test, REPLACE, "s1", VTEST_NETWORK, 111, 0, "");
	port(test, REPLACE, "vtest1", 0, "s1", VTEST_NETWORK + 21, 0, "");
	expect_tables(test, furnished);

	commit(test, 0, "");
	expect_tables(test, "s1=111/3 s2=200/0 vtest0.0=a@s1:111 vtest0.5=14@s1:111 "
		      "vtest1.0=15@s1:111 ");
	KUNIT_EXPECT_PTR_NE(test, vtest_subnet_find("s1"), old);
	KUNIT_EXPECT_PTR_EQ(test, vtest_port_find("vtest0", 5), p);
	KUNIT_EXPECT_EQ(test, atomic64_read(vtest_counts(p)), 42);

	/* The same without a batch. */
	port(test, REPLACE, "vtest0", 5, "s2", S2_NETWORK + 1, 0, "");
	subnet(test, REPLACE, "s1", VTEST_NETWORK, 112, 0, "");
	port(test, REPLACE, "vtest3", 0, "s2", S2_NETWORK + 2, 0, "");
	expect_tables(test, "s1=112/2 s2=200/2 vtest0.0=a@s1:112 vtest0.5=1@s2:200 "
		      "vtest1.0=15@s1:112 vtest3.0=2@s2:200 ");
	KUNIT_EXPECT_EQ(test, atomic64_read(vtest_counts(p)), 42);
}

/* What is in the way at the end leaves everything as it was. */
static void refused_commit_test(struct kunit *test)
{
	furnish(test);
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	port(test, ADD, "vtest2", 0, "s2", S2_NETWORK + 2, 0, "");
	subnet_del(test, "s1", 0, "");
	commit(test, -EBUSY, "subnet s1 is used by port vtest0");
	expect_tables(test, furnished);

	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	port(test, REPLACE, "vtest1", 0, "s1", VTEST_NETWORK + 20, 0, "");
	port_del(test, "vtest0", 0, 0, "");
	port_del(test, "vtest0", 5, 0, "");
	subnet_del(test, "s1", 0, "");
	commit(test, -EBUSY, "subnet s1 is used by port vtest1");
	expect_tables(test, furnished);

	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	port_del(test, "vtest0", 0, 0, "");
	subnet(test, REPLACE, "s1", S2_NETWORK, 111, 0, "");
	commit(test, -EINVAL, "port vtest0 vlan 5: addr is outside of the subnet's cidr");
	expect_tables(test, furnished);

	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	port(test, REPLACE, "vtest0", 5, "s1", VTEST_NETWORK + 20, 0, "");
	port(test, REPLACE, "vtest0", 0, "s2", S2_NETWORK + 1, 0, "");
	port_del(test, "vtest1", 0, 0, "");
	subnet(test, REPLACE, "s1", S2_NETWORK, 111, 0, "");
	commit(test, -EINVAL, "port vtest0 vlan 5: addr is outside of the subnet's cidr");
	expect_tables(test, furnished);
}

/* Devices are attached to at the commit, or the batch is refused and leaves none attached. */
static void device_test(struct kunit *test)
{
	KUNIT_ASSERT_NOT_NULL(test, vtest_dev_new(&init_net, "vtest2", ARPHRD_ETHER));
	KUNIT_ASSERT_NOT_NULL(test, vtest_dev_new(&init_net, "vtest7", ARPHRD_NONE));
	furnish(test);
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	port(test, ADD, "vtest2", 0, "s2", S2_NETWORK + 2, 0, "");
	port(test, ADD, "vtest7", 0, "s2", S2_NETWORK + 3, 0, "");
	commit(test, -EINVAL, "device vtest7 is not Ethernet: no guest on it can be served");
	expect_tables(test, furnished);
	KUNIT_EXPECT_NULL(test, vtest_attached(vtest_net(), "vtest2"));

	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	port(test, ADD, "vtest2", 0, "s2", S2_NETWORK + 2, 0, "");
	port(test, ADD, "vtest2", 9, "s2", S2_NETWORK + 3, 0, "");
	port_del(test, "vtest0", 0, 0, "");
	port_del(test, "vtest0", 5, 0, "");
	port_del(test, "vtest1", 0, 0, "");
	commit(test, 0, "");
	expect_tables(test, "s1=100/0 s2=200/2 vtest2.0=2@s2:200+ vtest2.9=3@s2:200+ ");
	KUNIT_EXPECT_NOT_NULL(test, vtest_attached(vtest_net(), "vtest2"));

	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	port_del(test, "vtest2", 0, 0, "");
	port_del(test, "vtest2", 9, 0, "");
	commit(test, 0, "");
	KUNIT_EXPECT_NULL(test, vtest_attached(vtest_net(), "vtest2"));
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&vtest_net()->taps));
}

static void failed_test(struct kunit *test)
{
	furnish(test);
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	port_del(test, "vtest1", 0, 0, "");
	port(test, ADD, "vtest2", 0, "s2", VTEST_NETWORK + 2, -EINVAL,
	     "addr is outside of the subnet's cidr");
	port(test, ADD, "vtest2", 0, "s2", S2_NETWORK + 2, -ECANCELED, dead);
	commit(test, -ECANCELED, dead);
	expect_tables(test, furnished);
	/* It is over. */
	port_del(test, "vtest1", 0, 0, "");
}

static void stale_test(struct kunit *test)
{
	static const struct vtest_put mtu[] = {
		PUT_TEXT(SUBNET_NAME, "s2"), PUT_U16(SUBNET_MTU, 1400), {}
	};
	const struct vtest_put old[] = {
		PUT_U8(BATCH_MODE, VDHCP_BATCH_MODE_ATOMIC),
		PUT_U32(BATCH_GENERATION, generation(), BLAME), {}
	};
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	struct vdhcp_cfg_err cfg_err;

	furnish(test);
	ask(test, VDHCP_CMD_BATCH_BEGIN, old, -EAGAIN, stale);
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	port_del(test, "vtest1", 0, 0, "");
	KUNIT_ASSERT_EQ(test, vtest_port_set("vtest0", 0, "s1", spec, &cfg_err), 0);
	port_del(test, "vtest0", 5, -EAGAIN, stale);
	commit(test, -ECANCELED, dead);

	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	port_del(test, "vtest1", 0, 0, "");
	KUNIT_ASSERT_EQ(test, vtest_port_del("vtest1", 0), 0);
	commit(test, -EAGAIN, stale);
	expect_tables(test, "s1=100/2 s2=200/0 vtest0.0=a@s1:100 vtest0.5=b@s1:100 ");
	vtest_change(test, VDHCP_CMD_SUBNET_SET, mtu);
}

/* What the core refuses by policy, the batch does not get to know of. */
static void policy_refused_test(struct kunit *test)
{
	static const struct vtest_put fast[] = {
		PUT_TEXT(PORT_DEV, "vtest2"), PUT_U8(PORT_MODE, VDHCP_MODE_DENY),
		PUT_U32(PORT_RATE, VDHCP_RATE_MAX + 1), {}
	};
	static const struct vtest_put none[] = { {} };

	furnish(test);
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	port_del(test, "vtest1", 0, 0, "");
	ask(test, VDHCP_CMD_PORT_NEW, fast, -ERANGE, NULL);
	requests++;
	commit(test, -ECANCELED, "the batch has 1 requests");
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	port_del(test, "vtest1", 0, 0, "");
	ask(test, VDHCP_CMD_BATCH_COMMIT, none, -EINVAL,
	    "an atomic batch needs the number of its requests");
	expect_tables(test, furnished);
}

/* That the low half of the generation is the same again does not help. */
static void wrapped_test(struct kunit *test)
{
	furnish(test);
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	port_del(test, "vtest1", 0, 0, "");
	vtest_lock(vtest_net());
	vtest_net()->generation += 1ULL << 32;
	vtest_unlock(vtest_net());
	commit(test, -EAGAIN, stale);
	expect_tables(test, furnished);
}

static void once_test(struct kunit *test)
{
	furnish(test);
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	port_del(test, "vtest1", 0, 0, "");
	port(test, REPLACE, "vtest1", 0, "s1", VTEST_NETWORK + 2, -EEXIST,
	     "port is in this batch already");
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	port(test, ADD, "vtest2", 0, "s1", VTEST_NETWORK + 2, 0, "");
	port_del(test, "vtest2", 0, -ENOENT, "no such port");
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	port(test, REPLACE, "vtest1", 0, "s1", VTEST_NETWORK + 2, 0, "");
	port_del(test, "vtest1", 0, -EEXIST, "port is in this batch already");
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	subnet(test, ADD, "s3", S2_NETWORK, 300, 0, "");
	subnet(test, ADD, "s3", S2_NETWORK, 300, -EEXIST, "subnet is in this batch already");
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	subnet_del(test, "s2", 0, "");
	port(test, ADD, "vtest2", 0, "s2", S2_NETWORK + 2, -ENOENT, "no such subnet");
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	subnet(test, REPLACE, "s2", S2_NETWORK, 300, 0, "");
	subnet_del(test, "s2", -EEXIST, "subnet is in this batch already");
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	subnet(test, ADD, "s1", S2_NETWORK, 300, -EEXIST, "subnet exists");
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	port(test, ADD, "vtest0", 5, "s1", VTEST_NETWORK + 2, -EEXIST, "port exists");
	expect_tables(test, furnished);
}

static void only_new_and_del_test(struct kunit *test)
{
	static const struct vtest_put mtu[] = {
		PUT_TEXT(SUBNET_NAME, "s2"), PUT_U16(SUBNET_MTU, 1400), {}
	};
	static const struct vtest_put rate[] = {
		PUT_TEXT(PORT_DEV, "vtest0"), PUT_U32(PORT_RATE, 7), {}
	};
	static const struct vtest_put none[] = { {} };
	static const char text[] = "an atomic batch takes new and del";

	furnish(test);
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	ask(test, VDHCP_CMD_SUBNET_SET, mtu, -EINVAL, text);
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	ask(test, VDHCP_CMD_PORT_SET, rate, -EINVAL, text);
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	ask(test, VDHCP_CMD_FLUSH, none, -EINVAL, text);
	expect_tables(test, furnished);
}

static void chain_test(struct kunit *test)
{
	begin(test, VDHCP_BATCH_MODE_CHAIN);
	furnish(test);
	expect_tables(test, furnished);
	port_del(test, "vtest9", 0, -ENOENT, "no such port");
	port_del(test, "vtest1", 0, -ECANCELED, dead);
	expect_tables(test, furnished);
	commit(test, -ECANCELED, dead);
	port_del(test, "vtest1", 0, 0, "");

	begin(test, VDHCP_BATCH_MODE_CHAIN);
	port_del(test, "vtest0", 0, 0, "");
	commit(test, 0, "");
	expect_tables(test, "s1=100/1 s2=200/0 vtest0.5=b@s1:100 ");
}

/* A client that is killed leaves the old table, and no memory behind (kmemleak). */
static void close_test(struct kunit *test)
{
	furnish(test);
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	subnet(test, REPLACE, "s1", VTEST_NETWORK, 111, 0, "");
	port(test, ADD, "vtest2", 0, "s1", VTEST_NETWORK + 2, 0, "");
	port_del(test, "vtest1", 0, 0, "");
	vtest_client_close(test->priv);
	expect_tables(test, furnished);
	vtest_lock(vtest_net());
	KUNIT_EXPECT_TRUE(test, list_empty(&vtest_net()->batches));
	vtest_unlock(vtest_net());
	KUNIT_ASSERT_EQ(test, vtest_client_open(test->priv, &init_net, NETLINK_GENERIC), 0);
}

static const char committed[] =
	"s1=111/3 s2=200/1 vtest0.0=a@s1:111 vtest0.5=b@s1:111 vtest0.7=2@s2:200 "
	"vtest2.0=2@s1:111+ ";

/* Commits the open batch while its @nth allocation fails; *@failed if there was one. */
static int commit_failing(unsigned int nth, bool *failed)
{
	struct vdhcp_net *vn = vtest_net();
	struct vdhcp_cfg_err cfg_err = {};
	struct vdhcp_batch *batch;
	int err;

	vtest_lock(vn);
	batch = list_first_entry(&vn->batches, struct vdhcp_batch, node);
	vtest_fail_begin(nth);
	err = vdhcp_commit_batch(vn, batch, &cfg_err);
	*failed = vtest_fail_end();
	vdhcp_batch_end(vn, batch->sk);
	vtest_unlock(vn);
	vdhcp_batch_free(batch);
	return err;
}

/*
 * One after the other each allocation of a commit fails: the tables are the
 * old ones then, or the new ones if it could do without, as what debugs the
 * allocator can.
 */
static void no_memory_test(struct kunit *test)
{
	unsigned int nth, refused = 0;
	bool failed = true;
	int err;

	KUNIT_ASSERT_NOT_NULL(test, vtest_dev_new(&init_net, "vtest2", ARPHRD_ETHER));
	for (nth = 1; failed && nth < 200; nth++) {
		furnish(test);
		begin(test, VDHCP_BATCH_MODE_ATOMIC);
		subnet(test, REPLACE, "s1", VTEST_NETWORK, 111, 0, "");
		port(test, ADD, "vtest2", 0, "s1", VTEST_NETWORK + 2, 0, "");
		port(test, ADD, "vtest0", 7, "s2", S2_NETWORK + 2, 0, "");
		port_del(test, "vtest1", 0, 0, "");

		err = commit_failing(nth, &failed);
		KUNIT_EXPECT_TRUE(test, !err || (err == -ENOMEM && failed));
		expect_tables(test, err ? furnished : committed);
		if (err)
			KUNIT_EXPECT_NULL(test, vtest_attached(vtest_net(), "vtest2"));
		refused += !!err;
		vtest_flush();
	}
	KUNIT_EXPECT_FALSE(test, failed);
	if (!refused)
		kunit_skip(test, "no allocation fails here");
	/* Two snapshots, two drafts, a tap, its hook's table, two lists of ports at least. */
	KUNIT_EXPECT_GE(test, refused, 7u);
}

static const struct nlattr *digest(struct kunit *test)
{
	static const struct vtest_put none[] = { {} };

	return vtest_attr(vtest_get(test, VDHCP_CMD_INFO_GET, none), VDHCP_A_INFO_DIGEST);
}

/* A digest lasts until the configuration changes, and is no change itself. */
static void digest_test(struct kunit *test)
{
	static const char value[] = "0123456789abcdef0123456789abcdef";
	static const struct vtest_put one[] = {
		PUT_BYTES(BATCH_DIGEST, 32, value), PUT_U32(BATCH_REQUESTS, 1), {}
	};
	static const struct vtest_put empty[] = {
		PUT_BYTES(BATCH_DIGEST, 32, value), PUT_U32(BATCH_REQUESTS, 0), {}
	};
	u32 before;

	KUNIT_EXPECT_NULL(test, digest(test));
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	subnet(test, ADD, "s1", VTEST_NETWORK, 100, 0, "");
	ask(test, VDHCP_CMD_BATCH_COMMIT, one, 0, "");
	KUNIT_ASSERT_NOT_NULL(test, digest(test));
	KUNIT_EXPECT_EQ(test, nla_memcmp(digest(test), value, 32), 0);
	port(test, ADD, "vtest0", 0, "s1", VTEST_NETWORK + 10, 0, "");
	KUNIT_EXPECT_NULL(test, digest(test));

	before = generation();
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	ask(test, VDHCP_CMD_BATCH_COMMIT, empty, 0, "");
	KUNIT_EXPECT_NOT_NULL(test, digest(test));
	KUNIT_EXPECT_EQ(test, generation(), before);
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	commit(test, 0, "");
	KUNIT_EXPECT_NULL(test, digest(test));
}

static u32 info_u32(struct kunit *test, int type)
{
	static const struct vtest_put none[] = { {} };
	const struct nlattr *attr = vtest_attr(vtest_get(test, VDHCP_CMD_INFO_GET, none), type);

	return attr ? nla_get_u32(attr) : U32_MAX;
}

static void info_test(struct kunit *test)
{
	furnish(test);
	KUNIT_EXPECT_EQ(test, info_u32(test, VDHCP_A_INFO_GENERATION), generation());
	KUNIT_EXPECT_EQ(test, info_u32(test, VDHCP_A_INFO_SUBNETS), 2u);
	KUNIT_EXPECT_EQ(test, info_u32(test, VDHCP_A_INFO_PORTS), 3u);
	begin(test, VDHCP_BATCH_MODE_ATOMIC);
	subnet(test, REPLACE, "s1", VTEST_NETWORK, 111, 0, "");
	subnet_del(test, "s2", 0, "");
	port(test, ADD, "vtest2", 0, "s1", VTEST_NETWORK + 2, 0, "");
	port_del(test, "vtest1", 0, 0, "");
	port_del(test, "vtest0", 0, 0, "");
	commit(test, 0, "");
	KUNIT_EXPECT_EQ(test, info_u32(test, VDHCP_A_INFO_SUBNETS), 1u);
	KUNIT_EXPECT_EQ(test, info_u32(test, VDHCP_A_INFO_PORTS), 2u);
	vtest_flush();
	KUNIT_EXPECT_EQ(test, info_u32(test, VDHCP_A_INFO_SUBNETS), 0u);
	KUNIT_EXPECT_EQ(test, info_u32(test, VDHCP_A_INFO_PORTS), 0u);
}

#define REFUSE(words, cmd_, err_, text_, missing_, ...) \
	{ words, VDHCP_CMD_##cmd_, 0, NULL, { __VA_ARGS__ }, err_, text_, missing_ }

static const struct vtest_refusal refusals[] = {
	REFUSE("no mode", BATCH_BEGIN, -EINVAL, "mode is missing", VDHCP_A_BATCH_MODE,
	       PUT_U32(BATCH_GENERATION, 1)),
	REFUSE("mode 0", BATCH_BEGIN, -ERANGE, NULL, 0, PUT_U8(BATCH_MODE, 0, BLAME)),
	REFUSE("mode 3", BATCH_BEGIN, -ERANGE, NULL, 0, PUT_U8(BATCH_MODE, 3, BLAME)),
	REFUSE("mode of four bytes", BATCH_BEGIN, -EINVAL, NULL, 0,
	       PUT_U32(BATCH_MODE, 1, BLAME)),
	REFUSE("atomic without generation", BATCH_BEGIN, -EINVAL,
	       "an atomic batch needs a generation", VDHCP_A_BATCH_GENERATION,
	       PUT_U8(BATCH_MODE, VDHCP_BATCH_MODE_ATOMIC)),
	REFUSE("generation of two bytes", BATCH_BEGIN, -EINVAL, NULL, 0,
	       PUT_U8(BATCH_MODE, VDHCP_BATCH_MODE_ATOMIC),
	       PUT_U16(BATCH_GENERATION, 1, BLAME)),
	REFUSE("unknown attribute", BATCH_BEGIN, -EINVAL, NULL, 0,
	       PUT_U8(BATCH_MODE, VDHCP_BATCH_MODE_CHAIN),
	       { VTEST_U8, VDHCP_A_BATCH_MAX + 1, BLAME }),
	REFUSE("digest of 31 bytes", BATCH_COMMIT, -ERANGE, NULL, 0,
	       PUT_BYTES(BATCH_DIGEST, 31, NULL, BLAME)),
	REFUSE("digest before its time", BATCH_BEGIN, -EINVAL, NULL, 0,
	       PUT_U8(BATCH_MODE, VDHCP_BATCH_MODE_CHAIN),
	       PUT_BYTES(BATCH_DIGEST, 32, NULL, BLAME)),
	REFUSE("commit of nothing", BATCH_COMMIT, -ENOENT, "no batch was begun on this socket",
	       0, {}),
	REFUSE("replace that is not empty", PORT_NEW, -ERANGE, NULL, 0,
	       PUT_TEXT(PORT_DEV, "vtest1"), PUT_U8(PORT_REPLACE, 1, BLAME)),
	REFUSE("replace where nothing is new", PORT_SET, -EINVAL, NULL, 0,
	       PUT_TEXT(PORT_DEV, "vtest0"),
	       { VTEST_BYTES, VDHCP_A_PORT_REPLACE, 0, BLAME }),
};

static void refusal_desc(const struct vtest_refusal *c, char *desc)
{
	strscpy(desc, c->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(refuse, refusals, refusal_desc);

static void refuse_test(struct kunit *test)
{
	vtest_refuse(test, test->param_value);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(refuse_test, refuse_gen_params),
	KUNIT_CASE(commit_test),
	KUNIT_CASE(replace_test),
	KUNIT_CASE(refused_commit_test),
	KUNIT_CASE(device_test),
	KUNIT_CASE(failed_test),
	KUNIT_CASE(stale_test),
	KUNIT_CASE(policy_refused_test),
	KUNIT_CASE(wrapped_test),
	KUNIT_CASE(once_test),
	KUNIT_CASE(only_new_and_del_test),
	KUNIT_CASE(chain_test),
	KUNIT_CASE(close_test),
	KUNIT_CASE(no_memory_test),
	KUNIT_CASE(digest_test),
	KUNIT_CASE(info_test),
	{}
};

static struct kunit_suite suite = {
	.name = "vdhcp_batch",
	.suite_init = vtest_begin_netlink,
	.suite_exit = vtest_end,
	.init = vtest_client_init,
	.exit = vtest_client_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
