// SPDX-License-Identifier: GPL-2.0
/* libFuzzer target: a configuration, changes to it, and a frame; see fuzz.h. */
#include <stdlib.h>
#include "configs.h"
#include "frame_text.h"
#include "drive.h"
#include "fuzz.h"
#include "oracle.h"

/* Corrects the checksum of IPv4; that of UDP counts as partial. */
static void fix_ip_checksum(u8 *frame, u32 len)
{
	u32 hlen, at = fuzz_l3(frame, len);
	u8 *ip = frame + at;

	if (len < at + 20)
		return;
	hlen = (ip[0] & 15u) * 4;
	if (hlen < 20 || at + hlen > len)
		return;
	frame_put_ip_sum(ip);
}

/* Most inputs have no changes, so the compiled configurations are kept. */
static struct compiled *get_compiled(unsigned int which, const struct config *cfg)
{
	static struct compiled conf[32];
	struct vdhcp_cfg_err cfg_err;

	if (!conf[which].port && config_compile(cfg, &conf[which], &cfg_err))
		abort();
	return &conf[which];
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct config cfg;
	static u8 frame[16384];
	u8 reply[VDHCP_FRAME_MAX];
	struct compiled changed, *conf;
	struct vdhcp_cfg_err cfg_err;
	struct drive_input in = { 0 };
	struct drive result;
	unsigned int which, n;
	const char *wrong;
	u8 flags;

	if (size < 2 || size > sizeof(frame))
		return 0;
	which = data[0] % configs_n;
	flags = data[1];
	n = fuzz_changes(data, size);
	data += 2;
	size -= 2;
	configs_get(which, &cfg);
	conf = NULL;
	for (; n; n--, data += 3, size -= 3) {
		configs_mutate(&cfg, data[0], get_unaligned_be16(data + 1));
		conf = &changed;
	}
	if (flags & FUZZ_CSUM_AT && size >= 2) {
		in.partial = true;
		in.csum_at = get_unaligned_be16(data);
		data += 2;
		size -= 2;
	}
	if (flags & FUZZ_HW_TAG && size >= 3) {
		in.hw_tag.proto = cpu_to_be16(data[0] ? VDHCP_ETHERTYPE_8021AD :
							VDHCP_ETHERTYPE_8021Q);
		in.hw_tag.tci = get_unaligned_be16(data + 1);
		data += 3;
		size -= 3;
	}
	memcpy(frame, data, size);
	if (flags & FUZZ_MEND)
		fix_ip_checksum(frame, (u32)size);
	if (!conf)
		conf = get_compiled(which, &cfg);
	else if (config_compile(&cfg, conf, &cfg_err))
		return 0;
	cfg.vlan = flags & FUZZ_VLAN ? FUZZ_VLAN_ID : 0;
	conf->vlan = cfg.vlan;
	in.data = frame;
	in.len = (u32)size;
	in.csum_ok = flags & (FUZZ_PARTIAL | FUZZ_MEND);
	wrong = drive_checked(conf, &in, reply, &result);
	if (!wrong && result.verdict >= VDHCP_VERDICTS &&
	    result.verdict != VDHCP_VERDICT_NOT_OURS)
		wrong = "no such verdict";
	if (!wrong && (result.verdict == VDHCP_VERDICT_RATE_LIMITED ||
		       result.verdict == VDHCP_VERDICT_NO_MEMORY ||
		       result.verdict == VDHCP_VERDICT_TX_DROPPED))
		wrong = "a verdict that is not the engine's to give";
	if (!wrong)
		wrong = oracle_answer(&cfg, &in, &result, reply);
	if (conf == &changed)
		config_free(conf);
	if (wrong) {
		fprintf(stderr, "%s (%s)\n", wrong, vdhcp_verdict_name(result.verdict));
		frame_text_print(stderr, frame, (u32)size);
		if (result.len)
			frame_text_print(stderr, reply, result.len);
		abort();
	}
	return 0;
}
