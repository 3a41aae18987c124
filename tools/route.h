/* SPDX-License-Identifier: GPL-2.0 */
/* Routes: DST [via IP]. */
#ifndef VDHCPCTL_ROUTE_H
#define VDHCPCTL_ROUTE_H

#include "types.h"

extern const struct attr_type type_route;

#endif /* VDHCPCTL_ROUTE_H */
