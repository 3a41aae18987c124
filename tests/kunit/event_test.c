// SPDX-License-Identifier: GPL-2.0
/* Events as a listener receives them. */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <event.h>
#include "guest.h"
#include "put.h"
#include "skb.h"

static void set_rate(struct kunit *test, u32 rate)
{
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	struct vdhcp_cfg_err cfg_err;

	spec->rate = rate;
	KUNIT_ASSERT_EQ(test, vtest_port_set(VTEST_DEV, 0, "s1", spec, &cfg_err), 0);
}

static u64 number_of(const struct sk_buff *event)
{
	return nla_get_u64(vtest_attr(event, VDHCP_A_EVENT_NUMBER));
}

/* Returns one bit for each type of attribute in an event. */
static u32 types_of(const struct sk_buff *event)
{
	u32 types = 0;
	int type;

	for (type = 1; type <= VDHCP_A_EVENT_MAX; type++)
		if (type != VDHCP_A_EVENT_PAD && vtest_attr(event, type))
			types |= BIT(type);
	return types;
}

#define V(name) VDHCP_VERDICT_##name
#define E(name) VDHCP_EVENT_##name

static const struct packet_case {
	const char *desc;
	u8 type;
	void (*edit)(struct vtest_frame *f);
	u8 verdict;
	u8 event;		/* 0 for none */
	bool other_mac;		/* the event has the other MAC */
	bool no_message;	/* the message was not parsed */
} packet_cases[] = {
	{ "rapid commit", VDHCP_DISCOVER, vtest_rapid, V(ACK_RAPID_COMMIT), E(ACK) },
	{ "selecting", VDHCP_REQUEST, vtest_selecting, V(ACK_SELECTING), E(ACK) },
	{ "init-reboot", VDHCP_REQUEST, vtest_rebooting, V(ACK_INIT_REBOOT), E(ACK) },
	{ "renewing", VDHCP_REQUEST, vtest_renewing, V(ACK_RENEWING), E(ACK) },
	{ "rebinding", VDHCP_REQUEST, vtest_rebinding, V(ACK_REBINDING), E(ACK) },
	{ "selecting another's", VDHCP_REQUEST, vtest_selecting_other, V(NAK_SELECTING), E(NAK) },
	{ "init-reboot with another's", VDHCP_REQUEST, vtest_rebooting_other, V(NAK_INIT_REBOOT),
	  E(NAK) },
	{ "renewing another's", VDHCP_REQUEST, vtest_renewing_other, V(NAK_RENEWING), E(NAK) },
	{ "rebinding another's", VDHCP_REQUEST, vtest_rebinding_other, V(NAK_REBINDING), E(NAK) },
	{ "request for nothing", VDHCP_REQUEST, vtest_discover, V(NAK_NO_ADDRESS), E(NAK) },
	{ "decline", VDHCP_DECLINE, vtest_selecting, V(DECLINE), E(DECLINE) },
	{ "release", VDHCP_RELEASE, vtest_releasing, V(RELEASE), E(RELEASE) },
	{ "Ethernet source", VDHCP_DISCOVER, vtest_spoof_source, V(SPOOFED_SOURCE), E(SPOOFED_MAC),
	  true, true },
	{ "chaddr", VDHCP_DISCOVER, vtest_spoof_chaddr, V(SPOOFED_CHADDR), E(SPOOFED_MAC), true },
	{ "server message", VDHCP_OFFER, vtest_from_server, V(ROGUE_SERVER), E(ROGUE_SERVER), false,
	  true },
	{ "discover", VDHCP_DISCOVER, vtest_discover, V(OFFER) },
	{ "inform", VDHCP_INFORM, vtest_rebinding, V(ACK_INFORM) },
	{ "decline of another's", VDHCP_DECLINE, vtest_selecting_other, V(DECLINE_FOREIGN) },
	{ "release to another", VDHCP_RELEASE, vtest_renewing, V(RELEASE_FOREIGN) },
	{ "request to another", VDHCP_REQUEST, vtest_other_server, V(OTHER_SERVER) },
};

VTEST_PARAMS(packet, packet_cases)

