// SPDX-License-Identifier: GPL-2.0
/*
 * The hook over time and on devices that fail: rate limit, failing transmissions and
 * allocations, changes of the configuration while packets flow.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/jiffies.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>
#include "skb.h"

static const char port_dev[] = "vtest0";

/* A device, a port on it, and a DISCOVER. */
struct hook_fixture {
	struct vtest_dev *vdev;
	struct vdhcp_port_spec *spec;
	struct vtest_frame *frame;
};

static int init_fixture(struct kunit *test)
{
	struct vdhcp_subnet_spec *subnet = vtest_subnet_spec(test, "s1");
	struct vdhcp_cfg_err cfg_err;
	struct hook_fixture *fixture;

	fixture = kunit_kzalloc(test, sizeof(*fixture), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fixture);
	test->priv = fixture;
	fixture->vdev = vtest_dev_new(&init_net, port_dev, ARPHRD_ETHER);
	KUNIT_ASSERT_NOT_NULL(test, fixture->vdev);
	fixture->spec = vtest_port_spec(test);
	fixture->frame = vtest_frame_dhcp(test, VDHCP_DISCOVER);
	subnet->present |= BIT_ULL(VDHCP_A_SUBNET_SERVER_ID);
	subnet->server_id = cpu_to_be32(VTEST_SERVER);
	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_subnet_add(subnet, &cfg_err)));
	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_port_add(port_dev, 0, "s1", fixture->spec,
						       &cfg_err)));
	return 0;
}

static void receive_frame(struct kunit *test, const struct vtest_frame *f)
{
	struct hook_fixture *fixture = test->priv;
	struct sk_buff *skb = vtest_skb_new(f->data, f->len, VTEST_LINEAR, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	vtest_dev_receive(fixture->vdev, skb);
}

static u64 read_counter(unsigned int counter)
{
	return vdhcp_stats_port(vtest_port_find(port_dev, 0), counter);
}

static void set_port(struct kunit *test)
{
	struct hook_fixture *fixture = test->priv;
	struct vdhcp_cfg_err cfg_err;

	KUNIT_ASSERT_EQ(test, vtest_port_set(port_dev, 0, "s1", fixture->spec, &cfg_err), 0);
}

/*
 * Requests above the limit are dropped, and tokens come back with time. The test sets the
 * time in the bucket, because it can be delayed itself.
 */
static void rate_test(struct kunit *test)
{
	struct hook_fixture *fixture = test->priv;
	struct vdhcp_port *port = vtest_port_find(port_dev, 0);
	u64 offers, began = ktime_get_ns();
	int i;

	fixture->spec->rate = 3;
	set_port(test);
	for (i = 0; i < 8; i++)
		receive_frame(test, fixture->frame);
	offers = read_counter(VDHCP_VERDICT_OFFER);
	KUNIT_EXPECT_GE(test, offers, 3ull);
	KUNIT_EXPECT_LE(test, offers, 3 + div_u64(3 * (ktime_get_ns() - began), NSEC_PER_SEC));
	KUNIT_EXPECT_EQ(test, read_counter(VDHCP_VERDICT_RATE_LIMITED), 8 - offers);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fixture->vdev->sent), (u32)offers);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fixture->vdev->passed), 0u);

	/* Refilled in an hour, so it stays empty during the test. */
	atomic64_set(&port->full_at, ktime_get_ns() + 3600ull * NSEC_PER_SEC);
	receive_frame(test, fixture->frame);
	KUNIT_EXPECT_EQ(test, read_counter(VDHCP_VERDICT_RATE_LIMITED), 9 - offers);
	/* ARP takes tokens from the same bucket; frames that are not answered take none. */
	receive_frame(test, vtest_frame_arp(test, cpu_to_be32(VTEST_SERVER)));
	KUNIT_EXPECT_EQ(test, read_counter(VDHCP_VERDICT_RATE_LIMITED), 10 - offers);
	receive_frame(test, vtest_frame_arp(test, cpu_to_be32(VTEST_GATEWAY)));
	KUNIT_EXPECT_EQ(test, read_counter(VDHCP_VERDICT_RATE_LIMITED), 10 - offers);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fixture->vdev->passed), 1u);

	/* A change of the configuration adds no tokens; without a limit none are needed. */
	fixture->spec->hostname[0] = 'a';
	fixture->spec->present |= BIT_ULL(VDHCP_A_PORT_HOSTNAME);
	set_port(test);
	receive_frame(test, fixture->frame);
	KUNIT_EXPECT_EQ(test, read_counter(VDHCP_VERDICT_RATE_LIMITED), 11 - offers);

	/* Two thirds of a second until it is full: there is one token. */
	atomic64_set(&port->full_at, ktime_get_ns() + 2 * NSEC_PER_SEC / 3);
	receive_frame(test, fixture->frame);
	KUNIT_EXPECT_EQ(test, read_counter(VDHCP_VERDICT_OFFER), offers + 1);

	fixture->spec->rate = 0;
	set_port(test);
	for (i = 0; i < 200; i++)
		receive_frame(test, fixture->frame);
	KUNIT_EXPECT_EQ(test, read_counter(VDHCP_VERDICT_OFFER), offers + 201);
}

