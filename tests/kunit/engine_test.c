// SPDX-License-Identifier: GPL-2.0
/* The engine: all golden vectors, and functions that no vector reaches. */
#include <bucket.h>
#include <protocols.h>
#include "frame.h"
#include "vectors-gen.h"

VTEST_PARAMS(vector, vdhcp_vectors)

static void vector_test(struct kunit *test)
{
	const struct vdhcp_vector *v = test->param_value;
	struct vtest_input in = {
		.len = v->frame_len, .hw_tag = v->hw_tag, .partial = v->partial,
		.csum_at = v->csum_at,
	};
	struct vdhcp_cfg_err cfg_err = {};
	struct vtest_drive *result;
	struct vdhcp_conf *conf;
	u8 refused, *frame;

	result = kunit_kzalloc(test, sizeof(*result), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, result);
	conf = vtest_compile(test, v->subnet, v->port, &refused, &cfg_err);
	KUNIT_ASSERT_EQ_MSG(test, refused, v->refused, "%s", cfg_err.text);
	if (v->refused) {
		KUNIT_EXPECT_EQ(test, cfg_err.attr, v->attr);
		KUNIT_EXPECT_NE(test, cfg_err.text[0], '\0');
		return;
	}
	conf->mtu = v->mtu;
	/* A block of exactly its size, so that KASAN finds each byte too many. */
	frame = kunit_kmalloc(test, v->frame_len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, frame);
	memcpy(frame, v->frame, v->frame_len);

	in.data = frame;
	vtest_drive(conf, v->vlan, &in, result);

	KUNIT_EXPECT_STREQ(test, vdhcp_verdict_name(result->verdict),
			   vdhcp_verdict_name(v->verdict));
	KUNIT_EXPECT_EQ(test, result->notes, v->notes);
	KUNIT_EXPECT_EQ(test, !!result->len, v->replies);
	KUNIT_EXPECT_EQ(test, vtest_differ(frame, v->frame, v->frame_len), -1);
	if (v->has_tag) {
		KUNIT_EXPECT_EQ(test, result->tag.proto, v->tag.proto);
		KUNIT_EXPECT_EQ(test, result->tag.tci, v->tag.tci);
	}
	if (v->reply) {
		KUNIT_ASSERT_EQ(test, result->len, v->reply_len);
		KUNIT_EXPECT_EQ(test, vtest_differ(result->reply, v->reply, v->reply_len), -1);
	}
}

/* Only the compiled port is kept, so its spec must be restored from it. */
static void restore_test(struct kunit *test)
{
	const struct vdhcp_vector *v = test->param_value;
	struct vdhcp_port_spec *spec;
	struct vdhcp_cfg_err cfg_err;
	struct vdhcp_conf *conf;
	u8 refused;

	spec = kunit_kzalloc(test, sizeof(*spec), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, spec);
	conf = vtest_compile(test, NULL, v->port, &refused, &cfg_err);
	if (refused)
		return;

	vdhcp_port_restore(conf->port, spec);

	KUNIT_EXPECT_EQ(test, spec->present, v->port->present);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(conf->port->addr),
			be32_to_cpu(v->port->addresses.entry[0].ip4));
	KUNIT_EXPECT_EQ(test, spec->rate, v->port->rate);
	KUNIT_EXPECT_EQ(test, spec->mode, v->port->mode);
	KUNIT_EXPECT_EQ(test, spec->guard, v->port->guard);
	KUNIT_EXPECT_EQ(test, spec->unicast, v->port->unicast);
	KUNIT_EXPECT_EQ(test, vtest_differ(spec->mac, v->port->mac, VDHCP_ETH_ALEN), -1);
	KUNIT_EXPECT_STREQ(test, spec->hostname, v->port->hostname);
	KUNIT_ASSERT_EQ(test, spec->options.len, v->port->options.len);
	KUNIT_EXPECT_EQ(test, vtest_differ(spec->options.data, v->port->options.data,
					   spec->options.len), -1);
}

