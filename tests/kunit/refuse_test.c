// SPDX-License-Identifier: GPL-2.0
/* Refused requests for subnets, and errors that any request can have. */
#include "put.h"

#define KEY		PUT_TEXT(SUBNET_NAME, "new")
#define NETWORK		PUT_IP(SUBNET_NETWORK, 0xc6336400)
#define LENGTH		PUT_U8(SUBNET_PREFIX_LEN, 24)
#define MULTICAST	0xe0000001

#define ROW(words, cmd_, base_, err_, text_, missing_, ...) \
	{ words, VDHCP_CMD_SUBNET_##cmd_, 0, base_, { __VA_ARGS__ }, err_, text_, missing_ }
#define REFUSE(words, cmd_, err_, text_, ...) \
	ROW(words, cmd_, NULL, err_, text_, 0, __VA_ARGS__)
/* Refused by the policy, with a message of the netlink core. */
#define POLICY(words, err_, ...) \
	ROW(words, NEW, valid_request, err_, NULL, 0, __VA_ARGS__)
/* Refused by the module. */
#define NEW(words, text_, ...) \
	ROW(words, NEW, valid_request, -EINVAL, text_, 0, __VA_ARGS__)
/* Something is missing within a nest. */
#define MISSES(words, text_, attr_, ...) \
	ROW(words, NEW, valid_request, -EINVAL, text_, VDHCP_A_##attr_, __VA_ARGS__)
/* The name is missing. */
#define NAMELESS(words, cmd_, ...) \
	ROW(words, cmd_, NULL, -EINVAL, "name is missing", VDHCP_A_SUBNET_NAME, __VA_ARGS__)
#define CLEAR(words, n_, text_)	\
	REFUSE(words, SET, -EINVAL, text_, PUT_TEXT(SUBNET_NAME, "s1"), \
	       PUT_U32(SUBNET_CLEAR, n_, BLAME))
#define RESERVED(code_, why) \
	NEW("option " #code_, "option " #code_ " " why, \
	    PUT_OPTION(SUBNET, code_, VDHCP_OPTION_FORM_HEX, 4, NULL, BLAME))
#define FORMAT(words, code_, form_, len_, data, text_) \
	NEW(words, text_, PUT_OPTION(SUBNET, code_, VDHCP_OPTION_FORM_##form_, len_, data, BLAME))

/* A valid new subnet. */
static const struct vtest_put valid_request[] = { KEY, NETWORK, LENGTH, {} };

static const char label_text[] =
	"invalid domain name: labels are 1-63 characters, the name at most 253";
static const char char_text[] = "invalid domain name: only letters, digits, - _ and . are allowed";
static const char hyphen_text[] = "invalid domain name: a label begins or ends with a hyphen";
static const char name_text[] = "name may have letters, digits and . _ : - only";
static const char long_label[] =
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

static const struct vtest_refusal subnet_cases[] = {
	/* The name */
	NAMELESS("no name", NEW, NETWORK, LENGTH),
	REFUSE("empty name", NEW, -EINVAL, name_text,
	       PUT_TEXT(SUBNET_NAME, "", BLAME), NETWORK, LENGTH),
	REFUSE("space in the name", NEW, -EINVAL, name_text,
	       PUT_TEXT(SUBNET_NAME, "a b", BLAME), NETWORK, LENGTH),
	REFUSE("name beyond ASCII", NEW, -EINVAL, name_text,
	       PUT_TEXT(SUBNET_NAME, "s\303\244", BLAME), NETWORK, LENGTH),
	REFUSE("name of 64 bytes", NEW, -EINVAL, NULL,
	       PUT_TEXT(SUBNET_NAME, long_label, BLAME), NETWORK, LENGTH),
	REFUSE("name without NUL", NEW, -EINVAL, NULL,
	       PUT_BYTES(SUBNET_NAME, 3, "abc", BLAME), NETWORK, LENGTH),
	REFUSE("name taken", NEW, -EEXIST, "subnet exists",
	       PUT_TEXT(SUBNET_NAME, "s1", BLAME), NETWORK, LENGTH),

	/* Addresses */
	ROW("no cidr", NEW, NULL, -EINVAL, "a subnet needs a cidr", VDHCP_A_SUBNET_NETWORK, KEY),
	REFUSE("no prefix length", NEW, -EINVAL, "a subnet needs a cidr", KEY,
	       PUT_IP(SUBNET_NETWORK, 0xc6336400, BLAME)),
	REFUSE("host bits", NEW, -EINVAL, "cidr has host bits set", KEY,
	       PUT_IP(SUBNET_NETWORK, 0xc6336401, BLAME), PUT_U8(SUBNET_PREFIX_LEN, 24)),
	REFUSE("multicast network", NEW, -EINVAL, "cidr is not a network of unicast addresses",
	       KEY, PUT_IP(SUBNET_NETWORK, 0xe0000000, BLAME),
	       PUT_U8(SUBNET_PREFIX_LEN, 24)),
	REFUSE("prefix length 0", NEW, -ERANGE, NULL, KEY,
	       PUT_U8(SUBNET_PREFIX_LEN, 0, BLAME)),
	REFUSE("prefix length 33", NEW, -EINVAL, "cidr has a prefix length other than 1 to 32",
	       KEY, NETWORK, PUT_U8(SUBNET_PREFIX_LEN, 33, BLAME)),
	REFUSE("prefix length 129", NEW, -ERANGE, NULL, KEY,
	       PUT_U8(SUBNET_PREFIX_LEN, 129, BLAME)),
	ROW("IPv6 network", NEW, NULL, -EOPNOTSUPP, "IPv6 is not supported yet", 0, KEY,
	    PUT_BYTES(SUBNET_NETWORK, 16, NULL, BLAME), LENGTH),
	ROW("IPv6 name server", NEW, valid_request, -EOPNOTSUPP, "IPv6 is not supported yet", 0,
	    PUT_IP(SUBNET_DNS, 0x08080808), PUT_BYTES(SUBNET_DNS, 16, NULL, BLAME)),
	ROW("IPv6 route", NEW, valid_request, -EOPNOTSUPP, "IPv6 is not supported yet", 0,
	    PUT_NEST(SUBNET_ROUTE), PUT_BYTES(ROUTE_DST, 16, NULL, BLAME),
	    PUT_U8(ROUTE_DST_LEN, 64), PUT_NEST_END),
	NEW("gateway of 5 bytes", "an address has 4 or 16 bytes",
	    PUT_BYTES(SUBNET_GATEWAY, 5, NULL, BLAME)),
	ROW("owner", NEW, valid_request, -EOPNOTSUPP, "owner is not supported yet", 0,
	    PUT_TEXT(SUBNET_OWNER, "a", BLAME)),
	NEW("multicast gateway", "gateway is not a unicast address",
	    PUT_IP(SUBNET_GATEWAY, MULTICAST, BLAME)),
	NEW("gateway 0.0.0.0", "gateway is not a unicast address",
	    PUT_IP(SUBNET_GATEWAY, 0, BLAME)),
	NEW("multicast server-id", "server-id is not a unicast address",
	    PUT_IP(SUBNET_SERVER_ID, MULTICAST, BLAME)),
	NEW("multicast next-server", "next-server is not a unicast address",
	    PUT_IP(SUBNET_NEXT_SERVER, MULTICAST, BLAME)),
	NEW("multicast server-mac", "server-mac is not a unicast address",
	    PUT_BYTES(SUBNET_SERVER_MAC, 6, "\1\0\0\0\0\1", BLAME)),
	NEW("zero server-mac", "server-mac is not a unicast address",
	    PUT_BYTES(SUBNET_SERVER_MAC, 6, "\0\0\0\0\0\0", BLAME)),
	POLICY("short server-mac", -ERANGE, PUT_BYTES(SUBNET_SERVER_MAC, 5, NULL, BLAME)),
	POLICY("long server-mac", -ERANGE, PUT_BYTES(SUBNET_SERVER_MAC, 7, NULL, BLAME)),
	POLICY("gateway of two bytes", -ERANGE, PUT_U16(SUBNET_GATEWAY, 1, BLAME)),
	NEW("multicast dns", "dns has an address that is not unicast",
	    PUT_IP(SUBNET_DNS, 0x08080808), PUT_IP(SUBNET_DNS, MULTICAST, BLAME)),
	NEW("multicast dns before others", "dns has an address that is not unicast",
	    PUT_IP(SUBNET_NTP, 0x08080808), PUT_IP(SUBNET_DNS, MULTICAST, BLAME),
	    PUT_IP(SUBNET_DNS, 0x08080808, .repeat = 2)),
	NEW("64 dns", "more than 63 addresses in a list",
	    PUT_IP(SUBNET_DNS, 0x0a000001, .repeat = 63, BLAME)),
	NEW("multicast ntp before others", "ntp has an address that is not unicast",
	    PUT_IP(SUBNET_NTP, MULTICAST, BLAME), PUT_IP(SUBNET_NTP, 0x08080808)),
	NEW("multicast ntp", "ntp has an address that is not unicast",
	    PUT_IP(SUBNET_NTP, MULTICAST, BLAME)),
	NEW("64 ntp", "more than 63 addresses in a list",
	    PUT_IP(SUBNET_NTP, 0x0a000001, .repeat = 63, BLAME)),

	/* Numbers */
	POLICY("mtu 67", -ERANGE, PUT_U16(SUBNET_MTU, 67, BLAME)),
	POLICY("lease 59", -ERANGE, PUT_U32(SUBNET_LEASE, 59, BLAME)),
	POLICY("t1 0", -ERANGE, PUT_U32(SUBNET_T1, 0, BLAME)),
	POLICY("t2 0", -ERANGE, PUT_U32(SUBNET_T2, 0, BLAME)),
	NEW("t2 as long as the lease", "t2 is not below the lease of 100",
	    PUT_U32(SUBNET_LEASE, 100), PUT_U32(SUBNET_T2, 100, BLAME)),
	NEW("t1 as long as t2", "t1 is not below the t2 of 50",
	    PUT_U32(SUBNET_LEASE, 100), PUT_U32(SUBNET_T1, 50, BLAME), PUT_U32(SUBNET_T2, 50)),
	NEW("t1 as long as the default t2", "t1 is not below the t2 of 88",
	    PUT_U32(SUBNET_LEASE, 100), PUT_U32(SUBNET_T1, 88, BLAME)),
	NEW("infinite lease with t1", "an infinite lease has neither t1 nor t2",
	    PUT_U32(SUBNET_LEASE, 0xffffffff), PUT_U32(SUBNET_T1, 50, BLAME)),
	NEW("infinite lease with t2", "an infinite lease has neither t1 nor t2",
	    PUT_U32(SUBNET_LEASE, 0xffffffff), PUT_U32(SUBNET_T2, 50, BLAME)),
	POLICY("rapid-commit 2", -ERANGE, PUT_U8(SUBNET_RAPID_COMMIT, 2, BLAME)),
	POLICY("send-router 0", -ERANGE, PUT_U8(SUBNET_SEND_ROUTER, 0, BLAME)),
	POLICY("send-router 3", -ERANGE, PUT_U8(SUBNET_SEND_ROUTER, 3, BLAME)),

	/* Routes */
	MISSES("route without destination", "route needs a destination and its length", ROUTE_DST,
	       PUT_NEST(SUBNET_ROUTE, BLAME), PUT_U8(ROUTE_DST_LEN, 0), PUT_NEST_END),
	MISSES("route without length", "route needs a destination and its length", ROUTE_DST_LEN,
	       PUT_NEST(SUBNET_ROUTE, BLAME), PUT_IP(ROUTE_DST, 0), PUT_NEST_END),
	POLICY("route of 129 bits", -ERANGE, PUT_NEST(SUBNET_ROUTE),
	       PUT_U8(ROUTE_DST_LEN, 129, BLAME), PUT_NEST_END),
	NEW("route of 33 bits", "a route's prefix length is above 32",
	    PUT_ROUTE(0x0a000000, 33, 0, BLAME)),
	POLICY("unknown attribute in a route", -EINVAL, PUT_NEST(SUBNET_ROUTE),
	       { VTEST_U8, VDHCP_A_ROUTE_MAX + 1, BLAME }, PUT_NEST_END),
	POLICY("route that is no nest", -EINVAL,
	       PUT_BYTES(SUBNET_ROUTE, 4, "\4\0\1\0", BLAME)),
	NEW("route with host bits", "a route's destination has host bits set",
	    PUT_ROUTE(0x0a000001, 24, 0, BLAME)),
	NEW("route via multicast", "a route's via is not a unicast address",
	    PUT_ROUTE(0x0a000000, 24, MULTICAST, BLAME)),
	NEW("129 routes", "more than 128 routes",
	    PUT_ROUTE(0x0a000000, 8, 0xc6336401, .repeat = 128, BLAME)),
	NEW("128 long routes", "routes take more than 1024 bytes",
	    PUT_ROUTE(0x0a000000, 32, 0xc6336401, .repeat = 113, BLAME),
	    PUT_ROUTE(0x0a000100, 32, 0xc6336401, .repeat = 13)),
	NEW("a wrong route among others", "a route's via is not a unicast address",
	    PUT_ROUTE(0x0a000000, 24, 0, .repeat = 2),
	    PUT_ROUTE(0x0b000000, 24, MULTICAST, BLAME), PUT_ROUTE(0x0c000000, 24, 0)),

	/* Texts */
	NEW("empty domain", label_text, PUT_TEXT(SUBNET_DOMAIN, "", BLAME)),
	NEW("domain with an empty label", label_text, PUT_TEXT(SUBNET_DOMAIN, "a..b", BLAME)),
	NEW("domain with a long label", label_text, PUT_TEXT(SUBNET_DOMAIN, long_label, BLAME)),
	NEW("domain with a space", char_text, PUT_TEXT(SUBNET_DOMAIN, "a b", BLAME)),
	NEW("domain with a hyphen at an end", hyphen_text,
	    PUT_TEXT(SUBNET_DOMAIN, "a.-b", BLAME)),
	POLICY("domain of 256 bytes", -EINVAL, PUT_BYTES(SUBNET_DOMAIN, 256, NULL, BLAME)),
	NEW("empty search", label_text, PUT_TEXT(SUBNET_SEARCH, "", BLAME)),
	NEW("search with a slash", char_text, PUT_TEXT(SUBNET_SEARCH, "a/b", BLAME)),
	NEW("a wrong search between others", char_text, PUT_TEXT(SUBNET_SEARCH, "a.org"),
	    PUT_TEXT(SUBNET_SEARCH, "a/b", BLAME), PUT_TEXT(SUBNET_SEARCH, "b.org")),
	NEW("long search", "search list is longer than 1024 bytes",
	    PUT_TEXT(SUBNET_SEARCH, long_label, .repeat = 15, BLAME)),
	NEW("empty boot-file", "empty text", PUT_TEXT(SUBNET_BOOT_FILE, "", BLAME)),
	NEW("boot-file with a newline", "text has a control character",
	    PUT_TEXT(SUBNET_BOOT_FILE, "a\nb", BLAME)),
	NEW("empty captive-portal", "empty text", PUT_TEXT(SUBNET_CAPTIVE_PORTAL, "", BLAME)),
	NEW("captive-portal with DEL", "text has a control character",
	    PUT_TEXT(SUBNET_CAPTIVE_PORTAL, "a\177", BLAME)),

	/* Raw options */
	MISSES("option without code", "option needs a code", OPTION_CODE,
	       PUT_NEST(SUBNET_OPTION, BLAME),
	       PUT_BYTES(OPTION_DATA, 1, NULL), PUT_NEST_END),
	MISSES("option without data", "option needs data", OPTION_DATA,
	       PUT_NEST(SUBNET_OPTION, BLAME),
	       PUT_U8(OPTION_CODE, 43), PUT_NEST_END),
	POLICY("option of form 0", -ERANGE, PUT_NEST(SUBNET_OPTION),
	       PUT_U8(OPTION_FORM, 0, BLAME), PUT_NEST_END),
	POLICY("option of form 7", -ERANGE, PUT_NEST(SUBNET_OPTION),
	       PUT_U8(OPTION_FORM, 7, BLAME), PUT_NEST_END),
	POLICY("option of 1025 bytes", -ERANGE, PUT_NEST(SUBNET_OPTION),
	       PUT_BYTES(OPTION_DATA, 1025, NULL, BLAME), PUT_NEST_END),
	ROW("options of 4100 bytes", NEW, valid_request, -EMSGSIZE,
	    "raw options exceed 4096 bytes", 0,
	    PUT_OPTION(SUBNET, 224, VDHCP_OPTION_FORM_HEX, 1021, NULL, .repeat = 3, BLAME)),
	FORMAT("number of two bytes, form u8", 224, U8, 2, NULL,
	       "option 224 has a length that does not match its form"),
	FORMAT("number of one byte, form u16", 224, U16, 1, NULL,
	       "option 224 has a length that does not match its form"),
	FORMAT("number of two bytes, form u32", 224, U32, 2, NULL,
	       "option 224 has a length that does not match its form"),
	FORMAT("address of three bytes", 224, IP, 3, NULL,
	       "option 224 has a length that does not match its form"),
	FORMAT("no addresses", 6, HEX, 0, NULL, "option 6 must hold IPv4 addresses"),
	FORMAT("addresses of 6 bytes", 6, HEX, 6, NULL, "option 6 must hold IPv4 addresses"),
	FORMAT("two addresses for one", 16, IP, 8, NULL, "option 16 must hold one IPv4 address"),
	FORMAT("half a pair", 21, IP, 4, NULL, "option 21 must hold pairs of IPv4 addresses"),
	FORMAT("static route to 0.0.0.0", 33, IP, 8, "\0\0\0\0\12\0\0\1",
	       "option 33 must hold pairs of a destination, not 0.0.0.0, and a router"),
	FORMAT("no boolean", 19, U8, 1, "\2", "option 19 must hold one byte, 0 or 1"),
	FORMAT("two bytes for one", 23, HEX, 2, NULL, "option 23 must hold one byte"),
	FORMAT("one byte for two", 13, HEX, 1, NULL, "option 13 must hold two bytes"),
	FORMAT("an mtu of 67", 26, U16, 2, "\0\103", "option 26 must hold two bytes, 68 or more"),
	FORMAT("two bytes for four", 2, HEX, 2, NULL, "option 2 must hold four bytes"),
	NEW("a wrong option between others", "option 66 must hold text",
	    PUT_OPTION(SUBNET, 67, VDHCP_OPTION_FORM_STRING, 1, "a"),
	    PUT_OPTION(SUBNET, 66, VDHCP_OPTION_FORM_STRING, 0, NULL, BLAME),
	    PUT_OPTION(SUBNET, 17, VDHCP_OPTION_FORM_STRING, 1, "a")),
	FORMAT("no text", 12, STRING, 0, NULL, "option 12 must hold text"),
	FORMAT("text with NUL", 12, STRING, 3, "a\0b", "option 12 must hold text"),
	FORMAT("route with host bits", 121, HEX, 6, "\7\13\300\0\2\2",
	       "option 121 must hold classless routes without host bits"),
	FORMAT("no routes", 121, HEX, 0, NULL,
	       "option 121 must hold classless routes without host bits"),
	FORMAT("half a route", 121, HEX, 5, "\10\12\300\0\2",
	       "option 121 must hold classless routes without host bits"),
	FORMAT("route of 33 bits in 249", 249, HEX, 10, "\41\0\0\0\0\0\0\0\0",
	       "option 249 must hold classless routes without host bits"),
	NEW("routes without the gateway",
	    "option 121 needs a default route in addition to a gateway",
	    PUT_IP(SUBNET_GATEWAY, 0xc6336401),
	    PUT_OPTION(SUBNET, 121, VDHCP_OPTION_FORM_HEX, 6, "\10\12\306\63\144\2", BLAME)),
	RESERVED(0, "is padding"),
	RESERVED(1, "follows from the cidr"),
	RESERVED(50, "is sent by clients only"),
	RESERVED(51, "is set by lease"),
	RESERVED(52, "is set by the protocol"),
	RESERVED(53, "is set by the protocol"),
	RESERVED(54, "is set by server-id"),
	RESERVED(55, "is sent by clients only"),
	RESERVED(56, "is set by the protocol"),
	RESERVED(57, "is sent by clients only"),
	RESERVED(58, "is set by t1"),
	RESERVED(59, "is set by t2"),
	RESERVED(61, "cannot be configured: it is echoed from the request"),
	RESERVED(80, "is set by rapid-commit"),
	RESERVED(81, "cannot be configured: it answers the client's option 81"),
	RESERVED(82, "is for relays"),
	RESERVED(90, "is not supported"),
	RESERVED(97, "cannot be configured: it is echoed from the request"),
	RESERVED(108, "is set by ipv6-only"),
	RESERVED(116, "is for ports without an address"),
	RESERVED(118, "is for relays"),
	RESERVED(145, "is sent by clients only"),
	RESERVED(255, "ends the options"),

	/* Changes */
	NAMELESS("set without a name", SET, PUT_U16(SUBNET_MTU, 1400)),
	REFUSE("set a subnet that does not exist", SET, -ENOENT, "no such subnet",
	       PUT_TEXT(SUBNET_NAME, "s2", BLAME), PUT_U16(SUBNET_MTU, 1400)),
	CLEAR("clear the name", VDHCP_A_SUBNET_NAME, "name cannot be cleared"),
	CLEAR("clear the network", VDHCP_A_SUBNET_NETWORK, "cidr cannot be cleared"),
	CLEAR("clear the prefix length", VDHCP_A_SUBNET_PREFIX_LEN, "cidr cannot be cleared"),
	CLEAR("clear attribute 0", 0, "no such attribute to clear"),
	CLEAR("clear the list of clears", VDHCP_A_SUBNET_CLEAR, "no such attribute to clear"),
	CLEAR("clear the state", VDHCP_A_SUBNET_STATE, "no such attribute to clear"),
	CLEAR("clear beyond 64 bits", 67, "no such attribute to clear"),
	CLEAR("clear beyond 16 bits", 0x10004, "no such attribute to clear"),
	REFUSE("a port would not fit", SET, -EINVAL,
	       "port vtest0: addr is outside of the subnet's cidr",
	       PUT_TEXT(SUBNET_NAME, "s1"), PUT_U8(SUBNET_PREFIX_LEN, 29)),
	NAMELESS("remove without a name", DEL),
	REFUSE("remove a subnet that does not exist", DEL, -ENOENT, "no such subnet",
	       PUT_TEXT(SUBNET_NAME, "s2", BLAME)),
	REFUSE("remove a subnet in use", DEL, -EBUSY, "subnet is used by port vtest0",
	       PUT_TEXT(SUBNET_NAME, "s1", BLAME)),
	NAMELESS("get without a name", GET),
	REFUSE("get a subnet that does not exist", GET, -ENOENT, "no such subnet",
	       PUT_TEXT(SUBNET_NAME, "s2", BLAME)),

	/* Attributes and flags that the request must not have */
	POLICY("clear in new", -EINVAL, PUT_U32(SUBNET_CLEAR, 4, BLAME)),
	POLICY("state", -EINVAL, { VTEST_FLAT, VDHCP_A_SUBNET_STATE, 0, BLAME }),
	POLICY("attribute 0", -EINVAL, { VTEST_U8, 0, 0, BLAME }),
	POLICY("number marked as a nest", -EINVAL, { VTEST_FLAT, VDHCP_A_SUBNET_MTU, 2, BLAME }),
	REFUSE("more than the name in get", GET, -EINVAL, NULL, PUT_TEXT(SUBNET_NAME, "s1"),
	       PUT_IP(SUBNET_NETWORK, 0, BLAME)),
	REFUSE("more than the name in del", DEL, -EINVAL, NULL, PUT_TEXT(SUBNET_NAME, "s1"),
	       PUT_IP(SUBNET_NETWORK, 0, BLAME)),
	{ "attributes in a dump", VDHCP_CMD_SUBNET_GET, NLM_F_DUMP, NULL,
	  { PUT_TEXT(SUBNET_NAME, "s1") }, -EINVAL, "a dump takes no attributes" },
	{ "flags of other families", VDHCP_CMD_SUBNET_NEW, NLM_F_CREATE, valid_request, {},
	  -EINVAL },
};

VTEST_PARAMS(subnet, subnet_cases)

static void subnet_refuse_test(struct kunit *test)
{
	vtest_refuse(test, test->param_value);
}

static struct kunit_case refuse_test_cases[] = {
	KUNIT_CASE_PARAM(subnet_refuse_test, subnet_gen_params),
	{}
};

static struct kunit_suite refuse_test_suite = {
	.name = "vdhcp_refuse",
	.suite_init = vtest_begin_netlink,
	.suite_exit = vtest_end,
	.init = vtest_client_init,
	.exit = vtest_client_exit,
	.test_cases = refuse_test_cases,
};

kunit_test_suite(refuse_test_suite);
