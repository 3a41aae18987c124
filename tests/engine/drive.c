// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include "drive.h"
#include "poison.h"

/* Somebody listens to events: who counts what a request costs does not. */
static bool listened;

static int arp(const struct vdhcp_conf *conf, const struct vdhcp_packet *pkt, u8 *out,
	       struct drive *result)
{
	int verdict = vdhcp_arp_decide(conf, pkt);

	if (vdhcp_verdict_replies(verdict))
		result->len = vdhcp_arp_write(conf, pkt, out);
	poison_check(out, result->len);
	return verdict;
}

static int dhcp4(const struct vdhcp_conf *conf, const struct vdhcp_packet *pkt, u8 *out,
		 struct drive *result)
{
	struct vdhcp_frame frame;
	struct vdhcp_dhcp4 req;
	int verdict;

	/* The hook copies what is longer into no buffer at all. */
	if (pkt->len > VDHCP_IP4_MAX)
		return VDHCP_VERDICT_TOO_LONG;
	/* What the engine does not set must not matter. */
	poison_fill(&frame, sizeof(frame), poison_byte);
	verdict = vdhcp_frame_check(conf, pkt, &frame);
	if (verdict != VDHCP_CONTINUE)
		return verdict;
	poison_fill(&req, sizeof(req), poison_byte);
	verdict = vdhcp_dhcp4_parse(conf, &frame, &req);
	result->message = req.message;
	if (verdict == VDHCP_CONTINUE && listened) {
		vdhcp_dhcp4_option(&req, VDHCP_OPT_HOST_NAME, &result->host);
		vdhcp_dhcp4_option(&req, VDHCP_OPT_VENDOR_CLASS, &result->vendor);
	}
	if (verdict == VDHCP_CONTINUE)
		verdict = vdhcp_dhcp4_decide(conf, &req);
	if (vdhcp_verdict_replies(verdict)) {
		result->len = vdhcp_dhcp4_write(conf, &req, out);
		poison_check(out, result->len);
		if (!result->len)
			verdict = VDHCP_VERDICT_NO_ROOM;
	}
	result->notes = req.notes;
	return verdict;
}

void drive_frame(const struct vdhcp_conf *conf, const u8 *frame, u32 len, bool csum_ok,
		 u8 *out, struct drive *result)
{
	struct vdhcp_packet pkt;
	enum vdhcp_class class;

	memset(result, 0, sizeof(*result));
	result->verdict = VDHCP_NOT_OURS;
	result->message = -1;
	if (len < VDHCP_ETH_HLEN)
		return;
	pkt.eth = (const struct vdhcp_eth *)frame;
	pkt.l3 = frame + VDHCP_ETH_HLEN;
	pkt.len = len - VDHCP_ETH_HLEN;
	pkt.csum_ok = csum_ok;
	class = vdhcp_frame_classify(get_unaligned_be16(&pkt.eth->type), pkt.l3, pkt.len);
	if (class == VDHCP_CLASS_OTHER)
		return;
	if (class == VDHCP_CLASS_ARP) {
		result->verdict = arp(conf, &pkt, out, result);
		return;
	}
	result->verdict = vdhcp_frame_claim(conf, class, pkt.eth,
					    (const struct vdhcp_ip4 *)pkt.l3);
	if (result->verdict == VDHCP_CONTINUE)
		result->verdict = dhcp4(conf, &pkt, out, result);
}

static u8 *block(u32 len)
{
	u8 *p = malloc(len ? len : 1);

	if (!p)
		abort();
	return p;
}

/* Did anybody write behind the answer to ARP, for which there is less room? */
static bool spilled(const struct drive *result, const u8 *out, u8 poison)
{
	u32 i;

	if (result->verdict != VDHCP_VERDICT_ARP_REPLY)
		return false;
	for (i = VDHCP_ARP_FRAME; i < VDHCP_FRAME_MAX; i++)
		if (out[i] != poison)
			return true;
	return false;
}

const char *drive_checked(const struct vdhcp_conf *conf, const u8 *frame, u32 len,
			  bool csum_ok, u8 *out, struct drive *result)
{
	/* Once at an even address and once at an odd one. */
	u8 *even = block(len), *odd = block(len + 1);
	u8 *first = block(VDHCP_FRAME_MAX), *second = block(VDHCP_FRAME_MAX + 1);
	const char *wrong = NULL;
	struct drive again;

	memcpy(even, frame, len);
	memcpy(odd + 1, frame, len);
	poison_fill(first, VDHCP_FRAME_MAX, 0xa5);
	poison_fill(second, VDHCP_FRAME_MAX + 1, 0x5a);
	listened = true;
	drive_frame(conf, even, len, csum_ok, first, result);
	drive_frame(conf, odd + 1, len, csum_ok, second + 1, &again);
	listened = false;
	poison_known(first, VDHCP_FRAME_MAX);
	poison_known(second, VDHCP_FRAME_MAX + 1);
	if (memcmp(even, frame, len) || memcmp(odd + 1, frame, len))
		wrong = "the request was written to";
	else if (result->len > VDHCP_FRAME_MAX || spilled(result, first, 0xa5) ||
		 spilled(&again, second + 1, 0x5a))
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
