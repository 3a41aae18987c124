/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the two fuzzers share, and the layout of the inputs of the one for
 * frames: which configuration (1 byte); flags (1 byte: bit 0 says that the UDP
 * checksum is partial, bit 1 that it and IPv4's are to be put right, bits 2
 * and 3 how many changes follow); changes (3 bytes each); frame.
 */
#ifndef VDHCP_TESTS_FUZZ_H
#define VDHCP_TESTS_FUZZ_H

#include <stddef.h>
#include "random.h"

#define FUZZ_PARTIAL	0x01
#define FUZZ_MEND	0x02
#define FUZZ_CHANGES	3
#define FUZZ_HEAD_MAX	(2 + 3 * FUZZ_CHANGES)

/* fuzz_changes - how many changes there are to the configuration */
static inline unsigned int fuzz_changes(const u8 *data, size_t size)
{
	unsigned int n = data[1] >> 2 & FUZZ_CHANGES;

	return min_t(unsigned int, n, (size - 2) / 3);
}

/* What a mutation may make of an input, before it is cut to what libFuzzer takes. */
#define FUZZ_ROOM	2048

/* fuzz_splice - @remove bytes make room for @n others, if that is not too much */
static inline void fuzz_splice(struct bytes *b, u32 at, u32 remove, const u8 *data, u32 n)
{
	if (b->len - remove + n > FUZZ_ROOM)
		return;
	memmove(b->data + at + n, b->data + at + remove, b->len - at - remove);
	if (n)
		memcpy(b->data + at, data, n);
	b->len += n - remove;
}

/* Of libFuzzer, and what it looks for. */
size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t max);
int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const u8 *one, size_t one_size, const u8 *two,
				 size_t two_size, u8 *out, size_t max, unsigned int seed);

#endif /* VDHCP_TESTS_FUZZ_H */
