// SPDX-License-Identifier: GPL-2.0
/* The known word that is closest to a mistyped one. */
#include <stdio.h>
#include <string.h>

#include "near.h"

/* Longer words are not compared; no known word is that long. */
#define WORD_MAX 32

static size_t lower_of(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * Edit distance with transpositions (optimal string alignment): how many letters
 * have to be added, removed, replaced or swapped with their neighbour. Words of
 * more than WORD_MAX bytes have distance WORD_MAX from every other word.
 */
static size_t edit_distance(const char *a, const char *b)
{
	size_t alen = strlen(a), blen = strlen(b), i, j;
	size_t cost[WORD_MAX + 1][WORD_MAX + 1];

	if (alen > WORD_MAX || blen > WORD_MAX)
		return WORD_MAX;
	for (i = 0; i <= alen; i++)
		cost[i][0] = i;
	for (j = 0; j <= blen; j++)
		cost[0][j] = j;
	for (i = 1; i <= alen; i++) {
		for (j = 1; j <= blen; j++) {
			cost[i][j] = lower_of(cost[i - 1][j], cost[i][j - 1]) + 1;
			cost[i][j] = lower_of(cost[i][j],
					      cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				cost[i][j] = lower_of(cost[i][j], cost[i - 2][j - 2] + 1);
		}
	}
	return cost[alen][blen];
}

/**
 * near_begin() - begin a search
 * @near: search
 * @given: the word that the user wrote; it has to stay until near_text()
 */
void near_begin(struct near *near, const char *given)
{
	*near = (struct near){ .given = given };
}

/**
 * near_try() - compare a known word
 * @near: search
 * @known: the word
 *
 * A word is close if at most one letter is wrong, or a third of its letters. Of
 * equally close words the first one wins.
 */
void near_try(struct near *near, const char *known)
{
	size_t distance = edit_distance(near->given, known), len = strlen(known);

	if (distance > (len < 6 ? 1 : len / 3) || distance >= len)
		return;
	if (near->best && distance >= near->distance)
		return;
	near->best = known;
	near->distance = distance;
}

/**
 * near_text() - get the end of an error message
 * @near: search
 *
 * Return: " (did you mean "WORD"?)", or "" if no known word is close.
 */
const char *near_text(struct near *near)
{
	if (near->best)
		snprintf(near->text, sizeof(near->text), " (did you mean \"%s\"?)", near->best);
	return near->text;
}
