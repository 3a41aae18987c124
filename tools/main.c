// SPDX-License-Identifier: GPL-2.0
/* vdhcpctl: options, and which object a command is for. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"

enum {
	OBJECT_SUBNET,
	OBJECT_PORT,
	OBJECT_STATS,
	OBJECT_SYNC,
	OBJECT_DUMP,
	OBJECT_VERSION,
	OBJECT_FLUSH,
	OBJECT_MONITOR,
	OBJECT_HELP,
	OBJECT_BATCH,		/* none, but help has something to say about it */
};

static const struct word objects[] = {
	{ "subnet", OBJECT_SUBNET },
	{ "port", OBJECT_PORT },
	{ "stats", OBJECT_STATS },
	{ "sync", OBJECT_SYNC },
	{ "dump", OBJECT_DUMP },
	{ "version", OBJECT_VERSION },
	{ "flush", OBJECT_FLUSH },
	{ "monitor", OBJECT_MONITOR },
	{ "help", OBJECT_HELP },
	{ 0 },
};

static void print_usage(FILE *file)
{
	fputs("Usage: vdhcpctl [OPTION]... OBJECT [COMMAND] [WORD]...\n"
	      "       vdhcpctl [OPTION]... -batch FILE\n"
	      "\n"
	      "Objects and their commands; all may be abbreviated:\n"
	      "  subnet add|replace|set|del|show NAME [KEY VALUE]...\n"
	      "  port add|replace|set|del|show DEV [vlan N] [KEY VALUE]...\n"
	      "  sync FILE [dry-run] [check]\n"
	      "                   make the configuration that of a document\n"
	      "  dump             print the configuration as a document\n"
	      "  stats [show] [prometheus] [all|DEV [vlan N]]\n"
	      "  monitor [all|port DEV [vlan N]]\n"
	      "                   print what happens, when it happens\n"
	      "  version          of this tool and of the module\n"
	      "  flush            remove all ports and subnets\n"
	      "  help             this text; \"vdhcpctl OBJECT help\" tells more,\n"
	      "                   \"vdhcpctl help batch\" about -batch\n"
	      "\n"
	      "Options, with one dash or two:\n"
	      "  -j, -json        print JSON\n"
	      "  -p, -pretty      indent the JSON\n"
	      "  -s, -stats       show counters that are 0; in JSON show the state of objects\n"
	      "  -n, -netns NAME  work in this network namespace (name or path)\n"
	      "  -b, -batch FILE  read commands, one a line, from a file or \"-\"\n"
	      "  -force           go on after an error in a batch\n"
	      "  -V, -Version     print the version of this tool\n"
	      "  -h, -help        print this text\n"
	      "\n"
	      "Exit status: 0 done, 1 wrong usage or document, 2 the kernel said no,\n"
	      "3 \"sync check\" found a difference.\n", file);
}

/* Help on what has no keys; the others tell of theirs themselves. */
static const char *const texts[] = {
	[OBJECT_SYNC] =
		"Make the kernel's configuration that of a document.\n"
		"\n"
		"Usage:\n"
		"  vdhcpctl sync FILE [dry-run] [check]\n"
		"\n"
		"FILE is JSON as \"vdhcpctl dump\" prints it, \"-\" is stdin. What differs is\n"
		"changed, what the document lacks is removed, all of it or nothing; with -stats\n"
		"each difference is named.\n"
		"\n"
		"  dry-run, --dry-run\n"
		"        change nothing, tell what would be done\n"
		"  check, --check\n"
		"        change nothing, exit with status 3 if there is a difference\n",
	[OBJECT_DUMP] =
		"Print the kernel's configuration as a document for \"vdhcpctl sync\".\n"
		"\n"
		"Usage:\n"
		"  vdhcpctl [-pretty] dump\n",
	[OBJECT_VERSION] =
		"Print the versions of this tool and of the module.\n"
		"\n"
		"Usage:\n"
		"  vdhcpctl version\n",
	[OBJECT_FLUSH] =
		"Remove all ports and all subnets.\n"
		"\n"
		"Usage:\n"
		"  vdhcpctl flush\n",
	[OBJECT_BATCH] =
		"Run the commands in a file, one a line.\n"
		"\n"
		"Usage:\n"
		"  vdhcpctl [-force] -batch FILE\n"
		"\n"
		"FILE \"-\" is stdin. A command is written as after \"vdhcpctl\", words with blanks\n"
		"between quotes; \"#\" begins a comment, a backslash at the end of a line puts the\n"
		"next line behind it. Nothing takes effect after a line that failed.\n"
		"\n"
		"  -force\n"
		"        try all lines; exit with the status of the first that failed\n",
};

static bool print_help(int object)
{
	if (object < 0 || object >= (int)ARRAY_SIZE(texts) || !texts[object])
		return false;
	fputs(texts[object], stdout);
	return true;
}

