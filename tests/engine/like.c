// SPDX-License-Identifier: GPL-2.0
/*
 * "reply like TOPIC/NAME": the reply of another vector, and what differs.
 *
 * Fields that are stated replace those of the other reply. An option that is stated
 * replaces the options of its code in their place; one of a new code goes to the end.
 * "without CODE ..." removes options, "options CODE ..." states their order. Lengths and
 * padding follow from that unless they are stated.
 */
#include <stdlib.h>
#include "like.h"

#define CODES_MAX 256
/* Padding to the usual 300 bytes. */
#define PAD_AUTO 0xffffffff

/**
 * struct like - what differs from the other reply
 * @stated: options that are stated, with code and length
 * @order: codes in the order of the reply, if @n_order is not 0
 * @n_order: entries of @order
 * @without: codes that are removed
 */
struct like {
	struct bytes stated;
	u8 order[CODES_MAX];
	u32 n_order;
	bool without[CODES_MAX];
};

static u8 read_code(const struct text *text, const char *word)
{
	u32 code = text_number(text, word, 10);

	if (!code || code >= VDHCP_OPT_END)
		text_die(text, "'%s' is not an option code, expected 1 to 254", word);
	return (u8)code;
}

/* The next option from @at on; false at END, PAD or the end of @b. */
static bool next_option(const struct bytes *b, u32 at, u32 *len)
{
	if (at >= b->len || b->data[at] == VDHCP_OPT_END || b->data[at] == VDHCP_OPT_PAD)
		return false;
	if (at + 2 > b->len || at + 2 + b->data[at + 1] > b->len)
		return false;
	*len = 2u + b->data[at + 1];
	return true;
}

static bool has_option(const struct bytes *b, u8 code)
{
	u32 at, len;

	for (at = 0; next_option(b, at, &len); at += len)
		if (b->data[at] == code)
			return true;
	return false;
}

/* Appends the options of @from that have this code. */
static void add_options(struct bytes *to, const struct bytes *from, u8 code)
{
	u32 at, len;

	for (at = 0; next_option(from, at, &len); at += len)
		if (from->data[at] == code)
			bytes_add(to, from->data + at, len);
}

/* Lists each code of @b once; those in @seen are left out. */
static void list_codes(const struct bytes *b, bool *seen, struct like *like)
{
	u32 at, len;

	for (at = 0; next_option(b, at, &len); at += len) {
		if (seen[b->data[at]])
			continue;
		seen[b->data[at]] = true;
		like->order[like->n_order++] = b->data[at];
	}
}

/* Merges what is stated with the options of the other reply, and adds END. */
static void merge_options(struct frame_text *d, const struct text *text, struct like *like)
{
	struct bytes *merged = calloc(1, sizeof(*merged));
	bool seen[CODES_MAX];
	u32 i;

	if (!merged)
		abort();
	memcpy(seen, like->without, sizeof(seen));
	if (!like->n_order) {
		list_codes(&d->options, seen, like);
		list_codes(&like->stated, seen, like);
	}
	for (i = 0; i < like->n_order; i++) {
		if (has_option(&like->stated, like->order[i]))
			add_options(merged, &like->stated, like->order[i]);
		else if (has_option(&d->options, like->order[i]))
			add_options(merged, &d->options, like->order[i]);
		else
			text_die(text, "option %u has no value here", like->order[i]);
	}
	bytes_fill(merged, VDHCP_OPT_END, 1);
	d->options = *merged;
	free(merged);
}

/* What follows from the options, unless it is stated. */
static void set_lengths(struct frame_text *d, u32 pad)
{
	u32 len = VDHCP_BOOTP_LEN + d->options.len;

	if (pad == PAD_AUTO)
		pad = len < VDHCP_BOOTP_MIN ? VDHCP_BOOTP_MIN - len : 0;
	bytes_fill(&d->options, 0, pad);
	len += pad + VDHCP_UDP_HLEN;
	if (!d->set[FRAME_UDP_TOTAL])
		d->desc.num[FRAME_UDP_TOTAL] = len;
	len += VDHCP_IP4_HLEN + d->ip_options.len;
	if (!d->set[FRAME_IP_TOTAL])
		d->desc.num[FRAME_IP_TOTAL] = len;
	if (!(d->parts & PART_TOTAL))
		d->cut = VDHCP_ETH_HLEN + len + d->trailer.len;
	d->set[FRAME_UDP_TOTAL] = true;
	d->set[FRAME_IP_TOTAL] = true;
	d->parts |= PART_TOTAL;
}

/* Reads the first reply of the vector TOPIC/NAME, in the same tree as this vector. */
static void read_other(struct frame_text *d, const struct text *text, const char *name)
{
	struct text *other = malloc(sizeof(*other));
	const char *slash = strrchr(text->path, '/');
	char path[4096];

	if (!other)
		abort();
	while (slash && slash > text->path && slash[-1] != '/')
		slash--;
	snprintf(path, sizeof(path), "%.*s%s.vec", slash ? (int)(slash - text->path) : 0,
		 text->path, name);
	text_open(other, path);
	do {
		if (!text_next(other))
			text_die(text, "vector %s has no reply", name);
	} while (strcmp(other->words[0], "reply"));
	if (other->n > 1)
		text_die(text, "the reply of %s is like that of %s, name that one", name,
			 other->words[other->n - 1]);
	frame_text_reply(d);
	while (text_next(other) && frame_text_line(d, other))
		;
	if (d->desc.arp)
		text_die(text, "%s is ARP, expected the reply to a DHCP message", name);
	text_close(other);
	free(other);
}

/**
 * like_read() - read a reply that is described by another one
 * @d: filled in as if the reply was spelled out
 * @text: at the line "reply like TOPIC/NAME"; left after the last line of the reply
 */
void like_read(struct frame_text *d, struct text *text)
{
	struct like *like = calloc(1, sizeof(*like));
	u32 pad = PAD_AUTO;
	const char *word;
	int i;

	if (!like)
		abort();
	if (text->n != 3 || strcmp(text->words[1], "like"))
		text_die(text, "expected: reply like TOPIC/NAME");
	read_other(d, text, text->words[2]);
	d->set[FRAME_UDP_TOTAL] = false;
	d->set[FRAME_IP_TOTAL] = false;
	d->parts &= ~(u32)PART_TOTAL;
	d->at = &like->stated;
	while (text_next(text)) {
		word = text->words[0];
		if (!strcmp(word, "without")) {
			for (i = 1; i < text->n; i++)
				like->without[read_code(text, text->words[i])] = true;
			continue;
		}
		if (!strcmp(word, "options")) {
			for (i = 1; i < text->n && like->n_order < CODES_MAX; i++)
				like->order[like->n_order++] = read_code(text, text->words[i]);
			continue;
		}
		if (!strcmp(word, "pad") && text->n == 2) {
			pad = text_number(text, text->words[1], 10);
			continue;
		}
		if (!strcmp(word, "sname"))
			d->sname.len = 0;
		if (!strcmp(word, "file"))
			d->file.len = 0;
		if (!frame_text_line(d, text)) {
			text->again = true;
			break;
		}
	}
	d->at = &d->options;
	merge_options(d, text, like);
	set_lengths(d, pad);
	free(like);
}