#define ALWAYS (BIT(VDHCP_A_EVENT_NUMBER) | BIT(VDHCP_A_EVENT_EVENT))
#define PACKET (ALWAYS | BIT(VDHCP_A_EVENT_DEV) | BIT(VDHCP_A_EVENT_VLAN) | \
		BIT(VDHCP_A_EVENT_MAC) | BIT(VDHCP_A_EVENT_ADDR) | BIT(VDHCP_A_EVENT_VERDICT))

static void check_packet(struct kunit *test, const struct packet_case *c,
			 const struct sk_buff *event)
{
	const u8 *mac = c->other_mac ? vtest_other_mac : vtest_mac;
	u32 types = PACKET;

	if (!c->no_message)
		types |= BIT(VDHCP_A_EVENT_XID);
	if (c->event == VDHCP_EVENT_ACK)
		types |= BIT(VDHCP_A_EVENT_FIRST) | BIT(VDHCP_A_EVENT_TIME);
	KUNIT_ASSERT_EQ(test, types_of(event), types);
	KUNIT_EXPECT_FALSE(test, nla_strcmp(vtest_attr(event, VDHCP_A_EVENT_DEV), VTEST_DEV));
	KUNIT_EXPECT_EQ(test, nla_get_u16(vtest_attr(event, VDHCP_A_EVENT_VLAN)), 0);
	KUNIT_EXPECT_FALSE(test, nla_memcmp(vtest_attr(event, VDHCP_A_EVENT_MAC), mac,
					    ETH_ALEN));
	KUNIT_EXPECT_EQ(test, vtest_event_u32(test, event, VDHCP_A_EVENT_ADDR),
			(__force u32)cpu_to_be32(VTEST_ADDR));
	KUNIT_EXPECT_EQ(test, vtest_event_u32(test, event, VDHCP_A_EVENT_VERDICT),
			(u32)c->verdict);
	if (!c->no_message)
		KUNIT_EXPECT_EQ(test, vtest_event_u32(test, event, VDHCP_A_EVENT_XID),
				(__force u32)cpu_to_be32(VTEST_XID));
}

static void packet_test(struct kunit *test)
{
	const struct packet_case *c = test->param_value;
	struct vtest_frame *f = vtest_msg(test, c->type, c->edit);
	u64 number = atomic64_read(&vtest_net()->events);
	struct sk_buff *event;

	vtest_listen(test);
	vtest_say_form(test, f, VTEST_PAGES);
	KUNIT_ASSERT_EQ(test, vdhcp_stats_port(vtest_port_find(VTEST_DEV, 0), c->verdict), 1ull);
	if (c->event) {
		event = vtest_expect_event(test, c->event);
		check_packet(test, c, event);
		KUNIT_EXPECT_EQ(test, number_of(event), number + 1);
	}
	vtest_expect_none(test);
	KUNIT_EXPECT_EQ(test, (u64)atomic64_read(&vtest_net()->events), number + !!c->event);
}

/* An event of a tagged port that has neither MAC nor address, only a mode. */
static void bare_port_test(struct kunit *test)
{
	struct vdhcp_port_spec *spec = vtest_port_spec(test);
	struct vtest_frame *f = vtest_msg(test, VDHCP_OFFER, vtest_from_server);
	struct vdhcp_cfg_err cfg_err;
	struct sk_buff *event, *skb;

	spec->mode = VDHCP_MODE_PASS;
	spec->present = BIT_ULL(VDHCP_A_PORT_MODE);
	spec->addresses.n = 0;
	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_port_add(VTEST_DEV, 5, NULL, spec, &cfg_err)));
	vtest_listen(test);
	skb = vtest_skb_new(f->data, f->len, VTEST_LINEAR, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	vtest_skb_tag(skb, ETH_P_8021Q, 5);
	vtest_dev_receive(vtest_guest, skb);
	event = vtest_expect_event(test, VDHCP_EVENT_ROGUE_SERVER);
	KUNIT_EXPECT_EQ(test, types_of(event),
			PACKET & ~(BIT(VDHCP_A_EVENT_MAC) | BIT(VDHCP_A_EVENT_ADDR)));
	KUNIT_EXPECT_EQ(test, nla_get_u16(vtest_attr(event, VDHCP_A_EVENT_VLAN)), 5);
}

static const struct form_case {
	const char *desc;
	enum vtest_form form;
} form_cases[] = {
	{ "read in place", VTEST_LINEAR },
	{ "read from a copy that is freed with the reply", VTEST_PAGES },
};

