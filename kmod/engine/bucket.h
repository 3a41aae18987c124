/* SPDX-License-Identifier: GPL-2.0 */
/* Token bucket: the rate limit of a port. */
#ifndef VDHCP_ENGINE_BUCKET_H
#define VDHCP_ENGINE_BUCKET_H

#include "env.h"

/**
 * struct vdhcp_bucket - token bucket of a port
 * @interval: cost of one packet in ns, 0 for no limit
 * @burst: cost of the packets that may come at once in ns, less than one second
 */
struct vdhcp_bucket {
	u32 interval;
	u32 burst;
};

void vdhcp_bucket_init(struct vdhcp_bucket *bucket, u32 rate);

/**
 * vdhcp_bucket_take() - take a token for one packet
 * @bucket: the bucket
 * @full_at: time in ns at which the bucket is full again; updated if there is a
 *	token
 * @now: current time of the same clock in ns
 *
 * The only state is the time at which the bucket is full again ("virtual
 * scheduling" of ITU-T I.371), so it is one 64-bit word and needs no division.
 * The caller makes the update atomic.
 *
 * Return: 0, or -EAGAIN if there is no token.
 */
static inline int vdhcp_bucket_take(const struct vdhcp_bucket *bucket,
				    u64 *full_at, u64 now)
{
	u64 at = max_t(u64, *full_at, now);

	if (at - now > bucket->burst)
		return -EAGAIN;
	*full_at = at + bucket->interval;
	return 0;
}

#endif /* VDHCP_ENGINE_BUCKET_H */
