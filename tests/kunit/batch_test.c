// SPDX-License-Identifier: GPL-2.0
/* Batches: either all of a batch takes effect or nothing, and no port is seen half changed. */
#include <linux/if_arp.h>
#include <net/net_namespace.h>
#include <batch.h>
#include <commit.h>
#include "guest.h"
#include "put.h"

#define S2_NETWORK	0xc6336400u	/* 198.51.100.0/24 */

static const char batch_failed[] = "an earlier request of this batch failed";
static const char wrong_generation[] = "configuration changed since it was read, try again";

/* Number of requests in the open batch. */
static u32 n_requests;

static u32 get_generation(void)
{
	u32 value;

	vtest_lock(vtest_net());
	value = vtest_net()->generation;
	vtest_unlock(vtest_net());
	return value;
}

/* Sends a request and checks its answer; @text is NULL for any text. */
static void expect_answer(struct kunit *test, u8 cmd, const struct vtest_put *put, int err,
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

static void begin_batch(struct kunit *test, u8 mode)
{
	const struct vtest_put put[] = {
		PUT_U8(BATCH_MODE, mode), PUT_U32(BATCH_GENERATION, get_generation()), {}
	};

	expect_answer(test, VDHCP_CMD_BATCH_BEGIN, put, 0, "");
	n_requests = 0;
}

static void commit_batch(struct kunit *test, int err, const char *text)
{
	const struct vtest_put put[] = { PUT_U32(BATCH_REQUESTS, n_requests), {} };

	expect_answer(test, VDHCP_CMD_BATCH_COMMIT, put, err, text);
}

enum request_kind { ADD, REPLACE };

static void request_subnet(struct kunit *test, enum request_kind kind, const char *name,
			   u32 network, u32 lease, int err, const char *text)
{
	const struct vtest_put put[] = {
		PUT_TEXT(SUBNET_NAME, name), PUT_IP(SUBNET_NETWORK, network),
		PUT_U8(SUBNET_PREFIX_LEN, 24), PUT_U32(SUBNET_LEASE, lease),
		{ kind == REPLACE ? VTEST_BYTES : VTEST_END, VDHCP_A_SUBNET_REPLACE, 0 }, {}
	};

	n_requests++;
	expect_answer(test, VDHCP_CMD_SUBNET_NEW, put, err, text);
}

static void delete_subnet(struct kunit *test, const char *name, int err, const char *text)
{
	const struct vtest_put put[] = { PUT_TEXT(SUBNET_NAME, name), {} };

	n_requests++;
	expect_answer(test, VDHCP_CMD_SUBNET_DEL, put, err, text);
}

static void request_port(struct kunit *test, enum request_kind kind, const char *dev, u16 vlan,
			 const char *name, u32 addr, int err, const char *text)
{
	const struct vtest_put put[] = {
		PUT_TEXT(PORT_DEV, dev), PUT_U16(PORT_VLAN, vlan), PUT_BOUND(addr, name),
		PUT_BYTES(PORT_MAC, 6, "\x52\x54\0\x12\x34\x56"),
		{ kind == REPLACE ? VTEST_BYTES : VTEST_END, VDHCP_A_PORT_REPLACE, 0 }, {}
	};

	n_requests++;
	expect_answer(test, VDHCP_CMD_PORT_NEW, put, err, text);
}

static void delete_port(struct kunit *test, const char *dev, u16 vlan, int err, const char *text)
{
	const struct vtest_put put[] = {
		PUT_TEXT(PORT_DEV, dev), PUT_U16(PORT_VLAN, vlan), {}
	};

	n_requests++;
	expect_answer(test, VDHCP_CMD_PORT_DEL, put, err, text);
}

/* Counts bindings of a subnet that belong to a port's current snapshot and to this subnet. */
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

/* Prints the tables: each subnet with its lease, each port with its address and subnet. */
static const char *print_tables(char *buf, size_t size)
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

	KUNIT_EXPECT_STREQ(test, print_tables(got, sizeof(got)), want);
}

