/* SPDX-License-Identifier: GPL-2.0 */
/* Domain names as DNS labels. */
#ifndef VDHCP_ENGINE_NAME_H
#define VDHCP_ENGINE_NAME_H

#include "cfg_err.h"

int vdhcp_name_encode(const char *name, u8 *out, struct vdhcp_cfg_err *cfg_err,
		      u16 attr);
int vdhcp_name_append(u8 *list, int len, const u8 *labels, int labels_len);

#endif /* VDHCP_ENGINE_NAME_H */
