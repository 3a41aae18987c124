// SPDX-License-Identifier: GPL-2.0
/*
 * To be preloaded: uname() tells the release in the environment. So a test can
 * run below a kernel that has headers here, or below one that has none, whatever
 * the machine runs.
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