/* Adds subnets s1 and s2, and the ports vtest0, vtest0.5 and vtest1 in s1. */
static void add_objects(struct kunit *test)
{
	request_subnet(test, ADD, "s1", VTEST_NETWORK, 100, 0, "");
	request_subnet(test, ADD, "s2", S2_NETWORK, 200, 0, "");
	request_port(test, ADD, "vtest0", 0, "s1", VTEST_NETWORK + 10, 0, "");
	request_port(test, ADD, "vtest0", 5, "s1", VTEST_NETWORK + 11, 0, "");
	request_port(test, ADD, "vtest1", 0, "s1", VTEST_NETWORK + 12, 0, "");
}

static const char initial_tables[] =
	"s1=100/3 s2=200/0 vtest0.0=a@s1:100 vtest0.5=b@s1:100 vtest1.0=c@s1:100 ";

static void commit_test(struct kunit *test)
{
	add_objects(test);
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	request_subnet(test, ADD, "s3", S2_NETWORK, 300, 0, "");
	request_port(test, ADD, "vtest0", 3, "s3", S2_NETWORK + 1, 0, "");
	request_port(test, ADD, "vtest2", 7, "s2", S2_NETWORK + 2, 0, "");
	request_port(test, REPLACE, "vtest0", 0, "s3", S2_NETWORK + 3, 0, "");
	delete_port(test, "vtest0", 5, 0, "");
	delete_port(test, "vtest1", 0, 0, "");
	delete_subnet(test, "s1", 0, "");
	expect_tables(test, initial_tables);

	commit_batch(test, 0, "");
	expect_tables(test, "s2=200/1 s3=300/2 vtest0.0=3@s3:300 vtest0.3=1@s3:300 "
		      "vtest2.7=2@s2:200 ");
	KUNIT_EXPECT_NULL(test, vtest_port_find("vtest1", 0));
	commit_batch(test, -ENOENT, "no batch was begun on this socket");
}

/* A replaced port is the same object, so it keeps its counters; its subnet is a new object. */
static void replace_test(struct kunit *test)
{
	struct vdhcp_subnet *old;
	struct vdhcp_port *p;

	add_objects(test);
	old = vtest_subnet_find("s1");
	p = vtest_port_find("vtest0", 5);
	atomic64_set(vtest_counts(p), 42);
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	/* One port is replaced before its subnet, the other one after it. */
	request_port(test, REPLACE, "vtest0", 5, "s1", VTEST_NETWORK + 20, 0, "");
	request_subnet(test, REPLACE, "s1", VTEST_NETWORK, 111, 0, "");
	request_port(test, REPLACE, "vtest1", 0, "s1", VTEST_NETWORK + 21, 0, "");
	expect_tables(test, initial_tables);

	commit_batch(test, 0, "");
	expect_tables(test, "s1=111/3 s2=200/0 vtest0.0=a@s1:111 vtest0.5=14@s1:111 "
		      "vtest1.0=15@s1:111 ");
	KUNIT_EXPECT_PTR_NE(test, vtest_subnet_find("s1"), old);
	KUNIT_EXPECT_PTR_EQ(test, vtest_port_find("vtest0", 5), p);
	KUNIT_EXPECT_EQ(test, atomic64_read(vtest_counts(p)), 42);

	/* The same requests without a batch. */
	request_port(test, REPLACE, "vtest0", 5, "s2", S2_NETWORK + 1, 0, "");
	request_subnet(test, REPLACE, "s1", VTEST_NETWORK, 112, 0, "");
	request_port(test, REPLACE, "vtest3", 0, "s2", S2_NETWORK + 2, 0, "");
	expect_tables(test, "s1=112/2 s2=200/2 vtest0.0=a@s1:112 vtest0.5=1@s2:200 "
		      "vtest1.0=15@s1:112 vtest3.0=2@s2:200 ");
	KUNIT_EXPECT_EQ(test, atomic64_read(vtest_counts(p)), 42);
}

