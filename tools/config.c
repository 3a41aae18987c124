// SPDX-License-Identifier: GPL-2.0
/* A configuration: its tables of objects, and how they are read from the kernel. */
#include <linux/vdhcp.h>
#include <stdlib.h>
#include <string.h>

#include "blame.h"
#include "canon.h"
#include "clean.h"
#include "config.h"
#include "info.h"
#include "kernel.h"
#include "port.h"
#include "request.h"
#include "subnet.h"
#include "value.h"

/* First size of a table, in messages and in bytes. */
#define ROOM_MIN 64
#define SIZE_MIN 16384

static bool grow_table(struct table *table, size_t len)
{
	size_t room = table->room ?: ROOM_MIN, size = table->size ?: SIZE_MIN;
	struct item *items;
	char *data;

	if (table->count >= room)
		room *= 2;
	while (table->len + len > size)
		size *= 2;
	if (room != table->room) {
		items = reallocarray(table->items, room, sizeof(*items));
		if (!items)
			return false;
		table->items = items;
		table->room = room;
	}
	if (size != table->size) {
		data = realloc(table->data, size);
		if (!data)
			return false;
		table->data = data;
		table->size = size;
	}
	return true;
}

/**
 * table_add() - put an object at the end of a table
 * @table: table
 * @hdr: message that holds its attributes
 * @scratch: request that is overwritten
 *
 * Return: a status.
 */
int table_add(struct table *table, const struct nlmsghdr *hdr, struct nl_msg *scratch)
{
	const struct attr *second = &table->object->set.attrs[1];
	const struct nlmsghdr *copy = nlmsg_hdr(scratch);
	struct item *item;
	struct nlattr *nla;
	size_t len;
	int err;

	request_reset(scratch, table->object->add);
	err = canon_copy(&table->object->set, hdr, scratch) ?:
	      check_added("replace", nla_put_flag(scratch, table->object->replace));
	if (err)
		return err;
	len = NLMSG_ALIGN(copy->nlmsg_len);
	if (!grow_table(table, len))
		return fail_memory();
	item = &table->items[table->count++];
	*item = (struct item){ .at = table->len };
	memcpy(table->data + table->len, copy, len);
	table->len += len;
	nla = second->flags & ATTR_ID ? attr_find(copy, second->nla) : NULL;
	if (nla)
		item->number = nla_get_u16(nla);
	return STATUS_OK;
}

/**
 * table_item() - get an object of a table
 * @table: table
 * @i: its number
 *
 * Return: the request that adds or replaces it; valid until table_add().
 */
struct nlmsghdr *table_item(const struct table *table, size_t i)
{
	return (struct nlmsghdr *)(table->data + table->items[i].at);
}

/* The name of an object without its VLAN; it is the first attribute. */
static const char *item_name(const struct table *table, const struct item *item)
{
	const struct nlmsghdr *hdr = (struct nlmsghdr *)(table->data + item->at);

	return attr_text(nlmsg_attrdata(hdr, GENL_HDRLEN));
}

static int compare_items(const struct table *a, const struct item *x, const struct table *b,
			 const struct item *y)
{
	int diff = strcmp(item_name(a, x), item_name(b, y));

	return diff ?: (x->number > y->number) - (x->number < y->number);
}

static int compare_in_table(const void *x, const void *y, void *table)
{
	return compare_items(table, x, table, y);
}

/**
 * table_order() - compare the names of two objects of one kind
 * @a: table of the first object
 * @i: its number
 * @b: table of the second object
 * @j: its number
 *
 * Return: less than 0, 0 or more than 0, as strcmp() does.
 */
int table_order(const struct table *a, size_t i, const struct table *b, size_t j)
{
	return compare_items(a, &a->items[i], b, &b->items[j]);
}

/**
 * table_sort() - sort a table by name
 * @table: table
 */
void table_sort(struct table *table)
{
	size_t i;

	/* The kernel and "vdhcpctl dump" write objects in this order. */
	for (i = 1; i < table->count; i++)
		if (table_order(table, i - 1, table, i) > 0)
			break;
	if (i < table->count)
		qsort_r(table->items, table->count, sizeof(*table->items), compare_in_table,
			table);
}

/**
 * table_has() - check whether a table has an object of a name
 * @table: sorted table
 * @name: name, without a VLAN
 *
 * Return: true if it has.
 */
bool table_has(const struct table *table, const char *name)
{
	size_t low = 0, high = table->count, middle;
	int diff;

	while (low < high) {
		middle = low + (high - low) / 2;
		diff = strcmp(name, item_name(table, &table->items[middle]));
		if (!diff)
			return true;
		if (diff < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

/**
 * table_label() - write the kind and the name of an object
 * @table: table
 * @i: its number
 * @buf: LABEL_SIZE bytes
 *
 * Return: @buf.
 */
const char *table_label(const struct table *table, size_t i, char *buf)
{
	const struct item *item = &table->items[i];
	const struct attr *attrs = table->object->set.attrs;
	const char *name = item_name(table, item);

	if (!clean_check(name, strlen(name)))
		name = "?";
	if (item->number)
		snprintf(buf, LABEL_SIZE, "%s %s %s %u", table->object->set.object, name,
			 attrs[1].key, item->number);
	else
		snprintf(buf, LABEL_SIZE, "%s %s", table->object->set.object, name);
	return buf;
}

/**
 * config_init() - begin with an empty configuration
 * @config: configuration, to be freed with config_free()
 */
void config_init(struct config *config)
{
	*config = (struct config){
		.subnets.object = &subnet_object, .ports.object = &port_object,
	};
}

static void free_table(struct table *table)
{
	free(table->data);
	free(table->items);
}

/**
 * config_free() - free a configuration
 * @config: configuration
 */
void config_free(struct config *config)
{
	free_table(&config->subnets);
	free_table(&config->ports);
}

/* Argument of keep_object(). */
struct reading {
	struct table *table;
	struct nl_msg *scratch;
};

static int keep_object(struct nlmsghdr *hdr, void *arg)
{
	struct reading *reading = arg;

	return table_add(reading->table, hdr, reading->scratch);
}

static int read_table(struct ctx *ctx, struct table *table, struct nl_msg *scratch)
{
	struct reading reading = { .table = table, .scratch = scratch };
	struct answer answer;
	int err;

	table->len = 0;
	table->count = 0;
	request_reset(scratch, table->object->get);
	err = kernel_dump(&ctx->kernel, scratch, keep_object, &reading, &answer);
	if (!err && answer.err)
		err = fail_request(NULL, NULL, &answer);
	return err;
}

/**
 * config_read() - read the kernel's configuration, as it was at one moment
 * @ctx: context
 * @config: result, in the order of the kernel
 *
 * Return: a status.
 */
int config_read(struct ctx *ctx, struct config *config)
{
	struct nl_msg *scratch;
	struct info info;
	int attempt, err;

	scratch = request_new(VDHCP_CMD_SUBNET_GET);
	if (!scratch)
		return STATUS_SYSTEM;
	err = kernel_connect(&ctx->kernel) ?: info_get(&ctx->kernel, &info);
	for (attempt = 0; !err && attempt < CONFIG_ATTEMPTS; attempt++) {
		config->generation = info.generation;
		err = read_table(ctx, &config->subnets, scratch) ?:
		      read_table(ctx, &config->ports, scratch) ?:
		      info_get(&ctx->kernel, &info);
		if (err || info.generation == config->generation)
			break;
	}
	if (!err && info.generation != config->generation)
		err = fail_system("the configuration changed %d times while it was read, try again",
				  attempt);
	request_free(scratch);
	return err;
}
