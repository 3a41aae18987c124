/* SPDX-License-Identifier: GPL-2.0 */
/* What is kept of a request for whoever judges the answer. */
#ifndef STRESS_JUDGE_H
#define STRESS_JUDGE_H

#include "make.h"

void put_number(struct draft *d);
void remember(const struct draft *d);

#endif
