/* SPDX-License-Identifier: GPL-2.0 */
/* Requests that are remembered, to check the replies. */
#ifndef STRESS_ORACLE_H
#define STRESS_ORACLE_H

#include "generate.h"

void number_request(struct generator *g);
void remember_request(const struct generator *g);

#endif
