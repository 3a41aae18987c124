/* SPDX-License-Identifier: GPL-2.0 */
/* What differs between this library in the kernel and in user space. */
#ifndef VDHCP_TESTS_FRAME_ENV_H
#define VDHCP_TESTS_FRAME_ENV_H

#ifdef __KERNEL__

#include <linux/string.h>
#include <linux/types.h>

#else

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;

#endif

#endif /* VDHCP_TESTS_FRAME_ENV_H */
