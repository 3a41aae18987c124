// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin for GNU make: $(exec-program FILE,VARIABLE,NAME...) turns make into FILE.
 *
 * If a recipe fails, make prints "make: *** ..." and exits with 2, whatever the
 * exit status of the recipe. "make vm" must exit with the status of the command in
 * the VM and print nothing else, so the process replaces make by FILE.
 *
 * The environment of FILE has the unexpanded value of make's VARIABLE as
 * VDHCP_<VARIABLE>, and each other NAME for which make has a value under that name.
 * Otherwise FILE runs as if it had been started without make.
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

/* A variable of make: the stack limit before make raised it. */
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

/* The pipes of the job server belong to make, so FILE must not inherit them. */
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
	/* exec resets handlers, but keeps ignored and blocked signals. */
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
