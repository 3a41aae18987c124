// SPDX-License-Identifier: GPL-2.0
/*
 * Any frame that a guest might send, or an attacker in it.
 *
 * What a tap takes gets as far as the ingress hook, but for frames that end within their
 * only or first tag or right behind it (TAG_ENDLESS): there the core takes the tag off
 * first, wants two bytes more than the tag for that, drops what has less, and counts it
 * nowhere. GRO joins nothing here, as each frame is all that there is in its round.
 */
#include <linux/if_ether.h>
#include <string.h>

#include "judge.h"
#include "make.h"

/* Of a jumbo frame, as such go. */
#define LONG		7600
/* What the kernel takes from a tap that makes fragments. */
#define LONGEST		65471

static const char * const names[FRAME_KINDS] = {
	[TAGS_1] = "1-tag", [TAGS_2] = "2-tags", [TAGS_3] = "3-tags", [TAGS_4] = "4-tags",
	[TAG_AD] = "802.1ad", [TAG_PRIORITY] = "priority-tag", [TAG_ENDLESS] = "ends-in-tag",
	[CUT_ETHERNET] = "cut-ethernet", [CUT_TAG] = "cut-tag", [CUT_IP] = "cut-ip",
	[CUT_UDP] = "cut-udp", [CUT_BOOTP] = "cut-bootp", [CUT_MAGIC] = "cut-magic",
	[CUT_OPTIONS] = "cut-options", [CUT_TOLD] = "short-message",
	[IP4_MORE] = "ip-length-more", [IP4_LESS] = "ip-length-less",
	[UDP_MORE] = "udp-length-more", [UDP_LESS] = "udp-length-less",
	[TRAILING] = "trailing", [JUMBO] = "jumbo",
	[FRAGMENT_FIRST] = "first-fragment", [FRAGMENT_MIDDLE] = "middle-fragment",
	[FRAGMENT_LAST] = "last-fragment", [IP4_DF] = "df", [IP4_EVIL] = "evil-bit",
	[IP4_OPTIONS] = "ip-options", [IP4_OPTIONS_CUT] = "ip-options-cut", [IP4_IHL] = "ihl",
	[IP4_VERSION] = "ip-version", [IP4_TTL_0] = "ttl-0", [IP4_PROTOCOL] = "ip-protocol",
	[IP4_SUM] = "ip-sum", [UDP_SUM] = "udp-sum", [UDP_NO_SUM] = "no-udp-sum",
	[DHCP_MANY] = "many-options", [DHCP_LONG] = "long-options",
	[DHCP_PIECES] = "options-in-pieces", [DHCP_OVERLOAD] = "overload",
	[NONLINEAR] = "non-linear", [SPLIT] = "split",
	[VNET_CSUM] = "partial-sum", [VNET_CSUM_OPTIONS] = "partial-sum-in-options",
	[VNET_CSUM_ANY] = "partial-sum-anywhere", [VNET_HDR_LEN] = "hdr-len",
	[GSO_UDP] = "gso-udp", [GSO_UDP_L4] = "gso-udp-l4", [GSO_TCP4] = "gso-tcp4",
	[GSO_TCP6] = "gso-tcp6", [GSO_ECN] = "gso-ecn",
	[SPOILED] = "spoiled", [ARP] = "arp", [NOISE] = "noise", [OTHER_TYPE] = "other-type",
};

const char *frame_kind_name(unsigned int kind)
{
	return names[kind];
}

/* In bytes; most are of the size that one page of the kernel's has or has not room for. */
size_t any_length(struct draft *d)
{
	switch (rng_below(d->rng, 4)) {
	case 0:
		return 3500 + rng_below(d->rng, 1000);
	case 1:
		return rng_below(d->rng, LONGEST);
	default:
		return 1400 + rng_below(d->rng, LONG);
	}
}

/* The frame ends early, and nothing in it says so. */
void cut_short(struct draft *d)
{
	const size_t dhcp = d->udp ? d->udp + FRAME_UDP_LEN : 0;
	const struct { unsigned int kind; size_t from, to; } layers[] = {
		{ CUT_ETHERNET, d->eth, d->eth + FRAME_ETH_LEN },
		{ CUT_TAG, d->eth + FRAME_ETH_LEN, d->l3 },
		{ CUT_TAG, d->eth + FRAME_ETH_LEN, d->l3 },
		{ CUT_TAG, d->eth + FRAME_ETH_LEN, d->l3 },
		{ CUT_IP, d->l3, d->udp ?: d->frame->len },
		{ CUT_UDP, d->udp, dhcp },
		{ CUT_BOOTP, dhcp, dhcp + FRAME_BOOTP_LEN },
		{ CUT_MAGIC, dhcp + FRAME_BOOTP_LEN, dhcp + FRAME_OPTIONS_AT },
		{ CUT_OPTIONS, dhcp + FRAME_OPTIONS_AT, d->end },
	};
	const unsigned int n = d->udp ? sizeof(layers) / sizeof(*layers) : 5;
	unsigned int i = rng_below(d->rng, n);
	size_t to;

	if (layers[i].to <= layers[i].from)
		i = 4;
	if (layers[i].to <= layers[i].from)
		return;
	to = layers[i].from + rng_below(d->rng, (uint32_t)(layers[i].to - layers[i].from));
	if (to >= d->frame->len)
		return;
	d->frame->len = to;
	is_kind(d, layers[i].kind);
}

