/* SPDX-License-Identifier: GPL-2.0 */
/* Compiling the options of subnets and ports. */
#ifndef VDHCP_ENGINE_CONF_OPTIONS_H
#define VDHCP_ENGINE_CONF_OPTIONS_H

#include "addr.h"
#include "conf.h"

int vdhcp_options_compile(const struct vdhcp_subnet_spec *spec,
			  struct vdhcp_subnet_conf *conf,
			  struct vdhcp_optset_builder *builder,
			  struct vdhcp_cfg_err *cfg_err);
int vdhcp_raw_compile(const struct vdhcp_optlist *list,
		      struct vdhcp_optset_builder *builder, u16 attr,
		      struct vdhcp_cfg_err *cfg_err);
bool vdhcp_has_default_route(const u8 *p, u16 len);

#endif /* VDHCP_ENGINE_CONF_OPTIONS_H */
