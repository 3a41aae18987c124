// SPDX-License-Identifier: GPL-2.0
/*
 * Each row of each policy refuses attributes of a wrong length and values out of range;
 * attributes without a row are refused as well. The message is the core's, and extack
 * points to the attribute.
 */
#include <netlink-gen.h>
#include "put.h"

#define TABLE(cmd_, name) { #name, VDHCP_CMD_##cmd_, name, ARRAY_SIZE(name) - 1 }

static const struct table {
	const char *desc;
	u8 cmd;
	const struct nla_policy *policy;
	unsigned int max;
} tables[] = {
	TABLE(SUBNET_NEW, vdhcp_subnet_new_nl_policy),
	TABLE(SUBNET_SET, vdhcp_subnet_set_nl_policy),
	TABLE(SUBNET_DEL, vdhcp_subnet_del_nl_policy),
	TABLE(SUBNET_GET, vdhcp_subnet_get_nl_policy),
	TABLE(PORT_NEW, vdhcp_port_new_nl_policy),
	TABLE(PORT_SET, vdhcp_port_set_nl_policy),
	TABLE(PORT_DEL, vdhcp_port_del_nl_policy),
	TABLE(PORT_GET, vdhcp_port_get_nl_policy),
	TABLE(STATS_GET, vdhcp_stats_get_nl_policy),
	TABLE(STATS_RESET, vdhcp_stats_reset_nl_policy),
	TABLE(BATCH_BEGIN, vdhcp_batch_begin_nl_policy),
	TABLE(BATCH_COMMIT, vdhcp_batch_commit_nl_policy),
	{ "info-get", VDHCP_CMD_INFO_GET },
	{ "flush", VDHCP_CMD_FLUSH },
};

static void table_desc(const struct table *table, char *desc)
{
	strscpy(desc, table->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(table, tables, table_desc);

/* Sends a request with one attribute, which must be refused. */
static void refuse_attr(struct kunit *test, u8 cmd, u16 type, const void *data, int len)
{
	struct sk_buff *request = vtest_request(cmd, NLM_F_ACK);
	struct vtest_answer answer;

	KUNIT_ASSERT_NOT_NULL(test, request);
	KUNIT_ASSERT_EQ(test, nla_put(request, type, len, data), 0);
	vtest_ask(test->priv, request, &answer);
	vtest_answer_free(&answer);
	KUNIT_EXPECT_TRUE_MSG(test, answer.err == -EINVAL || answer.err == -ERANGE,
			      "command %u, attribute %u of %d bytes: error %d", cmd, type, len,
			      answer.err);
	KUNIT_EXPECT_EQ_MSG(test, answer.at, NLMSG_HDRLEN + GENL_HDRLEN,
			    "command %u, attribute %u", cmd, type);
	KUNIT_EXPECT_NE(test, answer.text[0], '\0');
}

/* Refuses a number; for NLA_BINARY, @value is the length, which has the range. */
static void refuse_number(struct kunit *test, u8 cmd, u16 type, u8 kind, u32 value)
{
	static const u8 bytes[64];
	u8 u8_value = value;
	u16 u16_value = value;

	if (kind == NLA_BINARY)
		refuse_attr(test, cmd, type, bytes, value);
	else if (kind == NLA_U8)
		refuse_attr(test, cmd, type, &u8_value, sizeof(u8_value));
	else if (kind == NLA_U16)
		refuse_attr(test, cmd, type, &u16_value, sizeof(u16_value));
	else
		refuse_attr(test, cmd, type, &value, sizeof(value));
}

static void refuse_range(struct kunit *test, u8 cmd, u16 type,
			 const struct nla_policy *policy)
{
	switch (policy->validation_type) {
	case NLA_VALIDATE_MIN:
		refuse_number(test, cmd, type, policy->type, policy->min - 1);
		break;
	case NLA_VALIDATE_MAX:
		refuse_number(test, cmd, type, policy->type, policy->max + 1);
		break;
	case NLA_VALIDATE_RANGE:
		refuse_number(test, cmd, type, policy->type, policy->min - 1);
		refuse_number(test, cmd, type, policy->type, policy->max + 1);
		break;
	case NLA_VALIDATE_RANGE_PTR:
		refuse_number(test, cmd, type, policy->type, policy->range->max + 1);
		break;
	default:
		break;
	}
}

static void policy_test(struct kunit *test)
{
	static const u8 bytes[VDHCP_OPTION_MAX + 1] = { [0 ... VDHCP_OPTION_MAX] = 'a' };
	const struct table *table = test->param_value;
	const struct nla_policy *policy;
	unsigned int type, len;

	for (type = 0; type <= table->max + 1; type++) {
		policy = type && type <= table->max ? &table->policy[type] : NULL;
		switch (policy ? policy->type : NLA_UNSPEC) {
		case NLA_FLAG:
		case NLA_NESTED:
		case NLA_UNSPEC:
			len = 1;
			break;
		case NLA_NUL_STRING:
			/* A string without its NUL, and a string that is too long. */
			refuse_attr(test, table->cmd, type, bytes, 1);
			len = policy->len + 2;
			break;
		case NLA_BINARY:
			len = policy->max + 1;
			break;
		default:
			refuse_attr(test, table->cmd, type, bytes, 9);
			len = 0;
			break;
		}
		refuse_attr(test, table->cmd, type, bytes, len);
		if (policy)
			refuse_range(test, table->cmd, type, policy);
	}
}

static struct kunit_case policy_test_cases[] = {
	KUNIT_CASE_PARAM(policy_test, table_gen_params),
	{}
};

static struct kunit_suite policy_test_suite = {
	.name = "vdhcp_policy",
	.suite_init = vtest_begin_netlink,
	.suite_exit = vtest_end,
	.init = vtest_client_init,
	.exit = vtest_client_exit,
	.test_cases = policy_test_cases,
};

kunit_test_suite(policy_test_suite);
