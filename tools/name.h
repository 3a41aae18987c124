/* SPDX-License-Identifier: GPL-2.0 */
/* Names of numbers that the module sends. */
#ifndef VDHCPCTL_NAME_H
#define VDHCPCTL_NAME_H

#include <stddef.h>
#include <stdint.h>

/* Size of any name by number, known or not: "verdict-4294967295". */
#define NAME_SIZE 32

/* Entry of an array of names by number, for the lists in vdhcp-names-gen.h. */
#define NAME_OF(number, text) \
	[number] = (text),

const char *number_name(const char *const *names, size_t count, const char *what,
			uint32_t number, char *buf);

#endif /* VDHCPCTL_NAME_H */
