/* SPDX-License-Identifier: GPL-2.0 */
/* Random numbers and random options, for the random tests and the fuzzers. */
#ifndef VDHCP_TESTS_RANDOM_H
#define VDHCP_TESTS_RANDOM_H

#include "text.h"

/* State of the generator, never 0. */
extern u64 random_state;

/* Starts the sequence of @seed. */
void random_begin(u32 seed);

/* The sequence is the same on every machine. */
u32 random_u32(void);
u32 random_below(u32 n);

/* An address: @ours, one next to it, or any. */
u32 random_addr(u32 ours);

/* Adds an option, often one that is valid and has an effect. */
void random_option(struct bytes *to, u32 ours);

/* Adds a parameter request list. */
void random_list(struct bytes *to);

#endif /* VDHCP_TESTS_RANDOM_H */