static const struct cursor_case {
	const char *desc;
	u16 len;
	u8 bytes[8];
	int n;
	int last;
	u8 code;
	u8 value_len;
} cursor_cases[] = {
	{ "nothing", 0, {}, 0, 0 },
	{ "padding only", 3, { 0, 0, 0 }, 0, 0 },
	{ "end only", 1, { 255 }, 0, 0 },
	{ "options after the end are ignored", 4, { 255, 12, 1, 'a' }, 0, 0 },
	{ "one option", 4, { 12, 1, 'a', 255 }, 1, 0, 12, 1 },
	{ "one option without an end", 3, { 12, 1, 'a' }, 1, 0, 12, 1 },
	{ "padding between two", 8, { 12, 1, 'a', 0, 0, 80, 0, 255 }, 2, 0, 80, 0 },
	{ "a value of no bytes at the end", 2, { 80, 0 }, 1, 0, 80, 0 },
	{ "a code without a length", 1, { 12 }, 0, -EBADMSG },
	{ "a code without a length after an option", 4, { 12, 1, 'a', 12 }, 1, -EBADMSG, 12, 1 },
	{ "one byte too many announced", 3, { 12, 2, 'a' }, 0, -EBADMSG },
	{ "255 bytes announced", 4, { 12, 255, 'a', 'b' }, 0, -EBADMSG },
	{ "padding, then too many", 5, { 0, 0, 12, 9, 'a' }, 0, -EBADMSG },
};

VTEST_PARAMS(cursor, cursor_cases)

static void cursor_test(struct kunit *test)
{
	const struct cursor_case *c = test->param_value;
	struct vdhcp_cursor cur;
	struct vdhcp_tlv tlv = {};
	int ret, n = 0;
	u8 *field;

	field = kunit_kmalloc(test, max_t(u16, c->len, 1), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, field);
	memcpy(field, c->bytes, c->len);
	cur.p = field;
	cur.end = field + c->len;

	while ((ret = vdhcp_cursor_next(&cur, &tlv)) > 0)
		n++;

	KUNIT_EXPECT_EQ(test, n, c->n);
	KUNIT_EXPECT_EQ(test, ret, c->last);
	KUNIT_EXPECT_EQ(test, tlv.code, c->code);
	KUNIT_EXPECT_EQ(test, tlv.len, c->value_len);
	KUNIT_EXPECT_LE(test, cur.p - field, (ptrdiff_t)c->len);
}

static void put_file(struct vtest_frame *f, const void *options, size_t len)
{
	memcpy(vtest_bootp(f)->file, options, len);
}

static void no_option(struct vtest_frame *f)
{
}

static void one_option(struct vtest_frame *f)
{
	vtest_frame_option(f, VDHCP_OPT_HOST_NAME, 3, "vm5");
}

static void empty_option(struct vtest_frame *f)
{
	vtest_frame_option(f, VDHCP_OPT_HOST_NAME, 0, "");
}

static void two_pieces(struct vtest_frame *f)
{
	vtest_frame_option(f, VDHCP_OPT_HOST_NAME, 2, "vm");
	vtest_frame_option(f, VDHCP_OPT_HOST_NAME, 1, "5");
}

static void behind_the_end(struct vtest_frame *f)
{
	vtest_frame_option(f, VDHCP_OPT_END, 3, "\14\1a");
}

static void in_file(struct vtest_frame *f)
{
	vtest_frame_option(f, VDHCP_OPT_OVERLOAD, 1, "\1");
	put_file(f, "\x0c\x03vm6\xff", 6);
}

static void in_sname(struct vtest_frame *f)
{
	vtest_frame_option(f, VDHCP_OPT_OVERLOAD, 1, "\2");
	memcpy(vtest_bootp(f)->sname, "\x0c\x03vm7\xff", 6);
}

static void in_file_alone(struct vtest_frame *f)
{
	put_file(f, "\x0c\x03vm6\xff", 6);
}

static void in_both(struct vtest_frame *f)
{
	in_file(f);
	one_option(f);
}

static const struct option_case {
	const char *desc;
	void (*edit)(struct vtest_frame *f);
	const char *value;
} option_cases[] = {
	{ "not sent", no_option },
	{ "sent", one_option, "vm5" },
	{ "sent without a value", empty_option, "" },
	{ "the first of two pieces", two_pieces, "vm" },
	{ "after the end", behind_the_end },
	{ "in the file field", in_file, "vm6" },
	{ "in the sname field", in_sname, "vm7" },
	{ "a file name that looks like an option", in_file_alone },
	{ "in the options and in the file field", in_both, "vm5" },
};

