// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdlib.h>
#include "frame_text.h"

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
} fields[FRAME_FIELDS] = {
#define FIELD(constant, group, key, kind) \
	[FRAME_##constant] = { group, key, kind },
#include <frame/frame-fields.h>
#undef FIELD
};

/* Starts a request: fields that the text does not state are as in a client's first message. */
void frame_text_request(struct frame_text *d, const u8 *mac)
{
	memset(d, 0, sizeof(*d));
	frame_desc_request(&d->desc, mac);
	d->at = &d->options;
}

/* Starts a reply; its text must state everything. */
void frame_text_reply(struct frame_text *d)
{
	memset(d, 0, sizeof(*d));
	d->open = true;
	d->at = &d->options;
}

static void set_field(struct frame_text *d, const struct text *text, unsigned int i,
		      const char *word)
{
	switch (fields[i].kind) {
	case DEC:
		d->desc.num[i] = text_number(text, word, 10);
		break;
	case HEX4:
	case HEX8:
		d->desc.num[i] = text_number(text, word, 16);
		break;
	case ADDR:
		d->desc.num[i] = text_addr(text, word);
		break;
	case MAC:
		text_mac(text, word, d->desc.mac[i]);
		break;
	case CSUM:
		if (!strcmp(word, "good"))
			d->desc.num[i] = FRAME_CSUM_GOOD;
		else if (!strcmp(word, "bad"))
			d->desc.num[i] = FRAME_CSUM_BAD;
		else if (!strcmp(word, "partial"))
			d->desc.num[i] = FRAME_CSUM_PARTIAL;
		else if (!strcmp(word, "zero"))
			d->desc.num[i] = 0;
		else
			d->desc.num[i] = text_number(text, word, 16);
		if (i == FRAME_UDP_CSUM)
			d->partial = d->desc.num[i] == FRAME_CSUM_PARTIAL;
		break;
	}
	d->set[i] = true;
}

static bool field_line(struct frame_text *d, const struct text *text)
{
	const char *group = text->words[0];
	unsigned int i;
	int w;

	for (w = 1; w < text->n; w += 2) {
		for (i = 0; i < FRAME_FIELDS; i++)
			if (!strcmp(fields[i].group, group) &&
			    !strcmp(fields[i].key, text->words[w]))
				break;
		if (i == FRAME_FIELDS)
			text_die(text, "%s has no '%s'", group, text->words[w]);
		if (w + 1 == text->n)
			text_die(text, "'%s' needs a value", text->words[w]);
		set_field(d, text, i, text->words[w + 1]);
	}
	d->desc.arp |= !strcmp(group, "arp");
	return true;
}

/* CODE = VALUE, or CODE LENGTH HEX with a length that may lie. */
static bool option_line(struct frame_text *d, const struct text *text)
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

static void text_field(struct frame_text *d, const struct text *text, struct bytes *field,
		       u32 part, u32 room)
{
	d->parts |= part;
	if (text->n == 2 && !strcmp(text->words[1], "zero"))
		return;
	text_value(text, 1, field);
	if (field->len > room)
		text_die(text, "%s is too long", text->words[0]);
}

/* Parses "[802.1q|802.1ad] VID [prio N]" from word number @from on. */
struct vdhcp_tag frame_text_tag(const struct text *text, int from)
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

/* "tag ..." or, for the outermost tag only, "tag hw ...". */
static bool tag_line(struct frame_text *d, const struct text *text)
{
	struct vdhcp_tag tag;

	if (text->n > 1 && !strcmp(text->words[1], "hw")) {
		if (d->hw_tag.proto || d->desc.n_tags)
			text_die(text, "only the first tag can be taken out by the device");
		d->hw_tag = frame_text_tag(text, 2);
		return true;
	}
	if (d->desc.n_tags == FRAME_TAGS_MAX)
		text_die(text, "more than %u tags", FRAME_TAGS_MAX);
	tag = frame_text_tag(text, 1);
	d->desc.tags[d->desc.n_tags].proto = be16_to_cpu(tag.proto);
	d->desc.tags[d->desc.n_tags++].tci = tag.tci;
	return true;
}

/* Parses one line of the description; returns false if it is another line. */
bool frame_text_line(struct frame_text *d, const struct text *text)
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
	for (i = 0; i < FRAME_FIELDS; i++)
		if (!strcmp(fields[i].group, word))
			return field_line(d, text);
	if (isdigit((unsigned char)*word))
		return option_line(d, text);
	if (!strcmp(word, "chaddr")) {
		text_value(text, 1, &b);
		if (b.len > sizeof(d->desc.chaddr))
			text_die(text, "chaddr is too long");
		memset(d->desc.chaddr, 0, sizeof(d->desc.chaddr));
		memcpy(d->desc.chaddr, b.data, b.len);
		d->parts |= PART_CHADDR;
	} else if (!strcmp(word, "cookie")) {
		d->desc.cookie = text_number(text, arg, 16);
		d->parts |= PART_COOKIE;
	} else if (!strcmp(word, "sname")) {
		text_field(d, text, &d->sname, PART_SNAME, 64);
	} else if (!strcmp(word, "file")) {
		text_field(d, text, &d->file, PART_FILE, 128);
	} else if (!strcmp(word, "in")) {
		d->at = !strcmp(arg, "file") ? &d->file :
			!strcmp(arg, "sname") ? &d->sname : &d->options;
	} else if (!strcmp(word, "pad")) {
		bytes_fill(d->at, 0, text_number(text, arg, 10));
		d->parts |= d->parts & PART_END ? PART_PAD : 0;
	} else if (!strcmp(word, "end")) {
		bytes_fill(d->at, VDHCP_OPT_END, 1);
		if (d->at == &d->options)
			d->parts |= PART_END;
	} else if (!strcmp(word, "no-end")) {
		d->open = true;
	} else if (!strcmp(word, "hex")) {
		text_value(text, 1, d->at);
	} else if (!strcmp(word, "payload")) {
		d->desc.message_len = text_number(text, arg, 10);
	} else if (!strcmp(word, "trailer")) {
		text_value(text, 1, &d->trailer);
	} else if (!strcmp(word, "llc")) {
		text_value(text, 1, &d->llc);
	} else if (!strcmp(word, "partial-at")) {
		d->partial = true;
		d->csum_at = text_number(text, arg, 10);
	} else if (!strcmp(word, "cut")) {
		d->cut = text_number(text, arg, 10);
	} else if (!strcmp(word, "total")) {
		d->cut = text_number(text, arg, 10);
		d->parts |= PART_TOTAL;
	} else if (!strcmp(word, "raw")) {
		d->raw = true;
		text_value(text, 1, &d->options);
	} else {
		return false;
	}
	return true;
}

