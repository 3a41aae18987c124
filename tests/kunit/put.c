// SPDX-License-Identifier: GPL-2.0
/* Netlink requests as tables, and helpers of all netlink suites. */
#include <linux/if_arp.h>
#include <net/net_namespace.h>
#include <net/netlink.h>
#include "put.h"

/* Objects that are freed at the end of the test. */
static struct sk_buff_head kept_objects;

static const char *value_bytes(const struct vtest_put *put, u8 fill)
{
	static char buf[VTEST_BUF / 8];

	if (put->text)
		return put->text;
	memset(buf, fill, sizeof(buf));
	return buf;
}

static void put_nest(struct sk_buff *skb, const struct vtest_put *put, u16 i)
{
	struct nlattr *nest = nla_nest_start(skb, put->type);
	u32 step = 0;

	if (!nest)
		return;
	if (put->len && put->len <= 32)
		step = 1u << (32 - put->len);
	if (put->kind == VTEST_ROUTE) {
		nla_put_in_addr(skb, VDHCP_A_ROUTE_DST, cpu_to_be32(put->n + i * step));
		nla_put_u8(skb, VDHCP_A_ROUTE_DST_LEN, put->len);
		nla_put_in_addr(skb, VDHCP_A_ROUTE_VIA, cpu_to_be32(put->via));
	} else {
		nla_put_u8(skb, VDHCP_A_OPTION_CODE, put->n + i);
		nla_put(skb, VDHCP_A_OPTION_DATA, put->len, value_bytes(put, 0));
		if (put->form)
			nla_put_u8(skb, VDHCP_A_OPTION_FORM, put->form);
	}
	nla_nest_end(skb, nest);
}

static void put_one(struct sk_buff *skb, const struct vtest_put *put, u16 i)
{
	switch (put->kind) {
	case VTEST_U8:
		nla_put_u8(skb, put->type, put->n);
		break;
	case VTEST_U16:
		nla_put_u16(skb, put->type, put->n);
		break;
	case VTEST_U32:
		nla_put_u32(skb, put->type, put->n);
		break;
	case VTEST_BE32:
		nla_put_in_addr(skb, put->type, cpu_to_be32(put->n + i));
		break;
	case VTEST_STRING:
		nla_put_string(skb, put->type, put->text);
		break;
	case VTEST_BYTES:
		nla_put(skb, put->type, put->n, value_bytes(put, 'a'));
		break;
	case VTEST_FLAT:
		nla_put(skb, put->type | NLA_F_NESTED, put->n, value_bytes(put, 'a'));
		break;
	default:
		put_nest(skb, put, i);
		break;
	}
}

static u32 put_rows(struct sk_buff *request, const struct vtest_put *put)
{
	struct nlattr *nest = nla_nest_start(request, put->type);
	u32 blamed = vtest_put(request, put->rows);

	if (nest)
		nla_nest_end(request, nest);
	return blamed;
}

/**
 * vtest_put() - add attributes to a request
 * @request: the request
 * @put: rows, up to one of kind VTEST_END
 *
 * Return: offset of the attribute with @blame, 0 for none.
 */
u32 vtest_put(struct sk_buff *request, const struct vtest_put *put)
{
	struct nlattr *nest = NULL;
	u32 blamed = 0;
	u16 i;

	for (; put->kind != VTEST_END; put++) {
		for (i = 0; i <= put->repeat; i++) {
			if (put->blame && i == put->repeat)
				blamed = request->len;
			if (put->kind == VTEST_NEST)
				nest = nla_nest_start(request, put->type);
			else if (put->kind == VTEST_NEST_END)
				nla_nest_end(request, nest);
			else if (put->kind == VTEST_ROWS)
				blamed = put_rows(request, put) ?: blamed;
			else
				put_one(request, put, i);
		}
	}
	return blamed;
}

/**
 * vtest_change() - send a request that must succeed
 * @test: the test, which ends if the request fails
 * @cmd: enum vdhcp_cmd
 * @put: attributes
 */
