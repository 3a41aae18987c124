// SPDX-License-Identifier: GPL-2.0
/*
 * How a frame is written into a tap: with a virtio header, which may be wrong, and in
 * pieces.
 */
#include <errno.h>
#include <string.h>

#include "generate.h"

#ifndef VIRTIO_NET_HDR_GSO_UDP_L4
#define VIRTIO_NET_HDR_GSO_UDP_L4 5
#endif

/* The kernel accepts no longer pieces, except for the first. */
#define PIECE_MAX	4096

/* Requests a checksum over any part of the frame; the kernel has to refuse bad ones. */
static void open_any_sum(struct generator *g, struct virtio_net_hdr *hdr)
{
	size_t options = g->udp + FRAME_UDP_LEN + FRAME_OPTIONS_AT, size = g->frame->len - g->eth;

	hdr->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	if (g->udp && g->frame->len > options + 4 && one_in(g->rng, 2)) {
		/* Completing this checksum would change the options. */
		options += rng_below(g->rng, (uint32_t)(g->frame->len - options - 3));
		hdr->csum_start = (uint16_t)(options - g->eth);
		hdr->csum_offset = (uint16_t)rng_below(g->rng, 3);
		set_kind(g, VNET_CSUM_OPTIONS);
		return;
	}
	hdr->csum_start = (uint16_t)rng_below(g->rng, one_in(g->rng, 8) ? 65536 :
					      (uint32_t)size + 1);
	hdr->csum_offset = (uint16_t)rng_below(g->rng, one_in(g->rng, 8) ? 65536 : 32);
	set_kind(g, VNET_CSUM_ANY);
}

/*
 * The kernel accepts these if the checksum is at the protocol's offset, or if the packet
 * has that protocol.
 */
static void put_gso(struct generator *g, struct virtio_net_hdr *hdr)
{
	static const uint8_t types[] = { VIRTIO_NET_HDR_GSO_UDP, VIRTIO_NET_HDR_GSO_UDP_L4,
					 VIRTIO_NET_HDR_GSO_TCPV4, VIRTIO_NET_HDR_GSO_TCPV6 };
	static const uint16_t sizes[] = { 0, 1, 8, 100, 300, 536, 1448, 65535 };
	unsigned int which = rng_below(g->rng, sizeof(types));
	size_t udp = g->udp ?: g->l3 + FRAME_IP_LEN;

	hdr->gso_type = types[which];
	set_kind(g, GSO_UDP + which);
	if (one_in(g->rng, 4)) {
		hdr->gso_type |= VIRTIO_NET_HDR_GSO_ECN;
		set_kind(g, GSO_ECN);
	}
	hdr->gso_size = one_in(g->rng, 4) ? (uint16_t)rng_below(g->rng, 1500) :
					    sizes[rng_below(g->rng, sizeof(sizes) / 2)];
	if (!one_in(g->rng, 4)) {
		hdr->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		hdr->csum_start = (uint16_t)(udp - g->eth);
		hdr->csum_offset = which < 2 ? 6 : 16;
		if (one_in(g->rng, 8))
			hdr->csum_offset = (uint16_t)rng_below(g->rng, 32);
	}
	if (!one_in(g->rng, 4))
		hdr->hdr_len = (uint16_t)(udp + FRAME_UDP_LEN - g->eth);
}

/* Says how much of the frame the linear part of the skb must hold. */
static void put_hdr_len(struct generator *g, struct virtio_net_hdr *hdr)
{
	uint32_t size = (uint32_t)(g->frame->len - g->eth);

	if (size > PIECE_MAX && one_in(g->rng, 2))
		hdr->hdr_len = (uint16_t)(14 + rng_below(g->rng, 100));
	else if (one_in(g->rng, 8))
		hdr->hdr_len = (uint16_t)rng_below(g->rng, size + (one_in(g->rng, 4) ? 100 : 1));
	else
		return;
	set_kind(g, VNET_HDR_LEN);
	if (size > PIECE_MAX && hdr->hdr_len && hdr->hdr_len < size)
		set_kind(g, NONLINEAR);
}

/* Writes the virtio header. */
void put_vnet(struct generator *g)
{
	struct virtio_net_hdr hdr = { 0 };

	if (g->open) {
		hdr.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		hdr.csum_start = (uint16_t)(g->udp - g->eth);
		hdr.csum_offset = 6;
		set_kind(g, VNET_CSUM);
	} else if (one_in(g->rng, 6)) {
		open_any_sum(g, &hdr);
	} else if (one_in(g->rng, 4)) {
		hdr.flags = VIRTIO_NET_HDR_F_DATA_VALID;
	}
	if (one_in(g->rng, 5))
		put_gso(g, &hdr);
	else
		put_hdr_len(g, &hdr);
	/* The host would write into the message, after vdhcp has looked at it. */
	if (hdr.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM && g->udp &&
	    (size_t)hdr.csum_start + hdr.csum_offset != g->udp - g->eth + FRAME_UDP_SUM_AT)
		g->unanswerable = true;
	memcpy(g->frame->buf, &hdr, sizeof(hdr));
}

/* Where the first piece ends: at or near a header, or anywhere. */
static size_t first_cut(struct generator *g)
{
	size_t places[] = { g->eth, g->eth + FRAME_ETH_TYPE_AT + 2, g->l3, g->l3 + FRAME_IP_LEN,
			    g->udp ?: g->l3 + 8, g->udp ? g->udp + FRAME_UDP_LEN : g->l3 };
	size_t place = places[rng_below(g->rng, sizeof(places) / sizeof(*places))];

	switch (rng_below(g->rng, 8)) {
	case 0:
		return g->eth + rng_below(g->rng, (uint32_t)(g->frame->len - g->eth));
	case 1:
		return rng_below(g->rng, (uint32_t)g->eth + 1);
	case 2:
	case 3:
		return place;
	default:
		return place + rng_below(g->rng, 8);
	}
}

/*
 * Cuts the frame into pieces that the kernel accepts. To a tap without TAP_FRAGS the
 * pieces must make no difference.
 */
void put_cuts(struct generator *g)
{
	struct tap_write *frame = g->frame;
	size_t at, size, left;
	bool tiny;

	if (one_in(g->rng, g->tap & TAP_FRAGS ? 6 : 2) || (!(g->tap & TAP_FRAGS) &&
							   !one_in(g->rng, 4)))
		return;
	tiny = one_in(g->rng, 2);
	at = first_cut(g);
	while (at < frame->len && frame->n_cuts < FRAME_CUTS) {
		frame->cuts[frame->n_cuts++] = at;
		left = frame->len - at;
		size = 1 + rng_below(g->rng, tiny ? 12 : one_in(g->rng, 2) ? 300 : PIECE_MAX);
		/* The last pieces must hold the rest of the frame. */
		if (left > size + (FRAME_CUTS - frame->n_cuts) * PIECE_MAX)
			size = left - (FRAME_CUTS - frame->n_cuts) * PIECE_MAX;
		at += size;
	}
	/* A cut within the virtio header does not make the skb non-linear. */
	if (frame->n_cuts && frame->cuts[frame->n_cuts - 1] > g->eth)
		set_kind(g, g->tap & TAP_FRAGS ? NONLINEAR : SPLIT);
}
