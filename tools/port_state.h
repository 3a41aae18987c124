/* SPDX-License-Identifier: GPL-2.0 */
/* The state of a port: its device, its guest and the sums of its counters. */
#ifndef VDHCPCTL_PORT_STATE_H
#define VDHCPCTL_PORT_STATE_H

#include <netlink/attr.h>
#include <stdbool.h>

#include "out.h"

bool port_state_parse(const struct nlattr *state, struct nlattr *tb[]);
const char *port_device_name(uint32_t device, char *buf);
const char *port_mode_name(uint8_t mode);
void port_state_print(struct out *out, const struct nlmsghdr *hdr, const struct nlattr *state);

#endif /* VDHCPCTL_PORT_STATE_H */
