// SPDX-License-Identifier: GPL-2.0
/*
 * Preload this library to have uname() return the release in $FAKE_RELEASE. So a test
 * can pretend to run on a kernel with headers, or without, whatever kernel runs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

int uname(struct utsname *name)
{
	const char *release = getenv("FAKE_RELEASE");

	if (syscall(SYS_uname, name))
		return -1;
	if (release)
		snprintf(name->release, sizeof(name->release), "%s", release);
	return 0;
}
