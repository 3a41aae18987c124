/* SPDX-License-Identifier: GPL-2.0 */
/* What every file of vdhcpctl shares: exit status, words, errors, context. */
#ifndef VDHCPCTL_CTL_H
#define VDHCPCTL_CTL_H

#include <stdbool.h>
#include <stddef.h>

#include "nl.h"
#include "out.h"

#ifndef VDHCP_VERSION
#define VDHCP_VERSION "unknown"
#endif

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/**
 * enum status - what a function that can fail returns, and what main() exits with
 * @STATUS_OK: done
 * @STATUS_USAGE: the command line is at fault; nothing was sent
 * @STATUS_SYSTEM: the kernel, or the system below, said no
 * @STATUS_DIFFERENT: the kernel is not what the document says
 *
 * Whoever returns something else than STATUS_OK has already told why on stderr.
 */
enum status {
	STATUS_OK,
	STATUS_USAGE,
	STATUS_SYSTEM,
	STATUS_DIFFERENT,
};

/**
 * struct args - the words of a command that nobody has looked at yet
 * @count: how many are left
 * @words: the first of them
 */
struct args {
	int count;
	char **words;
};

struct batch;

/**
 * struct ctx - what lasts from the first command of a run to the last
 * @kernel: the connection to the kernel, opened by the first command that needs it
 * @out: where and how results are printed
 * @stats: -stats was given
 * @force: -force was given: a batch goes on after an error
 * @batch: the batch that the command is a line of, NULL for none
 */
struct ctx {
	struct kernel kernel;
	struct out out;
	bool stats;
	bool force;
	struct batch *batch;
};

/**
 * struct word - a word of the grammar that may be abbreviated
 * @name: in full; NULL ends a table
 * @value: what it means, 0 or more; aliases share a value
 */
struct word {
	const char *name;
	int value;
};

const char *args_peek(const struct args *args);
char *args_next(struct args *args);
int args_end(const struct args *args);
int word_find(const struct word *words, const char *given, const char *what);

void fail_about(const char *what);
void fail_before(bool (*fn)(void *arg), void *arg);
int fail_usage(const char *fmt, ...) __printf(1, 2);
int fail_system(const char *fmt, ...) __printf(1, 2);
int fail_memory(void);
void warn(const char *fmt, ...) __printf(1, 2);

/* The objects: each gets the words after its name. */
int subnet_run(struct ctx *ctx, struct args *args);
int port_run(struct ctx *ctx, struct args *args);
int stats_run(struct ctx *ctx, struct args *args);
int version_run(struct ctx *ctx, struct args *args);
int monitor_run(struct ctx *ctx, struct args *args);
int flush_run(struct ctx *ctx, struct args *args);
int sync_run(struct ctx *ctx, struct args *args);
int dump_run(struct ctx *ctx, struct args *args);

int command_run(struct ctx *ctx, struct args *args);
int batch_run(struct ctx *ctx, const char *name);

#endif /* VDHCPCTL_CTL_H */
