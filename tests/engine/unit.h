/* SPDX-License-Identifier: GPL-2.0 */
/* Unit tests, for what vectors cannot express. */
#ifndef VDHCP_TESTS_UNIT_H
#define VDHCP_TESTS_UNIT_H

#include <stdio.h>
#include <stdlib.h>
#include "configs.h"
#include "frame_text.h"
#include "drive.h"
#include "oracle.h"
#include "random.h"

/* Ends the test if the condition is false. */
#define CHECK(cond) unit_check(cond, #cond, __func__, __LINE__)

struct unit {
	const char *name;
	bool (*run)(void);
};

extern const struct unit unit_conf[];
extern const struct unit unit_random[];
extern const struct unit unit_table[];

void unit_check(bool ok, const char *what, const char *where, int line);

#endif /* VDHCP_TESTS_UNIT_H */