/* A port that does not answer drops and passes at any rate. */
static void rate_other_modes_test(struct kunit *test)
{
	struct hook_fixture *fixture = test->priv;
	int i;

	fixture->spec->rate = 1;
	fixture->spec->mode = VDHCP_MODE_DENY;
	set_port(test);
	for (i = 0; i < 5; i++)
		receive_frame(test, fixture->frame);
	KUNIT_EXPECT_EQ(test, read_counter(VDHCP_VERDICT_DENIED), 5ull);
	fixture->spec->mode = VDHCP_MODE_PASS;
	set_port(test);
	for (i = 0; i < 5; i++)
		receive_frame(test, fixture->frame);
	KUNIT_EXPECT_EQ(test, read_counter(VDHCP_VERDICT_PASS_MODE), 5ull);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fixture->vdev->passed), 5u);
}

static const struct tx_case {
	const char *desc;
	int result;
	bool arp;
	bool down;
	bool queued;
} tx_cases[] = {
	{ "the device is busy", NETDEV_TX_BUSY },
	{ "the device has an error", -EIO },
	{ "the device drops", NET_XMIT_DROP },
	{ "the device drops ARP", NET_XMIT_DROP, true },
	{ "the device drops after a queue", NET_XMIT_DROP, .queued = true },
	{ "the device drops ARP after a queue", NET_XMIT_DROP, true, .queued = true },
	{ "the device is down", NETDEV_TX_OK, false, true },
};

VTEST_PARAMS(tx, tx_cases)

static void tx_test(struct kunit *test)
{
	const struct tx_case *c = test->param_value;
	struct hook_fixture *fixture = test->priv;
	struct vtest_frame *f = fixture->frame;

	if (c->arp)
		f = vtest_frame_arp(test, cpu_to_be32(VTEST_SERVER));
	if (c->queued) {
		vtest_dev_del(fixture->vdev);
		fixture->vdev = vtest_dev_new_queued(&init_net, port_dev);
		KUNIT_ASSERT_NOT_NULL(test, fixture->vdev);
	}
	if (c->down) {
		rtnl_lock();
		dev_close(fixture->vdev->dev);
		rtnl_unlock();
	}
	fixture->vdev->result = c->result;
	receive_frame(test, f);
	KUNIT_EXPECT_EQ(test, fixture->vdev->tries, c->down ? 0u : 1u);
	KUNIT_EXPECT_EQ(test, read_counter(VDHCP_VERDICT_TX_DROPPED), 1ull);
	KUNIT_EXPECT_EQ(test, read_counter(VDHCP_VERDICT_OFFER) +
			read_counter(VDHCP_VERDICT_ARP_REPLY), 0ull);
	/* The request was for vdhcp, so it is consumed. */
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fixture->vdev->passed), 0u);

	if (c->down)
		return;
	fixture->vdev->result = NETDEV_TX_OK;
	receive_frame(test, f);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fixture->vdev->sent), 1u);
	KUNIT_EXPECT_EQ(test, read_counter(VDHCP_VERDICT_TX_DROPPED), 1ull);
}

/* A device without VLAN offload gets the tag in the frame. */
static void no_vlan_offload_test(struct kunit *test)
{
	struct hook_fixture *fixture = test->priv;
	struct vdhcp_cfg_err cfg_err;
	struct sk_buff *skb;
	u8 *p;

	fixture->vdev->dev->features &= ~NETIF_F_HW_VLAN_CTAG_TX;
	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_port_add(port_dev, 5, "s1", fixture->spec,
						       &cfg_err)));
	skb = vtest_skb_new(fixture->frame->data, fixture->frame->len, VTEST_LINEAR, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	vtest_skb_tag(skb, ETH_P_8021Q, 0xa005);
	vtest_dev_receive(fixture->vdev, skb);

	skb = skb_peek(&fixture->vdev->sent);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_FALSE(test, skb_vlan_tag_present(skb));
	p = skb->data + 2 * ETH_ALEN;
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(p), (u16)ETH_P_8021Q);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(p + 2), (u16)0xa005);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(p + 4), (u16)ETH_P_IP);
}

