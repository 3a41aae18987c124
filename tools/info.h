/* SPDX-License-Identifier: GPL-2.0 */
/* Version and state of the module. */
#ifndef VDHCPCTL_INFO_H
#define VDHCPCTL_INFO_H

#include "netlink.h"

int info_get(struct kernel *kernel, struct info *info);
int info_check(struct kernel *kernel);
void info_warn_waiting(const struct info *info);

#endif /* VDHCPCTL_INFO_H */
