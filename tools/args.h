/* SPDX-License-Identifier: GPL-2.0 */
/* The words of a command line, and the options among them. */
#ifndef VDHCPCTL_ARGS_H
#define VDHCPCTL_ARGS_H

#include "ctx.h"
#include "err.h"

/**
 * struct args - words of a command that were not parsed yet
 * @ctx: context that options are stored in
 * @count: number of words
 * @words: the words
 * @ended: "--" was found: no options follow
 */
struct args {
	struct ctx *ctx;
	int count;
	char **words;
	bool ended;
};

/**
 * struct word - a word that may be abbreviated
 * @name: the full word; NULL ends a table
 * @value: meaning, 0 or more; aliases share a value
 */
struct word {
	const char *name;
	int value;
};

/**
 * struct option - an option, which may stand before the command or after it
 * @name: the full word, without dashes; NULL ends the table
 * @letter: the usual short form, 0 if that has two letters
 * @value: one of enum option_value in args.c
 * @arg: name of the argument in help, NULL if the option has none
 * @help: one line of help, NULL for an alias that help does not list
 */
struct option {
	const char *name;
	char letter;
	int value;
	const char *arg;
	const char *help;
};

extern const struct option option_table[];

const char *args_peek(const struct args *args);
char *args_next(struct args *args);
int args_options(struct args *args);
int args_end(struct args *args);
const struct option *option_find(const char *word);
int fail_option(const char *word);
bool word_is_known(const struct word *words, const char *given);
int word_find(const struct word *words, const char *given, const char *what);

#endif /* VDHCPCTL_ARGS_H */
