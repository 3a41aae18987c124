// SPDX-License-Identifier: GPL-2.0
/*
 * vdhcpctl __complete: words that can stand at the end of a command line, for the
 * completion of bash. Each line is a word, or ":" and something that only the shell
 * or the kernel knows: files, netns, devices, names OBJECT, vlans DEV.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "command.h"
#include "option.h"
#include "port.h"
#include "route.h"
#include "verdict.h"

/**
 * struct line - a command line without its options
 * @words: words; the last one is being completed
 * @count: number of words, at least 1
 */
struct line {
	char **words;
	size_t count;
};

static const char *last_word(const struct line *line)
{
	return line->words[line->count - 1];
}

static void print_commands(const struct ctx *ctx)
{
	const struct command *command;

	command_for_each(command, ctx)
		if (!command->hidden)
			puts(command->name);
}

static void print_topics(const struct ctx *ctx)
{
	char name[NAME_SIZE];
	uint32_t i;

	print_commands(ctx);
	puts("verdicts");
	for (i = 0; verdict_text(i); i++)
		puts(verdict_name(i, name));
}

/* Options are offered with the dashes that the user has written. */
static void print_options(const char *word)
{
	const char *dashes = word[1] == '-' ? "--" : "-";
	const struct option *option;

	for (option = option_table; option->name; option++)
		if (option->help)
			printf("%s%s\n", dashes, option->name);
}

/* Prints the words of a list; @separator is between them, words in capitals stand for values. */
static void print_words(const char *words, const char *separator)
{
	size_t len;

	for (; *words; words += len + (words[len] != '\0')) {
		len = strcspn(words, separator);
		if (len && !isupper((unsigned char)*words))
			printf("%.*s\n", (int)len, words);
	}
}

/* Removes options and their arguments; returns false if the last word is an argument. */
static bool strip_options(struct line *line)
{
	const struct option *option;
	size_t from, to = 0;

	for (from = 0; from < line->count; from++) {
		option = from + 1 < line->count ? option_find(line->words[from]) : NULL;
		if (!option) {
			line->words[to++] = line->words[from];
		} else if (option->arg && ++from + 1 == line->count) {
			puts(strcmp(option->name, "netns") ? ":files" : ":netns");
			return false;
		}
	}
	line->count = to;
	return true;
}

/* The words of a value: how many belong to it, and how many of them are there. */
static size_t value_words(const struct attr *attr, char **words, size_t count)
{
	if (attr->type == &type_option && (!count || strcmp(words[0], "none") != 0))
		return count > 1 && !strcmp(words[1], "none") ? 2 : 3;
	if (attr->type == &type_route && count > 1 && !strcmp(words[1], "via"))
		return 3;
	return 1;
}

/* Word @i of a value is being completed. */
static void print_value(const struct line *line, const struct attr *attr, size_t i, bool set)
{
	uint32_t number;

	if (attr->type == &type_option && i == 1) {
		for (number = 1; option_form(number); number++)
			puts(option_form(number));
		puts("none");
		return;
	}
	if (i)
		return;
	if (!strcmp(attr->key, "subnet"))
		puts(":names subnet");
	else if (!strcmp(attr->key, "vlan"))
		printf(":vlans %s\n", line->words[0]);
	for (number = 1; attr->names && number <= attr->max; number++)
		puts(attr->names[number]);
	if (!attr->names && !strchr(attr->type->arg, ' '))
		print_words(attr->type->arg, "|");
	if (set && !(attr->flags & (ATTR_ID | ATTR_KEEP)))
		puts("none");
}

/* The words after a name: keys and their values. @line begins with the name. */
static void complete_keys(const struct line *line, const struct attr_set *set, enum attr_use use)
{
	bool used[ATTRS_MAX] = { false };
	const struct attr *attr, *last = NULL;
	size_t pos = 1, count = 0, left;

	while (pos + 1 < line->count) {
		attr_for_each(attr, set)
			if (!strcmp(attr->key, line->words[pos]))
				break;
		left = line->count - pos - 1;
		count = attr->key ? value_words(attr, line->words + pos + 1, left - 1) : 1;
		if (count >= left) {
			if (attr->key)
				print_value(line, attr, left - 1, use == ATTR_USE_SET);
			return;
		}
		last = attr->key ? attr : NULL;
		if (last)
			used[attr - set->attrs] = true;
		pos += count + 1;
	}
	if (last && last->type == &type_route && count == 1)
		puts("via");
	attr_for_each(attr, set)
		if (!(attr->flags & ATTR_FIRST) && attr->type != &type_reserved &&
		    (use != ATTR_USE_NAME || attr->flags & ATTR_ID) &&
		    (attr->flags & ATTR_REPEAT || attr->nest || !used[attr - set->attrs]))
			puts(attr->key);
}

