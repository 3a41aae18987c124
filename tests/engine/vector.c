// SPDX-License-Identifier: GPL-2.0
#include <ftw.h>
#include <stdlib.h>
#include <vdhcp-names-gen.h>
#include "like.h"
#include "poison.h"
#include "vector.h"

static char *copy_string(const char *s)
{
	char *p = strdup(s);

	if (!p)
		abort();
	return p;
}

static int verdict_named(const struct text *text, const char *name)
{
	int verdict;

	if (!strcmp(name, "not-ours"))
		return VDHCP_VERDICT_NOT_OURS;
	for (verdict = 0; verdict < VDHCP_VERDICTS; verdict++)
		if (!strcmp(vdhcp_verdict_name(verdict), name))
			return verdict;
	text_die(text, "no verdict '%s'", name);
}

static u8 note_named(const struct text *text, const char *name)
{
	static const char *const notes[] = {
#define X(constant, name) \
		[constant] = name,
		VDHCP_NOTE_LIST(X)
#undef X
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(notes); i++)
		if (!strcmp(notes[i], name))
			return (u8)(1 << i);
	text_die(text, "no note '%s'", name);
}

/* The lines of a request are those that frame_text_line() accepts. */
static void read_request(struct text *text, struct step *step)
{
	struct frame_text *d = malloc(sizeof(*d));

	if (!d)
		abort();
	frame_text_request(d, step->config.port.mac);
	while (text_next(text)) {
		if (!frame_text_line(d, text)) {
			text->again = true;
			break;
		}
	}
	frame_text_build(d, &step->frame);
	step->partial = d->partial;
	step->csum_at = frame_text_csum_at(d);
	step->hw_tag = d->hw_tag;
	free(d);
}

static void read_reply(struct text *text, struct step *step)
{
	struct frame_text *d = malloc(sizeof(*d));

	if (!d)
		abort();
	if (text->n > 1) {
		like_read(d, text);
	} else {
		frame_text_reply(d);
		while (text_next(text)) {
			if (!frame_text_line(d, text)) {
				text->again = true;
				break;
			}
		}
	}
	frame_text_complete(d, text);
	frame_text_build(d, &step->reply);
	step->whole = true;
	free(d);
}

static bool top_word(const char *word)
{
	static const char *const words[] = {
		"subnet", "port", "mtu", "request", "verdict", "notes", "silence", "reply",
		"expect", "refused", "rows", "reply-tag",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(words[i], word))
			return true;
	return false;
}

static void read_expectations(struct text *text, struct step *step)
{
	struct expectation *e;
	int i;

	while (text_next(text)) {
		if (top_word(text->words[0])) {
			text->again = true;
			return;
		}
		if (step->n_expects == VECTOR_EXPECTS_MAX)
			text_die(text, "too many expectations");
		e = &step->expects[step->n_expects++];
		e->line = text->line;
		e->n = text->n;
		e->words = malloc(sizeof(*e->words) * (size_t)text->n);
		for (i = 0; i < text->n; i++)
			e->words[i] = copy_string(text->words[i]);
	}
}

/* Adds a step with the configuration of the one before. */
static struct step *new_step(struct vector *v, const struct text *text,
			     const struct config *config)
{
	struct step *step;

	if (v->n_steps == VECTOR_STEPS_MAX)
		text_die(text, "too many steps");
	step = &v->steps[v->n_steps++];
	step->line = text->line;
	step->config = *config;
	step->verdict = VDHCP_VERDICT_CONTINUE;
	return step;
}

static void read_refused(struct vector *v, const struct text *text, const struct config *config)
{
	struct step *step = new_step(v, text, config);
	const char *object;

	if (text->n != 4)
		text_die(text, "refused subnet|port|fits KEY \"SUBSTRING\"");
	object = text->words[1];
	step->refused = !strcmp(object, "subnet") ? CONFIG_SUBNET :
			!strcmp(object, "port") ? CONFIG_PORT :
			!strcmp(object, "fits") ? CONFIG_FITS : CONFIG_OK;
	if (!step->refused)
		text_die(text, "refused subnet|port|fits");
	step->attr = config_attr(step->refused == CONFIG_SUBNET, text->words[2]);
	if (!step->attr)
		text_die(text, "no key '%s'", text->words[2]);
	step->why = copy_string(text->words[3]);
}

static void expectation_line(struct text *text, struct step *step)
{
	const char *word = text->words[0];
	int i;

	if (!strcmp(word, "verdict")) {
		if (text->n != 2)
			text_die(text, "verdict NAME");
		step->verdict = verdict_named(text, text->words[1]);
	} else if (!strcmp(word, "notes")) {
		for (i = 1; i < text->n; i++)
			step->notes |= note_named(text, text->words[i]);
	} else if (!strcmp(word, "reply-tag")) {
		step->has_tag = true;
		if (text->n != 2 || strcmp(text->words[1], "none"))
			step->tag = frame_text_tag(text, 1);
	} else if (!strcmp(word, "reply")) {
		step->replies = true;
		read_reply(text, step);
	} else if (!strcmp(word, "expect")) {
		step->replies = true;
		read_expectations(text, step);
	}
}

