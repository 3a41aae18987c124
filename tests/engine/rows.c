// SPDX-License-Identifier: GPL-2.0
/* Rows of the protocol, and the vectors that show them. */
#include <stdlib.h>
#include "replay.h"

struct row {
	char *id;
	char *text;
	bool excused;
	int vectors;
};

static struct row *rows;
static int n_rows;

/* Lines are "ID TEXT"; rows with "kernel:" or "later:" before the text need no vector. */
static void read_list(const char *path)
{
	char line[512], *id, *text;
	FILE *f = fopen(path, "r");

	if (!f) {
		perror(path);
		exit(2);
	}
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = 0;
		id = strtok_r(line, " \t", &text);
		if (!id || *id == '#')
			continue;
		rows = realloc(rows, sizeof(*rows) * (size_t)(n_rows + 1));
		if (!rows)
			abort();
		text += strspn(text, " \t");
		rows[n_rows].id = strdup(id);
		rows[n_rows].text = strdup(text);
		rows[n_rows].excused = !strncmp(text, "kernel:", 7) ||
				       !strncmp(text, "later:", 6);
		rows[n_rows++].vectors = 0;
	}
	fclose(f);
}

static struct row *row_named(const char *id)
{
	int i;

	for (i = 0; i < n_rows; i++)
		if (!strcmp(rows[i].id, id))
			return &rows[i];
	return NULL;
}

static void print_row(const struct vectors *all, const struct row *row, FILE *table)
{
	int i, k;

	fprintf(table, "%-14s %s\n", row->id, row->text);
	for (i = 0; i < all->n; i++)
		for (k = 0; k < all->v[i]->n_rows; k++)
			if (!strcmp(all->v[i]->rows[k], row->id))
				fprintf(table, "               %s: %s\n", all->v[i]->name,
					all->v[i]->comment);
}

int rows_check(const struct vectors *all, const char *list, FILE *table)
{
	struct row *row;
	int i, k, wrong = 0;

	read_list(list);
	for (i = 0; i < all->n; i++) {
		for (k = 0; k < all->v[i]->n_rows; k++) {
			row = row_named(all->v[i]->rows[k]);
			if (row) {
				row->vectors++;
				continue;
			}
			printf("%s: no row '%s' in %s\n", all->v[i]->path, all->v[i]->rows[k],
			       list);
			wrong++;
		}
	}
	for (i = 0; i < n_rows; i++) {
		if (table)
			print_row(all, &rows[i], table);
		if (!rows[i].vectors && !rows[i].excused) {
			printf("row %s has no vector: %s\n", rows[i].id, rows[i].text);
			wrong++;
		}
	}
	if (table)
		fprintf(table, "%d rows, %d vectors, %d wrong\n", n_rows, all->n, wrong);
	for (i = 0; i < n_rows; i++) {
		free(rows[i].id);
		free(rows[i].text);
	}
	free(rows);
	return wrong;
}
