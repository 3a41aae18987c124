// SPDX-License-Identifier: GPL-2.0
/* Error messages and exit status. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "clean.h"
#include "err.h"

/* The object that stands before the sentence, see fail_about(). */
static const char *subject;

/* The text that follows the sentence, see fail_hint(). */
static const char *after;

/* See fail_before(). */
static bool (*before_error)(void *arg);
static void *before_arg;

/**
 * fail_about() - set the object that the next errors are about
 * @what: printed before the sentence, not copied; NULL for no object
 */
void fail_about(const char *what)
{
	subject = what;
}

/**
 * fail_hint() - set a text that follows the next errors
 * @hint: printed after the sentence, not copied; NULL for no text
 */
void fail_hint(const char *hint)
{
	after = hint;
}

/**
 * fail_before() - set a function that is called before an error is printed
 * @fn: returns false to suppress the error; NULL removes the function
 * @arg: argument of @fn
 */
void fail_before(bool (*fn)(void *arg), void *arg)
{
	before_error = fn;
	before_arg = arg;
}

static void __printf(2, 0) print_message(const char *what, const char *fmt, va_list ap)
{
	if (before_error && !before_error(before_arg))
		return;
	fflush(stdout);
	clean_print(stderr, "%s: ", what);
	if (subject)
		clean_print(stderr, "%s: ", subject);
	clean_vprint(stderr, fmt, ap);
	clean_print(stderr, "%s.\n", after ?: "");
}

/**
 * fail_usage() - print that the command line or a document is wrong
 * @fmt: a sentence without its full stop
 *
 * Return: STATUS_USAGE.
 */
int fail_usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_message("Error", fmt, ap);
	va_end(ap);
	return STATUS_USAGE;
}

/**
 * fail_system() - print that the kernel or the system refused
 * @fmt: a sentence without its full stop
 *
 * Return: STATUS_SYSTEM.
 */
int fail_system(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_message("Error", fmt, ap);
	va_end(ap);
	return STATUS_SYSTEM;
}

/**
 * fail_memory() - print that an allocation failed
 *
 * Return: STATUS_SYSTEM.
 */
int fail_memory(void)
{
	return fail_system("out of memory");
}

/**
 * warn() - print a warning; the command goes on
 * @fmt: a sentence without its full stop
 */
void warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_message("Warning", fmt, ap);
	va_end(ap);
}
