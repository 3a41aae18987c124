// SPDX-License-Identifier: GPL-2.0
/* vdhcpctl: the table of all commands, and the options before a command. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "command.h"
#include "kernel.h"
#include "port.h"
#include "subnet.h"

static const struct command commands[] = {
	{
		.name = "subnet", .run = cmd_subnet,
		.usage = "add|replace|set|del|show NAME [KEY VALUE]...",
		.help = "configure what all ports of a network have in common",
		.object = &subnet_object, .takes = TAKES_OBJECT, .writes = true,
	},
	{
		.name = "port", .run = cmd_port,
		.usage = "add|replace|set|del|show DEV [vlan N] [KEY VALUE]...",
		.help = "configure one interface of one guest; its device may come later",
		.object = &port_object, .takes = TAKES_OBJECT, .writes = true,
	},
	{
		.name = "sync", .run = cmd_sync,
		.usage = "FILE [dry-run] [check] [strict] [max-remove N|N%]",
		.help = "make the configuration equal to a document",
		.takes = TAKES_FILE, .words = "--dry-run --check --strict --max-remove",
		.text =
		"FILE is JSON as \"vdhcpctl dump\" prints it, \"-\" is stdin. Objects that differ\n"
		"are changed, objects that the document lacks are removed: all of them, or none\n"
		"if the kernel refuses one. With -stats each difference is printed, with the old\n"
		"and the new value of each key that changes.\n"
		"\n"
		"  dry-run, --dry-run\n"
		"        check the document, change nothing, print what would change\n"
		"  check, --check\n"
		"        change nothing, exit with status 3 if there is a difference\n"
		"  strict, --strict\n"
		"        refuse a document with warnings: an address or a MAC that two ports of a\n"
		"        subnet have, a gateway or next hop outside of the subnet\n"
		"  max-remove N|N%, --max-remove N|N%\n"
		"        remove this many ports at most, or change nothing; 50% of 20 or more\n"
		"        ports if not given\n",
	},
	{
		.name = "dump", .run = cmd_dump,
		.usage = "",
		.help = "print the configuration as a document for \"vdhcpctl sync\"",
	},
	{
		.name = "stats", .run = cmd_stats,
		.usage = "[show] [prometheus|-w SECONDS|-reset] [all|DEV [vlan N]]",
		.help = "print counters of packets",
		.takes = TAKES_PORT, .words = "show prometheus all",
		.text =
		"  (nothing)\n"
		"        the sum of all ports since the module was loaded\n"
		"  all\n"
		"        each port that received a packet, with -stats all ports\n"
		"  DEV [vlan N]\n"
		"        one port\n"
		"  -w SECONDS\n"
		"        count for so long, and print packets per second\n"
		"  -reset\n"
		"        set the counters of one port or of all to 0; this takes CAP_NET_ADMIN\n"
		"  prometheus\n"
		"        print in Prometheus' text format (also \"--prometheus\")\n"
		"\n"
		"Counters that are 0 are printed with -stats, and always in JSON.\n",
	},
	{
		.name = "monitor", .run = cmd_monitor,
		.usage = "[all|port DEV [vlan N]]",
		.help = "print events when they happen, one line each",
		.takes = TAKES_PORT, .words = "all port",
		.text =
		"  all\n"
		"        all events\n"
		"  port DEV [vlan N]\n"
		"        events of one device or port\n"
		"\n"
		"With -json each line is a JSON object. With -stats \"monitor: listening\" is printed\n"
		"to stderr as soon as no event can be missed. It ends with SIGINT or SIGTERM, or when\n"
		"its output is closed. Listening takes CAP_NET_ADMIN.\n",
	},
	{
		.name = "version", .run = cmd_version,
		.usage = "",
		.help = "print the versions of vdhcpctl and of the module",
	},
	{
		.name = "flush", .run = cmd_flush,
		.usage = "",
		.help = "remove all ports and subnets",
		.writes = true,
	},
	{
		.name = "batch", .run = cmd_batch,
		.usage = "FILE",
		.help = "run the commands in a file, one a line",
		.takes = TAKES_FILE,
		.text =
		"FILE \"-\" is stdin. A command is written as after \"vdhcpctl\", words with blanks\n"
		"between quotes; \"#\" begins a comment, a backslash at the end of a line joins it\n"
		"with the next line. Nothing takes effect after a line that failed.\n"
		"\n"
		"  -force\n"
		"        try all lines; exit with the status of the first that failed\n",
	},
	{
		.name = "help", .run = cmd_help,
		.usage = "[COMMAND|VERDICT|verdicts]",
		.help = "print this text, or help of a command or of a verdict",
		.takes = TAKES_TOPIC,
	},
	{ .name = "__complete", .run = cmd_complete, .usage = "", .hidden = true },
	{ 0 },
};

/* "vdhcpctl -batch FILE" is "vdhcpctl batch FILE". */
static int run_batch_option(struct ctx *ctx, struct args *args)
{
	char *name = (char *)ctx->batch_file;
	struct args file = { .ctx = ctx, .count = 1, .words = &name, .ended = true };

	return args_end(args) ?: cmd_batch(ctx, &file);
}

static int run(struct ctx *ctx, struct args *args)
{
	int err;

	do {
		err = args_options(args);
	} while (err == STATUS_HELP);
	if (err)
		return err;
	if (ctx->version) {
		command_print_version();
		return STATUS_OK;
	}
	if (ctx->batch_file)
		return run_batch_option(ctx, args);
	if (!args_peek(args)) {
		command_print_usage(ctx, ctx->help ? stdout : stderr);
		return ctx->help ? STATUS_OK : STATUS_USAGE;
	}
	if (args_peek(args)[0] == '-' && !args->ended)
		return fail_option(args_peek(args));
	return command_run(ctx, args);
}

int main(int argc, char **argv)
{
	struct ctx ctx = { .kernel.sock.fd = -1, .out.file = stdout, .commands = commands };
	struct args args = { .ctx = &ctx, .count = argc ? argc - 1 : 0, .words = argv + 1 };
	int err;

	err = run(&ctx, &args);
	kernel_close(&ctx.kernel);
	if (fflush(stdout) || ferror(stdout))
		err = fail_system("cannot write the output: %s", strerror(errno));
	return err;
}
