/* SPDX-License-Identifier: GPL-2.0 */
/* Commands of a configured object: add, replace, set, del, show. */
#ifndef VDHCPCTL_OBJECT_H
#define VDHCPCTL_OBJECT_H

#include "attrs.h"

/**
 * struct object - a kind of configured object
 * @set: its keys
 * @add: command for "add" and "replace", one of enum vdhcp_cmd
 * @change: command for "set"
 * @del: command for "del"
 * @get: command for "show"
 * @replace: attribute that lets @add replace an object that exists
 * @state: attribute that holds the state of the object
 * @print_state: prints the state; @hdr is the whole message, text begins on a new
 *               line
 * @resolve: replaces the name in the words of a command, NULL if it stays
 * @warn: prints warnings about a request that adds an object, NULL for none
 * @show: runs "show", NULL for a list of all objects or one of them
 * @show_usage: further usage lines of "show", NULL for none
 */
struct object {
	struct attr_set set;
	uint8_t add;
	uint8_t change;
	uint8_t del;
	uint8_t get;
	uint16_t replace;
	uint16_t state;
	void (*print_state)(struct out *out, const struct nlmsghdr *hdr,
			    const struct nlattr *state);
	int (*resolve)(struct args *args);
	void (*warn)(const struct nlmsghdr *hdr);
	int (*show)(struct ctx *ctx, const struct object *object, struct args *args);
	const char *show_usage;
};

enum { VERB_ADD, VERB_REPLACE, VERB_SET, VERB_DEL, VERB_SHOW, VERB_HELP };

extern const struct word object_verbs[];

int object_run(struct ctx *ctx, const struct object *object, struct args *args);
void object_help(const struct object *object);
int object_get(struct ctx *ctx, const struct object *object, struct args *args, reply_fn *fn,
	       void *arg);
void object_print(struct ctx *ctx, const struct object *object, const struct nlmsghdr *hdr);
int object_write(struct ctx *ctx, const struct attr_set *set, struct nl_msg *msg);
int object_query(struct ctx *ctx, const struct attr_set *set, struct nl_msg *msg,
		 reply_fn *fn, void *arg);

#endif /* VDHCPCTL_OBJECT_H */
