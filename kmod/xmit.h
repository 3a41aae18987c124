/* SPDX-License-Identifier: GPL-2.0 */
/* Sending replies. */
#ifndef VDHCP_XMIT_H
#define VDHCP_XMIT_H

#include "engine/frame.h"

struct net_device;
struct sk_buff;

struct sk_buff *vdhcp_xmit_alloc(struct net_device *dev, unsigned int room);
int vdhcp_xmit_send(struct sk_buff *reply, struct vdhcp_tag tag,
		    unsigned int len);

#endif /* VDHCP_XMIT_H */
