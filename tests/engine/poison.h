/* SPDX-License-Identifier: GPL-2.0 */
/* Memory that nobody has written yet, and a look whether somebody has. */
#ifndef VDHCP_TESTS_POISON_H
#define VDHCP_TESTS_POISON_H

#include <engine.h>

#ifdef __has_feature
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define POISON_MSAN
#endif
#endif

/* poison_fill - what is there must not matter; MSan takes it for unwritten */
static inline void poison_fill(void *p, size_t len, u8 byte)
{
	memset(p, byte, len);
#ifdef POISON_MSAN
	__msan_poison(p, len);
#endif
}

/* poison_check - MSan ends the program if a byte was not written */
static inline void poison_check(const void *p, size_t len)
{
#ifdef POISON_MSAN
	__msan_check_mem_is_initialized(p, len);
#else
	(void)p;
	(void)len;
#endif
}

/* poison_known - what was not written may be looked at */
static inline void poison_known(const void *p, size_t len)
{
#ifdef POISON_MSAN
	__msan_unpoison(p, len);
#else
	(void)p;
	(void)len;
#endif
}

/* poison_foreign - a text by a library that MSan does not see writing */
static inline void poison_foreign(const char *text)
{
#ifdef POISON_MSAN
	__msan_unpoison_string(text);
#else
	(void)text;
#endif
}

/* What memory is filled with that the engine works in; see config.c. */
extern u8 poison_byte;

#endif /* VDHCP_TESTS_POISON_H */
