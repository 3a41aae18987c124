// SPDX-License-Identifier: GPL-2.0
/* unit [SEED]: tests of the parts of the engine, and the random tests. */
#include <setjmp.h>
#include <unistd.h>
#include <bucket.h>
#include <vdhcp-names-gen.h>
#include "unit.h"
#include "../lib/ktap.h"

static jmp_buf failed_test;

void unit_check(bool ok, const char *what, const char *where, int line)
{
	if (ok)
		return;
	printf("    %s:%d: %s\n", where, line, what);
	longjmp(failed_test, 1);
}

static struct vdhcp_option make_option(u8 code, const void *data, u16 len)
{
	struct vdhcp_option opt = {
		.code = code, .form = VDHCP_OPTION_FORM_HEX, .len = len, .data = data,
	};

	return opt;
}

static bool optlist_order(void)
{
	static struct vdhcp_optlist list;
	static const u8 codes[] = { 66, 3, 252, 43, 3, 15 };
	static const u8 sorted[] = { 3, 15, 43, 66, 252 };
	struct vdhcp_option opt;
	unsigned int i;
	u16 at = 0;

	CHECK(!vdhcp_optlist_next(&list, &at, &opt));
	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		opt = make_option(codes[i], &codes[i], 1);
		CHECK(!vdhcp_optlist_set(&list, &opt));
	}
	for (i = 0, at = 0; i < ARRAY_SIZE(sorted); i++) {
		CHECK(vdhcp_optlist_next(&list, &at, &opt));
		CHECK(opt.code == sorted[i] && opt.len == 1 && *opt.data == sorted[i]);
		CHECK(opt.form == VDHCP_OPTION_FORM_HEX);
	}
	CHECK(!vdhcp_optlist_next(&list, &at, &opt));
	vdhcp_optlist_remove(&list, 99);
	vdhcp_optlist_remove(&list, 43);
	for (i = 0; i < ARRAY_SIZE(sorted); i++)
		vdhcp_optlist_remove(&list, sorted[i]);
	CHECK(!list.len);
	return true;
}

static bool optlist_full(void)
{
	static struct vdhcp_optlist list, before;
	static u8 data[VDHCP_OPTLIST_MAX];
	struct vdhcp_option opt = make_option(100, data, VDHCP_OPTLIST_MAX - 4 - 5);

	CHECK(!vdhcp_optlist_set(&list, &opt));
	opt = make_option(50, data, 1);
	CHECK(!vdhcp_optlist_set(&list, &opt));
	CHECK(list.len == VDHCP_OPTLIST_MAX);
	before = list;
	opt = make_option(51, data, 0);
	CHECK(vdhcp_optlist_set(&list, &opt) < 0);
	opt = make_option(50, data, 2);
	CHECK(vdhcp_optlist_set(&list, &opt) < 0);
	CHECK(!memcmp(&list, &before, sizeof(list)));
	/* The new value may be as long as the old one. */
	opt = make_option(100, data, VDHCP_OPTLIST_MAX - 4 - 5);
	CHECK(!vdhcp_optlist_set(&list, &opt));
	vdhcp_optlist_remove(&list, 100);
	CHECK(list.len == 5);
	return true;
}

/* A thousand changes, compared with a table of values. */
static bool optlist_random(void)
{
	static struct vdhcp_optlist list;
	static u8 value[256][64];
	static int len[256];
	struct vdhcp_option opt;
	int i, code, used;
	u16 at;

	memset(len, -1, sizeof(len));
	for (i = 0; i < 20000; i++) {
		code = (int)(random_u32() % 256);
		if (random_u32() % 3) {
			len[code] = (int)(random_u32() % 13);
			memset(value[code], (int)random_u32(), 64);
			opt = make_option((u8)code, value[code], (u16)len[code]);
			CHECK(!vdhcp_optlist_set(&list, &opt));
		} else {
			len[code] = -1;
			vdhcp_optlist_remove(&list, (u8)code);
		}
		for (code = 0, at = 0, used = 0; code < 256; code++) {
			if (len[code] < 0)
				continue;
			used += 4 + len[code];
			CHECK(vdhcp_optlist_next(&list, &at, &opt));
			CHECK(opt.code == code && opt.len == len[code]);
			CHECK(!memcmp(opt.data, value[code], opt.len));
		}
		CHECK(!vdhcp_optlist_next(&list, &at, &opt) && list.len == used);
	}
	return true;
}

