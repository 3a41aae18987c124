// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: a spec is either compiled, and then a DISCOVER is answered
 * from it, or refused with a reason.
 *
 * Input: index of a configuration (1 byte), then changes: kind (1 byte) and
 *	0..95     a value for configs_mutate() (2 bytes)
 *	96..127   a number or an address: index (1 byte), value (4)
 *	128..191  a raw option: object (1 byte: bit 0 for the port, bit 1 to remove it),
 *		  code (1), length (2), bytes
 *	192..255  bytes of a text: index (1), length (1), bytes
 */
#include <stdlib.h>
#include "configs.h"
#include "keys.h"
#include "frame_text.h"
#include "drive.h"
#include "fuzz.h"
#include "oracle.h"

struct input {
	const u8 *p;
	size_t left;
};

static u8 take_byte(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->p++;
}

static u16 take_word(struct input *in)
{
	u8 high = take_byte(in);

	return (u16)(high << 8 | take_byte(in));
}

static u32 take_bytes(struct input *in, void *to, u32 len)
{
	if (len > in->left)
		len = (u32)in->left;
	memcpy(to, in->p, len);
	in->p += len;
	in->left -= len;
	return len;
}

static void change_raw(struct config *cfg, struct input *in)
{
	static u8 value[VDHCP_OPTION_MAX + 8];
	u8 object = take_byte(in);
	struct vdhcp_optlist *list = object & 1 ? &cfg->port.options : &cfg->subnet.options;
	struct vdhcp_option opt = {
		.code = take_byte(in), .form = VDHCP_OPTION_FORM_HEX, .data = value,
	};

	opt.len = (u16)take_bytes(in, value, take_word(in) % sizeof(value));
	if (opt.len)
		opt.form = (u8)(1 + value[0] % VDHCP_OPTION_FORM_MAX);
	if (object & 2)
		vdhcp_optlist_remove(list, opt.code);
	else
		vdhcp_optlist_set(list, &opt);
	if (list->len > VDHCP_OPTLIST_MAX)
		abort();
}

/* For these, configs_mutate() chooses values that are mostly accepted. */
static void change_number(struct config *cfg, struct input *in)
{
	struct vdhcp_subnet_spec *s = &cfg->subnet;
	struct vdhcp_port_spec *p = &cfg->port;
	u8 which = take_byte(in), mac[8] = { 0 };
	u32 value = (u32)take_word(in) << 16;

	value |= take_word(in);
	put_unaligned_be32(value, mac + 2);
	switch (which % 13) {
	case 0:
		s->network = cpu_to_be32(value);
		break;
	case 1:
		s->prefix_len = (u8)value;
		break;
	case 2:
		s->present &= ~BIT_ULL(value & 1 ? VDHCP_A_SUBNET_NETWORK :
						 VDHCP_A_SUBNET_PREFIX_LEN);
		break;
	case 3:
		vdhcp_key_clear(p, &vdhcp_port_keys, (u16)(value % (VDHCP_A_PORT_MAX + 1)));
		break;
	case 4:
		s->gateway = cpu_to_be32(value);
		s->present |= BIT_ULL(VDHCP_A_SUBNET_GATEWAY);
		break;
	case 5:
		s->server_id = cpu_to_be32(value);
		s->present |= BIT_ULL(VDHCP_A_SUBNET_SERVER_ID);
		break;
	case 6:
		s->next_server = cpu_to_be32(value);
		s->present |= BIT_ULL(VDHCP_A_SUBNET_NEXT_SERVER);
		break;
	case 7:
		memcpy(s->server_mac, mac, sizeof(s->server_mac));
		s->present |= BIT_ULL(VDHCP_A_SUBNET_SERVER_MAC);
		break;
	case 8:
		s->dns.addr[0] = cpu_to_be32(value);
		s->ntp.addr[0] = s->dns.addr[0];
		s->ntp.n = 1;
		break;
	case 9:
		s->routes.route[0].dst = cpu_to_be32(value);
		break;
	case 10:
		s->routes.route[0].via = cpu_to_be32(value);
		break;
	case 11:
		memcpy(p->mac, mac, sizeof(p->mac));
		break;
	case 12:
		p->rate = value;
		p->mode = (u8)(value >> 24) % (VDHCP_MODE_MAX + 2);
		break;
	}
}

