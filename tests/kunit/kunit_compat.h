/* SPDX-License-Identifier: GPL-2.0 */
/* Parts of <kunit/test.h> that older kernels lack. */
#ifndef VDHCP_KUNIT_COMPAT_H
#define VDHCP_KUNIT_COMPAT_H

#include <kunit/test.h>
#include <linux/hrtimer.h>
#include <linux/string.h>

/**
 * vtest_next() - find the next row of a table of parameters
 * @prev: the row before, NULL for the first
 * @desc: filled with the name of the row
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

/* From 6.18 on a generator gets the test as an argument. */
#ifdef KUNIT_CASE_PARAM_WITH_INIT
#define VTEST_GEN_ARGS	struct kunit *test, const void *prev, char *desc
#else
#define VTEST_GEN_ARGS	const void *prev, char *desc
#endif

/* As KUNIT_ARRAY_PARAM_DESC() of 6.6. */
#define VTEST_PARAMS(name, table)						\
	static const void *name##_gen_params(VTEST_GEN_ARGS)			\
	{									\
		return vtest_next(prev, desc, table, sizeof(table), sizeof((table)[0])); \
	}

/* From 6.13 on hrtimer_setup() takes the function; Kbuild finds out. */
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
 * vtest_differ() - compare two pieces of memory
 * @got: actual bytes
 * @want: expected bytes
 * @len: bytes of both
 *
 * As KUNIT_EXPECT_MEMEQ() of 6.2: expect -1, and a failure shows the offset.
 *
 * Return: offset of the first difference, -1 for none.
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