static int run_object(struct ctx *ctx, int object, struct args *args)
{
	int err;

	if (args->count == 1 && !strcmp(args_peek(args), "help") && print_help(object))
		return STATUS_OK;
	/* Those that write can be sent together with the lines before them. */
	if (object != OBJECT_SUBNET && object != OBJECT_PORT && object != OBJECT_FLUSH) {
		err = batch_settle(ctx->batch);
		if (err)
			return err;
	}
	switch (object) {
	case OBJECT_SUBNET:
		return subnet_run(ctx, args);
	case OBJECT_PORT:
		return port_run(ctx, args);
	case OBJECT_STATS:
		return stats_run(ctx, args);
	case OBJECT_SYNC:
		return sync_run(ctx, args);
	case OBJECT_DUMP:
		return dump_run(ctx, args);
	case OBJECT_VERSION:
		return version_run(ctx, args);
	case OBJECT_FLUSH:
		return flush_run(ctx, args);
	case OBJECT_MONITOR:
		return monitor_run(ctx, args);
	case OBJECT_HELP:
		print_usage(stdout);
		return STATUS_OK;
	default:
		return STATUS_USAGE;
	}
}

/* "help OBJECT" is "OBJECT help". */
static int run_help(struct ctx *ctx, struct args *args)
{
	char help[] = "help", *words[] = { help };
	struct args turned = { .count = 1, .words = words };
	const char *topic = args_next(args);

	if (args_end(args))
		return STATUS_USAGE;
	if (!strcmp(topic, "batch")) {
		print_help(OBJECT_BATCH);
		return STATUS_OK;
	}
	return run_object(ctx, word_find(objects, topic, "an object"), &turned);
}

/**
 * command_run() - run one command
 * @ctx: context
 * @args: its words, from the object on
 *
 * Return: a status.
 */
int command_run(struct ctx *ctx, struct args *args)
{
	int object = word_find(objects, args_next(args), "an object");

	if (object == OBJECT_HELP && args_peek(args))
		return run_help(ctx, args);
	return run_object(ctx, object, args);
}

enum { OPT_JSON, OPT_PRETTY, OPT_STATS, OPT_NETNS, OPT_BATCH, OPT_FORCE, OPT_VERSION, OPT_HELP };

/* As in iproute2 each of them may be cut short, and the first that fits is meant. */
static const struct word options[] = {
	{ "json", OPT_JSON },
	{ "pretty", OPT_PRETTY },
	{ "stats", OPT_STATS },
	{ "statistics", OPT_STATS },
	{ "netns", OPT_NETNS },
	{ "batch", OPT_BATCH },
	{ "force", OPT_FORCE },
	{ "Version", OPT_VERSION },
	{ "help", OPT_HELP },
	{ 0 },
};

static int find_option(const char *given)
{
	const char *name = given + (given[1] == '-' ? 2 : 1);
	const struct word *option;

	for (option = options; option->name && *name; option++)
		if (!strncmp(option->name, name, strlen(name)))
			return option->value;
	fail_usage("option \"%s\" is unknown, try \"vdhcpctl -help\"", given);
	return -1;
}

/* What the options say beside what goes into the context. */
struct choice {
	const char *batch;
	bool done;
};

static int read_option(struct ctx *ctx, struct choice *choice, struct args *args)
{
	const char *given = args_next(args), **value = NULL;

	switch (find_option(given)) {
	case OPT_JSON:
		ctx->out.json = true;
		break;
	case OPT_PRETTY:
		ctx->out.pretty = true;
		break;
	case OPT_STATS:
		ctx->stats = true;
		break;
	case OPT_FORCE:
		ctx->force = true;
		break;
	case OPT_NETNS:
		value = &ctx->kernel.netns;
		break;
	case OPT_BATCH:
		value = &choice->batch;
		break;
	case OPT_VERSION:
		puts("vdhcpctl " VDHCP_VERSION);
		choice->done = true;
		break;
	case OPT_HELP:
		print_usage(stdout);
		choice->done = true;
		break;
	default:
		return STATUS_USAGE;
	}
	if (!value)
		return STATUS_OK;
	*value = args_next(args);
	if (!*value || !**value)
		return fail_usage("option \"%s\" needs a value", given);
	return STATUS_OK;
}

static int run(struct ctx *ctx, struct args *args)
{
	struct choice choice = { 0 };
	const char *word;
	int err;

	while ((word = args_peek(args)) && word[0] == '-') {
		if (!strcmp(word, "--")) {
			args_next(args);
			break;
		}
		err = read_option(ctx, &choice, args);
		if (err || choice.done)
			return err;
	}
	if (choice.batch)
		return args_end(args) ?: batch_run(ctx, choice.batch);
	if (!args_peek(args)) {
		print_usage(stderr);
		return STATUS_USAGE;
	}
	return command_run(ctx, args);
}

int main(int argc, char **argv)
{
	struct args args = { .count = argc ? argc - 1 : 0, .words = argv + 1 };
	struct ctx ctx = { .kernel.sock.fd = -1, .out.file = stdout };
	int err;

	err = run(&ctx, &args);
	kernel_close(&ctx.kernel);
	if (fflush(stdout) || ferror(stdout))
		err = fail_system("cannot write the output: %s", strerror(errno));
	return err;
}