/* The reply has the headroom and tailroom that the device needs. */
static void room_test(struct kunit *test)
{
	struct hook_fixture *fixture = test->priv;
	struct sk_buff *skb;

	fixture->vdev->dev->needed_headroom = 70;
	fixture->vdev->dev->needed_tailroom = 40;
	receive_frame(test, fixture->frame);
	skb = skb_peek(&fixture->vdev->sent);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	/* LL_RESERVED_SPACE() includes the Ethernet header. */
	KUNIT_EXPECT_GE(test, skb_headroom(skb), 70u);
	KUNIT_EXPECT_GE(test, skb_tailroom(skb), 40);
	KUNIT_EXPECT_EQ(test, (unsigned long)skb_network_header(skb) % 4, 0ul);
}

static const struct memory_case {
	const char *desc;
	enum vtest_form form;
	bool arp;
} memory_cases[] = {
	{ "linear", VTEST_LINEAR },
	{ "in pages", VTEST_PAGES },
	{ "ARP", VTEST_LINEAR, true },
};

VTEST_PARAMS(memory, memory_cases)

/* Each allocation fails once: there is a reply, or the failure is counted. */
static void memory_test(struct kunit *test)
{
	const struct memory_case *c = test->param_value;
	struct hook_fixture *fixture = test->priv;
	struct vtest_frame *f = fixture->frame;
	struct sk_buff *skb;
	bool failed = true;
	unsigned int nth;

	if (c->arp)
		f = vtest_frame_arp(test, cpu_to_be32(VTEST_SERVER));
	for (nth = 1; failed && nth < 30; nth++) {
		skb = vtest_skb_new(f->data, f->len, c->form, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, skb);
		vtest_fail_begin(nth);
		vtest_dev_receive(fixture->vdev, skb);
		failed = vtest_fail_end();
		KUNIT_EXPECT_EQ(test, read_counter(VDHCP_VERDICT_NO_MEMORY) +
				skb_queue_len(&fixture->vdev->sent), (u64)nth);
		KUNIT_EXPECT_EQ(test, skb_queue_len(&fixture->vdev->passed), 0u);
	}
	KUNIT_EXPECT_FALSE(test, failed);
	/* The number depends on other allocations, such as KASAN's. */
	if (!read_counter(VDHCP_VERDICT_NO_MEMORY))
		kunit_skip(test, "no allocation fails here");
}

/* Without a port the frame passes; with a new port it is answered. */
static void port_gone_test(struct kunit *test)
{
	struct hook_fixture *fixture = test->priv;
	struct vdhcp_cfg_err cfg_err;
	struct sk_buff *skb;

	receive_frame(test, fixture->frame);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fixture->vdev->sent), 1u);
	KUNIT_ASSERT_EQ(test, vtest_port_del(port_dev, 0), 0);
	receive_frame(test, fixture->frame);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fixture->vdev->sent), 1u);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fixture->vdev->passed), 1u);
	skb = skb_peek(&fixture->vdev->passed);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_EQ(test, vtest_skb_differ(skb, -ETH_HLEN, fixture->frame->data,
					       fixture->frame->len), -1);

	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_port_add(port_dev, 0, "s1", fixture->spec,
						       &cfg_err)));
	receive_frame(test, fixture->frame);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fixture->vdev->sent), 2u);
	/* The counters of a new port start at 0. */
	KUNIT_EXPECT_EQ(test, read_counter(VDHCP_VERDICT_OFFER), 1ull);
}

/* Under its new name the device has no port. */
static void renamed_test(struct kunit *test)
{
	struct hook_fixture *fixture = test->priv;

	KUNIT_ASSERT_EQ(test, vtest_dev_rename(fixture->vdev, "vtest9"), 0);
	receive_frame(test, fixture->frame);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fixture->vdev->sent), 0u);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fixture->vdev->passed), 1u);
	KUNIT_ASSERT_EQ(test, vtest_dev_rename(fixture->vdev, port_dev), 0);
	receive_frame(test, fixture->frame);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fixture->vdev->sent), 1u);
}

/**
 * struct flow - requests that arrive in softirqs
 * @timer: timer for the next requests
 * @vdev: the device
 * @frame: the request
 * @received: requests so far
 */
struct flow {
	struct hrtimer timer;
	struct vtest_dev *vdev;
	const struct vtest_frame *frame;
	unsigned int received;
};

static unsigned int count_kept(const struct vtest_dev *vdev)
{
	return skb_queue_len(&vdev->sent) + skb_queue_len(&vdev->passed);
}

static enum hrtimer_restart receive_flow(struct hrtimer *timer)
{
	struct flow *flow = container_of(timer, struct flow, timer);
	struct sk_buff *skb;
	int i;

	/* Few at a time: if this took longer than the pause, nothing else would run. */
	for (i = 0; i < 4 && count_kept(flow->vdev) < 64; i++) {
		skb = vtest_skb_new(flow->frame->data, flow->frame->len,
				    i & 1 ? VTEST_PAGES : VTEST_LINEAR, GFP_ATOMIC);
		if (skb) {
			flow->received++;
			vtest_dev_receive(flow->vdev, skb);
		}
	}
	hrtimer_forward_now(timer, ns_to_ktime(150 * NSEC_PER_USEC));
	return HRTIMER_RESTART;
}