static void put_arp(struct draft *d)
{
	unsigned int subnet = rng_below(d->rng, SUBNETS);
	uint8_t mac[FRAME_MAC_LEN];
	struct frame_desc desc;

	put_mac(mac, d->guest);
	frame_desc_request(&desc, mac);
	desc.num[FRAME_ARP_SPA] = one_in(d->rng, 4) ? 0 : own_addr(d->guest, subnet);
	desc.num[FRAME_ARP_TPA] = one_in(d->rng, 8) ? rng_below(d->rng, ANY) :
						      server_addr(d->rng, subnet);
	d->frame->len = d->l3 + frame_put_arp(&desc, d->frame->buf + d->l3);
	is_kind(d, ARP);
}

static void put_noise(struct draft *d)
{
	size_t len = rng_below(d->rng, 400), random;

	if (one_in(d->rng, 16)) {
		len = any_length(d);
		is_kind(d, JUMBO);
	}
	random = len < 64 ? len : 64;
	fill(d->rng, d->frame->buf + d->l3, random);
	memset(d->frame->buf + d->l3 + random, 0x45, len - random);
	d->frame->len = d->l3 + len;
	is_kind(d, NOISE);
}

static void put_other(struct draft *d)
{
	static const uint16_t types[] = { ETH_P_IPV6, ETH_P_LLDP, 0x0842, ETH_P_PAE, ETH_P_QINQ1,
					  ETH_P_TEB, 0x0100 };
	size_t len = 46 + rng_below(d->rng, 100);

	put_ethernet(d, types[rng_below(d->rng, sizeof(types) / sizeof(*types))]);
	fill(d->rng, d->frame->buf + d->l3, len);
	d->frame->len = d->l3 + len;
	is_kind(d, OTHER_TYPE);
}

/* Other bytes, but for those by which the answer is known. */
static void spoil(struct draft *d)
{
	size_t xid = d->udp ? d->udp + FRAME_UDP_LEN + FRAME_XID_AT : 0, at;
	unsigned int n = 1 + rng_below(d->rng, 3);

	for (; n; n--) {
		at = d->eth + rng_below(d->rng, (uint32_t)(d->frame->len - d->eth));
		if (!xid || at < xid || at >= xid + 4)
			d->frame->buf[at] ^= (uint8_t)(1 + rng_below(d->rng, 255));
	}
	is_kind(d, SPOILED);
}

/* The core's test, and its only one (skb_vlan_untag()). */
static bool ends_in_tag(const struct draft *d)
{
	const uint8_t *type = d->frame->buf + d->eth + FRAME_ETH_TYPE_AT;
	size_t len = d->frame->len - d->eth;

	return len >= FRAME_ETH_LEN && len < FRAME_ETH_LEN + FRAME_TAG_LEN + 2 &&
	       (frame_get16(type) == FRAME_TYPE_8021Q || frame_get16(type) == FRAME_TYPE_8021AD);
}

/**
 * frame_random() - any frame
 * @frame: made anew
 * @rng: what decides
 * @guest: who sends it
 * @tap: what the tap is that it is for
 */
void frame_random(struct frame *frame, struct rng *rng, unsigned int guest, unsigned int tap)
{
	struct draft d = {
		.frame = frame, .rng = rng, .guest = guest, .tap = tap,
		.eth = tap & TAP_VNET ? VNET_LEN : 0,
	};
	unsigned int kind = rng_below(rng, 32);

	frame->kinds = 0;
	frame->n_cuts = 0;
	d.spoiled = one_in(rng, 10);
	if (kind < 24) {
		d.open = tap & TAP_VNET && one_in(rng, 3);
		put_ethernet(&d, FRAME_TYPE_IP);
		put_dhcp(&d);
	} else if (kind < 27) {
		put_ethernet(&d, FRAME_TYPE_ARP);
		put_arp(&d);
	} else if (kind < 30) {
		put_ethernet(&d, one_in(rng, 4) ? FRAME_TYPE_ARP : FRAME_TYPE_IP);
		put_noise(&d);
	} else {
		put_other(&d);
	}
	if (kind >= 24 && one_in(rng, 8))
		cut_short(&d);
	if (d.spoiled && frame->len > d.eth)
		spoil(&d);
	if (ends_in_tag(&d))
		is_kind(&d, TAG_ENDLESS);
	if (d.tap & TAP_VNET)
		put_vnet(&d);
	if (frame->len > d.eth)
		put_cuts(&d);
	if (d.number)
		remember(&d);
}
