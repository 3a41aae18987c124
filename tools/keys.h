/* SPDX-License-Identifier: GPL-2.0 */
/* The keys of subnets and ports. */
#ifndef VDHCPCTL_KEYS_H
#define VDHCPCTL_KEYS_H

#include "types.h"

extern const struct attr subnet_keys[], port_keys[];

#endif /* VDHCPCTL_KEYS_H */
