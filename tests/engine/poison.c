// SPDX-License-Identifier: GPL-2.0
/*
 * poison VECTORS: answers all frames of the vectors with the reply's buffer, the
 * stack and all other memory of the engine filled with zeros, with ones and with
 * a mixture. The replies must be the same, byte for byte.
 */
#include <alloca.h>
#include <stdlib.h>
#include "poison.h"
#include "vector.h"
#include "../lib/ktap.h"

static const u8 bytes[] = { 0x00, 0xff, 0xa5 };

struct answer {
	struct drive result;
	u8 reply[VDHCP_FRAME_MAX];
};

/* Fills more of the stack than the engine uses. */
static void __attribute__((__noinline__)) fill_stack(void)
{
	void *room = alloca(16384);

	poison_fill(room, 16384, poison_byte);
	/* Otherwise the compiler would drop the stores. */
	__asm__ volatile("" : : "r"(room) : "memory");
}

static bool answer_step(const struct step *step, u8 byte, struct answer *a)
{
	const struct drive_input in = {
		.data = step->frame.data, .len = step->frame.len,
		.hw_tag = step->hw_tag, .partial = step->partial, .csum_at = step->csum_at,
	};
	struct vdhcp_cfg_err cfg_err;
	struct compiled conf;

	poison_byte = byte;
	fill_stack();
	if (config_compile(&step->config, &conf, &cfg_err))
		return false;
	poison_fill(a->reply, sizeof(a->reply), byte);
	fill_stack();
	drive_frame(&conf, &in, a->reply, &a->result);
	config_free(&conf);
	return true;
}

static bool is_same(const struct answer *a, const struct answer *b)
{
	return a->result.verdict == b->result.verdict && a->result.notes == b->result.notes &&
	       a->result.message == b->result.message && a->result.len == b->result.len &&
	       !memcmp(a->reply, b->reply, a->result.len);
}

/* Returns the number of replies, or -1 if two of them differ. */
static int run_step(const struct step *step)
{
	static struct answer a[ARRAY_SIZE(bytes)];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bytes); i++)
		if (!answer_step(step, bytes[i], &a[i]))
			return 0;
	for (i = 1; i < ARRAY_SIZE(bytes); i++)
		if (!is_same(&a[0], &a[i]))
			return -1;
	return !!a[0].result.len;
}

int main(int argc, char **argv)
{
	struct vectors all = { 0 };
	int i, k, ret, replies = 0;
	struct ktap ktap = { 0 };
	bool ok;

	if (argc != 2) {
		fprintf(stderr, "usage: poison VECTORS\n");
		return 2;
	}
	vectors_read(argv[1], &all);
	ktap_begin();
	for (i = 0; i < all.n; i++) {
		for (k = 0, ok = true; k < all.v[i]->n_steps; k++) {
			ret = run_step(&all.v[i]->steps[k]);
			if (ret < 0) {
				printf("# %s:%d: the reply depends on uninitialized memory\n",
				       all.v[i]->path, all.v[i]->steps[k].line);
				ok = false;
			}
			replies += ret > 0;
		}
		ktap_result(&ktap, ok, all.v[i]->name);
	}
	ret = ktap_end(&ktap);
	vectors_free(&all);
	return ret || !replies;
}
