/* SPDX-License-Identifier: GPL-2.0 */
/* The steps that lead from one configuration to another. */
#ifndef VDHCPCTL_DIFF_H
#define VDHCPCTL_DIFF_H

#include "config.h"

enum diff_kind {
	DIFF_ADDED,
	DIFF_CHANGED,
	DIFF_UNCHANGED,
	DIFF_REMOVED,
	DIFF_KINDS,
};

/**
 * struct step - an object that differs
 * @table: table of the old configuration for an object that is removed, of the new
 *         configuration for others
 * @item: number of the object in @table
 * @kind: kind of difference; not DIFF_UNCHANGED
 * @old_table: with DIFF_CHANGED, table of the old configuration
 * @old: with DIFF_CHANGED, number of the object in @old_table
 */
struct step {
	const struct table *table;
	size_t item;
	enum diff_kind kind;
	const struct table *old_table;
	size_t old;
};

/**
 * struct diff - from one configuration to another
 * @steps: objects that differ, in an order that the kernel accepts
 * @count: number of steps
 * @subnets: number of subnets by kind
 * @ports: number of ports by kind
 */
struct diff {
	struct step *steps;
	size_t count;
	size_t subnets[DIFF_KINDS];
	size_t ports[DIFF_KINDS];
};

int diff_make(struct diff *diff, const struct config *want, const struct config *have);
const struct nlmsghdr *diff_request(const struct step *step, struct nl_msg *scratch);
int diff_print(const struct diff *diff, struct out *out, bool each);
void diff_free(struct diff *diff);

#endif /* VDHCPCTL_DIFF_H */
