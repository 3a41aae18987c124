// SPDX-License-Identifier: GPL-2.0
/* vdhcpctl help: all commands, one command, or a verdict. */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "command.h"
#include "near.h"
#include "verdict.h"

static const char *const kind_texts[] = {
	[VDHCP_KIND_REPLY] = "answered",
	[VDHCP_KIND_CONSUMED] = "consumed without an answer",
	[VDHCP_KIND_DROP] = "dropped",
	[VDHCP_KIND_PASS] = "passed to the network",
	[VDHCP_KINDS] = "unknown",
};

static void print_verdict(uint32_t verdict)
{
	const struct verdict_text *text = verdict_text(verdict);
	char name[NAME_SIZE];

	printf("Verdict %s: the packet is %s.\n\n%s\nWhat to do:\n%s",
	       verdict_name(verdict, name), kind_texts[verdict_kind(verdict)], text->meaning,
	       text->action);
	if (text->event)
		printf("\nReported as event \"%s\", see \"vdhcpctl monitor\".\n", text->event);
}

/* Prints each verdict with what it means, in the order of the counters. */
static void print_verdicts(void)
{
	const struct verdict_text *text;
	char name[NAME_SIZE];
	uint32_t i;

	for (i = 0; (text = verdict_text(i)); i++)
		printf("  %-22s%.*s%s\n", verdict_name(i, name),
		       (int)strcspn(text->meaning, "\n"), text->meaning,
		       strchr(text->meaning, '\n')[1] ? " ..." : "");
	puts("\n\"vdhcpctl help VERDICT\" prints what to do.");
}

static bool is_command(const struct ctx *ctx, const char *name)
{
	const struct command *command;

	command_for_each(command, ctx)
		if (!command->hidden && !strncmp(command->name, name, strlen(name)))
			return true;
	return false;
}

static int fail_topic(const struct ctx *ctx, const char *name)
{
	const struct command *command;
	char verdict[NAME_SIZE];
	struct near near;
	uint32_t i;

	near_begin(&near, name);
	command_for_each(command, ctx)
		if (!command->hidden)
			near_try(&near, command->name);
	for (i = 0; verdict_text(i); i++)
		near_try(&near, verdict_name(i, verdict));
	return fail_usage("\"%s\" is neither a command nor a verdict%s; "
			  "\"vdhcpctl help\" lists the commands, \"vdhcpctl help verdicts\" "
			  "the verdicts", name, near_text(&near));
}

/**
 * cmd_help() - vdhcpctl help
 * @ctx: context
 * @args: name of a command or of a verdict, "verdicts", or nothing
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
	if (verdict_find(name) >= 0) {
		print_verdict((uint32_t)verdict_find(name));
		return STATUS_OK;
	}
	if (!strcmp(name, "verdicts")) {
		print_verdicts();
		return STATUS_OK;
	}
	if (*name && !is_command(ctx, name))
		return fail_topic(ctx, name);
	command = command_find(ctx, name);
	if (!command)
		return STATUS_USAGE;
	if (command->run == cmd_help)
		command_print_usage(ctx, stdout);
	else
		command_print_help(command);
	return STATUS_OK;
}
