/* SPDX-License-Identifier: GPL-2.0 */
/* State that lasts from the first command of a run to the last. */
#ifndef VDHCPCTL_CTX_H
#define VDHCPCTL_CTX_H

#include <stdbool.h>

#include "netlink.h"
#include "out.h"

#ifndef VDHCP_VERSION
#define VDHCP_VERSION "unknown"
#endif

struct batch;
struct command;

/**
 * struct ctx - state that lasts from the first command of a run to the last
 * @kernel: connection to the kernel, opened by the first command that needs it
 * @out: output format and file
 * @commands: all commands, ended by one without a name
 * @stats: -stats was given
 * @brief: -brief was given
 * @force: -force was given: a batch goes on after an error
 * @help: -help was given: print help instead of running the command
 * @version: -Version was given: print the version instead of running the command
 * @batch_file: argument of -batch, NULL without one
 * @batch: batch that the command is a line of, NULL outside of batches
 */
struct ctx {
	struct kernel kernel;
	struct out out;
	const struct command *commands;
	bool stats;
	bool brief;
	bool force;
	bool help;
	bool version;
	const char *batch_file;
	struct batch *batch;
};

#endif /* VDHCPCTL_CTX_H */
