/* SPDX-License-Identifier: GPL-2.0 */
/* Error messages and exit status. */
#ifndef VDHCPCTL_ERR_H
#define VDHCPCTL_ERR_H

#include <stdbool.h>

/* The kernel's name for it, which checkpatch does not know to be defined here. */
#define __printf(a, b) __attribute__((__format__(printf, a, b)))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/**
 * enum status - result of a function that can fail, and exit status of the process
 * @STATUS_OK: done
 * @STATUS_USAGE: the command line or a document is wrong; nothing was sent
 * @STATUS_SYSTEM: the kernel or the system refused
 * @STATUS_DIFFERENT: the kernel's configuration differs from the document
 *
 * @STATUS_HELP: the words ask for help or for the version, which command_run() prints;
 *               never an exit status
 *
 * A function that returns any other value than STATUS_OK and STATUS_HELP has printed the
 * reason to stderr.
 */
enum status {
	STATUS_OK,
	STATUS_USAGE,
	STATUS_SYSTEM,
	STATUS_DIFFERENT,
	STATUS_HELP,
};

void fail_about(const char *what);
void fail_hint(const char *hint);
void fail_before(bool (*fn)(void *arg), void *arg);
int fail_usage(const char *fmt, ...) __printf(1, 2);
int fail_system(const char *fmt, ...) __printf(1, 2);
int fail_memory(void);
void warn(const char *fmt, ...) __printf(1, 2);

#endif /* VDHCPCTL_ERR_H */
