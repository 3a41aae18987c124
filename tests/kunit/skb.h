/* SPDX-License-Identifier: GPL-2.0 */
/* Frames as skbs, with the layouts that drivers use. */
#ifndef VDHCP_KUNIT_SKB_H
#define VDHCP_KUNIT_SKB_H

#include "frame.h"

/**
 * enum vtest_form - layout of an skb
 * @VTEST_LINEAR: in one piece
 * @VTEST_PAGES: in three page fragments, except the Ethernet header
 * @VTEST_HEADERS_PAGE: headers in one piece, the message in a page fragment
 * @VTEST_FRAG_LIST: the second half is another skb
 * @VTEST_CLONED: the data is shared with a clone
 * @VTEST_SHARED: the skb has a second reference
 */
enum vtest_form {
	VTEST_LINEAR,
	VTEST_PAGES,
	VTEST_HEADERS_PAGE,
	VTEST_FRAG_LIST,
	VTEST_CLONED,
	VTEST_SHARED,
};

struct sk_buff *vtest_skb_new(const u8 *data, unsigned int len, enum vtest_form form,
			      gfp_t gfp);
void vtest_skb_partial(struct sk_buff *skb, struct vtest_frame *f);
void vtest_skb_partial_at(struct sk_buff *skb, unsigned int at);
void vtest_skb_tag(struct sk_buff *skb, u16 proto, u16 tci);
int vtest_skb_differ(const struct sk_buff *skb, int offset, const u8 *data,
		     unsigned int len);

#endif /* VDHCP_KUNIT_SKB_H */
