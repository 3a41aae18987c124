// SPDX-License-Identifier: GPL-2.0
/* Refused requests for ports and counters, and refused messages. */
#include <linux/cred.h>
#include <netlink.h>
#include "put.h"

#define KEY		PUT_TEXT(PORT_DEV, "vtest1")
#define MAC		PUT_BYTES(PORT_MAC, 6, "\x52\x54\0\x12\x34\x57")
#define ADDR		PUT_ADDRESS(PUT_IP(ADDRESS_ADDR, VTEST_ADDR + 1))
#define SUBNET		PUT_ADDRESS(PUT_TEXT(ADDRESS_SUBNET, "s1"))
#define BOUND		PUT_BOUND(VTEST_ADDR + 1, "s1")
/* An address that is refused. */
#define BAD_ADDR(n_)	\
	PUT_ADDRESS(PUT_IP(ADDRESS_ADDR, n_, BLAME), PUT_TEXT(ADDRESS_SUBNET, "s1"))
#define MULTICAST	0xe0000001

#define ROW(words, cmd_, base_, err_, text_, missing_, ...) \
	{ words, VDHCP_CMD_PORT_##cmd_, 0, base_, { __VA_ARGS__ }, err_, text_, missing_ }
#define REFUSE(words, cmd_, err_, text_, ...) \
	ROW(words, cmd_, NULL, err_, text_, 0, __VA_ARGS__)
/* A valid request with one more attribute, which the policy refuses. */
#define POLICY(words, err_, ...) \
	ROW(words, NEW, valid_request, err_, NULL, 0, __VA_ARGS__)
/* A valid request with one more attribute, which the module refuses. */
#define EXTRA(words, text_, ...) \
	ROW(words, NEW, valid_request, -EINVAL, text_, 0, __VA_ARGS__)
#define NEW(words, text_, ...) \
	REFUSE(words, NEW, -EINVAL, text_, __VA_ARGS__)
#define MISSES(words, text_, attr_, base_, ...) \
	ROW(words, NEW, base_, -EINVAL, text_, VDHCP_A_##attr_, __VA_ARGS__)
#define NAMELESS(words, cmd_, ...) \
	ROW(words, cmd_, NULL, -EINVAL, "dev is missing", VDHCP_A_PORT_DEV, __VA_ARGS__)
#define CLEAR(words, n_, text_) \
	REFUSE(words, SET, -EINVAL, text_, PUT_TEXT(PORT_DEV, "vtest0"), \
	       PUT_U32(PORT_CLEAR, n_, BLAME))

#define BAD_DEV "dev is not a device name, or has control characters"

/* A valid new port. */
static const struct vtest_put valid_request[] = { KEY, MAC, BOUND, {} };

static const struct vtest_refusal port_cases[] = {
	/* The key */
	NAMELESS("no dev", NEW, MAC, BOUND),
	NEW("empty dev", BAD_DEV, PUT_TEXT(PORT_DEV, "", BLAME), MAC),
	NEW("dev with a slash", BAD_DEV, PUT_TEXT(PORT_DEV, "a/b", BLAME)),
	NEW("dev with a space", BAD_DEV, PUT_TEXT(PORT_DEV, "a b", BLAME)),
	NEW("dev with a colon", BAD_DEV, PUT_TEXT(PORT_DEV, "a:b", BLAME)),
	NEW("dev with an escape", BAD_DEV, PUT_TEXT(PORT_DEV, "a\33[2J", BLAME)),
	NEW("dev with a delete", BAD_DEV, PUT_TEXT(PORT_DEV, "a\177", BLAME)),
	NEW("dev ..", BAD_DEV, PUT_TEXT(PORT_DEV, "..", BLAME)),
	REFUSE("dev of 16 bytes", NEW, -EINVAL, NULL,
	       PUT_TEXT(PORT_DEV, "a123456789012345", BLAME)),
	REFUSE("dev without NUL", NEW, -EINVAL, NULL, PUT_BYTES(PORT_DEV, 4, "tap0", BLAME)),
	REFUSE("dev taken", NEW, -EEXIST, "port exists", PUT_TEXT(PORT_DEV, "vtest0", BLAME),
	       MAC, BOUND),
	REFUSE("dev and vlan taken", NEW, -EEXIST, "port exists",
	       PUT_TEXT(PORT_DEV, "vtest0", BLAME), PUT_U16(PORT_VLAN, 0), MAC, BOUND),
	NEW("dev that is not Ethernet",
	    "device vtest7 is not Ethernet: no guest on it can be served",
	    PUT_TEXT(PORT_DEV, "vtest7", BLAME), MAC, BOUND),
	POLICY("vlan 4095", -ERANGE, PUT_U16(PORT_VLAN, 4095, BLAME)),
	POLICY("vlan of four bytes", -EINVAL, PUT_U32(PORT_VLAN, 1, BLAME)),

	/* Required in mode serve */
	MISSES("no mac", "mode serve needs a mac", PORT_MAC, NULL, KEY, BOUND),
	MISSES("no addr", "mode serve needs an addr", ADDRESS_ADDR, NULL, KEY, MAC, SUBNET),
	MISSES("no subnet", "mode serve needs a subnet", ADDRESS_SUBNET, NULL, KEY, MAC, ADDR),
	REFUSE("unknown subnet", NEW, -ENOENT, "no such subnet", KEY, MAC,
	       PUT_ADDRESS(PUT_IP(ADDRESS_ADDR, VTEST_ADDR + 1),
			   PUT_TEXT(ADDRESS_SUBNET, "s2", BLAME))),
	NEW("multicast mac", "mac is not a unicast address", KEY, BOUND,
	    PUT_BYTES(PORT_MAC, 6, "\1\0\0\0\0\1", BLAME)),
	NEW("zero mac", "mac is not a unicast address", KEY, BOUND,
	    PUT_BYTES(PORT_MAC, 6, "\0\0\0\0\0\0", BLAME)),
	REFUSE("short mac", NEW, -ERANGE, NULL, KEY, BOUND,
	       PUT_BYTES(PORT_MAC, 5, NULL, BLAME)),
	NEW("server's mac", "mac is the subnet's server-mac", KEY, BOUND,
	    PUT_BYTES(PORT_MAC, 6, "\2\0\300\0\2\1", BLAME)),
	NEW("multicast addr", "addr is not a unicast address", KEY, MAC,
	    BAD_ADDR(MULTICAST)),
	NEW("addr 0.0.0.0", "addr is not a unicast address", KEY, MAC,
	    BAD_ADDR(0)),
	NEW("addr outside", "addr is outside of the subnet's cidr", KEY, MAC,
	    BAD_ADDR(0x0a000001)),
	NEW("network's addr", "addr is the subnet's network address", KEY, MAC,
	    BAD_ADDR(VTEST_NETWORK)),
	NEW("broadcast addr", "addr is the subnet's broadcast address", KEY, MAC,
	    BAD_ADDR(VTEST_NETWORK + 255)),
	NEW("server's addr", "addr is the subnet's server-id", KEY, MAC,
	    BAD_ADDR(VTEST_GATEWAY)),

	/* Reserved */
	ROW("IPv6 address", NEW, NULL, -EOPNOTSUPP, "IPv6 is not supported yet", 0, KEY, MAC,
	    PUT_NEST(PORT_ADDRESS), PUT_BYTES(ADDRESS_ADDR, 16, NULL, BLAME), PUT_NEST_END),
	NEW("second address",
	    "a second IPv4 address for MAC 52:54:00:12:34:57: DHCPv4 can give one",
	    KEY, MAC, BOUND, PUT_NEST(PORT_ADDRESS),
	    PUT_IP(ADDRESS_ADDR, VTEST_ADDR, BLAME), PUT_NEST_END),
	ROW("IPv6 as the second address", NEW, NULL, -EOPNOTSUPP, "IPv6 is not supported yet",
	    0, KEY, MAC, BOUND, PUT_NEST(PORT_ADDRESS),
	    PUT_BYTES(ADDRESS_ADDR, 16, NULL, BLAME), PUT_NEST_END),
	NEW("33 addresses", "more than 32 addresses", KEY, MAC,
	    { VTEST_FLAT, VDHCP_A_PORT_ADDRESS, 8, "\10\0\1\0\300\0\2\12", .repeat = 32,
	      BLAME }),
	NEW("own MAC for an address", "the MAC of an address is that of the port; leave it out",
	    KEY, MAC, BOUND, PUT_NEST(PORT_ADDRESS), PUT_IP(ADDRESS_ADDR, VTEST_ADDR),
	    PUT_BYTES(ADDRESS_MAC, 6, "\x52\x54\0\x12\x34\x57", BLAME), PUT_NEST_END),
	NEW("second address with a MAC, outside of its subnet",
	    "addr is outside of the subnet's cidr", KEY, MAC, BOUND, PUT_NEST(PORT_ADDRESS),
	    PUT_IP(ADDRESS_ADDR, 0x0a000005, BLAME), PUT_TEXT(ADDRESS_SUBNET, "s1"),
	    PUT_BYTES(ADDRESS_MAC, 6, "\2\0\0\0\0\1"), PUT_NEST_END),
	MISSES("second address with a MAC, without a subnet", "mode serve needs a subnet",
	       ADDRESS_SUBNET, NULL, KEY, MAC, BOUND, PUT_NEST(PORT_ADDRESS),
	       PUT_IP(ADDRESS_ADDR, VTEST_ADDR + 1),
	       PUT_BYTES(ADDRESS_MAC, 6, "\2\0\0\0\0\1"), PUT_NEST_END),
	NEW("address of 5 bytes", "an address has 4 or 16 bytes", KEY, MAC,
	    PUT_NEST(PORT_ADDRESS), PUT_BYTES(ADDRESS_ADDR, 5, NULL, BLAME), PUT_NEST_END),
	NEW("empty address", "address needs addr or subnet", KEY, MAC,
	    PUT_NEST(PORT_ADDRESS, BLAME), PUT_NEST_END),
	ROW("owner", NEW, valid_request, -EOPNOTSUPP, "owner is not supported yet", 0,
	    PUT_TEXT(PORT_OWNER, "a", BLAME)),

	/* Other attributes */
	EXTRA("empty hostname",
	      "invalid domain name: labels are 1-63 characters, the name at most 253",
	      PUT_TEXT(PORT_HOSTNAME, "", BLAME)),
	EXTRA("hostname with a dot at its end", "hostname ends in a dot",
	      PUT_TEXT(PORT_HOSTNAME, "vm.", BLAME)),
	EXTRA("hostname with a hyphen", "invalid domain name: a label begins or ends with a hyphen",
	      PUT_TEXT(PORT_HOSTNAME, "vm-", BLAME)),
	EXTRA("hostname with a comma",
	      "invalid domain name: only letters, digits, - _ and . are allowed",
	      PUT_TEXT(PORT_HOSTNAME, "a,b", BLAME)),
	POLICY("hostname of 256 bytes", -EINVAL, PUT_BYTES(PORT_HOSTNAME, 256, NULL, BLAME)),
	POLICY("mode 0", -ERANGE, PUT_U8(PORT_MODE, 0, BLAME)),
	POLICY("mode 4", -ERANGE, PUT_U8(PORT_MODE, 4, BLAME)),
	POLICY("guard 2", -ERANGE, PUT_U8(PORT_GUARD, 2, BLAME)),
	POLICY("rate 1000001", -ERANGE, PUT_U32(PORT_RATE, 1000001, BLAME)),
	MISSES("option without code", "option needs a code", OPTION_CODE, valid_request,
	       PUT_NEST(PORT_OPTION, BLAME),
	       PUT_BYTES(OPTION_DATA, 1, NULL), PUT_NEST_END),
	MISSES("option without data", "option needs data", OPTION_DATA, valid_request,
	       PUT_NEST(PORT_OPTION, BLAME),
	       PUT_U8(OPTION_CODE, 43), PUT_NEST_END),
	EXTRA("option 53", "option 53 is set by the protocol",
	      PUT_OPTION(PORT, 53, VDHCP_OPTION_FORM_U8, 1, "\5", BLAME)),
	EXTRA("addresses of 6 bytes", "option 6 must hold IPv4 addresses",
	      PUT_OPTION(PORT, 6, 0, 6, NULL, BLAME)),
	ROW("options of 4100 bytes", NEW, valid_request, -EMSGSIZE,
	    "raw options exceed 4096 bytes", 0,
	    PUT_OPTION(PORT, 224, 0, 1021, NULL, .repeat = 3, BLAME)),
	EXTRA("routes without the gateway",
	      "option 121 needs a default route",
	      PUT_OPTION(PORT, 121, 0, 6, "\10\12\300\0\2\2", BLAME)),
	POLICY("clear in new", -EINVAL, PUT_U32(PORT_CLEAR, 4, BLAME)),
	POLICY("state", -EINVAL, { VTEST_FLAT, VDHCP_A_PORT_STATE, 0, BLAME }),

	/* Changes */
	NAMELESS("set without dev", SET, PUT_U32(PORT_RATE, 1)),
	REFUSE("set a port that does not exist", SET, -ENOENT, "no such port",
	       PUT_TEXT(PORT_DEV, "vtest1", BLAME)),
	REFUSE("set another vlan", SET, -ENOENT, "no such port",
	       PUT_TEXT(PORT_DEV, "vtest0", BLAME), PUT_U16(PORT_VLAN, 1)),
	REFUSE("move to an unknown subnet", SET, -ENOENT, "no such subnet",
	       PUT_TEXT(PORT_DEV, "vtest0"), PUT_ADDRESS(PUT_TEXT(ADDRESS_SUBNET, "s2", BLAME))),
	REFUSE("set an addr outside", SET, -EINVAL, "addr is outside of the subnet's cidr",
	       PUT_TEXT(PORT_DEV, "vtest0"), PUT_ADDRESS(PUT_IP(ADDRESS_ADDR, 0x0a000001, BLAME))),
	CLEAR("clear dev", VDHCP_A_PORT_DEV, "dev cannot be cleared"),
	CLEAR("clear vlan", VDHCP_A_PORT_VLAN, "vlan cannot be cleared"),
	CLEAR("clear attribute 0", 0, "no such attribute to clear"),
	CLEAR("clear the list of clears", VDHCP_A_PORT_CLEAR, "no such attribute to clear"),
	CLEAR("clear the state", VDHCP_A_PORT_STATE, "no such attribute to clear"),
	CLEAR("clear beyond 64 bits", 67, "no such attribute to clear"),
	{ "clear an attribute that mode serve needs", VDHCP_CMD_PORT_SET, 0, NULL,
	  { PUT_TEXT(PORT_DEV, "vtest0"), PUT_U32(PORT_CLEAR, VDHCP_A_PORT_MAC) }, -EINVAL,
	  "mode serve needs a mac", VDHCP_A_PORT_MAC },
	{ "clear the address", VDHCP_CMD_PORT_SET, 0, NULL,
	  { PUT_TEXT(PORT_DEV, "vtest0"), PUT_U32(PORT_CLEAR, VDHCP_A_PORT_ADDRESS) }, -EINVAL,
	  "mode serve needs an addr", VDHCP_A_PORT_ADDRESS },
	NAMELESS("remove without dev", DEL),
	REFUSE("remove a port that does not exist", DEL, -ENOENT, "no such port",
	       PUT_TEXT(PORT_DEV, "vtest1", BLAME)),
	NAMELESS("get without dev", GET),
	REFUSE("get a port that does not exist", GET, -ENOENT, "no such port",
	       PUT_TEXT(PORT_DEV, "vtest1", BLAME)),
	{ "attributes in a dump", VDHCP_CMD_PORT_GET, NLM_F_DUMP, NULL,
	  { PUT_TEXT(PORT_DEV, "vtest0") }, -EINVAL, "a dump takes no attributes" },

	/* Counters, and requests without attributes */
	{ "counters of a vlan without dev", VDHCP_CMD_STATS_GET, 0, NULL,
	  { PUT_U16(STATS_VLAN, 1, BLAME) }, -EINVAL, "vlan without dev", VDHCP_A_STATS_DEV },
	{ "counters of a port that does not exist", VDHCP_CMD_STATS_GET, 0, NULL,
	  { PUT_TEXT(STATS_DEV, "vtest1", BLAME) }, -ENOENT, "no such port" },
	{ "counters of a vlan that does not exist", VDHCP_CMD_STATS_GET, 0, NULL,
	  { PUT_TEXT(STATS_DEV, "vtest0", BLAME), PUT_U16(STATS_VLAN, 1) }, -ENOENT,
	  "no such port" },
	{ "attributes in a dump of counters", VDHCP_CMD_STATS_GET, NLM_F_DUMP, NULL,
	  { PUT_TEXT(STATS_DEV, "vtest0") }, -EINVAL, "a dump takes no attributes" },
	{ "attributes for info", VDHCP_CMD_INFO_GET, 0, NULL, { PUT_U32(INFO_ABI, 1, BLAME) },
	  -EINVAL },
	{ "attributes for flush", VDHCP_CMD_FLUSH, 0, NULL, { PUT_U32(INFO_ABI, 1, BLAME) },
	  -EINVAL },
};

VTEST_PARAMS(port, port_cases)

static void port_refuse_test(struct kunit *test)
{
	vtest_refuse(test, test->param_value);
}

static const struct raw_case {
	const char *desc;
	u8 cmd;
	u16 flags;
	u16 reserved;
	u16 tail;
	int err;
} raw_cases[] = {
	{ "no command", 0, .err = -EOPNOTSUPP },
	{ "unknown command", VDHCP_CMD_MAX + 1, .err = -EOPNOTSUPP },
	{ "dump of a command without dumps", VDHCP_CMD_FLUSH, NLM_F_DUMP, .err = -EOPNOTSUPP },
	{ "dump of information", VDHCP_CMD_INFO_GET, NLM_F_DUMP, .err = -EOPNOTSUPP },
	{ "reserved bytes", VDHCP_CMD_INFO_GET, .reserved = 1, .err = -EINVAL },
	{ "half an attribute at the end", VDHCP_CMD_INFO_GET, .tail = 2, .err = -EINVAL },
	{ "bytes after a flush", VDHCP_CMD_FLUSH, .tail = 3, .err = -EINVAL },
};

VTEST_PARAMS(raw, raw_cases)

/* The core refuses these, because the family has strict checks. */
static void raw_test(struct kunit *test)
{
	const struct raw_case *c = test->param_value;
	struct vdhcp_subnet_spec *subnet = vtest_subnet_spec(test, "s1");
	struct vtest_answer answer;
	struct vdhcp_cfg_err cfg_err;
	struct genlmsghdr *hdr;
	struct sk_buff *request;

	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_subnet_add(subnet, &cfg_err)));
	request = vtest_request(c->cmd, NLM_F_ACK | c->flags);
	KUNIT_ASSERT_NOT_NULL(test, request);
	hdr = nlmsg_data(nlmsg_hdr(request));
	hdr->reserved = c->reserved;
	skb_put_zero(request, c->tail);
	vtest_ask(test->priv, request, &answer);
	vtest_answer_free(&answer);
	KUNIT_EXPECT_EQ_MSG(test, answer.err, c->err, "%s", answer.text);
	KUNIT_EXPECT_EQ(test, answer.n, 0u);
	KUNIT_EXPECT_NOT_NULL(test, vtest_subnet_find("s1"));
}

