/* SPDX-License-Identifier: GPL-2.0 */
/* What is allowed in a configuration, but is more often a mistake than not. */
#ifndef VDHCPCTL_WARNINGS_H
#define VDHCPCTL_WARNINGS_H

#include <netlink/msg.h>
#include <stddef.h>

struct entry;

/**
 * struct warnings - search for warnings, all zero at the beginning
 * @entries: an entry for each address of the ports
 * @count: number of entries
 * @room: size of @entries
 * @found: number of warnings
 */
struct warnings {
	struct entry *entries;
	size_t count;
	size_t room;
	size_t found;
};

void warnings_check_subnet(struct warnings *warnings, const struct nlmsghdr *hdr);
int warnings_add_port(struct warnings *warnings, const struct nlmsghdr *hdr);
void warnings_check_ports(struct warnings *warnings);
void warnings_end(struct warnings *warnings);

#endif /* VDHCPCTL_WARNINGS_H */
