/* SPDX-License-Identifier: GPL-2.0 */
/* Frames as guests send them, right and wrong. */
#ifndef STRESS_FRAMES_H
#define STRESS_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <frame/tap.h>

/* The longest IPv4 packet, its headers, and some trailing bytes. */
#define FRAME_ROOM	(65535 + 128)
/* Pieces that the kernel accepts from writev() to a tap with TAP_FRAGS. */
#define FRAME_CUTS	17

/**
 * struct rng - source of random numbers
 * @state: state of the generator, never 0
 */
struct rng {
	uint64_t state;
};

void rng_seed(struct rng *rng, uint64_t seed, unsigned int stream);
uint32_t rng_below(struct rng *rng, uint32_t n);

/* Properties of a frame; most frames have several. kind_name() has their names. */
enum frame_kind {
	TAGS_1, TAGS_2, TAGS_3, TAGS_4, TAG_AD, TAG_PRIORITY, TAG_ENDLESS,
	CUT_ETHERNET, CUT_TAG, CUT_IP, CUT_UDP, CUT_BOOTP, CUT_MAGIC, CUT_OPTIONS, CUT_TOLD,
	IP4_MORE, IP4_LESS, UDP_MORE, UDP_LESS, TRAILING, JUMBO,
	FRAGMENT_FIRST, FRAGMENT_MIDDLE, FRAGMENT_LAST, IP4_DF, IP4_EVIL,
	IP4_OPTIONS, IP4_OPTIONS_CUT, IP4_IHL, IP4_VERSION, IP4_TTL_0, IP4_PROTOCOL,
	IP4_SUM, UDP_SUM, UDP_NO_SUM,
	DHCP_MANY, DHCP_LONG, DHCP_PIECES, DHCP_OVERLOAD,
	NONLINEAR, SPLIT,
	VNET_CSUM, VNET_CSUM_OPTIONS, VNET_CSUM_ANY, VNET_HDR_LEN,
	GSO_UDP, GSO_UDP_L4, GSO_TCP4, GSO_TCP6, GSO_ECN,
	MUTATED, ARP, NOISE, OTHER_TYPE, FRAME_KINDS
};

const char *kind_name(unsigned int kind);

/**
 * struct tap_write - a frame, as it is written into a tap
 * @len: bytes in @buf, with the virtio header if there is one
 * @cuts: offsets at which writev() begins a new piece
 * @n_cuts: entries of @cuts; 0 for write()
 * @kinds: a bit for each enum frame_kind
 * @buf: the bytes
 */
struct tap_write {
	size_t len;
	size_t cuts[FRAME_CUTS];
	unsigned int n_cuts;
	uint64_t kinds;
	uint8_t buf[FRAME_ROOM];
};

void generate_frame(struct tap_write *frame, struct rng *rng, unsigned int guest, unsigned int tap);
const char *check_reply(const uint8_t *buf, size_t len, unsigned int guest, unsigned int tap,
			uint64_t *kinds);
void make_discover(struct tap_write *frame, unsigned int guest, bool vnet);
bool is_offer(const uint8_t *buf, size_t len, bool vnet, unsigned int guest);
ssize_t write_frame(int fd, const struct tap_write *frame);

#endif