/* A commit that is refused changes nothing. */
static void refused_commit_test(struct kunit *test)
{
	add_objects(test);
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	request_port(test, ADD, "vtest2", 0, "s2", S2_NETWORK + 2, 0, "");
	delete_subnet(test, "s1", 0, "");
	commit_batch(test, -EBUSY, "subnet s1 is used by port vtest0");
	expect_tables(test, initial_tables);

	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	request_port(test, REPLACE, "vtest1", 0, "s1", VTEST_NETWORK + 20, 0, "");
	delete_port(test, "vtest0", 0, 0, "");
	delete_port(test, "vtest0", 5, 0, "");
	delete_subnet(test, "s1", 0, "");
	commit_batch(test, -EBUSY, "subnet s1 is used by port vtest1");
	expect_tables(test, initial_tables);

	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	delete_port(test, "vtest0", 0, 0, "");
	request_subnet(test, REPLACE, "s1", S2_NETWORK, 111, 0, "");
	commit_batch(test, -EINVAL, "port vtest0 vlan 5: addr is outside of the subnet's cidr");
	expect_tables(test, initial_tables);

	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	request_port(test, REPLACE, "vtest0", 5, "s1", VTEST_NETWORK + 20, 0, "");
	request_port(test, REPLACE, "vtest0", 0, "s2", S2_NETWORK + 1, 0, "");
	delete_port(test, "vtest1", 0, 0, "");
	request_subnet(test, REPLACE, "s1", S2_NETWORK, 111, 0, "");
	commit_batch(test, -EINVAL, "port vtest0 vlan 5: addr is outside of the subnet's cidr");
	expect_tables(test, initial_tables);
}

/* A commit attaches ports to their devices; a refused one leaves no device attached. */
static void device_test(struct kunit *test)
{
	KUNIT_ASSERT_NOT_NULL(test, vtest_dev_new(&init_net, "vtest2", ARPHRD_ETHER));
	KUNIT_ASSERT_NOT_NULL(test, vtest_dev_new(&init_net, "vtest7", ARPHRD_NONE));
	add_objects(test);
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	request_port(test, ADD, "vtest2", 0, "s2", S2_NETWORK + 2, 0, "");
	request_port(test, ADD, "vtest7", 0, "s2", S2_NETWORK + 3, 0, "");
	commit_batch(test, -EINVAL, "device vtest7 is not Ethernet: no guest on it can be served");
	expect_tables(test, initial_tables);
	KUNIT_EXPECT_NULL(test, vtest_attached(vtest_net(), "vtest2"));

	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	request_port(test, ADD, "vtest2", 0, "s2", S2_NETWORK + 2, 0, "");
	request_port(test, ADD, "vtest2", 9, "s2", S2_NETWORK + 3, 0, "");
	delete_port(test, "vtest0", 0, 0, "");
	delete_port(test, "vtest0", 5, 0, "");
	delete_port(test, "vtest1", 0, 0, "");
	commit_batch(test, 0, "");
	expect_tables(test, "s1=100/0 s2=200/2 vtest2.0=2@s2:200+ vtest2.9=3@s2:200+ ");
	KUNIT_EXPECT_NOT_NULL(test, vtest_attached(vtest_net(), "vtest2"));

	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	delete_port(test, "vtest2", 0, 0, "");
	delete_port(test, "vtest2", 9, 0, "");
	commit_batch(test, 0, "");
	KUNIT_EXPECT_NULL(test, vtest_attached(vtest_net(), "vtest2"));
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&vtest_net()->taps));
}

static void failed_test(struct kunit *test)
{
	add_objects(test);
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	delete_port(test, "vtest1", 0, 0, "");
	request_port(test, ADD, "vtest2", 0, "s2", VTEST_NETWORK + 2, -EINVAL,
		     "addr is outside of the subnet's cidr");
	request_port(test, ADD, "vtest2", 0, "s2", S2_NETWORK + 2, -ECANCELED, batch_failed);
	commit_batch(test, -ECANCELED, batch_failed);
	expect_tables(test, initial_tables);
	/* The batch has ended, so this request takes effect at once. */
	delete_port(test, "vtest1", 0, 0, "");
}

