/* SPDX-License-Identifier: GPL-2.0 */
/* A frame as an skb, in any of the shapes in which drivers hand them in. */
#ifndef VDHCP_KUNIT_SKB_H
#define VDHCP_KUNIT_SKB_H

#include "frame.h"

/**
 * enum vtest_form - how the bytes of an skb lie
 * @VTEST_LINEAR: in one piece
 * @VTEST_PAGES: but for the Ethernet header, in three page fragments
 * @VTEST_HEADERS_PAGE: headers in one piece, the message in a page fragment
 * @VTEST_FRAG_LIST: the second half is another skb
 * @VTEST_CLONED: somebody else has the bytes, too
 * @VTEST_SHARED: somebody else has the skb, too
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
void vtest_skb_tag(struct sk_buff *skb, u16 proto, u16 tci);
int vtest_skb_differ(const struct sk_buff *skb, int offset, const u8 *data,
		     unsigned int len);

#endif /* VDHCP_KUNIT_SKB_H */
