/* SPDX-License-Identifier: GPL-2.0 */
/* The commands of an object that is configured: add, set, del, show. */
#ifndef VDHCPCTL_OBJECT_H
#define VDHCPCTL_OBJECT_H

#include "attrs.h"

/**
 * struct object - something that is configured
 * @set: its name and its keys
 * @doc: what it is, for the help
 * @add: one of enum vdhcp_cmd, as the three below; for "replace", too
 * @change: for "set"
 * @del: for "del"
 * @get: for "show"
 * @replace: number of the attribute that lets @add put it into the place of another
 * @state: number of the attribute that holds what the kernel knows of it
 * @print_state: prints that; @hdr is the whole message, in text it begins on a
 *               new line
 */
struct object {
	struct attr_set set;
	const char *doc;
	uint8_t add;
	uint8_t change;
	uint8_t del;
	uint8_t get;
	uint16_t replace;
	uint16_t state;
	void (*print_state)(struct out *out, const struct nlmsghdr *hdr,
			    const struct nlattr *state);
};

extern const struct object subnet_object, port_object;

int object_run(struct ctx *ctx, const struct object *object, struct args *args);
int object_write(struct ctx *ctx, const struct attr_set *set, struct nl_msg *msg);
int object_query(struct ctx *ctx, const struct attr_set *set, struct nl_msg *msg,
		 reply_fn *fn, void *arg);

#endif /* VDHCPCTL_OBJECT_H */
