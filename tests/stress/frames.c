// SPDX-License-Identifier: GPL-2.0
/*
 * Random numbers, the plainest frame, and how a frame is written into a tap.
 * Guest N has the MAC address 00:00:5e:00:53:N and in subnet S the address
 * 198.18.S.(10 + N). Most ports that reconfig.py configures match.
 */
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "frames.h"
#include "generate.h"

/* Starts one of several streams of the same seed. */
void rng_seed(struct rng *rng, uint64_t seed, unsigned int stream)
{
	rng->state = (seed + stream + 1) * 0x9e3779b97f4a7c15;
	rng->state |= !rng->state;
}

/* Returns a number below @n (xorshift64*). */
uint32_t rng_below(struct rng *rng, uint32_t n)
{
	rng->state ^= rng->state >> 12;
	rng->state ^= rng->state << 25;
	rng->state ^= rng->state >> 27;
	return (uint32_t)((rng->state * 0x2545f4914f6cdd1d) >> 32) % n;
}

bool one_in(struct rng *rng, uint32_t n)
{
	return !rng_below(rng, n);
}

void fill_random(struct rng *rng, uint8_t *p, size_t len)
{
	uint32_t number;

	for (; len > 3; p += 4, len -= 4) {
		number = rng_below(rng, ANY);
		memcpy(p, &number, 4);
	}
	while (len--)
		*p++ = (uint8_t)rng_below(rng, 256);
}

void put_mac(uint8_t *p, unsigned int guest)
{
	static const uint8_t prefix[] = { 0x00, 0x00, 0x5e, 0x00, 0x53 };

	memcpy(p, prefix, sizeof(prefix));
	p[sizeof(prefix)] = (uint8_t)guest;
}

/* Makes a DISCOVER that each port in mode serve answers. */
void make_discover(struct tap_write *frame, unsigned int guest, bool vnet)
{
	static const uint8_t discover[] = { 53, 1, FRAME_DISCOVER };
	const size_t hdr = vnet ? VNET_LEN : 0;
	uint8_t mac[FRAME_MAC_LEN];
	struct frame_desc desc;

	put_mac(mac, guest);
	frame_desc_request(&desc, mac);
	desc.num[FRAME_XID] = 0x5e005300 | guest;
	desc.options = (struct frame_span){ discover, sizeof(discover) };
	memset(frame->buf, 0, hdr);
	frame->len = hdr + frame_build(&desc, frame->buf + hdr, FRAME_ROOM - VNET_LEN);
	frame->n_cuts = 0;
	frame->kinds = 0;
}

/* Is this the reply to make_discover() of @guest? */
bool is_offer(const uint8_t *buf, size_t len, bool vnet, unsigned int guest)
{
	const size_t at = (vnet ? VNET_LEN : 0) + FRAME_ETH_LEN + FRAME_IP_LEN + FRAME_UDP_LEN;
	uint8_t xid[4];

	frame_put32(xid, 0x5e005300 | guest);
	return len > at + FRAME_OPTIONS_AT + 3 && buf[at] == 2 && !memcmp(buf + at + 4, xid, 4) &&
	       buf[at + FRAME_OPTIONS_AT] == 53 && buf[at + FRAME_OPTIONS_AT + 2] == FRAME_OFFER;
}

/* Writes the frame in its pieces. Returns as write(). */
ssize_t write_frame(int fd, const struct tap_write *frame)
{
	struct iovec pieces[FRAME_CUTS + 1];
	size_t from = 0, to;
	unsigned int i;

	if (!frame->n_cuts)
		return write(fd, frame->buf, frame->len);
	for (i = 0; i <= frame->n_cuts; i++, from = to) {
		to = i < frame->n_cuts ? frame->cuts[i] : frame->len;
		pieces[i].iov_base = (void *)(frame->buf + from);
		pieces[i].iov_len = to - from;
	}
	return writev(fd, pieces, (int)i);
}
