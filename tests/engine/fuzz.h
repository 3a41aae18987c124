/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Functions of both fuzzers, and the layout of the inputs of the one for frames:
 * index of a configuration (1 byte); flags (1 byte); changes to the
 * configuration (3 bytes each); if FUZZ_CSUM_AT is set, the offset of the partial
 * checksum in the frame (2 bytes); if FUZZ_HW_TAG is set, the VLAN tag that the
 * device took out of the frame (1 byte: 0 for 802.1Q, else 802.1ad; 2 bytes of
 * priority and VLAN ID); the frame.
 */
#ifndef VDHCP_TESTS_FUZZ_H
#define VDHCP_TESTS_FUZZ_H

#include <stddef.h>
#include "random.h"

#define FUZZ_PARTIAL	0x01	/* the UDP checksum is partial */
#define FUZZ_MEND	0x02	/* the checksums of UDP and IPv4 are to be corrected */
#define FUZZ_CHANGES	3	/* number of changes, in bits 2 and 3 of the flags */
#define FUZZ_HW_TAG	0x10	/* a VLAN tag follows the changes */
#define FUZZ_CSUM_AT	0x40	/* a partial checksum anywhere, see above */
#define FUZZ_VLAN	0x20	/* the port is in VLAN FUZZ_VLAN_ID */
#define FUZZ_VLAN_ID	5
#define FUZZ_HEAD_MAX	(2 + 3 * FUZZ_CHANGES + 2 + 3)

/* fuzz_changes - number of changes to the configuration */
static inline unsigned int fuzz_changes(const u8 *data, size_t size)
{
	unsigned int n = data[1] >> 2 & FUZZ_CHANGES;

	return min_t(unsigned int, n, (size - 2) / 3);
}

/* fuzz_head - bytes of an input before the frame */
static inline unsigned int fuzz_head(const u8 *data, size_t size)
{
	unsigned int head = 2 + 3 * fuzz_changes(data, size);

	if (data[1] & FUZZ_CSUM_AT && size >= head + 2)
		head += 2;
	return data[1] & FUZZ_HW_TAG && size >= head + 3 ? head + 3 : head;
}

/* fuzz_l3 - offset of the network header, after the VLAN tags of a frame */
static inline u32 fuzz_l3(const u8 *frame, size_t size)
{
	u32 at = 12;
	u16 type;

	while (at + 6 <= size) {
		type = get_unaligned_be16(frame + at);
		if (type != VDHCP_ETHERTYPE_8021Q && type != VDHCP_ETHERTYPE_8021AD)
			break;
		at += VDHCP_VLAN_HLEN;
	}
	return at + 2;
}

/* fuzz_write_head - write flags, and what they announce, before a frame */
static inline void fuzz_write_head(FILE *f, bool partial, u32 csum_at, u16 vlan,
				   struct vdhcp_tag tag)
{
	fputc((partial ? FUZZ_CSUM_AT : 0) | (vlan == FUZZ_VLAN_ID ? FUZZ_VLAN : 0) |
	      (tag.proto ? FUZZ_HW_TAG : 0), f);
	if (partial) {
		fputc((int)(csum_at >> 8 & 0xff), f);
		fputc((int)(csum_at & 0xff), f);
	}
	if (!tag.proto)
		return;
	fputc(tag.proto == cpu_to_be16(VDHCP_ETHERTYPE_8021AD), f);
	fputc(tag.tci >> 8, f);
	fputc(tag.tci & 0xff, f);
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
