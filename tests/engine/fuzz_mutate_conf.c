// SPDX-License-Identifier: GPL-2.0
/*
 * Mutations for fuzz_conf.c, whose input is a list of changes: whole changes are
 * added, removed and repeated, with lengths at and near the limits.
 */
#include "fuzz.h"

static struct bytes input;

/* Returns the bytes of the change at @at; see fuzz_conf.c. */
static u32 change_len(u32 at)
{
	const u8 *p = input.data + at;
	u32 left = input.len - at, len = 3;

	if (p[0] >= 192 && left >= 4)
		len = p[1] % 5 == 4 ? 4u + get_unaligned_be16(p + 2) % VDHCP_SEARCH_MAX :
				      3u + p[2];
	else if (p[0] >= 128 && left >= 5)
		len = 5 + get_unaligned_be16(p + 3) % (VDHCP_OPTION_MAX + 8);
	else if (p[0] >= 96)
		len = 6;
	return min_t(u32, len, left);
}

/* Selects a change, or the end if there is none. */
static u32 some_change(u32 *len)
{
	u32 at, found = input.len, n = 0;

	*len = 0;
	for (at = 1; at < input.len; at += change_len(at)) {
		if (random_below(++n))
			continue;
		found = at;
		*len = change_len(at);
	}
	return found;
}

static void raw_option(struct bytes *to)
{
	static const u16 edges[] = {
		0, 1, 2, 4, 8, 254, 255, 256, 257, 509, 510, 511, 765, 1019, 1020, 1023, 1024, 1025,
	};
	static const u8 likely[] = {
		3, 6, 12, 15, 21, 26, 33, 43, 67, 108, 114, 119, 121, 150, 224, 225, 249, 255,
	};
	u16 len = random_below(2) ? edges[random_below(ARRAY_SIZE(edges))] :
				    (u16)random_below(300);
	u8 code = random_below(3) ? likely[random_below(ARRAY_SIZE(likely))] : (u8)random_u32();

	bytes_fill(to, 128, 1);
	bytes_fill(to, random_below(16) ? random_below(2) : random_below(4), 1);
	bytes_fill(to, code, 1);
	bytes_be(to, len, 2);
	if (random_below(2))
		bytes_fill(to, random_below(3) ? (u8)random_u32() : 0, len);
	else
		while (len--)
			bytes_fill(to, (u8)random_u32(), 1);
}

/* Makes labels of names, some of the maximal length or one byte longer. */
static void make_labels(struct bytes *to, u32 len)
{
	u32 label = 0, most = 64;

	for (; len; len--) {
		if (!label) {
			most = random_below(3) ? 63 : random_below(4) ? random_below(10) : 64;
			bytes_fill(to, random_below(64) ? (u8)('a' + random_below(26)) :
				       (u8)"-_.A"[random_below(4)], 1);
		} else {
			bytes_fill(to, label == most ? '.' : (u8)('a' + random_below(26)), 1);
		}
		label = label == most ? 0 : label + 1;
	}
}

static void some_text(struct bytes *to)
{
	static const u8 edges[] = { 0, 1, 2, 62, 63, 64, 65, 127, 128, 252, 253, 254, 255 };
	u8 which = (u8)random_below(5);
	u32 names, most, len;

	bytes_fill(to, 192, 1);
	bytes_fill(to, which, 1);
	if (which != 4) {
		len = random_below(2) ? edges[random_below(ARRAY_SIZE(edges))] : random_below(20);
		bytes_fill(to, (u8)len, 1);
		make_labels(to, len);
		return;
	}
	bytes_fill(to, 0, 2);
	most = random_below(2) ? 6 : 120;
	for (names = 1 + random_below(random_below(2) ? 8 : 300); names--;) {
		make_labels(to, 1 + random_below(most));
		if (to->len > VDHCP_SEARCH_MAX - 130)
			break;
		bytes_fill(to, 0, names ? 1 : 0);
	}
	put_unaligned_be16((u16)(to->len - 4), to->data + 2);
}

static void make_change(void)
{
	struct bytes made = { 0 };
	u32 at, len;

	at = some_change(&len);
	switch (random_below(7)) {
	case 0:
		bytes_fill(&made, (u8)random_below(24), 1);
		bytes_be(&made, random_below(65536), 2);
		break;
	case 6:
		bytes_fill(&made, 96, 1);
		bytes_fill(&made, random_below(256), 1);
		bytes_be(&made, random_below(2) ? random_addr(0xc000020a) : random_below(34), 4);
		break;
	case 1:
		raw_option(&made);
		break;
	case 2:
		some_text(&made);
		break;
	case 3:
		bytes_add(&made, input.data + at, len);
		at = some_change(&len);
		break;
	case 4:
		fuzz_splice(&input, at, len, NULL, 0);
		break;
	case 5:
		/* LLVMFuzzerMutate() knows which values the engine compared. */
		bytes_add(&made, input.data + at, len);
		made.len = (u32)LLVMFuzzerMutate(made.data, len, len + 16);
		fuzz_splice(&input, at, len, NULL, 0);
		break;
	}
	fuzz_splice(&input, at, 0, made.data, made.len);
}

size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned int seed)
{
	u32 n;

	random_begin(seed);
	if (!random_below(3) || !size || size > FUZZ_ROOM)
		return LLVMFuzzerMutate(data, size, max);
	input.len = 0;
	bytes_add(&input, data, (u32)size);
	for (n = 1 + random_below(3); n--;)
		make_change();
	size = min_t(size_t, input.len, max);
	memcpy(data, input.data, size);
	return size;
}
