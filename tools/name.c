// SPDX-License-Identifier: GPL-2.0
/* Names of numbers that the module sends. */
#include <inttypes.h>
#include <stdio.h>

#include "name.h"

/**
 * number_name() - name a number
 * @names: names by number; NULL where there is no name
 * @count: size of @names
 * @what: what it is, for a number that a newer module added: "verdict-57"
 * @number: number
 * @buf: NAME_SIZE bytes
 *
 * Return: a name, in @names or in @buf.
 */
const char *number_name(const char *const *names, size_t count, const char *what,
			uint32_t number, char *buf)
{
	if (number < count && names[number])
		return names[number];
	snprintf(buf, NAME_SIZE, "%s-%" PRIu32, what, number);
	return buf;
}
