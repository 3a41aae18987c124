// SPDX-License-Identifier: GPL-2.0
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include "skb.h"

static struct sk_buff *make_linear(const u8 *data, unsigned int len, gfp_t gfp)
{
	struct sk_buff *skb = alloc_skb(NET_SKB_PAD + NET_IP_ALIGN + len, gfp);

	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD + NET_IP_ALIGN);
	skb_put_data(skb, data, len);
	return skb;
}

static bool add_page(struct sk_buff *skb, const u8 *data, unsigned int len, gfp_t gfp)
{
	struct page *page;

	if (!len)
		return true;
	page = alloc_page(gfp);
	if (!page)
		return false;
	/* Not at the start of the page, and not aligned. */
	memcpy(page_address(page) + 33, data, len);
	skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page, 33, len, PAGE_SIZE);
	return true;
}

/* An skb with a linear part of @head bytes and page fragments of 7, 100 and the other bytes. */
static struct sk_buff *make_paged(const u8 *data, unsigned int len, unsigned int head,
				  bool small, gfp_t gfp)
{
	unsigned int n = min(head, len), first = small ? min(7u, len - n) : 0;
	unsigned int second = small ? min(100u, len - n - first) : 0;
	struct sk_buff *skb = make_linear(data, n, gfp);

	if (!skb)
		return NULL;
	if (add_page(skb, data + n, first, gfp) &&
	    add_page(skb, data + n + first, second, gfp) &&
	    add_page(skb, data + n + first + second, len - n - first - second, gfp))
		return skb;
	kfree_skb(skb);
	return NULL;
}

static struct sk_buff *make_frag_list(const u8 *data, unsigned int len, gfp_t gfp)
{
	struct sk_buff *skb = make_linear(data, len / 2, gfp), *more;

	more = make_linear(data + len / 2, len - len / 2, gfp);
	if (!skb || !more) {
		kfree_skb(skb);
		kfree_skb(more);
		return NULL;
	}
	skb_shinfo(skb)->frag_list = more;
	skb->len += more->len;
	skb->data_len += more->len;
	skb->truesize += more->truesize;
	return skb;
}

/**
 * vtest_skb_new() - make an skb of a frame
 * @data: the frame from the Ethernet header on
 * @len: bytes of it
 * @form: layout; the caller clones it or takes the second reference
 * @gfp: how to allocate
 *
 * Return: the skb, NULL if there is no memory.
 */
struct sk_buff *vtest_skb_new(const u8 *data, unsigned int len, enum vtest_form form,
			      gfp_t gfp)
{
	switch (form) {
	case VTEST_PAGES:
		return make_paged(data, len, ETH_HLEN, true, gfp);
	case VTEST_HEADERS_PAGE:
		return make_paged(data, len, ETH_HLEN + VDHCP_HEADERS, false, gfp);
	case VTEST_FRAG_LIST:
		return make_frag_list(data, len, gfp);
	default:
		return make_linear(data, len, gfp);
	}
}

/**
 * vtest_skb_partial() - make the UDP checksum partial, as guests with checksum offload do
 * @skb: linear, made from @f
 * @f: the frame, changed as well
 */
void vtest_skb_partial(struct sk_buff *skb, struct vtest_frame *f)
{
	unsigned int at = (u8 *)vtest_udp(f) - f->data;
	u8 *udp = f->data + at;

	frame_put_partial_sum((u8 *)vtest_ip(f), udp);
	memcpy(skb->data + at, udp, FRAME_UDP_LEN);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + at;
	skb->csum_offset = FRAME_UDP_SUM_AT;
}

/**
 * vtest_skb_partial_at() - let the host write a checksum anywhere, as a guest can
 * @skb: linear, from the Ethernet header on
 * @at: offset of the checksum
 */
void vtest_skb_partial_at(struct sk_buff *skb, unsigned int at)
{
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + at / 2;
	skb->csum_offset = at - at / 2;
}

/**
 * vtest_skb_tag() - set the hardware-accelerated VLAN tag
 * @skb: the frame
 * @proto: ETH_P_8021Q or ETH_P_8021AD
 * @tci: the tag
 */
void vtest_skb_tag(struct sk_buff *skb, u16 proto, u16 tci)
{
	__vlan_hwaccel_put_tag(skb, htons(proto), tci);
}

/**
 * vtest_skb_differ() - compare bytes of an skb
 * @skb: the skb, with any layout
 * @offset: of the first byte to compare, from skb->data
 * @data: expected bytes
 * @len: bytes at @data
 *
 * Return: offset in @data of the first difference, -1 for none.
 */
int vtest_skb_differ(const struct sk_buff *skb, int offset, const u8 *data, unsigned int len)
{
	unsigned int i;
	u8 got;

	for (i = 0; i < len; i++)
		if (skb_copy_bits(skb, offset + (int)i, &got, 1) || got != data[i])
			return i;
	return -1;
}