VTEST_PARAMS(form, form_cases)

/* Host name and vendor class are passed on byte by byte. */
static void names_test(struct kunit *test)
{
	const struct form_case *c = test->param_value;
	struct vtest_frame *f = vtest_msg(test, VDHCP_REQUEST, vtest_selecting);
	struct sk_buff *event;
	char class[255];

	memset(class, 'c', sizeof(class));
	vtest_frame_option(f, VDHCP_OPT_VENDOR_CLASS, sizeof(class), class);
	vtest_frame_option(f, VDHCP_OPT_HOST_NAME, 3, "a\0\377");
	vtest_frame_seal(f);
	vtest_guest->forget = true;
	vtest_listen(test);
	vtest_say_form(test, f, c->form);
	event = vtest_expect_event(test, VDHCP_EVENT_ACK);
	KUNIT_ASSERT_NOT_NULL(test, vtest_attr(event, VDHCP_A_EVENT_HOSTNAME));
	KUNIT_EXPECT_FALSE(test, nla_memcmp(vtest_attr(event, VDHCP_A_EVENT_HOSTNAME),
					    "a\0\377", 3));
	KUNIT_ASSERT_NOT_NULL(test, vtest_attr(event, VDHCP_A_EVENT_VENDOR_CLASS));
	KUNIT_EXPECT_FALSE(test, nla_memcmp(vtest_attr(event, VDHCP_A_EVENT_VENDOR_CLASS), class,
					    sizeof(class)));
}

/* A device that drops the reply frees it, together with the copy of the request. */
static void reply_dropped_test(struct kunit *test)
{
	struct vdhcp_port *port = vtest_port_find(VTEST_DEV, 0);

	vtest_listen(test);
	vtest_guest->result = NET_XMIT_DROP;
	vtest_say_form(test, vtest_msg(test, VDHCP_REQUEST, vtest_selecting), VTEST_PAGES);
	KUNIT_EXPECT_EQ(test, vdhcp_stats_port(port, VDHCP_VERDICT_TX_DROPPED), 1ull);
	vtest_expect_none(test);
	KUNIT_EXPECT_FALSE(test, vdhcp_port_client(port)->bound);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(vdhcp_port_client(port)->xid), VTEST_XID);
}

static const struct limit_case {
	const char *desc;
	enum vdhcp_event event;
	u8 type;
	void (*edit)(struct vtest_frame *f);
	u32 rate;
} limit_cases[] = {
	{ "spoofed-mac", VDHCP_EVENT_SPOOFED_MAC, VDHCP_DISCOVER, vtest_spoof_source },
	{ "rogue-server", VDHCP_EVENT_ROGUE_SERVER, VDHCP_OFFER, vtest_from_server },
	{ "rate-limited", VDHCP_EVENT_RATE_LIMITED, VDHCP_DISCOVER, vtest_discover, 1 },
};

VTEST_PARAMS(limit, limit_cases)

/* The first of @n packets at once is reported, with the number suppressed before it. */
static void expect_limited(struct kunit *test, int n, u32 suppressed)
{
	const struct limit_case *c = test->param_value;
	struct vtest_frame *f = vtest_msg(test, c->type, c->edit);
	struct sk_buff *event;
	int i;

	/* This packet takes the token of this second. */
	if (c->rate)
		vtest_say(test, f);
	for (i = 0; i < n; i++)
		vtest_say(test, f);
	event = vtest_expect_event(test, c->event);
	if (suppressed)
		KUNIT_EXPECT_EQ(test, vtest_event_u32(test, event, VDHCP_A_EVENT_SUPPRESSED),
				suppressed);
	else
		KUNIT_EXPECT_NULL(test, vtest_attr(event, VDHCP_A_EVENT_SUPPRESSED));
	vtest_expect_none(test);
}

static void limit_test(struct kunit *test)
{
	const struct limit_case *c = test->param_value;
	const struct limit_case *other = &limit_cases[c == &limit_cases[0]];

	set_rate(test, c->rate);
	vtest_listen(test);
	expect_limited(test, 5, 0);
	/* Another kind of event has a limit of its own. */
	if (!c->rate) {
		vtest_say(test, vtest_msg(test, other->type, other->edit));
		vtest_expect_event(test, other->event);
	}
	msleep(1100);
	expect_limited(test, 3, 4);
	msleep(1100);
	expect_limited(test, 1, 2);
	msleep(1100);
	expect_limited(test, 1, 0);
}

