/* SPDX-License-Identifier: GPL-2.0 */
/* Why a configuration is refused. */
#ifndef VDHCP_ENGINE_CFG_ERR_H
#define VDHCP_ENGINE_CFG_ERR_H

#include "env.h"

/**
 * struct vdhcp_cfg_err - why a spec is refused
 * @attr: attribute at fault, in the enum of the object; 0 if none in particular
 * @entry: index of the entry at fault in a list; for raw options, the code
 * @text: one sentence without a full stop, for the operator
 */
struct vdhcp_cfg_err {
	u16 attr;
	u16 entry;
	char text[96];
};

__printf(3, 4)
int vdhcp_fail(struct vdhcp_cfg_err *cfg_err, u16 attr, const char *fmt, ...);

#endif /* VDHCP_ENGINE_CFG_ERR_H */
