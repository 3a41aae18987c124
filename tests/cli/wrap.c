// SPDX-License-Identifier: GPL-2.0
/*
 * A socket to a kernel that the test plays: the linker puts these in the place
 * of the system calls that sock.c makes (--wrap). What comes over the socket
 * that the test opened looks as if it came from the kernel. And a machine that the
 * test plays, for what module.c looks at: a directory that stands for "/".
 */
#include <errno.h>
#include <glob.h>
#include <libkmod.h>
#include <limits.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

int __wrap_socket(int domain, int type, int protocol);
int __wrap_bind(int fd, const struct sockaddr *addr, socklen_t len);
int __wrap_setsockopt(int fd, int level, int option, const void *value, socklen_t len);
int __wrap_setns(int fd, int type);
ssize_t __wrap_sendto(int fd, const void *buf, size_t len, int flags,
		      const struct sockaddr *addr, socklen_t addr_len);
ssize_t __wrap_recvfrom(int fd, void *buf, size_t len, int flags, struct sockaddr *addr,
			socklen_t *addr_len);

int __wrap_uname(struct utsname *name);
int __wrap_access(const char *path, int mode);
FILE *__wrap_fopen(const char *path, const char *mode);
int __wrap_glob(const char *pattern, int flags, int (*failed)(const char *, int), glob_t *found);
struct kmod_ctx *__wrap_kmod_new(const char *dir, const char *const *config);

int __real_uname(struct utsname *name);
int __real_access(const char *path, int mode);
FILE *__real_fopen(const char *path, const char *mode);
int __real_glob(const char *pattern, int flags, int (*failed)(const char *, int), glob_t *found);
struct kmod_ctx *__real_kmod_new(const char *dir, const char *const *config);

/* The devices of the test: VDHCPCTL_TEST_ALTNAME is "ALTERNATIVE=NAME", for one device. */
static int links[2] = { -1, -1 };

/* Answers the request for a link as the kernel does. */
static ssize_t answer_link(const void *buf, size_t len)
{
	const struct nlattr *nla = (const void *)((const char *)buf + 32);
	const char *alias = getenv("VDHCPCTL_TEST_ALTNAME"), *name = strchr(alias, '=') + 1;
	size_t alias_len = (size_t)(name - 1 - alias);
	struct {
		struct nlmsghdr hdr;
		char link[16];
		struct nlattr nla;
		char name[16];
	} reply = { { .nlmsg_len = sizeof(reply), .nlmsg_type = 16 }, { 0 },
		    { .nla_len = 20, .nla_type = 3 }, { 0 } };

	if (len < 40 || nla->nla_type != 53 || strlen((const char *)(nla + 1)) != alias_len ||
	    strncmp((const char *)(nla + 1), alias, alias_len) != 0)
		reply.hdr.nlmsg_type = NLMSG_ERROR;
	snprintf(reply.name, sizeof(reply.name), "%s", name);
	links[0] = -1;	/* the next socket may get its number */
	return send(links[1], &reply, sizeof(reply), 0);
}

int __wrap_socket(int domain, int type, int protocol)
{
	const char *fd = getenv("VDHCPCTL_TEST_FD");

	if (protocol == NETLINK_ROUTE && getenv("VDHCPCTL_TEST_ALTNAME"))
		return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, links) ? -1 : links[0];

	if (!fd || domain != AF_NETLINK || !(type & SOCK_CLOEXEC) || protocol != NETLINK_GENERIC) {
		errno = EPROTONOSUPPORT;
		return -1;
	}
	return dup(atoi(fd));
}

int __wrap_bind(int fd, const struct sockaddr *addr, socklen_t len)
{
	(void)fd;
	(void)addr;
	(void)len;
	return 0;
}

