/* SPDX-License-Identifier: GPL-2.0 */
/* What is kept of a request for whoever judges the answer. */
#ifndef STRESS_JUDGE_H
#define STRESS_JUDGE_H

#include "make.h"

/* Where a message has the number that the answer repeats. */
#define XID	4

void put_number(struct draft *d);
void remember(const struct draft *d);

#endif
