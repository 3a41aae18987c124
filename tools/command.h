/* SPDX-License-Identifier: GPL-2.0 */
/* The table of commands: dispatch, usage, help and completion follow from it. */
#ifndef VDHCPCTL_COMMAND_H
#define VDHCPCTL_COMMAND_H

#include "args.h"
#include "object.h"

/**
 * enum takes - what bash can complete after a command
 * @TAKES_NOTHING: no words
 * @TAKES_FILE: a file
 * @TAKES_OBJECT: a verb, the name of an object, keys and values
 * @TAKES_PORT: the name of a port
 * @TAKES_TOPIC: a command or a verdict
 */
enum takes {
	TAKES_NOTHING,
	TAKES_FILE,
	TAKES_OBJECT,
	TAKES_PORT,
	TAKES_TOPIC,
};

/**
 * struct command - a command
 * @name: its name; NULL ends the table
 * @run: function that runs it
 * @usage: words after the name, as lines of help show them
 * @help: one line of help
 * @text: further help, NULL for none
 * @object: object with its keys for TAKES_OBJECT
 * @takes: what bash can complete after it
 * @words: fixed words that it takes, in their order, with blanks between them; NULL
 *         for none
 * @writes: in a batch it does not wait for the lines before it
 * @hidden: help and completion do not list it, and it cannot be abbreviated
 */
struct command {
	const char *name;
	int (*run)(struct ctx *ctx, struct args *args);
	const char *usage;
	const char *help;
	const char *text;
	const struct object *object;
	enum takes takes;
	const char *words;
	bool writes;
	bool hidden;
};

#define command_for_each(command, ctx) \
	for ((command) = (ctx)->commands; (command)->name; (command)++)

const struct command *command_find(const struct ctx *ctx, const char *name);
int command_run(struct ctx *ctx, struct args *args);
void command_print_usage(const struct ctx *ctx, FILE *file);
void command_print_help(const struct command *command);
void command_print_version(void);

#endif /* VDHCPCTL_COMMAND_H */