static void check_step(const struct text *text, const struct step *step, bool silence)
{
	if (step->refused)
		return;
	if (step->verdict == VDHCP_VERDICT_CONTINUE)
		text_die(text, "the step of line %d has no verdict", step->line);
	if (silence == step->replies)
		text_die(text, "the step of line %d needs one of silence, reply, expect",
			 step->line);
	if (step->replies != vdhcp_verdict_replies(step->verdict))
		text_die(text, "the step of line %d: this verdict has %s reply", step->line,
			 step->replies ? "no" : "a");
}

static void name_vector(struct vector *v, const char *path)
{
	char *copy = copy_string(path), *slash, *dot;

	v->path = copy_string(path);
	dot = strrchr(copy, '.');
	if (dot)
		*dot = 0;
	slash = strrchr(copy, '/');
	if (slash) {
		*slash = 0;
		while (slash > copy && slash[-1] != '/')
			slash--;
		copy[strlen(copy)] = '/';
	}
	v->name = copy_string(slash ? slash : copy);
	free(copy);
}

/* Reads the comment at the top, which text_next() skips, as one line. */
static void read_comment(struct vector *v)
{
	char line[512], all[2048] = "";
	FILE *f = fopen(v->path, "r");

	while (f && fgets(line, sizeof(line), f) && line[0] == '#' &&
	       strlen(all) + strlen(line) < sizeof(all)) {
		line[strcspn(line, "\n")] = 0;
		if (all[0])
			strcat(all, " ");
		strcat(all, line + 1 + (line[1] == ' '));
	}
	if (f)
		fclose(f);
	if (all[0])
		v->comment = copy_string(all);
}

struct vector *vector_read(const char *path)
{
	struct vector *v = calloc(1, sizeof(*v));
	struct text *text = malloc(sizeof(*text));
	struct config *config = malloc(sizeof(*config));
	struct step *step = NULL;
	bool silence = false;
	const char *word;
	int i;

	if (!v || !text || !config)
		abort();
	v->steps = calloc(VECTOR_STEPS_MAX, sizeof(*v->steps));
	if (!v->steps)
		abort();
	name_vector(v, path);
	read_comment(v);
	config_init(config);
	text_open(text, path);
	while (text_next(text)) {
		word = text->words[0];
		if (!strcmp(word, "rows")) {
			for (i = 1; i < text->n && v->n_rows < VECTOR_ROWS_MAX; i++)
				v->rows[v->n_rows++] = copy_string(text->words[i]);
		} else if (config_line(config, text)) {
			;
		} else if (!strcmp(word, "request") || !strcmp(word, "refused")) {
			if (step)
				check_step(text, step, silence);
			silence = false;
			if (!strcmp(word, "refused")) {
				read_refused(v, text, config);
				step = NULL;
			} else {
				step = new_step(v, text, config);
				read_request(text, step);
			}
		} else if (step && !strcmp(word, "silence")) {
			silence = true;
		} else if (step && top_word(word)) {
			expectation_line(text, step);
		} else {
			text_die(text, "'%s' has no meaning here", word);
		}
	}
	if (step)
		check_step(text, step, silence);
	if (!v->n_steps || !v->n_rows || !v->comment)
		text_die(text, "a vector needs a comment, rows and a step");
	text_close(text);
	free(text);
	free(config);
	return v;
}

void vector_free(struct vector *v)
{
	struct expectation *e;
	int i, k, w;

	for (i = 0; i < v->n_rows; i++)
		free(v->rows[i]);
	for (i = 0; i < v->n_steps; i++) {
		for (k = 0; k < v->steps[i].n_expects; k++) {
			e = &v->steps[i].expects[k];
			for (w = 0; w < e->n; w++)
				free(e->words[w]);
			free(e->words);
		}
		free(v->steps[i].why);
	}
	free(v->steps);
	free(v->path);
	free(v->name);
	free(v->comment);
	free(v);
}

/* nftw() passes no argument to its callback. */
static struct vectors *found_all;

static int by_name(const void *a, const void *b)
{
	const struct vector *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static int read_found(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	const char *dot;

	(void)st;
	(void)ftw;
	poison_foreign(path);
	dot = strrchr(path, '.');
	if (type != FTW_F || !dot || strcmp(dot, ".vec"))
		return 0;
	found_all->v = realloc(found_all->v, sizeof(*found_all->v) * (size_t)(found_all->n + 1));
	if (!found_all->v)
		abort();
	found_all->v[found_all->n++] = vector_read(path);
	return 0;
}

/* Reads all vectors below a directory, in the order of their names. */
void vectors_read(const char *dir, struct vectors *all)
{
	found_all = all;
	nftw(dir, read_found, 16, FTW_PHYS);
	if (all->n)
		qsort(all->v, (size_t)all->n, sizeof(*all->v), by_name);
}

void vectors_free(struct vectors *all)
{
	int i;

	for (i = 0; i < all->n; i++)
		vector_free(all->v[i]);
	free(all->v);
}