static bool bucket_unlimited(void)
{
	struct vdhcp_bucket bucket;
	u64 full_at = 0;
	int i;

	vdhcp_bucket_init(&bucket, 0);
	for (i = 0; i < 1000; i++)
		CHECK(!vdhcp_bucket_take(&bucket, &full_at, 5));
	return true;
}

/* As many packets as the rate pass at once; then one for each interval. */
static bool bucket_burst(void)
{
	static const u32 rates[] = { 1, 2, 3, 7, 100, 999, 1000000 };
	static const u64 starts[] = { 0, 1, 1000000007, 1ull << 63, ~0ull - 4000000000ull };
	struct vdhcp_bucket bucket;
	unsigned int r, s;
	u64 now, full_at, before;
	u32 i;

	for (r = 0; r < ARRAY_SIZE(rates); r++) {
		for (s = 0; s < ARRAY_SIZE(starts); s++) {
			vdhcp_bucket_init(&bucket, rates[r]);
			now = starts[s];
			full_at = 0;
			for (i = 0; i < rates[r]; i++)
				CHECK(!vdhcp_bucket_take(&bucket, &full_at, now));
			before = full_at;
			CHECK(vdhcp_bucket_take(&bucket, &full_at, now));
			CHECK(full_at == before);
			now += 1000000000u / rates[r] + 1;
			CHECK(!vdhcp_bucket_take(&bucket, &full_at, now));
			CHECK(vdhcp_bucket_take(&bucket, &full_at, now));
			/* A second later the whole burst passes, and no more. */
			now += 1000000000;
			for (i = 0; i < rates[r]; i++)
				CHECK(!vdhcp_bucket_take(&bucket, &full_at, now));
			CHECK(vdhcp_bucket_take(&bucket, &full_at, now));
		}
	}
	return true;
}

static bool bucket_idle(void)
{
	struct vdhcp_bucket bucket;
	u64 full_at = 0, now = 0;
	u32 i, passed = 0;

	vdhcp_bucket_init(&bucket, 50);
	/* After ten years without packets one burst passes. */
	now = 10ull * 365 * 86400 * 1000000000;
	for (i = 0; i < 1000; i++)
		passed += !vdhcp_bucket_take(&bucket, &full_at, now);
	CHECK(passed == 50);
	/* Of ten seconds at ten times the rate, the rate passes. */
	for (i = 0, passed = 0; i < 5000; i++)
		passed += !vdhcp_bucket_take(&bucket, &full_at, now += 2000000);
	CHECK(passed >= 499 && passed <= 501);
	return true;
}

static bool check_verdicts(void)
{
	static const struct {
		const char *name;
		int kind;
	} list[] = {
#define X(constant, name, kind) \
		[constant] = { name, kind },
		VDHCP_VERDICT_LIST(X)
#undef X
	};
	int i, k;

	CHECK(ARRAY_SIZE(list) == VDHCP_VERDICTS);
	for (i = 0; i < VDHCP_VERDICTS; i++) {
		CHECK(!strcmp(vdhcp_verdict_name(i), list[i].name));
		CHECK(vdhcp_verdict_replies(i) == (list[i].kind == VDHCP_KIND_REPLY));
		CHECK(vdhcp_verdict_passes(i) == (list[i].kind == VDHCP_KIND_PASS));
		for (k = 0; k < i; k++)
			CHECK(strcmp(list[i].name, list[k].name));
	}
	CHECK(!strcmp(vdhcp_verdict_name(VDHCP_VERDICT_NOT_OURS), "not-ours"));
	CHECK(!strcmp(vdhcp_verdict_name(VDHCP_VERDICTS), "not-ours"));
	CHECK(vdhcp_verdict_passes(VDHCP_VERDICT_NOT_OURS));
	CHECK(!vdhcp_verdict_passes(VDHCP_VERDICT_CONTINUE));
	CHECK(!vdhcp_verdict_replies(VDHCP_VERDICT_NOT_OURS));
	CHECK(!vdhcp_verdict_replies(VDHCP_VERDICT_CONTINUE));
	return true;
}

