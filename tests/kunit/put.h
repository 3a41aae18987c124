/* SPDX-License-Identifier: GPL-2.0 */
/* Netlink requests as tables with one row per attribute. */
#ifndef VDHCP_KUNIT_PUT_H
#define VDHCP_KUNIT_PUT_H

#include "client.h"
#include "fixture.h"

enum vtest_kind {
	VTEST_END,
	VTEST_U8,
	VTEST_U16,
	VTEST_U32,
	VTEST_BE32,
	VTEST_STRING,
	VTEST_BYTES,		/* @n bytes of @text, or of 'a' */
	VTEST_FLAT,		/* as VTEST_BYTES, with NLA_F_NESTED */
	VTEST_ROUTE,		/* to @n / @len via @via */
	VTEST_OPTION,		/* code @n, form @form, @len bytes of @text or of zeros */
	VTEST_NEST,		/* empty, up to a VTEST_NEST_END */
	VTEST_NEST_END,
	VTEST_ROWS,		/* a nest of @rows */
};

/**
 * struct vtest_put - one attribute of a request
 * @kind: kind of attribute
 * @type: number of the attribute
 * @n: value; see the kinds
 * @text: value
 * @len: length
 * @via: next hop of a route
 * @form: form of an option, 0 for none
 * @repeat: further copies; numbers and routes count up
 * @rows: attributes of a nest, up to one of kind VTEST_END
 * @blame: extack must point to this attribute, or to the last copy
 */
struct vtest_put {
	enum vtest_kind kind;
	u16 type;
	u32 n;
	const char *text;
	u16 len;
	u32 via;
	u8 form;
	u16 repeat;
	const struct vtest_put *rows;
	bool blame;
};

#define PUT_U8(type_, n_, ...)	{ VTEST_U8, VDHCP_A_##type_, n_, __VA_ARGS__ }
#define PUT_U16(type_, n_, ...)	{ VTEST_U16, VDHCP_A_##type_, n_, __VA_ARGS__ }
#define PUT_U32(type_, n_, ...)	{ VTEST_U32, VDHCP_A_##type_, n_, __VA_ARGS__ }
#define PUT_IP(type_, n_, ...)	{ VTEST_BE32, VDHCP_A_##type_, n_, __VA_ARGS__ }
#define PUT_TEXT(type_, text_, ...) \
	{ VTEST_STRING, VDHCP_A_##type_, .text = text_, __VA_ARGS__ }
#define PUT_BYTES(type_, len_, text_, ...) \
	{ VTEST_BYTES, VDHCP_A_##type_, len_, text_, __VA_ARGS__ }
#define PUT_ROUTE(dst_, len_, via_, ...) \
	{ VTEST_ROUTE, VDHCP_A_SUBNET_ROUTE, dst_, .len = len_, .via = via_, __VA_ARGS__ }
#define PUT_OPTION(object_, code_, form_, len_, text_, ...) \
	{ VTEST_OPTION, VDHCP_A_##object_##_OPTION, code_, .form = form_, .len = len_, \
	  .text = text_, __VA_ARGS__ }
#define PUT_NEST(type_, ...)	{ VTEST_NEST, VDHCP_A_##type_, __VA_ARGS__ }
#define PUT_NEST_END		{ VTEST_NEST_END }
#define PUT_ADDRESS(...) \
	{ VTEST_ROWS, VDHCP_A_PORT_ADDRESS, \
	  .rows = (const struct vtest_put[]){ __VA_ARGS__, {} } }
#define PUT_BOUND(addr_, subnet_) \
	PUT_ADDRESS(PUT_IP(ADDRESS_ADDR, addr_), PUT_TEXT(ADDRESS_SUBNET, subnet_))
#define BLAME			.blame = true

u32 vtest_put(struct sk_buff *request, const struct vtest_put *put);
void vtest_change(struct kunit *test, u8 cmd, const struct vtest_put *put);
struct sk_buff *vtest_keep(struct sk_buff *skb);
struct sk_buff *vtest_get(struct kunit *test, u8 cmd, const struct vtest_put *key);

/**
 * struct vtest_refusal - a request that must fail
 * @desc: what is wrong
 * @cmd: enum vdhcp_cmd
 * @flags: NLM_F_* in addition to NLM_F_REQUEST and NLM_F_ACK
 * @base: first attributes, or NULL
 * @put: further attributes; extack must point to the one with @blame
 * @err: expected errno
 * @text: expected message, NULL if it is the core's, which varies
 * @missing: attribute that must be reported as missing, 0 for none
 */
struct vtest_refusal {
	const char *desc;
	u8 cmd;
	u16 flags;
	const struct vtest_put *base;
	struct vtest_put put[14];
	int err;
	const char *text;
	u32 missing;
};

void vtest_refuse(struct kunit *test, const struct vtest_refusal *c);

/* For suites that send requests; the client is test->priv. */
int vtest_client_init(struct kunit *test);
void vtest_client_exit(struct kunit *test);

#endif /* VDHCP_KUNIT_PUT_H */
