// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the vectors: replay [--print | --expand | --rows |
 * --emit-c FILE | --emit-corpus DIR] VECTORS-DIR-OR-FILE
 */
#include <stdlib.h>
#include <vdhcp-names-gen.h>
#include "oracle.h"
#include "replay.h"
#include "../lib/ktap.h"

static struct vectors all;

static char *print_to_string(const u8 *frame, u32 len)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	frame_text_print(f, frame, len);
	fclose(f);
	return text;
}

static int split_lines(char *text, char **line, int max)
{
	char *save, *one;
	int n = 0;

	for (one = strtok_r(text, "\n", &save); one && n < max;
	     one = strtok_r(NULL, "\n", &save))
		line[n++] = one;
	return n;
}

/* Prints the differing lines of two frames, by the longest common subsequence. */
static void print_diff(const struct bytes *want, const u8 *got, u32 len)
{
	enum { MAX = 400 };
	static int common[MAX + 1][MAX + 1];
	char *a = print_to_string(want->data, want->len), *b = print_to_string(got, len);
	char *left[MAX], *right[MAX];
	int n = split_lines(a, left, MAX), m = split_lines(b, right, MAX), i, k;

	for (i = n - 1; i >= 0; i--)
		for (k = m - 1; k >= 0; k--)
			common[i][k] = !strcmp(left[i], right[k]) ? common[i + 1][k + 1] + 1 :
				       max_t(int, common[i + 1][k], common[i][k + 1]);
	for (i = 0, k = 0; i < n || k < m;) {
		if (i < n && k < m && !strcmp(left[i], right[k])) {
			i++;
			k++;
		} else if (i < n && (k == m || common[i + 1][k] >= common[i][k + 1])) {
			printf("    expected %s\n", left[i++]);
		} else {
			printf("    got      %s\n", right[k++]);
		}
	}
	for (i = 0; i <= n; i++)
		memset(common[i], 0, sizeof(common[i]));
	free(a);
	free(b);
}

