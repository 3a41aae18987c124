/* SPDX-License-Identifier: GPL-2.0 */
/* Counters of packets: requests for them, and reading of replies. */
#ifndef VDHCPCTL_STATS_H
#define VDHCPCTL_STATS_H

#include "attrs.h"
#include "verdict.h"

/**
 * struct stats_group - a group of counters
 * @nla: attribute of a counter
 * @single: what a counter is about, also in names of unknown counters: "verdict-57"
 * @plural: key in JSON
 * @names: names by number
 * @count: size of @names
 */
struct stats_group {
	uint16_t nla;
	const char *single;
	const char *plural;
	const char *const *names;
	size_t count;
};

/**
 * struct counter - a counter, read from its attribute
 * @name: name
 * @kind: kind of the verdict; VDHCP_KINDS in other groups
 * @packets: number of packets
 */
struct counter {
	char name[NAME_SIZE];
	enum vdhcp_kind kind;
	uint64_t packets;
};

extern const struct attr_set stats_set;
extern const struct stats_group stats_messages, stats_verdicts, stats_notes;

bool stats_read(const struct stats_group *group, const struct nlattr *nla,
		struct counter *counter);
int stats_reset(struct ctx *ctx, struct args *args);
void stats_subtract(struct nlmsghdr *hdr, const struct nlmsghdr *before);
int stats_query(struct ctx *ctx, struct args *args, reply_fn *fn, void *arg);

#endif /* VDHCPCTL_STATS_H */
