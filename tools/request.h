/* SPDX-License-Identifier: GPL-2.0 */
/* Messages of the family: requests that are built, attributes that are found. */
#ifndef VDHCPCTL_REQUEST_H
#define VDHCPCTL_REQUEST_H

#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <stdint.h>

/* Size of the longest request; the module never needs one of that length. */
#define REQUEST_MAX 65536

struct nl_msg *request_new(uint8_t cmd);
void request_reset(struct nl_msg *msg, uint8_t cmd);
void request_free(struct nl_msg *msg);

struct nlattr *attr_find(const struct nlmsghdr *hdr, int type);
const char *attr_text(const struct nlattr *nla);
uint32_t attr_u32(const struct nlattr *nla);

#endif /* VDHCPCTL_REQUEST_H */
