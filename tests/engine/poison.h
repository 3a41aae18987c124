/* SPDX-License-Identifier: GPL-2.0 */
/* Memory that counts as not written, and checks that it was written. */
#ifndef VDHCP_TESTS_POISON_H
#define VDHCP_TESTS_POISON_H

#include <engine.h>

#ifdef __has_feature
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define POISON_MSAN
#endif
#endif

/* poison_fill - fill memory that MSan is to treat as not written */
static inline void poison_fill(void *p, size_t len, u8 byte)
{
	memset(p, byte, len);
#ifdef POISON_MSAN
	__msan_poison(p, len);
#endif
}

/* poison_check - end the program, under MSan, if a byte was not written */
static inline void poison_check(const void *p, size_t len)
{
#ifdef POISON_MSAN
	__msan_check_mem_is_initialized(p, len);
#else
	(void)p;
	(void)len;
#endif
}

/* poison_known - allow reading bytes that were not written */
static inline void poison_known(const void *p, size_t len)
{
#ifdef POISON_MSAN
	__msan_unpoison(p, len);
#else
	(void)p;
	(void)len;
#endif
}

/* poison_foreign - allow reading a text from a library without MSan */
static inline void poison_foreign(const char *text)
{
#ifdef POISON_MSAN
	__msan_unpoison_string(text);
#else
	(void)text;
#endif
}

/* Byte with which the memory of the engine is filled; see config.c. */
extern u8 poison_byte;

#endif /* VDHCP_TESTS_POISON_H */
