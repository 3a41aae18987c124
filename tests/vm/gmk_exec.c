// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin for GNU make: $(exec-program FILE,VARIABLE,NAME...) turns make into FILE.
 *
 * make ends with 2 whatever a recipe ended with, and says "make: *** ..." as
 * well. "make vm" is to end as the command in the VM did, and to say nothing of
 * its own; so make must be gone by then.
 *
 * FILE finds the unexpanded value of make's VARIABLE in its environment as
 * VDHCP_<VARIABLE>, and each other NAME that make has a value for under that name.
 * Other than that it is as if make had never been there.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <gnumake.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

int plugin_is_GPL_compatible;
int gmk_exec_gmk_setup(void);

/* make's own: what the stack limit was before make raised it. */
extern struct rlimit stack_limit __attribute__((weak));

static char *expand(const char *fmt, const char *arg)
{
	char *text = NULL, *value;

	if (asprintf(&text, fmt, arg) < 0)
		abort();
	value = gmk_expand(text);
	free(text);
	return value;
}

/* Tokens of the job server are make's, as are the pipes they come from. */
static void close_jobserver(void)
{
	char *flags = expand("$(%s)", "MAKEFLAGS");
	const char *p = flags;
	int r, w;

	while ((p = strstr(p, "--jobserver-")) != NULL) {
		p = strchr(p, '=');
		if (!p)
			break;
		if (sscanf(p, "=%d,%d", &r, &w) == 2 && r > 2 && w > 2) {
			fcntl(r, F_SETFD, FD_CLOEXEC);
			fcntl(w, F_SETFD, FD_CLOEXEC);
		}
	}
	gmk_free(flags);
}

static void restore_process(void)
{
	static const char *const own[] = {
		"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MAKE_RESTARTS",
		"MAKE_TERMOUT", "MAKE_TERMERR", "GNUMAKEFLAGS",
	};
	sigset_t none;
	size_t i;

	close_jobserver();
	for (i = 0; i < sizeof(own) / sizeof(*own); i++)
		unsetenv(own[i]);
	/* exec resets the handlers, but not what is ignored or blocked. */
	signal(SIGPIPE, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (&stack_limit && stack_limit.rlim_cur)
		setrlimit(RLIMIT_STACK, &stack_limit);
}

static char *exec_program(const char *name, unsigned int argc, char **argv)
{
	char *file = argv[0], *value;
	char var[64];
	unsigned int i;

	(void)name;
	for (i = 1; i < argc; i++) {
		if (i == 1) {
			value = expand("$(value %s)", argv[i]);
			snprintf(var, sizeof(var), "VDHCP_%s", argv[i]);
		} else {
			value = expand("$(origin %s)", argv[i]);
			if (!strcmp(value, "undefined")) {
				gmk_free(value);
				continue;
			}
			gmk_free(value);
			value = expand("$(%s)", argv[i]);
			snprintf(var, sizeof(var), "%s", argv[i]);
		}
		setenv(var, value, 1);
		gmk_free(value);
	}
	restore_process();
	fflush(NULL);
	execl(file, file, (char *)NULL);
	fprintf(stderr, "%s: %s\n", file, strerror(errno));
	exit(127);
}

int gmk_exec_gmk_setup(void)
{
	gmk_add_function("exec-program", exec_program, 1, 0, GMK_FUNC_DEFAULT);
	return 1;
}