/* Each reply must come from one configuration, not from two halves. */
static bool is_consistent_reply(const struct sk_buff *skb)
{
	const struct vdhcp_ip4 *ip = (const struct vdhcp_ip4 *)(skb->data + ETH_HLEN);
	const struct vdhcp_bootp *bootp;

	bootp = (const struct vdhcp_bootp *)(skb->data + ETH_HLEN + VDHCP_HEADERS);
	if (ip->saddr == cpu_to_be32(VTEST_SERVER))
		return bootp->yiaddr == cpu_to_be32(VTEST_ADDR);
	return ip->saddr == cpu_to_be32(0x0a000001) && bootp->yiaddr == cpu_to_be32(0x0a000005);
}

/* Moves the port between two subnets, and sometimes removes it, its hook or everything. */
static int change_port(struct vdhcp_subnet_spec *far, struct vdhcp_port_spec *spec, u32 i)
{
	const char *subnet = i & 1 ? "far" : "s1";
	struct vdhcp_cfg_err cfg_err;
	int err;

	spec->addresses.entry[0].ip4 = cpu_to_be32(i & 1 ? 0x0a000005 : VTEST_ADDR);
	far->lease = 3600 + i % 100;
	err = vtest_subnet_set(far, &cfg_err);
	if (err)
		return err;
	if (i % 5)
		return vtest_port_set(port_dev, 0, subnet, spec, &cfg_err);
	err = vtest_port_del(port_dev, 0);
	return err ?: PTR_ERR_OR_ZERO(vtest_port_add(port_dev, 0, subnet, spec, &cfg_err));
}

static void flow_test(struct kunit *test)
{
	struct vdhcp_subnet_spec *far = vtest_subnet_spec(test, "far");
	unsigned int replies = 0, passed = 0, wrong = 0;
	unsigned long end = jiffies + 30 * HZ;
	struct hook_fixture *fixture = test->priv;
	struct vdhcp_cfg_err cfg_err;
	struct sk_buff *skb;
	struct flow *flow;
	int err = 0;
	u32 i;

	far->network = cpu_to_be32(0x0a000000);
	far->gateway = cpu_to_be32(0x0a000001);
	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_subnet_add(far, &cfg_err)));
	flow = kunit_kzalloc(test, sizeof(*flow), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, flow);
	flow->vdev = fixture->vdev;
	flow->frame = fixture->frame;
	hrtimer_setup(&flow->timer, receive_flow, CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
	hrtimer_start(&flow->timer, ns_to_ktime(150 * NSEC_PER_USEC), HRTIMER_MODE_REL_SOFT);
	for (i = 0; i < 1000 || READ_ONCE(flow->received) < 500; i++) {
		err = change_port(far, fixture->spec, i);
		if (err || time_after(jiffies, end))
			break;
		while ((skb = skb_dequeue(&fixture->vdev->sent))) {
			wrong += !is_consistent_reply(skb);
			replies++;
			kfree_skb(skb);
		}
		while ((skb = skb_dequeue(&fixture->vdev->passed))) {
			passed++;
			kfree_skb(skb);
		}
		cond_resched();
	}
	hrtimer_cancel(&flow->timer);

	replies += skb_queue_len(&fixture->vdev->sent);
	passed += skb_queue_len(&fixture->vdev->passed);
	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_EQ(test, wrong, 0u);
	KUNIT_EXPECT_GE(test, flow->received, 500u);
	KUNIT_EXPECT_GT(test, replies, 0u);
	/* Each request was answered, or passed while there was no port. */
	KUNIT_EXPECT_EQ(test, replies + passed, flow->received);
}

static struct kunit_case hook_device_test_cases[] = {
	KUNIT_CASE(rate_test),
	KUNIT_CASE(rate_other_modes_test),
	KUNIT_CASE_PARAM(tx_test, tx_gen_params),
	KUNIT_CASE(no_vlan_offload_test),
	KUNIT_CASE(room_test),
	KUNIT_CASE_PARAM(memory_test, memory_gen_params),
	KUNIT_CASE(port_gone_test),
	KUNIT_CASE(renamed_test),
	KUNIT_CASE(flow_test),
	{}
};

static struct kunit_suite hook_device_test_suite = {
	.name = "vdhcp_hook_device",
	.suite_init = vtest_begin,
	.suite_exit = vtest_end,
	.init = init_fixture,
	.exit = vtest_reset,
	.test_cases = hook_device_test_cases,
};

kunit_test_suite(hook_device_test_suite);
