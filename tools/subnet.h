/* SPDX-License-Identifier: GPL-2.0 */
/* Subnets: the settings that all ports of a network share. */
#ifndef VDHCPCTL_SUBNET_H
#define VDHCPCTL_SUBNET_H

#include "object.h"

extern const struct object subnet_object;

#endif /* VDHCPCTL_SUBNET_H */