/* Reports each option to the test, as "opt", its number and its value. */
int __wrap_setsockopt(int fd, int level, int option, const void *value, socklen_t len)
{
	char note[5] = { 'o', 'p', 't', (char)option, *(const char *)value };

	(void)len;
	if (level == SOL_NETLINK && option == NETLINK_ADD_MEMBERSHIP &&
	    *(const int *)value != GENL_ID_CTRL && getenv("VDHCPCTL_TEST_JOIN")) {
		errno = atoi(getenv("VDHCPCTL_TEST_JOIN"));
		return -1;
	}
	return level == SOL_NETLINK && send(fd, note, sizeof(note), 0) > 0 ? 0 : -1;
}

/* Told to the test, too; there is no socket yet. */
int __wrap_setns(int fd, int type)
{
	const char *test = getenv("VDHCPCTL_TEST_FD");

	(void)fd;
	(void)type;
	if (getenv("VDHCPCTL_TEST_SETNS")) {
		errno = EPERM;
		return -1;
	}
	return test && send(atoi(test), "setns", 5, 0) > 0 ? 0 : -1;
}

ssize_t __wrap_sendto(int fd, const void *buf, size_t len, int flags,
		      const struct sockaddr *addr, socklen_t addr_len)
{
	(void)addr;
	(void)addr_len;
	if (fd == links[0])
		return answer_link(buf, len);
	return send(fd, buf, len, flags);
}

/*
 * A datagram that begins with "XXXX" comes from another process, one that begins
 * with "LOST" is not there: the socket was overrun.
 */
ssize_t __wrap_recvfrom(int fd, void *buf, size_t len, int flags, struct sockaddr *addr,
			socklen_t *addr_len)
{
	struct sockaddr_nl from = { .nl_family = AF_NETLINK };
	ssize_t got;

	got = recv(fd, buf, len, flags);
	if (got >= 4 && !memcmp(buf, "LOST", 4)) {
		if (flags & MSG_PEEK)
			(void)recv(fd, buf, len, 0);
		errno = ENOBUFS;
		return -1;
	}
	if (got >= 4 && !memcmp(buf, "XXXX", 4))
		from.nl_pid = 4711;
	memcpy(addr, &from, sizeof(from));
	*addr_len = sizeof(from);
	return got;
}

/* What does not belong to the machine, such as documents, is where it is. */
static const char *machine(const char *path, char *buf)
{
	static const char *const played[] = { "/lib/", "/sys/", "/proc/", "/usr/src/", "/var/lib/",
					      "/boot/", "/etc/" };
	const char *root = getenv("VDHCPCTL_TEST_ROOT");
	size_t i;

	for (i = 0; root && i < sizeof(played) / sizeof(*played); i++)
		if (!strncmp(path, played[i], strlen(played[i]))) {
			snprintf(buf, PATH_MAX, "%s%s", root, path);
			return buf;
		}
	return path;
}

int __wrap_uname(struct utsname *name)
{
	const char *release = getenv("VDHCPCTL_TEST_RELEASE");

	if (__real_uname(name))
		return -1;
	if (release)
		snprintf(name->release, sizeof(name->release), "%s", release);
	return 0;
}

int __wrap_access(const char *path, int mode)
{
	char buf[PATH_MAX];

	return __real_access(machine(path, buf), mode);
}

FILE *__wrap_fopen(const char *path, const char *mode)
{
	char buf[PATH_MAX];

	return __real_fopen(machine(path, buf), mode);
}

int __wrap_glob(const char *pattern, int flags, int (*failed)(const char *, int), glob_t *found)
{
	char buf[PATH_MAX];

	return __real_glob(machine(pattern, buf), flags, failed, found);
}

struct kmod_ctx *__wrap_kmod_new(const char *dir, const char *const *config)
{
	char buf[PATH_MAX], place[PATH_MAX];
	const char *const places[] = { machine("/etc/modprobe.d", place), NULL };

	return __real_kmod_new(machine(dir, buf), getenv("VDHCPCTL_TEST_ROOT") ? places : config);
}
