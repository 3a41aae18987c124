// SPDX-License-Identifier: GPL-2.0
/* The words of a command line, and the options among them. */
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "near.h"

enum option_value {
	OPTION_JSON,
	OPTION_PRETTY,
	OPTION_STATS,
	OPTION_BRIEF,
	OPTION_NETNS,
	OPTION_BATCH,
	OPTION_FORCE,
	OPTION_VERSION,
	OPTION_HELP,
};

/* As in iproute2, an abbreviation stands for the first option that it fits. */
const struct option option_table[] = {
	{ "json", 'j', OPTION_JSON, NULL, "print JSON" },
	{ "pretty", 'p', OPTION_PRETTY, NULL, "indent the JSON" },
	{ "stats", 's', OPTION_STATS, NULL,
	  "show more: counters that are 0, state in JSON, differences of sync" },
	{ "statistics", 0, OPTION_STATS, NULL, NULL },
	{ "netns", 'n', OPTION_NETNS, "NAME", "work in this network namespace (name or path)" },
	{ "batch", 'b', OPTION_BATCH, "FILE", "run the commands in a file, \"-\" is stdin" },
	{ "brief", 0, OPTION_BRIEF, NULL, "show one line for each port" },
	{ "force", 'f', OPTION_FORCE, NULL, "go on after an error in a batch" },
	{ "Version", 'V', OPTION_VERSION, NULL, "print the version of vdhcpctl" },
	{ "version", 0, OPTION_VERSION, NULL, NULL },
	{ "help", 'h', OPTION_HELP, NULL, "print help, of the command if there is one" },
	{ 0 },
};

/**
 * args_peek() - get the next word
 * @args: words
 *
 * Return: the next word, which stays; NULL at the end.
 */
const char *args_peek(const struct args *args)
{
	return args->count ? args->words[0] : NULL;
}

/**
 * args_next() - take the next word
 * @args: words
 *
 * Return: the next word; NULL at the end.
 */
char *args_next(struct args *args)
{
	if (!args->count)
		return NULL;
	args->count--;
	return *args->words++;
}

/**
 * option_find() - find an option, which may be abbreviated
 * @word: what the user wrote
 *
 * Return: the option, NULL if @word is not an option.
 */
const struct option *option_find(const char *word)
{
	const char *name = word + (!strncmp(word, "--", 2) ? 2 : !!*word);
	const struct option *option;

	for (option = option_table; word[0] == '-' && option->name && *name; option++)
		if (!strncmp(option->name, name, strlen(name)))
			return option;
	return NULL;
}

/* The lines of a batch share one connection, and what it was opened for. */
static bool is_for_line(const struct option *option)
{
	return option->value == OPTION_JSON || option->value == OPTION_PRETTY ||
	       option->value == OPTION_STATS || option->value == OPTION_BRIEF ||
	       option->value == OPTION_HELP;
}

static int set_option(struct args *args, const struct option *option)
{
	struct ctx *ctx = args->ctx;
	const char *given = args_next(args), **value;

	if (ctx->batch && !is_for_line(option))
		return fail_usage("option \"%s\" cannot be used in a line of a batch", given);
	switch (option->value) {
	case OPTION_JSON:
		ctx->out.json = true;
		return STATUS_OK;
	case OPTION_PRETTY:
		ctx->out.pretty = true;
		return STATUS_OK;
	case OPTION_STATS:
		ctx->stats = true;
		return STATUS_OK;
	case OPTION_BRIEF:
		ctx->brief = true;
		return STATUS_OK;
	case OPTION_FORCE:
		ctx->force = true;
		return STATUS_OK;
	case OPTION_VERSION:
		ctx->version = true;
		return STATUS_HELP;
	case OPTION_HELP:
		ctx->help = true;
		return STATUS_HELP;
	default:
		break;
	}
	value = option->value == OPTION_NETNS ? &ctx->kernel.netns : &ctx->batch_file;
	*value = args_next(args);
	if (!*value || !**value)
		return fail_usage("option \"%s\" needs a value: %s", given, option->arg);
	return STATUS_OK;
}

