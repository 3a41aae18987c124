// SPDX-License-Identifier: GPL-2.0
/* Why a configuration is refused. */
#include "cfg_err.h"

/**
 * vdhcp_fail() - refuse a spec
 * @cfg_err: filled in
 * @attr: attribute at fault, 0 for none in particular
 * @fmt: one sentence without a full stop
 *
 * Return: -EINVAL, for the caller to return.
 */
int vdhcp_fail(struct vdhcp_cfg_err *cfg_err, u16 attr, const char *fmt, ...)
{
	va_list args;

	cfg_err->attr = attr;
	va_start(args, fmt);
	vsnprintf(cfg_err->text, sizeof(cfg_err->text), fmt, args);
	va_end(args);
	return -EINVAL;
}
