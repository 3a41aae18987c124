/* SPDX-License-Identifier: GPL-2.0 */
/* Validation of the values of raw options. */
#ifndef VDHCP_ENGINE_OPTVAL_H
#define VDHCP_ENGINE_OPTVAL_H

#include "cfg_err.h"
#include "optlist.h"

int vdhcp_optval_validate(const struct vdhcp_option *opt, u16 attr,
			  struct vdhcp_cfg_err *cfg_err);

#endif /* VDHCP_ENGINE_OPTVAL_H */