static enum attr_use verb_use(int verb)
{
	if (verb == VERB_ADD || verb == VERB_REPLACE)
		return ATTR_USE_ADD;
	return verb == VERB_SET ? ATTR_USE_SET : ATTR_USE_NAME;
}

/* @line begins with the verb. */
static void complete_object(const struct line *line, const struct object *object)
{
	const struct line rest = { line->words + 1, line->count - 1 };
	const char *kind = object->set.object;
	const struct word *verb;

	if (line->count == 1) {
		for (verb = object_verbs; verb->name; verb++)
			if (verb == object_verbs || verb[-1].value != verb->value)
				puts(verb->name);
		return;
	}
	for (verb = object_verbs; verb->name; verb++)
		if (!strncmp(verb->name, line->words[0], strlen(line->words[0])))
			break;
	if (!verb->name || verb->value == VERB_HELP)
		return;
	if (rest.count > 1) {
		complete_keys(&rest, &object->set, verb_use(verb->value));
		return;
	}
	if (verb_use(verb->value) == ATTR_USE_ADD && object == &port_object)
		puts(":devices");
	if (verb->value != VERB_ADD)
		printf(":names %s\n", kind);
}

/* Fixed words in their order, then the name of a port and its VLAN. */
static void complete_port(const struct line *line, const char *words)
{
	const char *rest = words, *found;
	size_t pos = 0, len;

	for (; pos + 1 < line->count; pos++) {
		len = strlen(line->words[pos]);
		found = strstr(rest, line->words[pos]);
		if (!len || !found || (found > rest && found[-1] != ' ') ||
		    (found[len] && found[len] != ' '))
			break;
		rest = found + len;
	}
	if (pos && !strcmp(line->words[pos - 1], "all"))
		return;
	switch (line->count - pos) {
	case 1:
		print_words(rest, " ");
		/* monitor needs the word "port" before a name, stats does not. */
		if (pos || !strstr(words, "port"))
			puts(":names port");
		break;
	case 2:
		puts("vlan");
		break;
	case 3:
		printf(":vlans %s\n", line->words[pos]);
		break;
	}
}

/* @line begins after the name of the command. */
static void complete_command(const struct ctx *ctx, const struct command *command,
			     const struct line *line)
{
	if (line->count == 1 && command->takes != TAKES_NOTHING &&
	    command->takes != TAKES_OBJECT && command->takes != TAKES_TOPIC)
		puts("help");
	switch (command->takes) {
	case TAKES_OBJECT:
		complete_object(line, command->object);
		break;
	case TAKES_PORT:
		complete_port(line, command->words);
		break;
	case TAKES_FILE:
		if (*last_word(line) == '-' && command->words)
			print_words(command->words, " ");
		else
			puts(":files");
		break;
	case TAKES_TOPIC:
		if (line->count == 1)
			print_topics(ctx);
		break;
	case TAKES_NOTHING:
		break;
	}
}

/**
 * cmd_complete() - vdhcpctl __complete
 * @ctx: context
 * @args: words of a command line; the last one is being completed and may be empty
 *
 * Return: STATUS_OK.
 */
int cmd_complete(struct ctx *ctx, struct args *args)
{
	struct line line = { args->words, (size_t)args->count };
	const struct command *command;

	if (!line.count || !strip_options(&line))
		return STATUS_OK;
	if (*last_word(&line) == '-')
		print_options(last_word(&line));
	if (line.count == 1) {
		if (*last_word(&line) != '-')
			print_commands(ctx);
		return STATUS_OK;
	}
	/* The first command that an abbreviation fits is good enough for suggestions. */
	command_for_each(command, ctx) {
		if (command->hidden ||
		    strncmp(command->name, line.words[0], strlen(line.words[0])) != 0)
			continue;
		line = (struct line){ line.words + 1, line.count - 1 };
		complete_command(ctx, command, &line);
		break;
	}
	return STATUS_OK;
}
