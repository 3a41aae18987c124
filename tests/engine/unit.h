/* SPDX-License-Identifier: GPL-2.0 */
/* What vectors cannot say. */
#ifndef VDHCP_TESTS_UNIT_H
#define VDHCP_TESTS_UNIT_H

#include <stdio.h>
#include <stdlib.h>
#include "configs.h"
#include "frame_text.h"
#include "drive.h"
#include "oracle.h"
#include "random.h"

/* What is not true ends the test. */
#define CHECK(cond) unit_check(cond, #cond, __func__, __LINE__)

struct unit {
	const char *name;
	bool (*run)(void);
};

extern const struct unit unit_conf[];
extern const struct unit unit_random[];

void unit_check(bool ok, const char *what, const char *where, int line);

#endif /* VDHCP_TESTS_UNIT_H */
