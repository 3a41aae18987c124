// SPDX-License-Identifier: GPL-2.0
/*
 * How a frame is given to a tap: with a virtio header that tells the truth about it, or
 * does not, and in pieces.
 */
#include <errno.h>
#include <string.h>

#include "make.h"

#ifndef VIRTIO_NET_HDR_GSO_UDP_L4
#define VIRTIO_NET_HDR_GSO_UDP_L4 5
#endif

/* The kernel takes no longer pieces, but for the first. */
#define PIECE_MAX	4096

/* A sum that is to be made over any part of the frame, as it is for the kernel to refuse. */
static void open_any_sum(struct draft *d, struct virtio_net_hdr *hdr)
{
	size_t options = d->udp + FRAME_UDP_LEN + FRAME_OPTIONS_AT, size = d->frame->len - d->eth;

	hdr->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	if (d->udp && d->frame->len > options + 4 && one_in(d->rng, 2)) {
		/* Whoever did the sum would write it into the options. */
		options += rng_below(d->rng, (uint32_t)(d->frame->len - options - 3));
		hdr->csum_start = (uint16_t)(options - d->eth);
		hdr->csum_offset = (uint16_t)rng_below(d->rng, 3);
		is_kind(d, VNET_CSUM_OPTIONS);
		return;
	}
	hdr->csum_start = (uint16_t)rng_below(d->rng, one_in(d->rng, 8) ? 65536 :
					      (uint32_t)size + 1);
	hdr->csum_offset = (uint16_t)rng_below(d->rng, one_in(d->rng, 8) ? 65536 : 32);
	is_kind(d, VNET_CSUM_ANY);
}

/*
 * The kernel takes one of these for what it says if the sum is where the protocol has
 * it, or else if the packet is of that protocol.
 */
static void put_gso(struct draft *d, struct virtio_net_hdr *hdr)
{
	static const uint8_t types[] = { VIRTIO_NET_HDR_GSO_UDP, VIRTIO_NET_HDR_GSO_UDP_L4,
					 VIRTIO_NET_HDR_GSO_TCPV4, VIRTIO_NET_HDR_GSO_TCPV6 };
	static const uint16_t sizes[] = { 0, 1, 8, 100, 300, 536, 1448, 65535 };
	unsigned int which = rng_below(d->rng, sizeof(types));
	size_t udp = d->udp ?: d->l3 + FRAME_IP_LEN;

	hdr->gso_type = types[which];
	is_kind(d, GSO_UDP + which);
	if (one_in(d->rng, 4)) {
		hdr->gso_type |= VIRTIO_NET_HDR_GSO_ECN;
		is_kind(d, GSO_ECN);
	}
	hdr->gso_size = one_in(d->rng, 4) ? (uint16_t)rng_below(d->rng, 1500) :
					    sizes[rng_below(d->rng, sizeof(sizes) / 2)];
	if (!one_in(d->rng, 4)) {
		hdr->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		hdr->csum_start = (uint16_t)(udp - d->eth);
		hdr->csum_offset = which < 2 ? 6 : 16;
		if (one_in(d->rng, 8))
			hdr->csum_offset = (uint16_t)rng_below(d->rng, 32);
	}
	if (!one_in(d->rng, 4))
		hdr->hdr_len = (uint16_t)(udp + FRAME_UDP_LEN - d->eth);
}

/* How much of the frame the kernel is to have in one piece. Else it likes long ones so. */
static void put_hdr_len(struct draft *d, struct virtio_net_hdr *hdr)
{
	uint32_t size = (uint32_t)(d->frame->len - d->eth);

	if (size > PIECE_MAX && one_in(d->rng, 2))
		hdr->hdr_len = (uint16_t)(14 + rng_below(d->rng, 100));
	else if (one_in(d->rng, 8))
		hdr->hdr_len = (uint16_t)rng_below(d->rng, size + (one_in(d->rng, 4) ? 100 : 1));
	else
		return;
	is_kind(d, VNET_HDR_LEN);
	if (size > PIECE_MAX && hdr->hdr_len && hdr->hdr_len < size)
		is_kind(d, NONLINEAR);
}

/* What virtio says of the frame. */
void put_vnet(struct draft *d)
{
	struct virtio_net_hdr hdr = { 0 };

	if (d->open) {
		hdr.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		hdr.csum_start = (uint16_t)(d->udp - d->eth);
		hdr.csum_offset = 6;
		is_kind(d, VNET_CSUM);
	} else if (one_in(d->rng, 6)) {
		open_any_sum(d, &hdr);
	} else if (one_in(d->rng, 4)) {
		hdr.flags = VIRTIO_NET_HDR_F_DATA_VALID;
	}
	if (one_in(d->rng, 5))
		put_gso(d, &hdr);
	else
		put_hdr_len(d, &hdr);
	memcpy(d->frame->buf, &hdr, sizeof(hdr));
}

/* Where the first piece ends: at the head of something, or near it, or anywhere. */
static size_t first_cut(struct draft *d)
{
	size_t places[] = { d->eth, d->eth + FRAME_ETH_TYPE_AT + 2, d->l3, d->l3 + FRAME_IP_LEN,
			    d->udp ?: d->l3 + 8, d->udp ? d->udp + FRAME_UDP_LEN : d->l3 };
	size_t place = places[rng_below(d->rng, sizeof(places) / sizeof(*places))];

	switch (rng_below(d->rng, 8)) {
	case 0:
		return d->eth + rng_below(d->rng, (uint32_t)(d->frame->len - d->eth));
	case 1:
		return rng_below(d->rng, (uint32_t)d->eth + 1);
	case 2:
	case 3:
		return place;
	default:
		return place + rng_below(d->rng, 8);
	}
}

/*
 * Such that the kernel takes them all. To a tap without fragments it makes no
 * difference, or should make none.
 */
void put_cuts(struct draft *d)
{
	struct frame *frame = d->frame;
	size_t at, size, left;
	bool tiny;

	if (one_in(d->rng, d->tap & TAP_FRAGS ? 6 : 2) || (!(d->tap & TAP_FRAGS) &&
							   !one_in(d->rng, 4)))
		return;
	tiny = one_in(d->rng, 2);
	at = first_cut(d);
	while (at < frame->len && frame->n_cuts < FRAME_CUTS) {
		frame->cuts[frame->n_cuts++] = at;
		left = frame->len - at;
		size = 1 + rng_below(d->rng, tiny ? 12 : one_in(d->rng, 2) ? 300 : PIECE_MAX);
		/* There are only so many to come. */
		if (left > size + (FRAME_CUTS - frame->n_cuts) * PIECE_MAX)
			size = left - (FRAME_CUTS - frame->n_cuts) * PIECE_MAX;
		at += size;
	}
	/* The virtio header does not count. */
	if (frame->n_cuts && frame->cuts[frame->n_cuts - 1] > d->eth)
		is_kind(d, d->tap & TAP_FRAGS ? NONLINEAR : SPLIT);
}
