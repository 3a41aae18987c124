// SPDX-License-Identifier: GPL-2.0
/* Error texts for refused configurations. */
#include "cfg_err.h"

/**
 * vdhcp_cfg_err_set() - record why a configuration is refused
 * @cfg_err: filled in, except for @cfg_err->entry
 * @err: negative errno
 * @attr: attribute at fault, 0 if no single attribute is
 * @fmt: one sentence without a full stop
 *
 * Return: @err, for the caller to return.
 */
int vdhcp_cfg_err_set(struct vdhcp_cfg_err *cfg_err, int err, u16 attr,
		      const char *fmt, ...)
{
	va_list args;

	cfg_err->attr = attr;
	va_start(args, fmt);
	vsnprintf(cfg_err->text, sizeof(cfg_err->text), fmt, args);
	va_end(args);
	return err;
}
