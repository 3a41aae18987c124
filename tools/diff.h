/* SPDX-License-Identifier: GPL-2.0 */
/* What has to be done to get from one configuration to another. */
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
 * @table: where the object is: what is removed in the old configuration, all
 *         else in the new one
 * @item: its number there
 * @kind: what becomes of it; not DIFF_UNCHANGED
 */
struct step {
	const struct table *table;
	size_t item;
	enum diff_kind kind;
};

/**
 * struct diff - from one configuration to another
 * @steps: what differs, in an order in which it can be done
 * @count: how many there are
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
