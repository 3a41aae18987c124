// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include "draft.h"

enum kind {
	DEC,
	HEX4,
	HEX8,
	ADDR,
	MAC,
	CSUM,
};

static const struct {
	const char *group;
	const char *key;
	enum kind kind;
} fields[DRAFT_N] = {
#define FIELD(constant, group, key, kind) \
	[DRAFT_##constant] = { group, key, kind },
#include "draft-fields.h"
#undef FIELD
};

/* Lengths that follow from the rest unless the text states them. */
static const u32 automatic = 0xffffffff;

/* What a client sends when nothing is said: broadcast, no address yet. */
void draft_request(struct draft *d, const u8 *mac)
{
	static const struct {
		enum draft_field field;
		u32 v;
	} usual[] = {
		{ DRAFT_ETH_TYPE, VDHCP_ETHERTYPE_IPV4 },
		{ DRAFT_IP_VERSION, 4 }, { DRAFT_IP_IHL, automatic },
		{ DRAFT_IP_LEN, automatic }, { DRAFT_IP_TTL, 64 },
		{ DRAFT_IP_PROTO, VDHCP_IP4_UDP },
		{ DRAFT_IP_CSUM, DRAFT_CSUM_GOOD }, { DRAFT_IP_DST, 0xffffffff },
		{ DRAFT_UDP_SPORT, 68 }, { DRAFT_UDP_DPORT, 67 },
		{ DRAFT_UDP_LEN, automatic }, { DRAFT_UDP_CSUM, DRAFT_CSUM_GOOD },
		{ DRAFT_OP, 1 }, { DRAFT_HTYPE, 1 }, { DRAFT_HLEN, 6 },
		{ DRAFT_XID, 0x3903f326 },
		{ DRAFT_ARP_HTYPE, 1 }, { DRAFT_ARP_PTYPE, VDHCP_ETHERTYPE_IPV4 },
		{ DRAFT_ARP_HLEN, 6 }, { DRAFT_ARP_PLEN, 4 }, { DRAFT_ARP_OP, 1 },
	};
	unsigned int i;

	memset(d, 0, sizeof(*d));
	for (i = 0; i < ARRAY_SIZE(usual); i++)
		d->num[usual[i].field] = usual[i].v;
	memset(d->mac[DRAFT_ETH_DST], 0xff, VDHCP_ETH_ALEN);
	memcpy(d->mac[DRAFT_ETH_SRC], mac, VDHCP_ETH_ALEN);
	memcpy(d->mac[DRAFT_ARP_SHA], mac, VDHCP_ETH_ALEN);
	memcpy(d->chaddr, mac, VDHCP_ETH_ALEN);
	d->cookie = VDHCP_COOKIE;
	d->at = &d->options;
}

/* Of a reply everything is stated; lengths must agree with the bytes. */
void draft_reply(struct draft *d)
{
	memset(d, 0, sizeof(*d));
	d->open = true;
	d->at = &d->options;
}

static void set_field(struct draft *d, const struct text *text, unsigned int i,
		      const char *word)
{
	switch (fields[i].kind) {
	case DEC:
		d->num[i] = text_number(text, word, 10);
		break;
	case HEX4:
	case HEX8:
		d->num[i] = text_number(text, word, 16);
		break;
	case ADDR:
		d->num[i] = text_addr(text, word);
		break;
	case MAC:
		text_mac(text, word, d->mac[i]);
		break;
	case CSUM:
		if (!strcmp(word, "good"))
			d->num[i] = DRAFT_CSUM_GOOD;
		else if (!strcmp(word, "bad"))
			d->num[i] = DRAFT_CSUM_BAD;
		else if (!strcmp(word, "partial"))
			d->num[i] = DRAFT_CSUM_PARTIAL;
		else if (!strcmp(word, "zero"))
			d->num[i] = 0;
		else
			d->num[i] = text_number(text, word, 16);
		if (i == DRAFT_UDP_CSUM)
			d->partial = d->num[i] == DRAFT_CSUM_PARTIAL;
		break;
	}
	d->set[i] = true;
}

static bool field_line(struct draft *d, const struct text *text)
{
	const char *group = text->words[0];
	unsigned int i;
	int w;

	for (w = 1; w < text->n; w += 2) {
		for (i = 0; i < DRAFT_N; i++)
			if (!strcmp(fields[i].group, group) &&
			    !strcmp(fields[i].key, text->words[w]))
				break;
		if (i == DRAFT_N)
			text_die(text, "%s has no '%s'", group, text->words[w]);
		if (w + 1 == text->n)
			text_die(text, "'%s' needs a value", text->words[w]);
		set_field(d, text, i, text->words[w + 1]);
	}
	d->arp |= !strcmp(group, "arp");
	return true;
}

/* CODE = VALUE, or CODE LENGTH HEX with a length that may lie. */
static bool option_line(struct draft *d, const struct text *text)
{
	struct bytes value = { 0 };
	u32 code;

	if (text->n < 2)
		text_die(text, "an option needs a value");
	code = text_number(text, text->words[0], 10);
	text_value(text, 2, &value);
	if (code > 255)
		text_die(text, "no such option code");
	bytes_fill(d->at, (u8)code, 1);
	if (strcmp(text->words[1], "="))
		bytes_fill(d->at, (u8)text_number(text, text->words[1], 10), 1);
	else if (value.len > 255)
		text_die(text, "an option of more than 255 bytes must be split");
	else
		bytes_fill(d->at, (u8)value.len, 1);
	bytes_add(d->at, value.data, value.len);
	return true;
}

static void text_field(struct draft *d, const struct text *text, struct bytes *field,
		       u32 part, u32 room)
{
	d->parts |= part;
	if (text->n == 2 && !strcmp(text->words[1], "zero"))
		return;
	text_value(text, 1, field);
	if (field->len > room)
		text_die(text, "%s is too long", text->words[0]);
}

/* [802.1q|802.1ad] VID [prio N], from the word of number @from on. */
struct vdhcp_tag draft_tag(const struct text *text, int from)
{
	struct vdhcp_tag tag = { cpu_to_be16(VDHCP_ETHERTYPE_8021Q), 0 };
	char *const *word = text->words + from;
	char *const *end = text->words + text->n;

	if (word != end && !strcmp(*word, "802.1ad")) {
		tag.proto = cpu_to_be16(VDHCP_ETHERTYPE_8021AD);
		word++;
	} else if (word != end && !strcmp(*word, "802.1q")) {
		word++;
	}
	if (end - word != 1 && (end - word != 3 || strcmp(word[1], "prio")))
		text_die(text, "expected: [802.1q|802.1ad] VID [prio N]");
	tag.tci = (u16)text_number(text, word[0], 10);
	if (end - word == 3)
		tag.tci |= (u16)(text_number(text, word[2], 10) << 13);
	return tag;
}

/* The tag that the device took out is the outermost one. */
static bool tag_line(struct draft *d, const struct text *text)
{
	if (text->n > 1 && !strcmp(text->words[1], "hw")) {
		if (d->hw_tag.proto || d->n_tags)
			text_die(text, "only the first tag can be taken out by the device");
		d->hw_tag = draft_tag(text, 2);
		return true;
	}
	if (d->n_tags == DRAFT_TAGS_MAX)
		text_die(text, "more than %u tags", DRAFT_TAGS_MAX);
	d->tag[d->n_tags++] = draft_tag(text, 1);
	return true;
}

/* One line of the description; false if it is something else. */
bool draft_line(struct draft *d, const struct text *text)
{
	const char *word = text->words[0];
	const char *arg = text->n > 1 ? text->words[1] : "0";
	struct bytes b = { 0 };
	unsigned int i;

	if (!strcmp(word, "tag"))
		return tag_line(d, text);
	if (!strcmp(word, "ip") && !strcmp(arg, "options")) {
		text_value(text, 2, &d->ip_options);
		return true;
	}
	for (i = 0; i < DRAFT_N; i++)
		if (!strcmp(fields[i].group, word))
			return field_line(d, text);
	if (isdigit((unsigned char)*word))
		return option_line(d, text);
	if (!strcmp(word, "chaddr")) {
		text_value(text, 1, &b);
		if (b.len > sizeof(d->chaddr))
			text_die(text, "chaddr is too long");
		memset(d->chaddr, 0, sizeof(d->chaddr));
		memcpy(d->chaddr, b.data, b.len);
		d->parts |= DRAFT_CHADDR;
	} else if (!strcmp(word, "cookie")) {
		d->cookie = text_number(text, arg, 16);
		d->parts |= DRAFT_COOKIE;
	} else if (!strcmp(word, "sname")) {
		text_field(d, text, &d->sname, DRAFT_SNAME, 64);
	} else if (!strcmp(word, "file")) {
		text_field(d, text, &d->file, DRAFT_FILE, 128);
	} else if (!strcmp(word, "in")) {
		d->at = !strcmp(arg, "file") ? &d->file :
			!strcmp(arg, "sname") ? &d->sname : &d->options;
	} else if (!strcmp(word, "pad")) {
		bytes_fill(d->at, 0, text_number(text, arg, 10));
		d->parts |= d->parts & DRAFT_END ? DRAFT_PAD : 0;
	} else if (!strcmp(word, "end")) {
		bytes_fill(d->at, VDHCP_OPT_END, 1);
		if (d->at == &d->options)
			d->parts |= DRAFT_END;
	} else if (!strcmp(word, "no-end")) {
		d->open = true;
	} else if (!strcmp(word, "hex")) {
		text_value(text, 1, d->at);
	} else if (!strcmp(word, "payload")) {
		d->payload = text_number(text, arg, 10);
	} else if (!strcmp(word, "trailer")) {
		text_value(text, 1, &d->trailer);
	} else if (!strcmp(word, "cut")) {
		d->cut = text_number(text, arg, 10);
	} else if (!strcmp(word, "total")) {
		d->cut = text_number(text, arg, 10);
		d->parts |= DRAFT_TOTAL;
	} else if (!strcmp(word, "raw")) {
		d->raw = true;
		text_value(text, 1, &d->options);
	} else {
		return false;
	}
	return true;
}

/* A reply must state each field and part, or it is not compared whole. */
void draft_complete(const struct draft *d, const struct text *text)
{
	bool arp_field, needed;
	struct bytes b;
	unsigned int i;

	for (i = 0; i < DRAFT_N; i++) {
		arp_field = !strcmp(fields[i].group, "arp");
		needed = d->arp ? arp_field || !strcmp(fields[i].group, "eth") : !arp_field;
		if (needed && !d->set[i])
			text_die(text, "the reply does not state '%s %s'",
				 fields[i].group, fields[i].key);
	}
	if ((d->parts & DRAFT_TOTAL) == 0 ||
	    (!d->arp && (d->parts & DRAFT_BOOTP_PARTS) != DRAFT_BOOTP_PARTS))
		text_die(text, "the reply lacks chaddr, sname, file, cookie, end, pad or total");
	draft_build(d, &b);
	if (b.len != d->cut)
		text_die(text, "the reply has %u bytes and says %u", b.len, d->cut);
}

/* RFC 1071, in our own words: the engine's sums are under test. */
u32 draft_sum(const u8 *p, u32 len, u32 sum)
{
	u32 i;

	for (i = 0; i < len; i++)
		sum += i & 1 ? p[i] : (u32)p[i] << 8;
	return sum;
}

u32 draft_fold(u32 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

static u32 checksum(u32 want, u32 sum)
{
	u32 good = draft_fold(sum);

	switch (want) {
	case DRAFT_CSUM_GOOD:
		return good;
	case DRAFT_CSUM_BAD:
		return good == 0x1234 ? 0x4321 : 0x1234;
	default:
		return want;
	}
}

static void build_arp(const struct draft *d, struct bytes *out)
{
	bytes_be(out, d->num[DRAFT_ARP_HTYPE], 2);
	bytes_be(out, d->num[DRAFT_ARP_PTYPE], 2);
	bytes_be(out, d->num[DRAFT_ARP_HLEN], 1);
	bytes_be(out, d->num[DRAFT_ARP_PLEN], 1);
	bytes_be(out, d->num[DRAFT_ARP_OP], 2);
	bytes_add(out, d->mac[DRAFT_ARP_SHA], VDHCP_ETH_ALEN);
	bytes_be(out, d->num[DRAFT_ARP_SPA], 4);
	bytes_add(out, d->mac[DRAFT_ARP_THA], VDHCP_ETH_ALEN);
	bytes_be(out, d->num[DRAFT_ARP_TPA], 4);
}

static void build_message(const struct draft *d, struct bytes *out)
{
	u32 field, size;

	for (field = DRAFT_OP; field <= DRAFT_GIADDR; field++) {
		size = field <= DRAFT_HOPS ? 1 : field == DRAFT_XID ? 4 :
		       field <= DRAFT_FLAGS ? 2 : 4;
		bytes_be(out, d->num[field], size);
	}
	bytes_add(out, d->chaddr, sizeof(d->chaddr));
	bytes_add(out, d->sname.data, d->sname.len);
	bytes_fill(out, 0, 64 - d->sname.len);
	bytes_add(out, d->file.data, d->file.len);
	bytes_fill(out, 0, 128 - d->file.len);
	bytes_be(out, d->cookie, 4);
	bytes_add(out, d->options.data, d->options.len);
	if (!d->open && !(d->parts & DRAFT_END))
		bytes_fill(out, VDHCP_OPT_END, 1);
	if (d->payload && out->len > d->payload)
		out->len = d->payload;
	if (d->payload)
		bytes_fill(out, 0, d->payload - out->len);
	else if (!d->open && out->len < VDHCP_BOOTP_MIN)
		bytes_fill(out, 0, VDHCP_BOOTP_MIN - out->len);
}

static void build_udp(const struct draft *d, struct bytes *out)
{
	struct bytes message = { 0 };
	u8 pseudo[12], *udp = out->data + out->len;
	u32 sum, len, check;

	build_message(d, &message);
	len = d->num[DRAFT_UDP_LEN];
	if (len == automatic)
		len = VDHCP_UDP_HLEN + message.len;
	bytes_be(out, d->num[DRAFT_UDP_SPORT], 2);
	bytes_be(out, d->num[DRAFT_UDP_DPORT], 2);
	bytes_be(out, len, 2);
	bytes_be(out, 0, 2);
	bytes_add(out, message.data, message.len);

	put_unaligned_be32(d->num[DRAFT_IP_SRC], pseudo);
	put_unaligned_be32(d->num[DRAFT_IP_DST], pseudo + 4);
	put_unaligned_be16(VDHCP_IP4_UDP, pseudo + 8);
	put_unaligned_be16((u16)len, pseudo + 10);
	sum = draft_sum(pseudo, sizeof(pseudo), 0);
	if (d->num[DRAFT_UDP_CSUM] == DRAFT_CSUM_PARTIAL) {
		check = ~draft_fold(sum) & 0xffff;
	} else {
		if (len > VDHCP_UDP_HLEN + message.len)
			len = VDHCP_UDP_HLEN + message.len;
		sum = draft_sum(udp, len, sum);
		check = checksum(d->num[DRAFT_UDP_CSUM], sum);
		if (!check && d->num[DRAFT_UDP_CSUM] == DRAFT_CSUM_GOOD)
			check = 0xffff;
	}
	put_unaligned_be16((u16)check, udp + 6);
}

static void build_ip(const struct draft *d, struct bytes *out)
{
	u8 *ip = out->data + out->len;
	u32 hlen, ihl, len, at = out->len;

	hlen = VDHCP_IP4_HLEN + d->ip_options.len;
	ihl = d->num[DRAFT_IP_IHL] == automatic ? hlen / 4 : d->num[DRAFT_IP_IHL];
	bytes_be(out, d->num[DRAFT_IP_VERSION] << 4 | ihl, 1);
	bytes_be(out, d->num[DRAFT_IP_TOS], 1);
	bytes_be(out, 0, 2);
	bytes_be(out, d->num[DRAFT_IP_ID], 2);
	bytes_be(out, d->num[DRAFT_IP_FRAG], 2);
	bytes_be(out, d->num[DRAFT_IP_TTL], 1);
	bytes_be(out, d->num[DRAFT_IP_PROTO], 1);
	bytes_be(out, 0, 2);
	bytes_be(out, d->num[DRAFT_IP_SRC], 4);
	bytes_be(out, d->num[DRAFT_IP_DST], 4);
	bytes_add(out, d->ip_options.data, d->ip_options.len);
	build_udp(d, out);
	len = d->num[DRAFT_IP_LEN] == automatic ? out->len - at : d->num[DRAFT_IP_LEN];
	put_unaligned_be16((u16)len, ip + 2);
	put_unaligned_be16((u16)checksum(d->num[DRAFT_IP_CSUM], draft_sum(ip, hlen, 0)),
			   ip + 10);
}

void draft_build(const struct draft *d, struct bytes *out)
{
	unsigned int i;

	out->len = 0;
	if (d->raw) {
		bytes_add(out, d->options.data, d->options.len);
		return;
	}
	bytes_add(out, d->mac[DRAFT_ETH_DST], VDHCP_ETH_ALEN);
	bytes_add(out, d->mac[DRAFT_ETH_SRC], VDHCP_ETH_ALEN);
	for (i = 0; i < d->n_tags; i++) {
		bytes_be(out, be16_to_cpu(d->tag[i].proto), 2);
		bytes_be(out, d->tag[i].tci, 2);
	}
	bytes_be(out, d->arp && !d->set[DRAFT_ETH_TYPE] ? VDHCP_ETHERTYPE_ARP :
		 d->num[DRAFT_ETH_TYPE], 2);
	if (d->arp)
		build_arp(d, out);
	else
		build_ip(d, out);
	bytes_add(out, d->trailer.data, d->trailer.len);
	if (d->cut && !(d->parts & DRAFT_TOTAL) && out->len > d->cut)
		out->len = d->cut;
}