static void generation_test(struct kunit *test)
{
	static const struct vtest_put mtu[] = {
		PUT_TEXT(SUBNET_NAME, "s2"), PUT_U16(SUBNET_MTU, 1400), {}
	};
	const struct vtest_put old[] = {
		PUT_U8(BATCH_MODE, VDHCP_BATCH_MODE_ATOMIC),
		PUT_U32(BATCH_GENERATION, get_generation(), BLAME), {}
	};
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	struct vdhcp_cfg_err cfg_err;

	add_objects(test);
	expect_answer(test, VDHCP_CMD_BATCH_BEGIN, old, -EAGAIN, wrong_generation);
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	delete_port(test, "vtest1", 0, 0, "");
	KUNIT_ASSERT_EQ(test, vtest_port_set("vtest0", 0, "s1", spec, &cfg_err), 0);
	delete_port(test, "vtest0", 5, -EAGAIN, wrong_generation);
	commit_batch(test, -ECANCELED, batch_failed);

	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	delete_port(test, "vtest1", 0, 0, "");
	KUNIT_ASSERT_EQ(test, vtest_port_del("vtest1", 0), 0);
	commit_batch(test, -EAGAIN, wrong_generation);
	expect_tables(test, "s1=100/2 s2=200/0 vtest0.0=a@s1:100 vtest0.5=b@s1:100 ");
	vtest_change(test, VDHCP_CMD_SUBNET_SET, mtu);
}

/*
 * The netlink core refuses a request by its policy before the batch sees it. The number
 * of requests in the commit shows that one is missing.
 */
static void policy_refused_test(struct kunit *test)
{
	static const struct vtest_put fast[] = {
		PUT_TEXT(PORT_DEV, "vtest2"), PUT_U8(PORT_MODE, VDHCP_MODE_DENY),
		PUT_U32(PORT_RATE, VDHCP_RATE_MAX + 1), {}
	};
	static const struct vtest_put none[] = { {} };

	add_objects(test);
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	delete_port(test, "vtest1", 0, 0, "");
	expect_answer(test, VDHCP_CMD_PORT_NEW, fast, -ERANGE, NULL);
	n_requests++;
	commit_batch(test, -ECANCELED,
		     "batch incomplete: the kernel holds 1 requests, the client sent 2");
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	delete_port(test, "vtest1", 0, 0, "");
	expect_answer(test, VDHCP_CMD_BATCH_COMMIT, none, -EINVAL,
		      "an atomic batch needs the number of requests");
	expect_tables(test, initial_tables);
}

/* A batch is refused although the low half of the generation has wrapped to the same value. */
static void wrapped_test(struct kunit *test)
{
	add_objects(test);
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	delete_port(test, "vtest1", 0, 0, "");
	vtest_lock(vtest_net());
	vtest_net()->generation += 1ULL << 32;
	vtest_unlock(vtest_net());
	commit_batch(test, -EAGAIN, wrong_generation);
	expect_tables(test, initial_tables);
}

