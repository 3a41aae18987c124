// SPDX-License-Identifier: GPL-2.0
/* vdhcpctl help: all commands, or one. */
#include <stdio.h>

#include "cmd.h"
#include "command.h"

/**
 * cmd_help() - vdhcpctl help
 * @ctx: context
 * @args: name of a command, or nothing
 *
 * Return: a status.
 */
int cmd_help(struct ctx *ctx, struct args *args)
{
	const char *name = args_next(args);
	const struct command *command;

	if (args_end(args))
		return STATUS_USAGE;
	if (!name) {
		command_print_usage(ctx, stdout);
		return STATUS_OK;
	}
	command = command_find(ctx, name);
	if (!command)
		return STATUS_USAGE;
	if (command->run == cmd_help)
		command_print_usage(ctx, stdout);
	else
		command_print_help(command);
	return STATUS_OK;
}
