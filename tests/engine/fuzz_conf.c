// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: a spec compiles into something that answers a DISCOVER, or
 * is refused with a reason.
 *
 * Input: which configuration (1 byte), then changes: what (1 byte) and
 *	0..127    a value for configs_mutate() (2 bytes)
 *	128..191  a raw option: object and code (2 bytes), length (2), bytes
 *	192..255  bytes of a text: which (1), length (1), bytes
 */
#include <stdlib.h>
#include "configs.h"
#include "draft.h"
#include "drive.h"
#include "fuzz.h"
#include "oracle.h"

struct input {
	const u8 *p;
	size_t left;
};

static u8 byte(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->p++;
}

static u16 word(struct input *in)
{
	u8 high = byte(in);

	return (u16)(high << 8 | byte(in));
}

static u32 bytes(struct input *in, void *to, u32 len)
{
	if (len > in->left)
		len = (u32)in->left;
	memcpy(to, in->p, len);
	in->p += len;
	in->left -= len;
	return len;
}

static void raw(struct config *cfg, struct input *in)
{
	static u8 value[VDHCP_OPTION_MAX + 8];
	bool port = byte(in) & 1;
	struct vdhcp_option opt = {
		.code = byte(in), .form = VDHCP_OPTION_FORM_HEX, .data = value,
	};

	opt.len = (u16)bytes(in, value, word(in) % sizeof(value));
	if (opt.len)
		opt.form = (u8)(1 + value[0] % VDHCP_OPTION_FORM_MAX);
	vdhcp_optlist_set(port ? &cfg->port.options : &cfg->subnet.options, &opt);
}

/* Texts end where they have a NUL; the search list is many of them. */
static void text(struct config *cfg, struct input *in)
{
	struct vdhcp_subnet_spec *s = &cfg->subnet;
	u8 which = byte(in);
	char *to;
	u32 len;

	switch (which % 5) {
	case 0:
		to = s->domain;
		s->given |= BIT_ULL(VDHCP_A_SUBNET_DOMAIN);
		break;
	case 1:
		to = s->boot_file;
		s->given |= BIT_ULL(VDHCP_A_SUBNET_BOOT_FILE);
		break;
	case 2:
		to = s->captive_portal;
		s->given |= BIT_ULL(VDHCP_A_SUBNET_CAPTIVE_PORTAL);
		break;
	case 3:
		to = cfg->port.hostname;
		cfg->port.given |= BIT_ULL(VDHCP_A_PORT_HOSTNAME);
		break;
	default:
		len = bytes(in, s->search, word(in) % VDHCP_SEARCH_MAX);
		s->search[len] = 0;
		s->search_len = (u16)(len + 1);
		s->given |= BIT_ULL(VDHCP_A_SUBNET_SEARCH);
		return;
	}
	len = bytes(in, to, byte(in));
	to[len] = 0;
}

static void ask(struct draft *d, const struct config *cfg, struct bytes *frame)
{
	static const u8 options[] = { 53, 1, 1, 57, 2, 5, 220 };
	static const u8 list[] = { 55, 254 };
	unsigned int code;

	draft_request(d, cfg->port.mac);
	bytes_add(&d->options, options, sizeof(options));
	bytes_add(&d->options, list, sizeof(list));
	for (code = 1; code < 255; code++)
		bytes_be(&d->options, code, 1);
	draft_build(d, frame);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct config cfg;
	static struct draft d;
	struct input in = { data, size };
	u8 reply[VDHCP_FRAME_MAX], what;
	struct vdhcp_fault fault;
	struct compiled conf;
	struct drive result;
	struct bytes frame;
	const char *wrong;
	enum config_object at;

	configs_get(byte(&in), &cfg);
	while (in.left) {
		what = byte(&in);
		if (what < 128)
			configs_mutate(&cfg, what, word(&in));
		else if (what < 192)
			raw(&cfg, &in);
		else
			text(&cfg, &in);
	}
	at = config_compile(&cfg, &conf, &fault);
	if (at) {
		if (!fault.text[0] || !memchr(fault.text, 0, sizeof(fault.text)))
			abort();
		if (fault.attr > (at == CONFIG_SUBNET ? VDHCP_A_SUBNET_MAX : VDHCP_A_PORT_MAX))
			abort();
		return 0;
	}
	if ((conf.subnet && conf.subnet->size > VDHCP_SUBNET_CONF_MAX) ||
	    conf.port->size > VDHCP_PORT_CONF_MAX)
		abort();
	ask(&d, &cfg, &frame);
	wrong = drive_checked(&conf.conf, frame.data, frame.len, false, reply, &result);
	if (!wrong && cfg.port.mode == VDHCP_MODE_SERVE &&
	    result.verdict != VDHCP_VERDICT_OFFER)
		wrong = "no OFFER";
	if (!wrong)
		wrong = oracle_answer(&cfg, frame.data, frame.len, &result, reply);
	config_free(&conf);
	if (wrong) {
		fprintf(stderr, "%s (%s)\n", wrong, vdhcp_verdict_name(result.verdict));
		if (result.len)
			draft_print(stderr, reply, result.len);
		abort();
	}
	return 0;
}