/**
 * args_options() - take the options that stand next
 * @args: words
 *
 * Options stand before a command and wherever its grammar has a name or a key,
 * but not where it has a value. A word with a dash that is no option stays,
 * because names may begin with a dash; after "--" all words stay.
 *
 * Return: a status; STATUS_HELP at an option that asks for help or for the version.
 */
int args_options(struct args *args)
{
	const struct option *option;
	const char *word;
	int err = STATUS_OK;

	while (!err && !args->ended && (word = args_peek(args)) && word[0] == '-') {
		if (!strcmp(word, "--")) {
			args_next(args);
			args->ended = true;
			break;
		}
		option = option_find(word);
		if (!option)
			break;
		err = set_option(args, option);
	}
	return err;
}

/**
 * fail_option() - print that an option does not exist
 * @word: what the user wrote, with its dashes
 *
 * Return: STATUS_USAGE.
 */
int fail_option(const char *word)
{
	const char *name = word + strspn(word, "-");
	const struct option *option;
	struct near near;

	near_begin(&near, name);
	for (option = option_table; option->name; option++)
		near_try(&near, option->name);
	return fail_usage("unknown option \"%s\"%s, see \"vdhcpctl -help\"", word,
			  near_text(&near));
}

/**
 * args_end() - take the options that are left, and refuse words
 * @args: words
 *
 * Return: STATUS_OK if no word is left.
 */
int args_end(struct args *args)
{
	int err = args_options(args);

	if (err || !args->count)
		return err;
	if (args->words[0][0] == '-' && !args->ended)
		return fail_option(args->words[0]);
	return fail_usage("unexpected argument \"%s\"", args->words[0]);
}

static bool is_alias(const struct word *words, const struct word *word)
{
	const struct word *w;

	for (w = words; w != word; w++)
		if (w->value == word->value)
			return true;
	return false;
}

/* Lists the words that begin with @prefix, without aliases: "a, b or c". */
static void list_words(const struct word *words, const char *prefix, const char *last,
		       char *list, size_t size)
{
	const struct word *w, *held = NULL;
	size_t len = strlen(prefix), used = 0;

	*list = '\0';
	for (w = words; w->name && used < size; w++) {
		if (strncmp(w->name, prefix, len) != 0 || is_alias(words, w))
			continue;
		if (held)
			used += (size_t)snprintf(list + used, size - used, "%s%s",
						 used ? ", " : "", held->name);
		held = w;
	}
	if (held && used < size)
		snprintf(list + used, size - used, "%s%s", used ? last : "", held->name);
}

static int fail_word(const struct word *words, const char *given, const char *what)
{
	const struct word *w;
	struct near near;
	char list[256];

	near_begin(&near, given);
	for (w = words; w->name; w++)
		near_try(&near, w->name);
	list_words(words, "", ", ", list, sizeof(list));
	fail_usage("\"%s\" is not %s%s: %s", given, what, near_text(&near), list);
	return -1;
}

/**
 * word_is_known() - check whether a table has a word or abbreviation
 * @words: table
 * @given: what the user wrote
 *
 * Return: true if at least one word begins with @given.
 */
bool word_is_known(const struct word *words, const char *given)
{
	const struct word *w;

	for (w = words; w->name; w++)
		if (*given && !strncmp(w->name, given, strlen(given)))
			return true;
	return false;
}

/**
 * word_find() - find a word, which may be abbreviated, in a table
 * @words: table; a full word wins over abbreviations
 * @given: what the user wrote
 * @what: kind of word for the error, "a command"
 *
 * Return: value of the word, or -1 after an error was printed.
 */
int word_find(const struct word *words, const char *given, const char *what)
{
	size_t len = strlen(given);
	const struct word *w;
	char list[256];
	int found = -1;

	for (w = words; w->name; w++)
		if (!strcmp(w->name, given))
			return w->value;
	for (w = words; w->name && len; w++) {
		if (strncmp(w->name, given, len) != 0)
			continue;
		if (found >= 0 && found != w->value) {
			list_words(words, given, " or ", list, sizeof(list));
			fail_usage("\"%s\" is ambiguous: %s", given, list);
			return -1;
		}
		found = w->value;
	}
	return found < 0 ? fail_word(words, given, what) : found;
}
