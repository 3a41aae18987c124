// SPDX-License-Identifier: GPL-2.0
/* Words and errors: the manners that all commands share. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ctl.h"

/* What errors are about; and who may have to tell something before they do. */
static const char *subject;
static bool (*before_error)(void *arg);
static void *before_arg;

/**
 * args_peek() - look at the next word
 * @args: the words
 *
 * Return: the word, NULL when there is none.
 */
const char *args_peek(const struct args *args)
{
	return args->count ? args->words[0] : NULL;
}

/**
 * args_next() - take the next word
 * @args: the words
 *
 * Return: the word, NULL when there is none.
 */
char *args_next(struct args *args)
{
	if (!args->count)
		return NULL;
	args->count--;
	return *args->words++;
}

/**
 * args_end() - refuse words that are left over
 * @args: the words
 *
 * Return: STATUS_OK when there is none.
 */
int args_end(const struct args *args)
{
	if (!args->count)
		return STATUS_OK;
	return fail_usage("\"%s\" is one word too many", args->words[0]);
}

static bool is_alias(const struct word *words, const struct word *word)
{
	const struct word *w;

	for (w = words; w != word; w++)
		if (w->value == word->value)
			return true;
	return false;
}

/* Says what could have stood there: the words that begin with @prefix, no aliases. */
static int fail_word(const struct word *words, const char *prefix, const char *given,
		     const char *problem)
{
	size_t len = strlen(prefix), used = 0;
	char list[256] = "";
	const struct word *w;

	for (w = words; w->name && used < sizeof(list); w++)
		if (!strncmp(w->name, prefix, len) && !is_alias(words, w))
			used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s",
						 used ? ", " : "", w->name);
	return fail_usage("\"%s\" %s: %s", given, problem, list);
}

/**
 * word_find() - look a word up that may be abbreviated
 * @words: the table; what is given in full wins over abbreviations
 * @given: what the user wrote
 * @what: what the table holds, for the error: "an object"
 *
 * Return: the word's value, or -1 after telling why not.
 */
int word_find(const struct word *words, const char *given, const char *what)
{
	size_t len = strlen(given);
	const struct word *w;
	char problem[64];
	int found = -1;

	for (w = words; w->name; w++)
		if (!strcmp(w->name, given))
			return w->value;
	for (w = words; w->name && len; w++) {
		if (strncmp(w->name, given, len) != 0)
			continue;
		if (found >= 0 && found != w->value) {
			fail_word(words, given, given, "can mean several things");
			return -1;
		}
		found = w->value;
	}
	if (found < 0) {
		snprintf(problem, sizeof(problem), "is not %s", what);
		fail_word(words, "", given, problem);
	}
	return found;
}

/**
 * fail_about() - say what the errors to come are about
 * @what: an object, which stands before the sentence; NULL for nothing. It is
 *        not copied
 */
void fail_about(const char *what)
{
	subject = what;
}

/**
 * fail_before() - have something told before the next error is
 * @fn: called before each error; false keeps the error from being told. NULL
 *      ends it
 * @arg: for @fn
 */
void fail_before(bool (*fn)(void *arg), void *arg)
{
	before_error = fn;
	before_arg = arg;
}

static void __printf(2, 0) complain(const char *what, const char *fmt, va_list ap)
{
	if (before_error && !before_error(before_arg))
		return;
	fflush(stdout);
	fprintf(stderr, "%s: ", what);
	if (subject)
		fprintf(stderr, "%s: ", subject);
	vfprintf(stderr, fmt, ap);
	fputs(".\n", stderr);
}

/**
 * fail_usage() - tell that the command line is at fault
 * @fmt: a sentence without its full stop
 *
 * Return: STATUS_USAGE.
 */
int fail_usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain("Error", fmt, ap);
	va_end(ap);
	return STATUS_USAGE;
}

/**
 * fail_system() - tell that the kernel or the system said no
 * @fmt: a sentence without its full stop
 *
 * Return: STATUS_SYSTEM.
 */
int fail_system(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain("Error", fmt, ap);
	va_end(ap);
	return STATUS_SYSTEM;
}

/**
 * fail_memory() - tell that there is no memory
 *
 * Return: STATUS_SYSTEM.
 */
int fail_memory(void)
{
	return fail_system("out of memory");
}

/**
 * warn() - tell about something that does not stop the command
 * @fmt: a sentence without its full stop
 */
void warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain("Warning", fmt, ap);
	va_end(ap);
}
