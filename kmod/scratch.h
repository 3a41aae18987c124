/* SPDX-License-Identifier: GPL-2.0 */
/* Memory in which requests are worked on. */
#ifndef VDHCP_SCRATCH_H
#define VDHCP_SCRATCH_H

#include "engine/address.h"
#include "engine/conf.h"
#include "port.h"
#include "subnet.h"

/**
 * struct vdhcp_scratch - memory in which requests are worked on
 * @spec: spec of the object that a netlink request changes or shows
 * @subnet_snap: snapshot that a subnet is compiled into
 * @port_snap: snapshot that a port is compiled into
 * @room: makes room for the largest snapshot; what is kept is a copy that fits
 *
 * Cached across requests: with init_on_alloc, zeroing 48 KiB costs more than
 * handling the request.
 */
struct vdhcp_scratch {
	union {
		struct vdhcp_subnet_spec subnet;
		struct vdhcp_port_spec port;
	} spec;
	union {
		struct vdhcp_subnet_snap subnet_snap;
		struct vdhcp_port_snap port_snap;
		u64 room[4096 + 16];
	};
};

static_assert(sizeof_field(struct vdhcp_scratch, room) >=
	      offsetof(struct vdhcp_subnet_snap, conf) + VDHCP_SUBNET_CONF_MAX);
static_assert(sizeof_field(struct vdhcp_scratch, room) >=
	      offsetof(struct vdhcp_port_snap, conf) + VDHCP_PORT_CONF_MAX);

#endif /* VDHCP_SCRATCH_H */
