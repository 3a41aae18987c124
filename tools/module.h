/* SPDX-License-Identifier: GPL-2.0 */
/* The installed module, and the reason why it is not loaded. */
#ifndef VDHCPCTL_MODULE_H
#define VDHCPCTL_MODULE_H

#include <stddef.h>

/* The commands of an upgrade, see docs/INSTALL.md. */
#define MODULE_SWITCH \
	"\"vdhcpctl dump >FILE && modprobe -r vdhcp && modprobe vdhcp && vdhcpctl sync FILE\""

void module_version(char *version, size_t size);
int module_missing(void);

#endif /* VDHCPCTL_MODULE_H */