static void once_test(struct kunit *test)
{
	add_objects(test);
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	delete_port(test, "vtest1", 0, 0, "");
	request_port(test, REPLACE, "vtest1", 0, "s1", VTEST_NETWORK + 2, -EEXIST,
		     "port is in this batch already");
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	request_port(test, ADD, "vtest2", 0, "s1", VTEST_NETWORK + 2, 0, "");
	delete_port(test, "vtest2", 0, -ENOENT, "no such port");
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	request_port(test, REPLACE, "vtest1", 0, "s1", VTEST_NETWORK + 2, 0, "");
	delete_port(test, "vtest1", 0, -EEXIST, "port is in this batch already");
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	request_subnet(test, ADD, "s3", S2_NETWORK, 300, 0, "");
	request_subnet(test, ADD, "s3", S2_NETWORK, 300, -EEXIST,
		       "subnet is in this batch already");
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	delete_subnet(test, "s2", 0, "");
	request_port(test, ADD, "vtest2", 0, "s2", S2_NETWORK + 2, -ENOENT, "no such subnet");
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	request_subnet(test, REPLACE, "s2", S2_NETWORK, 300, 0, "");
	delete_subnet(test, "s2", -EEXIST, "subnet is in this batch already");
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	request_subnet(test, ADD, "s1", S2_NETWORK, 300, -EEXIST, "subnet exists");
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	request_port(test, ADD, "vtest0", 5, "s1", VTEST_NETWORK + 2, -EEXIST, "port exists");
	expect_tables(test, initial_tables);
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
	static const char text[] = "only subnet/port new and del are allowed in an atomic batch";

	add_objects(test);
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	expect_answer(test, VDHCP_CMD_SUBNET_SET, mtu, -EINVAL, text);
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	expect_answer(test, VDHCP_CMD_PORT_SET, rate, -EINVAL, text);
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	expect_answer(test, VDHCP_CMD_FLUSH, none, -EINVAL, text);
	expect_tables(test, initial_tables);
}

static void chain_test(struct kunit *test)
{
	begin_batch(test, VDHCP_BATCH_MODE_CHAIN);
	add_objects(test);
	expect_tables(test, initial_tables);
	delete_port(test, "vtest9", 0, -ENOENT, "no such port");
	delete_port(test, "vtest1", 0, -ECANCELED, batch_failed);
	expect_tables(test, initial_tables);
	commit_batch(test, -ECANCELED, batch_failed);
	delete_port(test, "vtest1", 0, 0, "");

	begin_batch(test, VDHCP_BATCH_MODE_CHAIN);
	delete_port(test, "vtest0", 0, 0, "");
	commit_batch(test, 0, "");
	expect_tables(test, "s1=100/1 s2=200/0 vtest0.5=b@s1:100 ");
}

/* A batch of a client that is killed changes nothing and leaks no memory (kmemleak). */
static void close_test(struct kunit *test)
{
	add_objects(test);
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	request_subnet(test, REPLACE, "s1", VTEST_NETWORK, 111, 0, "");
	request_port(test, ADD, "vtest2", 0, "s1", VTEST_NETWORK + 2, 0, "");
	delete_port(test, "vtest1", 0, 0, "");
	vtest_client_close(test->priv);
	expect_tables(test, initial_tables);
	vtest_lock(vtest_net());
	KUNIT_EXPECT_TRUE(test, list_empty(&vtest_net()->batches));
	vtest_unlock(vtest_net());
	KUNIT_ASSERT_EQ(test, vtest_client_open(test->priv, &init_net, NETLINK_GENERIC), 0);
}

static const char committed_tables[] =
	"s1=111/3 s2=200/1 vtest0.0=a@s1:111 vtest0.5=b@s1:111 vtest0.7=2@s2:200 "
	"vtest2.0=2@s1:111+ ";

/* Commits the open batch while its @nth allocation fails; *@failed is set if one has failed. */
static int commit_with_failure(unsigned int nth, bool *failed)
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
 * Each allocation of a commit fails once. Then the tables are the old ones, or the new
 * ones if the commit does not depend on that allocation, such as one of KASAN.
 */
