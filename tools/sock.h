/* SPDX-License-Identifier: GPL-2.0 */
/* A generic netlink socket: datagrams to and from the kernel. */
#ifndef VDHCPCTL_SOCK_H
#define VDHCPCTL_SOCK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/**
 * struct sock - a generic netlink socket
 * @fd: -1 if it is not open
 * @buf: datagram that was received last
 * @size: size of @buf
 */
struct sock {
	int fd;
	char *buf;
	size_t size;
};

int sock_enter(const char *netns);
int sock_open(struct sock *sock, const char *netns);
int sock_send(struct sock *sock, const void *data, size_t len);
ssize_t sock_receive(struct sock *sock);
ssize_t sock_try_receive(struct sock *sock);
int sock_join(struct sock *sock, uint32_t group);
void sock_close(struct sock *sock);

#endif /* VDHCPCTL_SOCK_H */
