/* SPDX-License-Identifier: GPL-2.0 */
/* Names of network devices. */
#ifndef VDHCPCTL_NETDEV_H
#define VDHCPCTL_NETDEV_H

#include "args.h"

int netdev_resolve(struct args *args);

#endif /* VDHCPCTL_NETDEV_H */
