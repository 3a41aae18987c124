// SPDX-License-Identifier: GPL-2.0
#include "random.h"

u64 random_state = 20260101;

u32 random_u32(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (u32)(random_state >> 16);
}

void random_begin(u32 seed)
{
	random_state = seed * 0x9e3779b97f4a7c15 | 1;
}

u32 random_below(u32 n)
{
	return random_u32() % n;
}

u32 random_addr(u32 ours)
{
	switch (random_below(5)) {
	case 0:
		return 0;
	case 1:
		return (ours & 0xffffff00) + random_below(256);
	case 2:
		return random_u32();
	default:
		return ours;
	}
}

static void add_option(struct bytes *to, u8 code, const void *data, u8 len)
{
	bytes_add(to, &code, 1);
	bytes_add(to, &len, 1);
	bytes_add(to, data, len);
}

void random_option(struct bytes *to, u32 ours)
{
	static const u8 likely[] = {
		50, 54, 55, 57, 61, 80, 81, 97, 12, 60, 82, 52, 51, 116, 118, 53, 90, 145, 0,
	};
	u8 value[255], code = likely[random_below(ARRAY_SIZE(likely))];
	u8 len = (u8)(random_below(8) ? random_below(20) : random_below(256));
	u32 i;

	if (!random_below(10))
		code = (u8)random_below(255);
	for (i = 0; i < sizeof(value); i++)
		value[i] = (u8)random_u32();
	if (random_below(6)) {
		if (code == 50 || code == 54) {
			len = 4;
			put_unaligned_be32(code == 54 && random_below(2) ? 0xc0000201 :
					   random_addr(ours), value);
		} else if (code == 80) {
			len = 0;
		} else if (code == 57) {
			len = 2;
			put_unaligned_be16((u16)(random_below(2) ? VDHCP_IP4_MAX :
						 random_below(2000)), value);
		} else if (code == 97) {
			len = 17;
		} else if (code == 52) {
			len = 1;
			value[0] = (u8)random_below(5);
		}
	}
	/* A name as labels is not needed: any bytes must be handled. */
	if (code)
		add_option(to, code, value, len);
	else
		bytes_fill(to, 0, 1 + random_below(9));
}

void random_list(struct bytes *to)
{
	static const u8 likely[] = {
		1, 3, 6, 12, 15, 26, 28, 33, 42, 43, 67, 108, 114, 119, 121, 224, 225, 249,
	};
	u32 i, n = random_below(4) ? random_below(20) : random_below(255);
	bool all = !random_below(8);
	u8 list[255];

	if (all)
		n = 254;
	for (i = 0; i < n; i++)
		list[i] = all ? (u8)(n - i) :
			  random_below(3) ? likely[random_below(ARRAY_SIZE(likely))] :
					    (u8)random_below(256);
	add_option(to, 55, list, (u8)n);
}
