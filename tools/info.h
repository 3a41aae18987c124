/* SPDX-License-Identifier: GPL-2.0 */
/* What the module says of itself. */
#ifndef VDHCPCTL_INFO_H
#define VDHCPCTL_INFO_H

#include "nl.h"

int info_get(struct kernel *kernel, struct info *info);
int info_check(struct kernel *kernel);
void info_waiting(const struct info *info);
const char *info_other(void);

#endif /* VDHCPCTL_INFO_H */