static void note_names(u8 notes)
{
	static const char *const names[] = {
#define X(constant, name) \
		[constant] = name,
		VDHCP_NOTE_LIST(X)
#undef X
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (notes & 1 << i)
			printf(" %s", names[i]);
	puts(notes ? "" : " none");
}

/* Is the reply that is read from the printed reply the same? */
static bool same_again(const u8 *reply, u32 len)
{
	char *text = print_to_string(reply, len);
	struct frame_text *d = malloc(sizeof(*d));
	struct text *in = calloc(1, sizeof(*in));
	struct bytes again;

	if (!d || !in)
		abort();
	in->path = "reply";
	in->file = fmemopen(text, strlen(text), "r");
	frame_text_reply(d);
	while (text_next(in))
		if (!frame_text_line(d, in))
			text_die(in, "the printed reply is not readable");
	frame_text_build(d, &again);
	text_close(in);
	free(in);
	free(d);
	free(text);
	return again.len == len && !memcmp(again.data, reply, len);
}

static void print_tag(const char *word, struct vdhcp_tag tag)
{
	if (!tag.proto)
		printf("%sreply-tag none\n", word);
	else
		printf("%sreply-tag %s %u prio %u\n", word,
		       tag.proto == cpu_to_be16(VDHCP_ETHERTYPE_8021AD) ? "802.1ad" : "802.1q",
		       tag.tci & VDHCP_VLAN_VID, tag.tci >> 13);
}

static bool check_reply(const struct vector *v, const struct step *step,
			const struct drive_input *in, const struct drive *result, const u8 *reply)
{
	struct text where = { .path = v->path };
	const char *wrong;
	bool ok = true;
	int i;

	wrong = oracle_answer(&step->config, in, result, reply);
	if (!wrong && !same_again(reply, result->len))
		wrong = "the reply does not survive being printed";
	if (wrong) {
		printf("    %s\n", wrong);
		ok = false;
	}
	if (step->has_tag &&
	    (step->tag.proto != result->tag.proto || step->tag.tci != result->tag.tci)) {
		print_tag("    expected ", step->tag);
		print_tag("    got      ", result->tag);
		ok = false;
	}
	if (step->whole && (step->reply.len != result->len ||
			    memcmp(step->reply.data, reply, result->len))) {
		print_diff(&step->reply, reply, result->len);
		ok = false;
	}
	for (i = 0; i < step->n_expects; i++) {
		wrong = expect_check(&step->expects[i], &where, reply, result->len);
		if (wrong) {
			printf("    line %d: %s\n", step->expects[i].line, wrong);
			ok = false;
		}
	}
	return ok;
}

static bool check_refused(const struct step *step, enum config_object at,
			  const struct vdhcp_cfg_err *cfg_err)
{
	static const char *const objects[] = { "nothing", "subnet", "port", "fits" };
	bool subnet = at == CONFIG_SUBNET;

	if (at == step->refused && cfg_err->attr == step->attr && cfg_err->text[0] &&
	    memchr(cfg_err->text, 0, sizeof(cfg_err->text)) && strstr(cfg_err->text, step->why))
		return true;
	printf("    expected refused %s %s \"%s\"\n    got      refused %s %s \"%.96s\"\n",
	       objects[step->refused],
	       config_key(step->refused == CONFIG_SUBNET, step->attr),
	       step->why ? step->why : "",
	       objects[at], config_key(subnet, cfg_err->attr), cfg_err->text);
	return false;
}

/* Is the spec that is restored from the conf the same? The kernel keeps only the conf. */
static bool is_restored(const struct config *cfg, const struct vdhcp_port_conf *port)
{
	struct vdhcp_port_spec *spec = malloc(sizeof(*spec));
	bool same;

	if (!spec)
		abort();
	memset(spec, 0xa5, sizeof(*spec));
	vdhcp_port_restore(port, spec);
	same = spec->present == cfg->port.present &&
	       port->addr == (cfg->port.addresses.n ? cfg->port.addresses.entry[0].ip4 : 0) &&
	       spec->rate == cfg->port.rate && spec->mode == cfg->port.mode &&
	       spec->guard == cfg->port.guard && spec->unicast == cfg->port.unicast &&
	       !memcmp(spec->mac, cfg->port.mac, VDHCP_ETH_ALEN) &&
	       !strcmp(spec->hostname, cfg->port.hostname) &&
	       spec->options.len == cfg->port.options.len &&
	       !memcmp(spec->options.data, cfg->port.options.data, spec->options.len);
	free(spec);
	if (!same)
		printf("    the port does not come back from its compiled form\n");
	return same;
}

static bool run_step(const struct vector *v, const struct step *step, bool print)
{
	const struct drive_input in = {
		.data = step->frame.data, .len = step->frame.len,
		.hw_tag = step->hw_tag, .partial = step->partial, .csum_at = step->csum_at,
	};
	u8 reply[VDHCP_FRAME_MAX];
	struct vdhcp_cfg_err cfg_err;
	enum config_object at;
	struct compiled conf;
	struct drive result;
	const char *wrong;
	bool ok = true;

	at = config_compile(&step->config, &conf, &cfg_err);
	if (print && at)
		printf("refused %u %s \"%s\"\n", at,
		       config_key(at == CONFIG_SUBNET, cfg_err.attr), cfg_err.text);
	if (step->refused || at) {
		ok = check_refused(step, at, &cfg_err);
		config_free(&conf);
		return ok;
	}
	wrong = drive_checked(&conf, &in, reply, &result);
	ok = is_restored(&step->config, conf.port);
	config_free(&conf);
	if (print) {
		printf("verdict %s\n", vdhcp_verdict_name(result.verdict));
		if (result.notes)
			printf("notes");
		if (result.notes)
			note_names(result.notes);
		if (result.tag.proto)
			print_tag("", result.tag);
		puts(result.len ? "reply" : "silence");
		if (result.len)
			frame_text_print(stdout, reply, result.len);
	}
	if (wrong) {
		printf("    %s\n", wrong);
		ok = false;
	}
	if (result.verdict != step->verdict) {
		printf("    expected verdict %s\n    got      verdict %s\n",
		       vdhcp_verdict_name(step->verdict), vdhcp_verdict_name(result.verdict));
		ok = false;
	}
	if (result.notes != step->notes) {
		printf("    expected notes");
		note_names(step->notes);
		printf("    got      notes");
		note_names(result.notes);
		ok = false;
	}
	if (result.len && step->replies)
		ok &= check_reply(v, step, &in, &result, reply);
	return ok;
}

static bool run_vector(const struct vector *v, bool print)
{
	bool ok = true;
	int i;

	for (i = 0; i < v->n_steps; i++) {
		if (run_step(v, &v->steps[i], print))
			continue;
		ok = false;
		printf("# %s:%d: %s\n", v->path, v->steps[i].line, v->comment);
	}
	return ok;
}

static int run_all(void)
{
	struct ktap ktap = { 0 };
	int i;

	ktap_begin();
	for (i = 0; i < all.n; i++)
		ktap_result(&ktap, run_vector(all.v[i], false), all.v[i]->name);
	return ktap_end(&ktap);
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";
	char rows[4096];
	int i, ret = 0;

	if (argc < 2 || (argc > 2 && argv[1][0] != '-')) {
		fprintf(stderr,
			"usage: replay [--rows | --print | --expand | --emit-c FILE | --emit-corpus DIR] DIR\n");
		return 2;
	}
	vectors_read(argv[argc - 1], &all);
	snprintf(rows, sizeof(rows), "%s/ROWS", argv[argc - 1]);
	if (!strcmp(what, "--print")) {
		for (i = 0; i < all.n; i++)
			ret |= !run_vector(all.v[i], true);
	} else if (!strcmp(what, "--expand")) {
		expand(&all);
	} else if (!strcmp(what, "--rows")) {
		ret = rows_check(&all, rows, stdout) != 0;
	} else if (!strcmp(what, "--emit-c") && argc == 4) {
		emit_c(&all, argv[2]);
	} else if (!strcmp(what, "--emit-corpus") && argc == 4) {
		emit_corpus(&all, argv[2]);
	} else {
		/* One file alone does not cover all rows. */
		if (!strstr(argv[argc - 1], ".vec"))
			ret = rows_check(&all, rows, NULL) != 0;
		ret |= run_all();
	}
	vectors_free(&all);
	return ret;
}
