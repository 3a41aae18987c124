// SPDX-License-Identifier: GPL-2.0
/*
 * For LD_PRELOAD into vdhcpctl: makes one call fail in the kernel while vdhcpctl sends and
 * receives, the one whose number is in FAIL_AT. Writes to the file FAIL_REPORT when that
 * was: "send", "receive", or "untouched" if there were fewer calls. vdhcpctl is killed
 * after FAIL_WITHIN seconds.
 *
 * Other system calls do not fail, because they say nothing about netlink.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static long left = -1;
static int fd = -1;
static const char *when = "untouched";

static void set_nth(long n)
{
	char text[24];
	int len = snprintf(text, sizeof(text), "%ld", n);

	/* This write can be the call that fails, but not twice. */
	if (pwrite(fd, text, (size_t)len, 0) != len && pwrite(fd, text, (size_t)len, 0) != len)
		err(99, "fail-nth");
}

static void arm(void)
{
	const char *at = getenv("FAIL_AT"), *within = getenv("FAIL_WITHIN");

	if (left < 0) {
		if (within)
			alarm((unsigned int)atoi(within));
		left = at ? atol(at) : 0;
		if (left)
			fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
		if (left && fd < 0)
			err(99, "fail-nth");
	}
	if (left)
		set_nth(left);
}

static void disarm(const char *call)
{
	char text[24] = "";

	if (!left)
		return;
	/* If this read fails, it was the one that was left. */
	if (pread(fd, text, sizeof(text) - 1, 0) < 0)
		left = 1;
	else
		left = atol(text);
	set_nth(0);
	if (!left)
		when = call;
}

ssize_t sendto(int sock, const void *buf, size_t len, int flags, const struct sockaddr *to,
	       socklen_t to_len)
{
	ssize_t ret;

	arm();
	ret = syscall(SYS_sendto, sock, buf, len, flags, to, to_len);
	disarm("send");
	return ret;
}

ssize_t recvfrom(int sock, void *buf, size_t len, int flags, struct sockaddr *from,
		 socklen_t *from_len)
{
	ssize_t ret;

	arm();
	ret = syscall(SYS_recvfrom, sock, buf, len, flags, from, from_len);
	disarm("receive");
	return ret;
}

__attribute__((destructor)) static void tell(void)
{
	const char *path = getenv("FAIL_REPORT");
	/* No report if none of the wrapped calls was made. */
	FILE *file = path && left >= 0 ? fopen(path, "w") : NULL;

	if (file && (fprintf(file, "%s\n", when) < 0 || fclose(file)))
		warn("%s", path);
}
