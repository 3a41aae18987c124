/* SPDX-License-Identifier: GPL-2.0 */
/* Frames as guests send them, right and wrong, and the taps that they go into. */
#ifndef STRESS_FRAMES_H
#define STRESS_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_ROOM	8192

/**
 * struct rng - where random numbers come from
 * @state: of the generator, never 0
 */
struct rng {
	uint64_t state;
};

void rng_seed(struct rng *rng, uint64_t seed, unsigned int stream);
uint32_t rng_below(struct rng *rng, uint32_t n);

/**
 * struct frame - what is written into a tap at once
 * @len: bytes, the virtio header included if there is one
 * @buf: they
 */
struct frame {
	size_t len;
	uint8_t buf[FRAME_ROOM];
};

void frame_random(struct frame *frame, struct rng *rng, unsigned int guest, bool vnet);
void frame_discover(struct frame *frame, unsigned int guest, bool vnet);
bool frame_is_offer(const uint8_t *buf, size_t len, bool vnet, unsigned int guest);

void enter_netns(const char *name);
int open_tap(const char *name, bool vnet);
void set_up(const char *name);

#endif
