/* SPDX-License-Identifier: GPL-2.0 */
/* A whole configuration: the kernel's, or that of a document. */
#ifndef VDHCPCTL_CONFIG_H
#define VDHCPCTL_CONFIG_H

#include "object.h"

/* How often is begun again because somebody else changes the configuration. */
#define CONFIG_ATTEMPTS 8

/* Room for what names an object: "port", a device and a VLAN, or "subnet" and a name. */
#define LABEL_SIZE 96

/**
 * struct item - an object in a table
 * @at: where its message begins
 * @number: the second part of its name (the VLAN), 0 if it has none
 */
struct item {
	size_t at;
	uint32_t number;
};

/**
 * struct table - all objects of a kind, each as the request that adds or replaces it
 * @object: the kind
 * @data: the messages, in the form that attrs_copy() makes; they move when one
 *        is added
 * @len: bytes in @data
 * @size: of @data
 * @items: the objects
 * @count: how many
 * @room: for how many there is room in @items
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
 * @generation: the kernel's number for it
 */
struct config {
	struct table subnets;
	struct table ports;
	uint32_t generation;
};

/**
 * struct document - the text of a document
 * @name: of its file, "-" is stdin
 * @text: all of it
 * @len: bytes in @text
 * @digest: SHA-256 of it and of what would read it
 */
struct document {
	const char *name;
	char *text;
	size_t len;
	uint8_t digest[VDHCP_DIGEST_LEN];
};

int document_read(struct document *document, const char *name);
void document_free(struct document *document);

int table_add(struct table *table, const struct nlmsghdr *hdr, struct nl_msg *scratch);
void table_sort(struct table *table);
struct nlmsghdr *table_item(const struct table *table, size_t i);
int table_order(const struct table *a, size_t i, const struct table *b, size_t j);
bool table_find(const struct table *table, const char *name);
const char *table_label(const struct table *table, size_t i, char *buf);

void config_init(struct config *config);
int config_read(struct ctx *ctx, struct config *config);
int config_load(struct config *config, const struct document *document);
void config_free(struct config *config);

#endif /* VDHCPCTL_CONFIG_H */
