/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The environment of the engine: the kernel, or user space for the vector
 * runner, the fuzzers and the benchmark. Except for the uapi, the engine
 * includes system headers only here.
 */
#ifndef VDHCP_ENGINE_ENV_H
#define VDHCP_ENGINE_ENV_H

#ifdef __KERNEL__

#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/socket.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/unaligned.h>
#include <net/checksum.h>

/* vdhcp_sum - add @len bytes at @p to the 32-bit one's complement sum @sum */
static inline u32 vdhcp_sum(const void *p, unsigned int len, u32 sum)
{
	return (__force u32)csum_partial(p, len, (__force __wsum)sum);
}

#else

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <arpa/inet.h>
#include <sys/socket.h>
#include <linux/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef int32_t s32;
typedef uint64_t u64;

#ifndef __force
#define __force
#endif
#define BIT_ULL(n) (1ULL << (n))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define fallthrough __attribute__((__fallthrough__))
#define min_t(type, a, b) ((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define max_t(type, a, b) ((type)(a) > (type)(b) ? (type)(a) : (type)(b))
#define clamp_t(type, v, lo, hi) min_t(type, max_t(type, v, lo), hi)
#define __printf(f, a) __attribute__((__format__(printf, f, a)))
#ifndef __packed
#define __packed __attribute__((__packed__))
#endif

static inline unsigned int hweight64(u64 v)
{
	return (unsigned int)__builtin_popcountll(v);
}

static inline int fls64(u64 v)
{
	return v ? 64 - __builtin_clzll(v) : 0;
}

static inline u16 be16_to_cpu(__be16 v)
{
	return ntohs(v);
}

static inline u32 be32_to_cpu(__be32 v)
{
	return ntohl(v);
}

static inline __be16 cpu_to_be16(u16 v)
{
	return htons(v);
}

static inline __be32 cpu_to_be32(u32 v)
{
	return htonl(v);
}

static inline u16 get_unaligned_be16(const void *p)
{
	const u8 *b = p;

	return (u16)(b[0] << 8 | b[1]);
}

static inline u32 get_unaligned_be32(const void *p)
{
	const u8 *b = p;

	return (u32)b[0] << 24 | (u32)b[1] << 16 | (u32)b[2] << 8 | b[3];
}

static inline u64 get_unaligned_be64(const void *p)
{
	return (u64)get_unaligned_be32(p) << 32 |
	       get_unaligned_be32((const u8 *)p + 4);
}

static inline void put_unaligned_be16(u16 v, void *p)
{
	u8 *b = p;

	b[0] = (u8)(v >> 8);
	b[1] = (u8)v;
}

static inline void put_unaligned_be32(u32 v, void *p)
{
	put_unaligned_be16((u16)(v >> 16), p);
	put_unaligned_be16((u16)v, (u8 *)p + 2);
}

/*
 * Adds words in memory order, because a one's complement sum does not depend on
 * the byte order. Adds eight bytes at a time like the kernel, so that the
 * benchmark counts about as many instructions as the kernel executes.
 */
static inline u32 vdhcp_sum(const void *p, unsigned int len, u32 sum)
{
	const u8 *b = p;
	u64 total = sum, word;
	u8 last[8] = { 0 };

	for (; len >= sizeof(word); len -= sizeof(word), b += sizeof(word)) {
		memcpy(&word, b, sizeof(word));
		total += word;
		total += total < word;
	}
	memcpy(last, b, len);
	memcpy(&word, last, sizeof(word));
	total += word;
	total += total < word;
	while (total >> 32)
		total = (total & 0xffffffff) + (total >> 32);
	return (u32)total;
}

#endif /* __KERNEL__ */

/* vdhcp_fold - fold the sum @sum to a checksum field in network order */
static inline __be16 vdhcp_fold(u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (__force __be16)(u16)~sum;
}

/* Unaligned loads and stores that keep the byte order in the type. */
static inline __be32 vdhcp_get_addr(const void *p)
{
	__be32 addr;

	memcpy(&addr, p, sizeof(addr));
	return addr;
}

static inline void vdhcp_put_addr(__be32 addr, void *p)
{
	memcpy(p, &addr, sizeof(addr));
}

#endif /* VDHCP_ENGINE_ENV_H */
