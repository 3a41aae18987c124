/* SPDX-License-Identifier: GPL-2.0 */
/* A configuration, read from the kernel or from a document. */
#ifndef VDHCPCTL_CONFIG_H
#define VDHCPCTL_CONFIG_H

#include "object.h"

/* Attempts, because another program may change the configuration meanwhile. */
#define CONFIG_ATTEMPTS 8

/**
 * struct item - an object in a table
 * @at: offset of its message
 * @number: VLAN, 0 if it has none
 */
struct item {
	size_t at;
	uint32_t number;
};

/**
 * struct table - all objects of a kind, each as the request that adds or replaces it
 * @object: kind of object
 * @data: messages in canonical form; they move when an object is added
 * @len: bytes used of @data
 * @size: size of @data
 * @items: the objects
 * @count: number of objects
 * @room: size of @items
 */
struct table {
	const struct object *object;
	char *data;
	size_t len;
	size_t size;
	struct item *items;
	size_t count;
	size_t room;
};

/**
 * struct config - a configuration
 * @subnets: its subnets
 * @ports: its ports
 * @generation: number that the kernel gave it
 */
struct config {
	struct table subnets;
	struct table ports;
	uint32_t generation;
};

int table_add(struct table *table, const struct nlmsghdr *hdr, struct nl_msg *scratch);
void table_sort(struct table *table);
struct nlmsghdr *table_item(const struct table *table, size_t i);
int table_order(const struct table *a, size_t i, const struct table *b, size_t j);
bool table_has(const struct table *table, const char *name);
const char *table_label(const struct table *table, size_t i, char *buf);

void config_init(struct config *config);
int config_read(struct ctx *ctx, struct config *config);
void config_free(struct config *config);

#endif /* VDHCPCTL_CONFIG_H */
