/* SPDX-License-Identifier: GPL-2.0 */
/* Configurations for the fuzzers and the random tests. */
#ifndef VDHCP_TESTS_CONFIGS_H
#define VDHCP_TESTS_CONFIGS_H

#include "config.h"

extern const unsigned int configs_n;

void configs_get(unsigned int which, struct config *cfg);
void configs_mutate(struct config *cfg, u8 what, u16 value);

#endif /* VDHCP_TESTS_CONFIGS_H */
