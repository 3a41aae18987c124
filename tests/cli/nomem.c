// SPDX-License-Identifier: GPL-2.0
/* For LD_PRELOAD: the allocation whose number is in NOMEM_AT fails. */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>

static int fails(void)
{
	static long count;
	const char *at = getenv("NOMEM_AT");

	if (!at || ++count != atol(at))
		return 0;
	errno = ENOMEM;
	return 1;
}

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}
