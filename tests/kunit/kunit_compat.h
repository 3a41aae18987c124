/* SPDX-License-Identifier: GPL-2.0 */
/* What newer kernels have in <kunit/test.h>, for those that have not. */
#ifndef VDHCP_KUNIT_COMPAT_H
#define VDHCP_KUNIT_COMPAT_H

#include <kunit/test.h>
#include <linux/hrtimer.h>
#include <linux/string.h>

/**
 * vtest_next() - the next row of a table of parameters
 * @prev: the row before, NULL for the first
 * @desc: filled with its name
 * @table: the table, whose rows begin with a pointer to their name
 * @size: bytes of @table
 * @row: bytes of a row
 *
 * Return: the row, NULL at the end.
 */
static inline const void *vtest_next(const void *prev, char *desc, const void *table,
				     size_t size, size_t row)
{
	const u8 *next = prev ? (const u8 *)prev + row : table;

	if (next >= (const u8 *)table + size)
		return NULL;
	strscpy(desc, *(const char * const *)next, KUNIT_PARAM_DESC_SIZE);
	return next;
}

/* 6.18: a generator is told for which test; what came with it is a macro. */
#ifdef KUNIT_CASE_PARAM_WITH_INIT
#define VTEST_GEN_ARGS	struct kunit *test, const void *prev, char *desc
#else
#define VTEST_GEN_ARGS	const void *prev, char *desc
#endif

/* Like KUNIT_ARRAY_PARAM_DESC() of 6.6. */
#define VTEST_PARAMS(name, table)						\
	static const void *name##_gen_params(VTEST_GEN_ARGS)			\
	{									\
		return vtest_next(prev, desc, table, sizeof(table), sizeof((table)[0])); \
	}

/* 6.13: a timer gets its function when it is set up; Kbuild looks whether. */
#ifdef VTEST_COMPAT_HRTIMER_INIT
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

/**
 * vtest_differ() - where two pieces of memory differ
 * @got: one
 * @want: the other
 * @len: bytes of both
 *
 * Like KUNIT_EXPECT_MEMEQ() of 6.2: compare with -1, and a failure tells where.
 *
 * Return: offset of the first byte that is not the same, -1 if there is none.
 */
static inline int vtest_differ(const void *got, const void *want, size_t len)
{
	const u8 *a = got, *b = want;
	size_t i;

	for (i = 0; i < len; i++)
		if (a[i] != b[i])
			return i;
	return -1;
}

#endif /* VDHCP_KUNIT_COMPAT_H */