VTEST_PARAMS(option, option_cases)

/* Options that no reply depends on are found for events. */
static void option_test(struct kunit *test)
{
	const struct option_case *c = test->param_value;
	struct vtest_frame *f = vtest_frame_dhcp(test, VDHCP_DISCOVER);
	struct vdhcp_span value = {};
	struct vdhcp_cfg_err cfg_err;
	struct vdhcp_txn txn = {};
	struct vdhcp_conf *conf;
	u8 refused, *message;

	conf = vtest_compile(test, vtest_subnet_spec(test, "s1"), vtest_port_spec(test), &refused,
			     &cfg_err);
	KUNIT_ASSERT_NOT_NULL(test, conf);
	c->edit(f);
	/* A block of exactly its size, so that KASAN finds each byte too many. */
	txn.conf = *conf;
	txn.frame.proto = VDHCP_PROTO_DHCP4_CLIENT;
	txn.frame.payload_len = f->len - ((u8 *)vtest_bootp(f) - f->data);
	message = kunit_kmalloc(test, txn.frame.payload_len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, message);
	memcpy(message, vtest_bootp(f), txn.frame.payload_len);
	txn.frame.payload = message;
	KUNIT_ASSERT_EQ(test, vdhcp_dhcp4_parse(&txn), VDHCP_VERDICT_CONTINUE);

	KUNIT_ASSERT_EQ(test, vdhcp_txn_has_option(&txn, VDHCP_OPT_HOST_NAME, &value),
			!!c->value);

	if (!c->value)
		return;
	KUNIT_ASSERT_EQ(test, value.len, strlen(c->value));
	KUNIT_EXPECT_EQ(test, vtest_differ(message + value.at, c->value, value.len), -1);
}

static struct vdhcp_optlist *optlist_new(struct kunit *test)
{
	struct vdhcp_optlist *list = kunit_kzalloc(test, sizeof(*list), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, list);
	return list;
}

static int optlist_put(struct vdhcp_optlist *list, u8 code, const char *value)
{
	const struct vdhcp_option opt = {
		.code = code, .form = VDHCP_OPTION_FORM_STRING, .len = strlen(value),
		.data = (const u8 *)value,
	};

	return vdhcp_optlist_set(list, &opt);
}

/* "code=value," for each option in the order of the list */
static void optlist_print(const struct vdhcp_optlist *list, char *buf, size_t size)
{
	struct vdhcp_option opt;
	size_t n = 0;
	u16 at = 0;

	buf[0] = '\0';
	while (vdhcp_optlist_next(list, &at, &opt))
		n += scnprintf(buf + n, size - n, "%u=%.*s,", opt.code, opt.len, opt.data);
}

static void optlist_test(struct kunit *test)
{
	struct vdhcp_optlist *list = optlist_new(test);
	char buf[64];

	KUNIT_EXPECT_EQ(test, optlist_put(list, 67, "b"), 0);
	KUNIT_EXPECT_EQ(test, optlist_put(list, 12, "a"), 0);
	KUNIT_EXPECT_EQ(test, optlist_put(list, 254, ""), 0);
	optlist_print(list, buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, (char *)buf, "12=a,67=b,254=,");

	KUNIT_EXPECT_EQ(test, optlist_put(list, 67, "longer"), 0);
	optlist_print(list, buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, (char *)buf, "12=a,67=longer,254=,");

	KUNIT_EXPECT_EQ(test, optlist_put(list, 67, ""), 0);
	vdhcp_optlist_remove(list, 12);
	vdhcp_optlist_remove(list, 13);
	optlist_print(list, buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, (char *)buf, "67=,254=,");

	vdhcp_optlist_remove(list, 254);
	vdhcp_optlist_remove(list, 67);
	vdhcp_optlist_remove(list, 67);
	KUNIT_EXPECT_EQ(test, list->len, 0);
}

