/* SPDX-License-Identifier: GPL-2.0 */
/* Scratch memory for requests. */
#ifndef VDHCP_SCRATCH_H
#define VDHCP_SCRATCH_H

#include "engine/address.h"
#include "engine/conf.h"
#include "port.h"
#include "subnet.h"

/**
 * struct vdhcp_scratch - scratch memory for requests
 * @spec: spec of the object that a netlink request changes or reads
 * @subnet_snap: result of compiling a subnet, until it is copied
 * @port_snap: result of compiling a port, until it is copied
 * @room: provides the size of the largest snapshot
 *
 * Cached across requests: with init_on_alloc, zeroing 40 KiB costs more than
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