static void no_memory_test(struct kunit *test)
{
	unsigned int nth, refused = 0;
	bool failed = true;
	int err;

	KUNIT_ASSERT_NOT_NULL(test, vtest_dev_new(&init_net, "vtest2", ARPHRD_ETHER));
	for (nth = 1; failed && nth < 200; nth++) {
		add_objects(test);
		begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
		request_subnet(test, REPLACE, "s1", VTEST_NETWORK, 111, 0, "");
		request_port(test, ADD, "vtest2", 0, "s1", VTEST_NETWORK + 2, 0, "");
		request_port(test, ADD, "vtest0", 7, "s2", S2_NETWORK + 2, 0, "");
		delete_port(test, "vtest1", 0, 0, "");

		err = commit_with_failure(nth, &failed);
		KUNIT_EXPECT_TRUE(test, !err || (err == -ENOMEM && failed));
		expect_tables(test, err ? initial_tables : committed_tables);
		if (err)
			KUNIT_EXPECT_NULL(test, vtest_attached(vtest_net(), "vtest2"));
		refused += !!err;
		vtest_flush();
	}
	KUNIT_EXPECT_FALSE(test, failed);
	if (!refused)
		kunit_skip(test, "no allocation fails here");
	/*
	 * At least these allocations are required: two snapshots, two staged ports, a tap, the
	 * table of its hook, and two arrays of ports.
	 */
	KUNIT_EXPECT_GE(test, refused, 7u);
}

static const struct nlattr *get_digest(struct kunit *test)
{
	static const struct vtest_put none[] = { {} };

	return vtest_attr(vtest_get(test, VDHCP_CMD_INFO_GET, none), VDHCP_A_INFO_DIGEST);
}

/* A digest is valid until the configuration changes; setting it is not a change. */
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

	KUNIT_EXPECT_NULL(test, get_digest(test));
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	request_subnet(test, ADD, "s1", VTEST_NETWORK, 100, 0, "");
	expect_answer(test, VDHCP_CMD_BATCH_COMMIT, one, 0, "");
	KUNIT_ASSERT_NOT_NULL(test, get_digest(test));
	KUNIT_EXPECT_EQ(test, nla_memcmp(get_digest(test), value, 32), 0);
	request_port(test, ADD, "vtest0", 0, "s1", VTEST_NETWORK + 10, 0, "");
	KUNIT_EXPECT_NULL(test, get_digest(test));

	before = get_generation();
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	expect_answer(test, VDHCP_CMD_BATCH_COMMIT, empty, 0, "");
	KUNIT_EXPECT_NOT_NULL(test, get_digest(test));
	KUNIT_EXPECT_EQ(test, get_generation(), before);
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	commit_batch(test, 0, "");
	KUNIT_EXPECT_NULL(test, get_digest(test));
}

static u32 info_u32(struct kunit *test, int type)
{
	static const struct vtest_put none[] = { {} };
	const struct nlattr *attr = vtest_attr(vtest_get(test, VDHCP_CMD_INFO_GET, none), type);

	return attr ? nla_get_u32(attr) : U32_MAX;
}

static void info_test(struct kunit *test)
{
	add_objects(test);
	KUNIT_EXPECT_EQ(test, info_u32(test, VDHCP_A_INFO_GENERATION), get_generation());
	KUNIT_EXPECT_EQ(test, info_u32(test, VDHCP_A_INFO_SUBNETS), 2u);
	KUNIT_EXPECT_EQ(test, info_u32(test, VDHCP_A_INFO_PORTS), 3u);
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	request_subnet(test, REPLACE, "s1", VTEST_NETWORK, 111, 0, "");
	delete_subnet(test, "s2", 0, "");
	request_port(test, ADD, "vtest2", 0, "s1", VTEST_NETWORK + 2, 0, "");
	delete_port(test, "vtest1", 0, 0, "");
	delete_port(test, "vtest0", 0, 0, "");
	commit_batch(test, 0, "");
	KUNIT_EXPECT_EQ(test, info_u32(test, VDHCP_A_INFO_SUBNETS), 1u);
	KUNIT_EXPECT_EQ(test, info_u32(test, VDHCP_A_INFO_PORTS), 2u);
	vtest_flush();
	KUNIT_EXPECT_EQ(test, info_u32(test, VDHCP_A_INFO_SUBNETS), 0u);
	KUNIT_EXPECT_EQ(test, info_u32(test, VDHCP_A_INFO_PORTS), 0u);
}

