/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of the vector runner. */
#ifndef VDHCP_TESTS_REPLAY_H
#define VDHCP_TESTS_REPLAY_H

#include "vector.h"

/* rows.c: number of rows without a vector, and of rows that @list does not have. */
int rows_check(const struct vectors *all, const char *list, FILE *table);

/* expand.c */
void expand(const struct vectors *all);

/* emit.c */
void emit_corpus(const struct vectors *all, const char *dir);
void emit_c(const struct vectors *all, const char *path);

#endif /* VDHCP_TESTS_REPLAY_H */
