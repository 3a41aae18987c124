/* SPDX-License-Identifier: GPL-2.0 */
/* Requests as tables: one row for each attribute. */
#ifndef VDHCP_KUNIT_PUT_H
#define VDHCP_KUNIT_PUT_H

#include "client.h"
#include "world.h"

enum vtest_kind {
	VTEST_END,
	VTEST_U8,
	VTEST_U16,
	VTEST_U32,
	VTEST_BE32,
	VTEST_STRING,
	VTEST_BYTES,		/* @n bytes of @text, or of 'a' */
	VTEST_FLAT,		/* the same, marked as a nest */
	VTEST_ROUTE,		/* to @n / @len via @via */
	VTEST_OPTION,		/* code @n, form @form, @len bytes of @text or of zeros */
	VTEST_NEST,		/* empty, up to a VTEST_NEST_END */
	VTEST_NEST_END,
};

/**
 * struct vtest_put - one attribute of a request
 * @kind: what it is
 * @type: its number
 * @n: its value; see the kinds
 * @text: its value
 * @len: its length
 * @via: of a route
 * @form: of an option, 0 for none
 * @repeat: how often again; numbers and routes count up
 * @blame: this one, the last if repeated, is what extack must point to
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
#define BLAME			.blame = true

u32 vtest_put(struct sk_buff *request, const struct vtest_put *put);
void vtest_change(struct kunit *test, u8 cmd, const struct vtest_put *put);
struct sk_buff *vtest_keep(struct sk_buff *skb);
struct sk_buff *vtest_get(struct kunit *test, u8 cmd, const struct vtest_put *key);

/**
 * struct vtest_refusal - a request that must fail
 * @desc: what is wrong with it
 * @cmd: enum vdhcp_cmd
 * @flags: NLM_F_* beside NLM_F_REQUEST and NLM_F_ACK
 * @base: attributes before those, or NULL
 * @put: its attributes; the one that is marked must be pointed to
 * @err: expected errno
 * @text: expected words, NULL for those of the core, which vary
 * @missing: attribute that must be said to be missing, 0 for none
 */
struct vtest_refusal {
	const char *desc;
	u8 cmd;
	u16 flags;
	const struct vtest_put *base;
	struct vtest_put put[8];
	int err;
	const char *text;
	u32 missing;
};

void vtest_refuse(struct kunit *test, const struct vtest_refusal *c);

/* For suites that talk to the family: the client is test->priv. */
int vtest_client_init(struct kunit *test);
void vtest_client_exit(struct kunit *test);

#endif /* VDHCP_KUNIT_PUT_H */
