/* SPDX-License-Identifier: GPL-2.0 */
/* The known word that is closest to a mistyped one. */
#ifndef VDHCPCTL_NEAR_H
#define VDHCPCTL_NEAR_H

#include <stddef.h>

/**
 * struct near - search for the known word closest to a given one
 * @given: the word that the user wrote
 * @best: closest word so far, NULL if none is close enough
 * @distance: edit distance between @given and @best
 * @text: result of near_text()
 */
struct near {
	const char *given;
	const char *best;
	size_t distance;
	char text[96];
};

void near_begin(struct near *near, const char *given);
void near_try(struct near *near, const char *known);
const char *near_text(struct near *near);

#endif /* VDHCPCTL_NEAR_H */
