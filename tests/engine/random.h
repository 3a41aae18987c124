/* SPDX-License-Identifier: GPL-2.0 */
/* Random numbers, and what clients could send, for the random tests and the fuzzer. */
#ifndef VDHCP_TESTS_RANDOM_H
#define VDHCP_TESTS_RANDOM_H

#include "text.h"

/* Never 0. */
extern u64 random_state;

/* Each @seed begins other numbers. */
void random_begin(u32 seed);

/* The same numbers on every machine. */
u32 random_u32(void);
u32 random_below(u32 n);

/* An address that may be @ours, one beside it, or any. */
u32 random_addr(u32 ours);

/* One more option, often one that is well formed and means something. */
void random_option(struct bytes *to, u32 ours);

/* A parameter request list. */
void random_list(struct bytes *to);

#endif /* VDHCP_TESTS_RANDOM_H */
