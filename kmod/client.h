/* SPDX-License-Identifier: GPL-2.0 */
/* The state of a port's guest. */
#ifndef VDHCP_CLIENT_H
#define VDHCP_CLIENT_H

#include <linux/atomic.h>
#include "engine/wire.h"

struct vdhcp_txn;

/* Units of time as shifts of nanoseconds: 67 ms, and 1 us for @txn_start. */
#define VDHCP_CLIENT_SHIFT	26
#define VDHCP_CLIENT_TXN_SHIFT	10

/**
 * struct vdhcp_client - the state of a port's guest
 * @wrong_mac: MAC of the last packet that was dropped because of its MAC,
 *	encoded as described in client.c; 0 for none
 * @wrong_mac_time: time of that packet, in units of %VDHCP_CLIENT_SHIFT
 * @last_request: time of the last DHCP message, in units of
 *	%VDHCP_CLIENT_SHIFT, wraps after 9 years; 0 for never
 * @txn_start: start of transaction @xid, in units of %VDHCP_CLIENT_TXN_SHIFT,
 *	wraps after 73 minutes; 0 if the transaction has ended
 * @xid: transaction ID of the last DISCOVER or REQUEST
 * @last_verdict: enum vdhcp_verdict of the last DHCP message; present if
 *	@last_request is not 0
 * @bound: the guest holds its address
 *
 * Packets write all members without a lock, see client.c. Only ports that
 * answer DHCPv4 have this state, as part of struct vdhcp_dhcp4_block.
 */
struct vdhcp_client {
	atomic64_t wrong_mac;
	u32 wrong_mac_time;
	u32 last_request;
	u32 txn_start;
	__be32 xid;
	u8 last_verdict;
	bool bound;
};

void vdhcp_client_update(struct vdhcp_client *client, struct vdhcp_txn *txn);
bool vdhcp_client_has_asked(const struct vdhcp_client *client, u64 *ago);
bool vdhcp_client_has_wrong_mac(const struct vdhcp_client *client,
				u8 mac[VDHCP_ETH_ALEN], u64 *ago);
void vdhcp_client_unbind(struct vdhcp_client *client);

#endif /* VDHCP_CLIENT_H */