/*
 * The table of limits has an entry for the event of each verdict, and each limit belongs
 * to one event. This must hold after constants are appended to the enums, too.
 */
static void table_test(struct kunit *test)
{
	unsigned int users[VDHCP_EVENT_LIMITS] = {};
	unsigned int i, limit;

	KUNIT_EXPECT_EQ(test, vdhcp_event_limit[VDHCP_EVENT_NONE], VDHCP_EVENT_LIMITS);
	for (i = 0; i <= VDHCP_EVENT_MAX; i++) {
		limit = vdhcp_event_limit[i];
		KUNIT_ASSERT_LE_MSG(test, limit, (unsigned int)VDHCP_EVENT_LIMITS, "event %u", i);
		if (limit < VDHCP_EVENT_LIMITS)
			users[limit]++;
	}
	for (i = 0; i < VDHCP_EVENT_LIMITS; i++)
		KUNIT_EXPECT_EQ_MSG(test, users[i], 1u, "limit %u", i);
	for (i = 0; i < VDHCP_VERDICTS; i++)
		KUNIT_EXPECT_LE_MSG(test, vdhcp_event_of(i), VDHCP_EVENT_MAX, "verdict %u", i);
	KUNIT_EXPECT_EQ(test, vdhcp_event_of(VDHCP_VERDICTS), VDHCP_EVENT_NONE);
	KUNIT_EXPECT_EQ(test, vdhcp_event_of(VDHCP_VERDICT_CONTINUE), VDHCP_EVENT_NONE);
	KUNIT_EXPECT_EQ(test, vdhcp_event_of(VDHCP_VERDICT_NOT_OURS), VDHCP_EVENT_NONE);
}

/* Every verdict with an event is reported, and changes only the limit of that event. */
static void verdicts_test(struct kunit *test)
{
	struct vdhcp_port *port = vtest_port_find(VTEST_DEV, 0);
	unsigned int i, j, limit;
	struct sk_buff *event;
	struct vdhcp_txn txn;

	vtest_listen(test);
	for (i = 0; i < VDHCP_VERDICTS; i++) {
		/* The event of an ACK is prepared before the reply; packet_test() covers it. */
		if (vdhcp_event_of(i) == VDHCP_EVENT_NONE || vdhcp_event_of(i) == VDHCP_EVENT_ACK)
			continue;
		memset(port->event_jiffies, 0, sizeof(port->event_jiffies));
		vdhcp_txn_init(&txn);
		txn.verdict = i;
		txn.conf.port = &vtest_port_snap(port)->conf;
		vdhcp_conf_set_client(&txn.conf);
		local_bh_disable();
		vdhcp_event_packet(vtest_net(), port, &txn, NULL);
		local_bh_enable();
		event = vtest_expect_event(test, vdhcp_event_of(i));
		KUNIT_EXPECT_EQ(test, vtest_event_u32(test, event, VDHCP_A_EVENT_VERDICT), i);
		limit = vdhcp_event_limit[vdhcp_event_of(i)];
		for (j = 0; j < VDHCP_EVENT_LIMITS; j++)
			KUNIT_EXPECT_EQ_MSG(test, !!port->event_jiffies[j], j == limit,
					    "verdict %u, limit %u", i, j);
	}
}

/* Without a listener no event gets a number, and no event is stored. */
static void no_listener_test(struct kunit *test)
{
	struct vdhcp_port *port = vtest_port_find(VTEST_DEV, 0);
	u64 number = atomic64_read(&vtest_net()->events);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(packet_cases); i++)
		vtest_say(test, vtest_msg(test, packet_cases[i].type, packet_cases[i].edit));
	KUNIT_ASSERT_EQ(test, vtest_dev_rename(vtest_guest, "vtest1"), 0);
	KUNIT_EXPECT_EQ(test, (u64)atomic64_read(&vtest_net()->events), number);
	for (i = 0; i < VDHCP_EVENT_LIMITS; i++) {
		KUNIT_EXPECT_EQ(test, port->event_jiffies[i], 0u);
		KUNIT_EXPECT_EQ(test, atomic_read(&port->suppressed[i]), 0);
	}
	vtest_listen(test);
	vtest_expect_none(test);
}