/* Ends the program if the text of a reply does not state each field and part. */
void frame_text_complete(const struct frame_text *d, const struct text *text)
{
	bool arp_field, needed;
	struct bytes b;
	unsigned int i;

	for (i = 0; i < FRAME_FIELDS; i++) {
		arp_field = !strcmp(fields[i].group, "arp");
		needed = d->desc.arp ? arp_field || !strcmp(fields[i].group, "eth") : !arp_field;
		if (needed && !d->set[i])
			text_die(text, "the reply does not state '%s %s'",
				 fields[i].group, fields[i].key);
	}
	if ((d->parts & PART_TOTAL) == 0 ||
	    (!d->desc.arp && (d->parts & PART_BOOTP_PARTS) != PART_BOOTP_PARTS))
		text_die(text, "the reply lacks chaddr, sname, file, cookie, end, pad or total");
	frame_text_build(d, &b);
	if (b.len != d->cut)
		text_die(text, "the reply has %u bytes and says %u", b.len, d->cut);
}

static struct frame_span make_span(const struct bytes *b)
{
	return (struct frame_span){ b->data, b->len };
}

/* Builds the frame that the text describes. */
void frame_text_build(const struct frame_text *d, struct bytes *out)
{
	struct frame_desc desc = d->desc;

	out->len = 0;
	if (d->raw) {
		bytes_add(out, d->options.data, d->options.len);
		return;
	}
	desc.sname = make_span(&d->sname);
	desc.file = make_span(&d->file);
	desc.ip_options = make_span(&d->ip_options);
	desc.llc = make_span(&d->llc);
	desc.options = make_span(&d->options);
	desc.trailer = make_span(&d->trailer);
	desc.add_end = !d->open && !(d->parts & PART_END);
	desc.message_min = d->open ? 0 : FRAME_MESSAGE_MIN;
	out->len = frame_build(&desc, out->data, sizeof(out->data));
	if (!out->len)
		abort();
	if (d->cut && !(d->parts & PART_TOTAL) && out->len > d->cut)
		out->len = d->cut;
}

/* Returns the offset in the frame of the checksum that the device calls partial. */
u32 frame_text_csum_at(const struct frame_text *d)
{
	return d->csum_at ? d->csum_at :
	       FRAME_ETH_LEN + d->desc.n_tags * FRAME_TAG_LEN + d->llc.len + FRAME_IP_LEN +
	       d->ip_options.len + FRAME_UDP_SUM_AT;
}
