/* SPDX-License-Identifier: GPL-2.0 */
/* The module as it is installed here, and why it is not loaded. */
#ifndef VDHCPCTL_MODULE_H
#define VDHCPCTL_MODULE_H

#include <stddef.h>

/* What README has under "Upgrade", in short. */
#define MODULE_SWITCH \
	"\"vdhcpctl dump >FILE && modprobe -r vdhcp && modprobe vdhcp && vdhcpctl sync FILE\""

void module_version(char *version, size_t size);
int module_missing(void);

#endif /* VDHCPCTL_MODULE_H */
