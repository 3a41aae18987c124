// SPDX-License-Identifier: GPL-2.0
/*
 * Names of network devices. The module binds ports to the name of a device. A device can
 * have alternative names, which may be longer; the name replaces such a name here, when a
 * command is run.
 */
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/msg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "netdev.h"
#include "request.h"
#include "sock.h"

/* Most bytes of an alternative name, with NUL (ALTIFNAMSIZ). */
#define ALTNAME_SIZE 128

/* IFLA_ALT_IFNAME; headers before 5.5 lack it. */
#define LINK_ALTNAME 53

/* A link in an answer; longer ones are cut, and the name stands first in them. */
#define ANSWER_SIZE 8192

/* Asks for the device with a name of either kind. */
static bool ask_link(int fd, const char *name)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct ifinfomsg link = { .ifi_family = AF_UNSPEC };
	struct nl_msg *msg = nlmsg_alloc();
	struct nlmsghdr *hdr;
	bool sent = false;

	hdr = msg ? nlmsg_put(msg, 0, 1, RTM_GETLINK, 0, NLM_F_REQUEST) : NULL;
	if (hdr && !nlmsg_append(msg, &link, sizeof(link), NLMSG_ALIGNTO) &&
	    !nla_put_string(msg, LINK_ALTNAME, name))
		sent = sendto(fd, nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len, 0,
			      (struct sockaddr *)&kernel, sizeof(kernel)) >= 0;
	nlmsg_free(msg);
	return sent;
}

/* Reads the name of the device; returns false if there is none. */
static bool read_link(int fd, char name[IFNAMSIZ])
{
	struct sockaddr_nl from = { 0 };
	socklen_t from_len = sizeof(from);
	union {
		struct nlmsghdr hdr;
		char bytes[ANSWER_SIZE];
	} answer;
	const struct nlattr *nla;
	ssize_t len;

	len = recvfrom(fd, &answer, sizeof(answer), 0, (struct sockaddr *)&from, &from_len);
	if (len < (ssize_t)nlmsg_total_size(sizeof(struct ifinfomsg)) || from.nl_pid ||
	    answer.hdr.nlmsg_type != RTM_NEWLINK)
		return false;
	if (answer.hdr.nlmsg_len > (size_t)len)
		answer.hdr.nlmsg_len = (uint32_t)len;
	nla = nlmsg_find_attr(&answer.hdr, sizeof(struct ifinfomsg), IFLA_IFNAME);
	if (!nla || !memchr(nla_data(nla), '\0', (size_t)nla_len(nla)) ||
	    nla_len(nla) > IFNAMSIZ)
		return false;
	memcpy(name, nla_data(nla), (size_t)nla_len(nla));
	return true;
}

/**
 * netdev_resolve() - replace the next word by the name of the device that it means
 * @args: words; if the next one is an alternative name of a device, the device's name
 *        replaces it, until the next call
 *
 * Without such a device the word stays, because the device of a port may come later.
 *
 * Return: a status.
 */
int netdev_resolve(struct args *args)
{
	static char name[IFNAMSIZ];
	int fd, err;

	err = args_options(args);
	if (err || !args_peek(args) || !*args_peek(args) ||
	    strlen(args_peek(args)) >= ALTNAME_SIZE)
		return err;
	err = sock_enter(args->ctx->kernel.netns);
	if (err)
		return err;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0)
		return STATUS_OK;
	if (ask_link(fd, args_peek(args)) && read_link(fd, name))
		args->words[0] = name;
	close(fd);
	return STATUS_OK;
}
