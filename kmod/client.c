// SPDX-License-Identifier: GPL-2.0
/*
 * The state of a port's guest. Packets write it on any CPU, with WRITE_ONCE()
 * and without a lock. If two CPUs handle packets of the same port at once, the
 * state may be that of either packet, or some fields may be from one packet and
 * some from the other. That does no harm, because each field is valid by
 * itself. The six bytes of a MAC are in one atomic word, so a reader never sees
 * parts of two MACs. On 64-bit CPUs, writing that word is a plain WRITE_ONCE().
 */
#include <linux/etherdevice.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include "client.h"
#include "engine/engine.h"
#include "event.h"

/* Half of the range of @txn_start, in its own units and in coarse units. */
#define TXN_AGE_MAX	BIT(31)
#define TXN_IDLE_MAX \
	((s32)BIT(31 + VDHCP_CLIENT_TXN_SHIFT - VDHCP_CLIENT_SHIFT))

/* @wrong_mac holds the MAC in its high bits; the lowest bit marks it as set. */
#define WRONG_MAC_SHIFT	16
#define WRONG_MAC_KNOWN	1

/* 0 means "never", so the first unit after boot is rounded up. */
static u32 coarse_time(u64 ns)
{
	return (u32)(ns >> VDHCP_CLIENT_SHIFT) ?: 1;
}

/*
 * A transaction begins with the first message that has its ID. It ends with an
 * ACK, because some clients use the same ID again when they renew hours later.
 * It also ends before the 32-bit start time can wrap, or if the start lies in
 * the future because another CPU stored a newer time.
 */
static void update_transaction(struct vdhcp_client *client,
			       struct vdhcp_txn *txn, s32 idle)
{
	u32 now = (u32)(txn->received >> VDHCP_CLIENT_TXN_SHIFT) ?: 1;
	u32 start = READ_ONCE(client->txn_start);

	if (start && (now - start > TXN_AGE_MAX || idle > TXN_IDLE_MAX)) {
		start = 0;
		WRITE_ONCE(client->txn_start, 0);
	}
	if (txn->message != VDHCP_MESSAGE_DISCOVER &&
	    txn->message != VDHCP_MESSAGE_REQUEST)
		return;
	if (!start || READ_ONCE(client->xid) != txn->xid) {
		start = now;
		WRITE_ONCE(client->xid, txn->xid);
		WRITE_ONCE(client->txn_start, start);
	}
	txn->started = txn->received -
		       ((u64)(now - start) << VDHCP_CLIENT_TXN_SHIFT);
	if (vdhcp_event_of(txn->verdict) == VDHCP_EVENT_ACK)
		WRITE_ONCE(client->txn_start, 0);
}

static void update_bound(struct vdhcp_client *client, struct vdhcp_txn *txn)
{
	switch (vdhcp_event_of(txn->verdict)) {
	case VDHCP_EVENT_ACK:
		txn->first_ack = !READ_ONCE(client->bound);
		WRITE_ONCE(client->bound, true);
		break;
	case VDHCP_EVENT_NAK:
	case VDHCP_EVENT_DECLINE:
	case VDHCP_EVENT_RELEASE:
		WRITE_ONCE(client->bound, false);
		break;
	default:
		break;
	}
}

static void update_wrong_mac(struct vdhcp_client *client, const u8 *mac,
			     u32 now)
{
	u64 word = ether_addr_to_u64(mac) << WRONG_MAC_SHIFT | WRONG_MAC_KNOWN;

	WRITE_ONCE(client->wrong_mac_time, now);
	atomic64_set(&client->wrong_mac, word);
}

/**
 * vdhcp_client_update() - update the state of a guest after a packet
 * @client: the state; NULL if the port never answered DHCPv4, or if the state
 *	is not visible to this CPU yet
 * @txn: the transaction with its verdict; sets @txn->first_ack and
 *	@txn->started, and @txn->received if it is 0 and needed
 *
 * Context: softirq, or BH disabled.
 */
void vdhcp_client_update(struct vdhcp_client *client, struct vdhcp_txn *txn)
{
	s32 idle;
	u32 now;

	txn->first_ack = false;
	txn->started = 0;
	if (!client || (txn->message >= VDHCP_MESSAGES && !txn->wrong_mac))
		return;
	if (!txn->received)
		txn->received = ktime_get_ns();
	now = coarse_time(txn->received);
	if (txn->wrong_mac)
		update_wrong_mac(client, txn->wrong_mac, now);
	if (txn->message >= VDHCP_MESSAGES)
		return;
	idle = now - READ_ONCE(client->last_request);
	WRITE_ONCE(client->last_request, now);
	WRITE_ONCE(client->last_verdict, txn->verdict);
	update_transaction(client, txn, idle);
	/* The state is that of the guest's own MAC. */
	if (txn->conf.mac == txn->conf.port->mac)
		update_bound(client, txn);
}

static u64 elapsed_ms(u32 then)
{
	u32 now = ktime_get_ns() >> VDHCP_CLIENT_SHIFT;
	/* A packet on another CPU may have a later time than this CPU. */
	u64 ago = max_t(s32, now - then, 0);

	return div_u64(ago << VDHCP_CLIENT_SHIFT, NSEC_PER_MSEC);
}

/**
 * vdhcp_client_has_asked() - check whether the guest has sent a DHCP message
 * @client: the state
 * @ago: set to the milliseconds since the last message, with a resolution of
 *	67 ms
 *
 * Context: any.
 * Return: true if it has; otherwise @ago is not set.
 */
bool vdhcp_client_has_asked(const struct vdhcp_client *client, u64 *ago)
{
	u32 then = READ_ONCE(client->last_request);

	if (then)
		*ago = elapsed_ms(then);
	return then;
}

/**
 * vdhcp_client_has_wrong_mac() - check whether a packet had a wrong MAC
 * @client: the state
 * @mac: set to the wrong MAC of the last such packet; it may be the port's MAC
 *	after a later change of the port
 * @ago: set to the milliseconds since that packet, with a resolution of 67 ms
 *
 * Context: any.
 * Return: true if a packet was dropped because of its MAC; otherwise neither
 * @mac nor @ago is set.
 */
bool vdhcp_client_has_wrong_mac(const struct vdhcp_client *client,
				u8 mac[VDHCP_ETH_ALEN], u64 *ago)
{
	u64 word = atomic64_read(&client->wrong_mac);

	if (!(word & WRONG_MAC_KNOWN))
		return false;
	u64_to_ether_addr(word >> WRONG_MAC_SHIFT, mac);
	*ago = elapsed_ms(READ_ONCE(client->wrong_mac_time));
	return true;
}

/**
 * vdhcp_client_unbind() - record that the guest no longer holds an address
 * @client: the state; NULL if the port never answered DHCPv4
 */
void vdhcp_client_unbind(struct vdhcp_client *client)
{
	if (client)
		WRITE_ONCE(client->bound, false);
}
