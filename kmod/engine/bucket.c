// SPDX-License-Identifier: GPL-2.0
/* Token bucket: the rate limit of a port. */
#include "bucket.h"

/**
 * vdhcp_bucket_init() - initialise a token bucket for a rate
 * @bucket: filled in
 * @rate: packets a second, 0 for no limit
 */
void vdhcp_bucket_init(struct vdhcp_bucket *bucket, u32 rate)
{
	bucket->interval = rate ? 1000000000u / rate : 0;
	bucket->burst = rate ? bucket->interval * (rate - 1) : 0;
}
