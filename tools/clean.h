/* SPDX-License-Identifier: GPL-2.0 */
/* The one place that decides which bytes reach the user's terminal. */
#ifndef VDHCPCTL_CLEAN_H
#define VDHCPCTL_CLEAN_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

bool clean_check(const char *text, size_t len);
void clean_text(char *text);
void clean_vprint(FILE *file, const char *fmt, va_list ap);
void clean_print(FILE *file, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif /* VDHCPCTL_CLEAN_H */