/* Each message type is counted as its own message. */
static bool check_messages(void)
{
	static const struct {
		u8 type;
		int message;
	} list[] = {
		{ 1, VDHCP_MESSAGE_DISCOVER }, { 3, VDHCP_MESSAGE_REQUEST },
		{ 4, VDHCP_MESSAGE_DECLINE }, { 7, VDHCP_MESSAGE_RELEASE },
		{ 8, VDHCP_MESSAGE_INFORM }, { 2, VDHCP_MESSAGE_OTHER },
		{ 5, VDHCP_MESSAGE_OTHER }, { 6, VDHCP_MESSAGE_OTHER },
		{ 9, VDHCP_MESSAGE_OTHER }, { 255, VDHCP_MESSAGE_OTHER },
	};
	static struct config cfg;
	static struct frame_text d;
	u8 reply[VDHCP_FRAME_MAX], type[3] = { 53, 1 };
	struct vdhcp_cfg_err cfg_err;
	struct compiled conf;
	struct drive result;
	struct drive_input in;
	struct bytes frame;
	unsigned int i;

	configs_get(0, &cfg);
	CHECK(!config_compile(&cfg, &conf, &cfg_err));
	for (i = 0; i < ARRAY_SIZE(list); i++) {
		frame_text_request(&d, cfg.port.mac);
		type[2] = list[i].type;
		bytes_add(&d.options, type, 3);
		frame_text_build(&d, &frame);
		in = (struct drive_input){ .data = frame.data, .len = frame.len };
		CHECK(!drive_checked(&conf, &in, reply, &result));
		CHECK(result.message == list[i].message);
	}
	config_free(&conf);
	return true;
}

/* The engine's checksum is that of tests/frame, at every length and alignment. */
static bool check_sums(void)
{
	u8 data[300];
	u32 i, at, len;

	for (i = 0; i < 20000; i++) {
		at = random_u32() % 8;
		len = random_u32() % (sizeof(data) - 8);
		memset(data, random_u32() % 4 ? (int)random_u32() : 0xff, sizeof(data));
		data[random_u32() % sizeof(data)] = (u8)random_u32();
		CHECK(be16_to_cpu(vdhcp_fold(vdhcp_sum(data + at, len, 0))) ==
		      frame_fold(frame_sum(data + at, len, 0)));
	}
	return true;
}

static const struct unit units[] = {
	{ "option list: order, replacing, removing", optlist_order },
	{ "option list: full", optlist_full },
	{ "option list: random changes", optlist_random },
	{ "bucket: no limit", bucket_unlimited },
	{ "bucket: burst and refill, far in time", bucket_burst },
	{ "bucket: long idle", bucket_idle },
	{ "verdicts: names and kinds", check_verdicts },
	{ "messages are counted by type", check_messages },
	{ "checksums", check_sums },
	{ NULL, NULL },
};

static bool run_unit(const struct unit *u)
{
	if (setjmp(failed_test))
		return false;
	return u->run();
}

int main(int argc, char **argv)
{
	const struct unit *const lists[] = { units, unit_conf, unit_random, unit_table };
	struct ktap ktap = { 0 };
	const struct unit *u;
	unsigned int i;
	int ret;

	if (argc > 1)
		random_state = strtoull(argv[1], NULL, 0) | 1;
	ktap_begin();
	printf("# seed %llu\n", (unsigned long long)random_state);
	for (i = 0; i < ARRAY_SIZE(lists); i++)
		for (u = lists[i]; u->name; u++)
			ktap_result(&ktap, run_unit(u), u->name);
	ret = ktap_end(&ktap);
	fflush(stdout);
	/* A failed test has not freed its memory, and the leak checker must not report that. */
	if (ret)
		_exit(ret);
	return 0;
}
