/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VDHCP_XMIT_H
#define VDHCP_XMIT_H

#include <linux/types.h>

struct net_device;
struct sk_buff;

/**
 * struct vdhcp_tag - a VLAN tag, or none
 * @proto: ETH_P_8021Q or ETH_P_8021AD in network byte order, 0 for none
 * @tci: priority and VLAN id
 */
struct vdhcp_tag {
	__be16 proto;
	u16 tci;
};

struct sk_buff *vdhcp_xmit_alloc(struct net_device *dev, unsigned int room);
int vdhcp_xmit_send(struct sk_buff *reply, struct vdhcp_tag tag, unsigned int len);

#endif /* VDHCP_XMIT_H */