/* The list can be filled to the last byte; an option that does not fit changes nothing. */
static void optlist_full_test(struct kunit *test)
{
	struct vdhcp_optlist *list = optlist_new(test), *before = optlist_new(test);
	struct vdhcp_option opt = { .form = VDHCP_OPTION_FORM_HEX, .len = 1020 };
	u8 *data;

	data = kunit_kzalloc(test, VDHCP_OPTION_MAX, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, data);
	opt.data = data;
	for (opt.code = 1; opt.code <= 4; opt.code++)
		KUNIT_EXPECT_EQ(test, vdhcp_optlist_set(list, &opt), 0);
	KUNIT_EXPECT_EQ(test, list->len, VDHCP_OPTLIST_MAX);

	*before = *list;
	opt.code = 5;
	opt.len = 0;
	KUNIT_EXPECT_EQ(test, vdhcp_optlist_set(list, &opt), -EMSGSIZE);
	opt.code = 2;
	opt.len = 1021;
	KUNIT_EXPECT_EQ(test, vdhcp_optlist_set(list, &opt), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, vtest_differ(list, before, sizeof(*list)), -1);

	/* Replacing an option frees its bytes. */
	opt.len = 1016;
	KUNIT_EXPECT_EQ(test, vdhcp_optlist_set(list, &opt), 0);
	opt.code = 5;
	opt.len = 0;
	KUNIT_EXPECT_EQ(test, vdhcp_optlist_set(list, &opt), 0);
	KUNIT_EXPECT_EQ(test, list->len, VDHCP_OPTLIST_MAX);
}

static const struct bucket_case {
	const char *desc;
	u32 rate;
	u32 n;
	u64 every;
	u32 pass;
} bucket_cases[] = {
	{ "one a second, at once", 1, 5, 0, 1 },
	{ "one a second, one each second", 1, 5, NSEC_PER_SEC, 5 },
	{ "one a second, one each half second", 1, 10, NSEC_PER_SEC / 2, 5 },
	{ "three, at once", 3, 10, 0, 3 },
	{ "a hundred, at once", 100, 250, 0, 100 },
	{ "a hundred, at twice the rate for a second", 100, 200, 5 * NSEC_PER_MSEC, 199 },
	{ "a hundred, at twice the rate for four", 100, 800, 5 * NSEC_PER_MSEC, 499 },
	{ "a million, at once", 1000000, 1500000, 0, 1000000 },
};

VTEST_PARAMS(bucket, bucket_cases)

static void bucket_test(struct kunit *test)
{
	const struct bucket_case *c = test->param_value;
	u64 full_at = 0, now = 5 * NSEC_PER_SEC;
	struct vdhcp_bucket bucket;
	u32 i, passed = 0;

	vdhcp_bucket_init(&bucket, c->rate);
	for (i = 0; i < c->n; i++, now += c->every)
		passed += !vdhcp_bucket_take(&bucket, &full_at, now);

	KUNIT_EXPECT_EQ(test, passed, c->pass);
}

/* A refusal takes no token: one interval later there is one again. */
static void bucket_refused_test(struct kunit *test)
{
	u64 full_at = 0, before, now = NSEC_PER_SEC;
	struct vdhcp_bucket bucket;
	int i;

	vdhcp_bucket_init(&bucket, 10);
	for (i = 0; i < 10; i++)
		KUNIT_EXPECT_EQ(test, vdhcp_bucket_take(&bucket, &full_at, now), 0);
	before = full_at;
	for (i = 0; i < 1000; i++)
		KUNIT_EXPECT_NE(test, vdhcp_bucket_take(&bucket, &full_at, now), 0);
	KUNIT_EXPECT_EQ(test, full_at, before);

	now += NSEC_PER_SEC / 10;
	KUNIT_EXPECT_EQ(test, vdhcp_bucket_take(&bucket, &full_at, now), 0);
	KUNIT_EXPECT_NE(test, vdhcp_bucket_take(&bucket, &full_at, now), 0);
}

static struct kunit_case engine_test_cases[] = {
	KUNIT_CASE_PARAM(vector_test, vector_gen_params),
	KUNIT_CASE_PARAM(restore_test, vector_gen_params),
	KUNIT_CASE_PARAM(cursor_test, cursor_gen_params),
	KUNIT_CASE_PARAM(option_test, option_gen_params),
	KUNIT_CASE(optlist_test),
	KUNIT_CASE(optlist_full_test),
	KUNIT_CASE_PARAM(bucket_test, bucket_gen_params),
	KUNIT_CASE(bucket_refused_test),
	{}
};

static struct kunit_suite engine_test_suite = {
	.name = "vdhcp_engine",
	.test_cases = engine_test_cases,
};

kunit_test_suite(engine_test_suite);
