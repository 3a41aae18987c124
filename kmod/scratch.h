/* SPDX-License-Identifier: GPL-2.0 */
/* Memory in which requests are worked on. */
#ifndef VDHCP_SCRATCH_H
#define VDHCP_SCRATCH_H

#include "engine/address.h"
#include "engine/conf.h"
#include "port.h"
#include "subnet.h"

struct vdhcp_batch;

/**
 * struct vdhcp_subnet_edit - a subnet that a request builds
 * @batch: atomic batch that it is staged in, or NULL
 * @spec: the subnet's specification after the request
 * @cfg_err: why the request is refused
 */
struct vdhcp_subnet_edit {
	struct vdhcp_batch *batch;
	struct vdhcp_subnet_spec spec;
	struct vdhcp_cfg_err cfg_err;
};

/**
 * struct vdhcp_port_edit - a port that a request builds
 * @batch: atomic batch that it is staged in, or NULL
 * @spec: the port's specification after the request
 * @subnet: the port's subnet after the request, or NULL
 * @cfg_err: why the request is refused
 */
struct vdhcp_port_edit {
	struct vdhcp_batch *batch;
	struct vdhcp_port_spec spec;
	struct vdhcp_subnet *subnet;
	struct vdhcp_cfg_err cfg_err;
};

/**
 * struct vdhcp_scratch - memory in which requests are worked on
 * @subnet: subnet that a netlink request builds
 * @port: port that a netlink request builds
 * @subnet_snap: snapshot that a subnet is compiled into
 * @port_snap: snapshot that a port is compiled into
 * @addresses: addresses of that port
 * @room: makes room for the largest snapshot; what is kept is a copy that fits
 *
 * Cached across requests: with init_on_alloc, zeroing 48 KiB costs more than
 * handling the request.
 */
struct vdhcp_scratch {
	union {
		struct vdhcp_subnet_edit subnet;
		struct vdhcp_port_edit port;
	};
	struct vdhcp_addresses addresses;
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
