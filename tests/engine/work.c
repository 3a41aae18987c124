// SPDX-License-Identifier: GPL-2.0
/*
 * work [-f] VECTORS: answers each frame once under callgrind, which counts the
 * instructions of the engine. The parts of callgrind's file have the name of the
 * vector and the number of the frame in it. With -f, prints these names and the
 * frames.
 */
#include <valgrind/callgrind.h>
#include "vector.h"

static void run_step(const struct vector *v, int n)
{
	const struct step *step = &v->steps[n];
	const struct drive_input in = {
		.data = step->frame.data, .len = step->frame.len,
		.hw_tag = step->hw_tag, .partial = step->partial, .csum_at = step->csum_at,
	};
	u8 reply[VDHCP_FRAME_MAX];
	struct vdhcp_cfg_err cfg_err;
	struct compiled conf;
	struct drive result;
	char name[256];

	if (config_compile(&step->config, &conf, &cfg_err))
		return;
	snprintf(name, sizeof(name), "%s/%d", v->name, n);
	CALLGRIND_TOGGLE_COLLECT;
	drive_frame(&conf, &in, reply, &result);
	CALLGRIND_TOGGLE_COLLECT;
	CALLGRIND_DUMP_STATS_AT(name);
	config_free(&conf);
}

static void print_step(const struct vector *v, int n)
{
	const struct step *step = &v->steps[n];
	u32 i;

	printf("%s/%d ", v->name, n);
	for (i = 0; i < step->frame.len; i++)
		printf("%02x", step->frame.data[i]);
	putchar('\n');
}

int main(int argc, char **argv)
{
	struct vectors all = { 0 };
	bool frames = argc == 3 && !strcmp(argv[1], "-f");
	int i, k;

	if (argc != 2 + frames) {
		fprintf(stderr, "usage: work [-f] VECTORS\n");
		return 2;
	}
	vectors_read(argv[1 + frames], &all);
	for (i = 0; i < all.n; i++)
		for (k = 0; k < all.v[i]->n_steps; k++)
			frames ? print_step(all.v[i], k) : run_step(all.v[i], k);
	vectors_free(&all);
	return 0;
}