void vtest_change(struct kunit *test, u8 cmd, const struct vtest_put *put)
{
	struct sk_buff *request = vtest_request(cmd, NLM_F_ACK);
	struct vtest_answer answer;

	KUNIT_ASSERT_NOT_NULL(test, request);
	vtest_put(request, put);
	vtest_ask(test->priv, request, &answer);
	vtest_answer_free(&answer);
	KUNIT_ASSERT_EQ_MSG(test, answer.err, 0, "%s", answer.text);
	KUNIT_EXPECT_EQ(test, answer.n, 0u);
}

/**
 * vtest_keep() - free an object when the test ends
 * @skb: the object
 *
 * Return: @skb.
 */
struct sk_buff *vtest_keep(struct sk_buff *skb)
{
	skb_queue_tail(&kept_objects, skb);
	return skb;
}

/**
 * vtest_get() - read one object
 * @test: the test, which ends if the object does not exist
 * @cmd: enum vdhcp_cmd
 * @key: attributes
 *
 * Return: the object, valid until the test ends.
 */
struct sk_buff *vtest_get(struct kunit *test, u8 cmd, const struct vtest_put *key)
{
	struct sk_buff *request = vtest_request(cmd, NLM_F_ACK), *object;
	struct vtest_answer answer;

	KUNIT_ASSERT_NOT_NULL(test, request);
	vtest_put(request, key);
	vtest_ask(test->priv, request, &answer);
	object = skb_dequeue(&answer.objects);
	vtest_answer_free(&answer);
	KUNIT_EXPECT_EQ_MSG(test, answer.err, 0, "%s", answer.text);
	KUNIT_EXPECT_EQ(test, answer.n, 1u);
	KUNIT_ASSERT_NOT_NULL(test, object);
	KUNIT_EXPECT_EQ(test, vtest_cmd(object), cmd);
	return vtest_keep(object);
}

/**
 * vtest_refuse() - send a request that must be refused and change nothing
 * @test: the test
 * @c: the request
 *
 * The configuration has subnet "s1", 192.0.2.0/24 with a gateway, with port "vtest0", and
 * there is a device "vtest7" that is not Ethernet.
 */
void vtest_refuse(struct kunit *test, const struct vtest_refusal *c)
{
	struct vdhcp_subnet_spec *subnet = vtest_subnet_spec(test, "s1");
	struct vdhcp_port_spec *port = vtest_port_spec(test);
	struct sk_buff *request = vtest_request(c->cmd, NLM_F_ACK | c->flags);
	struct vtest_answer answer;
	struct vdhcp_cfg_err cfg_err;
	u32 seq, blamed;

	KUNIT_ASSERT_NOT_NULL(test, request);
	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_subnet_add(subnet, &cfg_err)));
	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_port_add("vtest0", 0, "s1", port, &cfg_err)));
	KUNIT_ASSERT_NOT_NULL(test, vtest_dev_new(&init_net, "vtest7", ARPHRD_NONE));
	seq = vtest_seq();
	if (c->base)
		vtest_put(request, c->base);
	blamed = vtest_put(request, c->put);
	vtest_ask(test->priv, request, &answer);

	vtest_answer_free(&answer);
	KUNIT_EXPECT_EQ(test, answer.err, c->err);
	KUNIT_EXPECT_EQ(test, answer.n, 0u);
	KUNIT_EXPECT_EQ(test, vtest_seq(), seq);
	KUNIT_EXPECT_EQ_MSG(test, answer.at, blamed, "%s", answer.text);
	if (c->text)
		KUNIT_EXPECT_STREQ(test, (const char *)answer.text, c->text);
	else
		KUNIT_EXPECT_NE(test, answer.text[0], '\0');
	KUNIT_EXPECT_EQ(test, answer.missing, c->missing);
}

int vtest_client_init(struct kunit *test)
{
	struct vtest_client *client = kunit_kzalloc(test, sizeof(*client), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, client);
	test->priv = client;
	skb_queue_head_init(&kept_objects);
	return vtest_client_open(client, &init_net, NETLINK_GENERIC);
}

void vtest_client_exit(struct kunit *test)
{
	vtest_client_reset();
	skb_queue_purge(&kept_objects);
	vtest_reset(test);
}
