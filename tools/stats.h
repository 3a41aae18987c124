/* SPDX-License-Identifier: GPL-2.0 */
/* Counters as they come from the kernel. */
#ifndef VDHCPCTL_STATS_H
#define VDHCPCTL_STATS_H

#include "ctl.h"
#include "verdict.h"

/**
 * struct stats_group - counters of one sort
 * @nla: number of the attribute that holds one
 * @single: what one counts, also for a number without a name: "verdict-57"
 * @plural: its key in JSON
 * @names: names by number
 * @count: how many
 */
struct stats_group {
	uint16_t nla;
	const char *single;
	const char *plural;
	const char *const *names;
	size_t count;
};

/**
 * struct counter - one counter, taken out of its attribute
 * @name: what it counts
 * @kind: of the verdict
 * @packets: how many there were
 */
struct counter {
	char name[NAME_SIZE];
	enum kind kind;
	uint64_t packets;
};

extern const struct stats_group stats_messages, stats_verdicts, stats_notes;

bool stats_read(const struct stats_group *group, const struct nlattr *nla,
		struct counter *counter);
int stats_query(struct ctx *ctx, struct args *args, reply_fn *fn, void *arg);
int prometheus_run(struct ctx *ctx, struct args *args);

#endif /* VDHCPCTL_STATS_H */
