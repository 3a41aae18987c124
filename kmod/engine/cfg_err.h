/* SPDX-License-Identifier: GPL-2.0 */
/* Reason why a configuration is refused. */
#ifndef VDHCP_ENGINE_CFG_ERR_H
#define VDHCP_ENGINE_CFG_ERR_H

#include "env.h"

/* Values of vdhcp_cfg_err.attr for an attribute within a nest. */
#define VDHCP_AT(nest, attr)	((attr) << 8 | (nest))
#define VDHCP_AT_ADDR \
	VDHCP_AT(VDHCP_A_PORT_ADDRESS, VDHCP_A_ADDRESS_ADDR)
#define VDHCP_AT_MAC \
	VDHCP_AT(VDHCP_A_PORT_ADDRESS, VDHCP_A_ADDRESS_MAC)
#define VDHCP_AT_SUBNET \
	VDHCP_AT(VDHCP_A_PORT_ADDRESS, VDHCP_A_ADDRESS_SUBNET)

/**
 * struct vdhcp_cfg_err - reason why a configuration is refused
 * @attr: attribute at fault, from the enum of the object, or VDHCP_AT_*; 0 if
 *	no single attribute is
 * @entry: index of the entry at fault if the attribute is a list; for raw
 *	options, the option code
 * @text: one sentence without a full stop, for the operator
 */
struct vdhcp_cfg_err {
	u16 attr;
	u16 entry;
	char text[96];
};

__printf(4, 5)
int vdhcp_cfg_err_set(struct vdhcp_cfg_err *cfg_err, int err, u16 attr,
		      const char *fmt, ...);

/* Record why a spec is refused and return -EINVAL. */
#define vdhcp_fail(cfg_err, attr, ...) \
	vdhcp_cfg_err_set(cfg_err, -EINVAL, attr, __VA_ARGS__)

#endif /* VDHCP_ENGINE_CFG_ERR_H */
