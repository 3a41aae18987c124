/* SPDX-License-Identifier: GPL-2.0 */
/* Ports: one interface of one guest each. */
#ifndef VDHCPCTL_PORT_H
#define VDHCPCTL_PORT_H

#include "object.h"

extern const struct object port_object;

#endif /* VDHCPCTL_PORT_H */