static void device_test(struct kunit *test)
{
	const u32 types = ALWAYS | BIT(VDHCP_A_EVENT_DEV) | BIT(VDHCP_A_EVENT_IFINDEX);
	u32 ifindex = vtest_guest->dev->ifindex;
	struct vdhcp_cfg_err cfg_err;
	struct sk_buff *event;

	vtest_listen(test);
	KUNIT_ASSERT_EQ(test, vtest_dev_rename(vtest_guest, "vtest1"), 0);
	event = vtest_expect_event(test, VDHCP_EVENT_DETACHED);
	KUNIT_EXPECT_EQ(test, types_of(event), types);
	KUNIT_EXPECT_FALSE(test, nla_strcmp(vtest_attr(event, VDHCP_A_EVENT_DEV), VTEST_DEV));
	KUNIT_EXPECT_EQ(test, vtest_event_u32(test, event, VDHCP_A_EVENT_IFINDEX), ifindex);
	KUNIT_ASSERT_EQ(test, vtest_dev_rename(vtest_guest, VTEST_DEV), 0);
	event = vtest_expect_event(test, VDHCP_EVENT_ATTACHED);
	KUNIT_EXPECT_EQ(test, types_of(event), types);
	KUNIT_EXPECT_FALSE(test, nla_strcmp(vtest_attr(event, VDHCP_A_EVENT_DEV), VTEST_DEV));
	KUNIT_EXPECT_EQ(test, vtest_event_u32(test, event, VDHCP_A_EVENT_IFINDEX), ifindex);

	/* A device with two ports is one device. */
	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_port_add(VTEST_DEV, 5, "s1", vtest_port_spec(test),
						       &cfg_err)));
	vtest_expect_none(test);
	vtest_dev_del(vtest_guest);
	event = vtest_expect_event(test, VDHCP_EVENT_DETACHED);
	KUNIT_EXPECT_EQ(test, vtest_event_u32(test, event, VDHCP_A_EVENT_IFINDEX), ifindex);
	vtest_expect_none(test);
}

/* A device that cannot be attached is reported, and not written into the log. */
static void not_attached_test(struct kunit *test)
{
	const u32 types = ALWAYS | BIT(VDHCP_A_EVENT_DEV) | BIT(VDHCP_A_EVENT_IFINDEX) |
			  BIT(VDHCP_A_EVENT_REASON);
	const struct nlattr *reason;
	struct vdhcp_cfg_err cfg_err;
	struct vtest_dev *vdev;
	struct sk_buff *event;

	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_port_add("vtest2", 0, "s1", vtest_port_spec(test),
						       &cfg_err)));
	vtest_listen(test);
	vdev = vtest_dev_new(&init_net, "vtest2", ARPHRD_NONE);
	KUNIT_ASSERT_NOT_NULL(test, vdev);
	event = vtest_expect_event(test, VDHCP_EVENT_NOT_ATTACHED);
	KUNIT_ASSERT_EQ(test, types_of(event), types);
	KUNIT_EXPECT_FALSE(test, nla_strcmp(vtest_attr(event, VDHCP_A_EVENT_DEV), "vtest2"));
	KUNIT_EXPECT_EQ(test, vtest_event_u32(test, event, VDHCP_A_EVENT_IFINDEX),
			(u32)vdev->dev->ifindex);
	reason = vtest_attr(event, VDHCP_A_EVENT_REASON);
	KUNIT_EXPECT_STREQ(test, (const char *)nla_data(reason),
			   "device vtest2 is not Ethernet: no guest on it can be served");
	/* The device was never attached, so its end is no event. */
	vtest_dev_del(vdev);
	vtest_expect_none(test);
}

static const struct config_case {
	const char *desc;
	enum vdhcp_change change;
	const char *subnet;
	const char *dev;
} config_cases[] = {
	{ "subnet", VDHCP_CHANGE_ADDED, "s1", NULL },
	{ "port", VDHCP_CHANGE_REMOVED, NULL, "vtest3" },
	{ "all", VDHCP_CHANGE_FLUSHED, NULL, NULL },
};

VTEST_PARAMS(config, config_cases)

