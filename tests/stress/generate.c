// SPDX-License-Identifier: GPL-2.0
/*
 * Any frame that a guest, or an attacker in a guest, might send.
 *
 * Every frame that a tap takes reaches the ingress hook, except frames that end within or
 * right after their outermost tag (TAG_ENDLESS): the core removes that tag first, needs two
 * more bytes for that, and drops shorter frames without counting them. GRO merges no frames
 * here, because each frame is alone in its NAPI poll.
 */
#include <linux/if_ether.h>
#include <string.h>

#include "oracle.h"
#include "generate.h"

/* Range of most jumbo frames. */
#define LONG		7600
/* What the kernel accepts from a tap with TAP_FRAGS. */
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
	[MUTATED] = "mutated", [ARP] = "arp", [NOISE] = "noise", [OTHER_TYPE] = "other-type",
};

const char *kind_name(unsigned int kind)
{
	return names[kind];
}

/* A length in bytes; most are near a page of the kernel. */
size_t any_length(struct generator *g)
{
	switch (rng_below(g->rng, 4)) {
	case 0:
		return 3500 + rng_below(g->rng, 1000);
	case 1:
		return rng_below(g->rng, LONGEST);
	default:
		return 1400 + rng_below(g->rng, LONG);
	}
}

/* Cuts the frame; its length fields stay. */
void cut_short(struct generator *g)
{
	const size_t dhcp = g->udp ? g->udp + FRAME_UDP_LEN : 0;
	const struct { unsigned int kind; size_t from, to; } layers[] = {
		{ CUT_ETHERNET, g->eth, g->eth + FRAME_ETH_LEN },
		{ CUT_TAG, g->eth + FRAME_ETH_LEN, g->l3 },
		{ CUT_TAG, g->eth + FRAME_ETH_LEN, g->l3 },
		{ CUT_TAG, g->eth + FRAME_ETH_LEN, g->l3 },
		{ CUT_IP, g->l3, g->udp ?: g->frame->len },
		{ CUT_UDP, g->udp, dhcp },
		{ CUT_BOOTP, dhcp, dhcp + FRAME_BOOTP_LEN },
		{ CUT_MAGIC, dhcp + FRAME_BOOTP_LEN, dhcp + FRAME_OPTIONS_AT },
		{ CUT_OPTIONS, dhcp + FRAME_OPTIONS_AT, g->end },
	};
	const unsigned int n = g->udp ? sizeof(layers) / sizeof(*layers) : 5;
	unsigned int i = rng_below(g->rng, n);
	size_t to;

	if (layers[i].to <= layers[i].from)
		i = 4;
	if (layers[i].to <= layers[i].from)
		return;
	to = layers[i].from + rng_below(g->rng, (uint32_t)(layers[i].to - layers[i].from));
	if (to >= g->frame->len)
		return;
	g->frame->len = to;
	set_kind(g, layers[i].kind);
}

static void put_arp(struct generator *g)
{
	unsigned int subnet = rng_below(g->rng, SUBNETS);
	uint8_t mac[FRAME_MAC_LEN];
	struct frame_desc desc;

	put_mac(mac, g->guest);
	frame_desc_request(&desc, mac);
	desc.num[FRAME_ARP_SPA] = one_in(g->rng, 4) ? 0 : own_addr(g->guest, subnet);
	desc.num[FRAME_ARP_TPA] = one_in(g->rng, 8) ? rng_below(g->rng, ANY) :
						      server_addr(g->rng, subnet);
	g->frame->len = g->l3 + frame_put_arp(&desc, g->frame->buf + g->l3);
	set_kind(g, ARP);
}

static void put_noise(struct generator *g)
{
	size_t len = rng_below(g->rng, 400), random;

	if (one_in(g->rng, 16)) {
		len = any_length(g);
		set_kind(g, JUMBO);
	}
	random = len < 64 ? len : 64;
	fill_random(g->rng, g->frame->buf + g->l3, random);
	memset(g->frame->buf + g->l3 + random, 0x45, len - random);
	g->frame->len = g->l3 + len;
	set_kind(g, NOISE);
}

static void put_other(struct generator *g)
{
	static const uint16_t types[] = { ETH_P_IPV6, ETH_P_LLDP, 0x0842, ETH_P_PAE, ETH_P_QINQ1,
					  ETH_P_TEB, 0x0100 };
	size_t len = 46 + rng_below(g->rng, 100);

	put_ethernet(g, types[rng_below(g->rng, sizeof(types) / sizeof(*types))]);
	fill_random(g->rng, g->frame->buf + g->l3, len);
	g->frame->len = g->l3 + len;
	set_kind(g, OTHER_TYPE);
}

/* Changes random bytes, except the transaction id. */
static void mutate(struct generator *g)
{
	size_t xid = g->udp ? g->udp + FRAME_UDP_LEN + FRAME_XID_AT : 0, at;
	unsigned int n = 1 + rng_below(g->rng, 3);

	for (; n; n--) {
		at = g->eth + rng_below(g->rng, (uint32_t)(g->frame->len - g->eth));
		if (!xid || at < xid || at >= xid + 4)
			g->frame->buf[at] ^= (uint8_t)(1 + rng_below(g->rng, 255));
	}
	set_kind(g, MUTATED);
}

/* The same test as in skb_vlan_untag(). */
static bool ends_in_tag(const struct generator *g)
{
	const uint8_t *type = g->frame->buf + g->eth + FRAME_ETH_TYPE_AT;
	size_t len = g->frame->len - g->eth;

	return len >= FRAME_ETH_LEN && len < FRAME_ETH_LEN + FRAME_TAG_LEN + 2 &&
	       (frame_get16(type) == FRAME_TYPE_8021Q || frame_get16(type) == FRAME_TYPE_8021AD);
}

/**
 * generate_frame() - generate a random frame
 * @frame: filled in
 * @rng: random numbers
 * @guest: number of the guest that sends it
 * @tap: enum tap_flags of the tap
 */
void generate_frame(struct tap_write *frame, struct rng *rng, unsigned int guest, unsigned int tap)
{
	struct generator g = {
		.frame = frame, .rng = rng, .guest = guest, .tap = tap,
		.eth = tap & TAP_VNET ? VNET_LEN : 0,
	};
	unsigned int kind = rng_below(rng, 32);

	frame->kinds = 0;
	frame->n_cuts = 0;
	g.mutated = one_in(rng, 10);
	if (kind < 24) {
		g.open = tap & TAP_VNET && one_in(rng, 3);
		put_ethernet(&g, FRAME_TYPE_IP);
		put_dhcp(&g);
	} else if (kind < 27) {
		put_ethernet(&g, FRAME_TYPE_ARP);
		put_arp(&g);
	} else if (kind < 30) {
		put_ethernet(&g, one_in(rng, 4) ? FRAME_TYPE_ARP : FRAME_TYPE_IP);
		put_noise(&g);
	} else {
		put_other(&g);
	}
	if (kind >= 24 && one_in(rng, 8))
		cut_short(&g);
	if (g.mutated && frame->len > g.eth)
		mutate(&g);
	if (ends_in_tag(&g))
		set_kind(&g, TAG_ENDLESS);
	if (g.tap & TAP_VNET)
		put_vnet(&g);
	if (frame->len > g.eth)
		put_cuts(&g);
	if (g.number)
		remember_request(&g);
}
