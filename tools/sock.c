// SPDX-License-Identifier: GPL-2.0
/* A generic netlink socket: datagrams to and from the kernel. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/netlink.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err.h"
#include "sock.h"

#define NETNS_DIR "/run/netns"

/*
 * First size of the buffer. The kernel fills the datagrams of a dump up to the size
 * of the last receive buffer, 32 KiB at most. A longer message makes the buffer grow.
 */
#define BUF_SIZE 32768

/* Receive buffer of a listener: some thousand events. */
#define LISTEN_SIZE (4 << 20)

/* As in iproute2, a namespace is a name that "ip netns add" made, or a path. */
static int enter_netns(const char *netns)
{
	char path[PATH_MAX];
	int fd, err = 0;

	if ((size_t)snprintf(path, sizeof(path), "%s%s", strchr(netns, '/') ? "" : NETNS_DIR "/",
			     netns) >= sizeof(path))
		return fail_usage("network namespace \"%.64s...\": the name is too long", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail_system("cannot open network namespace \"%s\": %s", netns,
				   strerror(errno));
	if (setns(fd, CLONE_NEWNET))
		err = fail_system("cannot enter network namespace \"%s\": %s", netns,
				  strerror(errno));
	close(fd);
	return err;
}

static void set_option(const struct sock *sock, int option)
{
	int on = 1;

	/* Old kernels may lack some options, and vdhcpctl works without them. */
	(void)setsockopt(sock->fd, SOL_NETLINK, option, &on, sizeof(on));
}

/**
 * sock_enter() - enter a network namespace with the whole process
 * @netns: its name or path; NULL for the current one
 *
 * Return: a status.
 */
int sock_enter(const char *netns)
{
	static bool has_entered;
	int err;

	if (!netns || has_entered)
		return STATUS_OK;
	err = enter_netns(netns);
	has_entered = !err;
	return err;
}

/**
 * sock_open() - open the socket
 * @sock: socket
 * @netns: name or path of a network namespace that the whole process enters; NULL
 *         for the current one
 *
 * Return: a status.
 */
int sock_open(struct sock *sock, const char *netns)
{
	struct sockaddr_nl local = { .nl_family = AF_NETLINK };
	int err;

	sock->fd = -1;
	err = sock_enter(netns);
	if (err)
		return err;
	sock->size = BUF_SIZE;
	sock->buf = malloc(sock->size);
	if (!sock->buf)
		return fail_memory();
	sock->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (sock->fd < 0 || bind(sock->fd, (struct sockaddr *)&local, sizeof(local)))
		return fail_system("cannot open a netlink socket: %s", strerror(errno));
	set_option(sock, NETLINK_EXT_ACK);
	set_option(sock, NETLINK_CAP_ACK);
	set_option(sock, NETLINK_GET_STRICT_CHK);
	return STATUS_OK;
}

/**
 * sock_send() - send one datagram to the kernel
 * @sock: socket
 * @data: netlink messages
 * @len: number of bytes
 *
 * Return: a status.
 */
int sock_send(struct sock *sock, const void *data, size_t len)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	ssize_t sent;

	do {
		sent = sendto(sock->fd, data, len, 0, (struct sockaddr *)&kernel, sizeof(kernel));
	} while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return fail_system("cannot send to the kernel: %s", strerror(errno));
	return STATUS_OK;
}

/* Reads or peeks once; the length may be larger than the buffer. */
static ssize_t receive_once(struct sock *sock, int flags, struct sockaddr_nl *from)
{
	socklen_t from_len = sizeof(*from);
	ssize_t len;

	do {
		len = recvfrom(sock->fd, sock->buf, sock->size, flags | MSG_TRUNC,
			       (struct sockaddr *)from, &from_len);
	} while (len < 0 && errno == EINTR);
	return len;
}

/* Receives the next datagram of the kernel; returns its length, or -1 and errno. */
static ssize_t receive_next(struct sock *sock, int flags)
{
	struct sockaddr_nl from = { 0 };
	ssize_t len;
	char *buf;

	do {
		len = receive_once(sock, flags | MSG_PEEK, &from);
		if (len > 0 && (size_t)len > sock->size) {
			buf = realloc(sock->buf, (size_t)len);
			if (!buf) {
				errno = ENOMEM;
				return -1;
			}
			sock->buf = buf;
			sock->size = (size_t)len;
		}
		if (len >= 0)
			len = receive_once(sock, flags, &from);
	} while (len >= 0 && from.nl_pid);	/* sent by another process */
	return len;
}

/**
 * sock_receive() - wait for the next datagram from the kernel
 * @sock: socket; the datagram is in its buffer until the next call
 *
 * Return: number of bytes, or -1 after an error was printed.
 */
ssize_t sock_receive(struct sock *sock)
{
	ssize_t len;

	len = receive_next(sock, 0);
	if (len < 0 && errno == ENOMEM)
		fail_memory();
	else if (len < 0)
		fail_system("cannot receive from the kernel: %s", strerror(errno));
	return len;
}

/**
 * sock_try_receive() - receive the next datagram of the kernel without waiting
 * @sock: socket; the datagram is in its buffer until the next call
 *
 * Return: number of bytes, or -1 with errno and without a message: EAGAIN if there
 * is no datagram, ENOBUFS if datagrams were lost since the last call.
 */
ssize_t sock_try_receive(struct sock *sock)
{
	return receive_next(sock, MSG_DONTWAIT);
}

/**
 * sock_join() - listen to a multicast group
 * @sock: socket
 * @group: number of the group
 *
 * Return: 0, or an errno without a message.
 */
int sock_join(struct sock *sock, uint32_t group)
{
	int size = LISTEN_SIZE, number = (int)group;

	/* Only root may exceed the limit of the system; a smaller buffer works, too. */
	if (setsockopt(sock->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		(void)setsockopt(sock->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (setsockopt(sock->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &number, sizeof(number)))
		return errno;
	return 0;
}

/**
 * sock_close() - close the socket
 * @sock: socket
 */
void sock_close(struct sock *sock)
{
	if (sock->fd >= 0)
		close(sock->fd);
	sock->fd = -1;
	free(sock->buf);
	sock->buf = NULL;
}