static const struct right_case {
	const char *desc;
	u8 cmd;
	u16 flags;
	struct vtest_put put[10];
	int err;
} right_cases[] = {
	{ "subnet-new", VDHCP_CMD_SUBNET_NEW, 0, { PUT_TEXT(SUBNET_NAME, "s2"),
	  PUT_IP(SUBNET_NETWORK, 0x0a000000), PUT_U8(SUBNET_PREFIX_LEN, 8) }, -EPERM },
	{ "subnet-set", VDHCP_CMD_SUBNET_SET, 0, { PUT_TEXT(SUBNET_NAME, "s1") }, -EPERM },
	{ "subnet-del", VDHCP_CMD_SUBNET_DEL, 0, { PUT_TEXT(SUBNET_NAME, "s1") }, -EPERM },
	{ "port-new", VDHCP_CMD_PORT_NEW, 0, { KEY, MAC, BOUND }, -EPERM },
	{ "port-set", VDHCP_CMD_PORT_SET, 0, { PUT_TEXT(PORT_DEV, "vtest0") }, -EPERM },
	{ "port-del", VDHCP_CMD_PORT_DEL, 0, { PUT_TEXT(PORT_DEV, "vtest0") }, -EPERM },
	{ "flush", VDHCP_CMD_FLUSH, 0, {}, -EPERM },
	{ "info-get", VDHCP_CMD_INFO_GET },
	{ "subnet-get", VDHCP_CMD_SUBNET_GET, 0, { PUT_TEXT(SUBNET_NAME, "s1") } },
	{ "dump of subnets", VDHCP_CMD_SUBNET_GET, NLM_F_DUMP },
	{ "port-get", VDHCP_CMD_PORT_GET, 0, { PUT_TEXT(PORT_DEV, "vtest0") } },
	{ "dump of ports", VDHCP_CMD_PORT_GET, NLM_F_DUMP },
	{ "stats-get", VDHCP_CMD_STATS_GET },
};

