/* SPDX-License-Identifier: GPL-2.0 */
/* What vectors cannot say. */
#ifndef VDHCP_TESTS_UNIT_H
#define VDHCP_TESTS_UNIT_H

#include <stdio.h>
#include <stdlib.h>
#include "configs.h"
#include "draft.h"
#include "drive.h"
#include "oracle.h"

/* What is not true ends the test. */
#define CHECK(cond) unit_check(cond, #cond, __func__, __LINE__)

struct unit {
	const char *name;
	bool (*run)(void);
};

extern const struct unit unit_conf[];
extern const struct unit unit_random[];
extern u64 unit_seed;

void unit_check(bool ok, const char *what, const char *where, int line);

/* The same numbers on every machine. */
u32 unit_rand(void);

#endif /* VDHCP_TESTS_UNIT_H */
