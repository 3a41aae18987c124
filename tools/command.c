// SPDX-License-Identifier: GPL-2.0
/* The table of commands: dispatch, usage and help follow from it. */
#include <stdio.h>
#include <string.h>

#include "batch.h"
#include "command.h"

/* There are fewer commands. */
#define COMMANDS_MAX 32

/**
 * command_find() - find a command, which may be abbreviated
 * @ctx: context
 * @name: what the user wrote
 *
 * Return: the command, or NULL after an error was printed.
 */
const struct command *command_find(const struct ctx *ctx, const char *name)
{
	struct word words[COMMANDS_MAX] = { { 0 } };
	const struct command *command;
	size_t count = 0;
	int found;

	command_for_each(command, ctx) {
		if (command->hidden && !strcmp(command->name, name))
			return command;
		if (!command->hidden && count < ARRAY_SIZE(words) - 1)
			words[count++] = (struct word){ command->name,
							(int)(command - ctx->commands) };
	}
	found = word_find(words, name, "a command");
	return found < 0 ? NULL : &ctx->commands[found];
}

/**
 * command_run() - run one command
 * @ctx: context
 * @args: its words; at least one
 *
 * Return: a status.
 */
int command_run(struct ctx *ctx, struct args *args)
{
	const struct command *command = command_find(ctx, args_next(args));
	int err = STATUS_OK;

	if (!command)
		return STATUS_USAGE;
	if (command->hidden)
		return command->run(ctx, args);
	if (!ctx->help)
		err = args_options(args);
	if (args->count == 1 && !strcmp(args_peek(args), "help"))
		ctx->help = true;
	if (!err && !ctx->help && !command->writes)
		err = batch_settle(ctx->batch);
	if (!err && !ctx->help)
		err = command->run(ctx, args);
	/* An option for help may follow any word, and nothing was sent before it. */
	if (ctx->version)
		command_print_version();
	else if (ctx->help)
		command_print_help(command);
	return ctx->version || ctx->help ? STATUS_OK : err;
}

/* Columns of usage and help: words, then what they do. */
#define COLUMN 19

static void print_line(FILE *file, const char *words, const char *help)
{
	if (strlen(words) < COLUMN - 3)
		fprintf(file, "  %-*s%s\n", COLUMN - 2, words, help);
	else
		fprintf(file, "  %s\n%*s%s\n", words, COLUMN, "", help);
}

static void print_options(FILE *file)
{
	const struct option *option;
	char words[64];

	for (option = option_table; option->name; option++) {
		if (!option->help)
			continue;
		snprintf(words, sizeof(words), "-%.*s, -%s%s%s", option->letter ? 1 : 2,
			 option->name, option->name, option->arg ? " " : "", option->arg ?: "");
		print_line(file, words, option->help);
	}
}

/**
 * command_print_usage() - print all commands and options
 * @ctx: context
 * @file: stdout or stderr
 */
void command_print_usage(const struct ctx *ctx, FILE *file)
{
	const struct command *command;
	char words[128];

	fputs("Usage: vdhcpctl [OPTION]... COMMAND [WORD]...\n"
	      "       vdhcpctl [OPTION]... -batch FILE\n"
	      "\n"
	      "Commands; all may be abbreviated:\n", file);
	command_for_each(command, ctx) {
		if (command->hidden)
			continue;
		snprintf(words, sizeof(words), "%s%s%s", command->name,
			 *command->usage ? " " : "", command->usage);
		print_line(file, words, command->help);
	}
	fputs("\n\"vdhcpctl COMMAND help\" prints more about a command.\n"
	      "\n"
	      "Options, before the command or after it, with one dash or two:\n", file);
	print_options(file);
	fputs("\n"
	      "Exit status: 0 done, 1 wrong usage or document, 2 the kernel refused,\n"
	      "3 \"sync check\" found a difference.\n", file);
}

/**
 * command_print_version() - print the version of vdhcpctl
 */
void command_print_version(void)
{
	puts("vdhcpctl " VDHCP_VERSION);
}

/**
 * command_print_help() - print help of a command
 * @command: command
 */
void command_print_help(const struct command *command)
{
	printf("%s\n\n", command->help);
	if (command->object)
		object_help(command->object);
	else
		printf("Usage:\n  vdhcpctl %s%s%s\n", command->name, *command->usage ? " " : "",
		       command->usage);
	if (command->text)
		printf("\n%s", command->text);
}
