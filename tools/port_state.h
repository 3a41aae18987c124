/* SPDX-License-Identifier: GPL-2.0 */
/* The state of a port: its device, its guest and the sums of its counters. */
#ifndef VDHCPCTL_PORT_STATE_H
#define VDHCPCTL_PORT_STATE_H

#include <netlink/attr.h>

#include "out.h"

void port_state_print(struct out *out, const struct nlmsghdr *hdr, const struct nlattr *state);

#endif /* VDHCPCTL_PORT_STATE_H */
