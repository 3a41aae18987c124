// SPDX-License-Identifier: GPL-2.0
/* The table of frames of a hostile guest: the engine does what the rule says. */
#include <frame/frame_table.h>
#include "unit.h"

static const struct table_port policies[] = {
	{ 0, TABLE_SERVE, true }, { 0, TABLE_SERVE, false },
	{ 5, TABLE_SERVE, true }, { 5, TABLE_SERVE, false },
	{ 0, TABLE_PASS, true }, { 5, TABLE_PASS, false },
	{ 0, TABLE_DENY, false }, { 5, TABLE_DENY, true },
};

static enum table_fate fate_of(enum vdhcp_verdict verdict)
{
	if (vdhcp_verdict_replies(verdict))
		return TABLE_ANSWERED;
	return vdhcp_verdict_passes(verdict) ? TABLE_LEAVES : TABLE_STAYS;
}

/* Hands the frame over as the core does, with the first tag taken out. */
static void take_tag_out(struct table_case *c, struct drive_input *in)
{
	in->hw_tag.proto = cpu_to_be16(c->tags[0].proto);
	in->hw_tag.tci = c->tags[0].tci;
	memmove(c->frame + FRAME_TAG_LEN, c->frame, 2 * FRAME_MAC_LEN);
	in->data += FRAME_TAG_LEN;
	in->len -= FRAME_TAG_LEN;
	/* A place in the Ethernet header moves with it, one in the tag has no place now. */
	if (in->csum_at >= FRAME_ETH_LEN + FRAME_TAG_LEN)
		in->csum_at -= FRAME_TAG_LEN;
	else if (in->csum_at >= 2 * FRAME_MAC_LEN)
		in->csum_at = 2 * FRAME_MAC_LEN;
}

static bool run_policy(u32 which, bool hw)
{
	static const char *const fates[] = { "leave", "stay", "be answered" };
	static struct table_case c;
	u32 n, seen[TABLE_FATES] = { 0 };
	u8 reply[VDHCP_FRAME_MAX];
	struct vdhcp_cfg_err cfg_err;
	struct drive_input in;
	struct compiled conf;
	struct config cfg;
	struct drive result;
	enum table_fate want;
	char text[300];

	configs_get(0, &cfg);
	cfg.vlan = policies[which].vlan;
	cfg.port.mode = (u8)(VDHCP_MODE_SERVE + (u32)policies[which].mode);
	cfg.port.guard = policies[which].guard;
	CHECK(!config_compile(&cfg, &conf, &cfg_err));
	for (n = 0; table_get(n, cfg.port.mac, &c); n++) {
		want = table_rule(&c, &policies[which], 1);
		seen[want]++;
		in = (struct drive_input){
			.data = c.frame, .len = c.len, .partial = c.partial,
			.csum_at = c.csum_at,
		};
		if (hw && c.n_tags)
			take_tag_out(&c, &in);
		drive_frame(&conf, &in, reply, &result);
		if (fate_of(result.verdict) == want)
			continue;
		table_describe(&c, text, sizeof(text));
		printf("    policy %u: %s\n    got %s; it must %s\n", which, text,
		       vdhcp_verdict_name(result.verdict), fates[want]);
		config_free(&conf);
		return false;
	}
	config_free(&conf);
	/* The table must not say the same of all frames. */
	CHECK(n > 10000 && seen[TABLE_LEAVES] > 1000);
	CHECK(!seen[TABLE_STAYS] == (cfg.port.mode == VDHCP_MODE_PASS && !cfg.port.guard));
	CHECK(!seen[TABLE_ANSWERED] == (cfg.port.mode != VDHCP_MODE_SERVE));
	return true;
}

static bool check_table(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(policies); i++)
		if (!run_policy(i, false) || !run_policy(i, true))
			return false;
	return true;
}

const struct unit unit_table[] = {
	{ "table: what may leave the host", check_table },
	{ NULL, NULL },
};
