/* SPDX-License-Identifier: GPL-2.0 */
/* Subnets: what all ports of a network have in common. */
#ifndef VDHCPCTL_SUBNET_H
#define VDHCPCTL_SUBNET_H

#include "object.h"

extern const struct object subnet_object;

#endif /* VDHCPCTL_SUBNET_H */
