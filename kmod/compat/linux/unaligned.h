/* SPDX-License-Identifier: GPL-2.0 */
/* Before 6.12 this header was <asm/unaligned.h>; Kbuild checks which exists. */
#ifndef VDHCP_COMPAT_LINUX_UNALIGNED_H
#define VDHCP_COMPAT_LINUX_UNALIGNED_H

#ifdef VDHCP_COMPAT_ASM_UNALIGNED
#include <asm/unaligned.h>
#else
#include_next <linux/unaligned.h>
#endif

#endif /* VDHCP_COMPAT_LINUX_UNALIGNED_H */
