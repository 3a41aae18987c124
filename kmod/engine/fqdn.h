/* SPDX-License-Identifier: GPL-2.0 */
/* The guest's full name: its host name and the domain of its subnet. */
#ifndef VDHCP_ENGINE_FQDN_H
#define VDHCP_ENGINE_FQDN_H

#include "conf.h"

u16 vdhcp_fqdn_size(const struct vdhcp_conf *conf, bool wire);
void vdhcp_fqdn_write(const struct vdhcp_conf *conf, bool wire, u8 *out);

#endif /* VDHCP_ENGINE_FQDN_H */