static void config_test(struct kunit *test)
{
	const struct config_case *c = test->param_value;
	u32 types = ALWAYS | BIT(VDHCP_A_EVENT_CHANGE) | BIT(VDHCP_A_EVENT_GENERATION);
	struct vdhcp_net *vn = vtest_net();
	struct sk_buff *event;

	vtest_listen(test);
	vtest_lock(vn);
	vdhcp_event_config(vn, c->change, c->subnet, c->dev, 7);
	vtest_unlock(vn);
	event = vtest_expect_event(test, VDHCP_EVENT_CONFIG);
	if (c->subnet)
		types |= BIT(VDHCP_A_EVENT_SUBNET);
	if (c->dev)
		types |= BIT(VDHCP_A_EVENT_DEV) | BIT(VDHCP_A_EVENT_VLAN);
	KUNIT_ASSERT_EQ(test, types_of(event), types);
	KUNIT_EXPECT_EQ(test, vtest_event_u32(test, event, VDHCP_A_EVENT_CHANGE), (u32)c->change);
	KUNIT_EXPECT_EQ(test, vtest_event_u32(test, event, VDHCP_A_EVENT_GENERATION),
			(u32)vn->generation);
	if (c->subnet)
		KUNIT_EXPECT_FALSE(test, nla_strcmp(vtest_attr(event, VDHCP_A_EVENT_SUBNET),
						    c->subnet));
	if (!c->dev)
		return;
	KUNIT_EXPECT_FALSE(test, nla_strcmp(vtest_attr(event, VDHCP_A_EVENT_DEV), c->dev));
	KUNIT_EXPECT_EQ(test, nla_get_u16(vtest_attr(event, VDHCP_A_EVENT_VLAN)), 7);
}

static const struct vtest_put change_subnet[] = {
	PUT_TEXT(SUBNET_NAME, "s2"), PUT_IP(SUBNET_NETWORK, VTEST_NETWORK),
	PUT_U8(SUBNET_PREFIX_LEN, 24), {}
};

static const struct vtest_put change_subnet_key[] = { PUT_TEXT(SUBNET_NAME, "s2"), {} };

static const struct vtest_put change_port[] = {
	PUT_TEXT(PORT_DEV, "vtest3"), PUT_U16(PORT_VLAN, 7),
	PUT_U8(PORT_MODE, VDHCP_MODE_PASS), {}
};

static const struct vtest_put change_port_key[] = {
	PUT_TEXT(PORT_DEV, "vtest3"), PUT_U16(PORT_VLAN, 7), {}
};

static const struct vtest_put change_nothing[] = { {} };

/* The order matters, because each change depends on those before. */
static const struct change_case {
	u8 cmd;
	const struct vtest_put *put;
	enum vdhcp_change change;
	bool subnet;
	bool port;
} change_cases[] = {
	{ VDHCP_CMD_SUBNET_NEW, change_subnet, VDHCP_CHANGE_ADDED, true },
	{ VDHCP_CMD_SUBNET_SET, change_subnet, VDHCP_CHANGE_CHANGED, true },
	{ VDHCP_CMD_SUBNET_DEL, change_subnet_key, VDHCP_CHANGE_REMOVED, true },
	{ VDHCP_CMD_PORT_NEW, change_port, VDHCP_CHANGE_ADDED, false, true },
	{ VDHCP_CMD_PORT_SET, change_port, VDHCP_CHANGE_CHANGED, false, true },
	{ VDHCP_CMD_PORT_DEL, change_port_key, VDHCP_CHANGE_REMOVED, false, true },
	{ VDHCP_CMD_FLUSH, change_nothing, VDHCP_CHANGE_FLUSHED },
};

/* Makes a change. Returns its event, NULL if there is no event. */
static struct sk_buff *make_change(struct kunit *test, const struct change_case *c)
{
	struct sk_buff *request = vtest_request(c->cmd, NLM_F_ACK), *event;
	struct vtest_answer answer;

	KUNIT_ASSERT_NOT_NULL(test, request);
	vtest_put(request, c->put);
	vtest_ask(test->priv, request, &answer);
	event = skb_dequeue_tail(&answer.objects);
	vtest_answer_free(&answer);
	KUNIT_EXPECT_EQ_MSG(test, answer.err, 0, "%s", answer.text);
	/* A flush detaches the device, which is an event of its own, before it removes the port. */
	KUNIT_EXPECT_EQ(test, answer.n, c->cmd == VDHCP_CMD_FLUSH ? 2u : 1u);
	return event ? vtest_keep(event) : NULL;
}

