// SPDX-License-Identifier: GPL-2.0
/* Thousands of requests for thousands of configurations, checked by the oracle. */
#include "unit.h"

static struct config cfg;
static struct frame_text d;

static u32 some_addr(void)
{
	return random_addr(be32_to_cpu(cfg.port.addresses.entry[0].ip4));
}

static void some_option(void)
{
	random_option(d.at, be32_to_cpu(cfg.port.addresses.entry[0].ip4));
}

static void random_request(struct bytes *frame)
{
	static const u8 types[] = { 1, 1, 1, 3, 3, 3, 3, 4, 7, 8, 8, 2, 0 };
	u8 type[] = { 53, 1, types[random_below(ARRAY_SIZE(types))] };
	u32 n;

	frame_text_request(&d, cfg.port.mac);
	d.desc.num[FRAME_FLAGS] = random_below(3) ? 0 : random_below(65536);
	d.desc.num[FRAME_XID] = random_u32();
	d.desc.num[FRAME_CIADDR] = random_below(2) ? 0 : some_addr();
	d.desc.num[FRAME_IP_SRC] = random_below(2) ? 0 : some_addr();
	if (!random_below(3))
		d.desc.num[FRAME_IP_DST] = random_below(2) ? 0xc0000201 : some_addr();
	if (!random_below(3))
		d.desc.num[FRAME_UDP_CSUM] = 0;
	if (!random_below(2))
		bytes_add(d.at, type, sizeof(type));
	for (n = random_below(5); n--;)
		some_option();
	if (d.options.len < 3 || d.options.data[0] != 53)
		bytes_add(d.at, type, sizeof(type));
	for (n = random_below(3); n--;)
		some_option();
	if (random_below(4))
		random_list(d.at);
	if (!random_below(8)) {
		d.at = random_below(2) ? &d.file : &d.sname;
		for (n = random_below(3); n--;)
			some_option();
		if (d.file.len > 128)
			d.file.len = 128;
		if (d.sname.len > 64)
			d.sname.len = 64;
	}
	if (!random_below(10))
		d.open = true;
	frame_text_build(&d, frame);
}

/* Changes some bytes, and mostly corrects the checksum of IPv4. */
static void damage_frame(struct bytes *frame)
{
	u8 *ip = frame->data + 14;
	u32 n;

	for (n = 1 + random_below(4); n--;)
		frame->data[14 + random_below(frame->len - 14)] = (u8)random_u32();
	if (random_below(2)) {
		put_unaligned_be16(0, ip + 10);
		put_unaligned_be16((u16)frame_fold(frame_sum(ip, 20, 0)), ip + 10);
	}
	if (!random_below(8))
		frame->len = 14 + random_below(frame->len - 13);
}

static bool run_rounds(u32 rounds, u32 mutations, bool damaged, u32 *replies)
{
	u8 reply[VDHCP_FRAME_MAX];
	struct vdhcp_cfg_err cfg_err;
	struct compiled conf;
	struct drive result;
	struct drive_input in;
	struct bytes frame;
	const char *wrong;
	u32 i, k, m;
	u64 seed;

	for (i = 0; i < rounds; i++) {
		seed = random_state;
		configs_get(random_below(configs_n), &cfg);
		for (m = mutations ? random_below(mutations + 1) : 0; m--;)
			configs_mutate(&cfg, (u8)random_u32(), (u16)random_u32());
		if (config_compile(&cfg, &conf, &cfg_err)) {
			CHECK(cfg_err.text[0]);
			continue;
		}
		for (k = 0; k < 20; k++) {
			random_request(&frame);
			if (damaged)
				damage_frame(&frame);
			in = (struct drive_input){
				.data = frame.data, .len = frame.len, .csum_ok = damaged,
			};
			wrong = drive_checked(&conf, &in, reply, &result);
			if (!wrong)
				wrong = oracle_answer(&cfg, &in, &result, reply);
			if (wrong) {
				printf("    %s (%s, seed %llu)\n", wrong,
				       vdhcp_verdict_name(result.verdict),
				       (unsigned long long)seed);
				frame_text_print(stdout, frame.data, frame.len);
				if (result.len)
					frame_text_print(stdout, reply, result.len);
				return false;
			}
			*replies += !!result.len;
		}
		config_free(&conf);
	}
	return true;
}

static bool check_plain(void)
{
	u32 replies = 0;

	CHECK(run_rounds(1500, 0, false, &replies));
	CHECK(replies > 5000);
	return true;
}

static bool check_mutated(void)
{
	u32 replies = 0;

	CHECK(run_rounds(3000, 4, false, &replies));
	CHECK(replies > 5000);
	return true;
}

static bool check_damaged(void)
{
	u32 replies = 0;

	CHECK(run_rounds(3000, 2, true, &replies));
	CHECK(replies > 1000);
	return true;
}

const struct unit unit_random[] = {
	{ "random requests, fixed configurations", check_plain },
	{ "random requests, random configurations", check_mutated },
	{ "damaged requests", check_damaged },
	{ NULL, NULL },
};
