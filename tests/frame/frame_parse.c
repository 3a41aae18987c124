// SPDX-License-Identifier: GPL-2.0
/* From the bytes of a frame to where its parts are. */
#include "frame.h"

static bool is_tag(u16 type)
{
	return type == FRAME_TYPE_8021Q || type == FRAME_TYPE_8021AD;
}

/* Finds UDP in an IPv4 packet of @len bytes; later fragments have no UDP header. */
static void find_udp(const u8 *ip, u32 len, struct frame_view *view)
{
	u32 hlen;

	if (len < FRAME_IP_LEN || ip[0] >> 4 != 4 || ip[FRAME_IP_PROTO_AT] != FRAME_PROTO_UDP ||
	    frame_get16(ip + FRAME_IP_FRAG_AT) & FRAME_IP_OFFSET)
		return;
	hlen = (ip[0] & 15u) * 4;
	/* The ports are enough to know whose the packet is. */
	if (hlen < FRAME_IP_LEN || len < hlen + 4)
		return;
	view->udp = view->l3 + hlen;
	view->src_port = frame_get16(ip + hlen);
	view->dst_port = frame_get16(ip + hlen + FRAME_UDP_DST_AT);
}

/**
 * frame_parse() - find the parts of a frame
 * @frame: the frame, from the Ethernet header on
 * @len: bytes of it
 * @view: filled in
 *
 * Return: false if the frame ends before its EtherType, or within a VLAN tag.
 */
bool frame_parse(const u8 *frame, u32 len, struct frame_view *view)
{
	u32 at = FRAME_ETH_TYPE_AT;

	memset(view, 0, sizeof(*view));
	if (len < at + 2)
		return false;
	view->type = frame_get16(frame + at);
	while (is_tag(view->type)) {
		if (len < at + FRAME_TAG_LEN + 2)
			return false;
		view->last.proto = view->type;
		view->last.tci = frame_get16(frame + at + 2);
		view->n_tags++;
		if (view->last.tci & 0xfff && !view->n_vids++)
			view->vlan = view->last;
		at += FRAME_TAG_LEN;
		view->type = frame_get16(frame + at);
	}
	view->l3 = at + 2;
	if (view->type == FRAME_TYPE_IP)
		find_udp(frame + view->l3, len - view->l3, view);
	return true;
}