static void change_test(struct kunit *test)
{
	const struct change_case *c;
	struct sk_buff *event;
	size_t i;

	vtest_listen(test);
	for (i = 0; i < ARRAY_SIZE(change_cases); i++) {
		c = &change_cases[i];
		event = make_change(test, c);
		KUNIT_ASSERT_NOT_NULL_MSG(test, event, "change %zu", i);
		KUNIT_EXPECT_EQ(test, vtest_event_u32(test, event, VDHCP_A_EVENT_EVENT),
				(u32)VDHCP_EVENT_CONFIG);
		KUNIT_EXPECT_EQ(test, vtest_event_u32(test, event, VDHCP_A_EVENT_CHANGE),
				(u32)c->change);
		KUNIT_EXPECT_EQ(test, vtest_event_u32(test, event, VDHCP_A_EVENT_GENERATION),
				(u32)vtest_net()->generation);
		KUNIT_EXPECT_EQ(test, vtest_attr_count(event, VDHCP_A_EVENT_SUBNET), c->subnet);
		KUNIT_EXPECT_EQ(test, vtest_attr_count(event, VDHCP_A_EVENT_DEV), c->port);
		KUNIT_EXPECT_EQ(test, vtest_attr_count(event, VDHCP_A_EVENT_VLAN), c->port);
	}
}

/* An event without memory is missed, and the listener sees that it missed one. */
static void memory_test(struct kunit *test)
{
	struct vdhcp_port *port = vtest_port_find(VTEST_DEV, 0);
	struct vtest_frame *f = vtest_msg(test, VDHCP_REQUEST, vtest_selecting);
	unsigned int n, missed = 0;
	struct sk_buff *event, *skb;
	u64 number, acks, after;
	bool failed = true;
	int err;

	vtest_listen(test);
	for (n = 1; failed && n < 50; n++) {
		skb = vtest_skb_new(f->data, f->len, VTEST_LINEAR, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, skb);
		number = atomic64_read(&vtest_net()->events);
		acks = vdhcp_stats_port(port, VDHCP_VERDICT_ACK_SELECTING);
		vtest_fail_begin(n);
		vtest_dev_receive(vtest_guest, skb);
		failed = vtest_fail_end();
		acks = vdhcp_stats_port(port, VDHCP_VERDICT_ACK_SELECTING) - acks;
		after = atomic64_read(&vtest_net()->events);
		KUNIT_EXPECT_EQ(test, after, number + acks);
		event = vtest_take_event(test, &err);
		if (!acks)
			KUNIT_EXPECT_EQ(test, err, -EAGAIN);
		else if (event)
			KUNIT_EXPECT_EQ(test, number_of(event), after);
		else
			KUNIT_EXPECT_EQ(test, err, -ENOBUFS);
		missed += acks && !event;
		vtest_expect_none(test);
	}
	KUNIT_EXPECT_FALSE(test, failed);
	if (n == 2)
		kunit_skip(test, "no allocation fails here");
	KUNIT_EXPECT_GE(test, missed, 1u);
}

static struct kunit_case event_test_cases[] = {
	KUNIT_CASE_PARAM(packet_test, packet_gen_params),
	KUNIT_CASE(bare_port_test),
	KUNIT_CASE_PARAM(names_test, form_gen_params),
	KUNIT_CASE(reply_dropped_test),
	KUNIT_CASE_PARAM(limit_test, limit_gen_params),
	KUNIT_CASE(table_test),
	KUNIT_CASE(verdicts_test),
	KUNIT_CASE(no_listener_test),
	KUNIT_CASE(device_test),
	KUNIT_CASE(not_attached_test),
	KUNIT_CASE_PARAM(config_test, config_gen_params),
	KUNIT_CASE(change_test),
	KUNIT_CASE(memory_test),
	{}
};

static struct kunit_suite event_test_suite = {
	.name = "vdhcp_event",
	.suite_init = vtest_begin_netlink,
	.suite_exit = vtest_end,
	.init = vtest_guest_init,
	.exit = vtest_client_exit,
	.test_cases = event_test_cases,
};

kunit_test_suite(event_test_suite);