#define REFUSE(words, cmd_, err_, text_, missing_, ...) \
	{ words, VDHCP_CMD_##cmd_, 0, NULL, { __VA_ARGS__ }, err_, text_, missing_ }

static const struct vtest_refusal refuse_cases[] = {
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
	REFUSE("digest in begin", BATCH_BEGIN, -EINVAL, NULL, 0,
	       PUT_U8(BATCH_MODE, VDHCP_BATCH_MODE_CHAIN),
	       PUT_BYTES(BATCH_DIGEST, 32, NULL, BLAME)),
	REFUSE("commit without begin", BATCH_COMMIT, -ENOENT, "no batch was begun on this socket",
	       0, {}),
	REFUSE("replace that is not empty", PORT_NEW, -ERANGE, NULL, 0,
	       PUT_TEXT(PORT_DEV, "vtest1"), PUT_U8(PORT_REPLACE, 1, BLAME)),
	REFUSE("replace in set", PORT_SET, -EINVAL, NULL, 0,
	       PUT_TEXT(PORT_DEV, "vtest0"),
	       { VTEST_BYTES, VDHCP_A_PORT_REPLACE, 0, BLAME }),
};

static void refusal_desc(const struct vtest_refusal *c, char *desc)
{
	strscpy(desc, c->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(refuse, refuse_cases, refusal_desc);

static void refuse_test(struct kunit *test)
{
	vtest_refuse(test, test->param_value);
}

/* Commits the batch, and returns the answer with the events that came before it. */
static void commit_and_listen(struct kunit *test, struct vtest_answer *answer)
{
	const struct vtest_put put[] = { PUT_U32(BATCH_REQUESTS, n_requests), {} };
	struct sk_buff *request = vtest_request(VDHCP_CMD_BATCH_COMMIT, NLM_F_ACK);

	KUNIT_ASSERT_NOT_NULL(test, request);
	vtest_put(request, put);
	vtest_ask(test->priv, request, answer);
	KUNIT_EXPECT_EQ_MSG(test, answer->err, 0, "%s", answer->text);
}

/* Prints the events of an answer: how what changed. */
static const char *print_events(struct vtest_answer *answer, char *buf, size_t size)
{
	const struct nlattr *subnet, *dev, *subnets, *ports;
	struct sk_buff *event;
	size_t n = 0;

	buf[0] = '\0';
	while ((event = skb_dequeue(&answer->objects))) {
		subnet = vtest_attr(event, VDHCP_A_EVENT_SUBNET);
		dev = vtest_attr(event, VDHCP_A_EVENT_DEV);
		subnets = vtest_attr(event, VDHCP_A_EVENT_SUBNETS);
		ports = vtest_attr(event, VDHCP_A_EVENT_PORTS);
		n += scnprintf(buf + n, size - n, "%u",
			       nla_get_u32(vtest_attr(event, VDHCP_A_EVENT_CHANGE)));
		if (subnet)
			n += scnprintf(buf + n, size - n, ":%s", (char *)nla_data(subnet));
		if (dev)
			n += scnprintf(buf + n, size - n, ":%s.%u", (char *)nla_data(dev),
				       nla_get_u16(vtest_attr(event, VDHCP_A_EVENT_VLAN)));
		if (subnets && ports)
			n += scnprintf(buf + n, size - n, ":%u+%u", nla_get_u32(subnets),
				       nla_get_u32(ports));
		n += scnprintf(buf + n, size - n, " ");
		kfree_skb(event);
	}
	vtest_answer_free(answer);
	return buf;
}

/* Listeners learn which objects a batch changed, and not those that changed with a subnet. */
static void events_test(struct kunit *test)
{
	struct vtest_answer answer;
	char buf[256];

	vtest_listen(test);
	request_subnet(test, ADD, "s1", VTEST_NETWORK, 600, 0, "");
	request_subnet(test, ADD, "s3", S2_NETWORK, 600, 0, "");
	request_port(test, ADD, "vtest1", 0, "s1", VTEST_ADDR, 0, "");
	request_port(test, ADD, "vtest1", 7, "s1", VTEST_ADDR + 1, 0, "");
	request_port(test, ADD, "vtest3", 0, "s1", VTEST_ADDR + 2, 0, "");
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	request_subnet(test, REPLACE, "s1", VTEST_NETWORK, 700, 0, "");
	request_subnet(test, ADD, "s2", S2_NETWORK, 700, 0, "");
	delete_subnet(test, "s3", 0, "");
	request_port(test, ADD, "vtest2", 5, "s1", VTEST_ADDR + 3, 0, "");
	request_port(test, REPLACE, "vtest1", 7, "s1", VTEST_ADDR + 4, 0, "");
	delete_port(test, "vtest3", 0, 0, "");
	commit_and_listen(test, &answer);
	KUNIT_EXPECT_STREQ(test, print_events(&answer, buf, sizeof(buf)),
			   "2:s1 1:s2 3:s3 2:vtest1.7 1:vtest2.5 3:vtest3.0 5:3+3 ");
}

static const struct large_batch_case {
	const char *desc;
	unsigned int n;
	unsigned int events;
} large_batch_cases[] = {
	{ "256 ports", 256, 257 },
	{ "257 ports", 257, 1 },
};

VTEST_PARAMS(large_batch, large_batch_cases);

/* Of a large batch, listeners learn how many objects it changed. */
static void large_batch_test(struct kunit *test)
{
	const struct large_batch_case *row = test->param_value;
	struct sk_buff *request = vtest_request(VDHCP_CMD_BATCH_COMMIT, 0);
	const struct vtest_put put[] = { PUT_U32(BATCH_REQUESTS, row->n), {} };
	unsigned int i;
	u64 number;

	KUNIT_ASSERT_NOT_NULL(test, request);

	vtest_listen(test);
	request_subnet(test, ADD, "s1", VTEST_NETWORK, 600, 0, "");
	begin_batch(test, VDHCP_BATCH_MODE_ATOMIC);
	for (i = 1; i <= row->n; i++)
		request_port(test, ADD, "vtest1", i, "s1", VTEST_ADDR, 0, "");
	/* The socket's buffer is too small for all events, so their numbers are compared. */
	number = atomic64_read(&vtest_net()->events);
	vtest_put(request, put);
	KUNIT_ASSERT_EQ(test, vtest_send(test->priv, request), 0);
	KUNIT_EXPECT_EQ(test, atomic64_read(&vtest_net()->events) - number, (u64)row->events);
	KUNIT_EXPECT_NOT_NULL(test, vtest_port_find("vtest1", row->n));
}

static struct kunit_case batch_test_cases[] = {
	KUNIT_CASE_PARAM(refuse_test, refuse_gen_params),
	KUNIT_CASE(commit_test),
	KUNIT_CASE(replace_test),
	KUNIT_CASE(refused_commit_test),
	KUNIT_CASE(device_test),
	KUNIT_CASE(failed_test),
	KUNIT_CASE(generation_test),
	KUNIT_CASE(policy_refused_test),
	KUNIT_CASE(wrapped_test),
	KUNIT_CASE(once_test),
	KUNIT_CASE(only_new_and_del_test),
	KUNIT_CASE(chain_test),
	KUNIT_CASE(close_test),
	KUNIT_CASE(no_memory_test),
	KUNIT_CASE(digest_test),
	KUNIT_CASE(info_test),
	KUNIT_CASE(events_test),
	KUNIT_CASE_PARAM(large_batch_test, large_batch_gen_params),
	{}
};

static struct kunit_suite batch_test_suite = {
	.name = "vdhcp_batch",
	.suite_init = vtest_begin_netlink,
	.suite_exit = vtest_end,
	.init = vtest_client_init,
	.exit = vtest_client_exit,
	.test_cases = batch_test_cases,
};

kunit_test_suite(batch_test_suite);
