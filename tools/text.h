/* SPDX-License-Identifier: GPL-2.0 */
/* Output that is held back in memory until all of it was made. */
#ifndef VDHCPCTL_TEXT_H
#define VDHCPCTL_TEXT_H

#include <stddef.h>
#include <stdio.h>

/**
 * struct text - output in memory, all zero at the beginning
 * @data: the output, with a NUL after it; NULL if nothing was written
 * @len: its length
 * @size: size of @data
 */
struct text {
	char *data;
	size_t len;
	size_t size;
};

FILE *text_open(struct text *text);
void text_free(struct text *text);

#endif /* VDHCPCTL_TEXT_H */
