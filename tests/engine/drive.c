// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include "drive.h"
#include "poison.h"

/* Look for the options of events, too. What counts instructions does not. */
static bool has_listeners;

/* As the hook does it. All addresses are of the same subnet here. */
static void select_client(struct vdhcp_txn *txn, const struct compiled *port)
{
	const struct vdhcp_listed_mac *listed = vdhcp_engine_listed_mac(txn);

	if (!listed)
		return;
	txn->conf.mac = listed->mac;
	txn->conf.addr = port->addresses.entry[listed->index].ip4;
}

void drive_frame(const struct compiled *port, const struct drive_input *in, u8 *out,
		 struct drive *result)
{
	struct vdhcp_txn txn;

	memset(result, 0, sizeof(*result));
	result->message = -1;
	/* What the engine does not set must not matter. */
	poison_fill(&txn, sizeof(txn), poison_byte);
	vdhcp_txn_init(&txn);
	txn.conf = port->conf;
	txn.conf.vlan = port->vlan;
	txn.frame.csum_ok = in->csum_ok || in->partial;
	txn.frame.csum_at = in->partial ? (s32)in->csum_at - VDHCP_ETH_HLEN : VDHCP_CSUM_NONE;
	txn.frame.gso = false;
	result->verdict = vdhcp_txn_parse(&txn, in->data, in->len, in->hw_tag);
	if (result->verdict != VDHCP_VERDICT_CONTINUE)
		return;
	select_client(&txn, port);
	result->verdict = vdhcp_engine_answer(&txn, out, &result->len);
	poison_check(out, result->len);
	result->notes = txn.notes;
	if (txn.message < VDHCP_MESSAGES)
		result->message = txn.message;
	if (!result->len)
		return;
	result->tag = txn.frame.tag;
	if (!has_listeners)
		return;
	vdhcp_txn_has_option(&txn, VDHCP_OPT_HOST_NAME, &result->host);
	vdhcp_txn_has_option(&txn, VDHCP_OPT_VENDOR_CLASS, &result->vendor);
}

static u8 *alloc_block(u32 len)
{
	u8 *p = malloc(len ? len : 1);

	if (!p)
		abort();
	return p;
}

/* Was anything written after a reply of ARP, whose buffer is shorter? */
static bool is_spilled(const struct drive *result, const u8 *out, u8 poison)
{
	u32 i;

	if (result->verdict != VDHCP_VERDICT_ARP_REPLY)
		return false;
	for (i = VDHCP_ARP_FRAME; i < VDHCP_FRAME_MAX; i++)
		if (out[i] != poison)
			return true;
	return false;
}

const char *drive_checked(const struct compiled *port, const struct drive_input *in,
			  u8 *out, struct drive *result)
{
	u32 len = in->len;
	/* Once at an even address and once at an odd one. */
	u8 *even = alloc_block(len), *odd = alloc_block(len + 1);
	u8 *first = alloc_block(VDHCP_FRAME_MAX);
	u8 *second = alloc_block(VDHCP_FRAME_MAX + 1);
	const char *wrong = NULL;
	struct drive_input copy = *in;
	struct drive again;

	memcpy(even, in->data, len);
	memcpy(odd + 1, in->data, len);
	poison_fill(first, VDHCP_FRAME_MAX, 0xa5);
	poison_fill(second, VDHCP_FRAME_MAX + 1, 0x5a);
	has_listeners = true;
	copy.data = even;
	drive_frame(port, &copy, first, result);
	copy.data = odd + 1;
	drive_frame(port, &copy, second + 1, &again);
	has_listeners = false;
	poison_known(first, VDHCP_FRAME_MAX);
	poison_known(second, VDHCP_FRAME_MAX + 1);
	if (memcmp(even, in->data, len) || memcmp(odd + 1, in->data, len))
		wrong = "the request was written to";
	else if (result->len > VDHCP_FRAME_MAX || is_spilled(result, first, 0xa5) ||
		 is_spilled(&again, second + 1, 0x5a))
		wrong = "the reply is longer than its buffer";
	else if (again.verdict != result->verdict || again.len != result->len ||
		 again.notes != result->notes || again.message != result->message ||
		 memcmp(first, second + 1, result->len))
		wrong = "two answers to one frame, or bytes of it that were not written";
	else if (vdhcp_verdict_replies(result->verdict) != !!result->len)
		wrong = "the verdict and the reply do not agree";
	if (!wrong)
		memcpy(out, first, result->len);
	free(even);
	free(odd);
	free(first);
	free(second);
	return wrong;
}