/* A text ends at its first NUL; the search list has many texts. */
static void change_text(struct config *cfg, struct input *in)
{
	struct vdhcp_subnet_spec *s = &cfg->subnet;
	u8 which = take_byte(in);
	char *to;
	u32 len;

	switch (which % 5) {
	case 0:
		to = s->domain;
		s->present |= BIT_ULL(VDHCP_A_SUBNET_DOMAIN);
		break;
	case 1:
		to = s->boot_file;
		s->present |= BIT_ULL(VDHCP_A_SUBNET_BOOT_FILE);
		break;
	case 2:
		to = s->captive_portal;
		s->present |= BIT_ULL(VDHCP_A_SUBNET_CAPTIVE_PORTAL);
		break;
	case 3:
		to = cfg->port.hostname;
		cfg->port.present |= BIT_ULL(VDHCP_A_PORT_HOSTNAME);
		break;
	default:
		len = take_bytes(in, s->search.text, take_word(in) % VDHCP_SEARCH_MAX);
		s->search.text[len] = 0;
		s->search.len = (u16)(len + 1);
		s->present |= BIT_ULL(VDHCP_A_SUBNET_SEARCH);
		return;
	}
	len = take_bytes(in, to, take_byte(in));
	to[len] = 0;
}

static void build_request(struct frame_text *d, const struct config *cfg, struct bytes *frame)
{
	static const u8 options[] = { 53, 1, 1, 57, 2, 5, 220, 81, 3, 5, 0, 0 };
	static const u8 list[] = { 55, 254 };
	unsigned int code;

	frame_text_request(d, cfg->port.mac);
	bytes_add(&d->options, options, sizeof(options));
	bytes_add(&d->options, list, sizeof(list));
	for (code = 1; code < 255; code++)
		bytes_be(&d->options, code, 1);
	frame_text_build(d, frame);
}

/* A port that is restored from its conf must compile into the same conf. */
static const char *check_restored(const struct config *cfg, const struct compiled *conf)
{
	static struct config back;
	struct vdhcp_cfg_err cfg_err;
	struct compiled again;
	bool same;

	back = *cfg;
	vdhcp_port_restore(conf->port, &back.port);
	back.port.addresses = cfg->port.addresses;
	if (config_compile(&back, &again, &cfg_err))
		return "a port that is refused once it is restored";
	same = again.port->size == conf->port->size &&
	       !memcmp(again.port, conf->port, again.port->size);
	config_free(&again);
	return same ? NULL : "a port that is another once it is restored";
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct config cfg;
	static struct frame_text d;
	struct input in = { data, size };
	u8 reply[VDHCP_FRAME_MAX], what;
	struct vdhcp_cfg_err cfg_err;
	struct compiled conf;
	struct drive result;
	struct drive_input sent;
	struct bytes frame;
	const char *wrong;
	enum config_object at;

	configs_get(take_byte(&in), &cfg);
	while (in.left) {
		what = take_byte(&in);
		if (what < 96)
			configs_mutate(&cfg, what, take_word(&in));
		else if (what < 128)
			change_number(&cfg, &in);
		else if (what < 192)
			change_raw(&cfg, &in);
		else
			change_text(&cfg, &in);
	}
	at = config_compile(&cfg, &conf, &cfg_err);
	if (at) {
		if (!cfg_err.text[0] || !memchr(cfg_err.text, 0, sizeof(cfg_err.text)))
			abort();
		if ((cfg_err.attr & 0xff) >
		    (at == CONFIG_SUBNET ? VDHCP_A_SUBNET_MAX : VDHCP_A_PORT_MAX))
			abort();
		return 0;
	}
	if ((conf.subnet && conf.subnet->size > VDHCP_SUBNET_CONF_MAX) ||
	    conf.port->size > VDHCP_PORT_CONF_MAX)
		abort();
	build_request(&d, &cfg, &frame);
	sent = (struct drive_input){ .data = frame.data, .len = frame.len };
	wrong = drive_checked(&conf, &sent, reply, &result);
	if (!wrong)
		wrong = check_restored(&cfg, &conf);
	if (!wrong && cfg.port.mode == VDHCP_MODE_SERVE &&
	    result.verdict != VDHCP_VERDICT_OFFER)
		wrong = "no OFFER";
	if (!wrong)
		wrong = oracle_answer(&cfg, &sent, &result, reply);
	config_free(&conf);
	if (wrong) {
		fprintf(stderr, "%s (%s)\n", wrong, vdhcp_verdict_name(result.verdict));
		if (result.len)
			frame_text_print(stderr, reply, result.len);
		abort();
	}
	return 0;
}
