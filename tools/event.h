/* SPDX-License-Identifier: GPL-2.0 */
/* Events of the module: read from messages, and printed one a line. */
#ifndef VDHCPCTL_EVENT_H
#define VDHCPCTL_EVENT_H

#include <netlink/msg.h>
#include <stdbool.h>

#include "out.h"

bool event_parse(struct nlmsghdr *hdr, struct nlattr *tb[]);
void event_print(struct out *out, struct nlattr *tb[]);
void event_print_time(struct out *out);

#endif /* VDHCPCTL_EVENT_H */
