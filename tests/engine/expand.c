// SPDX-License-Identifier: GPL-2.0
/* The vectors in full, one line for each fact, to compare two versions of them. */
#include <vdhcp-names-gen.h>
#include "replay.h"

static void print_bytes(const char *what, const struct bytes *b)
{
	u32 i;

	printf("  %s ", what);
	for (i = 0; i < b->len; i++)
		printf("%02x", b->data[i]);
	putchar('\n');
}

static void print_tag(const char *what, struct vdhcp_tag tag)
{
	if (tag.proto || tag.tci)
		printf("  %s %04x %04x\n", what, be16_to_cpu(tag.proto), tag.tci);
	else
		printf("  %s none\n", what);
}

static void print_step(const struct step *step)
{
	int i, w;

	if (step->refused) {
		printf("  refused %d attribute %u \"%s\"\n", step->refused, step->attr, step->why);
		return;
	}
	printf("  vlan %u\n", step->config.vlan);
	print_tag("hw tag", step->hw_tag);
	print_bytes("frame", &step->frame);
	if (step->partial)
		printf("  partial checksum at %u\n", step->csum_at);
	printf("  verdict %s notes %02x\n", vdhcp_verdict_name(step->verdict), step->notes);
	if (step->has_tag)
		print_tag("reply tag", step->tag);
	if (step->whole)
		print_bytes("reply", &step->reply);
	for (i = 0; i < step->n_expects; i++) {
		fputs("  expect", stdout);
		for (w = 0; w < step->expects[i].n; w++)
			printf(" %s", step->expects[i].words[w]);
		putchar('\n');
	}
}

/**
 * expand() - print what the vectors say, with every byte of their frames and replies
 * @all: the vectors
 */
void expand(const struct vectors *all)
{
	int i, k;

	for (i = 0; i < all->n; i++) {
		for (k = 0; k < all->v[i]->n_steps; k++) {
			printf("%s step %d\n", all->v[i]->name, k + 1);
			print_step(&all->v[i]->steps[k]);
		}
	}
}