VTEST_PARAMS(right, right_cases)

/* Without CAP_NET_ADMIN only reading is allowed. */
static void right_test(struct kunit *test)
{
	const struct right_case *c = test->param_value;
	struct vdhcp_subnet_spec *subnet = vtest_subnet_spec(test, "s1");
	struct vdhcp_port_spec *port = vtest_port_spec(test);
	struct sk_buff *request = vtest_request(c->cmd, NLM_F_ACK | c->flags);
	const struct cred *old;
	struct cred *weak = prepare_creds();
	struct vtest_answer answer;
	struct vdhcp_cfg_err cfg_err;
	u32 seq;

	KUNIT_ASSERT_NOT_NULL(test, request);
	KUNIT_ASSERT_NOT_NULL(test, weak);
	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_subnet_add(subnet, &cfg_err)));
	KUNIT_ASSERT_FALSE(test, IS_ERR(vtest_port_add("vtest0", 0, "s1", port, &cfg_err)));
	seq = vtest_seq();
	vtest_put(request, c->put);
	cap_lower(weak->cap_effective, CAP_NET_ADMIN);
	old = override_creds(weak);
	vtest_ask(test->priv, request, &answer);
	revert_creds(old);
	put_cred(weak);
	vtest_answer_free(&answer);
	KUNIT_EXPECT_EQ_MSG(test, answer.err, c->err, "%s", answer.text);
	KUNIT_EXPECT_EQ(test, answer.n, c->err ? 0u : 1u);
	KUNIT_EXPECT_EQ(test, vtest_seq(), seq);
}

static struct kunit_case refuse_port_test_cases[] = {
	KUNIT_CASE_PARAM(port_refuse_test, port_gen_params),
	KUNIT_CASE_PARAM(raw_test, raw_gen_params),
	KUNIT_CASE_PARAM(right_test, right_gen_params),
	{}
};

static struct kunit_suite refuse_port_test_suite = {
	.name = "vdhcp_refuse_port",
	.suite_init = vtest_begin_netlink,
	.suite_exit = vtest_end,
	.init = vtest_client_init,
	.exit = vtest_client_exit,
	.test_cases = refuse_port_test_cases,
};

kunit_test_suite(refuse_port_test_suite);
